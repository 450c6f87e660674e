"""Markdown with front matter, as site generators keep posts: fields between lines of dashes.

The text stays as it stands: the title there is the headline, unless the post says it again as a
heading; the other fields are boilerplate in front of the body.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from newsetl.exports import Span, Story, document_of
from newsetl.model import BlockKind, Document
from newsetl.payload import Payload
from newsetl.readers import plain
from newsetl.readers.tabular import columns_of, stated_of
from newsetl.readers.tabular.cells import Table, flat

MEDIA_TYPES = ("text/x-front-matter",)
WITHIN = ("text/markdown", "text/plain")

_DASHES = re.compile(r"^---[ \t]*\n", re.MULTILINE)
_CLOSING = re.compile(r"---[ \t]*$")
_FIELD = re.compile(r"(?P<name>[\w\"'][\w \"'./-]{0,39}?)[ \t]{0,9}:(?!//)(?P<value>.*)")
_IN_FIELD = re.compile(r"[ \t]|- |#|[\]},]+\s*$")
"""How a line goes on with the field above: set in, an item, a comment, the end of a list."""
_MOST_LINES, _LONGEST, _LONGEST_LINE, _LONGEST_BEHIND_BLANK = 80, 16_000, 1_000, 300
_TITLES, _AUTHORS = {"title", "headline"}, {"author", "authors", "byline"}


@dataclass(frozen=True, slots=True)
class _Front:
    """Where front matter stands: the span of its fields, its end, and each field's value."""

    start: int
    stop: int
    end: int
    fields: tuple[tuple[str, Span], ...]


def recognises(opening: str) -> bool:
    r"""Return whether a text opens with fields between lines of dashes, one of them a title.

    A text with such fields further on as well holds several articles, and is none of ours.

    >>> recognises("---\ntitle: Mill reopens\n---\nThe mill"), recognises("---\nThe mill\n---\n")
    (True, False)
    """
    return _front_of(opening) is not None


def read(payload: Payload) -> Document:
    """Return the post as one article, with what its front matter states."""
    document = plain.read(payload)
    text = document.text
    front = _front_of(text)
    if front is None:
        return document
    body = [
        (block.kind, (block.start + front.end, block.end + front.end))
        for block in plain.blocks_of(text[front.end :])
    ]
    row = dict(flat(_fields(text, front)))
    table = Table([("front matter", row)])
    stated = stated_of(row, columns_of(table), day_first=None)
    title, author = _title(text, front, stated.headline), _author(text, front)
    again = _heading(text, body, stated.headline)
    kept = [span for span in (again or title, author) if span]
    pieces: list[tuple[BlockKind, Span]] = [
        ("boilerplate", span) for span in _lines(text, front, kept)
    ]
    pieces += [piece for piece in body if piece[1] != again]
    story = Story(again or title, author, tuple(pieces), stated)
    found = document_of(payload, text, [story], encoding=document.encoding, declared=None)
    if again or title:
        return found
    (entry,) = found.entries
    own = replace(entry, stated=replace(entry.stated, headline=stated.headline))
    blocks = tuple(replace(one, level=2 if one.level else 0) for one in found.blocks)
    return replace(found, entries=(own,), blocks=blocks)


def _front_of(text: str) -> _Front | None:
    """Return the front matter that opens a text, unless the text has a second one."""
    at = len(text) - len(text.lstrip())
    opens = _DASHES.match(text, at)
    front = _front_at(text, opens.end()) if opens else None
    if front is None:
        return None
    more = (_front_at(text, dashes.end()) for dashes in _DASHES.finditer(text, front.end))
    return None if any(more) else front


def _front_at(text: str, start: int) -> _Front | None:
    """Return the fields that stand from `start` to a line of dashes, a title among them.

    Prose between rules is none: each line is a field or goes on with one, and none is long.
    """
    at, most, fields = start, _LONGEST_LINE, list[tuple[str, Span]]()
    for _ in range(_MOST_LINES):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if end - at > most or end - start > _LONGEST:
            return None
        if fields and _CLOSING.match(text, at, end):
            is_titled = any(name in _TITLES for name, _ in fields)
            return _Front(start, at, min(end + 1, len(text)), tuple(fields)) if is_titled else None
        if field := _FIELD.match(text, at, end):
            fields.append((field["name"].strip("\"'").lower(), _bare(text, field.span("value"))))
        elif not fields or (at < end and not _IN_FIELD.match(text, at, end)):
            return None
        if not text[at:end].strip():
            most = _LONGEST_BEHIND_BLANK
        at = end + 1
    return None


def _bare(text: str, span: Span) -> Span:
    """Return the span of a value without the space and the pair of quotes around it."""
    start, end = span
    value = text[start:end]
    start, end = end - len(value.lstrip()), start + len(value.rstrip())
    if end - start > 1 and text[start] == text[end - 1] and text[start] in "\"'":
        return start + 1, end - 1
    return (start, end) if start < end else (end, end)


def _fields(text: str, front: _Front) -> dict[str, Any]:
    """Return the fields as YAML has them, all of them text; else line by line."""
    import yaml

    try:
        found = yaml.load(text[front.start : front.stop], Loader=yaml.BaseLoader)  # noqa: S506 (it makes strings alone)
    except (yaml.YAMLError, RecursionError, ValueError):
        found = None
    if isinstance(found, dict):
        return {str(name): value for name, value in found.items()}
    return {name: text[slice(*span)] for name, span in front.fields}


def _title(text: str, front: _Front, headline: str | None) -> Span | None:
    """Return the span where the headline stands in its field, if it stands there as it is."""
    words = r"\s+".join(map(re.escape, (headline or "").split()))
    pattern = re.compile(rf"[\s>|\[\"'+-]*({words})")
    for name, (start, _) in front.fields:
        found = pattern.match(text, start, front.stop) if name in _TITLES else None
        if headline and found:
            return found.span(1)
    return None


def _author(text: str, front: _Front) -> Span | None:
    """Return the span of the first field of authors that stands in one line."""
    for name, (start, end) in front.fields:
        if name in _AUTHORS and start < end and text[start] not in "[{|>":
            return start, end
    return None


def _heading(text: str, body: list[tuple[BlockKind, Span]], headline: str | None) -> Span | None:
    """Return the span of the heading that opens the body, if it says the headline again."""
    if headline is None or not body or body[0][0] != "heading":
        return None
    span = body[0][1]
    return span if " ".join(text[slice(*span)].split()).casefold() == headline.casefold() else None


def _lines(text: str, front: _Front, kept: list[Span]) -> Iterator[Span]:
    """Yield the lines of the front matter, without those that hold what is kept."""
    at = front.start
    for line in text[front.start : front.stop].splitlines(keepends=True):
        start, end = at, at + len(line.rstrip())
        at += len(line)
        if line.strip() and not any(start < one[1] and one[0] < end for one in kept):
            yield start, end
