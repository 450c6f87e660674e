"""Where tables live: a folder, or an address of an object store with a local copy to work in.

A run asks its home for the lock, for the shards that are done, and to publish. In a folder these
are the files that all workers see; on an object store each machine works in a copy of its own
(`remote.mirror`), and what others need is put on the store when it is whole.
"""

import contextlib
import dataclasses
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import LoadError
from newsetl.places import Place, is_url
from newsetl.shards import staging
from newsetl.shards.staging import ShardResult
from newsetl.stores import parquet as store

if TYPE_CHECKING:
    from newsetl.pipeline import Plan
    from newsetl.remote.objects import Objects

_AWAY = ".away"
"""Where workers of a cluster stage, below a machine's copy of what is on the store."""


@lru_cache(maxsize=8)
def of(place: Place) -> "Home":
    """Return the home of the tables at a path or address."""
    return RemoteHome(str(place)) if is_url(place) else Home(Path(place))


class Home:
    """A folder that all who work on the tables see under one name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def address(self) -> str:
        """Where the tables are, for who works in another folder."""
        return str(self.folder.resolve())

    @property
    def published(self) -> str:
        """Where a person finds the published tables."""
        return str(self.folder / "current")

    def snapshot(self) -> Path | None:
        """Return the folder of the published snapshot, for readers; None before any run."""
        return store.current(self.folder)

    @contextlib.contextmanager
    def exclusive(self, *, wait_s: float) -> Iterator[None]:
        """Hold the lock: one run at a time; see `store.exclusive`."""
        with store.exclusive(self.folder, wait_s=wait_s):
            yield

    def here(self, planned: "Plan") -> "Plan":
        """Return a plan with this machine's folders; another one may have made it."""
        return planned

    def away(self, planned: "Plan") -> "Plan":
        """Return a plan for who works where nobody will look for the rows."""
        return planned

    def finished(self, folder: Path) -> ShardResult | None:
        """Return what became of a shard that is done, its rows in `folder`; None of any other."""
        return staging.finished(folder)

    def keep(self, result: ShardResult) -> None:
        """Let all who work on the tables see a shard that is done."""

    def leave(self, result: ShardResult) -> None:
        """Remove what another machine will not need here of a shard that is kept."""

    def receive(self, result: ShardResult) -> ShardResult:
        """Return the result of a shard that another machine kept, with this one's folder."""
        return result

    def undo(self, folder: Path) -> None:
        """Remove what is staged of a shard, so that it is worked on anew."""
        staging.undo(folder)

    def clear(self, *, keep: Path | None = None) -> None:
        """Remove what runs staged, but for one folder."""
        staging.clear(self.folder, keep=keep)

    def raw_label(self, run_id: str) -> str:  # noqa: ARG002 - for homes that need it
        """Return what names of new files of payloads have to hold so as to be new."""
        return ""

    def announce(self, snapshot: Path) -> None:
        """Publish a snapshot that is whole, but for the link `current`."""

    def tidy(self) -> None:
        """Remove what older snapshots alone needed."""

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[Any]:
        """Open a file to read, by its name below the tables."""
        with (self.folder / name).open("rb") as file:
            yield file

    def size(self, name: str) -> int:
        """Return the size of a file, 0 if it is not there."""
        path = self.folder / name
        return path.stat().st_size if path.exists() else 0


class RemoteHome(Home):
    """An address of an object store, and this machine's copy of what is there."""

    def __init__(self, url: str) -> None:
        from newsetl.remote import mirror

        super().__init__(mirror.folder_of(url))
        self.url = url.rstrip("/")

    @property
    def address(self) -> str:
        return self.url

    @property
    def published(self) -> str:
        return self.url

    @cached_property
    def objects(self) -> "Objects":
        from newsetl.remote.objects import Objects

        return Objects(self.url)

    def snapshot(self) -> Path | None:
        from newsetl.remote import mirror

        return mirror.reading(self.objects, self.folder)

    @contextlib.contextmanager
    def exclusive(self, *, wait_s: float) -> Iterator[None]:
        """Hold the lock of this machine's folder and the store's lease; begin at what is there."""
        from newsetl.remote import lease, mirror

        with (
            store.exclusive(self.folder, wait_s=wait_s),
            lease.held(self.objects, wait_s=wait_s),
        ):
            mirror.check_out(self.objects, self.folder)
            yield

    def here(self, planned: "Plan") -> "Plan":
        from newsetl.remote import mirror

        snapshot = planned.snapshot
        staged = planned.staging
        return dataclasses.replace(
            planned,
            staging=self.folder / staged.parent.name / staged.name,
            snapshot=snapshot and mirror.pull(self.objects, self.folder, snapshot.name),
        )

    def away(self, planned: "Plan") -> "Plan":
        """Return a plan with a folder beside the publisher's, which may be on this machine, too.

        A worker of a cluster removes its rows once they are on the store, and a shard whose result
        is lost is done again: that must not take away what the publisher has received.
        """
        return dataclasses.replace(planned, staging=self.folder / _AWAY / planned.staging.name)

    def finished(self, folder: Path) -> ShardResult | None:
        """Return what became of a shard that is done, here or elsewhere: then it is fetched.

        One that was done here by a process that died before the store had it is put there.
        """
        name = _name(folder)
        if result := staging.finished(folder):
            if self.objects.size(name) is None:
                self.keep(result)
            return result
        if self.objects.size(name) is None:
            return None
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder.parent) as draft:
            packed, rows = Path(draft) / "packed", Path(draft) / "rows"
            self.objects.download(name, packed)
            with tarfile.open(packed) as archive:
                archive.extractall(rows, filter="data")
            staging.undo(folder)
            rows.rename(folder)
        return staging.finished(folder)

    def keep(self, result: ShardResult) -> None:
        """Put a shard on the store as one object, which is there whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=result.folder.parent, suffix=".tar") as packed:
            with tarfile.open(fileobj=packed, mode="w") as archive:
                archive.add(result.folder, arcname="")
            packed.flush()
            self.objects.upload(Path(packed.name), _name(result.folder))

    def leave(self, result: ShardResult) -> None:
        staging.undo(result.folder)

    def receive(self, result: ShardResult) -> ShardResult:
        folder = self.folder.joinpath(staging.FOLDER, *result.folder.parts[-2:])
        received = self.finished(folder)
        if received is None:
            raise LoadError(
                "a shard that was done is gone from the store",
                where=f"{self.url}/{_name(folder)}",
                fix="run again: the other shards are kept",
                retryable=True,
            )
        return received

    def undo(self, folder: Path) -> None:
        self.objects.remove([_name(folder)])
        staging.undo(folder)

    def clear(self, *, keep: Path | None = None) -> None:
        staging.clear(self.folder, keep=keep)
        shutil.rmtree(self.folder / _AWAY, ignore_errors=True)
        staged = self.objects.names(staging.FOLDER)
        stale = [name for name in staged if not keep or name != keep.name]
        self.objects.remove(f"{staging.FOLDER}/{name}" for name in stale)

    def raw_label(self, run_id: str) -> str:
        """Return the run's id: what stands on the store is never written again."""
        return f"-{run_id}"

    def announce(self, snapshot: Path) -> None:
        from newsetl.remote import mirror

        mirror.publish(self.objects, self.folder, snapshot)

    def tidy(self) -> None:
        from newsetl.remote import mirror

        mirror.prune(self.objects)

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[Any]:
        with self.objects.open(name) as file:
            yield file

    def size(self, name: str) -> int:
        return self.objects.size(name) or 0


def _name(folder: Path) -> str:
    """Return the name that a shard has on the store."""
    return f"{staging.FOLDER}/{folder.parent.name}/{folder.name}.tar"
