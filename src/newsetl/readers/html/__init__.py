"""HTML pages: one lxml tree a page, its blocks in order, and what its metadata states."""

import re

import lxml.html
from bs4.dammit import EncodingDetector

from newsetl.encoding import decode
from newsetl.errors import ReadError
from newsetl.model import Document, Payload
from newsetl.readers.html.blocks import lay_out
from newsetl.readers.html.metadata import stated

MEDIA_TYPES = ("text/html", "application/xhtml+xml")

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")


def read(payload: Payload) -> Document:
    """Return the page's text: content blocks in order, then boilerplate, two line ends between.

    The encoding is found as browsers do (WHATWG Encoding: BOM, header, meta, then the bytes).
    Raises ReadError if the page holds no text, as the shells that JavaScript fills do.
    """
    declared = EncodingDetector.find_declared_encoding(payload.body, is_html=True)
    markup, encoding = decode(payload.body, charset=payload.charset, declared=declared)
    root = _parse(markup, payload)
    text, blocks, sections = lay_out(root, base=payload.uri)
    if not text:
        raise ReadError(
            "the page holds no text",
            where=payload.uri,
            fix="it may be filled by JavaScript: save it from a browser and run on the file",
            reason="empty",
        )
    found, headline = stated(root, base=payload.uri, retrieved_at=payload.retrieved_at)
    return Document(
        document_id=payload.document_id,
        uri=payload.uri,
        source_id=payload.source_id,
        text=text,
        layout="page",
        blocks=blocks,
        encoding=encoding,
        sections=sections,
        stated=found,
        headline=headline,
    )


def _parse(markup: str, payload: Payload) -> lxml.html.HtmlElement:
    clean = _NO_CHARACTER.sub("\ufffd", _XML_DECLARATION.sub("", markup))
    parser = lxml.etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(clean, parser=parser, ensure_head_body=True)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(
            f"no HTML: {error}",
            where=payload.uri,
            fix="check that the file is the page itself",
            reason="unreadable",
        ) from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadError(
            "markup nested deeper than 2,048 levels",
            where=payload.uri,
            fix="no browser shows such a page as meant; check where it comes from",
            reason="unreadable",
        )
    return root
