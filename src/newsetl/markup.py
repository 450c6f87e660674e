"""Markup of payloads: XML without entities or outside access, HTML as lines or as blocks."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.etree
import lxml.html

from newsetl.encoding import declared_encoding, decode
from newsetl.errors import ReadError
from newsetl.model import Block, Section
from newsetl.payload import Payload
from newsetl.readers.html.blocks import by_markup
from newsetl.readers.html.sheet import lay_out

Element = Any
"""An lxml element; lxml ships no types."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_PROLOG = re.compile(
    r"\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)*", re.S
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_SKIPPED = frozenset("script style noscript template svg head title object iframe".split())
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code em font i img ins del kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr
    """.split()
)

Layout = tuple[str, tuple[Block, ...], tuple[Section, ...]]


def text_of(payload: Payload, *, is_html: bool) -> tuple[str, str]:
    """Return the characters of a payload of markup and the encoding that they were read in."""
    declared = declared_encoding(payload.body, is_html=is_html)
    markup, encoding = decode(payload.body, charset=payload.charset, declared=declared)
    return _NO_CHARACTER.sub("\ufffd", markup), encoding


def root_name(opening: str) -> str:
    """Return the local name of the root element of markup, or "" if its opening shows none.

    >>> root_name("<?xml version='1.0'?><!-- news --><atom:feed xmlns:atom='x'>")
    'feed'
    """
    prolog = _PROLOG.match(opening.removeprefix("\ufeff"))
    match = _ROOT.match(opening.removeprefix("\ufeff"), prolog.end() if prolog else 0)
    return match[1] if match else ""


def parse_xml(markup: str, *, where: str) -> Element:
    """Return the root of XML; of XML that breaks off, as much as there is.

    Entities are not expanded and nothing outside is opened: a document that declares entities is
    turned away (CWE-776, CWE-611). Names lose their namespaces.
    """
    check_entities(markup, where=where)
    parser = lxml.etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True
    )
    try:
        root = lxml.etree.fromstring(_DECLARATION.sub("", markup).encode(), parser)
    except lxml.etree.XMLSyntaxError as error:
        raise _no_xml(str(error), where) from error
    if root is None:
        raise _no_xml("no element in it", where)
    for element in root.iter(lxml.etree.Element):
        _strip_namespace(element)
    return root


def check_entities(markup: str, *, where: str) -> None:
    """Raise ReadError if XML declares entities of its own; no format of news needs them."""
    if match := _ENTITY.search(markup):
        raise ReadError(
            "the XML declares entities, which could unfold without end",
            where=f"{where}, character {match.start()}",
            fix="take the <!ENTITY …> declarations out of the file, if you trust it",
            reason="unreadable",
        )


def parse_html(markup: str, *, where: str) -> Element:
    """Return the root of an HTML page or fragment."""
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        clean = _NO_CHARACTER.sub("\ufffd", _DECLARATION.sub("", markup))
        return lxml.html.document_fromstring(clean, parser=parser, ensure_head_body=True)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(
            f"no HTML: {error}",
            where=where,
            fix="check that the file is complete",
            reason="unreadable",
        ) from error


def lay_out_html(markup: str, *, base: str) -> Layout:
    """Return the text and blocks of an HTML fragment, laid out as pages are; "" gives none."""
    if not markup.strip():
        return "", (), ()
    arranged = by_markup(lay_out(parse_html(markup, where=base)), base=base)
    return arranged.text, arranged.blocks, arranged.sections


def lines_of_html(root: Element) -> str:
    r"""Return the text of HTML with a blank line between blocks and a line end for each `br`.

    Nothing is judged and nothing moved, as the fields of an export need it.

    >>> lines_of_html(parse_html("<div><b>HD</b></div><p>One<br>two</p>", where=""))
    'HD\n\nOne\ntwo'
    """
    pieces = "".join(_pieces(root)).split("\0")
    blocks = ("\n".join(_squeezed(piece)) for piece in pieces)
    return "\n\n".join(block for block in blocks if block)


def _strip_namespace(element: Element) -> None:
    """Give an element its local name; one that no name can be, mended XML has, is left."""
    name = element.tag.rpartition("}")[2]
    if name != element.tag and _NAME.fullmatch(name):
        element.tag = name


def _pieces(root: Element) -> Iterator[str]:
    r"""Yield the text under an element; \0 stands at the edges of blocks, \1 for a line end."""
    walk = lxml.etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        is_text = isinstance(element.tag, str) and element.tag not in _SKIPPED
        edge = "\1" if element.tag == "br" else "" if element.tag in _INLINE else "\0"
        if event == "end":
            yield ("" if edge == "\1" else edge) + (element.tail or "")
        elif is_text:
            yield edge + (element.text or "")
        else:
            walk.skip_subtree()


def _squeezed(piece: str) -> list[str]:
    lines = (" ".join(line.split()) for line in piece.split("\1"))
    return [line for line in lines if line]


def _no_xml(what: str, where: str) -> ReadError:
    return ReadError(
        f"no XML: {what}", where=where, fix="fetch the file again", reason="unreadable"
    )
