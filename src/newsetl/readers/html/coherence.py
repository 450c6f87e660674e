"""What the first ratings of a page agree on: where its boxes and its runs hold what is rated high.

An article hangs together: a piece that nothing speaks for, in a box full of article, is article,
and a piece of prose in a box of comments is none.
"""

from collections.abc import Sequence

import numpy as np

from newsetl.readers.html.columns import (
    Matrix,
    Places,
    Rows,
    Table,
    shifted,
    since,
    tabulate,
    until,
)
from newsetl.readers.html.surroundings import Tree, branches, total_up

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


def describe(ratings: Matrix, words: Matrix, at: Places, tree: Tree) -> Table:
    """Return one row a feature, in the order of `NAMES`; `at` is the box of each piece."""
    words = np.maximum(1.0, words)
    parts = [
        ratings,
        *_boxes(ratings, words, at, tree),
        *(shifted(ratings, sign * shift) for shift in _SHIFTS for sign in (-1, 1)),
        *_sequence(ratings, words),
        *_page(ratings, words),
    ]
    return tabulate(parts, rows=len(NAMES), columns=len(at))


def best_cut(ratings: Matrix, words: Matrix) -> tuple[float, float]:
    """Return the rating above which the words kept have the highest expected F1, and that F1.

    On a page that nothing is sure about, much is kept; on a clear one, what is likely.
    """
    order = np.argsort(-ratings, kind="stable")
    mass = np.cumsum((ratings * words)[order])
    expected = 2 * mass / (np.cumsum(words[order]) + mass[-1])
    place = int(expected.argmax())
    return float(ratings[order[place]]), float(expected[place])


def _boxes(ratings: Matrix, words: Matrix, at: Places, tree: Tree) -> list[Rows]:
    """Return what the boxes around each piece hold, from its own outwards, and the main branch."""
    count, own = len(tree.parents), ratings * words
    parents = tree.parents.tolist()
    mass, length, high = (
        total_up(np.bincount(at, values, count), parents) for values in (own, words, ratings > 0.5)
    )
    total = max(1.0, float(own.sum()))
    share, mean = mass / total, mass / np.maximum(1.0, length)
    rows: list[Rows] = []
    box, inner = at, (own, words, np.zeros(len(at)))
    for _ in range(_LEVELS):
        around = mass[box], length[box], high[box]
        beside = (around[0] - inner[0]) / np.maximum(1.0, around[1] - inner[1])
        rows += [share[box], mean[box], beside, around[2] - inner[2]]
        box, inner = tree.parents[box], around
    is_main = mass >= _MAIN_SHARE * total
    is_main[0] = True
    branch, main, steps = branches(is_main, at, tree)
    rows += [steps, share[branch], mean[branch], length[branch], tree.pieces[branch], mean[main]]
    return rows


def _sequence(ratings: Matrix, words: Matrix) -> list[Rows]:
    """Return how far each piece stands from what is rated high, in page order."""
    mass = ratings * words
    total = max(1.0, float(mass.sum()))
    sums, length = np.cumsum(mass), np.cumsum(words)
    is_high = (ratings > _HIGH) & (words >= _LONG_WORDS)
    run = _runs(ratings.tolist(), words.tolist(), is_high.tolist())
    held = np.bincount(run, mass)
    index = np.arange(len(ratings))
    last = np.concatenate([[-1], np.maximum.accumulate(np.where(is_high, index, -1))[:-1]])
    gap = np.where(last >= 0, length - words - length[np.maximum(last, 0)], _FAR_WORDS)
    coming = np.where(is_high, index, len(index))[::-1]
    following = np.concatenate([np.minimum.accumulate(coming)[::-1][1:], [len(index)]])
    ahead = (length - words)[np.minimum(following, len(index) - 1)] - length
    ahead = np.where(following < len(index), ahead, _FAR_WORDS)
    return [
        (sums - mass) / total, (total - sums) / total, since(is_high, most=_FAR),
        until(is_high, most=_FAR), np.minimum(gap, _FAR_WORDS), np.minimum(ahead, _FAR_WORDS),
        held[run] / total, run - held.argmax(),
    ]  # fmt: skip


def _runs(ratings: Sequence[float], words: Sequence[float], is_high: Sequence[bool]) -> Places:
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


def _page(ratings: Matrix, words: Matrix) -> list[Rows]:
    mass = ratings * words
    total = max(1.0, float(mass.sum()))
    cut, expected = best_cut(ratings, words)
    page = np.array([[total], [ratings.max()], [(ratings * mass).sum() / total], [cut], [expected]])
    page = np.full((5, len(ratings)), page)
    return [page[:3], mass / max(1.0, float(mass.max())), page[3:], ratings - cut]
