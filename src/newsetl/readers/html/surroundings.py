"""What stands around a piece: the names and sizes of its boxes, and the box with most prose."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsetl.readers.html.naming import BITS, GROUPS
from newsetl.readers.html.sheet import Box, Sheet
from newsetl.readers.html.wording import COLUMN, Matrix

Places = NDArray[np.int64]

_TAGS = (
    "p", "div", "li", "td", "th", "dd", "section", "article", "blockquote", "figcaption", "aside",
    "pre", "header", "footer", "nav", "button", "form", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
_AROUND = (
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "table", "li",
    "blockquote", "button", "section",
)  # fmt: skip
_LISTS = ("ul", "ol", "table", "dl")
_MAIN_TAGS = frozenset(("html", "body", "main", "article"))
_ASIDE_TAGS = ("aside", "nav", "footer", "form", "dialog")
_ASIDE_ROLES = ("complementary", "navigation", "contentinfo", "dialog", "alert")
_ASIDE = sum(
    BITS[group]
    for group in (
        "related", "listing", "comment", "social", "advert", "signup", "tags", "legal", "bio",
        "frame", "hidden",
    )
)  # fmt: skip
_BODY = re.compile(
    r"""
    (?: article | story | post | entry | news | page | blog | main | rich | content ) [-_]*
    (?: body | content | text | main | copy )
    | (?: body | content ) [-_]* (?: article | story | post | text | copy | main )
    | prose
    """,
    re.VERBOSE | re.IGNORECASE,
)
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

    boxes: Sequence[Box]
    parents: Places
    prose: Matrix
    words: Matrix
    linked: Matrix
    pieces: Matrix
    is_near_best: NDArray[np.bool_]
    best: int

    def link_share(self) -> Matrix:
        return self.linked / np.maximum(1.0, self.words)


def sum_up(sheet: Sheet, at: Places, texts: Matrix) -> Tree:
    """Return the sums of a page's boxes; `at` is the box of each piece."""
    count = len(sheet.boxes)
    words = texts[:, COLUMN["words"]]
    prose = words * texts[:, COLUMN["is_prose"]]
    linked = words * texts[:, COLUMN["link_share"]]
    columns: tuple[Matrix, ...] = (prose, words, linked, np.ones(len(at)))
    own = [_sum_at(each, at, count) for each in columns]
    parents = np.array([max(0, box.parent) for box in sheet.boxes])
    child = own[0].copy()
    np.add.at(child, parents[1:], own[0][1:])
    grand = child.copy()
    np.add.at(grand, parents[1:], 0.5 * own[0][1:] + 0.25 * child[1:])
    best = int(grand.argmax())
    near = (parents == best) | (parents[parents] == best) | (np.arange(count) == best)
    sums = [total_up(values, parents) for values in own]
    return Tree(sheet.boxes, parents, sums[0], sums[1], sums[2], sums[3], near, best)


def _sum_at(values: Matrix, at: Places, count: int) -> Matrix:
    return np.bincount(at, weights=values, minlength=count).astype(np.float64)


def total_up(values: Matrix, parents: Places) -> Matrix:
    """Return for each box the sum of `values` over it and all inside; parents come first."""
    totals, above = values.tolist(), parents.tolist()
    for index in range(len(totals) - 1, 0, -1):
        totals[above[index]] += totals[index]
    return np.array(totals)


def describe(sheet: Sheet, at: Places, texts: Matrix, tree: Tree) -> Matrix:
    """Return one row a piece, in the order of `NAMES`."""
    code = {tag: place for place, tag in enumerate(_TAGS)}
    tags = np.array([code.get(box.tag, -1) for box in sheet.boxes])[at]
    own = np.array([sheet.boxes[index].groups for index in at.tolist()])
    own |= np.array([piece.inner for piece in sheet.pieces])
    branch, numbers = _branches(at, tree)
    return np.column_stack(
        [
            tags[:, None] == np.arange(len(_TAGS)),
            _bits(_around(sheet.boxes)[at], len(_AROUND) + 1),
            _bits(own, len(GROUPS)),
            _bits(branch, len(GROUPS)),
            numbers,
            _lists(tree)[at],
            _grandparents(at, tree),
            _asides(tree)[at],
            _alike(sheet, at, texts),
        ]
    )


def climb(boxes: Sequence[Box], index: int) -> dict[int, int]:
    """Return a box and all around it, each with its distance; the root is always among them."""
    path: dict[int, int] = {}
    while index >= 0:
        path[index] = len(path)
        index = boxes[index].parent
    return path


def off(boxes: Sequence[Box], index: int, path: dict[int, int]) -> tuple[int, int, int, int]:
    """Return where the branch of a box leaves `path`: branch, box on the path, steps, groups."""
    branch, at, steps, groups = index, index, 0, 0
    while at not in path:
        groups |= boxes[at].groups
        branch, at, steps = at, boxes[at].parent, steps + 1
    return branch, at, steps, groups if steps else boxes[index].groups


def _branches(at: Places, tree: Tree) -> tuple[Places, Matrix]:
    """Return the groups of each piece's branch off the best box, and the numbers about it."""
    path = climb(tree.boxes, tree.best)
    known = {index: off(tree.boxes, index, path) for index in set(at.tolist())}
    found = np.array([known[index] for index in at.tolist()])
    branch, shared, steps, groups = found.T
    parent = tree.parents[at]
    prose = tree.prose / max(1.0, tree.prose[0])
    links = tree.link_share()
    depth = np.array([box.depth for box in tree.boxes])
    down = np.array([path[index] for index in shared.tolist()])
    columns = [
        depth[at], steps, down, prose[at], prose[parent], prose[branch], prose[shared], links[at],
        links[parent], links[branch], tree.words[parent], tree.pieces[parent], tree.words[branch],
        tree.pieces[branch],
    ]  # fmt: skip
    return groups, np.column_stack(columns)


def _around(boxes: Sequence[Box]) -> Places:
    """Return for each box the tags of `_AROUND` that it is or stands in, one bit each."""
    bit = {tag: 1 << place for place, tag in enumerate(_AROUND)}
    flags: list[int] = []
    for box in boxes:
        own = bit.get(box.tag, 0) | ("articleBody" in box.itemprop) << len(_AROUND)
        flags.append(own | (flags[box.parent] if box.parent >= 0 else 0))
    return np.array(flags)


def _bits(values: Places, count: int) -> Places:
    return (values[:, None] >> np.arange(count)) & 1


def _lists(tree: Tree) -> Matrix:
    """Return for each box the size and link share of the list or table it stands in, else -1."""
    around: list[int] = []
    for index, box in enumerate(tree.boxes):
        outer = around[box.parent] if box.parent >= 0 else -1
        around.append(index if box.tag in _LISTS else outer)
    boxes = np.array(around)
    found = np.column_stack([tree.words, tree.link_share(), tree.pieces])[boxes]
    return np.where((boxes >= 0)[:, None], found, -1.0)


def _grandparents(at: Places, tree: Tree) -> Matrix:
    grand = tree.parents[tree.parents[at]]
    share = tree.prose[grand] / max(1.0, tree.prose[0])
    return np.column_stack([share, tree.link_share()[grand], tree.words[grand]])


def _asides(tree: Tree) -> Matrix:
    """Return for each box what it stands in: boxes named as asides, and a box named as a body.

    A box with most of the page's prose is no aside, whatever it is called.
    """
    prose = tree.prose / max(1.0, tree.prose[0])
    shares = prose.tolist()
    states: list[tuple[float, ...]] = [(0, -_FARTHEST, 0.0, 0, 0.0, -_FARTHEST)]
    state_of: list[int] = []
    for index, box in enumerate(tree.boxes):
        outer = state_of[box.parent] if box.parent >= 0 else 0
        groups = box.groups & _ASIDE if box.tag not in _MAIN_TAGS else 0
        is_aside = groups or box.tag in _ASIDE_TAGS or box.role in _ASIDE_ROLES
        is_body = "articleBody" in box.itemprop or _is_body_name(box.names)
        if (is_aside and shares[index] <= 0.5) or is_body:
            count, at, share, is_comment, body, body_at = states[outer]
            if is_aside and shares[index] <= 0.5:
                count, at, share = min(9, count + 1), box.depth, max(share, shares[index])
                is_comment = is_comment or bool(groups & BITS["comment"])
            if is_body:
                body, body_at = shares[index], box.depth
            outer = len(states)
            states.append((count, at, share, is_comment, body, body_at))
        state_of.append(outer)
    found = np.array(states, dtype=np.float64)[state_of]
    depth = np.array([box.depth for box in tree.boxes])
    for column in (1, 5):
        found[:, column] = np.minimum(_FARTHEST, depth - found[:, column])
    return found


@functools.lru_cache(maxsize=1 << 14)
def _is_body_name(names: str) -> bool:
    return any(map(_is_body_word, names.split()))


@functools.lru_cache(maxsize=1 << 14)
def _is_body_word(name: str) -> bool:
    return _BODY.search(name) is not None


def _alike(sheet: Sheet, at: Places, texts: Matrix) -> Matrix:
    """Return how many pieces have boxes of the same names, how long, linked and prose those are."""
    codes: dict[tuple[str, str, str], int] = {}
    code_of = [
        codes.setdefault((box.tag, box.names, sheet.boxes[max(0, box.parent)].names), len(codes))
        for box in sheet.boxes
    ]
    code = np.array(code_of)[at]
    words, links = texts[:, COLUMN["words"]], texts[:, COLUMN["link_share"]]
    prose = words * texts[:, COLUMN["is_prose"]]
    count = np.bincount(code)
    length, linked, mass = (np.bincount(code, weights=values) for values in (words, links, prose))
    columns = [count, length / np.maximum(1, count), linked / np.maximum(1, count)]
    columns += [mass / max(1.0, prose.sum()), np.arange(len(count)) == mass.argmax()]
    found: Matrix = np.column_stack(columns)[code]
    return found
