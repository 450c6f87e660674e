"""The last stored version of each address, so that only what has changed is fetched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsetl.payload import Locator
from newsetl.sources.web.parallel import host_of
from newsetl.stores import parquet as store

_COLUMNS = ("uri", "retrieved_at", "etag", "last_modified")


@dataclass(frozen=True, slots=True)
class Capture:
    """The last version of an address that is stored, with the server's marks of it."""

    retrieved_at: datetime
    etag: str | None
    last_modified: str | None


def of(documents: Iterable[Path], locators: Sequence[Locator]) -> dict[str, Capture]:
    """Return the last capture of each address on the web, from the parts of `documents`."""
    found: dict[str, Capture] = {}
    asked = [locator.address for locator in locators if host_of(locator)]
    for uri, *values in store.rows_where(documents, _COLUMNS, {"uri": asked}) if asked else ():
        capture = Capture(*values)
        if uri not in found or found[uri].retrieved_at < capture.retrieved_at:
            found[uri] = capture
    return found


def changed(locators: Sequence[Locator], captures: Mapping[str, Capture]) -> list[Locator]:
    """Return the addresses that may have changed, with the marks of what is stored of them.

    One that was captured after the change that its source states has not.
    """
    return [
        _marked(locator, captures.get(locator.address))
        for locator in locators
        if not _is_stored(locator, captures.get(locator.address))
    ]


def _is_stored(locator: Locator, capture: Capture | None) -> bool:
    at = locator.modified_at
    return bool(capture and at and at < capture.retrieved_at)


def _marked(locator: Locator, capture: Capture | None) -> Locator:
    if capture is None:
        return locator
    return replace(locator, etag=capture.etag, last_modified=capture.last_modified)
