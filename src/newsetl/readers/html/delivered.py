"""The body of an article as data, on pages that show it only when a browser has filled them.

JSON-LD may hold the whole text (schema.org, `articleBody`). What a page keeps for subscribers
(`isAccessibleForFree`) is left where it is, and so is a text that is cut off: such a page is a
teaser. Where a page shows something, the text must be that of its own article.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from newsetl.model import Block, BlockKind
from newsetl.readers.html.blocks import Arranged
from newsetl.readers.html.headlines import Headlines
from newsetl.readers.html.jsonld import Thing, text_of
from newsetl.readers.html.marks import Page
from newsetl.readers.html.people import fold
from newsetl.readers.html.wording import count_words

_FEWEST_WORDS, _MOST_SHOWN, _LEAST_SHARED = 40, 0.5, 1 / 3
_BREAKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|blockquote)|br)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[\+\d+ chars\])\W{0,9}(?:(?:continue )?read(?:ing| more)?|weiterlesen)?\W{0,9}$",
    re.IGNORECASE,
)
_TAIL_CHARACTERS = 60
_CLOSED = frozenset(("false", "no", "0"))
_HEADS: frozenset[BlockKind] = frozenset(("byline", "date"))


@dataclass(frozen=True)
class Delivered:
    """The paragraphs that JSON-LD states of a thing, which may be the article of the page."""

    paragraphs: list[str]
    thing: Thing
    page: Page

    @cached_property
    def is_own(self) -> bool:
        """Whether the thing has the address of the page, or a headline that the page has too."""
        if self.page.is_at(self.thing):
            return True
        stated = text_of(self.thing.get("headline")) or text_of(self.thing.get("name"))
        own = fold(stated or "")
        return any(_is_alike(own, fold(title)) for title in _titles(self.page))


def find(page: Page) -> Delivered | None:
    """Return the body that JSON-LD gives of an open article, or None."""
    body = page.article.get("articleBody")
    is_closed = str(page.article.get("isAccessibleForFree", "")).strip().lower() in _CLOSED
    if is_closed or not isinstance(body, str) or count_words(body) < _FEWEST_WORDS:
        return None
    lines = _paragraphs(body)
    if not lines or _CUT_OFF.search(lines[-1][-_TAIL_CHARACTERS:]):
        return None
    things = (each for each in page.graph.articles() if each.get("articleBody") == body)
    return Delivered(lines, page.graph.resolve(next(things, page.article)), page)


def _paragraphs(body: str) -> list[str]:
    """Return the lines of a body, whose tags may be escaped."""
    tagged = body if _TAGS.search(body) else html.unescape(body)
    text = html.unescape(_TAGS.sub("", _BREAKS.sub("\n", tagged)))
    return [own for line in text.split("\n") if (own := " ".join(line.split()))]


def _titles(page: Page) -> Iterator[str]:
    headlines = Headlines(page)
    for readings in headlines.seen:
        yield from readings
    yield from headlines.meta
    yield headlines.title or ""


def _is_alike(one: str, other: str) -> bool:
    """Whether one headline is the other, or a fair part of its beginning."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and len(short) > _LEAST_SHARED * len(long)


def with_body(shown: Arranged, body: Delivered, headline: str | None) -> Arranged | None:
    """Return a page with the body that it does not show, or None if it shows half of it or more.

    The body of another article than the page's own is taken only if the page shows no text.

    The heading stays, or is the headline that metadata state; what else is shown comes behind.
    """
    content = [block for block in shown.blocks if block.kind != "boilerplate"]
    words = sum(count_words(shown.text[block.start : block.end]) for block in content)
    if words >= _MOST_SHOWN * sum(map(count_words, body.paragraphs)) or (words and not body.is_own):
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
    pieces += [(own, line) for line in body.paragraphs]
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
