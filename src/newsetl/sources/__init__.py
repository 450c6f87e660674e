"""Fetch: addresses to payloads, bytes with their provenance. One module per kind of address.

A source has `SCHEMES`, `discover(locator, web) -> Iterator[Found]` (what the address stands for)
and `fetch(locator, web) -> Iterator[Fetched]`. Both raise FetchError. `web` is the polite client of
the run, with its settings; no source asks a host in another way.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from newsetl.errors import ConfigError, FetchError, NewsetlError
from newsetl.payload import Locator, Payload, Wanted
from newsetl.registry import plugins

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web


PLAIN_KINDS = ("files", "url")
"""Kinds that only say what the address shows: a path, an http address."""

NOTHING_SPECIAL = Wanted()

_AZURE = re.compile(r"abfss?://[^/:@]+@")
"""Azure's addresses name container@account there, and neither is a secret."""


Found = Locator | NewsetlError
"""What discovery finds: an address to fetch, or a fault after which it goes on."""


Fetched = Payload | FetchError
"""What an address gives: a payload, or the fault of one among several."""


def locate(
    address: str,
    *,
    source_id: str,
    kind: str | None = None,
    charset: str | None = None,
    wanted: Wanted = NOTHING_SPECIAL,
) -> Locator:
    """Return the locator of an address as a person types it, perhaps with its kind before it.

    >>> locate("https://example.org/a", source_id="x").scheme, locate("-", source_id="x").scheme
    ('https', 'stdin')
    >>> locate("news/*.txt", source_id="x").scheme
    'file'
    >>> locate("feed:https://example.org/rss", source_id="x").scheme
    'feed'

    Raises ConfigError for an address with a user or password in it, without repeating it.
    """
    prefix, colon, rest = address.partition(":")
    if "@" in _authority_of(address) and not _AZURE.match(address):
        raise ConfigError(
            "a user or password in an address, which would be written to the tables",
            where=f"source {source_id}" if source_id != address else "the address as typed",
            fix="put it in a variable, and name that in a header under [fetch.hosts]",
        )
    if not kind and colon and not rest.startswith("//") and _is_kind(prefix):
        kind, address = prefix, rest
    scheme = kind if kind and kind not in PLAIN_KINDS else _scheme_of(address)
    return Locator(address, source_id, scheme, charset, wanted=wanted)


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield a locator for each address that the locator stands for, in a fixed order.

    A fault on the way that leaves the rest in reach, such as one file of a sitemap's, is yielded,
    too. Raises FetchError if no source knows the scheme, or if there is nothing at the address.
    """
    yield from _source(locator).discover(locator, web)


def fetch(locator: Locator, web: "Web") -> Iterator[Fetched]:
    """Yield the payloads at one discovered locator; raises FetchError where there are none.

    A fault of one payload among several is yielded in its place. A charset in the source's
    settings wins over the one that the source states.
    """
    for item in islice(_source(locator).fetch(locator, web), locator.most):
        if isinstance(item, Payload):
            yield replace(item, charset=locator.charset or item.charset)
        else:
            yield item


def page_of(address: str, listed_by: Locator, *, modified_at: datetime | None = None) -> Locator:
    """Return the locator of a page that a feed, sitemap or listing names.

    A user and password in the address are left out: the tables are no place for them.
    """
    authority = _authority_of(address)
    bare = address.replace(authority, authority.rpartition("@")[2], 1) if authority else address
    return Locator(
        urldefrag(bare).url,
        listed_by.source_id,
        _scheme_of(address),
        listed_by.charset,
        modified_at=modified_at,
    )


def _authority_of(address: str) -> str:
    """Return the part of an address between // and the path, of whichever kind it is.

    >>> _authority_of("feed:https://ann@a.example?b=c@d")
    'ann@a.example'
    """
    return re.split(r"[/?#]", address.partition("://")[2], maxsplit=1)[0]


def _scheme_of(address: str) -> str:
    if address == "-":
        return "stdin"
    return urlsplit(address).scheme.lower() if "://" in address else "file"


def _is_kind(name: str) -> bool:
    return name in PLAIN_KINDS or name in plugins("sources")


def _source(locator: Locator) -> ModuleType:
    known = plugins("sources")
    if locator.scheme not in known:
        raise FetchError(
            f"no source knows the kind or scheme {locator.scheme!r}",
            where=locator.address,
            fix=f"known are {', '.join([*PLAIN_KINDS, *known])}",
            reason="unknown_scheme",
        )
    return known[locator.scheme]
