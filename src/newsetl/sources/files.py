"""Files, folders, glob patterns and standard input."""

import glob
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit

from newsetl.config import FetchSettings
from newsetl.errors import FetchError
from newsetl.media import media_type_of
from newsetl.payload import Locator, Payload
from newsetl.splits_file import SUFFIX

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("file", "stdin")

_STDIN_URI = "stdin:"


def discover(locator: Locator, web: "Web") -> Iterator[Locator]:  # noqa: ARG001 - the verb's form
    """Yield the files of a folder (with subfolders) or pattern in the order of their names.

    Hidden files and folders are passed over, as the shell does, and so are splits files.
    """
    if locator.scheme == "stdin":
        yield locator
        return
    path = _path(locator.address)
    if path.is_dir():
        files = sorted(item for item in path.rglob("*") if _is_visible_file(item, path))
    elif path.exists() or not glob.has_magic(str(path)):
        files = [path]
    else:
        names = glob.glob(str(path), recursive=True)  # noqa: PTH207 - absolute patterns too
        files = sorted(Path(name) for name in names)
        files = [item for item in files if item.is_file() and not item.name.endswith(SUFFIX)]
    if not files:
        raise FetchError(
            "no files here",
            where=locator.address,
            fix="name a file, a folder with files in it, or a quoted pattern such as 'news/*.txt'",
            reason="empty_folder",
        )
    for file in files:
        yield replace(locator, address=str(file))


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield the bytes of one file, with the splits file beside it, or of standard input."""
    settings = web.settings
    if locator.scheme == "stdin":
        body = _bounded(sys.stdin.buffer.read(settings.max_bytes + 1), locator, settings)
        yield _payload(locator, body, uri=_STDIN_URI, raw_path=None)
        return
    path = _path(locator.address)
    with opened(locator) as file:
        body = _bounded(file.read(settings.max_bytes + 1), locator, settings)
        splits = _splits_of(path)
    if path.suffix.lower() == ".gz":
        body = _unpacked(body, locator, settings)
        locator = replace(locator, address=locator.address[: -len(".gz")])
    payload = _payload(locator, body, uri=path.resolve().as_uri(), raw_path=str(path))
    yield replace(payload, splits=splits)


@contextmanager
def opened(locator: Locator) -> Iterator[BinaryIO]:
    """Open a file for reading; raises FetchError where it cannot be read."""
    try:
        with _path(locator.address).open("rb") as file:
            yield file
    except OSError as error:
        raise _explained(error, locator) from error


def splits_path(uri: str) -> Path:
    """Return where the splits file of a file stands: beside it.

    Raises FetchError for a document that is no file.
    """
    if not uri.startswith("file://"):
        raise FetchError(
            "only a file has a splits file beside it",
            where=uri,
            fix="save it as a file first",
            reason="missing",
        )
    path = _path(uri)
    return path.with_name(path.name + SUFFIX)


def _payload(locator: Locator, body: bytes, *, uri: str, raw_path: str | None) -> Payload:
    return Payload(
        body=body,
        uri=uri,
        media_type=media_type_of(locator.address, body),
        source_id=locator.source_id,
        retrieved_at=datetime.now(UTC),
        raw_path=raw_path,
    )


def _splits_of(path: Path) -> str | None:
    beside = splits_path(path.resolve().as_uri())
    return beside.read_text(encoding="utf-8", errors="replace") if beside.is_file() else None


def _path(address: str) -> Path:
    if address.lower().startswith("file://"):
        return Path(unquote(urlsplit(address).path))
    return Path(address).expanduser()


def _is_visible_file(path: Path, folder: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not is_hidden and path.is_file() and not path.name.endswith(SUFFIX)


def _bounded(body: bytes, locator: Locator, settings: FetchSettings) -> bytes:
    if len(body) > settings.max_bytes:
        raise FetchError(
            f"larger than the cap of {settings.max_bytes} bytes",
            where=locator.address,
            fix="raise max_bytes under [fetch] in newsetl.toml, or cut the file",
            reason="too_large",
        )
    return body


def _unpacked(body: bytes, locator: Locator, settings: FetchSettings) -> bytes:
    """Return what a file holds that gzip packed: story.html.gz is a page."""
    from newsetl.sources.web import packing

    try:
        return packing.gunzipped(body, max_bytes=settings.max_bytes, where=locator.address)
    except FetchError as error:
        if error.reason == "too_large":
            raise
        fix = "see what gunzip says of it, and fetch it again"
        raise FetchError(error.what, where=error.where, fix=fix, reason="unreadable") from error


def _explained(error: OSError, locator: Locator) -> FetchError:
    if isinstance(error, FileNotFoundError):
        return FetchError(
            "no such file",
            where=locator.address,
            fix="check the name; relative names count from the current folder",
            reason="missing",
        )
    return FetchError(
        f"cannot be read: {error.strerror or error}",
        where=locator.address,
        fix="check that it is a file and that you may read it",
        reason="forbidden",
    )
