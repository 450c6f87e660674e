"""Split: the text of a document into its articles. One module per layout.

A splitter has `LAYOUTS`, `split(document) -> list[Article]` and, for `newsetl split --explain`,
`explain(document) -> list[Verdict]`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from types import ModuleType

from newsetl.errors import SplitError
from newsetl.model import Article, Document, Verdict
from newsetl.registry import plugins


def split(document: Document) -> list[Article]:
    """Return the articles of a document in order; they do not overlap.

    What `document.told` says of them holds. Raises SplitError if there is none, or not as many as
    told.
    """
    articles: list[Article] = _splitter(document).split(document)
    told = document.told.count
    if told is not None and len(articles) != told:
        raise SplitError(
            f"{told} articles expected, at most {len(articles)} can be told apart"
            if told > len(articles)
            else f"{told} articles expected, the document itself marks {len(articles)}",
            where=document.uri,
            fix="see how each line was judged with: newsetl split --explain; --write-splits writes"
            " a file in which you say where each article starts",
            reason="count_differs",
        )
    if not articles:
        raise SplitError(
            "no article found",
            where=document.uri,
            fix="see how each line was judged with: newsetl split --explain",
            reason="no_article",
        )
    return articles


def found(document: Document, articles: Sequence[Article]) -> int:
    """Return how many of what the document announces were found: entries, else articles.

    An entry with several articles, such as a newsletter in a mail folder, counts once.
    """
    if not document.entries:
        return len(articles)
    starts = [entry.start for entry in document.entries]
    return len({bisect_right(starts, article.start) for article in articles})


def confidence(articles: Sequence[Article]) -> float:
    """Return how likely all articles of a document are cut right: as likely as the worst."""
    return min(article.split_confidence for article in articles)


def outside(document: Document, articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Return the stretches of a document's text that belong to none of its articles, in order.

    A stretch is `[start, end)` without white space at its ends; blank ones are left out. Every
    other character of the document but white space is in one article.
    """
    edges = [0, *(edge for item in articles for edge in (item.start, item.end)), len(document.text)]
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        text = document.text[start:end]
        if kept := text.strip():
            lead = len(text) - len(text.lstrip())
            found.append((start + lead, start + lead + len(kept)))
    return found


def explain(document: Document) -> list[Verdict]:
    """Return what each piece of the document's text was taken for, and why."""
    verdicts: list[Verdict] = _splitter(document).explain(document)
    return verdicts


def _splitter(document: Document) -> ModuleType:
    return plugins("splitters")[document.layout]
