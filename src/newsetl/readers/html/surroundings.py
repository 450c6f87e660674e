"""What stands around a piece: the names and sizes of its boxes, and the box with most prose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsetl.readers.html.columns import Marks, Matrix, Places, Rows, bits
from newsetl.readers.html.naming import GROUPS
from newsetl.readers.html.sheet import Sheet
from newsetl.readers.html.wording import ROW

_TAGS = (
    "p", "div", "li", "td", "th", "dd", "section", "article", "blockquote", "figcaption", "aside",
    "pre", "header", "footer", "nav", "button", "form", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
_AROUND = (
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "table", "li",
    "blockquote", "button", "section",
)  # fmt: skip
_LISTS = ("ul", "ol", "table", "dl")
_FARTHEST = 20

NAMES = (
    *(f"tag_{name}" for name in _TAGS),
    *(f"around_{name}" for name in _AROUND),
    "in_body_property",
    *(f"own_{group}" for group in GROUPS),
    *(f"branch_{group}" for group in GROUPS),
    "depth", "up", "down", "own_prose", "parent_prose", "branch_prose", "shared_prose",
    "own_link_share", "parent_link_share", "branch_link_share", "parent_words", "parent_pieces",
    "branch_words", "branch_pieces", "list_words", "list_link_share", "list_pieces",
    "grand_prose", "grand_link_share", "grand_words",
    "asides", "aside_up", "aside_prose", "is_comment", "body_prose", "body_up",
    "alike", "alike_words", "alike_link_share", "alike_prose", "is_main_style",
)  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """Sums over each box with all inside it; `best` is the box whose children hold most prose."""

    parents: Places
    depths: Places
    prose: Matrix
    words: Matrix
    pieces: Matrix
    link_share: Matrix
    is_near_best: Marks
    best: int


def sum_up(sheet: Sheet, at: Places, texts: Matrix) -> Tree:
    """Return the sums of a page's boxes; `at` is the box of each piece."""
    count = len(sheet.parents)
    words = texts[ROW["words"]]
    prose = words * texts[ROW["is_prose"]]
    linked = words * texts[ROW["link_share"]]
    own = [np.bincount(at, values, count) for values in (prose, words, linked, np.ones(len(at)))]
    parents = np.maximum(0, np.array(sheet.parents))
    child = own[0] + np.bincount(parents[1:], own[0][1:], count)
    grand = child + np.bincount(parents[1:], 0.5 * own[0][1:] + 0.25 * child[1:], count)
    best = int(grand.argmax())
    near = (parents == best) | (parents[parents] == best) | (np.arange(count) == best)
    sums = [total_up(values, sheet.parents) for values in own]
    link_share = sums[2] / np.maximum(1.0, sums[1])
    depths = np.array(sheet.depths)
    return Tree(parents, depths, sums[0], sums[1], sums[3], link_share, near, best)


def total_up(values: Rows, parents: Sequence[int]) -> Matrix:
    """Return for each box the sum of `values` over it and all inside; parents come first."""
    totals = values.tolist()
    for index in range(len(totals) - 1, 0, -1):
        totals[parents[index]] += totals[index]
    return np.array(totals)


def describe(sheet: Sheet, at: Places, texts: Matrix, tree: Tree) -> list[Rows]:
    """Return the features of the pieces, rows and blocks of rows, in the order of `NAMES`."""
    code = {tag: place for place, tag in enumerate(_TAGS)}
    tags = np.array([code.get(style.tag, -1) for style in sheet.styles])[at]
    groups = np.array([style.groups for style in sheet.styles])
    inner = np.array([piece.inner for piece in sheet.pieces])
    return [
        tags == np.arange(len(_TAGS))[:, None],
        bits(_around(sheet)[at], len(_AROUND) + 1),
        bits(groups[at] | inner, len(GROUPS)),
        *_branches(sheet, at, tree),
        *_lists(sheet, at, tree),
        *_grandparents(at, tree),
        *_asides(sheet, tree)[:, at],
        *_alike(sheet, at, texts),
    ]


def path_to(parents: Places, index: int) -> Places:
    """Return a box and all around it, from the root on."""
    path = [index]
    while index:
        index = int(parents[index])
        path.append(index)
    return np.array(path[::-1])


def branches(is_main: Marks, at: Places, tree: Tree) -> tuple[Places, Places, Places]:
    """Return for each place its branch off the main boxes, the main box there, the steps to it.

    All boxes around a main box are main. The branch of a main box is that box itself. Boxes stand
    in page order, so the branch is the last one that starts before.
    """
    heads = np.flatnonzero(is_main | is_main[tree.parents])
    branch = heads[np.searchsorted(heads, at, side="right") - 1]
    main = np.where(is_main[branch], branch, tree.parents[branch])
    return branch, main, tree.depths[at] - tree.depths[main]


def _branches(sheet: Sheet, at: Places, tree: Tree) -> list[Rows]:
    """Return the groups of each piece's branch off the best box, and the numbers about it."""
    path = path_to(tree.parents, tree.best)
    is_main = np.zeros(len(tree.parents), dtype=np.bool_)
    is_main[path] = True
    branch, main, steps = branches(is_main, at, tree)
    groups: list[int] = []
    off = (~is_main & ~is_main[tree.parents]).tolist()
    for above, style, is_off in zip(sheet.parents, sheet.styles, off, strict=True):
        groups.append(style.groups | groups[above] if is_off else style.groups)
    parent = tree.parents[at]
    prose, links = tree.prose / max(1.0, tree.prose[0]), tree.link_share
    return [
        bits(np.array(groups)[at], len(GROUPS)),
        tree.depths[at], steps, tree.depths[tree.best] - tree.depths[main], prose[at],
        prose[parent], prose[branch], prose[main], links[at], links[parent], links[branch],
        tree.words[parent], tree.pieces[parent], tree.words[branch], tree.pieces[branch],
    ]  # fmt: skip


def _around(sheet: Sheet) -> Places:
    """Return for each box the tags of `_AROUND` that it is or stands in, one bit each."""
    bit = {tag: 1 << place for place, tag in enumerate(_AROUND)}
    flags: list[int] = []
    for parent, style in zip(sheet.parents, sheet.styles, strict=True):
        own = bit.get(style.tag, 0) | style.is_body_property << len(_AROUND)
        flags.append(own | flags[parent] if parent >= 0 else own)
    return np.array(flags)


def innermost(tags: Sequence[str], sheet: Sheet) -> Places:
    """Return for each box the innermost one with such a tag that it is or stands in, else -1."""
    found: list[int] = []
    for index, (parent, style) in enumerate(zip(sheet.parents, sheet.styles, strict=True)):
        outer = found[parent] if parent >= 0 else -1
        found.append(index if style.tag in tags else outer)
    return np.array(found)


def _lists(sheet: Sheet, at: Places, tree: Tree) -> list[Rows]:
    """Return the size and link share of the list or table that each piece stands in, else -1."""
    boxes = innermost(_LISTS, sheet)[at]
    return [
        np.where(boxes >= 0, values[boxes], -1.0)
        for values in (tree.words, tree.link_share, tree.pieces)
    ]


def _grandparents(at: Places, tree: Tree) -> list[Rows]:
    grand = tree.parents[tree.parents[at]]
    share = tree.prose[grand] / max(1.0, tree.prose[0])
    return [share, tree.link_share[grand], tree.words[grand]]


def _asides(sheet: Sheet, tree: Tree) -> Matrix:
    """Return for each box what it stands in: boxes named as asides, and a box named as a body.

    A box with most of the page's prose is no aside, whatever it is called.
    """
    shares = (tree.prose / max(1.0, tree.prose[0])).tolist()
    states: list[tuple[float, ...]] = [(0, -_FARTHEST, 0.0, 0, 0.0, -_FARTHEST)]
    state_of: list[int] = []
    for index, (parent, style) in enumerate(zip(sheet.parents, sheet.styles, strict=True)):
        outer = state_of[parent] if parent >= 0 else 0
        is_aside = style.is_aside and shares[index] <= 0.5
        if is_aside or style.is_body:
            count, above, share, is_comment, body, body_above = states[outer]
            depth = sheet.depths[index]
            if is_aside:
                count, above, share = min(9, count + 1), depth, max(share, shares[index])
                is_comment = is_comment or style.is_comment
            if style.is_body:
                body, body_above = shares[index], depth
            outer = len(states)
            states.append((count, above, share, is_comment, body, body_above))
        state_of.append(outer)
    found = np.array(states, dtype=np.float64)[state_of].T
    found[[1, 5]] = np.minimum(_FARTHEST, tree.depths - found[[1, 5]])
    return found


def _alike(sheet: Sheet, at: Places, texts: Matrix) -> list[Rows]:
    """Return how many pieces have boxes of the same names, how long, linked and prose those are."""
    codes: dict[tuple[str, str, str], int] = {}
    names = [style.names for style in sheet.styles]
    code_of = [
        codes.setdefault((style.tag, own, names[max(0, parent)]), len(codes))
        for parent, style, own in zip(sheet.parents, sheet.styles, names, strict=True)
    ]
    code = np.array(code_of)[at]
    words, links = texts[ROW["words"]], texts[ROW["link_share"]]
    prose = words * texts[ROW["is_prose"]]
    count = np.bincount(code)
    length, linked, mass = (np.bincount(code, values) for values in (words, links, prose))
    shares = [length / np.maximum(1, count), linked / np.maximum(1, count)]
    shares.append(mass / max(1.0, prose.sum()))
    return [count[code], *(each[code] for each in shares), code == mass.argmax()]
