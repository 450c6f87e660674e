"""Read: the bytes of a payload to text and blocks. One module per media type.

A reader has `MEDIA_TYPES` and `read(payload) -> Document`; it raises ReadError. Line ends are
made line feeds here and nowhere else; after reading, text is never altered.
"""

from newsetl.errors import ReadError
from newsetl.model import Document, Payload
from newsetl.registry import plugins


def read(payload: Payload) -> Document:
    """Return the text of a payload with its blocks and what it states of itself.

    Raises ReadError if the payload is empty, if no reader knows its media type, or if the bytes
    are not what the media type says.
    """
    if not payload.body.strip(b"\x00\t\n\r\x0b\x0c \xef\xbb\xbf\xff\xfe"):
        raise ReadError(
            "no character in it",
            where=payload.uri,
            fix="check where the file comes from",
            reason="empty",
        )
    known = plugins("readers")
    if payload.media_type not in known:
        raise ReadError(
            f"no reader knows the media type {payload.media_type}",
            where=payload.uri,
            fix=f"known are {', '.join(known)}; another is one new file in newsetl/readers",
            reason="unknown_media_type",
        )
    document: Document = known[payload.media_type].read(payload)
    return document
