"""What the markup calls a piece: kinds of blocks, boilerplate by name, containers of articles."""

import functools
import re
from collections.abc import Sequence

from newsetl.model import BlockKind
from newsetl.readers.html.sheet import Box, Piece, Sheet

_BOILERPLATE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "dialog", "menu"))
_BOILERPLATE_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert")
)
_BOILERPLATE_WORDS = frozenset(
    """
    ad ads advert advertisement banner breadcrumb breadcrumbs comment comments consent cookie
    cookies disqus footer menu nav navbar navigation newsletter pager pagination popular promo
    recommended related share sharing sidebar signup skip social subscribe tags toolbar trending
    widget
    """.split()
)
"""Words that authors of pages put in the class or id of what is not the article."""

_ARTICLE_WORDS = frozenset(("hentry", "h-entry", "post", "blog-post", "blogpost"))
"""Class names of one article: microformats.org h-entry and hAtom, and blog themes' `post`."""

_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|BlogPosting|Report)$", re.I)
_CAPTION_WORDS = frozenset(("caption", "wp-caption-text", "figcaption", "image-caption"))
_BYLINE_WORDS = frozenset(("byline", "author", "authors", "p-author", "vcard"))
_DATE_WORDS = frozenset(("date", "dateline", "published", "entry-date", "post-date", "timestamp"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BOILERPLATE, _ARTICLE, _CAPTION, _BYLINE, _DATE = 1, 2, 4, 8, 16
_MARK_WORDS = (
    (_BOILERPLATE, _BOILERPLATE_WORDS),
    (_ARTICLE, _ARTICLE_WORDS),
    (_CAPTION, _CAPTION_WORDS),
    (_BYLINE, _BYLINE_WORDS),
    (_DATE, _DATE_WORDS),
)
_UNSUBSCRIBE = re.compile(
    r"\b(?:unsubscrib|abbestell|désabonn|désinscri|darse de baja|disiscri|afmeld|uitschrijv)",
    re.I,
)
_NAME_PARTS = re.compile(r"[-_]+")
_MAIN_SHARE = 0.5
_LINKED_SHARE = 0.7
_META_CHARACTERS = 120


def kinds_of(sheet: Sheet) -> list[tuple[BlockKind, int]]:
    """Return kind and heading level of each piece by its markup, boilerplate aside."""
    known: list[tuple[BlockKind, int]] = []
    for box in sheet.boxes:
        outer = known[box.parent] if box.parent >= 0 else ("paragraph", 0)
        known.append(_kind(box, outer))
    return [_short(piece, *known[piece.box]) for piece in sheet.pieces]


def boilerplate_of(sheet: Sheet, kinds: Sequence[tuple[BlockKind, int]]) -> list[bool]:
    """Return whether each piece is boilerplate by its place, or because nearly all is links.

    A box with most of the page's text is no boilerplate, whatever it is called. The line that
    offers to end a subscription is, with what follows it, if no heading does: a newsletter must
    end so (15 U.S.C. 7704).
    """
    sizes = _sizes(sheet)
    headers = _with_headline(sheet.boxes)
    sections = sections_of(sheet.boxes)
    inside: list[bool] = []
    for index, box in enumerate(sheet.boxes):
        is_header = box.tag == "header" and sections[index] < 0 and index not in headers
        is_named = (_is_named(box) or is_header) and sizes[index] < _MAIN_SHARE * sizes[0]
        inside.append(is_named or (box.parent >= 0 and inside[box.parent]))
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


def sections_of(boxes: Sequence[Box]) -> list[int]:
    """Return for each box the innermost article container that it is or stands in, else -1."""
    found: list[int] = []
    for index, box in enumerate(boxes):
        outer = found[box.parent] if box.parent >= 0 else -1
        found.append(index if _is_article(box) else outer)
    return found


def _short(piece: Piece, kind: BlockKind, level: int) -> tuple[BlockKind, int]:
    if kind in ("byline", "date") and len(piece.text) > _META_CHARACTERS:
        return "paragraph", 0
    return kind, level


def _kind(box: Box, outer: tuple[BlockKind, int]) -> tuple[BlockKind, int]:
    if box.tag in _HEADINGS:
        return "heading", int(box.tag[1])
    if outer[0] == "heading":
        return outer
    marks = _marks_of(box.names)
    if box.tag == "figcaption" or marks & _CAPTION or outer[0] == "caption":
        return "caption", 0
    if marks & _BYLINE or box.is_author:
        return "byline", 0
    if marks & _DATE:
        return "date", 0
    if box.tag == "li":
        return "list_item", 0
    if box.tag == "blockquote" or outer[0] == "quote":
        return "quote", 0
    return outer[0], 0


def _is_named(box: Box) -> bool:
    if box.tag in ("html", "body", "main", "article"):
        return False
    return (
        box.tag in _BOILERPLATE_TAGS
        or box.role in _BOILERPLATE_ROLES
        or bool(_marks_of(box.names) & _BOILERPLATE)
    )


def _is_linked(piece: Piece) -> bool:
    return piece.linked > 0 and piece.linked > _LINKED_SHARE * len("".join(piece.text.split()))


def _is_article(box: Box) -> bool:
    return (
        box.tag == "article"
        or bool(_marks_of(box.names) & _ARTICLE)
        or bool(box.itemtype and _ARTICLE_TYPE.search(box.itemtype))
    )


def _sizes(sheet: Sheet) -> list[int]:
    """Return the characters in each box with all inside it."""
    sizes = [0] * len(sheet.boxes)
    for piece in sheet.pieces:
        sizes[piece.box] += len(piece.text)
    for index in range(len(sizes) - 1, 0, -1):
        sizes[sheet.boxes[index].parent] += sizes[index]
    return sizes


def _with_headline(boxes: Sequence[Box]) -> set[int]:
    """Return the boxes that stand around an `h1`."""
    found: set[int] = set()
    for place, box in enumerate(boxes):
        index = place if box.tag == "h1" else -1
        while index >= 0 and index not in found:
            found.add(index)
            index = boxes[index].parent
    return found


@functools.lru_cache(maxsize=1 << 14)
def _marks_of(names: str) -> int:
    """Return what the names in class and id say that an element is, one bit each."""
    found = 0
    for name in names.split():
        found |= _marks_of_one(name)
    return found


@functools.lru_cache(maxsize=1 << 14)
def _marks_of_one(name: str) -> int:
    """Return what a name says, whole and in its parts: `post-footer` is a footer and no post."""
    name = name.lower()
    words = {*_NAME_PARTS.split(name)} - _ARTICLE_WORDS | {name}
    return sum(mark for mark, known in _MARK_WORDS if words & known)
