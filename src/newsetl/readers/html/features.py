"""What each piece of a page looks like beside the others, in numbers.

Wording, surroundings, what the head of the page says, place on the page, neighbours.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from newsetl.readers.html import surroundings, wording
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
from newsetl.readers.html.sheet import Sheet
from newsetl.readers.html.surroundings import Tree
from newsetl.readers.html.wording import CUES, ROW

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


class Described(NamedTuple):
    """The pieces of a page: one row a feature in the order of `NAMES`, and what is needed again.

    `at` is the box of each piece, `words` its length, `folded` its words in small letters;
    `headline` is the place of the heading that is most like a title, -1 without one.
    """

    table: Table
    tree: Tree
    at: Places
    words: Matrix
    folded: list[list[str]]
    headline: int


def describe(sheet: Sheet, hints: Hints) -> Described:
    """Return the features of a page's pieces."""
    wordings = [wording.of(piece.text) for piece in sheet.pieces]
    folded = [each.folded for each in wordings]
    texts = wording.describe(sheet.pieces, wordings)
    at = np.array([piece.box for piece in sheet.pieces])
    tree = surroundings.sum_up(sheet, at, texts)
    levels = _levels(sheet, at, tree)
    hinted = _hinted(sheet, folded, hints)
    headline = _headline(levels, hinted[0])
    parts = [
        texts,
        *surroundings.describe(sheet, at, texts, tree),
        levels,
        np.arange(len(at)) == headline,
        hinted,
        *_placed(texts, at, tree, headline),
        *_runs(sheet, texts),
        *_beside_headline(sheet, at, levels, headline, tree),
        *_sectioned(texts, levels),
        *_neighbours(texts, at, levels),
    ]
    table = tabulate(parts, rows=len(NAMES), columns=len(at))
    return Described(table, tree, at, texts[ROW["words"]], folded, headline)


def _levels(sheet: Sheet, at: Places, tree: Tree) -> Places:
    """Return the level of the heading that each piece's box is or stands right in, else 0."""
    level = np.array([style.level for style in sheet.styles])
    parent = tree.parents[at]
    found = np.where(level[at] > 0, level[at], level[parent])
    return np.where(found > 0, found, level[tree.parents[parent]])


def _hinted(sheet: Sheet, folded: Sequence[list[str]], hints: Hints) -> Matrix:
    """Return how far each piece is a title, the description, and in the body as data (-1: none)."""
    titles = {frozenset(wording.fold(title)) for title in hints.titles}
    titled = frozenset().union(*titles)
    known = set(wording.fold(hints.description))
    body = wording.fold(hints.body)
    grams = set(zip(body, body[1:], body[2:], strict=False)) if len(body) > _SHORTEST_BODY else None
    found = np.zeros((4, len(folded)))
    found[3] = np.array([_inside(words, grams) if grams else -1.0 for words in folded])
    for place, (piece, words) in enumerate(zip(sheet.pieces, folded, strict=True)):
        if len(piece.text) <= _LONGEST_TITLE and not titled.isdisjoint(words):
            own = frozenset(words)
            found[0, place] = max([_overlap(own, title) for title in titles])
        if len(words) < _LONGEST_DESCRIPTION and not known.isdisjoint(words):
            own = frozenset(words)
            both = len(own & known)
            found[1, place], found[2, place] = both / len(own), both / len(known)
    return found


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def _inside(words: list[str], grams: set[tuple[str, str, str]]) -> float:
    """Return the share of the threes of words that are in `grams`, -1 if there are none."""
    if len(words) < 3:
        return -1.0
    own = zip(words, words[1:], words[2:], strict=False)
    return sum(map(grams.__contains__, own)) / (len(words) - 2)


def _headline(levels: Places, titled: Matrix) -> int:
    """Return the place of the heading that is most like a title, -1 if there is none."""
    worth = titled + 0.3 * (levels > 0) + 0.4 * (levels == 1)
    worth = np.where((levels > 0) & ((titled > 0.5) | (levels == 1)), worth, -1.0)
    place = int(worth.argmax())
    return place if worth[place] > 0 else -1


def _placed(texts: Matrix, at: Places, tree: Tree, headline: int) -> list[Rows]:
    """Return where each piece stands: on the page, from the headline, from the nearest prose."""
    count = len(at)
    index = np.arange(count)
    words = texts[ROW["words"]]
    linked = words * texts[ROW["link_share"]]
    prose = words * texts[ROW["is_prose"]]
    before, behind = np.cumsum(words) - words, np.cumsum(prose)
    total, most = max(1.0, float(words.sum())), max(1.0, float(prose.sum()))
    is_prose = prose > 0
    is_best = is_prose & tree.is_near_best[at]
    start = max(0, headline)
    steps = np.clip(index - start, -_FAR, 2 * _FAR) if headline >= 0 else np.full(count, -99)
    page = np.full((3, count), np.array([[count], [most], [linked.sum() / total]]))
    return [
        index / count, before / total, page, steps, np.clip(before - before[start], -500, 3000),
        since(is_prose), until(is_prose), since(is_best), until(is_best),
        (behind - prose) / most, (behind[-1] - behind) / most, _near(prose, 4),
        _near(linked, 4) / np.maximum(1.0, _near(words, 4)),
    ]  # fmt: skip


def _near(values: Matrix, reach: int) -> Matrix:
    """Return the sum of `values` within `reach` places of each."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    index = np.arange(len(values))
    low, high = np.maximum(0, index - reach), np.minimum(len(values), index + reach + 1)
    return np.asarray(sums[high] - sums[low])


def _runs(sheet: Sheet, texts: Matrix) -> list[Rows]:
    """Return the run between blocks of links that each piece stands in, and whether it repeats."""
    words, links = texts[ROW["words"]], texts[ROW["link_share"]]
    prose = words * texts[ROW["is_prose"]]
    run = np.cumsum((links >= 0.4) & (words < 25))
    length = np.bincount(run, words * (links < 0.4))
    mass = np.bincount(run, prose) / max(1.0, prose.sum())
    copies = Counter(piece.text for piece in sheet.pieces)
    repeated = np.array([copies[piece.text] for piece in sheet.pieces])
    stamped = np.array([piece.stamp is not None for piece in sheet.pieces])
    longest = words / max(1.0, words.max())
    return [length[run], mass[run], np.bincount(run)[run], longest, repeated, stamped]


def _beside_headline(
    sheet: Sheet, at: Places, levels: Places, headline: int, tree: Tree
) -> list[Rows]:
    """Return whether a piece shares the headline's article element, and its way to the headline."""
    article = surroundings.innermost(("article",), sheet)
    home = int(at[headline]) if headline >= 0 else tree.best
    is_main = np.zeros(len(article), dtype=np.bool_)
    is_main[surroundings.path_to(tree.parents, home)] = True
    _, main, steps = surroundings.branches(is_main, at, tree)
    count = np.cumsum(levels == 1)
    later = np.clip(count - (count[headline] if headline >= 0 else 0), -2, 9)
    down = tree.depths[home] - tree.depths[main]
    return [article[at] == article[home], steps, down, later, np.full(len(at), count[-1])]


def _sectioned(texts: Matrix, levels: Places) -> list[Rows]:
    """Return length and link share from the last heading to the next, and that heading's cues."""
    is_heading = levels > 0
    starts = np.cumsum(is_heading)
    words = texts[ROW["words"]]
    length = np.bincount(starts, words)[starts]
    linked = np.bincount(starts, words * texts[ROW["link_share"]])[starts]
    place = np.arange(len(levels))
    last = np.maximum.accumulate(np.where(is_heading, place, -1))
    cues = np.where(last >= 0, texts[ROW[f"cue_{CUES[0]}"] :, np.maximum(last, 0)], 0.0)
    return [length, linked / np.maximum(1.0, length), np.minimum(place - last, _FAR), cues]


def _neighbours(texts: Matrix, at: Places, levels: Places) -> list[Rows]:
    chosen = texts[[ROW[name] for name in _SHIFTED]]
    same = at[1:] == at[:-1]
    return [
        *(shifted(chosen, shift) for shift in (-2, -1, 1, 2)),
        shifted(levels, -1),
        shifted(levels, 1),
        np.concatenate([[False], same]),
        np.concatenate([same, [False]]),
    ]
