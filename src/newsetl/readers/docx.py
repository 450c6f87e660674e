"""Word documents, by python-docx: headings and paragraphs, or an export of a database in them."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from lxml.etree import XMLSyntaxError

from newsetl import readers
from newsetl.entries import paragraphs
from newsetl.errors import ReadError
from newsetl.media import DOCX
from newsetl.model import BlockKind, Document
from newsetl.payload import Payload

MEDIA_TYPES = (DOCX,)

MAX_UNPACKED_BYTES = 256 * 2**20
"""Size of the unpacked file; what unfolds to more is turned away (CWE-409)."""

_BROKEN = (
    ValueError,
    KeyError,
    AttributeError,
    XMLSyntaxError,
    OSError,
    BadZipFile,
    NotImplementedError,
)


def read(payload: Payload) -> Document:
    """Return the paragraphs of a document in order, tables cell by cell.

    Raises ReadError without python-docx, for a file that is no Word document, and without text.
    """
    pieces = list(_pieces(payload))
    text, blocks, _ = paragraphs(pieces)
    if not text:
        raise ReadError(
            "the document holds no text", where=payload.uri, fix="leave it out", reason="empty"
        )
    plain = replace(
        payload, body=text.encode(errors="replace"), media_type="text/plain", charset="utf-8"
    )
    document = readers.read(plain)
    if document.layout == "prose" and document.text == text:
        document = replace(document, blocks=blocks)
    return replace(document, document_id=payload.document_id, encoding=None)


def _pieces(payload: Payload) -> Iterator[tuple[BlockKind, str]]:
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from docx.table import Table
        from docx.text.paragraph import Paragraph
    except ImportError as error:
        raise ReadError(
            "reading Word documents needs the package python-docx",
            where=payload.uri,
            fix="python -m pip install 'newsetl[documents]'",
            reason="not_installed",
        ) from error
    try:
        _check_size(payload)
        document = docx.Document(BytesIO(payload.body))
        items = list(document.iter_inner_content())
    except (OpcError, *_BROKEN) as error:
        raise ReadError(
            f"no Word document that can be read: {error}",
            where=payload.uri,
            fix="open and save it again as .docx",
            reason="unreadable",
        ) from error
    for item in items:
        if isinstance(item, Paragraph):
            yield _kind(item.style.name if item.style else None), item.text
        elif isinstance(item, Table):
            for row in item.rows:
                yield from (("paragraph", cell.text) for cell in row.cells)


def _kind(style: str | None) -> BlockKind:
    """Return the kind of a paragraph by the name of its style, which Word keeps in English."""
    name = (style or "").casefold()
    if name == "title" or name.startswith("heading"):
        return "heading"
    if name.startswith("list"):
        return "list_item"
    return "caption" if name == "caption" else "paragraph"


def _check_size(payload: Payload) -> None:
    with ZipFile(BytesIO(payload.body)) as archive:
        unpacked = sum(item.file_size for item in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise ReadError(
            f"unfolds to {unpacked} bytes, over the cap of {MAX_UNPACKED_BYTES}",
            where=payload.uri,
            fix="cut the document in parts",
            reason="too_large",
        )
