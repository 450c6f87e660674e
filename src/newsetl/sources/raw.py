"""Payloads that an earlier run kept: `raw:///folder/of/tables`, for `newsetl reextract`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsetl import homes, raw
from newsetl.errors import FetchError, LoadError
from newsetl.payload import Locator, Payload
from newsetl.places import Place, is_url
from newsetl.stores import parquet as store
from newsetl.tables import PayloadRow

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("raw",)

_ROWS = 64
"""Payloads that stand behind one locator."""


def discover(locator: Locator, web: "Web") -> Iterator[Locator]:  # noqa: ARG001 - the verb's form
    """Yield a locator for every few payloads, in the order in which they were kept.

    Raises FetchError where none were.
    """
    snapshot = homes.of(_place(locator)).snapshot()
    parts = store.parts_of(snapshot).get(PayloadRow.TABLE, [])
    count = store.count_rows(parts)
    if not count or snapshot is None:
        raise FetchError(
            "no payloads were kept here",
            where=str(_place(locator)),
            fix="name the folder of tables that were made with keep = true under [raw]",
            reason="empty_folder",
        )
    for start in range(0, count, _ROWS):
        place = f"{locator.address}?snapshot={snapshot.name}#{start}"
        yield replace(locator, address=place, most=min(_ROWS, count - start))


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:  # noqa: ARG001 - the verb's form
    """Yield payloads as they were fetched then, each under its own source."""
    start = int(urlsplit(locator.address).fragment)
    to = _place(locator)
    parts = store.parts_of(homes.of(to).snapshot()).get(PayloadRow.TABLE, [])
    try:
        yield from raw.payloads(to, _rows(parts, start))
    except LoadError as error:
        raise FetchError(
            error.what, where=error.where, fix=error.fix, reason="unreadable"
        ) from error


def _rows(parts: list[Path], start: int) -> Iterator[dict[str, object]]:
    left = _ROWS
    for part in parts:
        count = store.count_rows([part])
        if start < count and left:
            table = store.read_columns(part, raw.COLUMNS, skip=start).slice(0, left)
            yield from table.to_pylist()
            left -= len(table)
        start = max(0, start - count)


def _place(locator: Locator) -> Place:
    """Return where the tables are, an address of an object store as it is quoted in the path."""
    path = unquote(urlsplit(locator.address).path)
    return path.removeprefix("/") if is_url(path) else Path(path)
