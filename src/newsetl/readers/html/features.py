"""What each piece of a page looks like beside the others: one row of numbers a piece.

Wording, surroundings, what the head of the page says, place on the page, neighbours.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsetl.readers.html import surroundings, wording
from newsetl.readers.html.sheet import Sheet
from newsetl.readers.html.surroundings import Places, Tree
from newsetl.readers.html.wording import COLUMN, CUES, Matrix

_SHIFTED = (
    "words", "link_share", "is_closed", "is_prose", "bold_share", "capital_share", "ends_colon",
    "starts_small", "cue_more", "cue_signup", "cue_byline",
)  # fmt: skip
_FAR = 30
_LONGEST_TITLE = 300
_LONGEST_DESCRIPTION = 120
_SHORTEST_BODY = 40


@dataclass(frozen=True, slots=True)
class Hints:
    """What the head of a page says: titles, description, body as data, that it is one article."""

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""
    is_article: bool = False


NAMES = (
    *wording.NAMES,
    *surroundings.NAMES,
    "level", "is_headline", "title_share", "description_share", "of_description", "body_share",
    "place", "words_before", "pieces", "page_prose", "page_link_share", "since_headline",
    "words_since_headline", "since_prose", "until_prose", "since_best", "until_best",
    "prose_before", "prose_after", "near_prose", "near_link_share", "run_words", "run_prose",
    "run_pieces", "words_to_most", "copies", "has_stamp",
    "same_article", "up_to_headline", "down_to_headline", "h1_since", "h1_total",
    "section_words", "section_link_share", "since_heading",
    *(f"heading_{name}" for name in CUES),
    *(f"{name}{shift:+d}" for shift in (-2, -1, 1, 2) for name in _SHIFTED),
    "level-1", "level+1", "same_box-1", "same_box+1",
)  # fmt: skip


def describe(sheet: Sheet, hints: Hints) -> tuple[Matrix, Tree]:
    """Return one row of features a piece, in the order of `NAMES`, and the sums of the boxes."""
    wordings = [wording.of(piece.text) for piece in sheet.pieces]
    texts = wording.describe(sheet.pieces, wordings)
    at = np.array([piece.box for piece in sheet.pieces])
    tree = surroundings.sum_up(sheet, at, texts)
    levels = np.array([level_of(sheet, index) for index in at.tolist()], dtype=np.float64)
    hinted = _hinted(sheet, [each.folded for each in wordings], hints)
    headline = _headline(levels, hinted[:, 0])
    rows = np.column_stack(
        [
            texts,
            surroundings.describe(sheet, at, texts, tree),
            levels,
            np.arange(len(at)) == headline,
            hinted,
            _placed(texts, at, tree, headline),
            _runs(sheet, texts),
            _beside_headline(sheet, at, levels, headline, tree),
            _sectioned(texts, levels),
            _neighbours(texts, at, levels),
        ]
    )
    return rows, tree


def level_of(sheet: Sheet, index: int) -> int:
    """Return the level of the heading that a box is or stands in, else 0."""
    for _ in range(3):
        if index < 0:
            break
        tag = sheet.boxes[index].tag
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return int(tag[1])
        index = sheet.boxes[index].parent
    return 0


def shifted(values: Matrix, shift: int) -> Matrix:
    """Return rows whose row `i` is row `i + shift` of `values`, -1 where there is none."""
    found = np.full_like(values, -1.0)
    if shift < 0:
        found[-shift:] = values[:shift]
    else:
        found[:-shift] = values[shift:]
    return found


def since(marks: NDArray[np.bool_], *, most: int = _FAR) -> Matrix:
    """Return for each place the places since the last mark before it, at most `most`."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -most))
    before = np.concatenate([[-most], last[:-1]])
    return np.asarray(np.minimum(index - before, most), dtype=np.float64)


def _hinted(sheet: Sheet, folded: Sequence[list[str]], hints: Hints) -> Matrix:
    """Return how far each piece is a title, the description, and in the body as data (-1: none)."""
    titles = [set(wording.fold(title)) for title in hints.titles]
    titled = set().union(*titles)
    known = set(wording.fold(hints.description))
    body = wording.fold(hints.body)
    grams = set(zip(body, body[1:], body[2:], strict=False)) if len(body) > _SHORTEST_BODY else None
    rows = []
    for piece, words in zip(sheet.pieces, folded, strict=True):
        title = share = back = 0.0
        if len(piece.text) <= _LONGEST_TITLE and not titled.isdisjoint(words):
            own = set(words)
            title = max(len(own & other) / len(own | other) for other in titles)
        if len(words) < _LONGEST_DESCRIPTION and not known.isdisjoint(words):
            own = set(words)
            both = len(own & known)
            share, back = both / len(own), both / len(known)
        rows.append((title, share, back, -1.0 if grams is None else _inside(words, grams)))
    return np.array(rows)


def _inside(words: list[str], grams: set[tuple[str, str, str]]) -> float:
    """Return the share of the threes of words that are in `grams`, -1 if there are none."""
    if len(words) < 3:
        return -1.0
    own = zip(words, words[1:], words[2:], strict=False)
    return sum(map(grams.__contains__, own)) / (len(words) - 2)


def _headline(levels: Matrix, titled: Matrix) -> int:
    """Return the place of the heading that is most like a title, -1 if there is none."""
    worth = titled + 0.3 * (levels > 0) + 0.4 * (levels == 1)
    worth = np.where((levels > 0) & ((titled > 0.5) | (levels == 1)), worth, -1.0)
    return int(worth.argmax()) if worth.max() > 0 else -1


def _placed(texts: Matrix, at: Places, tree: Tree, headline: int) -> Matrix:
    """Return where each piece stands: on the page, from the headline, from the nearest prose."""
    count, index = len(texts), np.arange(len(texts))
    words = texts[:, COLUMN["words"]]
    linked = words * texts[:, COLUMN["link_share"]]
    prose = words * texts[:, COLUMN["is_prose"]]
    before, behind = np.cumsum(words) - words, np.cumsum(prose)
    total, most = max(1.0, float(words.sum())), max(1.0, float(prose.sum()))
    is_best = (prose > 0) & tree.is_near_best[at]
    start = max(0, headline)
    columns = [
        index / count, before / total, np.full(count, count), np.full(count, most),
        np.full(count, linked.sum() / total),
        np.clip(index - start, -_FAR, 2 * _FAR) if headline >= 0 else np.full(count, -99),
        np.clip(before - before[start], -500, 3000), since(prose > 0),
        since((prose > 0)[::-1])[::-1], since(is_best), since(is_best[::-1])[::-1],
        (behind - prose) / most, (behind[-1] - behind) / most, _near(prose, 4),
        _near(linked, 4) / np.maximum(1.0, _near(words, 4)),
    ]  # fmt: skip
    return np.column_stack(columns)


def _near(values: Matrix, reach: int) -> Matrix:
    """Return the sum of `values` within `reach` places of each."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(0, index - reach), np.minimum(len(values), index + reach + 1)
    return np.asarray(sums[high] - sums[low])


def _runs(sheet: Sheet, texts: Matrix) -> Matrix:
    """Return the run between blocks of links that each piece stands in, and whether it repeats."""
    words, links = texts[:, COLUMN["words"]], texts[:, COLUMN["link_share"]]
    prose = words * texts[:, COLUMN["is_prose"]]
    run = np.cumsum((links >= 0.4) & (words < 25))
    length = np.bincount(run, weights=words * (links < 0.4))[run]
    mass = np.bincount(run, weights=prose)[run] / max(1.0, prose.sum())
    copies = Counter(piece.text for piece in sheet.pieces)
    repeated = [copies[piece.text] for piece in sheet.pieces]
    stamped = [piece.stamp is not None for piece in sheet.pieces]
    longest = words / max(1.0, words.max())
    return np.column_stack([length, mass, np.bincount(run)[run], longest, repeated, stamped])


def _beside_headline(sheet: Sheet, at: Places, levels: Matrix, headline: int, tree: Tree) -> Matrix:
    """Return whether a piece shares the headline's article element, and its way to the headline."""
    article: list[int] = []
    for index, box in enumerate(sheet.boxes):
        outer = article[box.parent] if box.parent >= 0 else -1
        article.append(index if box.tag == "article" else outer)
    home = int(at[headline]) if headline >= 0 else tree.best
    path = surroundings.climb(sheet.boxes, home)
    ways = {}
    for index in set(at.tolist()):
        _, shared, steps, _ = surroundings.off(sheet.boxes, index, path)
        ways[index] = (article[index] == article[home], steps, path[shared])
    is_first = levels == 1
    count = np.cumsum(is_first)
    later = np.clip(count - (count[headline] if headline >= 0 else 0), -2, 9)
    return np.column_stack(
        [[ways[index] for index in at.tolist()], later, np.full(len(at), count[-1])]
    )


def _sectioned(texts: Matrix, levels: Matrix) -> Matrix:
    """Return length and link share from the last heading to the next, and that heading's cues."""
    starts = np.cumsum(levels > 0)
    words = texts[:, COLUMN["words"]]
    length = np.bincount(starts, weights=words)[starts]
    linked = np.bincount(starts, weights=words * texts[:, COLUMN["link_share"]])[starts]
    place = np.arange(len(levels))
    last = np.maximum.accumulate(np.where(levels > 0, place, -1))
    cues = texts[np.maximum(last, 0), COLUMN[f"cue_{CUES[0]}"] :]
    cues = np.where((last >= 0)[:, None], cues, 0.0)
    steps = np.minimum(place - last, _FAR)
    return np.column_stack([length, linked / np.maximum(1.0, length), steps, cues])


def _neighbours(texts: Matrix, at: Places, levels: Matrix) -> Matrix:
    chosen = texts[:, [COLUMN[name] for name in _SHIFTED]]
    parts = [shifted(chosen, shift) for shift in (-2, -1, 1, 2)]
    same = at[1:] == at[:-1]
    parts += [shifted(levels[:, None], -1), shifted(levels[:, None], 1)]
    parts += [np.concatenate([[False], same])[:, None], np.concatenate([same, [False]])[:, None]]
    return np.column_stack(parts)
