"""Pages over http and https: one page an address, fetched as `client.Web` fetches."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsetl.payload import Locator, Payload

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("http", "https")


def discover(locator: Locator, web: "Web") -> Iterator[Locator]:  # noqa: ARG001 - the verb's form
    """Yield the address itself: a page stands for one payload."""
    yield locator


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield the page's bytes as the server sent them, unpacked but not decoded.

    The charset is the one that the header states, never requests' guess. Raises FetchError with
    the reason: unreachable, timeout, http_error, missing, forbidden, disallowed, too_large, …
    """
    answer = web.get(locator.address, etag=locator.etag, last_modified=locator.last_modified)
    yield answer.payload(locator)
