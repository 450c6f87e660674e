"""Feeds: RSS and Atom by feedparser, JSON Feed; an entry is an article or the opening of one."""

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from newsetl.encoding import scalar_json, scalar_text
from newsetl.entries import (
    Draft,
    compose,
    is_cut_off,
    is_opening,
    paragraphs,
    people,
    published,
    reject_entry,
    squeezed,
)
from newsetl.errors import ReadError
from newsetl.markup import Layout, check_entities, lay_out_html, root_name, text_of
from newsetl.model import BlockKind, Document, Published, Reject, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
WITHIN = (
    "application/xml",
    "text/xml",
    "application/rdf+xml",
    "application/json",
    "text/plain",
    "text/html",
)

_ROOTS = {"rss": "</rss>", "feed": "</feed>", "RDF": "</rdf:RDF>"}
_FEED_MARK = re.compile(
    r"<rss[\s>]|http://www\.w3\.org/2005/Atom|http://purl\.org/(?:rss/1|atom/ns)"
)
_JSON_MARK = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,400})|(\d{1,400}));?", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#\w]{2,8};")
_TAIL_CHARACTERS = 2_000
_SIGNED_OFF = re.compile(
    r"(?:The post .+ (?:first )?appeared first on .+|Der Beitrag .+ erschien zuerst auf .+"
    r"|L[’']article .+ est apparu en premier sur .+|La entrada .+ se publicó primero en .+"
    r"|L[’']articolo .+ proviene da .+|Het bericht .+ verscheen eerst op .+"
    r"|O post .+ apareceu primeiro em .+)\.?"
)
"""What WordPress puts behind each entry of its feeds, in its own languages."""
_SIGN_OFF_CHARACTERS = 500


def recognises(opening: str) -> bool:
    """Return whether a payload opens as a feed: by root element and namespace, or by version.

    >>> recognises('<?xml version="1.0"?><rss version="2.0"><channel>')
    True
    >>> recognises("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>")
    False
    """
    if opening.lstrip()[:1] == "{":
        return bool(_JSON_MARK.search(opening))
    return root_name(opening) in _ROOTS and bool(_FEED_MARK.search(opening))


def read(payload: Payload) -> Document:
    """Return the feed's entries in its order; one without any text is a reject.

    A feed that breaks off gives the entries before the break, and a reject says so. Raises
    ReadError for what is no feed, and for a feed without entries.
    """
    text, encoding = text_of(payload, is_html=False)
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        entries, language, rejects = _json_entries(text, payload)
    else:
        entries, language, rejects = _xml_entries(text, payload)
    drafts = []
    for number, entry in enumerate(entries, start=1):
        try:
            draft = entry.draft(payload)
        except ReadError as error:
            rejects.append(reject_entry(payload, error.what, place=f"entry {number}"))
            continue
        if draft is None:
            what = "the entry has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=f"entry {number}"))
        else:
            drafts.append(draft)
    return compose(
        payload,
        drafts,
        encoding=encoding,
        declared=len(entries),
        rejects=rejects,
        language=language,
    )


class _Entry:
    """An entry's fields under one set of names, from whichever kind of feed."""

    def __init__(self, stated: Stated, content: str, summary: str, *, byline: str | None) -> None:
        self.stated = stated
        self.content = content
        self.summary = summary
        self.byline = byline

    def draft(self, payload: Payload) -> Draft | None:
        """Return the entry's article: its content, or else its summary, which may be a teaser."""
        base = self.stated.url or payload.uri
        body = _lay_out(self.content, base=base)
        is_teaser = is_cut_off(body[0])
        if not body[0]:
            body = _lay_out(self.summary, base=base)
            is_teaser = is_opening(body[0])
        if not body[0] and not self.stated.headline:
            return None
        return Draft(self.stated, _signed_off(body), byline=self.byline, is_teaser=is_teaser)


Found = tuple[list[_Entry], str | None, list[Reject]]


def _xml_entries(text: str, payload: Payload) -> Found:
    import feedparser

    check_entities(text, where=payload.uri)
    clean = scalar_text(_REFERENCE.sub(_referred, text.removeprefix("\ufeff")))
    body = io.BytesIO(_DECLARATION.sub("", clean).encode(errors="replace"))
    feed = feedparser.parse(
        body,
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not feed.version and not feed.entries:
        raise ReadError(
            f"no feed: its root element is {root_name(text) or 'missing'!r}",
            where=payload.uri,
            fix="check that the address is the feed's own",
            reason="unreadable",
        )
    language = feed.feed.get("language")
    base = _base(payload.uri, feed.feed.get("link"))
    entries = [_of_xml(entry, base) for entry in feed.entries]
    end = _ROOTS.get(root_name(text), "")
    rejects = []
    if end and end.lower() not in text[-_TAIL_CHARACTERS:].lower():
        what = f"the feed breaks off before {end}"
        place = f"after entry {len(entries)}"
        rejects.append(reject_entry(payload, what, place=place, fix="fetch the feed again"))
    return entries, language, rejects


def _referred(reference: re.Match[str]) -> str:
    """Return a reference as it is, or its half of a character, or U+FFFD if it means nothing."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    if code > sys.maxunicode:
        return "\ufffd"
    return chr(code) if 0xD800 <= code <= 0xDFFF else reference[0]


def _of_xml(entry: Any, base: str) -> _Entry:
    contents = [item.get("value", "") for item in entry.get("content", ())]
    names = [author.get("name") for author in entry.get("authors", ())]
    names = [name for name in names if name] or [entry.get("author")]
    byline = squeezed(", ".join(name for name in names if name))
    tags = (squeezed(tag.get("term") or tag.get("label")) for tag in entry.get("tags", ()))
    summary = entry.get("summary", "")
    content = max(contents, key=len, default="")
    stated = Stated(
        headline=_plain(entry.get("title")),
        authors=people(*names),
        published=_date(entry, "published"),
        modified_at=_date(entry, "updated").instant,
        url=_url(entry.get("link"), base),
        language=_language(entry),
        keywords=tuple(dict.fromkeys(tag for tag in tags if tag)),
    )
    # feedparser gives an entry's only content as its summary, too.
    return _Entry(stated, content, summary, byline=byline)


def _date(entry: Any, name: str) -> Published:
    """Return a date as the feed states it, with its zone; else as feedparser reads it."""
    # dict.get: feedparser's own get answers for a missing "updated" with "published".
    raw = dict.get(entry, name)
    stated_by = f"feed {name}"
    found = published(raw, stated_by=stated_by)
    if not found.day and (parsed := dict.get(entry, f"{name}_parsed")):
        stamp = "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*parsed[:6])
        found = published(stamp, stated_by=stated_by)
    if not found.day and name == "published":
        raw = dict.get(entry, "updated") or dict.get(entry, "created")
        found = published(raw, stated_by="feed updated")
    return found


def _language(entry: Any) -> str | None:
    contents = entry.get("content", ())
    return next((item["language"] for item in contents if item.get("language")), None)


def _json_entries(text: str, payload: Payload) -> Found:
    try:
        feed = json.loads(text.removeprefix("\ufeff"), strict=False)
        feed = scalar_json(feed, source=text)
    except (ValueError, RecursionError) as error:
        raise ReadError(
            f"no JSON: {error}",
            where=payload.uri,
            fix="fetch the feed again",
            reason="unreadable",
        ) from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        raise ReadError(
            "no JSON Feed: it has no list of items",
            where=payload.uri,
            fix="check that the address is the feed's own",
            reason="unreadable",
        )
    base = _base(payload.uri, _string(feed.get("home_page_url")))
    entries = [_of_json(item if isinstance(item, dict) else {}, base) for item in items]
    return entries, _string(feed.get("language")), []


def _of_json(item: dict[str, Any], base: str) -> _Entry:
    """Return an item's fields (JSON Feed 1.1; `author` is that of 1.0)."""
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = [_string(author.get("name")) for author in listed if isinstance(author, dict)]
    tags = item.get("tags")
    words = [squeezed(_string(tag)) for tag in tags] if isinstance(tags, list) else []
    stated = Stated(
        headline=squeezed(_string(item.get("title"))),
        authors=people(*names),
        published=published(_string(item.get("date_published")), stated_by="feed published"),
        modified_at=published(_string(item.get("date_modified")), stated_by="").instant,
        url=_url(_string(item.get("url")) or _string(item.get("external_url")), base),
        language=_string(item.get("language")),
        keywords=tuple(dict.fromkeys(word for word in words if word)),
    )
    html = _string(item.get("content_html"))
    content = html or _escaped(_string(item.get("content_text")))
    summary = _escaped(_string(item.get("summary")))
    byline = squeezed(", ".join(name for name in names if name))
    return _Entry(stated, content or "", summary or "", byline=byline)


def _lay_out(content: str, *, base: str) -> Layout:
    """Return the blocks of an entry's content, which is HTML or plain text."""
    if _MARKUP.search(content):
        return lay_out_html(content, base=base)
    lines: Iterator[tuple[BlockKind, str]] = (
        ("paragraph", " ".join(line.split())) for line in re.split(r"\n\s*\n", content)
    )
    return paragraphs(lines)


def _signed_off(body: Layout) -> Layout:
    """Return a body whose last paragraph is boilerplate, if it only says where the post stands."""
    text, blocks, sections = body
    last = blocks[-1] if blocks else None
    if last is None or last.end - last.start > _SIGN_OFF_CHARACTERS:
        return body
    if not _SIGNED_OFF.fullmatch(text, last.start, last.end):
        return body
    return text, (*blocks[:-1], replace(last, kind="boilerplate")), sections


def _plain(title: str | None) -> str | None:
    """Return a title without markup, which Atom and careless RSS have."""
    if title and _MARKUP.search(title):
        text, _, _ = lay_out_html(title, base="")
        return squeezed(text) or squeezed(title)
    return squeezed(title)


def _url(address: str | None, base: str) -> str | None:
    try:
        joined = urljoin(base, (address or "").strip()) if address else None
    except ValueError:
        return None
    return joined if joined and joined.startswith(("http://", "https://")) else None


def _base(address: str, home: str | None) -> str:
    """Return what links in a feed are relative to: its address, or its site's if it is a file."""
    is_fetched = address.startswith(("http://", "https://"))
    return address if is_fetched else _url(home, address) or address


def _escaped(text: str | None) -> str | None:
    """Return plain text so that nothing in it reads as markup."""
    return text and text.replace("&", "&amp;").replace("<", "&lt;")


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
