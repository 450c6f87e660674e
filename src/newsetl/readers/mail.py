"""Mail: single messages and mbox folders, each message an entry; the HTML part goes first.

By the email package of the standard library. What a newsletter holds is looked for by the splitter
of its kind of part; a message with one story is one article under its subject.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parseaddr

from newsetl.encoding import decode
from newsetl.entries import Draft, compose, people, published, reject_entry, squeezed
from newsetl.errors import ReadError
from newsetl.markup import Layout, lay_out_html
from newsetl.model import Document, Stated
from newsetl.payload import Payload
from newsetl.readers.plain import blocks_of

MEDIA_TYPES = ("message/rfc822", "application/mbox")

# RFC 4155: a message starts at a line "From ", an address and a time, after a blank line.
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From \S+[^\n]*\d{2}:\d{2}[^\n]*\n")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"^[!-9;-~]+:", re.MULTILINE)
_NEWSLETTER_HEADERS = ("List-Unsubscribe", "List-Id", "Feedback-ID")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32), 127], "")
_MAX_PARTS = 1_000


def read(payload: Payload) -> Document:
    """Return the messages of a payload in order; one without text is a reject.

    Raises ReadError for bytes that are no mail, and where no message has text.
    """
    messages = list(_messages(payload))
    drafts, rejects = [], []
    for number, body in enumerate(messages, start=1):
        try:
            drafts.append(_draft(message_from_bytes(body), payload))
        except ReadError as error:
            rejects.append(reject_entry(payload, error.what, place=f"message {number}"))
        except RecursionError:
            what = "the message holds parts within parts without end"
            rejects.append(reject_entry(payload, what, place=f"message {number}"))
    return compose(payload, drafts, encoding=None, declared=len(messages), rejects=rejects)


def _messages(payload: Payload) -> Iterator[bytes]:
    """Yield the bytes of each message, without the lines that an mbox adds."""
    body = payload.body.lstrip(b"\r\n")
    starts = [match.span() for match in _FROM_LINE.finditer(body)]
    if not starts or starts[0][0]:
        if not _HEADER.search(body[:1000]):
            raise ReadError(
                "no mail: no header field at its start",
                where=payload.uri,
                fix="check that the file is a message or an mbox folder",
                reason="unreadable",
            )
        starts = [(0, 0)]
    ends = [*(start for start, _ in starts[1:]), len(body)]
    for (_, start), end in zip(starts, ends, strict=True):
        yield _QUOTED_FROM.sub(rb"\1", body[start:end]) if len(starts) > 1 else body[start:end]


def _draft(message: Message, payload: Payload) -> Draft:
    name, _ = parseaddr(header_text(message, "From") or "")
    byline = squeezed(name) or None
    parts = dict(_text_parts(message))
    html, text = parts.get("text/html"), parts.get("text/plain")
    body: Layout = lay_out_html(html, base=payload.uri) if html else ("", (), ())
    layout: str | None = "page"
    if not body[0] and text:
        body = (text, tuple(blocks_of(text)), ())
        layout = "prose" if any(message.get(name) for name in _NEWSLETTER_HEADERS) else None
    if not body[0].strip():
        raise ReadError("the message holds no text", reason="empty")
    stated = Stated(
        headline=squeezed(header_text(message, "Subject")),
        authors=people(byline),
        published=published(header_text(message, "Date"), stated_by="mail date"),
        language=squeezed(header_text(message, "Content-Language")),
    )
    return Draft(stated, body, byline=byline, layout=layout)


def _text_parts(message: Message) -> Iterator[tuple[str, str]]:
    """Yield media type and text of the parts to read, the last of each type first to go."""
    for number, part in enumerate(message.walk()):
        if number > _MAX_PARTS:
            return
        kind = part.get_content_type()
        if part.is_multipart() or kind not in ("text/html", "text/plain"):
            continue
        if part.get_content_disposition() == "attachment":
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and body.strip():
            text, _ = decode(body, charset=_charset(part))
            yield kind, _LINE_ENDS.sub("\n", text).translate(_CONTROLS)


def _charset(part: Message) -> str | None:
    charset = part.get_param("charset")
    return charset if isinstance(charset, str) else None


def header_text(message: Message, name: str) -> str | None:
    """Return a header field as text: encoded words (RFC 2047) and raw bytes decoded."""
    value = message.get(name)
    if value is None:
        return None
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return str(value)
    return "".join(
        piece if isinstance(piece, str) else decode(piece, charset=charset)[0]
        for piece, charset in pieces
    )
