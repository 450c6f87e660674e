"""What a server answered: its status checked, its body read within a cap."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import DecodeError

from newsetl.errors import FetchError
from newsetl.media import media_type_of
from newsetl.payload import Locator, Payload
from newsetl.sources.web import packing

NOT_MODIFIED = 304
BUSY_STATUS = frozenset({429, 503})

_CHUNK_BYTES = 65_536
_RETRYABLE_STATUS = {408, 425, 429, 500, 502, 503, 504}
_GONE_STATUS = {404, 410}
_FORBIDDEN_STATUS = {401, 402, 403, 451}


@dataclass(frozen=True)
class Answer:
    """An answer with its whole body, unpacked; `address` is where redirects led to."""

    address: str
    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes
    retrieved_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def stated_type(self) -> str:
        """The media type that the header states, or ""."""
        return self._content_type().get_content_type() if "Content-Type" in self.headers else ""

    @property
    def charset(self) -> str | None:
        return self._content_type().get_content_charset()

    def payload(self, locator: Locator) -> Payload:
        """Return the answer as the payload of the address that was asked for."""
        path = urlsplit(self.address).path
        return Payload(
            body=self.body,
            uri=locator.address,
            media_type=media_type_of(path, self.body, stated=self.stated_type),
            source_id=locator.source_id,
            retrieved_at=self.retrieved_at,
            charset=self.charset,
            http_status=self.status,
            etag=self.headers.get("ETag"),
            last_modified=self.headers.get("Last-Modified"),
        )

    def _content_type(self) -> Message:
        header = Message()
        header["Content-Type"] = self.headers.get("Content-Type", "")
        return header


def read(response: requests.Response, *, max_bytes: int, where: str) -> bytes:
    """Return the unpacked body; raises FetchError as soon as it is larger than `max_bytes`.

    `read1` unpacks at most a chunk at a time, so a small body that unpacks to a huge one costs
    no more memory than the cap. What is packed once in a usual way is unpacked here, as urllib3
    does not tell that it breaks off.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    is_ours = encoding in packing.ENCODINGS
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=not is_ours):
        body += chunk
        if len(body) > max_bytes:
            raise packing.too_large(max_bytes, where=where)
    if is_ours and body:
        return packing.unpacked(bytes(body), encoding, max_bytes=max_bytes, where=where)
    return bytes(body)


def unpacked(answer: Answer, *, max_bytes: int, where: str) -> bytes:
    """Return the body, unpacked if it is a .gz file; raises FetchError if it is broken or large."""
    if not answer.body.startswith(packing.GZIP):
        return answer.body
    return packing.gunzipped(answer.body, max_bytes=max_bytes, where=where)


def check_status(response: requests.Response, *, where: str) -> None:
    """Raise FetchError unless the answer is whole, or says that nothing has changed."""
    status = response.status_code
    if status in (requests.codes.ok, NOT_MODIFIED):
        return
    reason = "http_error"
    if status in _GONE_STATUS:
        reason = "missing"
    elif status in _FORBIDDEN_STATUS:
        reason = "forbidden"
    raise FetchError(
        f"the server answered {status} {response.reason or ''}".strip(),
        where=where,
        fix="open the address in a browser to see what the server wants",
        reason=reason,
        retryable=status in _RETRYABLE_STATUS,
    )


_FAULTS: tuple[tuple[type[BaseException], str, str, bool], ...] = (
    (requests.exceptions.SSLError, "untrusted", "check the host's certificate in a browser", False),
    (requests.Timeout, "timeout", "run again later, or raise timeout_s under [fetch]", True),
    (requests.exceptions.InvalidURL, "bad_address", "check the address", False),
    (requests.exceptions.InvalidSchema, "bad_address", "only http and https are followed", False),
    (UnicodeError, "bad_address", "check the host name", False),
    (DecodeError, "unreadable", "its packing is broken: run again later", True),
    (TimeoutError, "timeout", "run again later, or raise timeout_s under [fetch]", True),
    (Exception, "unreachable", "check the address and your connection, then run again", True),
)


def explained(error: Exception, *, where: str) -> FetchError:
    """Return what a fault of requests, urllib3 or the socket means for who asked."""
    causes = list(_causes(error))
    _, reason, fix, retryable = next(
        fault for fault in _FAULTS if any(isinstance(cause, fault[0]) for cause in causes)
    )
    return FetchError(
        f"cannot be fetched: {causes[-1]}",
        where=where,
        fix=fix,
        reason=reason,
        retryable=retryable,
    )


def overdue(seconds: float, *, where: str) -> FetchError:
    return FetchError(
        f"not done after {seconds:g} seconds",
        where=where,
        fix="run again later, or raise deadline_s under [fetch] in newsetl.toml",
        reason="timeout",
        retryable=True,
    )


def _causes(error: BaseException) -> list[BaseException]:
    found = [error]
    while (inner := found[-1].__cause__ or found[-1].__context__) is not None:
        found.append(inner)
    return found
