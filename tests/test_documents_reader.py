"""PDF and Word documents: their text, or the export that they hold; both are optional extras."""

import io
import sys
from pathlib import Path

import pytest

from conftest import document, payload
from newsetl.errors import ReadError
from newsetl.media import DOCX
from newsetl.splitters import split

EXPORT = (Path(__file__).parent / "exports" / "nexis-uni.txt").read_text("utf-8")


def word(*paragraphs: tuple[str, str | None]) -> bytes:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    for text, style in paragraphs:
        made.add_paragraph(text, style=style)
    made.add_table(1, 1).cell(0, 0).text = "Flour"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_word_document_gives_headings_paragraphs_and_cells():
    made = document(word(("Mill reopens", "Heading 1"), ("The old mill turns.", None)), DOCX)
    assert [(block.kind, made.slice(block)) for block in made.blocks] == [
        ("heading", "Mill reopens"),
        ("paragraph", "The old mill turns."),
        ("paragraph", "Flour"),
    ]


def test_an_export_in_a_word_document_is_recognised():
    body = word(*((line, None) for line in EXPORT.splitlines() if line))
    made = document(body, DOCX)
    assert [article.headline for article in split(made)] == [
        "Mill on the Tarn reopens",
        "Pond drained",
    ]
    assert made.document_id == payload(body, DOCX).document_id


@pytest.mark.parametrize("media_type", [DOCX, "application/pdf"])
@pytest.mark.parametrize("body", [b"PK\x03\x04 no zip", b"%PDF-1.7 and no more", b"%PDF-"])
def test_a_broken_file_is_a_clear_reject(body, media_type):
    pytest.importorskip("docx")
    pytest.importorskip("pypdf")
    with pytest.raises(ReadError) as caught:
        document(body, media_type)
    assert caught.value.reason in ("unreadable", "empty")
    assert caught.value.fix


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page: objects, the table of their places, and the trailer."""
    shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F1 12 Tf 20 250 Td {shown} ET"
    font = "<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
    objects = (
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources {font}>>",
        f"<</Length {len(stream)}>> stream\n{stream}\nendstream",
    )
    body, places = "%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj {item} endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 5\n0000000000 65535 f \n{table}trailer <</Root 1 0 R /Size 5>>\n"
    return f"{body}startxref\n{start}\n%%EOF\n".encode()


def test_the_text_of_a_pdf_is_read_as_prose():
    pytest.importorskip("pypdf")
    made = document(pdf("Mill reopens", "The old mill turns."), "application/pdf")
    assert made.text.split("\n") == ["Mill reopens", "The old mill turns."]
    assert made.layout == "prose"


def test_a_pdf_without_text_says_what_to_do():
    pytest.importorskip("pypdf")
    with pytest.raises(ReadError, match="no text on its 1 pages") as caught:
        document(pdf(), "application/pdf")
    assert "OCR" in caught.value.fix


@pytest.mark.parametrize(("media_type", "name"), [(DOCX, "docx"), ("application/pdf", "pypdf")])
def test_a_missing_package_names_the_command_that_installs_it(monkeypatch, media_type, name):
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ReadError, match="needs the package") as caught:
        document(b"PK", media_type)
    assert caught.value.reason == "not_installed"
    assert "pip install 'newsetl[documents]'" in caught.value.fix
