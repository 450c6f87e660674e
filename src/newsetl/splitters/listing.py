"""Listings: documents that come as entries, each with what the file states of it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from newsetl.model import Article, Block, Document, Entry, Part, PartKind, Section, Stated, Verdict
from newsetl.registry import plugins

LAYOUTS = ("listing",)

_PART_OF: dict[str, PartKind] = {
    "byline": "byline",
    "date": "date",
    "caption": "caption",
    "boilerplate": "boilerplate",
}


def split(document: Document) -> list[Article]:
    """Return the document's entries in order as articles; one may hold several, as mail does."""
    starts = [block.start for block in document.blocks]
    articles: list[Article] = []
    for entry in document.entries:
        blocks = document.blocks[bisect_left(starts, entry.start) : bisect_left(starts, entry.end)]
        inside = _inside(document, entry, blocks) if entry.layout else []
        found = inside if len(inside) > 1 else [_whole(document, entry, blocks)]
        articles += (
            replace(article, position=position)
            for position, article in enumerate(found, start=len(articles))
        )
    return articles


def explain(document: Document) -> list[Verdict]:
    """Return each block with the part that it plays, or that it stands outside all articles."""
    roles = {
        (article.start + part.start, article.start + part.end): (part.kind, article.split_rule)
        for article in split(document)
        for part in article.parts
    }
    return [
        Verdict(block.start, block.end, kind, 1.0, (f"block: {block.kind}", f"rule: {rule}"))
        for block in document.blocks
        for kind, rule in [roles.get((block.start, block.end), ("outside", "no entry"))]
    ]


def _whole(document: Document, entry: Entry, blocks: Sequence[Block]) -> Article:
    """Return the article that an entry is; what it states goes before what its lines show."""
    kinds = [_PART_OF.get(block.kind, "body") for block in blocks]
    stated = entry.stated
    headline = next((at for at, block in enumerate(blocks) if block.level == 1), None)
    if stated.headline and headline is not None:
        kinds[headline] = "headline"
    parts = [Part(kind, b.start, b.end) for kind, b in zip(kinds, blocks, strict=True)]
    article = Article.cut(document, parts, position=0, split_rule="entry", split_confidence=1.0)
    byline = next((part for part in article.parts if part.kind == "byline"), None)
    own = article.slice(byline) if byline else None
    article = replace(article, byline=own, is_teaser=entry.is_teaser)
    return _with_stated(article, stated, is_own=True)


def _inside(document: Document, entry: Entry, blocks: Sequence[Block]) -> list[Article]:
    """Return the articles that the splitter of the entry's layout finds inside it.

    The entry's own headline, such as the subject of a mail, is none of theirs.
    """
    own = list(blocks[1:] if entry.stated.headline else blocks)
    first = own[0].start if own else entry.end
    text = document.text[first : entry.end]
    sections = tuple(
        Section(section.start - first, section.end - first, section.depth)
        for section in document.sections
        if first <= section.start < entry.end
    )
    part = replace(
        document,
        text=text,
        layout=entry.layout or document.layout,
        blocks=tuple(replace(b, start=b.start - first, end=b.end - first) for b in own),
        sections=sections,
        stated=Stated(language=entry.stated.language),
        entries=(),
    )
    found: list[Article] = plugins("splitters")[part.layout].split(part)
    return [
        _with_stated(
            replace(article, start=article.start + first, end=article.end + first),
            entry.stated,
            is_own=False,
        )
        for article in found
    ]


def _with_stated(article: Article, stated: Stated, *, is_own: bool) -> Article:
    """Return an article with what its entry states; of one among several, only what they share."""
    published = article.published if article.published.day and not is_own else stated.published
    language = stated.language or article.language
    if not is_own:
        return replace(article, published=published, language=language)
    return replace(
        article,
        headline=article.headline or stated.headline,
        authors=stated.authors,
        published=published,
        modified_at=stated.modified_at,
        url=stated.url,
        language=language,
        section=stated.section,
        keywords=stated.keywords,
    )
