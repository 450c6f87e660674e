"""Split: the text of a document into its articles. One module per layout.

A splitter has `LAYOUTS`, `split(document) -> list[Article]` and, for `newsetl split --explain`,
`explain(document) -> list[Verdict]`.
"""

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


def explain(document: Document) -> list[Verdict]:
    """Return what each piece of the document's text was taken for, and why."""
    verdicts: list[Verdict] = _splitter(document).explain(document)
    return verdicts


def _splitter(document: Document) -> ModuleType:
    return plugins("splitters")[document.layout]
