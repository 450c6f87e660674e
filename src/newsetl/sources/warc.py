"""WARC files (ISO 28500), on disk or over http, record by record, such as those of CC-NEWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from newsetl.errors import FetchError
from newsetl.media import media_type_of
from newsetl.payload import Locator, Payload
from newsetl.sources import Fetched, Found, files
from newsetl.sources.web.answers import unpacked
from newsetl.sources.web.packing import too_large

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("warc",)

_LISTS = (".paths", ".paths.gz")
_CHUNK_BYTES = 65_536


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the WARC files of a path, folder or pattern, of an address, or of a list of paths.

    A list, `warc.paths.gz` as Common Crawl has it, names files from the root of its host.
    """
    if not _is_remote(locator.address):
        for found in files.discover(replace(locator, scheme="file"), web):
            yield replace(found, scheme="warc", most=None)
        return
    if not urlsplit(locator.address).path.endswith(_LISTS):
        yield replace(locator, most=None)
        return
    answer = web.get(locator.address)
    body = unpacked(answer, max_bytes=web.settings.max_bytes, where=locator.address)
    for line in body.decode("utf-8", "replace").split():
        yield replace(locator, address=urljoin(locator.address, f"/{line.lstrip('/')}"), most=None)


def fetch(locator: Locator, web: "Web") -> Iterator[Fetched]:
    """Yield the pages that a WARC file holds in its order: responses of status 200, as captured.

    A record over the cap is a fault, and the others go on; a file that is broken or breaks
    off gives the records before, and raises FetchError then.
    """
    with _opened(locator, web) as (file, renew):
        try:
            for record in ArchiveIterator(file):
                renew()
                if record.format != "warc":
                    raise ArchiveLoadFailed("it opens with no WARC record")
                if _is_wanted(record, locator):
                    payload = _payload(record, locator, max_bytes=web.settings.max_bytes)
                    _check_whole(record)
                    yield payload
        except (ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
            raise _broken(error, locator) from error


def _is_wanted(record: Any, locator: Locator) -> bool:
    """Return whether a record holds a page, of a day and host that are wanted."""
    address = _address(record)
    return (
        record.rec_type in ("response", "resource")
        and address.startswith(("http://", "https://"))
        and (record.rec_type == "resource" or _status(record) == "200")
        and locator.wanted.covers(_captured_at(record).date())
        and _is_of(address, locator.wanted.hosts)
    )


def _payload(record: Any, locator: Locator, *, max_bytes: int) -> Fetched:
    """Return the page of a record, or the fault that it is too large."""
    address = _address(record)
    body = _body(record, max_bytes)
    if len(body) > max_bytes:
        return too_large(max_bytes, where=address)
    header = Message()
    header["Content-Type"] = _content_type(record)
    stated = header.get_content_type() if header["Content-Type"] else ""
    return Payload(
        body=body,
        uri=address,
        media_type=media_type_of(urlsplit(address).path, body, stated=stated),
        source_id=locator.source_id,
        retrieved_at=_captured_at(record),
        charset=header.get_content_charset(),
        http_status=200 if record.rec_type == "response" else None,
        raw_path=locator.address,
    )


def _body(record: Any, max_bytes: int) -> bytes:
    """Return the record's body, unpacked; a byte more than the cap shows that it is larger."""
    stream = record.content_stream()
    body = bytearray()
    while len(body) <= max_bytes and (chunk := stream.read(_CHUNK_BYTES)):
        body += chunk
    return bytes(body)


def _check_whole(record: Any) -> None:
    """Raise ArchiveLoadFailed if the file ends before the length that the record states."""
    while record.raw_stream.read(_CHUNK_BYTES):
        pass
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise ArchiveLoadFailed("its last record breaks off")


def _address(record: Any) -> str:
    return (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")


def _content_type(record: Any) -> str:
    headers = record.http_headers or record.rec_headers
    return headers.get_header("Content-Type") or ""


def _status(record: Any) -> str:
    return (record.http_headers and record.http_headers.get_statuscode()) or ""


def _is_of(address: str, hosts: tuple[str, ...]) -> bool:
    host = urlsplit(address).hostname or ""
    return not hosts or any(host == own or host.endswith(f".{own}") for own in hosts)


def _captured_at(record: Any) -> datetime:
    stamp = record.rec_headers.get_header("WARC-Date") or ""
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC)
    except ValueError as error:
        raise ArchiveLoadFailed(f"no date: {stamp!r}") from error


@contextmanager
def _opened(locator: Locator, web: "Web") -> Iterator[tuple[Any, Any]]:
    """Open a WARC file; the second value is called after each record, as time goes on for it."""
    if _is_remote(locator.address):
        with web.stream(locator.address) as (stream, renew):
            yield stream, renew
        return
    with files.opened(locator) as file:
        yield file, lambda: None


def _is_remote(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _broken(error: Exception, locator: Locator) -> FetchError:
    return FetchError(
        f"the WARC file is broken or breaks off: {error}",
        where=locator.address,
        fix="fetch it again; the records before are read",
        reason="unreadable",
        retryable=_is_remote(locator.address),
    )
