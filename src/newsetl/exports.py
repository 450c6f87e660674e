"""Exports of news databases as text: lines with spans, fields, and the document they make.

A text export keeps its text as it stands, and the pieces of its articles are spans of it. HTML
exports become lines first, so that one reader of a format serves both.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newsetl.dates import find_printed, parse_printed, parse_stamp
from newsetl.entries import listing, people, squeezed
from newsetl.markup import lines_of_html, parse_html, text_of
from newsetl.model import Block, BlockKind, Document, Entry, Published, Reject, Stated
from newsetl.payload import Payload
from newsetl.readers import plain

HTML = ("text/html", "application/xhtml+xml")
TEXT_OR_HTML = ("text/plain", *HTML)

_LANGUAGES = {
    "english": "en", "french": "fr", "german": "de", "spanish": "es", "italian": "it",
    "portuguese": "pt", "dutch": "nl", "anglais": "en", "français": "fr", "englisch": "en",
    "deutsch": "de", "español": "es", "italiano": "it",
}  # fmt: skip
"""Names that exports give their languages, and BCP 47 codes."""

_LINE = re.compile(r"[^\n]+")
_MAX_WRAPPED = 140
_MAX_DATE_LINE, _MAX_DATE_LEAD = 120, 24
_BY = re.compile(r"(?:by|par|von|por|di)\s+(?=\S)", re.IGNORECASE)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: its span without outer space, its indent, whether one is above."""

    start: int
    end: int
    indent: int
    is_first: bool


@dataclass(frozen=True, slots=True)
class Story:
    """What a reader of exports finds of one article: where its pieces stand, and its fields.

    `pieces` are the blocks other than headline and byline, which may be missing.
    """

    headline: Span | None
    byline: Span | None
    pieces: tuple[tuple[BlockKind, Span], ...]
    stated: Stated
    is_teaser: bool = False


def source_of(payload: Payload) -> tuple[str, str | None]:
    """Return the text of an export, HTML as lines, and its encoding."""
    if payload.media_type in HTML:
        markup, encoding = text_of(payload, is_html=True)
        return lines_of_html(parse_html(markup, where=payload.uri)), encoding
    document = plain.read(payload)
    return document.text, document.encoding


def lines_of(text: str, span: Span | None = None) -> list[Line]:
    """Return the lines of a stretch of `text` that are not blank."""
    found: list[Line] = []
    before = -1
    for match in _LINE.finditer(text, *(span or (0, len(text)))):
        content = match[0].strip()
        if content:
            indent = len(match[0]) - len(match[0].lstrip())
            start = match.start() + indent
            is_first = before < 0 or text.count("\n", before, start) > 1
            found.append(Line(start, start + len(content), indent, is_first))
            before = start + len(content)
    return found


def groups_of(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Return the lines in groups that blank lines part."""
    starts = [at for at, line in enumerate(lines) if line.is_first or at == 0]
    return [lines[first:end] for first, end in pairwise([*starts, len(lines)])]


def paragraphs_of(lines: Sequence[Line]) -> Iterator[Span]:
    """Yield the paragraphs that lines make: a group that is wrapped, else each line."""
    for group in groups_of(lines):
        if any(line.end - line.start > _MAX_WRAPPED for line in group):
            yield from ((line.start, line.end) for line in group)
        else:
            yield group[0].start, group[-1].end


def numbered(text: str, marks: Sequence[re.Match[str]]) -> Iterator[Span]:
    """Yield the stretch of `text` behind each mark, such as "3 of 112 DOCUMENTS", to the next."""
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends, strict=True):
        yield mark.end(), end


def language_of(name: str | None) -> str | None:
    """Return the BCP 47 code of a language's name; None for one that is not in the table.

    >>> language_of("ENGLISH; ENGLISHS"), language_of("Klingon")
    ('en', None)
    """
    words = re.findall(r"[^\W\d_]+", name or "")
    return _LANGUAGES.get(words[0].casefold()) if words else None


def value_of(text: str, span: Span | None) -> str | None:
    """Return the text of a field with single spaces, or None without one."""
    return squeezed(text[slice(*span)]) if span else None


def without_by(text: str, span: Span) -> Span:
    """Return the span of a byline without its leading "By"."""
    match = _BY.match(text, *span)
    return (match.end(), span[1]) if match else span


def date_of(line: str, *, stated_by: str) -> Published | None:
    """Return the date that a short line states near its start, whatever edition follows it."""
    if len(line) > _MAX_DATE_LINE:
        return None
    flat = " ".join(line.split())
    if stamp := parse_stamp(flat, stated_by=stated_by):
        return stamp
    for start, end in find_printed(flat):
        found = parse_printed(flat[start:end], stated_by=stated_by)
        return found if start <= _MAX_DATE_LEAD else None
    return None


def document_of(
    payload: Payload,
    text: str,
    stories: Iterable[Story],
    *,
    encoding: str | None,
    declared: int | None,
    rejects: Sequence[Reject] = (),
) -> Document:
    """Return the document of an export's stories, in the order of its text.

    Raises ReadError if there is none.
    """
    blocks: list[Block] = []
    entries: list[Entry] = []
    for story in stories:
        own = _blocks(story)
        blocks += own
        span = own[0].start, own[-1].end
        entries.append(Entry(*span, _stated(text, story), story.is_teaser))
    stated = Stated(article_count=declared)
    document = listing(payload, text, entries, stated=stated, rejects=rejects)
    return replace(document, blocks=tuple(blocks), encoding=encoding)


def _blocks(story: Story) -> list[Block]:
    """Return the blocks of a story in the order of the text; the headline is of level 1."""
    heads: tuple[tuple[BlockKind, Span | None], ...] = (
        ("heading", story.headline),
        ("byline", story.byline),
    )
    pieces = [*((kind, span) for kind, span in heads if span), *story.pieces]
    return [
        Block(kind, *span, level=1 if kind == "heading" else 0)
        for kind, span in sorted(pieces, key=lambda piece: piece[1])
    ]


def _stated(text: str, story: Story) -> Stated:
    headline = value_of(text, story.headline)
    authors = story.stated.authors
    if story.byline and not authors:
        authors = people(text[slice(*story.byline)])
    return replace(story.stated, headline=headline, authors=authors)
