"""What the first ratings of a page agree on: where its boxes and its runs hold what is rated high.

An article hangs together: a piece that nothing speaks for, in a box full of article, is article,
and a piece of prose in a box of comments is none.
"""

import numpy as np
from numpy.typing import NDArray

from newsetl.readers.html.features import shifted, since
from newsetl.readers.html.surroundings import Places, Tree, total_up
from newsetl.readers.html.wording import Matrix

Marks = NDArray[np.bool_]

_LEVELS = 6
_SHIFTS = (1, 2, 3, 4, 5)
_MAIN_SHARE = 0.6
_FAR = 50
_FAR_WORDS = 2000.0
_GAP_WORDS = 80
_HIGH, _LOW = 0.7, 0.35
_LONG_WORDS = 8

NAMES = (
    "rating",
    *(
        f"{name}^{level}"
        for level in range(_LEVELS)
        for name in ("mass", "mean", "beside", "high")
    ),
    "main_steps", "main_branch_mass", "main_branch_mean", "main_branch_words",
    "main_branch_pieces", "main_mean",
    *(f"rating{sign}{shift}" for shift in _SHIFTS for sign in "-+"),
    "mass_before", "mass_after", "since_high", "until_high", "words_since_high",
    "words_until_high", "run_mass", "run_from_main", "page_mass", "page_highest", "page_mean",
    "mass_to_most", "cut", "expected", "over_cut",
)  # fmt: skip


def describe(ratings: Matrix, words: Matrix, at: Places, tree: Tree) -> Matrix:
    """Return one row a piece, in the order of `NAMES`; `at` is the box of each piece."""
    words = np.maximum(1.0, words)
    return np.column_stack(
        [
            ratings,
            _boxes(ratings, words, at, tree),
            *(shifted(ratings[:, None], sign * s) for s in _SHIFTS for sign in (-1, 1)),
            _sequence(ratings, words),
            _page(ratings, words),
        ]
    )


def best_cut(ratings: Matrix, words: Matrix) -> tuple[float, float]:
    """Return the rating above which the words kept have the highest expected F1, and that F1.

    On a page that nothing is sure about, much is kept; on a clear one, what is likely.
    """
    order = np.argsort(-ratings, kind="stable")
    mass = np.cumsum((ratings * words)[order])
    expected = 2 * mass / (np.cumsum(words[order]) + mass[-1])
    place = int(expected.argmax())
    return float(ratings[order[place]]), float(expected[place])


def _boxes(ratings: Matrix, words: Matrix, at: Places, tree: Tree) -> Matrix:
    """Return what the boxes around each piece hold, from its own outwards, and the main branch."""
    count, own = len(tree.boxes), ratings * words
    mass, length, high = (
        total_up(np.bincount(at, weights=values, minlength=count).astype(np.float64), tree.parents)
        for values in (own, words, ratings > 0.5)
    )
    total = max(1.0, float(own.sum()))
    columns = []
    box, inner = at, np.zeros((3, len(at)))
    inner[0], inner[1] = own, words
    for _ in range(_LEVELS):
        beside = (mass[box] - inner[0]) / np.maximum(1.0, length[box] - inner[1])
        columns += [mass[box] / total, mass[box] / np.maximum(1.0, length[box]), beside]
        columns.append(high[box] - inner[2])
        inner = np.array([mass[box], length[box], high[box]])
        box = tree.parents[box]
    branch, main, steps = _main_branch(mass >= _MAIN_SHARE * total, at, tree)
    columns += [steps, mass[branch] / total, mass[branch] / np.maximum(1.0, length[branch])]
    columns += [length[branch], tree.pieces[branch], mass[main] / np.maximum(1.0, length[main])]
    return np.column_stack(columns)


def _main_branch(is_main: Marks, at: Places, tree: Tree) -> tuple[Places, Places, Places]:
    """Return for each piece its branch below the innermost main box around it, that box, steps."""
    found: list[tuple[int, int, int]] = []
    for index, box in enumerate(tree.boxes):
        if is_main[index] or box.parent < 0:
            found.append((index, index, 0))
        else:
            branch, main, steps = found[box.parent]
            found.append((index if steps == 0 else branch, main, steps + 1))
    branch, main, steps = np.array(found).T
    return branch[at], main[at], steps[at]


def _sequence(ratings: Matrix, words: Matrix) -> Matrix:
    """Return how far each piece stands from what is rated high, in page order."""
    mass = ratings * words
    total = max(1.0, float(mass.sum()))
    sums, length = np.cumsum(mass), np.cumsum(words)
    is_high = (ratings > _HIGH) & (words >= _LONG_WORDS)
    run = _runs(ratings, words, is_high)
    held = np.bincount(run, weights=mass)
    index = np.arange(len(ratings))
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(is_high, index, -1))[:-1]])
    gap = np.where(last >= 0, length - words - length[np.maximum(last, 0)], _FAR_WORDS)
    coming = np.where(is_high, index, len(index))[::-1]
    following = np.concatenate([np.minimum.accumulate(coming)[::-1][1:], [len(index)]])
    ahead = (length - words)[np.minimum(following, len(index) - 1)] - length
    ahead = np.where(following < len(index), ahead, _FAR_WORDS)
    columns = [
        (sums - mass) / total, (total - sums) / total, since(is_high, most=_FAR),
        since(is_high[::-1], most=_FAR)[::-1], np.minimum(gap, _FAR_WORDS),
        np.minimum(ahead, _FAR_WORDS), held[run] / total, run - held.argmax(),
    ]  # fmt: skip
    return np.column_stack(columns)


def _runs(ratings: Matrix, words: Matrix, is_high: Marks) -> Places:
    """Return the number of the run of each piece: words rated low between high ones part runs."""
    runs, run, gap = [], 0, 0.0
    for rating, length, high in zip(ratings, words, is_high, strict=True):
        if rating < _LOW:
            gap += length
        if high:
            run += gap > _GAP_WORDS
            gap = 0.0
        runs.append(run)
    return np.array(runs)


def _page(ratings: Matrix, words: Matrix) -> Matrix:
    mass = ratings * words
    total = max(1.0, float(mass.sum()))
    cut, expected = best_cut(ratings, words)
    count = len(ratings)
    constant = (total, float(ratings.max()), float((ratings * mass).sum() / total))
    columns = [np.full(count, value) for value in constant]
    columns += [mass / max(1.0, float(mass.max())), np.full(count, cut), np.full(count, expected)]
    return np.column_stack([*columns, ratings - cut])
