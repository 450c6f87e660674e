"""Shards on their way to the tables: worked on once, kept until their run is published.

A shard's rows lie in a folder that is named by what they depend on: its addresses, the settings,
the model, the code, the tables' columns, and the snapshot that tells what is new. A marker in the
folder says that the shard is done. So a run that follows a crash takes over the shards that are
done, and no shard that would now come out otherwise.
"""

import dataclasses
import importlib.metadata
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from newsetl import tables
from newsetl.config import Config
from newsetl.errors import NewsetlError
from newsetl.lookups import Lookups
from newsetl.model import Reject, identify
from newsetl.payload import Locator
from newsetl.schema import schema_of
from newsetl.stores import parquet as store

FOLDER = ".staging"
"""Where shards are staged, below the tables."""

SKETCHES = "sketches"
"""What is staged beside the tables: the sketches of the shard's articles."""

_MARKER = "done.json"

_SMALLEST_SHARD = 32
"""Documents for which it is worth while to start a process: to start it costs about as many."""
_PIECES = 2
"""A shard is one of so many parts of what is left for a worker."""
_SMALLEST_PIECE = 8
"""Documents that are worth a shard of their own: its files cost, and articles share a batch."""


@dataclass(frozen=True)
class Shard:
    """Addresses that are worked on together, under a name by all that their payloads depend on."""

    locators: tuple[Locator, ...]
    name: str

    @classmethod
    def of(cls, locators: Iterable[Locator]) -> Self:
        found = tuple(locators)
        asked = (
            part
            for item in found
            for part in (item.typed, item.source_id, item.charset or "", str(item.most))
        )
        return cls(found, identify("shard", *asked, *(repr(item.wanted) for item in found)))

    def __len__(self) -> int:
        return len(self.locators)


@dataclass(frozen=True)
class ShardResult:
    """What became of a shard: the folder of its rows, its documents by fate, its rejects."""

    folder: Path
    seen: int
    new: int
    unchanged: int
    rejected: int
    rejects: tuple[Reject, ...]

    @classmethod
    def rejected_whole(cls, folder: Path, shard: Shard, errors: Sequence[NewsetlError]) -> Self:
        """Return the result of a shard of which nothing was staged, each address with its error."""
        rejects = tuple(
            Reject.of(error, locator.source_id, uri=locator.typed)
            for locator, error in zip(shard.locators, errors, strict=True)
        )
        return cls(folder, len(shard), new=0, unchanged=0, rejected=len(shard), rejects=rejects)


def is_cut(documents: int, config: Config) -> bool:
    """Return whether so many documents are more than one shard."""
    return documents > config.shard_documents or _workers(documents, config) > 1


def cut(locators: Sequence[Locator], config: Config) -> Iterator[Shard]:
    """Yield shards of up to `config.shard_documents`; for many workers, smaller ones at the end.

    Of what is left, each worker gets a part, and half of it now. So all have as much to do, and
    none is idle for long when the last ones are worked on. For one worker all have one size.
    """
    left, most, workers = len(locators), config.shard_documents, _workers(len(locators), config)
    even = -(-left // max(1, -(-left // most)))
    while left:
        share = max(_SMALLEST_PIECE, -(-left // (_PIECES * workers)))
        size = min(left, even if workers == 1 else min(most, share))
        start = len(locators) - left
        yield Shard.of(locators[start : start + size])
        left -= size


def _workers(documents: int, config: Config) -> int:
    """Return for how many workers it is worth while to start a process."""
    return max(1, min(config.workers or 1, documents // _SMALLEST_SHARD))


def folder_of(out: Path, config: Config, *, model: str, snapshot: Path | None) -> Path:
    """Return the staging folder, below the tables at `out`, of runs that would make equal rows."""
    columns = [str(schema_of(row)) for row in tables.row_classes().values()]
    version = importlib.metadata.version("newsetl")
    at = snapshot.name if snapshot else ""
    name = identify("staging", config.sha256, model, version, at, *columns)
    return out / FOLDER / name


def clear(out: Path, *, keep: Path | None = None) -> None:
    """Remove what earlier runs staged, but for one folder."""
    for folder in (out / FOLDER).glob("*"):
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)
    if not keep:
        shutil.rmtree(out / FOLDER, ignore_errors=True)


def shard_folder(staging: Path, shard: Shard) -> Path:
    return staging / shard.name


def spool_folder(folder: Path) -> Path:
    """Return where a shard keeps what it fetched, until it is done."""
    return folder.with_name(f"{folder.name}-fetched")


def open_stage(folder: Path) -> store.Stage:
    """Return an empty stage for a shard; what it left when it was killed is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    return store.Stage(folder)


def finish(result: ShardResult) -> None:
    """Mark a shard as done, once its rows would survive a power cut."""
    with store.writing(result.folder):
        for file in result.folder.iterdir():
            with file.open("rb") as rows:
                os.fsync(rows.fileno())
        said = {**dataclasses.asdict(result), "folder": result.folder.name}
        draft = result.folder / f".{_MARKER}"
        with draft.open("w", encoding="utf-8") as marker:
            json.dump(said, marker)
            marker.flush()
            os.fsync(marker.fileno())
        draft.rename(result.folder / _MARKER)
        shutil.rmtree(spool_folder(result.folder), ignore_errors=True)


def finished(folder: Path) -> ShardResult | None:
    """Return what became of a shard that is done, None of any other."""
    marker = folder / _MARKER
    if not marker.exists():
        return None
    said: dict[str, Any] = json.loads(marker.read_text(encoding="utf-8"))
    rejects = tuple(Reject(**reject) for reject in said.pop("rejects"))
    return ShardResult(**{**said, "folder": folder, "rejects": rejects})


def undo(folder: Path) -> None:
    """Remove what is staged of a shard, so that it is worked on anew."""
    shutil.rmtree(folder, ignore_errors=True)


def repeating(results: Sequence[ShardResult]) -> list[int]:
    """Return which shards hold a document, an article or a payload that an earlier one holds."""
    keys = {"documents": "document_id", "articles": "article_id", "payloads": "payload_id"}
    seen: set[str] = set()
    found = []
    for index, result in enumerate(results):
        own: set[str] = set()
        for name, column in keys.items():
            file = result.folder / f"{name}.parquet"
            if file.exists():
                own |= {f"{name} {key}" for key in store.column_of([file], column)}
        if own & seen:
            found.append(index)
        seen |= own
    return found


def files(results: Sequence[ShardResult], names: Collection[str]) -> store.Parts:
    """Return table → staged files, in the order of the shards."""
    return {
        name: [file for result in results if (file := result.folder / f"{name}.parquet").exists()]
        for name in names
    }


class Known:
    """The keys that are stored, or staged by the other shards of the run: nothing stands twice."""

    def __init__(self, stored: Lookups) -> None:
        self.stored = stored
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self._read: set[Path] = set()

    def read(self, folders: Iterable[Path]) -> None:
        """Take in the shards that are done and not yet taken in."""
        rows = tables.row_classes()
        for folder in folders:
            if folder in self._read or finished(folder) is None:
                continue
            self._read.add(folder)
            for name in self.stored.tables:
                file = folder / f"{name}.parquet"
                if file.exists():
                    self._keys[name] |= store.column_of([file], rows[name].KEY)

    def known(self, table: str, keys: Collection[str], *, column: str = "") -> set[str]:
        """Return those of `keys` that are known; another column is asked of stored rows only."""
        stored = self.stored.known(table, keys, column=column)
        return stored if column else stored | self._keys[table].intersection(keys)
