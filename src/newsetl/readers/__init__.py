"""Read: the bytes of a payload to text and blocks. One module per media type or format.

A reader has `MEDIA_TYPES` and `read(payload) -> Document`; it raises ReadError. A format that
comes under a general media type, as exports do under text/plain, also has `WITHIN`, those types,
and `recognises(opening) -> bool`, which knows it by its own marks; its `MEDIA_TYPES` are then its
own name. Line ends are made line feeds here and nowhere else; after reading, text is never
altered.
"""

import functools
import re
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from newsetl import sites as rules
from newsetl import splits_file
from newsetl.errors import ReadError
from newsetl.model import Document
from newsetl.payload import Payload
from newsetl.registry import plugins

if TYPE_CHECKING:
    from newsetl.config import SiteSettings

_OPENING_BYTES = 1 << 16
_CHARACTER = re.compile(rb"[^\x00\t\n\r\x0b\x0c \xef\xbb\xbf\xff\xfe]")
_WAYS_OUT = tuple(
    (re.compile(types), re.compile(rf"\.(?:{endings})$"), way)
    for types, endings, way in (
        (
            "^(?:image|audio|video)/",
            "avif|gif|jpe?g|png|webp|mp[34]",
            "newsetl reads text alone: leave it out",
        ),
        ("warc", r"warc(?:\.gz)?", "say that it is a crawl: newsetl run warc:FILE"),
        ("excel|spreadsheet", "xls[xmb]?|ods", "save the sheet as CSV, a row an article"),
        (
            r"sqlite|parquet|\barrow|feather|stata",
            "db|sqlite3?|parquet|arrow|feather|dta|pkl",
            "write its table of articles as CSV or JSON Lines, a row an article",
        ),
        (r"\brtf|opendocument\.text|msword", "rtf|odt|doc", "save it as .docx, .pdf or .txt"),
        (r"zip|x-tar|x-7z|\brar\b|zstd", "zip|gz|tgz|bz2|xz|zst|tar|7z|rar", "unpack it first"),
    )
)
"""What a media type, or else the ending of a name, says of a payload that no reader knows."""
_WIDE_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def read(payload: Payload, *, sites: "Mapping[str, SiteSettings] | None" = None) -> Document:
    """Return the text of a payload with its blocks and what it states of itself.

    `sites` gives the rules of hosts whose pages are cut to their selected parts first. Raises
    ReadError if the payload is empty, if no reader knows its media type, or if the bytes are not
    what the media type says, and SplitError if its splits file does not fit the text.
    """
    if not _CHARACTER.search(payload.body):
        raise ReadError(
            "no character in it",
            where=payload.uri,
            fix="check where the file comes from",
            reason="empty",
        )
    document = _read(payload, rules.rule_for(payload, sites or {}))
    return splits_file.bind(document, payload.splits) if payload.splits else document


def _read(payload: Payload, rule: "SiteSettings | None") -> Document:
    if rule is None:
        document: Document = _reader(payload).read(payload)
        return document
    selection = rules.select(payload, rule)
    document = _reader(selection.payload).read(selection.payload)
    return rules.apply(document, selection, payload=payload)


def opening_of(body: bytes) -> str:
    """Return the first characters of a payload, good enough to look for a format's marks."""
    wide = _WIDE_MARKS.get(body[:2])
    opening = body[:_OPENING_BYTES].decode(wide or "utf-8", errors="replace")
    return opening.removeprefix("\ufeff").replace("\r\n", "\n")


def _reader(payload: Payload) -> ModuleType:
    """Return the format that recognises the payload, else the reader of its media type."""
    known = plugins("readers")
    candidates = [module for module in formats() if payload.media_type in module.WITHIN]
    opening = opening_of(payload.body) if candidates else ""
    for module in candidates:
        if module.recognises(opening):
            return module
    if payload.media_type in known:
        return known[payload.media_type]
    shown = f", and no format its opening {' '.join(opening[:80].split())!r}" if opening else ""
    raise ReadError(
        f"no reader knows the media type {payload.media_type}{shown}",
        where=payload.uri,
        fix=_way_out(payload),
        reason="unknown_media_type",
    )


def _way_out(payload: Payload) -> str:
    """Return what makes a payload that no reader knows readable."""
    name = re.split(r"[?#]", payload.uri, maxsplit=1)[0].rpartition("/")[2].lower()
    for types, endings, way in _WAYS_OUT:
        if types.search(payload.media_type) or endings.search(name):
            return way
    return (
        "newsetl reads text, pages, feeds, mail, PDF, Word, CSV, JSON and the exports of news"
        " databases (docs/sources.md): save it as one of them, or leave it out"
    )


@functools.cache
def formats() -> tuple[ModuleType, ...]:
    """Return the readers that recognise their format by its marks, in the order of their names."""
    modules = {module.__name__: module for module in plugins("readers").values()}
    return tuple(modules[name] for name in sorted(modules) if hasattr(modules[name], "recognises"))
