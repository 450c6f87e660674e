"""Entries: documents whose articles the file itself marks, each with what it states of them.

A reader makes a `Draft` for each article of a feed, a mail folder or an XML file, and `compose`
lays them out in one text. Text exports, whose text stands already, are in `exports`.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from newsetl.dates import parse_printed, parse_stamp
from newsetl.encoding import scalar_json
from newsetl.errors import ReadError
from newsetl.markup import Layout, text_of
from newsetl.model import Block, BlockKind, Document, Entry, Published, Reject, Section, Stated
from newsetl.payload import Payload
from newsetl.splitters.prose.parts import authors_of

_BREAK = "\n\n"
_OPEN_END = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\[\+\d+ chars\]"
    r"|\b(?:read|continue reading|weiterlesen|lire)\b.{0,24})\W*$",
    re.I,
)
_WHOLE_WORDS = 150
_Span = TypeVar("_Span", Block, Section)


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as a file states it, before it has its place in the document's text."""

    stated: Stated
    body: Layout = ("", (), ())
    byline: str | None = None
    date_line: str | None = None
    is_teaser: bool = False
    layout: str | None = None


def json_items(payload: Payload) -> tuple[list[Any], str | None]:
    """Return the items of a JSON list, or a JSON object as the only one; and the encoding.

    Raises ReadError for what is no JSON.
    """
    text, encoding = text_of(payload, is_html=False)
    try:
        found = json.loads(text.removeprefix("\ufeff"), strict=False)
        found = scalar_json(found, source=text)
    except (ValueError, RecursionError) as error:
        raise ReadError(
            f"no JSON: {error}", where=payload.uri, fix="fetch it again", reason="unreadable"
        ) from error
    return (found if isinstance(found, list) else [found]), encoding


def compose(
    payload: Payload,
    drafts: Iterable[Draft],
    *,
    encoding: str | None,
    declared: int | None = None,
    rejects: Sequence[Reject] = (),
    language: str | None = None,
) -> Document:
    """Return the document of `drafts`: headline, byline, date, body of each, in order.

    Raises ReadError if there is none.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    sections: list[Section] = []
    entries: list[Entry] = []
    start = 0
    for draft in drafts:
        text, own, inner = _lay_out(draft)
        pieces.append(text)
        blocks += (_moved(block, start) for block in own)
        sections += (_moved(section, start) for section in inner)
        end = start + len(text)
        entries.append(Entry(start, end, draft.stated, draft.is_teaser, draft.layout))
        start = end + len(_BREAK)
    stated = Stated(article_count=declared, language=language)
    document = listing(payload, _BREAK.join(pieces), entries, stated=stated, rejects=rejects)
    return replace(document, blocks=tuple(blocks), sections=tuple(sections), encoding=encoding)


def listing(
    payload: Payload,
    text: str,
    entries: Sequence[Entry],
    *,
    stated: Stated,
    rejects: Sequence[Reject] = (),
) -> Document:
    """Return a document of entries without its blocks; raises ReadError if there is no entry."""
    if not entries:
        raise nothing_in(payload, rejects)
    return Document(
        document_id=payload.document_id,
        uri=payload.uri,
        source_id=payload.source_id,
        text=text,
        layout="listing",
        blocks=(),
        stated=stated,
        entries=tuple(entries),
        rejects=tuple(rejects),
    )


def paragraphs(pieces: Iterable[tuple[BlockKind, str]]) -> Layout:
    r"""Return the text and blocks of paragraphs that the file states one by one.

    >>> paragraphs([("heading", "One"), ("paragraph", " two "), ("paragraph", "")])[0]
    'One\n\ntwo'
    """
    texts: list[str] = []
    blocks: list[Block] = []
    offset = 0
    for kind, text in pieces:
        own = text.strip()
        if own:
            level = 2 if kind == "heading" else 0
            blocks.append(Block(kind, offset, offset + len(own), level=level))
            texts.append(own)
            offset += len(own) + len(_BREAK)
    return _BREAK.join(texts), tuple(blocks), ()


def reject_entry(payload: Payload, what: str, *, place: str, fix: str = "") -> Reject:
    """Return the reject of one entry that could not be read, while the others go on."""
    return Reject(
        step="read",
        reason="unreadable_entry",
        what=what,
        source_id=payload.source_id,
        place=f"{payload.uri}, {place}",
        fix=fix or "see the file at that place; the other entries are written",
        uri=payload.uri,
        document_id=payload.document_id,
    )


def nothing_in(payload: Payload, rejects: Sequence[Reject] = ()) -> ReadError:
    """Return the error of a document without a readable entry; it tells the first fault."""
    what = "no entry in it"
    if rejects:
        what = f"no entry could be read; the first fault: {rejects[0].what}"
    return ReadError(what, where=payload.uri, fix="check where the file comes from", reason="empty")


def squeezed(text: str | None) -> str | None:
    """Return `text` with single spaces, or None if it holds nothing."""
    return " ".join((text or "").split()) or None


def people(*lines: str | None) -> tuple[str, ...]:
    """Return the people that byline texts name, each once."""
    names = (name for line in lines if (own := squeezed(line)) for name in authors_of(own))
    return tuple(dict.fromkeys(name for name in names if "@" not in name))


def published(text: str | None, *, stated_by: str) -> Published:
    """Return the date that a stamp or a printed date states, or none."""
    own = squeezed(text) or ""
    found = parse_stamp(own, stated_by=stated_by) or parse_printed(own, stated_by=stated_by)
    return found or Published()


def is_opening(text: str) -> bool:
    """Return whether a summary is only the opening of its article, as far as it shows.

    >>> is_opening("The mill is open again […]"), is_opening("word " * 200)
    (True, False)
    """
    return bool(_OPEN_END.search(text[-60:])) or len(text.split()) < _WHOLE_WORDS


def is_cut_off(text: str) -> bool:
    """Return whether a text ends in dots or "Read more", as feeds do with cut contents."""
    return bool(_OPEN_END.search(text[-60:]))


def _lay_out(draft: Draft) -> Layout:
    stated = draft.stated
    heads: list[tuple[BlockKind, str | None]] = [
        ("heading", stated.headline),
        ("byline", draft.byline),
        ("date", draft.date_line),
    ]
    head, blocks, _ = paragraphs((kind, text) for kind, text in heads if text)
    if blocks and stated.headline:
        blocks = (replace(blocks[0], level=1, link=stated.url), *blocks[1:])
    text, own, sections = draft.body
    at = len(head) + len(_BREAK) if head else 0
    body = tuple(_moved(block, at) for block in own)
    moved = tuple(_moved(section, at) for section in sections)
    return (head + _BREAK + text if head and text else head or text), (*blocks, *body), moved


def _moved(span: _Span, by: int) -> _Span:
    return replace(span, start=span.start + by, end=span.end + by)
