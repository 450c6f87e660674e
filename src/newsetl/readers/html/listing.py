"""Whether a page lists several articles, and the blocks of each: by containers, by headings."""

from collections.abc import Sequence
from typing import NamedTuple

from newsetl.model import Block, Section
from newsetl.readers.html import wording

_MAIN_SHARE = 0.6
_LISTED_HEADINGS = 3
_LISTED_SHARE = 0.5
"""Teasers below a story hold less of the page's words than the articles of a listing."""


class Listing(NamedTuple):
    """The blocks of each article of a listing, the rule that found them, and how sure it is."""

    groups: list[list[Block]]
    rule: str
    confidence: float


def find(text: str, blocks: Sequence[Block], sections: Sequence[Section]) -> Listing | None:
    """Return the articles that a page lists, or None if it is about one or none."""
    content = [block for block in blocks if block.kind != "boilerplate"]
    total = sum(count_words(text, block) for block in content)
    for groups, rule, confidence in (
        (_by_container(text, content, sections), "containers", 0.9),
        (_by_heading(text, content), "linked headings", 0.7),
    ):
        listed = sum(count_words(text, block) for group in groups for block in group)
        if len(groups) > 1 and listed >= _LISTED_SHARE * total:
            return Listing(groups, rule, confidence)
    return None


def count_words(text: str, block: Block) -> int:
    return wording.count_words(text[block.start : block.end])


def _by_container(
    text: str, content: Sequence[Block], sections: Sequence[Section]
) -> list[list[Block]]:
    """Return the blocks of each article container, or [] if one container is what the page is.

    A container around others is a wrapper, unless it holds most of the page's words itself.
    """
    inside = {section: _inside(content, section) for section in sections}
    groups = {
        section: group
        for section, group in inside.items()
        if any(block.kind == "heading" for block in group)
    }
    total = sum(count_words(text, block) for block in content)
    for section, group in groups.items():
        inner = [other for other in groups if _is_around(section, other)]
        own = [b for b in group if not any(o.start <= b.start < o.end for o in inner)]
        if sum(count_words(text, block) for block in own) > _MAIN_SHARE * total:
            return []
    innermost = [
        section for section in groups if not any(_is_around(section, other) for other in groups)
    ]
    return [groups[section] for section in sorted(innermost, key=lambda item: item.start)]


def _by_heading(text: str, content: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks from each linked heading to the next of the same level, if they repeat."""
    linked = [block for block in content if block.kind == "heading" and block.link]
    for level in sorted({block.level for block in linked}):
        starts = [block for block in linked if block.level == level]
        if len(starts) < _LISTED_HEADINGS or len({block.link for block in starts}) < len(starts):
            continue
        if len({text[block.start : block.end] for block in starts}) == 1:
            continue  # one programme's broadcasts
        edges = [block.start for block in starts[1:]] + [len(text)]
        groups = [
            [block for block in content if start.start <= block.start < edge]
            for start, edge in zip(starts, edges, strict=True)
        ]
        if sum(len(group) > 1 for group in groups) > len(groups) / 2:
            return groups
    return []


def _inside(content: Sequence[Block], section: Section) -> list[Block]:
    return [block for block in content if section.start <= block.start < section.end]


def _is_around(outer: Section, inner: Section) -> bool:
    return outer.depth < inner.depth and outer.start <= inner.start and inner.end <= outer.end
