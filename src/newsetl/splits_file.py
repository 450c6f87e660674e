"""The splits file: where the articles of a document start, written down to be edited.

`newsetl split FILE --write-splits` writes `FILE.splits.yml`; a person takes lines out or puts some
in; from then on `split` and `run` cut the file there. It names the hash of the document's text, so
that it is never used on another text.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newsetl.errors import SplitError
from newsetl.model import Article, Block, Document, Start, Told

SUFFIX = ".splits.yml"

_HEAD = """\
# Where the articles of this file start; newsetl split and newsetl run cut it here.
# Each entry is the line of a headline, counted from 1 (of a page, in the text that newsetl read
# prints). Take an entry out, and its text joins the article above; put one in, and an article
# starts there. What stands after `headline`, which may be left out, must be the line's text; null
# means that the article has no headline and starts at the line.
"""
_WIDTH = 100


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    line: int = Field(ge=1)
    headline: str | None = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text_sha256: str
    articles: list[_Entry] = Field(min_length=1)


def write(document: Document, articles: Sequence[Article]) -> str:
    """Return the splits file of a document that is cut into `articles`.

    Raises SplitError if the document marks its articles itself.
    """
    import yaml

    _refuse_marked(document)

    entries: list[dict[str, Any]] = []
    line, counted = 1, 0
    for article in articles:
        headline = next((part for part in article.parts if part.kind == "headline"), None)
        offset = article.start + (headline.start if headline else 0)
        line, counted = line + document.text.count("\n", counted, offset), offset
        shown = _folded(article.slice(headline)) if headline else None
        entries.append({"line": line, "headline": shown})
    values = {"text_sha256": _hash(document.text), "articles": entries}
    return _HEAD + yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=_WIDTH)


def bind(document: Document, text: str) -> Document:
    """Return the document with the starts that the splits file `text` names.

    Raises SplitError with reason `unusable_splits` if it is no splits file, belongs to another
    text, or names lines that are not there.
    """
    _refuse_marked(document)
    told = _parse(text, document)
    if told.text_sha256 != _hash(document.text):
        raise _unusable(
            "the text is not the one that its splits were written for",
            document,
            fix="delete the splits file, and write it anew with: newsetl split FILE --write-splits",
        )
    lines = _lines(document.text)
    starts: dict[int, Start] = {}
    for entry in told.articles:
        start, shown = _start_of(entry, lines, document)
        starts[start] = Start(start, is_headline=shown is not None)
    ordered = tuple(starts[offset] for offset in sorted(starts))
    blocks = _cut_at(document.blocks, [start.offset for start in ordered], document.text)
    return replace(document, blocks=blocks, told=Told(starts=ordered))


def _refuse_marked(document: Document) -> None:
    if document.entries:
        fix = "delete the splits file, if there is one"
        raise _unusable("the document marks its articles itself", document, fix=fix)


def _parse(text: str, document: Document) -> _File:
    import yaml

    try:
        return _File.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        message = " ".join(str(error).split())
        raise _unusable(f"no YAML: {message}", document, fix="mend it, or delete it") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(step) for step in first["loc"]) or "the file"
        raise _unusable(f"{key}: {first['msg']}", document, fix="mend it, or delete it") from error


def _start_of(
    entry: _Entry, lines: Sequence[tuple[int, str]], document: Document
) -> tuple[int, str | None]:
    """Return the offset of an entry's line, and the headline that it names."""
    offset, line = lines[entry.line - 1] if entry.line <= len(lines) else (0, "")
    wanted = None if entry.headline is None else _folded(entry.headline)
    if not line.strip():
        raise _unusable(f"line {entry.line} is blank or not there", document, fix="mend the line")
    if wanted and not _agrees(wanted, document.text[offset : offset + 2 * len(wanted) + 40]):
        raise _unusable(
            f"line {entry.line} reads {_folded(line)[:60]!r}, not {wanted[:60]!r}",
            document,
            fix="mend the number of the line or its headline",
        )
    return offset + len(line) - len(line.lstrip()), wanted


def _agrees(wanted: str, shown: str) -> bool:
    """Whether a text opens with a headline, Markdown marks and line ends aside."""
    return _folded(shown).lstrip("# ").startswith(wanted.lstrip("# "))


def _cut_at(blocks: Sequence[Block], offsets: Sequence[int], text: str) -> tuple[Block, ...]:
    """Return the blocks so that one starts at each of the rising offsets."""
    found: list[Block] = []
    for block in blocks:
        inside = offsets[bisect_right(offsets, block.start) : bisect_left(offsets, block.end)]
        edges = [block.start, *inside, block.end]
        for start, end in pairwise(edges):
            kept = start + len(text[start:end].rstrip())
            found.append(replace(block, start=start, end=kept))
    return tuple(found)


def _lines(text: str) -> list[tuple[int, str]]:
    lines, offset = [], 0
    for line in text.split("\n"):
        lines.append((offset, line))
        offset += len(line) + 1
    return lines


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _folded(text: str) -> str:
    return " ".join(text.split())


def _unusable(what: str, document: Document, *, fix: str) -> SplitError:
    return SplitError(
        f"splits file: {what}",
        where=f"{document.uri}{SUFFIX}",
        fix=fix,
        reason="unusable_splits",
    )
