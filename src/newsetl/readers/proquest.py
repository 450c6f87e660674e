"""ProQuest exports: "Document 1 of 3", a headline, labelled fields, and "Full text:".

Field names as the text and HTML exports print them; the newer layout has "FULL TEXT" and
"DETAILS" as lines of their own.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from newsetl.dates import find_printed, parse_printed
from newsetl.entries import reject_entry, squeezed
from newsetl.exports import (
    TEXT_OR_HTML,
    Line,
    Span,
    Story,
    date_of,
    document_of,
    language_of,
    lines_of,
    numbered,
    paragraphs_of,
    source_of,
)
from newsetl.model import BlockKind, Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("text/x-proquest",)
WITHIN = TEXT_OR_HTML

_NUMBER = re.compile(r"^[ \t]*Document (?P<at>\d{1,6}) of (?P<of>\d{1,6})[ \t]*$", re.MULTILINE)
_MARK = re.compile(r"Report Information from ProQuest|ProQuest document (?:ID|link)", re.IGNORECASE)
_FIELD_MARK = re.compile(
    r"(?:^[ \t]*|>)(?:Publication (?:info|date|title): ?|Full text(?::|\s*$|\s*<))", re.I | re.M
)
_RULE = re.compile(r"^[ \t]*_{20,}[ \t]*$", re.MULTILINE)
_HEAD_FIELDS = ("author", "publication info", "abstract", "links", "full text")
_TAIL_FIELDS = (
    "subject", "location", "people", "company", "company / organization", "classification",
    "identifier / keyword", "identifiers / keywords", "title", "publication title", "pages",
    "number of pages", "publication year", "publication date", "year", "section", "publisher",
    "place of publication", "country of publication", "publication subject", "issn", "source type",
    "language of publication", "language", "document type", "document feature",
    "proquest document id", "document url", "copyright", "last updated", "database", "credit",
    "dateline", "column", "edition", "first page",
)  # fmt: skip
_FIELD = re.compile(r"([A-Za-z][A-Za-z /]{2,30}?)[ \t\xa0]*:[ \t\xa0]*")
_BARE = re.compile(r"(?:(FULL TEXT|ABSTRACT(?: \([A-Z]+\))?)|(DETAILS|LINKS))$")
_LINK = re.compile(r"ProQuest document link|https?://\S+$", re.IGNORECASE)
_RUN, _MIN_KNOWN = 4, 3
"""Fields behind the text are many: of so many lines, at least so many open one."""

Fields = dict[str, tuple[Span, Sequence[Line]]]
"""Name → the span of the value, and the value's lines."""


def recognises(opening: str) -> bool:
    r"""Return whether a text names ProQuest and shows its fields.

    >>> recognises("Document 1 of 2\n\nMill reopens\n\nProQuest document link\nFull text: The")
    True
    >>> recognises("The archive was bought by ProQuest. Full text: see below.")
    False
    """
    # most pages are told by this alone
    is_named = any(name in opening for name in ("ProQuest", "PROQUEST", "proquest"))
    return is_named and bool(_MARK.search(opening) and _FIELD_MARK.search(opening))


def read(payload: Payload) -> Document:
    """Return the export's articles; one without headline and text is a reject."""
    text, encoding = source_of(payload)
    numbers = list(_NUMBER.finditer(text))
    if numbers:
        spans = list(numbered(text, numbers))
    else:
        rules = [0, *(rule.end() for rule in _RULE.finditer(text)), len(text)]
        spans = [span for span in pairwise(rules) if _FIELD_MARK.search(text, *span)]
    stories, rejects = [], []
    for number, span in enumerate(spans, start=1):
        story = _story(text, span)
        if story:
            stories.append(story)
        else:
            what = "the document holds no text"
            rejects.append(reject_entry(payload, what, place=f"document {number}"))
    declared = int(numbers[0]["of"]) if numbers else len(spans)
    return document_of(
        payload, text, stories, encoding=encoding, declared=declared, rejects=rejects
    )


def _story(text: str, span: Span) -> Story | None:
    """Return the article of one document; of one without its text, the abstract as a teaser."""
    lines = [line for line in lines_of(text, span) if not _RULE.match(text[line.start : line.end])]
    names = _names(text, lines)
    first = next((at for at, name in enumerate(names) if name), len(lines))
    heads = [line for line in lines[:first] if not _LINK.match(text, line.start, line.end)]
    headline = (heads[0].start, heads[-1].end) if heads else None
    fields = _fields(text, lines, names)
    is_teaser = "full text" not in fields
    body = fields.get("abstract" if is_teaser else "full text", ((0, 0), ()))[1]
    if not body and not headline:
        return None
    author = fields["author"][0] if "author" in fields else None
    top = headline[1] if headline else span[0]
    until = body[0].start if body else top
    pieces: list[tuple[BlockKind, Span]] = [
        ("date" if name == "publication info" else "boilerplate", own)
        for name, (own, _) in fields.items()
        if name != "author" and top <= own[0] < until
    ]
    pieces += (("paragraph", own) for own in paragraphs_of(body))
    is_above = author is not None and top <= author[0] < until
    return Story(
        headline, author if is_above else None, tuple(pieces), _stated(text, fields), is_teaser
    )


def _names(text: str, lines: Sequence[Line]) -> list[str | None]:
    """Return the field that each line opens, or None.

    Inside the text only a field that others follow counts: those behind the text are many.
    """
    found: list[str | None] = [_name(text, line) for line in lines]
    opening = next((at for at, name in enumerate(found) if name == "full text"), None)
    if opening is None:
        return found
    for at in range(opening + 1, len(found)):
        following = found[at : at + _RUN]
        known = sum(name in _TAIL_FIELDS for name in following)
        if found[at] == "details" or (found[at] and known >= min(_MIN_KNOWN, len(following))):
            break
        found[at] = None
    return found


def _name(text: str, line: Line) -> str | None:
    if bare := _BARE.match(text, line.start, line.end):
        return (bare[1] or bare[2]).partition(" (")[0].casefold()
    match = _FIELD.match(text, line.start, line.end)
    name = match[1].casefold() if match else None
    return name if name in _HEAD_FIELDS or name in _TAIL_FIELDS else None


def _fields(text: str, lines: Sequence[Line], names: Sequence[str | None]) -> Fields:
    """Return the value of each field, which runs to the next; the first of a name counts."""
    fields: Fields = {}
    starts = [at for at, name in enumerate(names) if name]
    for at, end in pairwise([*starts, len(lines)]):
        line = lines[at]
        match = _FIELD.match(text, line.start, line.end)
        value = match.end() if match else line.end
        own = [Line(value, line.end, line.indent, line.is_first)] if value < line.end else []
        own += (item for item in lines[at + 1 : end] if not _LINK.match(text, item.start, item.end))
        name = names[at] or ""
        if own and name not in fields:
            fields[name] = (own[0].start, own[-1].end), own
    return fields


def _stated(text: str, fields: Fields) -> Stated:
    values = {name: squeezed(text[slice(*span)]) or "" for name, (span, _) in fields.items()}
    address = values.get("document url", "")
    language = values.get("language of publication") or values.get("language", "")
    return Stated(
        authors=_authors(values.get("author", "")),
        published=_published(values),
        url=address if address.startswith(("http://", "https://")) else None,
        language=language_of(language),
        section=values.get("section"),
        keywords=tuple(
            dict.fromkeys(
                word for own in values.get("subject", "").split(";") if (word := own.strip())
            )
        ),
    )


def _published(values: dict[str, str]) -> Published:
    """Return the publication date, or else the date within the line of publication."""
    found = date_of(values.get("publication date", ""), stated_by="export date")
    info = values.get("publication info", "")
    for start, end in find_printed(info):
        found = found or parse_printed(info[start:end], stated_by="export date")
    return found or Published()


def _authors(line: str) -> tuple[str, ...]:
    """Return the names of "Roe, Jane; Poe, Bob" as they are said.

    >>> _authors("Roe, Jane; Poe, Bob.")
    ('Jane Roe', 'Bob Poe')
    """
    names = []
    for name in line.split(";"):
        last, _, first = name.strip(" .").partition(",")
        names.append(f"{first.strip()} {last.strip()}".strip())
    return tuple(dict.fromkeys(name for name in names if name))
