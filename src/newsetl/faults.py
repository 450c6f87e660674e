"""Faults of a document that is written all the same, each to be told as a reject."""

from collections.abc import Iterator

from newsetl.errors import NewsetlError, ReadError, SplitError
from newsetl.model import Document

UNREADABLE_CHARACTER = "\ufffd"
"""What decoding leaves where bytes mean nothing (Unicode REPLACEMENT CHARACTER)."""


def of(document: Document, *, found: int) -> Iterator[NewsetlError]:
    """Yield what reading lost, and a number announced that is not the `found` articles."""
    for error in (_lost_characters(document), _lost_articles(document, found)):
        if error:
            yield error


def _lost_characters(document: Document) -> NewsetlError | None:
    lost = document.text.count(UNREADABLE_CHARACTER)
    if not lost:
        return None
    return ReadError(
        f"{lost} characters mean nothing in {document.encoding}; the rest is written",
        where=f"{document.uri}, character {document.text.index(UNREADABLE_CHARACTER)}",
        fix="state the right charset for this source in newsetl.toml, or mend the file",
        reason="undecodable",
    )


def _lost_articles(document: Document, found: int) -> NewsetlError | None:
    declared = document.stated.article_count
    if declared is None or declared == found:
        return None
    return SplitError(
        f"the document announces {declared} articles, {found} were found",
        where=document.uri,
        fix="see how each line was judged with: newsetl split --explain",
        reason="count_differs",
    )
