"""Fetch: addresses to payloads, bytes with their provenance. One module per kind of address.

A source has `SCHEMES`, `discover(locator, web) -> Iterator[Locator]` (what the address stands for)
and `fetch(locator, web) -> Iterator[Payload]`. Both raise FetchError. `web` is the polite client of
the run, with its settings; no source asks a host in another way.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsetl.errors import FetchError
from newsetl.model import Locator, Payload
from newsetl.registry import plugins

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web


def locate(address: str, *, source_id: str, charset: str | None = None) -> Locator:
    """Return the locator of an address as a person types it.

    >>> locate("https://example.org/a", source_id="x").scheme, locate("-", source_id="x").scheme
    ('https', 'stdin')
    >>> locate("news/*.txt", source_id="x").scheme
    'file'
    """
    if address == "-":
        return Locator(address, source_id, "stdin", charset)
    scheme = urlsplit(address).scheme.lower() if "://" in address else "file"
    return Locator(address, source_id, scheme, charset)


def discover(locator: Locator, web: "Web") -> Iterator[Locator]:
    """Yield a locator for each payload that the address stands for, in a fixed order.

    Raises FetchError if no source knows the scheme, or if there is nothing at the address.
    """
    yield from _source(locator).discover(locator, web)


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield the payloads at one discovered locator; raises FetchError where there are none.

    A charset in the source's settings wins over the one that the source states.
    """
    for payload in islice(_source(locator).fetch(locator, web), locator.most):
        yield replace(payload, charset=locator.charset or payload.charset)


def _source(locator: Locator) -> ModuleType:
    known = plugins("sources")
    if locator.scheme not in known:
        raise FetchError(
            f"no source knows addresses that start with {locator.scheme}://",
            where=locator.address,
            fix=f"known are {', '.join(known)}",
            reason="unknown_scheme",
        )
    return known[locator.scheme]
