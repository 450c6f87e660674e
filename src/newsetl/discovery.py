"""What a run would fetch: the addresses of all sources, each once, in a fixed order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from newsetl import sources
from newsetl.config import Config
from newsetl.errors import NewsetlError
from newsetl.model import Reject
from newsetl.payload import Locator
from newsetl.sources.web.client import Web
from newsetl.sources.web.parallel import dealt, in_order

Discovered = tuple[list[Locator], list[Reject]]
"""The addresses that a run would fetch, and what names nothing."""


def discover(config: Config, *, now: datetime) -> Discovered:
    """Return the addresses that a run would fetch, each once, and what names nothing.

    `now` is the time that "3 days" and the like count from.
    """
    found: dict[str, Locator] = {}
    rejects: list[Reject] = []
    asked = [
        sources.locate(
            address,
            source_id=source.name,
            kind=source.kind,
            charset=source.charset,
            wanted=source.wanted(config, today=now.date()),
        )
        for source in config.sources
        for address in source.at
    ]
    with Web(config.fetch) as web:
        # No source needs to be read further than to the limit of the run.
        found_of = in_order(asked, lambda item: islice(sources.discover(item, web), config.limit))
        for locator, items in found_of:
            try:
                for item in items:
                    if isinstance(item, NewsetlError):
                        rejects.append(Reject.of(item, locator.source_id, uri=locator.typed))
                    else:
                        found.setdefault(item.address, item)
            except NewsetlError as error:
                rejects.append(Reject.of(error, locator.source_id, uri=locator.typed))
    return dealt(_limited(list(found.values()), config.limit)), rejects


def merged(config: Config, found: Iterable[Discovered]) -> Discovered:
    """Return what was found for several sources, one by one, as one plan has it."""
    locators: dict[str, Locator] = {}
    rejects: list[Reject] = []
    for own, faults_on_the_way in found:
        rejects += faults_on_the_way
        for locator in own:
            locators.setdefault(locator.address, locator)
    return dealt(_limited(list(locators.values()), config.limit)), rejects


def _limited(locators: Sequence[Locator], limit: int | None) -> list[Locator]:
    """Return the first addresses, so that they give no more than `limit` documents."""
    taken: list[Locator] = []
    left = limit
    for locator in locators:
        if left is not None:
            most = min(left, locator.most or left)
            left -= most
            taken.append(replace(locator, most=most))
        else:
            taken.append(locator)
        if left == 0:
            break
    return taken
