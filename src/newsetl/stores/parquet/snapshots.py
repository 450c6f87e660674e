"""The folders of the tables: snapshots, their manifests, and the link `current`."""

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import LoadError
from newsetl.schema import VERSION

if TYPE_CHECKING:
    import pyarrow as pa

KEPT_SNAPSHOTS = 3
MANIFEST = "manifest.json"

Parts = dict[str, list[Path]]
"""Table → its Parquet files, in the order of their rows."""


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
    """Return table → Parquet files of a snapshot, as its manifest lists them.

    Raises LoadError for a part that is gone or has another size than the manifest says. What a
    part holds is for `newsetl check` to read.
    """
    if snapshot is None:
        return {}
    tables = manifest_of(snapshot)["tables"]
    for name, table in tables.items():
        for part in table["parts"]:
            _check_size(snapshot / name / part["file"], part.get("bytes"))
    return files(snapshot, tables)


def merged_from(snapshot: Path | None) -> dict[str, tuple[str, ...]]:
    """Return part → the older parts that its first rows were taken over from, in their order."""
    tables = manifest_of(snapshot)["tables"] if snapshot else {}
    return {
        part["file"]: tuple(part.get("merged", ()))
        for table in tables.values()
        for part in table["parts"]
    }


def check_columns(snapshot: Path | None, schemas: "Mapping[str, pa.Schema]") -> None:
    """Raise LoadError if the tables of a snapshot have other columns than this version writes."""
    if snapshot is None:
        return
    manifest = manifest_of(snapshot)
    other = [
        name
        for name, table in manifest["tables"].items()
        if name not in schemas or table.get("columns") != columns(schemas[name])
    ]
    if manifest.get("schema_version") != VERSION or other:
        raise LoadError(
            f"the tables are of layout {manifest.get('schema_version')}, not {VERSION}"
            + (f"; other columns: {', '.join(other)}" if other else ""),
            where=str(snapshot),
            fix="bring them up to date with: newsetl migrate",
        )


def columns(schema: "pa.Schema") -> dict[str, str]:
    """Return column → type, as a manifest says it."""
    return {item.name: str(item.type) for item in schema}


def manifest_of(snapshot: Path) -> dict[str, Any]:
    """Return the manifest: under `tables` the rows, and the file, rows and hash of each part."""
    try:
        manifest = json.loads((snapshot / MANIFEST).read_text(encoding="utf-8"))
        _ = [part["file"] for table in manifest["tables"].values() for part in table["parts"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LoadError(
            f"the snapshot has no readable manifest: {error}",
            where=str(snapshot / MANIFEST),
            fix="restore the folder, or start anew with another --out",
        ) from error
    return dict(manifest)


def files(snapshot: Path, tables: Mapping[str, Any]) -> Parts:
    return {
        name: [snapshot / name / part["file"] for part in table["parts"]]
        for name, table in tables.items()
    }


def write_manifest(folder: Path, tables: Mapping[str, Any], number: int) -> None:
    content = {"snapshot": number, "schema_version": VERSION, "tables": tables}
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    sync(folder)


def swap(to: Path, snapshot: Path) -> None:
    """Point `current` at the snapshot in one step."""
    sync(snapshot.parent)
    link = to / ".current-new"
    link.unlink(missing_ok=True)
    link.symlink_to(snapshot.relative_to(to), target_is_directory=True)
    link.replace(to / "current")
    sync(to)


def next_number(to: Path) -> int:
    return 1 + max((int(item.name) for item in _numbered(to)), default=0)


def prune(to: Path) -> None:
    """Remove all but the last snapshots, and what a run that was killed was building."""
    folders = sorted(_numbered(to), key=lambda item: int(item.name))
    stale = [*folders[:-KEPT_SNAPSHOTS], *(to / "snapshots").glob(".building-*")]
    for folder in stale:
        shutil.rmtree(folder, ignore_errors=True)


def sync(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link(part: Path, new: Path) -> None:
    """Take over an old part; where the file system has no hard links, copy it."""
    try:
        os.link(part, new)
    except OSError:
        shutil.copy2(part, new)
        with contextlib.closing(new.open("rb")) as file:
            os.fsync(file.fileno())


def _check_size(part: Path, expected: int | None) -> None:
    try:
        size = part.stat().st_size
    except OSError as error:
        raise LoadError(
            f"a part of the tables is gone: {error.strerror}",
            where=str(part),
            fix=_REPAIR,
        ) from error
    if expected is not None and size != expected:
        raise LoadError(
            f"a part of the tables has {size} bytes, not {expected}",
            where=str(part),
            fix=_REPAIR,
        )


_REPAIR = (
    "restore the file, or point the link `current` at an older folder in `snapshots`;"
    " newsetl check says what is broken"
)


def _numbered(to: Path) -> list[Path]:
    return [item for item in (to / "snapshots").glob("[0-9]*") if item.name.isdigit()]
