"""Factiva exports: articles by the two-letter tags of the indexed layout, or by their order.

Tags as Dow Jones prints them: HD headline, BY author, WC words, PD and ET date and time, SN and SC
source, SE section, LA language, LP lead paragraph, TD text; IN, NS, RE … indexing; AN the number.
Without tags the lines come in the same order, and "Document …" with that number closes each.
"""

import re
from collections.abc import Iterator, Sequence

from newsetl.entries import reject_entry
from newsetl.exports import (
    TEXT_OR_HTML,
    Line,
    Span,
    Story,
    date_of,
    document_of,
    language_of,
    lines_of,
    paragraphs_of,
    source_of,
    value_of,
    without_by,
)
from newsetl.model import BlockKind, Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("text/x-factiva",)
WITHIN = TEXT_OR_HTML

_HEAD_TAGS = frozenset("SE CLM HD BY CR WC PD ET SN SC ED PG VOL LA CY".split())
_TEXT_TAGS = frozenset(("LP", "TD"))
_AFTER_TAGS = frozenset("CT RF ART CO IN NS RE IPC IPD PUB AN".split())
_TAG = re.compile(r"([A-Z]{2,3})(?:$|[ \t\xa0]{2,}|\t|[ \xa0](?=\d))")
_NUMBER = re.compile(r"Document [A-Za-z0-9]{10,40}$")
_WORDS = re.compile(r"\d[\d,. ]{0,8} (?:words|mots|Wörter|palabras|parole)$")
_RIGHTS = re.compile(r"(?:\(c\)|©|Copyright|\(Copyright)", re.IGNORECASE)
_TAG_MARK = re.compile(
    r"(?:^[ \t]*|>)(HD|WC|PD|LP|TD)(?:$|<|[ \t\xa0]{2,}|\t|[ \xa0](?=\d))", re.MULTILINE
)
_NUMBER_MARK = re.compile(
    r"(?:^[ \t]*|>)Document [A-Za-z0-9]{4,20}\d{6}[a-z0-9]{0,14}[ \t]*(?:$|<)", re.M
)
_WORDS_MARK = re.compile(
    r"(?:^[ \t]*|>)\d[\d,. ]{0,8} (?:words|mots|Wörter|palabras|parole)\s*(?:$|<)", re.M
)
_LAST_HEAD = 9
"""Lines that may stand between the count of words and the text: date to copyright."""


def recognises(opening: str) -> bool:
    r"""Return whether a text has Factiva's tags at line starts, or counts words and numbers.

    >>> recognises("HD\nMill reopens\nWC\n90 words\nPD\n3 June 2025\nLP\nThe mill …")
    True
    >>> recognises("The HD screens sold well. WC 90 words, PD unknown, LP vinyl, too.")
    False
    """
    if "HD" in opening and "PD" in opening:  # most pages are told by this alone
        tags = {match[1] for match in _TAG_MARK.finditer(opening)}
        if {"HD", "PD"} <= tags and tags & {"LP", "TD", "WC"}:
            return True
    is_numbered = "Document " in opening and _NUMBER_MARK.search(opening)
    return bool(is_numbered and _WORDS_MARK.search(opening))


def read(payload: Payload) -> Document:
    """Return the export's articles; one without text is a reject."""
    text, encoding = source_of(payload)
    lines = lines_of(text)
    tags = [_tag(text, line) for line in lines]
    if tags.count("HD"):
        found = [_tagged(text, *part) for part in _tagged_parts(lines, tags)]
    else:
        found = [_ordered(text, part) for part in _ordered_parts(text, lines)]
    rejects = [
        reject_entry(payload, "the document holds no text", place=f"document {number}")
        for number, story in enumerate(found, start=1)
        if story is None
    ]
    stories = [story for story in found if story]
    return document_of(
        payload, text, stories, encoding=encoding, declared=len(found), rejects=rejects
    )


def _tag(text: str, line: Line) -> str | None:
    match = _TAG.match(text, line.start, line.end)
    known = match and match[1] in _HEAD_TAGS | _TEXT_TAGS | _AFTER_TAGS
    return match[1] if match and known else None


def _tagged_parts(
    lines: Sequence[Line], tags: Sequence[str | None]
) -> Iterator[tuple[Sequence[Line], list[tuple[str, int]]]]:
    """Yield the lines of each article with its tags and their places among them.

    Inside the text only tags that may follow it count: a line "IN" of a poem is none.
    """
    starts: list[int] = []
    own: list[list[tuple[str, int]]] = []
    is_text = is_open = False
    for at, tag in enumerate(tags):
        if tag is None or (is_text and tag in _HEAD_TAGS - {"HD", "SE", "CLM"}):
            continue
        if tag in ("HD", "SE", "CLM") and not is_open:
            starts.append(at)
            own.append([])
            is_open = True
        if own:
            own[-1].append((tag, at - starts[-1]))
        is_text = tag in _TEXT_TAGS
        is_open = is_open and not (is_text or tag in _AFTER_TAGS)
    for start, end, places in zip(starts, [*starts[1:], len(lines)], own, strict=True):
        yield lines[start:end], places


def _tagged(text: str, lines: Sequence[Line], places: Sequence[tuple[str, int]]) -> Story | None:
    """Return the article of tagged lines, or None if it has neither headline nor text."""
    ends = [at for _, at in places[1:]] + [len(lines)]
    values: dict[str, list[Line]] = {}
    for (tag, at), end in zip(places, ends, strict=True):
        values.setdefault(tag, []).extend(_value(text, lines[at:end], tag))
    spans = {tag: (own[0].start, own[-1].end) for tag, own in values.items() if own}
    body = [line for tag in ("LP", "TD") for line in values.get(tag, [])]
    body = [line for line in body if not _NUMBER.match(text, line.start, line.end)]
    headline, byline = spans.get("HD"), spans.get("BY")
    if not body and not headline:
        return None
    after = headline[1] if headline else body[0].start
    pieces: list[tuple[BlockKind, Span]] = [
        ("date" if tag == "PD" else "boilerplate", span)
        for tag, span in spans.items()
        if tag in _HEAD_TAGS - {"HD", "BY"} and span[0] >= after
    ]
    pieces += (("paragraph", span) for span in paragraphs_of(body))
    stated = Stated(
        published=_published(text, spans.get("PD")),
        section=value_of(text, spans.get("SE")),
        language=language_of(value_of(text, spans.get("LA"))),
        keywords=_keywords(text, spans.get("NS")),
    )
    return Story(headline, without_by(text, byline) if byline else None, tuple(pieces), stated)


def _value(text: str, lines: Sequence[Line], tag: str) -> Iterator[Line]:
    """Yield the lines of a tag's value; the tag's own line without the tag."""
    for at, line in enumerate(lines):
        start = line.start
        if at == 0:
            match = _TAG.match(text, line.start, line.end)
            start = match.end() if match else line.start + len(tag)
        if start < line.end:
            yield Line(start, line.end, line.indent, line.is_first or at == 1)


def _ordered_parts(text: str, lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Yield the lines of each article that "Document …" closes, without that line."""
    first = 0
    for at, line in enumerate(lines):
        if _NUMBER.match(text, line.start, line.end):
            yield lines[first:at]
            first = at + 1


def _ordered(text: str, lines: Sequence[Line]) -> Story | None:
    """Return the article of lines in Factiva's order, or None without a count of words.

    Section and author may stand around the headline: the line above the count is the author's
    if it starts with "By" or is short, and the headline is the line above that.
    """
    words = next(
        (at for at, line in enumerate(lines) if _WORDS.match(text, line.start, line.end)), 0
    )
    if not words:
        return None
    is_signed = words > 1 and _is_byline(text, lines[words - 1])
    headline = lines[words - 1 - is_signed]
    byline = lines[words - 1] if is_signed else None
    head = lines[words : words + _LAST_HEAD]
    rights = next(
        (at for at, line in enumerate(head) if _RIGHTS.match(text, line.start, line.end)), 0
    )
    dated = (
        (at, date_of(text[line.start : line.end], stated_by="export date"))
        for at, line in enumerate(head)
    )
    date_at, published = next(((at, day) for at, day in dated if day), (-1, Published()))
    pieces: list[tuple[BlockKind, Span]] = [
        ("date" if at == date_at else "boilerplate", (line.start, line.end))
        for at, line in enumerate(head[: rights + 1])
    ]
    body = lines[words + rights + 1 :]
    pieces += (("paragraph", span) for span in paragraphs_of(body))
    span = without_by(text, (byline.start, byline.end)) if byline else None
    return Story((headline.start, headline.end), span, tuple(pieces), Stated(published=published))


def _is_byline(text: str, line: Line) -> bool:
    own = (line.start, line.end)
    return without_by(text, own) != own


def _published(text: str, span: Span | None) -> Published:
    found = date_of(text[slice(*span)], stated_by="export date") if span else None
    return found or Published()


def _keywords(text: str, span: Span | None) -> tuple[str, ...]:
    """Return the subjects of "gpol : Domestic Politics | npag : Page One", without codes."""
    parts = (value_of(text, span) or "").split("|")
    words = (part.partition(" : ")[2] or part for part in parts)
    return tuple(dict.fromkeys(word for own in words if (word := own.strip())))
