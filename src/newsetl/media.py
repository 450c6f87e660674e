"""Media types: what a payload is, by its stated type, its name, and its first bytes."""

import mimetypes
from pathlib import PurePath

UNKNOWN = "application/octet-stream"
_GENERIC = {"", UNKNOWN, "binary/octet-stream", "application/unknown", "text/plain"}
_BY_SUFFIX = {".md": "text/markdown", ".markdown": "text/markdown", ".text": "text/plain"}
_HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
_SNIFFED_BYTES = 1024


def media_type_of(name: str, body: bytes, *, stated: str = "") -> str:
    """Return the media type of a payload, lower case, without parameters.

    A stated type counts unless it is a generic one; then the name's ending, then the first bytes
    (WHATWG MIME Sniffing, section 7: a leading HTML tag is HTML, NUL bytes are no text).

    >>> media_type_of("story.txt", b"<!DOCTYPE html><p>Hello")
    'text/plain'
    >>> media_type_of("", b"<!DOCTYPE html><p>Hello", stated="text/plain")
    'text/html'
    >>> media_type_of("photo", bytes([0, 1, 2]))
    'application/octet-stream'
    """
    stated = stated.lower().strip()
    if stated not in _GENERIC:
        return stated
    suffix = PurePath(name).suffix.lower()
    by_name = _BY_SUFFIX.get(suffix) or mimetypes.guess_type("x" + suffix, strict=False)[0]
    return by_name or _sniff(body[:_SNIFFED_BYTES])


def _sniff(opening: bytes) -> str:
    if opening.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_HTML_OPENINGS):
        return "text/html"
    is_utf16 = opening.startswith((b"\xff\xfe", b"\xfe\xff"))
    return UNKNOWN if b"\x00" in opening and not is_utf16 else "text/plain"
