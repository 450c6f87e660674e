"""A local copy of tables on an object store, in which runs work and from which readers read.

The folder is laid out as one of local tables is. What it lacks of a snapshot is fetched; parts are
immutable and named by their hash, so each is fetched once. All of it may be deleted at any time but
while a run works in it.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsetl.errors import LoadError
from newsetl.raw import FOLDER as RAW
from newsetl.remote.objects import Objects
from newsetl.stores import parquet as store
from newsetl.stores.parquet import snapshots

MANIFESTS = "snapshots"
_MANIFEST = re.compile(r"(\d{6,})\.json")
_READ = "[0-9]*-*"
"""Folders that readers use, a number and a hash; those of runs are numbers alone."""


@dataclass(frozen=True)
class Published:
    """A snapshot on the store: its number, and its manifest as it stands there."""

    number: int
    manifest: bytes

    @property
    def name(self) -> str:
        return f"{self.number:06d}"

    @property
    def tables(self) -> dict[str, Any]:
        tables: dict[str, Any] = json.loads(self.manifest)["tables"]
        return tables

    @property
    def parts(self) -> set[str]:
        """The names of the objects that hold its parts."""
        return {
            f"{name}/{part['file']}"
            for name, table in self.tables.items()
            for part in table["parts"]
        }


def folder_of(url: str) -> Path:
    """Return this machine's folder for the tables at an address: under the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    name = hashlib.sha256(url.rstrip("/").encode()).hexdigest()[:24]
    return cache / "newsetl" / name


def reading(objects: Objects, to: Path) -> Path | None:
    """Return a folder with the published snapshot, None if there is none.

    The last few that were asked for stay, as those of local tables do.
    """
    found = published(objects)
    if found is None:
        return None
    digest = hashlib.sha256(found.manifest).hexdigest()[:16]
    with _pulling(to):
        folder = _assemble(objects, to, found, name=f"{found.name}-{digest}")
        for stale in sorted((to / MANIFESTS).glob(_READ))[: -snapshots.KEPT_SNAPSHOTS]:
            shutil.rmtree(stale, ignore_errors=True)
    return folder


def check_out(objects: Objects, to: Path) -> None:
    """Bring the folder of a run to what is published; what a killed run made there goes."""
    found = published(objects)
    with _pulling(to):
        shutil.rmtree(to / RAW, ignore_errors=True)
        for folder in (to / MANIFESTS).glob("[0-9]*"):
            if folder.name.isdigit() and (found is None or int(folder.name) > found.number):
                shutil.rmtree(folder)
        if found is None:
            (to / "current").unlink(missing_ok=True)
        else:
            snapshots.swap(to, _assemble(objects, to, found, name=found.name))


def pull(objects: Objects, to: Path, name: str) -> Path:
    """Return this machine's folder of the published snapshot `name`, for one who works on it."""
    manifest = objects.read(f"{MANIFESTS}/{name}.json")
    if manifest is None:
        raise LoadError(
            f"the snapshot {name} is gone", where=objects.url, fix="run again", retryable=True
        )
    with _pulling(to):
        return _assemble(objects, to, Published(int(name), manifest), name=name)


def published(objects: Objects) -> Published | None:
    """Return the last snapshot at an address, None before any run."""
    numbers = _numbers(objects)
    if not numbers:
        return None
    manifest = objects.read(f"{MANIFESTS}/{numbers[-1]:06d}.json")
    if manifest is None:
        raise LoadError(
            "the last manifest cannot be read", where=objects.url, fix="try again", retryable=True
        )
    return Published(numbers[-1], manifest)


def publish(objects: Objects, to: Path, snapshot: Path) -> None:
    """Put what a new snapshot adds on the store, and its manifest last: then it is published.

    Raises LoadError if another run has published since this one began.
    """
    new = Published(int(snapshot.name), (snapshot / snapshots.MANIFEST).read_bytes())
    before = published(objects)
    if new.number == (before.number + 1 if before else 1):
        for name in sorted(new.parts - (before.parts if before else set())):
            objects.upload(snapshot / name, name)
        for file in sorted((to / RAW).glob("*.warc.gz")):
            objects.upload(file, f"{RAW}/{file.name}")
        if objects.create(f"{MANIFESTS}/{new.name}.json", new.manifest):
            return
    raise LoadError(
        "another run published meanwhile; this one published nothing",
        where=objects.url,
        fix="run again: it goes on from what the other one left",
        retryable=True,
    )


def prune(objects: Objects) -> None:
    """Remove all but the last snapshots, and the parts that only they name."""
    numbers = _numbers(objects)
    gone = [f"{MANIFESTS}/{number:06d}.json" for number in numbers[: -snapshots.KEPT_SNAPSHOTS]]
    if not gone:
        return
    kept: set[str] = set()
    for number in numbers[-snapshots.KEPT_SNAPSHOTS :]:
        kept |= _parts(objects, f"{MANIFESTS}/{number:06d}.json")
    stale = {part for name in gone for part in _parts(objects, name)} - kept
    objects.remove([*sorted(stale), *gone])


def _parts(objects: Objects, name: str) -> set[str]:
    manifest = objects.read(name)
    return Published(0, manifest).parts if manifest else set()


def _numbers(objects: Objects) -> list[int]:
    found = (_MANIFEST.fullmatch(name) for name in objects.names(MANIFESTS))
    return sorted(int(match[1]) for match in found if match)


def _assemble(objects: Objects, to: Path, snapshot: Published, *, name: str) -> Path:
    """Make a folder of a snapshot from parts that are here, and fetch those that are not."""
    target = to / MANIFESTS / name
    manifest = target / snapshots.MANIFEST
    if manifest.exists() and manifest.read_bytes() == snapshot.manifest:
        return target
    building = Path(tempfile.mkdtemp(prefix=".pulling-", dir=to / MANIFESTS))
    for table, stated in snapshot.tables.items():
        (building / table).mkdir()
        for part in stated["parts"]:
            _place(objects, to, f"{table}/{part['file']}", building, part)
    (building / snapshots.MANIFEST).write_bytes(snapshot.manifest)
    shutil.rmtree(target, ignore_errors=True)
    return building.rename(target)


def _place(objects: Objects, to: Path, name: str, building: Path, part: dict[str, Any]) -> None:
    for known in (to / MANIFESTS).glob(f"[0-9]*/{name}"):
        if known.stat().st_size == part.get("bytes"):
            snapshots.link(known, building / name)
            return
    objects.download(name, building / name)
    with (building / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != part["sha256"]:
        raise LoadError(
            "a part of the tables is not what was published: its hash differs",
            where=f"{objects.url}/{name}",
            fix="restore the object; newsetl check says what else is broken",
        )


@contextmanager
def _pulling(to: Path) -> Iterator[None]:
    """Put snapshots together one at a time on a machine; what a killed process began goes."""
    from filelock import FileLock

    with store.writing(to):
        (to / MANIFESTS).mkdir(parents=True, exist_ok=True)
        with FileLock(to / ".pull"):
            for stale in (to / MANIFESTS).glob(".pulling-*"):
                shutil.rmtree(stale, ignore_errors=True)
            yield
