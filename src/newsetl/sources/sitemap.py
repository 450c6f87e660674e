"""Sitemaps (sitemaps.org 0.9): index files, gzip, plain text, and Google's news extension."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from newsetl.entries import published
from newsetl.errors import FetchError, NewsetlError
from newsetl.markup import parse_xml, text_of
from newsetl.model import Published
from newsetl.payload import Locator, Payload
from newsetl.sources import Found, page_of
from newsetl.sources import web as pages
from newsetl.sources.web.answers import unpacked

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("sitemap",)

_MOST_FILES = 2_000
"""Files of one sitemap that are read; an index may list 50,000."""


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the pages of a sitemap in its order, those that state a day only if it is wanted.

    For the address of a site, the sitemaps that its robots.txt names are read, or /sitemap.xml.
    A file of an index that cannot be had is a fault, and the others are read.
    """
    names = _start(locator.address, web)
    waiting, seen = names[::-1], set(names)
    while waiting:
        address = waiting.pop()
        try:
            files, listed = _read(address, locator, web)
        except NewsetlError as error:
            if address == locator.address:
                raise
            yield error
            continue
        for page in listed:
            if locator.wanted.covers(page.day):
                yield page_of(page.address, locator, modified_at=page.changed)
        fresh = [file for file in files if file not in seen]
        seen.update(fresh)
        if len(seen) > _MOST_FILES:
            yield _too_many(locator)
            return
        waiting += fresh[::-1]


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield a page of the sitemap."""
    yield from pages.fetch(locator, web)


@dataclass(frozen=True, slots=True)
class _Page:
    address: str
    published: Published
    modified: Published

    @property
    def day(self) -> Any:
        return self.published.day or self.modified.day

    @property
    def changed(self) -> datetime | None:
        return self.modified.instant


def _start(address: str, web: "Web") -> list[str]:
    if urlsplit(address).path.strip("/"):
        return [address]
    return web.sitemaps(address) or [urljoin(address, "/sitemap.xml")]


def _read(address: str, locator: Locator, web: "Web") -> tuple[list[str], list[_Page]]:
    """Return the files that a sitemap lists, for an index, and its pages."""
    answer = web.get(address)
    body = unpacked(answer, max_bytes=web.settings.max_bytes, where=address)
    payload = Payload(body, address, "application/xml", locator.source_id, answer.retrieved_at)
    text, _ = text_of(payload, is_html=False)
    if not text.lstrip("\ufeff \t\r\n").startswith("<"):
        lines = (line.strip() for line in text.splitlines())
        return [], [_Page(line, Published(), Published()) for line in lines if _is_page(line)]
    root = parse_xml(text, where=address)
    if root.tag not in ("urlset", "sitemapindex"):
        raise FetchError(
            f"no sitemap: its root element is {root.tag!r}",
            where=address,
            fix="check the address; robots.txt of the site may name its sitemaps",
            reason="unreadable",
        )
    files = [
        place
        for item in root.iterfind("sitemap")
        if (place := _location(item, address))
        and not (locator.wanted.since and _is_older(item, locator))
    ]
    listed = [
        _Page(place, _stated(item, "publication_date"), _stated(item, "lastmod"))
        for item in root.iterfind("url")
        if (place := _location(item, address))
    ]
    return files, listed


def _is_older(item: Any, locator: Locator) -> bool:
    """Return whether a file of an index was last changed before the first day that is wanted."""
    day = _stated(item, "lastmod").day
    return bool(day and locator.wanted.since and day < locator.wanted.since)


def _location(item: Any, base: str) -> str | None:
    place = urljoin(base, (item.findtext("loc") or "").strip())
    return place if _is_page(place) else None


def _is_page(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _stated(item: Any, name: str) -> Published:
    element = next(item.iter(name), None)
    text = (element.text or "").strip() if element is not None else ""
    return published(text, stated_by=f"sitemap {name}")


def _too_many(locator: Locator) -> FetchError:
    return FetchError(
        f"more than {_MOST_FILES} files in the sitemap; the first were read",
        where=locator.address,
        fix="name the files that you want one by one, or set since",
        reason="too_large",
    )
