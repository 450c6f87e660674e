"""What is wrong with a folder of tables, also after someone else touched it: `newsetl check`.

A run checks what it adds (`contract`); this reads everything. All faults are listed, not the first.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsetl import contract, homes, raw
from newsetl.errors import NewsetlError
from newsetl.frames import tables_path
from newsetl.places import Place, is_url
from newsetl.schema import Row, schema_of
from newsetl.stores import parquet as store
from newsetl.tables import row_classes


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where."""

    what: str
    where: str


def check(to: Place) -> list[Fault]:
    """Return what is wrong with the tables at `to`, nothing for tables as a run leaves them.

    Looked at are the files (gone, of another size or hash, foreign), then of the tables that can
    be read the columns, nulls, closed lists, keys, references, and that each span row's text is
    the slice of its article; and that the files of kept payloads are as long as they must be. Of
    tables on an object store, parts are read in this machine's copy, and their sizes asked there.
    """
    try:
        snapshot = tables_path(to)
        manifest = store.manifest_of(snapshot)["tables"]
        store.check_columns(snapshot, {name: schema_of(row) for name, row in row_classes().items()})
    except NewsetlError as error:
        return [_fault(error)]
    broken = {
        name: list(_broken_parts(snapshot / name, table["parts"]))
        for name, table in manifest.items()
    }
    faults = [fault for found in broken.values() for fault in found]
    faults += _broken_objects(to, manifest)
    faults += _foreign(snapshot, manifest)
    files = store.files(snapshot, manifest)
    parts = {name: files[name] for name in manifest if not broken[name]}
    faults += _broken_rows(parts, row_classes())
    return [*faults, *_broken_raw(to, parts.get("payloads", ()))]


def _broken_parts(folder: Path, parts: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for part in parts:
        path = folder / part["file"]
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            yield Fault(f"a part cannot be read: {error.strerror}", str(path))
            continue
        if digest != part["sha256"]:
            yield Fault("a part is not what was published: its hash differs", str(path))


def _broken_objects(to: Place, manifest: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield parts on an object store that are gone or cut; what is read is this machine's copy."""
    if not is_url(to):
        return
    home = homes.of(to)
    for name, table in manifest.items():
        for part in table["parts"]:
            place = f"{name}/{part['file']}"
            if (size := home.size(place)) != part["bytes"]:
                yield Fault(f"{size} of {part['bytes']} bytes are on the store", f"{to}/{place}")


def _foreign(snapshot: Path, manifest: Mapping[str, Any]) -> Iterator[Fault]:
    ours = {path for files in store.files(snapshot, manifest).values() for path in files}
    ours.add(snapshot / "manifest.json")
    for path in sorted(snapshot.rglob("*")):
        if path.is_file() and path not in ours:
            yield Fault("a foreign file, which readers of the folder would read", str(path))


def _broken_rows(parts: store.Parts, rows: Mapping[str, type[Row]]) -> Iterator[Fault]:
    """Yield what is wrong inside tables; those with broken files are neither read nor asked for."""
    for name, files in parts.items():
        for file in files:
            for table in store.read_batches(file):
                try:
                    contract.check_batch({name: table}, {name: rows[name]}, with_slices=False)
                except NewsetlError as error:
                    yield _fault(error)
                    break
    yield from map(_fault, contract.faults_of(parts, rows))


def _broken_raw(to: Place, payloads: Sequence[Path]) -> Iterator[Fault]:
    ends: dict[str, int] = {}
    for part in payloads:
        table = store.read_columns(part, ["warc_file", "warc_end"])
        for row in table.to_pylist():
            ends[row["warc_file"]] = max(row["warc_end"], ends.get(row["warc_file"], 0))
    for name, end in ends.items():
        path = f"{raw.FOLDER}/{name}"
        size = homes.of(to).size(path)
        if size < end:
            yield Fault(f"kept payloads are gone: {size} of {end} bytes are there", f"{to}/{path}")


def _fault(error: NewsetlError) -> Fault:
    return Fault(error.what, error.where)
