"""Media types: what a payload is, by its stated type, its name, and its first bytes."""

import mimetypes
import re
from pathlib import PurePath

UNKNOWN = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_GENERIC = {"", UNKNOWN, "binary/octet-stream", "application/unknown", "text/plain"}
_BY_SUFFIX = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".text": "text/plain",
    ".xml": "application/xml",
    ".nitf": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".jl": "application/jsonl",
    ".warc": "application/warc",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".tab": "text/tab-separated-values",
    ".eml": "message/rfc822",
    ".mbox": "application/mbox",
    ".pdf": "application/pdf",
    ".docx": DOCX,
}
_HTML_OPENINGS = (b"<!doctype html", b"<html", b"<head", b"<body")
_SNIFFED_BYTES = 1024
_OPENINGS = (
    (re.compile(rb"%PDF-\d"), "application/pdf"),
    (re.compile(rb"WARC/\d"), "application/warc"),
    (re.compile(rb"PK\x03\x04(?s:.)*?word/"), DOCX),
    (re.compile(rb"<\?xml\s(?s:.)*?<html[\s>]", re.I), "application/xhtml+xml"),
    (
        re.compile(rb"<\?xml\s|<(?:rss|feed|rdf:RDF|nitf|newsItem|newsMessage)[\s>]"),
        "application/xml",
    ),
    (re.compile(rb'\{\s*"[^"\n]*"\s*:'), "application/json"),
    # RFC 4155: an mbox opens with "From ", a sender and a time.
    (re.compile(rb"From \S+ +(?:\w{3} +){2}\d"), "application/mbox"),
    # RFC 5322: a mail opens with header fields.
    (
        re.compile(
            rb"(?:(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version): ?\S)", re.I
        ),
        "message/rfc822",
    ),
)
"""What the first bytes show, in order; WHATWG MIME Sniffing, section 7, and the formats' own."""


def media_type_of(name: str, body: bytes, *, stated: str = "") -> str:
    """Return the media type of a payload, lower case, without parameters.

    A stated type counts unless it is a generic one; then the name's ending, then the first bytes
    (WHATWG MIME Sniffing, section 7: a leading HTML tag is HTML, NUL bytes are no text). Which
    kind of XML or JSON it is, and whether a text is an export, the readers recognise.

    >>> media_type_of("story.txt", b"<!DOCTYPE html><p>Hello")
    'text/plain'
    >>> media_type_of("", b"<!DOCTYPE html><p>Hello", stated="text/plain")
    'text/html'
    >>> media_type_of("feed", b"<?xml version='1.0'?><rss version='2.0'>")
    'application/xml'
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
    text = opening.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.lower().startswith(_HTML_OPENINGS):
        return "text/html"
    for pattern, media_type in _OPENINGS:
        if pattern.match(text):
            return media_type
    is_utf16 = opening.startswith((b"\xff\xfe", b"\xfe\xff"))
    return UNKNOWN if b"\x00" in opening and not is_utf16 else "text/plain"
