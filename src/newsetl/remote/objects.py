"""The objects below one address of an object store, through fsspec; failures are LoadErrors."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsetl.errors import ConfigError, LoadError, NewsetlError

EXTRAS = {
    "s3": "s3",
    "s3a": "s3",
    "gs": "gcs",
    "gcs": "gcs",
    "abfs": "azure",
    "abfss": "azure",
    "az": "azure",
}
"""Scheme → the extra of newsetl that brings what fsspec needs for it."""


class Objects:
    """Objects by name, relative to an address such as s3://bucket/tables."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        with reaching(self.url):
            import fsspec

            # Other machines write here, too: a listing is old as soon as it is made.
            self._fs, self._root = fsspec.url_to_fs(self.url, use_listings_cache=False)
        # Object stores have no folders to make; a local disk, for trying things out, has.
        self._has_folders = "local" in self._fs.protocol

    def names(self, folder: str) -> list[str]:
        """Return the names of what lies directly in a folder, in order; none if there is none."""
        with reaching(self.url):
            try:
                found = self._fs.ls(self._path(folder), detail=False)
            except FileNotFoundError:
                return []
        return sorted(str(path).rstrip("/").rpartition("/")[2] for path in found)

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None if there is no such object."""
        with reaching(f"{self.url}/{name}"):
            try:
                found: bytes = self._fs.cat_file(self._path(name))
            except FileNotFoundError:
                return None
        return found

    def size(self, name: str) -> int | None:
        with reaching(f"{self.url}/{name}"):
            try:
                return int(self._fs.size(self._path(name)))
            except FileNotFoundError:
                return None

    def create(self, name: str, data: bytes) -> bool:
        """Put an object that must not be there yet; return whether it is now there with `data`.

        The store decides between two who try at once. A put whose answer is lost and that is tried
        again meets its own object, which counts as put.
        """
        with reaching(f"{self.url}/{name}"):
            self._make_folder(name)
            try:
                self._fs.pipe_file(self._path(name), data, mode="create")
            except Exception as error:
                # Each store tells in its own way that the object is there; it may be gone since.
                found = self.read(name)
                if found is None and not isinstance(error, FileExistsError):
                    raise
                return found == data
        return True

    def write(self, name: str, data: bytes) -> None:
        with reaching(f"{self.url}/{name}"):
            self._make_folder(name)
            self._fs.pipe_file(self._path(name), data)

    def upload(self, file: Path, name: str) -> None:
        with reaching(f"{self.url}/{name}"):
            self._make_folder(name)
            self._fs.put_file(str(file), self._path(name))

    def download(self, name: str, file: Path) -> None:
        """Copy an object to a file, whose folder must be there."""
        with reaching(f"{self.url}/{name}"):
            self._fs.get_file(self._path(name), str(file))

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[Any]:
        """Open an object to read; what is not asked for is not fetched."""
        with reaching(f"{self.url}/{name}"), self._fs.open(self._path(name), "rb") as file:
            yield file

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects, and all that lies below those that are folders; absent ones are none."""
        for name in names:
            with reaching(f"{self.url}/{name}"), contextlib.suppress(FileNotFoundError):
                self._fs.rm(self._path(name), recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}" if name else self._root

    def _make_folder(self, name: str) -> None:
        if self._has_folders:
            self._fs.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)


@contextlib.contextmanager
def reaching(url: str) -> Iterator[None]:
    """Turn whatever an object store raises into an error that names the address and a way on."""
    try:
        yield
    except NewsetlError:
        raise
    except ImportError as error:
        scheme = urlsplit(url).scheme
        extra = EXTRAS.get(scheme)
        package = f"'newsetl[{extra}]'" if extra else f"what fsspec needs for {scheme}://"
        raise ConfigError(
            f"a package for {scheme}:// is not installed: {error}",
            where=url,
            fix=f"install it with: python -m pip install {package}",
        ) from error
    except Exception as error:
        what = str(error).splitlines() or [""]
        raise LoadError(
            f"the store did not do what it was asked: {type(error).__name__}: {what[0]}",
            where=url,
            fix="check the address and your right to write there; newsetl doctor tries both",
            retryable=True,
        ) from error
