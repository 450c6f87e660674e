"""Cells of text, which are HTML or plain; what stands in them as `&amp;` is the character."""

import re

from newsetl.entries import squeezed
from newsetl.markup import Layout, lay_out_html
from newsetl.readers import plain

_BLOCK = r"p|div|h[1-6]|ul|ol|li|article|blockquote|table"
_BLOCK_TAG = re.compile(
    rf"</(?:{_BLOCK})\s{{0,9}}>"
    rf"|<(?:{_BLOCK}|br|hr|img)(?:\s{{1,9}}[\w:-]{{1,40}}\s{{0,9}}=[^<>]*+)?\s{{0,9}}/?>",
    re.IGNORECASE,
)
"""A tag of a block; "<p and q>" is none, for an attribute has a value."""
_INLINE_TAG = re.compile(
    r"</(?:a|b|i|u|em|strong|span|small|sub|sup|mark|cite)\s{0,9}>", re.IGNORECASE
)
"""The closing tag of what stands within a line: a text that only names a tag rarely closes it."""


def lay_out_cell(cell: str, *, base: str) -> Layout:
    """Return the blocks of a cell, which is HTML or plain text.

    HTML that was escaped once more is HTML; where no tag parts blocks, the lines do.
    """
    text = cell if _is_markup(cell) else plain.unescaped(cell)
    if _BLOCK_TAG.search(text):
        return lay_out_html(text, base=base)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    blocks = plain.blocks_of(text)
    if _INLINE_TAG.search(text):
        pieces = (text[block.start : block.end] for block in blocks)
        return lay_out_html("".join(f"<p>{piece}</p>" for piece in pieces), base=base)
    return text, tuple(blocks), ()


def line_of(cell: str | None) -> str | None:
    """Return the text of a cell in one line, such as a headline, or None if it holds nothing.

    >>> line_of("<b>Mill &amp; dam</b>  reopen"), line_of("AT&amp;T <b rises")
    ('Mill & dam reopen', 'AT&T <b rises')
    """
    return squeezed(lay_out_cell(cell, base="")[0]) if cell else None


def _is_markup(cell: str) -> bool:
    return bool(_BLOCK_TAG.search(cell) or _INLINE_TAG.search(cell))
