"""A page laid out: its boxes (block elements) and its pieces, which are paragraph-sized texts."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from newsetl.readers.html.naming import groups_of

Element = Any
"""An lxml element; lxml ships no types."""

SKIPPED = frozenset(
    """
    script style noscript template svg math iframe object embed canvas audio video head select
    option datalist title
    """.split()
)
INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter nobr
    output q rp rt ruby s samp small span strike strong sub sup time tt u var wbr
    """.split()
)
_BOLD = frozenset(("b", "strong"))
_ITALIC = frozenset(("i", "em", "cite"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(slots=True)
class Box:
    """A block element: its place in the tree and what its attributes say."""

    parent: int
    depth: int
    tag: str
    names: str
    groups: int
    role: str
    itemtype: str
    itemprop: str
    is_author: bool


@dataclass(slots=True)
class Piece:
    """A text while it is gathered: what box it is in, how much of it is linked, bold, italic."""

    box: int
    texts: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    italic: int = 0
    links: int = 0
    inner: int = 0
    link: str | None = None
    stamp: str | None = None
    text: str = ""


@dataclass(slots=True)
class Sheet:
    """The boxes with text and the pieces of a page, in page order; `boxes[0]` is the root."""

    boxes: list[Box]
    pieces: list[Piece]


def lay_out(root: Element) -> Sheet:
    """Return the boxes and the pieces with text of a page."""
    walk = _Walk()
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            walk.leave(element)
        elif not walk.enter(element):
            walker.skip_subtree()
    for piece in walk.pieces:
        joined = "".join(piece.texts)
        in_pre = walk.boxes[piece.box].tag == "pre"
        piece.text = joined.strip("\n") if in_pre and joined.strip() else " ".join(joined.split())
    return Sheet(walk.boxes, [piece for piece in walk.pieces if piece.text])


class _Walk:
    """The state of a walk over the tree: where text goes, and which inline marks are on."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.pieces: list[Piece] = []
        self.path: list[int] = []
        self.elements: list[Element] = []
        self.begins = True
        self.is_spaced = False
        self.link: str | None = None
        self.bold = 0
        self.italic = 0
        self.skipped: Element = None

    def enter(self, element: Element) -> bool:
        """Note what starts here; return whether to go inside."""
        tag = element.tag
        if tag in SKIPPED or is_hidden(element):
            self.skipped = element
            return False
        if tag == "br":
            self._break_line()
        elif tag not in INLINE:
            self.path.append(-1)
            self.elements.append(element)
            self._begin()
        else:
            self._mark(element)
        if text := element.text:
            self._add(text)
        return True

    def leave(self, element: Element) -> None:
        tag = element.tag
        if element is self.skipped:
            self.skipped = None
        elif tag in INLINE:
            self._unmark(tag)
        elif tag != "br":
            self.path.pop()
            self.elements.pop()
            self._begin()
        if text := element.tail:
            self._add(text)

    def _begin(self) -> None:
        """Let the next text begin a piece; boxes and pieces that hold none are never made."""
        self.begins, self.is_spaced = True, False

    def _piece(self) -> Piece:
        """Return the piece that is gathered; one that begins replaces one without text."""
        pieces = self.pieces
        if self.begins:
            piece = Piece(self._box())
            self.begins = False
            if self.is_spaced:
                piece.texts.append(" ")
            if pieces and not pieces[-1].texts:
                pieces[-1] = piece
            else:
                pieces.append(piece)
        return pieces[-1]

    def _box(self) -> int:
        """Return the box of the innermost element that is open, made now with those around it."""
        path = self.path
        first = len(path)
        while first and path[first - 1] < 0:
            first -= 1
        for depth in range(first, len(path)):
            path[depth] = len(self.boxes)
            self.boxes.append(
                _box_of(self.elements[depth], path[depth - 1] if depth else -1, depth)
            )
        return path[-1] if path else 0

    def _mark(self, element: Element) -> None:
        tag, piece = element.tag, self._piece()
        if tag == "a":
            self.link = element.get("href") or ""
            piece.links += 1
        elif tag in _BOLD:
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag == "time":
            piece.stamp = piece.stamp or element.get("datetime")
        if len(piece.texts) < 2:
            names = element.get("class")
            if names:
                piece.inner |= groups_of(names)

    def _unmark(self, tag: str) -> None:
        if tag == "a":
            self.link = None
        elif tag in _BOLD:
            self.bold -= 1
        elif tag in _ITALIC:
            self.italic -= 1

    def _add(self, text: str) -> None:
        if self.begins and text.isspace():
            self.is_spaced = True
            return
        piece = self._piece()
        piece.texts.append(text)
        if self.link is None and not self.bold and not self.italic:
            return
        size = len("".join(text.split()))
        if self.link is not None:
            piece.linked += size
            piece.link = piece.link or self.link
        if self.bold:
            piece.bold += size
        if self.italic:
            piece.italic += size

    def _break_line(self) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        piece = self._piece()
        if piece.texts and piece.texts[-1] == "\n":
            self.pieces.append(Piece(piece.box))
        else:
            piece.texts.append("\n")


def _box_of(element: Element, parent: int, depth: int) -> Box:
    get = dict(element.items()).get
    names = f"{get('class', '')} {get('id', '')}"
    return Box(
        parent,
        depth,
        element.tag,
        names,
        groups_of(names),
        get("role", ""),
        get("itemtype", ""),
        get("itemprop", ""),
        get("rel") == "author",
    )


def is_hidden(element: Element) -> bool:
    names = element.keys()
    if "hidden" in names or ("aria-hidden" in names and element.get("aria-hidden") == "true"):
        return True
    return "style" in names and bool(_HIDDEN_STYLE.search(element.get("style")))
