"""A page laid out: its boxes (block elements) and its pieces, which are paragraph-sized texts."""

import re
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from newsetl.readers.html.naming import groups_of
from newsetl.readers.html.styles import Style, style_of

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
_HIDING = frozenset(("hidden", "aria-hidden", "style"))
_UNSEEN = " \t\n\u00ad\u034f\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters without a glyph that pages put into empty paragraphs, and white space that is kept."""

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


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
    """The pieces of a page and its boxes, those with text, both in page order.

    A box is a number: `parents`, `depths` and `styles` have a place for each. Box 0 is the root,
    its parent is -1.
    """

    pieces: list[Piece] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)


def lay_out(root: Element) -> Sheet:
    """Return the boxes and the pieces with text of a page."""
    walk, skipped = _Walk(), None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element is not skipped:
                walk.leave(element.tag)
            if text := element.tail:
                walk.add(text)
        elif walk.enter(element):
            if text := element.text:
                walk.add(text)
        else:
            skipped = element
            walker.skip_subtree()
    return walk.finish()


class _Walk:
    """The state of a walk over the tree: where text goes, and which inline marks are on."""

    __slots__ = ("bold", "elements", "is_spaced", "italic", "link", "path", "piece", "sheet")

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.path: list[int] = []
        """The boxes that are open, -1 for one that has no text yet."""
        self.elements: list[Element] = []
        self.piece: Piece | None = None
        """The piece that text goes to, None if the next text begins one."""
        self.is_spaced = False
        self.link: str | None = None
        self.bold = 0
        self.italic = 0

    def enter(self, element: Element) -> bool:
        """Note what starts here; return whether to go inside."""
        tag = element.tag
        if tag in SKIPPED or is_hidden(element):
            return False
        if tag in INLINE:
            self._mark(element)
        elif tag == "br":
            self._break_line()
        else:
            self.path.append(-1)
            self.elements.append(element)
            self.piece, self.is_spaced = None, False
        return True

    def leave(self, tag: str) -> None:
        if tag == "a":
            self.link = None
        elif tag in _BOLD:
            self.bold -= 1
        elif tag in _ITALIC:
            self.italic -= 1
        elif tag not in INLINE and tag != "br":
            self.path.pop()
            self.elements.pop()
            self.piece, self.is_spaced = None, False

    def add(self, text: str) -> None:
        """Put text into the piece that is gathered; pieces and boxes without text are not made."""
        piece = self.piece
        if piece is None:
            if text.isspace():
                self.is_spaced = True
                return
            piece = self._begin()
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

    def finish(self) -> Sheet:
        """Return the sheet, each text joined, with a space where white space was.

        A text of which nothing can be seen is none.
        """
        sheet = self.sheet
        for piece in sheet.pieces:
            text = "".join(piece.texts)
            if sheet.styles[piece.box].tag == "pre" and not text.isspace():
                piece.text = text.strip("\n")
            else:
                piece.text = " ".join(text.split())
        sheet.pieces = [piece for piece in sheet.pieces if piece.text.strip(_UNSEEN)]
        return sheet

    def _begin(self) -> Piece:
        """Return a new piece in the innermost box; it replaces one without text."""
        piece, pieces = Piece(self._box()), self.sheet.pieces
        self.piece = piece
        if self.is_spaced:
            piece.texts.append(" ")
        if pieces and not pieces[-1].texts:
            pieces[-1] = piece
        else:
            pieces.append(piece)
        return piece

    def _box(self) -> int:
        """Return the box of the innermost element that is open, made now with those around it."""
        path, sheet = self.path, self.sheet
        first = len(path)
        while first and path[first - 1] < 0:
            first -= 1
        for depth in range(first, len(path)):
            path[depth] = len(sheet.styles)
            sheet.parents.append(path[depth - 1] if depth else -1)
            sheet.depths.append(depth)
            sheet.styles.append(style_of(self.elements[depth]))
        return path[-1] if path else 0

    def _mark(self, element: Element) -> None:
        """Note what an inline element says of the text in it and of the piece around."""
        tag, piece = element.tag, self.piece or self._begin()
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

    def _break_line(self) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        piece = self.piece or self._begin()
        if piece.texts and piece.texts[-1] == "\n":
            self.piece = Piece(piece.box)
            self.sheet.pieces.append(self.piece)
        else:
            piece.texts.append("\n")


def is_hidden(element: Element) -> bool:
    names = element.keys()
    if not names or _HIDING.isdisjoint(names):
        return False
    if "hidden" in names or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN_STYLE.search(element.get("style", "")))
