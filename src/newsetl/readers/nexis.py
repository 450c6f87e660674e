"""LexisNexis exports: the classic layout ("1 of 112 DOCUMENTS"), Nexis Uni ("End of Document").

Fields stand in capitals before and after the text in the classic layout; Nexis Uni leads the text
in with "Body". Layouts as the products print them, field names in English, French and German.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from newsetl.entries import reject_entry
from newsetl.exports import (
    TEXT_OR_HTML,
    Line,
    Span,
    Story,
    date_of,
    document_of,
    groups_of,
    language_of,
    lines_of,
    numbered,
    paragraphs_of,
    source_of,
    value_of,
    without_by,
)
from newsetl.model import BlockKind, Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("text/x-nexis",)
WITHIN = TEXT_OR_HTML

_COUNT = r"(?P<at>\d{1,6}) (?:of|de|sur|von) (?P<of>\d{1,6}) (?:DOCUMENT|DOKUMENT)[EONS]{0,3}"
_NUMBER = re.compile(rf"^[ \t]*{_COUNT}[ \t]*$", re.MULTILINE)
_NUMBER_MARK = re.compile(rf"(?:^[ \t]*|>){_COUNT}[ \t]*(?:$|<)", re.MULTILINE)
_CLASSIC_MARK = re.compile(r"\b(?:LOAD-DATE|LENGTH|DATE-CHARGEMENT|LONGUEUR|UPDATE|LÄNGE): ?")
_UNI_END = re.compile(r"^[ \t]*End of Document[ \t]*$", re.MULTILINE)
_UNI_BODY = re.compile(r"^[ \t]*Body[ \t]*$", re.MULTILINE)
_UNI_MARK = re.compile(r"(?:^[ \t]*|>)(?:End of Document|Load-Date:)", re.MULTILINE)
_UNI_LENGTH = re.compile(
    r"(?:^[ \t]*|>)Length:(?:</?\w[^>]{0,200}>|\s){0,20}\d[\d,]{0,8} ?words", re.MULTILINE
)
_UNI_COUNT = re.compile(r"^[ \t]*Documents? \((\d{1,6})\)[ \t]*$", re.MULTILINE)

_PAGE = re.compile(r"Page \d{1,5} of \d{1,5}$")

_ROLES = {
    "byline": "BYLINE AUTEUR AUTOR AUTHOR",
    "section": "SECTION RUBRIQUE RUBRIK",
    "summary": "HIGHLIGHT ENCART ABSTRACT",
    "head": "LENGTH LONGUEUR LÄNGE DATELINE SERIES COLUMN TYPE",
    "keywords": "SUBJECT SUJET THEMEN",
    "language": "LANGUAGE LANGUE SPRACHE",
    "tail": """
    LOAD-DATE DATE-CHARGEMENT UPDATE PUBLICATION-TYPE TYPE-PUBLICATION PUBLIKATIONSTYP JOURNAL-CODE
    COMPANY SOCIETE ORGANIZATION ORGANISATION TICKER SYMBOLE-BOURSIER INDUSTRY SECTEUR-ACTIVITE
    PERSON PERSONNE GEOGRAPHIC LOCALISATION-GEO CITY STATE COUNTRY CORRECTION-DATE CORRECTION
    GRAPHIC GRAPHIQUE GRAFIK DISTRIBUTION NOTES ACC-NO DOCUMENT-TYPE PUB-TYPE ISSN URL
    """,
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names.split()}
_AFTER = frozenset(("keywords", "language", "tail"))
"""Roles of the fields that follow the text."""

_FIELD = re.compile(r"([^\W\d_]+(?:[- ][^\W\d_]+)?)[ \t\xa0]*:[ \t\xa0]*")
_COPYRIGHT = re.compile(r"Copy(?:right)?\s+(?:\(c\)\s*|©\s*)?\d{4}|(?:©|\(c\))\s*\d{4}", re.I)
_UNI_TAIL = frozenset(("classification", "graphic", "notes", "correction"))
_UNI_AFTER = frozenset(("LOAD-DATE", "LANGUAGE", "PUBLICATION-TYPE", "JOURNAL-CODE", "SUBJECT"))
"""What may follow the text of Nexis Uni without the heading "Classification"."""

_PERCENT = re.compile(r"\s*\(\d{1,3}\s?%\)")
_CENTRED, _MAX_HEAD_LINES = 8, 6


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of an article: its role, where it starts, and the span of its value."""

    role: str
    start: int
    value: Span


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands where in one document of an export."""

    headline: Span | None
    fields: Sequence[_Field]
    body: Sequence[Line]
    published: Published


def recognises(opening: str) -> bool:
    r"""Return whether a text shows two marks of one of the layouts.

    >>> recognises("1 of 3 DOCUMENTS\n\nThe Post\n\nLENGTH: 90 words\n\nA mill …")
    True
    >>> recognises("He filed 1 of 3 documents on Monday. The length: 90 words.")
    False
    """
    is_numbered = any(word in opening for word in ("DOCUMENT", "DOKUMENT"))
    if is_numbered and _NUMBER_MARK.search(opening) and _CLASSIC_MARK.search(opening):
        return True
    is_uni = "End of Document" in opening or "Load-Date:" in opening
    return is_uni and bool(_UNI_LENGTH.search(opening) and _UNI_MARK.search(opening))


def read(payload: Payload) -> Document:
    """Return the export's articles; a document without text is a reject."""
    text, encoding = source_of(payload)
    numbers = list(_NUMBER.finditer(text))
    if numbers:
        found = [_classic(text, span) for span in numbered(text, numbers)]
        declared: int | None = _declared(numbers)
    else:
        found = [_uni(text, span) for span in _closed(text)]
        count = _UNI_COUNT.search(text)
        declared = int(count[1]) if count else None
    rejects = [
        reject_entry(payload, "the document holds no text", place=f"document {number}")
        for number, item in enumerate(found, start=1)
        if not (item.body or item.headline)
    ]
    stories = (_story(text, item) for item in found if item.body or item.headline)
    return document_of(
        payload, text, stories, encoding=encoding, declared=declared, rejects=rejects
    )


def _declared(numbers: Sequence[re.Match[str]]) -> int:
    """Return how many documents the file announces; a later part of an export, its own range."""
    first = int(numbers[0]["at"])
    return int(numbers[0]["of"]) if first == 1 else int(numbers[-1]["at"]) - first + 1


def _closed(text: str) -> Iterator[Span]:
    """Yield the span of each document that "End of Document" closes, and of an open last one."""
    start = 0
    for match in _UNI_END.finditer(text):
        yield start, match.start()
        start = match.end()
    if _UNI_BODY.search(text, start):
        yield start, len(text)


def _classic(text: str, span: Span) -> _Found:
    """Return what stands where in a numbered document.

    Publication and date come first, centred in text files; then headline, fields, body, fields.
    """
    groups = groups_of(lines_of(text, span))
    fields = [_field(text, group, is_classic=True) for group in groups]
    first_field = next((at for at, field in enumerate(fields) if field), len(groups))
    date_at, published = _dated(text, [group[0] for group in groups[:first_field]])
    heads = [at for at in range(date_at + 1, first_field) if groups[at][0].indent < _CENTRED]
    if first_field == len(groups) or _is_after(fields[first_field]):
        heads = heads[:1]  # no field stands above the text, so all but one group are the text
        start = heads[0] + 1 if heads else first_field
    else:
        start = _first(groups, first_field, lambda at: not fields[at])
    end = _first(groups, start, lambda at: _is_after(fields[at]))
    if end == len(groups):  # no field stands below the text
        end = _first(groups, start, lambda at: _is_copyright(text, groups[at][0]))
    headline = (groups[heads[0]][0].start, groups[heads[-1]][-1].end) if heads else None
    body = [line for group in groups[start:end] for line in group]
    return _Found(headline, [field for field in fields if field], body, published)


def _uni(text: str, span: Span) -> _Found:
    """Return what stands where in a document of Nexis Uni.

    Headline, publication, date, copyright and fields are a line each, in this order.
    """
    lines = [line for line in lines_of(text, span) if not _PAGE.match(text, line.start, line.end)]
    fields = [_field(text, [line], is_classic=False) for line in lines]
    body_at = _first(lines, 0, lambda at: text[lines[at].start : lines[at].end] == "Body")
    edge = _first(lines, 0, lambda at: fields[at] and not _is_after(fields[at]))
    edge = min(edge, body_at)
    top = max(0, edge - _MAX_HEAD_LINES)
    date_at, published = _dated(text, lines[top:edge])
    headline = _uni_headline(lines, top + date_at - 2) if date_at >= 0 else None
    bare = _first(lines, edge, lambda at: not fields[at])
    start = body_at + 1 if body_at < len(lines) else bare
    end = _first(lines, start, lambda at: _closes(text, lines[at], fields[at]))
    return _Found(headline, [field for field in fields if field], lines[start:end], published)


def _uni_headline(lines: Sequence[Line], at: int) -> Span | None:
    """Return the span of the headline whose last line is `at`: up to the blank line above."""
    if at < 0:
        return None
    first = at
    while first > 0 and not lines[first].is_first and at - first < _MAX_HEAD_LINES:
        first -= 1
    return lines[first].start, lines[at].end


def _dated(text: str, lines: Sequence[Line]) -> tuple[int, Published]:
    """Return which of the lines above an article is its date; -1 and no date if none is.

    The last one counts: a cover sheet above it has dates, too.
    """
    for at in reversed(range(len(lines))):
        line = text[lines[at].start : lines[at].end]
        found = None if _is_copyright(text, lines[at]) else date_of(line, stated_by="export date")
        if found:
            return at, found
    return -1, Published()


def _field(text: str, group: Sequence[Line], *, is_classic: bool) -> _Field | None:
    """Return the field that a group of lines is, by a known name before a colon, or None."""
    start, end = group[0].start, group[-1].end
    match = _FIELD.match(text, start, group[0].end)
    if match is None or match[1].isupper() is not is_classic:
        return None
    role = _ROLE_OF.get(match[1].upper())
    if not is_classic and role in _AFTER and match[1].upper() not in _UNI_AFTER:
        return None
    return _Field(role, start, (match.end(), end)) if role else None


def _is_after(field: _Field | None) -> bool:
    return field is not None and field.role in _AFTER


def _is_copyright(text: str, line: Line) -> bool:
    return _COPYRIGHT.match(text, line.start, line.end) is not None


def _closes(text: str, line: Line, field: _Field | None) -> bool:
    """Return whether a line of Nexis Uni stands behind the text."""
    return _is_after(field) or text[line.start : line.end].casefold() in _UNI_TAIL


def _first(items: Sequence[object], start: int, is_wanted: Callable[[int], object]) -> int:
    """Return the first place from `start` on that is wanted, else the number of items."""
    return next((at for at in range(start, len(items)) if is_wanted(at)), len(items))


def _story(text: str, found: _Found) -> Story:
    """Return the article: its pieces from the headline to the last line of the body."""
    values: dict[str, Span] = {}
    for field in found.fields:
        if field.value[0] < field.value[1]:
            values.setdefault(field.role, field.value)
    until = found.body[0].start if found.body else len(text)
    byline = values.get("byline")
    pieces: list[tuple[BlockKind, Span]] = [
        ("paragraph", field.value)
        if field.role == "summary"
        else ("boilerplate", (field.start, field.value[1]))
        for field in found.fields
        if found.headline and found.headline[1] <= field.start < until and field.role != "byline"
    ]
    pieces += (("paragraph", span) for span in paragraphs_of(found.body))
    return Story(
        headline=found.headline,
        byline=without_by(text, byline) if byline and byline[0] < until else None,
        pieces=tuple(piece for piece in pieces if piece[1][0] < piece[1][1]),
        stated=Stated(
            published=found.published,
            language=language_of(value_of(text, values.get("language"))),
            section=value_of(text, values.get("section")),
            keywords=_keywords(text, values.get("keywords")),
        ),
    )


def _keywords(text: str, span: Span | None) -> tuple[str, ...]:
    words = _PERCENT.sub("", text[slice(*span)]).split(";") if span else []
    return tuple(dict.fromkeys(word for own in words if (word := " ".join(own.split()))))
