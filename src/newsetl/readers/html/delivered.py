"""The body of an article as data, on pages that show it only when a browser has filled them.

JSON-LD may hold the whole text (schema.org, `articleBody`). What a page keeps for subscribers
(`isAccessibleForFree`) is left where it is: such a page is a teaser.
"""

import html
import re
from dataclasses import replace

from newsetl.model import Block, BlockKind
from newsetl.readers.html.blocks import Arranged
from newsetl.readers.html.jsonld import Thing

_FEWEST_WORDS, _MOST_SHOWN = 40, 0.5
_BREAKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|blockquote)|br)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CLOSED = frozenset(("false", "no", "0"))
_HEADS: frozenset[BlockKind] = frozenset(("byline", "date"))


def paragraphs(article: Thing) -> list[str]:
    """Return the paragraphs of the body that JSON-LD gives of an open article, else none."""
    body = article.get("articleBody")
    is_closed = str(article.get("isAccessibleForFree", "")).strip().lower() in _CLOSED
    if is_closed or not isinstance(body, str) or len(body.split()) < _FEWEST_WORDS:
        return []
    text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", body)))
    return [own for line in text.split("\n") if (own := " ".join(line.split()))]


def with_body(shown: Arranged, body: list[str], headline: str | None) -> Arranged | None:
    """Return a page with the body that it does not show, or None if it shows half of it or more.

    The heading stays, or is the headline that metadata state; what else is shown comes behind.
    """
    content = [block for block in shown.blocks if block.kind != "boilerplate"]
    words = sum(len(shown.text[block.start : block.end].split()) for block in content)
    if words >= _MOST_SHOWN * sum(len(line.split()) for line in body):
        return None
    heading = next((b for b in content if b.kind == "heading" and b.level == 1), None)
    pieces: list[tuple[Block, str]] = []
    if heading is not None:
        pieces.append((heading, shown.text[heading.start : heading.end]))
    elif headline:
        pieces.append((Block("heading", 0, 0, level=1), headline))
    heads = [block for block in content if block.kind in _HEADS]
    pieces += [(block, shown.text[block.start : block.end]) for block in heads]
    own = Block("paragraph", 0, 0, rating=1.0, signs=("stated in JSON-LD",))
    pieces += [(own, line) for line in body]
    rest = [block for block in shown.blocks if block != heading and block not in heads]
    pieces += [
        (replace(block, kind="boilerplate", level=0), shown.text[block.start : block.end])
        for block in rest
    ]
    return _joined(pieces)


def _joined(pieces: list[tuple[Block, str]]) -> Arranged:
    blocks, offset = [], 0
    for block, text in pieces:
        blocks.append(replace(block, start=offset, end=offset + len(text)))
        offset += len(text) + 2
    return Arranged("\n\n".join(text for _, text in pieces), tuple(blocks), ())
