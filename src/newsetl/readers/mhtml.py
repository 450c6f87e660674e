"""Pages that a browser saved as one file (.mhtml, .mht): the page among the parts of a message."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from newsetl.errors import ReadError
from newsetl.model import Document
from newsetl.payload import Payload
from newsetl.readers import html
from newsetl.readers.mail import header_text

MEDIA_TYPES = ("multipart/related",)
WITHIN = ("message/rfc822", "text/plain")

_SNAPSHOT, _LOCATION = "Snapshot-Content-Location", "Content-Location"
_PAGES = ("text/html", "application/xhtml+xml")
_HEADER = re.compile(r"(?:[!-9;-~]+:.*\n(?:[ \t].*\n)*)+")
_SAVED = re.compile(r"^(?:From: ?[<\"]Saved by|Snapshot-Content-Location:)", re.MULTILINE)
_MULTIPART = re.compile(r"^Content-Type:\s{0,9}multipart/related", re.MULTILINE | re.IGNORECASE)


def recognises(opening: str) -> bool:
    r"""Return whether a message is a page that a browser saved, as its header says.

    >>> recognises("From: <Saved by Blink>\nContent-Type: multipart/related; boundary=x\n\n")
    True
    """
    found = _HEADER.match(opening)
    header = found[0] if found else ""
    return bool(_SAVED.search(header) and _MULTIPART.search(header))


def read(payload: Payload) -> Document:
    """Return the page as if it had been fetched from where it was saved."""
    try:
        message = message_from_bytes(payload.body)
        page = _page(message)
    except RecursionError as error:
        raise _unreadable("parts within parts without end", payload) from error
    body = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(body, bytes):
        raise _unreadable("no page among its parts", payload)
    charset = page.get_param("charset")
    own = replace(
        payload,
        body=body,
        media_type=page.get_content_type(),
        charset=charset if isinstance(charset, str) else None,
    )
    document = html.read(own)
    address = document.stated.url or _address(message, page)
    stated = replace(document.stated, url=address)
    return replace(document, document_id=payload.document_id, stated=stated)


def _page(message: Message) -> Message | None:
    """Return the part that was saved, by its address, else the first page among the parts."""
    pages = [part for part in message.walk() if part.get_content_type() in _PAGES]
    saved = _stated(message, _SNAPSHOT)
    own = (part for part in pages if saved and _stated(part, _LOCATION) == saved)
    return next(own, next(iter(pages), None))


def _address(message: Message, page: Message) -> str | None:
    stated = _stated(message, _SNAPSHOT) or _stated(page, _LOCATION)
    return stated if stated.startswith(("http://", "https://")) else None


def _stated(part: Message, name: str) -> str:
    """Return an address of a header, which may run over several lines."""
    return "".join((header_text(part, name) or "").split())


def _unreadable(what: str, payload: Payload) -> ReadError:
    fix = "save the page again, as one file or as HTML"
    return ReadError(what, where=payload.uri, fix=fix, reason="unreadable")
