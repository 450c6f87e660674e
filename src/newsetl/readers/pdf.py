"""PDF, by pypdf: the text of its pages as plain text, which may be an export of a database."""

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from newsetl import readers
from newsetl.entries import reject_entry
from newsetl.errors import ReadError
from newsetl.model import Document, Reject
from newsetl.payload import Payload

if TYPE_CHECKING:
    from pypdf import PdfReader

MEDIA_TYPES = ("application/pdf", "application/x-pdf")

MAX_PAGES = 5_000
"""Pages that are read; a newspaper's archive of a year has fewer."""

_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError)
"""What pypdf raises on broken files, beside its own errors."""


def read(payload: Payload) -> Document:
    """Return the text of the pages in order; a page that cannot be read is a reject.

    Raises ReadError without pypdf, for a file that is no PDF or is locked, and for a PDF without
    text, such as scanned pages.
    """
    pages, rejects = _pages(payload)
    text = "\n\n".join(page.strip() for page in pages if page.strip())
    if not text:
        raise ReadError(
            f"no text on its {len(pages)} pages",
            where=payload.uri,
            fix="scanned pages need a text layer: run them through OCR first",
            reason="empty",
        )
    plain = replace(
        payload, body=text.encode(errors="replace"), media_type="text/plain", charset="utf-8"
    )
    document = readers.read(plain)
    return replace(
        document,
        document_id=payload.document_id,
        encoding=None,
        rejects=(*rejects, *document.rejects),
    )


def _pages(payload: Payload) -> tuple[list[str], list[Reject]]:
    from pypdf.errors import PyPdfError

    pdf = _open(payload)
    pages: list[str] = []
    rejects: list[Reject] = []
    try:
        count = len(pdf.pages)
    except (PyPdfError, *_BROKEN) as error:
        raise _unreadable(payload, error) from error
    for number in range(min(count, MAX_PAGES)):
        try:
            pages.append(pdf.pages[number].extract_text())
        except (PyPdfError, *_BROKEN) as error:
            place = f"page {number + 1}"
            rejects.append(reject_entry(payload, f"the page cannot be read: {error}", place=place))
    if count > MAX_PAGES:
        place = f"page {MAX_PAGES + 1}"
        what = f"{count} pages, of which the first {MAX_PAGES} are read"
        rejects.append(reject_entry(payload, what, place=place, fix="cut the file in parts"))
    return pages, rejects


def _open(payload: Payload) -> "PdfReader":
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise ReadError(
            "reading PDF needs the package pypdf",
            where=payload.uri,
            fix="python -m pip install 'newsetl[documents]'",
            reason="not_installed",
        ) from error
    try:
        pdf = PdfReader(BytesIO(payload.body), strict=False)
        is_locked = pdf.is_encrypted and not pdf.decrypt("")
    except (PyPdfError, *_BROKEN) as error:
        raise _unreadable(payload, error) from error
    if is_locked:
        raise ReadError(
            "the PDF is locked with a password",
            where=payload.uri,
            fix="save a copy without password",
            reason="unreadable",
        )
    return pdf


def _unreadable(payload: Payload, error: Exception) -> ReadError:
    return ReadError(
        f"no PDF that can be read: {error}",
        where=payload.uri,
        fix="open and save it again in a PDF program",
        reason="unreadable",
    )
