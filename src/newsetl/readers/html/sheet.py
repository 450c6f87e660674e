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
    has_headline: bool = False


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
    """The boxes and pieces of a page, both in page order; `boxes[0]` is the root."""

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
        self.box = -1
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
            self._open(element)
        else:
            self._mark(element)
        self._add(element.text)
        return True

    def leave(self, element: Element) -> None:
        tag = element.tag
        if element is self.skipped:
            self.skipped = None
        elif tag in INLINE:
            self._unmark(tag)
        elif tag != "br":
            self.box = self.boxes[self.box].parent
            self._start(max(0, self.box))
        self._add(element.tail)

    def _start(self, box: int) -> None:
        """Begin a piece, in place of the last one if that has got no text."""
        piece = Piece(box)
        if self.pieces and not self.pieces[-1].texts:
            self.pieces[-1] = piece
        else:
            self.pieces.append(piece)

    def _open(self, element: Element) -> None:
        get = element.get
        names = f"{get('class') or ''} {get('id') or ''}"
        self.boxes.append(
            Box(
                parent=self.box,
                depth=self.boxes[self.box].depth + 1 if self.boxes else 0,
                tag=element.tag,
                names=names,
                groups=groups_of(names),
                role=get("role") or "",
                itemtype=get("itemtype") or "",
                itemprop=get("itemprop") or "",
                is_author=get("rel") == "author",
            )
        )
        self.box = len(self.boxes) - 1
        self._start(self.box)

    def _mark(self, element: Element) -> None:
        tag, piece = element.tag, self.pieces[-1]
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

    def _add(self, text: str | None) -> None:
        if not text:
            return
        piece = self.pieces[-1]
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
        piece = self.pieces[-1]
        if piece.texts and piece.texts[-1] == "\n":
            self.pieces.append(Piece(self.box))
        else:
            piece.texts.append("\n")


def is_hidden(element: Element) -> bool:
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true":
        return True
    style = get("style")
    return bool(style and _HIDDEN_STYLE.search(style))
