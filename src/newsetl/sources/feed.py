"""Feeds: one document of entries, or, where the settings follow, the pages that it links to."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsetl.payload import Locator, Payload
from newsetl.readers import feed as reader
from newsetl.sources import Found, page_of
from newsetl.sources import web as pages

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("feed",)


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the feed itself, or the pages of its entries in its order.

    Raises FetchError, and ReadError if the address has no feed to follow.
    """
    itself = replace(locator, scheme=urlsplit(locator.address).scheme.lower())
    if not locator.wanted.follow:
        yield itself
        return
    document = reader.read(web.get(locator.address).payload(itself))
    for entry in document.entries:
        stated = entry.stated
        if stated.url and locator.wanted.covers(stated.published.day):
            yield page_of(stated.url, locator, modified_at=stated.modified_at)


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield the feed, to be read entry by entry."""
    yield from pages.fetch(locator, web)
