"""What each piece of a page looks like beside the others: one row of numbers a piece.

Wording, names of the boxes around, the box that holds most prose, place on the page, neighbours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsetl.readers.html import wording
from newsetl.readers.html.naming import GROUPS
from newsetl.readers.html.sheet import Box, Sheet

Matrix = NDArray[np.float64]

_TAGS = (
    "p", "div", "li", "td", "th", "dd", "section", "article", "blockquote", "figcaption", "aside",
    "pre", "header", "footer", "nav", "button", "form", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
_AROUND = (
    "article", "main", "aside", "nav", "footer", "header", "form", "figure", "table", "li",
    "blockquote", "button", "section",
)  # fmt: skip
_SHIFTED = ("words", "link_share", "is_closed", "is_prose", "bold_share", "capital_share")
_FAR = 30.0


@dataclass(frozen=True, slots=True)
class Hints:
    """What the head of a page says of its article: titles, description, the body as data."""

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""


NAMES = (
    *wording.NAMES,
    *(f"tag_{name}" for name in _TAGS),
    "level",
    *(f"around_{name}" for name in _AROUND),
    "in_body_property", "depth",
    *(f"{reach}_{group}" for reach in ("own", "branch", "above") for group in GROUPS),
    "up", "down", "own_prose", "parent_prose", "branch_prose", "lca_prose",
    "own_link_share", "parent_link_share", "branch_link_share", "parent_words", "parent_pieces",
    "branch_words", "branch_pieces",
    "alike", "alike_words", "alike_link_share", "copies", "is_first_copy",
    "place", "words_before", "pieces", "page_prose", "page_link_share",
    "since_headline", "words_since_headline", "since_prose", "until_prose", "since_best",
    "until_best", "is_headline", "title_share", "description_share", "of_description",
    "body_share", "section_words", "section_link_share", "since_heading",
    *(f"heading_cue_{name}" for name in wording.CUES),
    *(f"{name}{shift:+d}" for shift in (-2, -1, 1, 2) for name in _SHIFTED),
    "same_box-1", "same_box+1", "level-1", "level+1",
)  # fmt: skip


@dataclass
class _Tree:
    """Sums over the boxes of a page; `best` is the box whose children hold most prose."""

    prose: Matrix
    words: Matrix
    linked: Matrix
    pieces: Matrix
    is_near: NDArray[np.bool_]
    best: int


def describe(sheet: Sheet, hints: Hints) -> Matrix:
    """Return one row of features a piece, in the order of `NAMES`."""
    texts = np.array([wording.describe(piece) for piece in sheet.pieces], dtype=np.float64)
    boxes = np.array([piece.box for piece in sheet.pieces])
    prose = texts[:, _COLUMN["words"]] * texts[:, _COLUMN["is_prose"]]
    tree = _sum(sheet, boxes, texts, prose)
    levels = np.array([_level(sheet.boxes, piece.box) for piece in sheet.pieces], dtype=float)
    headline, titled = _headline(sheet, hints, levels)
    return np.column_stack(
        [
            texts,
            _tagged(sheet, boxes),
            levels,
            _boxed(sheet, boxes, tree, prose.sum()),
            _alike(sheet, boxes, texts),
            _placed(texts, prose, boxes, tree, headline),
            titled,
            _hinted(sheet, hints),
            _sectioned(texts, levels),
            _neighbours(texts, boxes, levels),
        ]
    )


def _sum(sheet: Sheet, boxes: NDArray[np.int64], texts: Matrix, prose: Matrix) -> _Tree:
    count = len(sheet.boxes)
    words = texts[:, _COLUMN["words"]]
    sums = np.zeros((count, 4))
    columns = (prose, words, words * texts[:, _COLUMN["link_share"]], np.ones(len(words)))
    for place, values in enumerate(columns):
        sums[:, place] = np.bincount(boxes, weights=values, minlength=count)
    own = sums[:, 0].copy()
    parents = [box.parent for box in sheet.boxes]
    rows = sums.tolist()
    for index in range(count - 1, 0, -1):
        row, above = rows[index], rows[parents[index]]
        for place in range(4):
            above[place] += row[place]
    sums = np.array(rows)
    child = own.copy()
    np.add.at(child, np.array(parents[1:], dtype=int), own[1:])
    grand = child.copy()
    np.add.at(grand, np.array(parents[1:], dtype=int), 0.5 * own[1:] + 0.25 * child[1:])
    best = int(grand.argmax())
    above = np.array(parents)
    is_near = (above == best) | (above[above] == best) | (np.arange(count) == best)
    return _Tree(sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3], is_near, best)


def _level(boxes: Sequence[Box], index: int) -> int:
    """Return the level of the heading that a box is or stands in, else 0."""
    for _ in range(3):
        if index < 0:
            break
        tag = boxes[index].tag
        if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            return int(tag[1])
        index = boxes[index].parent
    return 0


def _tagged(sheet: Sheet, boxes: NDArray[np.int64]) -> Matrix:
    code = {tag: place for place, tag in enumerate(_TAGS)}
    codes = np.array([code.get(box.tag, -1) for box in sheet.boxes])[boxes]
    return (codes[:, None] == np.arange(len(_TAGS))).astype(np.float64)


def _boxed(sheet: Sheet, boxes: NDArray[np.int64], tree: _Tree, prose: float) -> Matrix:
    """Return what stands around each piece, by its box and by the branch off the best box."""
    known: dict[int, list[float]] = {}
    path = _ancestors(sheet.boxes, tree.best)
    around = _around(sheet.boxes)
    rows = []
    inner = [piece.inner for piece in sheet.pieces]
    own_bits, branch_bits, above_bits = [], [], []
    cumulated = _cumulated(sheet.boxes)
    for place, index in enumerate(boxes.tolist()):
        if index not in known:
            known[index] = _about(sheet.boxes, index, tree, path, max(1.0, prose), around)
        row = known[index]
        rows.append(row[:-2])
        own_bits.append(sheet.boxes[index].groups | inner[place])
        branch_bits.append(int(row[-2]))
        above_bits.append(cumulated[int(row[-1])])
    flags = np.array([around[index] for index in boxes.tolist()])
    numbers = np.array(rows, dtype=np.float64)
    return np.column_stack(
        [
            _bits(flags, len(_AROUND) + 1),
            numbers[:, :1],
            _bits(np.array(own_bits), len(GROUPS)),
            _bits(np.array(branch_bits), len(GROUPS)),
            _bits(np.array(above_bits), len(GROUPS)),
            numbers[:, 1:],
        ]
    )


def _about(
    boxes: Sequence[Box],
    index: int,
    tree: _Tree,
    path: dict[int, int],
    prose: float,
    around: Sequence[int],
) -> list[float]:
    """Return numbers on a box, then the groups of its branch off the best box, and its root."""
    branch, up, groups, at = index, 0, 0, index
    while at not in path:
        groups |= boxes[at].groups
        branch, at, up = at, boxes[at].parent, up + 1
    if up == 0:
        groups = boxes[index].groups
    parent = max(0, boxes[index].parent)

    def share(box: int) -> float:
        return float(tree.linked[box] / max(1.0, tree.words[box]))

    return [
        boxes[index].depth, up, path[at], tree.prose[index] / prose, tree.prose[parent] / prose,
        tree.prose[branch] / prose, tree.prose[at] / prose, share(index), share(parent),
        share(branch), tree.words[parent], tree.pieces[parent], tree.words[branch],
        tree.pieces[branch], groups, at,
    ]  # fmt: skip


def _ancestors(boxes: Sequence[Box], index: int) -> dict[int, int]:
    """Return a box and all around it, each with its distance; the root is always among them."""
    path: dict[int, int] = {}
    while index >= 0:
        path[index] = len(path)
        index = boxes[index].parent
    return path


def _around(boxes: Sequence[Box]) -> list[int]:
    """Return for each box the tags of `_AROUND` that it is or stands in, one bit each."""
    bit = {tag: 1 << place for place, tag in enumerate(_AROUND)}
    flags: list[int] = []
    for box in boxes:
        own = bit.get(box.tag, 0) | ("articleBody" in box.itemprop) << len(_AROUND)
        flags.append(own | (flags[box.parent] if box.parent >= 0 else 0))
    return flags


def _cumulated(boxes: Sequence[Box]) -> list[int]:
    """Return for each box the groups that it and those around it name, below the body element."""
    groups: list[int] = []
    for box in boxes:
        own = box.groups if box.tag not in ("html", "body") else 0
        groups.append(own | (groups[box.parent] if box.parent >= 0 else 0))
    return groups


def _bits(values: NDArray[np.int64], count: int) -> Matrix:
    return ((values[:, None] >> np.arange(count)) & 1).astype(np.float64)


def _alike(sheet: Sheet, boxes: NDArray[np.int64], texts: Matrix) -> Matrix:
    """Return how many pieces have boxes of the same names, how long and linked those are."""
    codes: dict[tuple[str, str, str], int] = {}
    code_of: list[int] = []
    for box in sheet.boxes:
        key = (box.tag, box.names, sheet.boxes[max(0, box.parent)].names)
        code_of.append(codes.setdefault(key, len(codes)))
    code = np.array(code_of)[boxes]
    count = np.bincount(code)[code]
    words = np.bincount(code, weights=texts[:, _COLUMN["words"]])[code] / count
    links = np.bincount(code, weights=texts[:, _COLUMN["link_share"]])[code] / count
    seen: dict[str, int] = {}
    first = [seen.setdefault(piece.text, place) == place for place, piece in enumerate(sheet.pieces)]
    copies: dict[str, int] = {}
    for piece in sheet.pieces:
        copies[piece.text] = copies.get(piece.text, 0) + 1
    repeated = np.array([copies[piece.text] for piece in sheet.pieces])
    return np.column_stack([count, words, links, repeated, first])


def _placed(
    texts: Matrix, prose: Matrix, boxes: NDArray[np.int64], tree: _Tree, headline: int
) -> Matrix:
    """Return where each piece stands: on the page, from the headline, from the nearest prose."""
    count = len(texts)
    index = np.arange(count)
    words = texts[:, _COLUMN["words"]]
    before = np.cumsum(words) - words
    total = max(1.0, float(words.sum()))
    linked = float((words * texts[:, _COLUMN["link_share"]]).sum()) / total
    in_best = (prose > 0) & tree.is_near[boxes]
    start = max(0, headline)
    return np.column_stack(
        [
            index / count,
            before / total,
            np.full(count, count),
            np.full(count, prose.sum()),
            np.full(count, linked),
            np.clip(index - start, -_FAR, 2 * _FAR) if headline >= 0 else np.full(count, -99),
            np.clip(before - before[start], -500, 3000),
            _since(prose > 0),
            _since((prose > 0)[::-1])[::-1],
            _since(in_best),
            _since(in_best[::-1])[::-1],
        ]
    )


def _since(marks: NDArray[np.bool_]) -> Matrix:
    """Return for each place the number of places since the last mark before it, at most `_FAR`."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -1000))
    before = np.concatenate([[-1000], last[:-1]])
    return np.minimum(index - before, _FAR).astype(np.float64)


def _headline(sheet: Sheet, hints: Hints, levels: Matrix) -> tuple[int, Matrix]:
    """Return the place of the headline, -1 if none shows, and how each piece is like a title."""
    titles = [set(_folded(title)) for title in hints.titles]
    shares = np.zeros(len(sheet.pieces))
    for place, piece in enumerate(sheet.pieces):
        if len(piece.text) < 300 and titles:
            own = set(_folded(piece.text))
            shares[place] = max(
                (len(own & title) / max(1, len(own | title)) for title in titles), default=0
            )
    worth = shares + 0.3 * (levels > 0) + 0.4 * (levels == 1)
    worth = np.where((levels > 0) & ((shares > 0.5) | (levels == 1)), worth, -1)
    place = int(worth.argmax()) if len(worth) and worth.max() > 0 else -1
    is_headline = np.zeros(len(shares))
    if place >= 0:
        is_headline[place] = 1
    return place, np.column_stack([is_headline, shares])


def _hinted(sheet: Sheet, hints: Hints) -> Matrix:
    """Return how far each piece is the description, and in the body as data; -1 without one."""
    description = _folded(hints.description)
    known = set(description)
    body = _folded(hints.body)
    grams = set(zip(body, body[1:], body[2:], strict=False)) if len(body) > 40 else set()
    once = set(body) if grams else set()
    rows = []
    for piece in sheet.pieces:
        words = _folded(piece.text)
        own = set(words) if len(words) < 120 else set()
        share = wording.overlap(words, known) if own else 0.0
        back = len(known & own) / len(known) if known and own else 0.0
        inside = -1.0
        if grams and len(words) > 2:
            ours = list(zip(words, words[1:], words[2:], strict=False))
            inside = sum(gram in grams for gram in ours) / len(ours)
        elif grams:
            inside = wording.overlap(words, once) / 2
        rows.append((share, back, inside))
    return np.array(rows)


def _folded(text: str) -> list[str]:
    return wording.TOKEN.findall(text.lower())


def _sectioned(texts: Matrix, levels: Matrix) -> Matrix:
    """Return the length and link share from the last heading to the next, and that heading's cues."""
    starts = np.cumsum(levels > 0)
    words = texts[:, _COLUMN["words"]]
    length = np.bincount(starts, weights=words)[starts]
    linked = np.bincount(starts, weights=words * texts[:, _COLUMN["link_share"]])[starts]
    place = np.arange(len(levels))
    last = np.maximum.accumulate(np.where(levels > 0, place, -1))
    first_cue = _COLUMN["cue_byline"]
    cues = np.where((last >= 0)[:, None], texts[np.maximum(last, 0), first_cue:], 0)
    since = np.minimum(place - last, _FAR)
    return np.column_stack([length, linked / np.maximum(1, length), since, cues])


def _neighbours(texts: Matrix, boxes: NDArray[np.int64], levels: Matrix) -> Matrix:
    columns = [_COLUMN[name] for name in _SHIFTED]
    chosen = texts[:, columns]
    parts = [shifted(chosen, shift) for shift in (-2, -1, 1, 2)]
    same = boxes[1:] == boxes[:-1]
    parts += [np.concatenate([[0], same])[:, None], np.concatenate([same, [0]])[:, None]]
    parts += [shifted(levels[:, None], -1), shifted(levels[:, None], 1)]
    return np.column_stack(parts)


def shifted(values: Matrix, shift: int) -> Matrix:
    """Return rows whose row `i` is row `i + shift` of `values`, -1 where there is none."""
    found = np.full_like(values, -1.0)
    if shift < 0:
        found[-shift:] = values[:shift]
    else:
        found[:-shift] = values[shift:]
    return found


_COLUMN = {name: place for place, name in enumerate(wording.NAMES)}
