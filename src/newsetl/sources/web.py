"""Pages over http and https, by requests: one page an address, within time and size."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from newsetl.config import FetchSettings
from newsetl.errors import FetchError
from newsetl.media import media_type_of
from newsetl.model import Locator, Payload

SCHEMES = ("http", "https")

_CHUNK_BYTES = 65_536
_RETRYABLE_STATUS = {408, 425, 429, 500, 502, 503, 504}
_GONE_STATUS = {404, 410}
_FORBIDDEN_STATUS = {401, 402, 403, 451}


def discover(locator: Locator) -> Iterator[Locator]:
    """Yield the address itself: a page stands for one payload."""
    yield locator


def fetch(locator: Locator, settings: FetchSettings) -> Iterator[Payload]:
    """Yield the page's bytes as the server sent them, unpacked but not decoded.

    The charset is the one that the header states, never requests' guess. Raises FetchError with
    the reason: unreachable, timeout, http_error, missing, forbidden, too_large, …
    """
    with requests.Session() as session:
        session.max_redirects = settings.max_redirects
        session.headers["User-Agent"] = settings.user_agent
        try:
            with session.get(locator.address, stream=True, timeout=settings.timeout_s) as response:
                _check_status(response, locator)
                body = _body(response, locator, settings)
        except (requests.RequestException, HTTPError, UnicodeError, OSError) as error:
            raise _explained(error, locator) from error
    header = Message()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    stated = header.get_content_type() if header["Content-Type"] else ""
    yield Payload(
        body=body,
        uri=locator.address,
        media_type=media_type_of(urlsplit(response.url).path, body, stated=stated),
        source_id=locator.source_id,
        retrieved_at=datetime.now(UTC),
        charset=header.get_content_charset(),
        http_status=response.status_code,
        etag=response.headers.get("ETag"),
    )


def _body(response: requests.Response, locator: Locator, settings: FetchSettings) -> bytes:
    """Return the unpacked body; `read1` returns what has come, so the deadline holds on a drip."""
    ends_at = time.monotonic() + settings.deadline_s
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > settings.max_bytes:
            raise FetchError(
                f"larger than the cap of {settings.max_bytes} bytes",
                where=locator.address,
                fix="raise max_bytes under [fetch] in newsetl.toml",
                reason="too_large",
            )
        if time.monotonic() > ends_at:
            raise FetchError(
                f"not done after {settings.deadline_s} seconds, {len(body)} bytes",
                where=locator.address,
                fix="run again later, or raise deadline_s under [fetch] in newsetl.toml",
                reason="timeout",
                retryable=True,
            )
    return bytes(body)


def _check_status(response: requests.Response, locator: Locator) -> None:
    status = response.status_code
    if status == requests.codes.ok:
        return
    reason = "http_error"
    if status in _GONE_STATUS:
        reason = "missing"
    elif status in _FORBIDDEN_STATUS:
        reason = "forbidden"
    raise FetchError(
        f"the server answered {status} {response.reason or ''}".strip(),
        where=locator.address,
        fix="open the address in a browser to see what the server wants",
        reason=reason,
        retryable=status in _RETRYABLE_STATUS,
    )


_FAULTS: tuple[tuple[type[Exception], str, str, bool], ...] = (
    (requests.TooManyRedirects, "too_many_redirects", "check the address in a browser", False),
    (requests.Timeout, "timeout", "run again later, or raise timeout_s under [fetch]", True),
    (requests.exceptions.InvalidURL, "bad_address", "check the address", False),
    (requests.exceptions.InvalidSchema, "bad_address", "only http and https are followed", False),
    (UnicodeError, "bad_address", "check the host name", False),
    (
        requests.exceptions.ContentDecodingError,
        "unreadable",
        "the server's packing is broken",
        True,
    ),
    (Exception, "unreachable", "check the address and your connection, then run again", True),
)


def _explained(error: Exception, locator: Locator) -> FetchError:
    _, reason, fix, retryable = next(fault for fault in _FAULTS if isinstance(error, fault[0]))
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    return FetchError(
        f"cannot be fetched: {cause}",
        where=locator.address,
        fix=fix,
        reason=reason,
        retryable=retryable,
    )
