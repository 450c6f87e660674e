"""NITF, the IPTC's XML of one article: head and docdata state it, body.content holds it.

Element names are those of NITF 3.6; 3.0 to 3.5 have the same.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from newsetl.entries import Draft, compose, paragraphs, people, published, squeezed
from newsetl.markup import parse_xml, root_name, text_of
from newsetl.model import BlockKind, Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("application/nitf+xml", "text/nitf")
WITHIN = ("application/xml", "text/xml", "text/plain")

Element = Any
"""An lxml element; lxml ships no types."""

_MARKED = ("p", "hl2", "li", "h1", "h2", "h3", "h4", "blockquote", "td", "th", "pre")
_CAPTIONS = ("media-caption", "figcaption")
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("hl2", "h1", "h2", "h3", "h4"), "heading"),
    **dict.fromkeys(_CAPTIONS, "caption"),
    "li": "list_item",
    "blockquote": "quote",
}


def recognises(opening: str) -> bool:
    """Return whether XML opens with the root element of NITF.

    >>> recognises("<?xml version='1.0'?><nitf><body/></nitf>"), recognises("<rss></rss>")
    (True, False)
    """
    return root_name(opening) == "nitf"


def read(payload: Payload) -> Document:
    """Return the article of a payload; of XML that breaks off, as much as there is.

    Raises ReadError for XML that declares entities, and for NITF without text.
    """
    markup, encoding = text_of(payload, is_html=False)
    draft = draft_of(parse_xml(markup, where=payload.uri))
    drafts = [draft] if draft.body[0] or draft.stated.headline else []
    return compose(payload, drafts, encoding=encoding, declared=1)


def draft_of(root: Element) -> Draft:
    """Return the article that a `nitf` element holds."""
    byline = text_at(root, ".//body.head/byline")
    persons = texts_at(root, ".//body.head/byline//person")
    dates = [root.find(f".//docdata/date.{name}") for name in ("issue", "release")]
    sections = (item.get("position.section") for item in root.iter("pubdata"))
    stated = Stated(
        headline=text_at(root, ".//hedline/hl1") or text_at(root, "./head/title"),
        authors=people(*persons) or people(byline),
        published=first_date((item.get("norm") for item in dates if item is not None), "NITF date"),
        language=language_of(root),
        section=next((own for item in sections if (own := squeezed(item))), None),
        keywords=unique(item.get("key") for item in root.iterfind(".//docdata//keyword")),
    )
    pieces: list[tuple[BlockKind, str]] = [
        ("paragraph", text) for text in texts_at(root, ".//hedline/hl2")
    ]
    for path in (".//body.head/abstract", "./body/body.content"):
        for part in root.iterfind(path):
            pieces += pieces_of(part)
    date_line = text_at(root, ".//body.head/dateline")
    return Draft(stated, paragraphs(pieces), byline=byline, date_line=date_line)


def pieces_of(root: Element) -> Iterator[tuple[BlockKind, str]]:
    """Yield kind and text of the paragraphs under an element; an element with bare text is one."""
    marked = list(root.iter(*_MARKED, *_CAPTIONS))
    for element in marked:
        if next(element.iterdescendants(*_MARKED), None) is None:
            is_caption = any(above.tag in _CAPTIONS for above in element.iterancestors())
            kind = "caption" if is_caption else _KINDS.get(element.tag, "paragraph")
            yield kind, squeezed("".join(element.itertext())) or ""
    if not marked:
        yield "paragraph", squeezed("".join(root.itertext())) or ""


def text_at(root: Element, path: str) -> str | None:
    """Return the text of the first element at a path, or None."""
    return next(iter(texts_at(root, path)), None)


def texts_at(root: Element, path: str) -> list[str]:
    """Return the texts of the elements at a path, without the empty ones."""
    texts = (squeezed("".join(element.itertext())) for element in root.iterfind(path))
    return [text for text in texts if text]


def first_date(stamps: Iterable[str | None], stated_by: str) -> Published:
    """Return the first of some stamps that is a date, or none."""
    found = (published(stamp, stated_by=stated_by) for stamp in stamps)
    return next((date for date in found if date.day), Published())


def language_of(element: Element) -> str | None:
    """Return the language that an element states of itself; `xml:lang` lost its namespace."""
    names = ("{http://www.w3.org/XML/1998/namespace}lang", "lang")
    return next((element.get(name) for name in names if element.get(name)), None)


def unique(words: Iterable[str | None]) -> tuple[str, ...]:
    """Return words without the empty ones, each once, in order."""
    return tuple(dict.fromkeys(own for word in words if (own := squeezed(word))))
