"""HTML pages: one lxml tree a page, its blocks in order, and what its metadata states.

A page about one article is judged piece by piece (`judge`) and has the layout `article`; a page
that lists several, or is too bare to judge, keeps what its markup says and the layout `page`.
"""

import codecs
import re

import lxml.html

from newsetl.encoding import declared_encoding, decode
from newsetl.errors import ReadError
from newsetl.model import Document
from newsetl.payload import Payload
from newsetl.readers.html import blocks, delivered, hints, judge, listing
from newsetl.readers.html.features import Hints
from newsetl.readers.html.marks import Page
from newsetl.readers.html.metadata import stated
from newsetl.readers.html.sheet import Element, Sheet, lay_out

MEDIA_TYPES = ("text/html", "application/xhtml+xml")

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")
_CONTROLS = bytes((*range(9), 0x0B, *range(0x0E, 0x20)))
_CONTAINER = re.compile(
    r"</?(?!(?:p|h[1-6]|li|br|script|style|noscript|template|title|meta|link|time)\b)[a-z][^>]*>",
    re.IGNORECASE,
)
_TOO_DEEP = lxml.etree.ErrorTypes.ERR_RESOURCE_LIMIT
_SAMPLE_CHARACTERS = 1 << 16
_BINARY_SHARE = 0.05


def read(payload: Payload) -> Document:
    """Return the page's text: content blocks in order, then boilerplate, two line ends between.

    The encoding is found as browsers do (WHATWG Encoding: BOM, header, meta, then the bytes).
    Raises ReadError if the bytes are no text, or if the page holds no text, as the shells that
    JavaScript fills do.
    """
    encoded, encoding = _decode(payload.body, charset=payload.charset, where=payload.uri)
    root = _parse(encoded, where=payload.uri)
    sheet = lay_out(root)
    page = Page(root, payload.uri, payload.retrieved_at)
    body = delivered.find(page)
    if not sheet.pieces and not body:
        raise ReadError(
            "the page holds no text",
            where=payload.uri,
            fix="it may be filled by JavaScript: save it from a browser and run on the file",
            reason="empty",
        )
    found, headline = stated(page)
    arranged, layout = blocks.Arranged("", (), ()), "page"
    if sheet.pieces:
        arranged, layout = _arranged(sheet, hints.gather(page), base=payload.uri)
    if body and (whole := delivered.with_body(arranged, body, headline)):
        arranged, layout = whole, "article"
    return Document(
        document_id=payload.document_id,
        uri=payload.uri,
        source_id=payload.source_id,
        text=arranged.text,
        layout=layout,
        blocks=arranged.blocks,
        encoding=encoding,
        sections=arranged.sections,
        stated=found,
        headline=headline,
    )


def parse(body: bytes, *, where: str = "") -> Element:
    """Return the tree of a page whose bytes alone say how they are encoded."""
    return _parse(_decode(body, charset=None, where=where)[0], where=where)


def _arranged(sheet: Sheet, said: Hints, *, base: str) -> tuple[blocks.Arranged, str]:
    by_markup = None if said.is_article else blocks.by_markup(sheet, base=base)
    if by_markup and listing.find(by_markup.text, by_markup.blocks, by_markup.sections):
        return by_markup, "page"
    judgement = judge.judge(sheet, said)
    if judgement is None:
        return by_markup or blocks.by_markup(sheet, base=base), "page"
    return blocks.by_judgement(sheet, judgement, base=base), "article"


def _decode(body: bytes, *, charset: str | None, where: str) -> tuple[bytes, str]:
    """Return a page in UTF-8, without what is no character, and the encoding that it was in.

    A page in UTF-8, as most are, is itself what is parsed.
    """
    declared = declared_encoding(body, is_html=True)
    text, encoding = decode(body, charset=charset, declared=declared)
    is_whole = encoding == "utf-8" and "\ufffd" not in text
    is_itself = is_whole and not body.startswith(codecs.BOM_UTF8)
    encoded = body if is_itself else text.encode("utf-8", errors="replace")
    is_clean = _is_clean(text, encoded)
    if not (is_whole and is_clean):
        _check(text[:_SAMPLE_CHARACTERS], where=where)
    declaration = _XML_DECLARATION.match(text)
    if declaration or not is_clean:
        text = _NO_CHARACTER.sub("\ufffd", text[declaration.end() if declaration else 0 :])
        encoded = text.encode("utf-8", errors="replace")
    return encoded, encoding


def _check(sample: str, *, where: str) -> None:
    """Raise ReadError if too much of a sample means nothing."""
    odd = sample.count("\ufffd") + len(_NO_CHARACTER.findall(sample))
    if odd > 1 + _BINARY_SHARE * len(sample):
        raise ReadError(
            f"no text: {odd} of the first {len(sample)} characters mean nothing",
            where=where,
            fix="check that the file is the page itself; it may be packed, a picture or a PDF",
            reason="unreadable",
        )


def _parse(encoded: bytes, *, where: str) -> Element:
    """Return the tree of a page; one nested deeper than the parser goes is flattened first."""
    try:
        root, is_whole = _tree(encoded)
        if not is_whole:
            root, _ = _tree(_CONTAINER.sub("<p>", encoded.decode()).encode())
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(
            f"no HTML: {error}",
            where=where,
            fix="check that the file is the page itself",
            reason="unreadable",
        ) from error
    return root


def _tree(encoded: bytes) -> tuple[Element, bool]:
    """Return the tree of a page, and whether it was not too deep for the parser.

    Bytes in UTF-8 are what libxml2 itself works on: a str would be recoded, for a third more time.
    The elements are plain ones; lxml.html's own class costs a lookup for each.
    """
    parser = lxml.etree.HTMLParser(
        huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    root = lxml.html.document_fromstring(encoded, parser=parser, ensure_head_body=True)
    return root, not parser.error_log.filter_types([_TOO_DEEP])


def _is_clean(text: str, encoded: bytes) -> bool:
    """Whether `_NO_CHARACTER` finds nothing; a count over bytes is faster than a search."""
    is_printed = len(encoded.translate(None, _CONTROLS)) == len(encoded)
    return is_printed and "\ufffe" not in text and "\uffff" not in text
