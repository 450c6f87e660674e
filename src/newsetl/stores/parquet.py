"""Parquet tables in immutable snapshots, and one link that readers follow.

    tables/current -> snapshots/000002
    tables/snapshots/000002/manifest.json
    tables/snapshots/000002/articles/part-5f3a….parquet

A run writes its parts into a new snapshot, takes over the parts of the last one as hard links,
and then swaps the link `current` for all tables at once (POSIX rename is atomic). Readers see
the tables before the run or after it.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import LoadError
from newsetl.schema import VERSION

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = "parquet"

KEPT_SNAPSHOTS = 3
ROW_GROUP_ROWS = 122_880
_MANIFEST = "manifest.json"

Parts = dict[str, list[Path]]
"""Table → its Parquet files."""


@dataclass(frozen=True)
class Commit:
    """A published snapshot: its folder, and how many rows each table has in it."""

    snapshot: Path
    rows: dict[str, int]


class Stage:
    """A folder of Parquet files, one a table, that grows batch by batch until it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, Any] = {}
        folder.mkdir(parents=True)

    def add(self, name: str, table: "pa.Table") -> None:
        import pyarrow.parquet as pq

        if name not in self._writers:
            path = self.folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
        self._writers[name].write_table(table)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()


@contextlib.contextmanager
def exclusive(to: Path, *, wait_s: float) -> Iterator[None]:
    """Hold the lock of a tables folder: one run at a time.

    Raises LoadError, naming the holder, if it is not free within `wait_s` seconds, or if the
    folder cannot be written.
    """
    from filelock import FileLock, Timeout

    holder = to / ".holder"
    try:
        to.mkdir(parents=True, exist_ok=True)
        with FileLock(to / ".lock", timeout=wait_s):
            holder.write_text(f"process {os.getpid()}", encoding="utf-8")
            yield
    except Timeout as error:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "unknown"
        raise LoadError(
            f"another run holds the lock: {who}",
            where=str(to),
            fix="wait for it to end, or raise lock_wait_s in newsetl.toml",
            retryable=True,
        ) from error
    except (FileExistsError, NotADirectoryError, PermissionError) as error:
        raise LoadError(
            f"the tables cannot be written: {error.strerror}",
            where=str(error.filename or to),
            fix="choose a folder that you may write with --out",
        ) from error


def current(to: Path) -> Path | None:
    """Return the folder of the published snapshot, the link resolved, or None before any run."""
    link = to / "current"
    if not link.is_symlink():
        if link.exists():
            raise LoadError(
                "not a link, so not ours",
                where=str(link),
                fix="move it away, or choose another folder with --out",
            )
        return None
    return link.resolve()


def parts_of(snapshot: Path | None) -> Parts:
    """Return table → Parquet files of a snapshot, as its manifest lists them."""
    return {} if snapshot is None else _files(snapshot, _manifest(snapshot))


def column_of(parts: Iterable[Path], name: str) -> set[str]:
    """Return the values of one text column over some Parquet files."""
    import pyarrow.parquet as pq

    return {
        value
        for part in parts
        for value in pq.read_table(part, columns=[name], partitioning=None)[name].to_pylist()
    }


def rows_of(parts: Iterable[Path], *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield the values of some columns, a row at a time, over some Parquet files.

    A column that a file lacks, as it was written before the column was, gives None.
    """
    import pyarrow.parquet as pq

    for part in parts:
        known = set(pq.read_schema(part).names)
        table = pq.read_table(part, columns=[n for n in names if n in known], partitioning=None)
        empty = [None] * table.num_rows
        yield from zip(
            *(table[name].to_pylist() if name in known else empty for name in names), strict=True
        )


def count_rows(parts: Iterable[Path]) -> int:
    """Return how many rows some Parquet files have together."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(part).num_rows for part in parts)


def read_batches(part: Path) -> Iterator["pa.Table"]:
    """Yield the rows of a Parquet file, a bounded number at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(part) as file:
        for batch in file.iter_batches(batch_size=ROW_GROUP_ROWS):
            yield pa.Table.from_batches([batch])


def load(
    tables: Mapping[str, Iterable["pa.Table"]],
    to: Path,
    *,
    replaced: Collection[str] = (),
    schemas: Mapping[str, "pa.Schema"],
    check: Callable[[Parts], None],
) -> Commit:
    """Add `tables` to those stored at `to`, and publish all together or nothing.

    Tables in `replaced` are exchanged whole. Every table of `schemas` is there afterwards, an
    empty one too. `check` gets the files of the new snapshot before it is published, and stops
    it by raising.
    """
    old = current(to)
    number = 1 + max((int(item.name) for item in _snapshots(to)), default=0)
    building = to / "snapshots" / f".building-{number:06d}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        manifest = _build(building, tables, old, replaced=replaced, schemas=schemas)
        check(_files(building, manifest))
        _write_manifest(building, manifest, number)
        snapshot = building.rename(building.with_name(f"{number:06d}"))
    except OSError as error:
        shutil.rmtree(building, ignore_errors=True)
        raise LoadError(
            f"the tables cannot be written: {error.strerror or error}",
            where=str(error.filename or to),
            fix="free some space or mend the folder, then run again; nothing was published",
            retryable=True,
        ) from error
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    _swap(to, snapshot)
    for stale in sorted(_snapshots(to))[:-KEPT_SNAPSHOTS]:
        shutil.rmtree(stale, ignore_errors=True)
    rows = {name: sum(part["rows"] for part in table["parts"]) for name, table in manifest.items()}
    return Commit(snapshot, rows)


def _manifest(snapshot: Path | None) -> dict[str, Any]:
    """Return table → its entry: rows, and the file, rows and hash of each part."""
    if snapshot is None:
        return {}
    try:
        manifest = json.loads((snapshot / _MANIFEST).read_text(encoding="utf-8"))
        tables: dict[str, Any] = manifest["tables"]
    except (OSError, ValueError, KeyError) as error:
        raise LoadError(
            f"the snapshot has no readable manifest: {error}",
            where=str(snapshot / _MANIFEST),
            fix="restore the folder, or start anew with another --out",
        ) from error
    return tables


def _files(snapshot: Path, manifest: Mapping[str, Any]) -> Parts:
    return {
        name: [snapshot / name / part["file"] for part in table["parts"]]
        for name, table in manifest.items()
    }


def _build(
    building: Path,
    tables: Mapping[str, Iterable["pa.Table"]],
    old: Path | None,
    *,
    replaced: Collection[str],
    schemas: Mapping[str, "pa.Schema"],
) -> dict[str, Any]:
    """Write new parts and link old ones; return the manifest's entry of each table.

    A part without rows stands only where a table has no other.
    """
    stored = _manifest(old)
    old_folder = old or building
    manifest = {}
    for name, schema in schemas.items():
        folder = building / name
        folder.mkdir(parents=True)
        new = _written(tables.get(name, ()), schema, folder)
        kept = [] if name in replaced else stored.get(name, {}).get("parts", [])
        kept = [part for part in kept if part["rows"]]
        for part in kept:
            _link(old_folder / name / part["file"], folder / part["file"])
        if kept and not new["rows"]:
            (folder / new["file"]).unlink()
        else:
            kept = [*kept, new]
        _sync(folder)
        manifest[name] = {"rows": sum(part["rows"] for part in kept), "parts": kept}
    return manifest


def _written(tables: Iterable["pa.Table"], schema: "pa.Schema", folder: Path) -> dict[str, Any]:
    """Write tables as one part, named by its hash, and return its entry in the manifest."""
    import pyarrow.parquet as pq

    draft = folder / "draft"
    rows = 0
    with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            rows += table.num_rows
    with draft.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    part = draft.rename(folder / f"part-{digest[:16]}.parquet")
    return {"file": part.name, "rows": rows, "sha256": digest}


def _link(part: Path, new: Path) -> None:
    """Take over an old part; where the file system has no hard links, copy it."""
    try:
        os.link(part, new)
    except OSError:
        shutil.copy2(part, new)


def _write_manifest(building: Path, manifest: dict[str, Any], number: int) -> None:
    content = {"snapshot": number, "schema_version": VERSION, "tables": manifest}
    with (building / _MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    _sync(building)


def _swap(to: Path, snapshot: Path) -> None:
    """Point `current` at the snapshot in one step."""
    _sync(snapshot.parent)
    link = to / ".current-new"
    link.unlink(missing_ok=True)
    link.symlink_to(snapshot.relative_to(to), target_is_directory=True)
    link.replace(to / "current")
    _sync(to)


def _snapshots(to: Path) -> list[Path]:
    return [item for item in (to / "snapshots").glob("[0-9]*") if item.name.isdigit()]


def _sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
