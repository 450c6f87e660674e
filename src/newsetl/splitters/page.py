"""HTML pages: one article, or a listing of several, by containers, then by headings with links."""

from collections.abc import Sequence
from dataclasses import replace

from newsetl.dates import parse_printed, parse_stamp
from newsetl.model import Article, Block, Document, Part, PartKind, Published, Section, Verdict
from newsetl.splitters import prose
from newsetl.splitters.prose.parts import authors_of

LAYOUTS = ("page",)

_PART_OF: dict[str, PartKind] = {
    "byline": "byline",
    "date": "date",
    "caption": "caption",
    "boilerplate": "boilerplate",
}
_ARTICLE_MARKS = ("json-ld", "meta article:published_time")
"""Marks of a time of publication that stand on pages of one article."""

_MAIN_SHARE = 0.6
_LISTED_HEADINGS = 3
_TEASER_WORDS = 80


def split(document: Document) -> list[Article]:
    """Return the page's articles: those of a listing in order, or the one that the page is about.

    A page without any heading is split as plain text.
    """
    content = [block for block in document.blocks if block.kind != "boilerplate"]
    if not any(block.kind == "heading" for block in content):
        articles = prose.split(replace(document, blocks=tuple(content), layout="prose"))
        return [_stated(articles[0], document)] if len(articles) == 1 else articles
    for groups, rule, confidence in (
        (_by_container(document, content), "containers", 0.9),
        (_by_heading(document, content), "linked headings", 0.7),
    ):
        if len(groups) > 1 and not _is_about_one(document, content):
            return [
                _listed(document, group, position, rule=rule, confidence=confidence)
                for position, group in enumerate(groups)
            ]
    return _single(document, content)


def explain(document: Document) -> list[Verdict]:
    """Return each block with the part that it plays, or that it stands outside all articles."""
    articles = split(document)
    roles = {
        (article.start + part.start, article.start + part.end): (part.kind, article)
        for article in articles
        for part in article.parts
    }
    verdicts = []
    for block in document.blocks:
        kind, article = roles.get((block.start, block.end), ("outside", None))
        reasons = (f"block: {block.kind}", *((f"rule: {article.split_rule}",) if article else ()))
        score = article.split_confidence if article else 1.0
        verdicts.append(Verdict(block.start, block.end, kind, score, reasons))
    return verdicts


def _is_about_one(document: Document, content: Sequence[Block]) -> bool:
    """Whether the page states the headline of one article that it shows; the rest are teasers."""
    headline = _folded(document.headline or "")
    headings = [block for block in content if block.kind == "heading"]
    is_shown = any(_folded(document.slice(block)) == headline for block in headings)
    return is_shown and document.stated.published.stated_by in _ARTICLE_MARKS


def _by_container(document: Document, content: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks of each article container, or [] if one container is what the page is.

    A container around others is a wrapper, unless it holds most of the page's words itself.
    """
    inside = {section: _inside(content, section) for section in document.sections}
    groups = {
        section: group
        for section, group in inside.items()
        if any(block.kind == "heading" for block in group)
    }
    total = sum(_words(document, block) for block in content)
    for section, group in groups.items():
        inner = [other for other in groups if _is_around(section, other)]
        own = [b for b in group if not any(o.start <= b.start < o.end for o in inner)]
        if sum(_words(document, block) for block in own) > _MAIN_SHARE * total:
            return []
    innermost = [
        section for section in groups if not any(_is_around(section, other) for other in groups)
    ]
    return [groups[section] for section in sorted(innermost, key=lambda item: item.start)]


def _by_heading(document: Document, content: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks from each linked heading to the next of the same level, if they repeat."""
    linked = [block for block in content if block.kind == "heading" and block.link]
    for level in sorted({block.level for block in linked}):
        starts = [block for block in linked if block.level == level]
        if len(starts) < _LISTED_HEADINGS or len({block.link for block in starts}) < len(starts):
            continue
        edges = [block.start for block in starts[1:]] + [len(document.text)]
        groups = [
            [block for block in content if start.start <= block.start < edge]
            for start, edge in zip(starts, edges, strict=True)
        ]
        if sum(len(group) > 1 for group in groups) > len(groups) / 2:
            return groups
    return []


def _single(document: Document, content: Sequence[Block]) -> list[Article]:
    heading = _headline(document, content)
    inside = [s for s in document.sections if s.start <= heading.start < s.end]
    around = max(inside, key=lambda item: item.end - item.start, default=None)
    end = around.end if around else len(document.text)
    blocks = [block for block in content if heading.start <= block.start < end]
    before = [block for block in content if block.start < heading.start]
    article = _article(document, blocks, 0, rule="one headline", confidence=0.8)
    if not article.published.day:
        seen = _published([*before[-2:], *blocks[1:4]], document)
        article = replace(article, published=seen)
    return [_stated(article, document)] if len(blocks) > 1 else []


def _stated(article: Article, document: Document) -> Article:
    """Return the document's only article with what the document states; what it shows fills in."""
    stated = document.stated
    return replace(
        article,
        headline=document.headline or article.headline or stated.headline,
        authors=stated.authors or (() if stated.credits else article.authors),
        credits=stated.credits,
        published=stated.published if stated.published.day else article.published,
        modified_at=stated.modified_at,
        url=stated.url,
        section=stated.section,
        keywords=stated.keywords,
    )


def _headline(document: Document, content: Sequence[Block]) -> Block:
    """Return the heading that shows the document's headline, else the first of the highest level.

    Best is the heading itself, then one around it (with a kicker), then one that it is around.
    """
    headings = [block for block in content if block.kind == "heading"]
    for wanted in filter(None, (document.headline, document.stated.headline)):
        headline = _folded(wanted)
        shown = {block: _folded(document.slice(block)) for block in headings}
        for agreed in (
            [block for block in headings if shown[block] == headline],
            [block for block in headings if headline in shown[block]],
            [block for block in headings if shown[block] and shown[block] in headline],
        ):
            if agreed:
                return min(agreed, key=lambda block: (block.level, block.start))
    return min(headings, key=lambda block: (block.level, block.start))


def _listed(
    document: Document, blocks: Sequence[Block], position: int, *, rule: str, confidence: float
) -> Article:
    """Return one article of a listing; a short one that links to its own page is a teaser."""
    heading = next(block for block in blocks if block.kind == "heading")
    own = [block for block in blocks if block.start >= heading.start]
    article = _article(document, own, position, rule=rule, confidence=confidence)
    words = sum(_words(document, block) for block in own if block.kind != "heading")
    return replace(
        article,
        published=_published(blocks, document),
        url=heading.link,
        is_teaser=heading.link is not None and words < _TEASER_WORDS,
    )


def _article(
    document: Document, blocks: Sequence[Block], position: int, *, rule: str, confidence: float
) -> Article:
    kinds = [_PART_OF.get(block.kind, "body") for block in blocks]
    kinds[0] = "headline"
    parts = [Part(kind, b.start, b.end) for kind, b in zip(kinds, blocks, strict=True)]
    article = Article.cut(
        document, parts, position=position, split_rule=rule, split_confidence=confidence
    )
    byline = next((part for part in article.parts if part.kind == "byline"), None)
    if byline is None:
        return article
    line = article.slice(byline)
    return replace(article, byline=line, authors=authors_of(line))


def _published(blocks: Sequence[Block], document: Document) -> Published:
    """Return the first date that a time element or a date block states."""
    for block in blocks:
        found = parse_stamp(block.stamp, stated_by="time element") if block.stamp else None
        if found is None and block.kind in ("date", "byline"):
            found = parse_printed(document.slice(block), stated_by="date line")
        if found:
            return found
    return Published()


def _inside(content: Sequence[Block], section: Section) -> list[Block]:
    return [block for block in content if section.start <= block.start < section.end]


def _is_around(outer: Section, inner: Section) -> bool:
    return outer.depth < inner.depth and outer.start <= inner.start and inner.end <= outer.end


def _words(document: Document, block: Block) -> int:
    return len(document.slice(block).split())


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
