"""What the markup calls a piece: kinds of blocks, boilerplate by name, containers of articles."""

import re
from collections.abc import Sequence

from newsetl.model import BlockKind
from newsetl.readers.html.sheet import Piece, Sheet

_UNSUBSCRIBE = re.compile(
    r"\b(?:unsubscrib|abbestell|désabonn|désinscri|darse de baja|disiscri|afmeld|uitschrijv)",
    re.I,
)
_MAIN_SHARE = 0.5
_LINKED_SHARE = 0.7
_META_CHARACTERS = 120
_PLAIN: tuple[BlockKind, int] = ("paragraph", 0)
_LASTING = ("heading", "caption")
"""Kinds that all inside is, but for headings."""


def kinds_of(sheet: Sheet) -> list[tuple[BlockKind, int]]:
    """Return kind and heading level of each piece by its markup, boilerplate aside."""
    known: list[tuple[BlockKind, int]] = []
    for parent, style in zip(sheet.parents, sheet.styles, strict=True):
        outer = known[parent] if parent >= 0 else _PLAIN
        own = style.kind
        is_own = own is not None and (own[0] == "heading" or outer[0] not in _LASTING)
        known.append(own if own is not None and is_own else outer)
    return [_short(piece, known[piece.box]) for piece in sheet.pieces]


def boilerplate_of(sheet: Sheet, kinds: Sequence[tuple[BlockKind, int]]) -> list[bool]:
    """Return whether each piece is boilerplate by its place, or because nearly all is links.

    A box with most of the page's text is no boilerplate, whatever it is called. The line that
    offers to end a subscription is, with what follows it, if no heading does: a newsletter must
    end so (15 U.S.C. 7704).
    """
    sizes = _sizes(sheet)
    headers = _with_headline(sheet)
    sections = sections_of(sheet)
    inside: list[bool] = []
    for index, (parent, style) in enumerate(zip(sheet.parents, sheet.styles, strict=True)):
        is_header = style.tag == "header" and sections[index] < 0 and index not in headers
        is_small = sizes[index] < _MAIN_SHARE * sizes[0]
        is_named = (style.is_boilerplate or is_header) and is_small
        inside.append(is_named or (parent >= 0 and inside[parent]))
    end = _end_of_letter(sheet, kinds)
    return [
        inside[piece.box] or place >= end or (kind != "heading" and _is_linked(piece))
        for place, (piece, (kind, _)) in enumerate(zip(sheet.pieces, kinds, strict=True))
    ]


def _end_of_letter(sheet: Sheet, kinds: Sequence[tuple[BlockKind, int]]) -> int:
    """Return the place of the line that offers to end a subscription, else that of the end."""
    headings = [place for place, (kind, _) in enumerate(kinds) if kind == "heading"]
    first = headings[-1] + 1 if headings else len(kinds)
    for place, piece in enumerate(sheet.pieces[first:], start=first):
        if piece.links and _UNSUBSCRIBE.search(piece.text):
            return place
    return len(kinds)


def sections_of(sheet: Sheet) -> list[int]:
    """Return for each box the innermost article container that it is or stands in, else -1."""
    found: list[int] = []
    for index, (parent, style) in enumerate(zip(sheet.parents, sheet.styles, strict=True)):
        outer = found[parent] if parent >= 0 else -1
        found.append(index if style.is_article else outer)
    return found


def _short(piece: Piece, kind: tuple[BlockKind, int]) -> tuple[BlockKind, int]:
    is_short = kind[0] not in ("byline", "date") or len(piece.text) <= _META_CHARACTERS
    return kind if is_short else _PLAIN


def _is_linked(piece: Piece) -> bool:
    return piece.linked > 0 and piece.linked > _LINKED_SHARE * len("".join(piece.text.split()))


def _sizes(sheet: Sheet) -> list[int]:
    """Return the characters in each box with all inside it."""
    sizes = [0] * len(sheet.parents)
    for piece in sheet.pieces:
        sizes[piece.box] += len(piece.text)
    for index in range(len(sizes) - 1, 0, -1):
        sizes[sheet.parents[index]] += sizes[index]
    return sizes


def _with_headline(sheet: Sheet) -> set[int]:
    """Return the boxes that stand around an `h1`."""
    found: set[int] = set()
    for place, style in enumerate(sheet.styles):
        index = place if style.tag == "h1" else -1
        while index >= 0 and index not in found:
            found.add(index)
            index = sheet.parents[index]
    return found
