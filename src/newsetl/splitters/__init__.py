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

    Raises SplitError if there is none.
    """
    articles: list[Article] = _splitter(document).split(document)
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


def explain(document: Document) -> list[Verdict]:
    """Return what each piece of the document's text was taken for, and why."""
    verdicts: list[Verdict] = _splitter(document).explain(document)
    return verdicts


def _splitter(document: Document) -> ModuleType:
    return plugins("splitters")[document.layout]
