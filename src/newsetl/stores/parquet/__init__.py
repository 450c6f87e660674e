"""Parquet tables in immutable snapshots, and one link that readers follow.

    tables/current -> snapshots/000002
    tables/snapshots/000002/manifest.json
    tables/snapshots/000002/articles/part-000001-5f3a….parquet

A run writes its rows into a new snapshot, takes over the parts of the last one as hard links,
and then swaps the link `current` for all tables at once (POSIX rename is atomic). Readers see
the tables before the run or after it. Small parts at the end of a table are merged with the new
rows, so that a year of hourly runs leaves a dozen of them. The number in a part's name is the
snapshot that its first rows came in: names sort in the order of rows.
"""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.stores.parquet import parts as parquet
from newsetl.stores.parquet import snapshots
from newsetl.stores.parquet.lock import exclusive
from newsetl.stores.parquet.parts import (
    Stage,
    column_of,
    count_rows,
    read_batches,
    read_column,
    read_columns,
    reading,
    rows_where,
    writing,
)
from newsetl.stores.parquet.snapshots import (
    KEPT_SNAPSHOTS,
    Parts,
    check_columns,
    current,
    files,
    manifest_of,
    merged_from,
    parts_of,
    sync,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "FORMAT",
    "KEPT_SNAPSHOTS",
    "Commit",
    "Parts",
    "Stage",
    "check_columns",
    "column_of",
    "count_rows",
    "current",
    "exclusive",
    "files",
    "load",
    "manifest_of",
    "merged_from",
    "parts_of",
    "read_batches",
    "read_column",
    "read_columns",
    "reading",
    "rows_where",
    "sync",
    "writing",
]

FORMAT = "parquet"

SMALL_BYTES = 2**20
LARGE_BYTES = 256 * 2**20
"""Parts below the first size are always merged with what comes after them, above the second never.
In between a part is merged with as many rows as it has itself, so a row is written again about as
often as its table has doubled."""

Entry = dict[str, Any]
"""What a manifest says of a part: file, rows, bytes, sha256, and what it was merged from."""


@dataclass(frozen=True)
class Commit:
    """A published snapshot: its folder, and how many rows each table has in it."""

    snapshot: Path
    rows: dict[str, int]


def load(
    tables: Mapping[str, Iterable["pa.Table"]],
    to: Path,
    *,
    replaced: Collection[str] = (),
    schemas: Mapping[str, "pa.Schema"],
    check: Callable[[Parts], None] = lambda _parts: None,
    announce: Callable[[Path], None] = lambda _snapshot: None,
) -> Commit:
    """Add `tables` to those stored at `to`, and publish all together or nothing.

    Tables in `replaced` are exchanged whole. Every table of `schemas` is there afterwards, an
    empty one too. `check` gets the files of the new snapshot before it is published, `announce` its
    folder when it is whole; either stops it by raising. Raises LoadError where the disk fails or a
    stored part is broken; then nothing is published.
    """
    number = snapshots.next_number(to)
    building = to / "snapshots" / f".building-{number:06d}"
    shutil.rmtree(building, ignore_errors=True)
    try:
        with writing(to):
            manifest = _build(building, tables, current(to), replaced=replaced, schemas=schemas)
            check(files(building, manifest))
            snapshots.write_manifest(building, manifest, number)
            snapshot = building.rename(building.with_name(f"{number:06d}"))
            announce(snapshot)
            snapshots.swap(to, snapshot)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    snapshots.prune(to)
    return Commit(snapshot, {name: table["rows"] for name, table in manifest.items()})


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
    stored = snapshots.manifest_of(old)["tables"] if old else {}
    old_files = parts_of(old)
    stem = f"part-{building.name.removeprefix('.building-')}"
    manifest = {}
    for name, schema in schemas.items():
        folder = building / name
        folder.mkdir(parents=True)
        entries: list[Entry] = [] if name in replaced else stored.get(name, {"parts": []})["parts"]
        kept = [
            (entry, file)
            for entry, file in zip(entries, old_files.get(name, ()), strict=False)
            if entry["rows"]
        ]
        added = _added(tables.get(name, ()), schema, folder, kept, stem=stem)
        for entry, file in kept:
            snapshots.link(file, folder / entry["file"])
        parts = [entry for entry, _ in kept] + added
        snapshots.sync(folder)
        manifest[name] = {
            "columns": snapshots.columns(schema),
            "rows": sum(part["rows"] for part in parts),
            "parts": parts,
        }
    return manifest


def _added(
    tables: Iterable["pa.Table"],
    schema: "pa.Schema",
    folder: Path,
    kept: list[tuple[Entry, Path]],
    *,
    stem: str,
) -> list[Entry]:
    """Write the new rows, joined with the small parts at the end of `kept`, which leave it."""
    batches = iter(tables)
    first = next((table for table in batches if table.num_rows), None)
    if first is None and kept:
        return []
    draft = folder / "draft"
    new = parquet.write(chain([first] if first else [], batches), schema, draft, stem=stem)
    joined = kept[_first_to_merge([entry for entry, _ in kept], new) :]
    if not joined:
        return [new]
    del kept[-len(joined) :]
    members = [file for _, file in joined] + [folder / new["file"]]
    stem = _stem(joined[0][0]["file"])
    merged = parquet.write(_rows(members), schema, draft, stem=stem)
    (folder / new["file"]).unlink()
    return [{**merged, "merged": [entry["file"] for entry, _ in joined]}]


def _first_to_merge(entries: Sequence[Entry], new: Entry) -> int:
    """Return the place of the first of the parts at the end that are merged with a new one."""
    rows, size = new["rows"], new["bytes"]
    first = len(entries)
    while first:
        part = entries[first - 1]
        part_bytes = part.get("bytes", SMALL_BYTES)
        is_alike = part["rows"] < 2 * rows or part_bytes < SMALL_BYTES
        if not is_alike or size + part_bytes > LARGE_BYTES:
            break
        rows, size, first = rows + part["rows"], size + part_bytes, first - 1
    return first


def _stem(file: str) -> str:
    """Return the name of a part less its hash: parts of older versions have no number."""
    stem = file.rsplit("-", 1)[0]
    return stem if stem != "part" else "part-000000"


def _rows(members: Iterable[Path]) -> Iterator["pa.Table"]:
    return (table for file in members for table in read_batches(file))
