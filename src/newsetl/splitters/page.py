"""HTML pages: one article, or a listing of several, as the reader marked them."""

from collections.abc import Sequence
from dataclasses import replace

from newsetl.dates import parse_printed, parse_stamp
from newsetl.errors import SplitError
from newsetl.model import Article, Block, Document, Part, PartKind, Published, Verdict
from newsetl.readers.html import listing
from newsetl.splitters import prose
from newsetl.splitters.prose.parts import authors_of, facts, order_of_days, roles
from newsetl.splitters.prose.pieces import pieces_of

LAYOUTS = ("page", "article")
"""`article`: the reader judged each block of a page about one article. `page`: any other page."""

_PART_OF: dict[str, PartKind] = {
    "byline": "byline",
    "date": "date",
    "caption": "caption",
    "boilerplate": "boilerplate",
}
_ARTICLE_MARKS = ("json-ld", "meta article:published_time")
"""Marks of a time of publication that stand on pages of one article."""

_TEASER_WORDS = 80
_MOST_IN_DATE = 60
_FEWEST_WORDS = 20
_WALL_PHRASES = (
    "to continue reading", "to keep reading", "to read the full", "to read this", "to read on",
    "for subscribers only", "subscribers only", "subscriber-only", "already a subscriber",
    "subscribe to read", "subscribe to continue", "log in to read", "sign in to read",
    "um weiterzulesen", "pour lire la suite", "réservé aux abonnés", "para seguir leyendo",
    "per continuare a leggere", "会員限定",
)  # fmt: skip
"""What pages say that show only the opening of an article."""


def split(document: Document) -> list[Article]:
    """Return the page's articles: those of a listing in order, or the one that the page is about.

    A page without any heading that was not judged is split as plain text.
    """
    content = [block for block in document.blocks if block.kind != "boilerplate"]
    if document.told.starts:
        return prose.split(replace(document, layout="prose"))
    if document.layout == "article":
        return _judged(document, content)
    if not any(block.kind == "heading" for block in content):
        return _without_headings(document, content)
    listed = listing.find(document.text, document.blocks, document.sections)
    is_one = document.told.count == 1 or _is_about_one(document, content)
    if listed and not is_one:
        return [
            _listed(document, item, position, rule=listed.rule, confidence=listed.confidence)
            for position, item in enumerate(listed.items)
        ]
    return _single(document, content)


def explain(document: Document) -> list[Verdict]:
    """Return each block with the part that it plays, or that it stands outside all articles."""
    try:
        articles = split(document)
    except SplitError:
        articles = []
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
        if block.rating is not None:
            score = block.rating if article else 1 - block.rating
        verdicts.append(Verdict(block.start, block.end, kind, score, (*reasons, *block.signs)))
    return verdicts


def _without_headings(document: Document, content: Sequence[Block]) -> list[Article]:
    """Return what plain text is split into; one article if the page states only one.

    A note of a few words is no article to plain text, but a page that states its headline and its
    day says that it is one.
    """
    articles = prose.split(replace(document, blocks=tuple(content), layout="prose"))
    if len(articles) == 1:
        return [_stated(articles[0], document)]
    published = document.stated.published
    is_one = published.stated_by in _ARTICLE_MARKS if articles else published.day is not None
    words = sum(listing.count_words(document.text, block) for block in content)
    if not is_one or not document.headline or words < _FEWEST_WORDS or _is_walled(document):
        return articles
    rule = "stated headline and day"
    article = _article(document, content, 0, headline=None, rule=rule, confidence=0.5)
    return [_stated(article, document)]


def _is_about_one(document: Document, content: Sequence[Block]) -> bool:
    """Whether the page states the headline of one article that it shows; the rest are teasers."""
    headline = _folded(document.headline or "")
    headings = [block for block in content if block.kind == "heading"]
    is_shown = any(_folded(document.slice(block)) == headline for block in headings)
    return is_shown and document.stated.published.stated_by in _ARTICLE_MARKS


def _judged(document: Document, content: Sequence[Block]) -> list[Article]:
    """Return the one article of a page whose blocks the reader judged."""
    headline = _headline_before(document, content)
    body = [block for block in content if block.kind not in _PART_OF and block != headline]
    words = [listing.count_words(document.text, block) for block in body]
    is_walled = _is_walled(document)
    if sum(words) < _FEWEST_WORDS:
        raise _refusal(document, is_walled=is_walled)
    mass = sum((block.rating or 0) * count for block, count in zip(body, words, strict=True))
    article = _article(
        document,
        content,
        0,
        headline=headline,
        rule="judged blocks",
        confidence=round(mass / sum(words), 3),
    )
    is_teaser = is_walled and sum(words) < _TEASER_WORDS
    return [replace(_dated(_stated(article, document), document, content), is_teaser=is_teaser)]


def _headline_before(document: Document, content: Sequence[Block]) -> Block | None:
    """Return the heading before all body that is of the first level or that metadata states.

    On a page without headings it is the first line, if that is the headline word by word.
    """
    first = next((block for block in content if block.kind not in _PART_OF), None)
    if first is None:
        return None
    stated, seen = _folded(document.stated.headline or ""), _folded(document.slice(first))
    if first.kind != "heading":
        return first if seen in (stated, _folded(document.headline or "")) else None
    is_stated = bool(stated) and (seen in stated or stated in seen)
    return first if first.level == 1 or is_stated else None


def _is_walled(document: Document) -> bool:
    """Whether the page asks its reader to log in or subscribe to read on, in a short block."""
    folded = document.text.casefold()
    phrases = [phrase for phrase in _WALL_PHRASES if phrase in folded]
    for block in document.blocks if phrases else ():
        text = document.slice(block).casefold()
        if len(text.split()) < _TEASER_WORDS and any(phrase in text for phrase in phrases):
            return True
    return False


def _refusal(document: Document, *, is_walled: bool) -> SplitError:
    what = "only a notice to log in or subscribe" if is_walled else "no running text"
    return SplitError(
        f"no article found: the page shows {what}",
        where=document.uri,
        fix="see how each block was judged with: newsetl read --explain",
        reason="no_article",
    )


def _single(document: Document, content: Sequence[Block]) -> list[Article]:
    heading = _headline(document, content)
    words = sum(listing.count_words(document.text, block) for block in content)
    is_walled = _is_walled(document)
    if words < _FEWEST_WORDS and is_walled:
        raise _refusal(document, is_walled=True)
    inside = [s for s in document.sections if s.start <= heading.start < s.end]
    around = max(inside, key=lambda item: item.end - item.start, default=None)
    end = around.end if around else len(document.text)
    blocks = [block for block in content if heading.start <= block.start < end]
    before = [block for block in content if block.start < heading.start]
    article = _article(document, blocks, 0, headline=heading, rule="one headline", confidence=0.8)
    article = _dated(_stated(article, document), document, [*before[-2:], *blocks[1:4]])
    is_teaser = is_walled and words < _TEASER_WORDS
    return [replace(article, is_teaser=is_teaser)] if len(blocks) > 1 else []


def _dated(article: Article, document: Document, near: Sequence[Block]) -> Article:
    """Return the article with the date that stands near it, if it has none."""
    return (
        article if article.published.day else replace(article, published=_published(near, document))
    )


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
    document: Document, item: listing.Item, position: int, *, rule: str, confidence: float
) -> Article:
    """Return one article of a listing; a short one that links to its own page is a teaser.

    Its lines are told apart as those of plain text are, with the kinds of the markup as signs.
    """
    pieces = pieces_of(replace(document, blocks=tuple(item.blocks)))
    kinds = roles(pieces, 0, 0, len(pieces))
    stated = facts(pieces, kinds, day_first=order_of_days(pieces))
    parts = [Part(kind, b.start, b.end) for kind, b in zip(kinds, item.blocks, strict=True)]
    article = Article.cut(
        document, parts, position=position, split_rule=rule, split_confidence=confidence
    )
    words = sum(listing.count_words(document.text, block) for block in item.blocks[1:])
    return replace(
        article,
        byline=stated.byline,
        authors=stated.authors,
        published=_date_of(document, item, stated.published),
        url=item.heading.link,
        is_teaser=item.heading.link is not None and words < _TEASER_WORDS,
    )


def _date_of(document: Document, item: listing.Item, shown: Published) -> Published:
    """Return the date of a listed article: its own marks and lines, then what dates it else."""
    own = _published(item.blocks, document)
    if own.day is None:
        own = shown
    if own.day is None and item.dated:
        own = _published([replace(item.dated, kind="date")], document)
    return own


def _article(
    document: Document,
    blocks: Sequence[Block],
    position: int,
    *,
    headline: Block | None,
    rule: str,
    confidence: float,
) -> Article:
    """Return the article that `blocks` make up."""
    kinds = [
        "headline" if block == headline else _PART_OF.get(block.kind, "body") for block in blocks
    ]
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
    """Return the first date that a time element, a date block or a line of its own states."""
    for block in blocks:
        found = parse_stamp(block.stamp, stated_by="time element") if block.stamp else None
        is_short = block.end - block.start <= _MOST_IN_DATE
        if found is None and (block.kind in ("date", "byline") or is_short):
            found = parse_printed(document.slice(block), stated_by="date line")
        if found:
            return found
    return Published()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
