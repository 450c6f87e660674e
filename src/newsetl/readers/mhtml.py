"""Pages that a browser saved as one file (.mhtml, .mht): the page among the parts of a message."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from newsetl.errors import ReadError
from newsetl.model import Document
from newsetl.payload import Payload
from newsetl.readers import html

MEDIA_TYPES = ("multipart/related",)
WITHIN = ("message/rfc822", "text/plain")

_SAVED = re.compile(r"^(?:From: ?<Saved by|Snapshot-Content-Location:)", re.MULTILINE)
_MULTIPART = re.compile(r"^Content-Type: ?multipart/related", re.MULTILINE | re.IGNORECASE)


def recognises(opening: str) -> bool:
    r"""Return whether a message is a page that a browser saved.

    >>> recognises("From: <Saved by Blink>\nContent-Type: multipart/related; boundary=x\n\n")
    True
    """
    return bool(_SAVED.search(opening) and _MULTIPART.search(opening))


def read(payload: Payload) -> Document:
    """Return the page as if it had been fetched from where it was saved."""
    message = message_from_bytes(payload.body)
    pages = (part for part in message.walk() if part.get_content_type() == "text/html")
    page = next(pages, None)
    body = page.get_payload(decode=True) if page is not None else None
    if page is None or not isinstance(body, bytes):
        raise ReadError(
            "no page among its parts",
            where=payload.uri,
            fix="save the page again, as one file or as HTML",
            reason="unreadable",
        )
    charset = page.get_param("charset")
    own = replace(
        payload,
        body=body,
        media_type="text/html",
        charset=charset if isinstance(charset, str) else None,
    )
    document = html.read(own)
    address = document.stated.url or _address(message, page)
    stated = replace(document.stated, url=address)
    return replace(document, document_id=payload.document_id, stated=stated)


def _address(message: Message, page: Message) -> str | None:
    found = message.get("Snapshot-Content-Location") or page.get("Content-Location") or ""
    return found if found.startswith(("http://", "https://")) else None
