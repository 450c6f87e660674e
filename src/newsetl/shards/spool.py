"""What a shard has fetched, kept until the shard is done: a crash asks no host twice.

A file for each address on the web holds its payloads, written once they are all there. A shard that
is begun again reads it and asks the host for the rest only. What failed is not kept.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl.errors import FetchError
from newsetl.model import identify
from newsetl.payload import Locator, Payload
from newsetl.sources import Fetched
from newsetl.sources.web.parallel import host_of
from newsetl.stores import parquet as store

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class Spool:
    """A folder of fetched payloads, a file an address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fetch(
        self, locator: Locator, ask: Callable[[Locator], Iterator[Fetched]]
    ) -> Iterator[Fetched]:
        """Yield what is kept of an address, or else what `ask` gives, which is then kept.

        Files, and archives of unknown length, are read where they are.
        """
        if not host_of(locator) or locator.most is None:
            yield from ask(locator)
            return
        path = self.folder / f"{identify('fetched', locator.typed, str(locator.most))}.json"
        if (kept := _kept(path)) is not None:
            yield from kept
            return
        payloads, is_whole = [], True
        for item in ask(locator):
            if isinstance(item, FetchError):
                is_whole = False
            else:
                payloads.append(item)
            yield item
        if is_whole:
            self._keep(path, payloads)

    def _keep(self, path: Path, payloads: list[Payload]) -> None:
        draft = path.with_suffix(".draft")
        with store.writing(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(_payloads().dump_json(payloads))
            draft.rename(path)


def _kept(path: Path) -> list[Payload] | None:
    """Return the payloads of a file; None if there is none, or if a power cut tore it."""
    try:
        return _payloads().validate_json(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return None


@cache
def _payloads() -> "TypeAdapter[list[Payload]]":
    from pydantic import ConfigDict, TypeAdapter

    # Bytes of any kind survive JSON as base64.
    config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")
    return TypeAdapter(list[Payload], config=config)
