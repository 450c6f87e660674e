"""Markdown with front matter, as site generators keep posts: fields between lines of dashes.

The text stays as it stands: the title there is the headline, unless the post says it again as a
heading; the other fields are boilerplate in front of the body.
"""

import re
from collections.abc import Iterator
from typing import Any

from newsetl.exports import Span, Story, document_of
from newsetl.model import BlockKind, Document
from newsetl.payload import Payload
from newsetl.readers import plain
from newsetl.readers.tabular import columns_of, stated_of
from newsetl.readers.tabular.cells import Table, flat

MEDIA_TYPES = ("text/x-front-matter",)
WITHIN = ("text/markdown", "text/plain")

_FRONT = re.compile(r"\s*---[ \t]*\n(?P<fields>(?:.*\n){1,80}?)---[ \t]*(?:\n|\Z)")
_FIELD = re.compile(
    r"^(?P<name>[\w -]{1,30}?)[ \t]*:[ \t]*(?P<quote>[\"']?)(?P<value>\S.*?)(?P=quote)[ \t]*$",
    re.MULTILINE,
)
_TITLES, _AUTHORS = ("title", "headline"), ("author", "authors", "byline")


def recognises(opening: str) -> bool:
    r"""Return whether a text opens with fields between lines of dashes, one of them a title.

    >>> recognises("---\ntitle: Mill reopens\n---\nThe mill"), recognises("---\nThe mill\n---\n")
    (True, False)
    """
    front = _FRONT.match(opening)
    names = {field["name"].lower() for field in _FIELD.finditer(front["fields"])} if front else ()
    return not {*_TITLES}.isdisjoint(names)


def read(payload: Payload) -> Document:
    """Return the post as one article, with what its front matter states."""
    document = plain.read(payload)
    text = document.text
    front = _FRONT.match(text)
    if front is None:
        return document
    body = [
        (block.kind, (block.start + front.end(), block.end + front.end()))
        for block in plain.blocks_of(text[front.end() :])
    ]
    row = dict(flat(_fields(front["fields"])))
    table = Table([("front matter", row)])
    stated = stated_of(row, columns_of(table), day_first=None)
    title, author = _value(text, front, _TITLES), _value(text, front, _AUTHORS)
    again = _heading(text, body, title)
    kept = {again or title, author}
    pieces: list[tuple[BlockKind, Span]] = [("boilerplate", span) for span in _lines(front, kept)]
    pieces += [piece for piece in body if piece[1] != again]
    story = Story(again or title, author, tuple(pieces), stated)
    return document_of(payload, text, [story], encoding=document.encoding, declared=None)


def _fields(text: str) -> dict[str, Any]:
    """Return the fields as YAML has them, all of them text; else line by line."""
    import yaml

    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (it makes strings alone)
    except (yaml.YAMLError, RecursionError, ValueError):
        found = None
    if isinstance(found, dict):
        return {str(name): value for name, value in found.items()}
    return {field["name"]: field["value"] for field in _FIELD.finditer(text)}


def _value(text: str, front: re.Match[str], names: tuple[str, ...]) -> Span | None:
    """Return the span of the first field of these names that stands in one line."""
    for field in _FIELD.finditer(text, *front.span("fields")):
        if field["name"].lower() in names and field["value"][0] not in "[{|>":
            return field.span("value")
    return None


def _heading(text: str, body: list[tuple[BlockKind, Span]], title: Span | None) -> Span | None:
    """Return the span of the heading that opens the body, if it says the title again."""
    if title is None or not body or body[0][0] != "heading":
        return None
    span = body[0][1]
    same = " ".join(text[slice(*span)].split()).casefold()
    return span if same == " ".join(text[slice(*title)].split()).casefold() else None


def _lines(front: re.Match[str], kept: set[Span | None]) -> Iterator[Span]:
    """Yield the lines of the front matter, without those that hold what is kept."""
    at = front.start("fields")
    for line in front["fields"].splitlines(keepends=True):
        start, end = at, at + len(line.rstrip())
        at += len(line)
        if line.strip() and not any(one and start <= one[0] < end for one in kept):
            yield start, end
