"""Whether a page lists several articles, and the blocks of each: by containers, by headings."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from newsetl.dates import find_printed
from newsetl.model import Block, Section
from newsetl.readers.html import people, wording

_MAIN_SHARE = 0.6
_LISTED_HEADINGS = 3
_LISTED_SHARE = 0.5
"""Teasers below a story hold less of the page's words than the articles of a listing."""

_BESIDE_DATE = 12
"""Letters that a heading may have beside its date and still be nothing but a date."""


class Item(NamedTuple):
    """One article of a listing: its heading, its blocks from there on, and what dates it else.

    `dated` is a line that stands away from the article and states its date: a heading above
    several articles of one day, or a line that the reader put behind the content.
    """

    heading: Block
    blocks: list[Block]
    dated: Block | None = None


class Listing(NamedTuple):
    """The articles of a listing, the rule that found them, and how sure it is."""

    items: list[Item]
    rule: str
    confidence: float


def find(text: str, blocks: Sequence[Block], sections: Sequence[Section]) -> Listing | None:
    """Return the articles that a page lists, or None if it is about one or none."""
    content = [block for block in blocks if block.kind != "boilerplate"]
    total = sum(count_words(text, block) for block in content)
    for items, rule, confidence in (
        (_by_container(text, content, sections), "containers", 0.9),
        (_by_day(text, content), "date headings", 0.8),
        (_by_heading(text, content), "linked headings", 0.7),
    ):
        listed = sum(count_words(text, block) for item in items for block in item.blocks)
        if len(items) > 1 and listed >= _LISTED_SHARE * total:
            return Listing(_with_dates(text, items, blocks), rule, confidence)
    return None


def count_words(text: str, block: Block) -> int:
    return wording.count_words(text[block.start : block.end])


def _by_container(text: str, content: Sequence[Block], sections: Sequence[Section]) -> list[Item]:
    """Return the article in each container, or [] if one container is what the page is.

    A container around others is a wrapper, unless it holds most of the page's words itself. One
    of several whose headings are alike and lead to pages of their own is not what the page is,
    however long its article.
    """
    groups: dict[Section, Item] = {}
    places = [block.start for block in content]
    for section in sections:
        first, last = bisect_left(places, section.start), bisect_left(places, section.end)
        group = content[first:last]
        headings = [block for block in group if _is_headline(text, block)]
        if headings:
            start = headings[0]
            groups[section] = Item(start, [b for b in group if b.start >= start.start])
    innermost = [
        section for section in groups if not any(_is_around(section, other) for other in groups)
    ]
    total = sum(count_words(text, block) for block in content)
    starts = [groups[section].heading for section in innermost]
    are_alike = len({block.level for block in starts}) == 1 and all(b.link for b in starts)
    for section, item in groups.items():
        inner = [other for other in groups if _is_around(section, other)]
        own = [b for b in item.blocks if not any(o.start <= b.start < o.end for o in inner)]
        is_most = sum(count_words(text, block) for block in own) > _MAIN_SHARE * total
        if is_most and not (are_alike and section in innermost):
            return []
    return [groups[section] for section in sorted(innermost, key=lambda item: item.start)]


def _by_day(text: str, content: Sequence[Block]) -> list[Item]:
    """Return the articles under headings that are dates, as the archives of diaries have them.

    Most dates have a heading right below; in a story told by days they have text.
    """
    headings = [block for block in content if block.kind == "heading"]
    days = [block for block in headings if _is_date(text, block)]
    level = Counter(block.level for block in days).most_common(1)
    if not level or level[0][1] < 2:
        return []
    days = [block for block in days if block.level == level[0][0]]
    places = {block.start for block in days}
    below = [
        after.level
        for block, after in pairwise(content)
        if block.start in places and after.level > block.level and _is_headline(text, after)
    ]
    if 2 * len(below) <= len(days):
        return []
    starts = [b for b in headings if b.level == min(below) and _is_headline(text, b)]
    rest = [block for block in content if block.start not in places]
    rising = sorted(places)
    found = []
    for item in _from(starts, rest):
        above = bisect_left(rising, item.heading.start)
        found.append(item._replace(dated=days[above - 1] if above else None))
    return found


def _by_heading(text: str, content: Sequence[Block]) -> list[Item]:
    """Return what stands from each linked heading to the next of the same level, if they repeat.

    Where most have text below, one without is no article: it heads the page or a part of it.
    """
    linked = [block for block in content if block.link and _is_headline(text, block)]
    for level in sorted({block.level for block in linked}):
        starts = [block for block in linked if block.level == level]
        if len(starts) < _LISTED_HEADINGS or len({block.link for block in starts}) < len(starts):
            continue
        if len({text[block.start : block.end] for block in starts}) == 1:
            continue  # one programme's broadcasts
        items = list(_from(starts, content))
        full = [item for item in items if len(item.blocks) > 1]
        if 2 * len(full) > len(items):
            return full
    return []


def _from(starts: Sequence[Block], content: Sequence[Block]) -> Iterator[Item]:
    """Yield what stands from each heading to the next."""
    places = [block.start for block in content]
    edges = [bisect_left(places, block.start) for block in starts]
    for heading, (first, last) in zip(starts, pairwise([*edges, len(content)]), strict=True):
        yield Item(heading, list(content[first:last]))


def _with_dates(text: str, items: list[Item], blocks: Sequence[Block]) -> list[Item]:
    """Return the articles with the dated lines that stand behind the content, if one for each.

    A line such as "Posted on 3 June" is boilerplate by its name in many pages; if there are as
    many as articles, they stand in the same order. Where every heading ends in a date in
    brackets, the page's template has put it there.
    """
    closing = [_closing_date(text, item.heading) for item in items]
    if len(items) >= _LISTED_HEADINGS and all(closing):
        return [i._replace(dated=i.dated or date) for i, date in zip(items, closing, strict=True)]
    behind = [block for block in blocks if block.kind == "boilerplate"]
    stamped = [block for block in behind if block.stamp]
    printed = [block for block in behind if _is_date(text, block)]
    for lines in (stamped, printed):
        if len(lines) == len(items):
            pairs = zip(items, lines, strict=True)
            return [item._replace(dated=item.dated or line) for item, line in pairs]
    return items


def _closing_date(text: str, heading: Block) -> Block | None:
    """Return the date in brackets that a heading ends with, if it does."""
    line = text[heading.start : heading.end]
    dates = list(find_printed(line)) if line.endswith(")") else []
    if not dates or line.rfind("(") + 1 != dates[-1][0] or dates[-1][1] != len(line) - 1:
        return None
    return replace(heading, kind="date", start=heading.start + dates[-1][0], end=heading.end - 1)


def _is_headline(text: str, block: Block) -> bool:
    """Whether a block is a heading, and neither a date nor a dated byline (broken markup)."""
    if block.kind != "heading" or _is_date(text, block):
        return False
    line = text[block.start : block.end]
    return not (people.starts_with_lead(line) and any(find_printed(line)))


def _is_date(text: str, block: Block) -> bool:
    """Whether a block is a date with little beside it."""
    line = text[block.start : block.end]
    dates = list(find_printed(line)) if any(map(str.isdigit, line[:200])) else []
    return bool(dates) and len(line) - sum(end - start for start, end in dates) <= _BESIDE_DATE


def _is_around(outer: Section, inner: Section) -> bool:
    return outer.depth < inner.depth and outer.start <= inner.start and inner.end <= outer.end
