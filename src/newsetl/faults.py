"""Faults of a document that is written all the same, each to be told as a reject."""

from collections.abc import Iterator, Sequence

from newsetl import splitters
from newsetl.errors import NewsetlError, ReadError, SplitError
from newsetl.model import Article, Document

UNREADABLE_CHARACTER = "\ufffd"
"""What decoding leaves where bytes mean nothing (Unicode REPLACEMENT CHARACTER)."""


def of(
    document: Document, articles: Sequence[Article], *, min_confidence: float
) -> Iterator[NewsetlError]:
    """Yield what reading lost, a number announced that was not found, and a doubtful split."""
    for error in (
        _lost_characters(document),
        _lost_articles(document, splitters.found(document, articles)),
        _doubtful(document, splitters.confidence(articles), min_confidence),
    ):
        if error:
            yield error


def _lost_characters(document: Document) -> NewsetlError | None:
    lost = document.text.count(UNREADABLE_CHARACTER)
    if not lost:
        return None
    return ReadError(
        f"{lost:,} of the characters mean nothing in {document.encoding}; the rest is written",
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


def _doubtful(document: Document, confidence: float, least: float) -> NewsetlError | None:
    if confidence >= least:
        return None
    return SplitError(
        f"split with confidence {confidence:.2f}, less than min_confidence {least:.2f};"
        " it is written",
        where=document.uri,
        fix="check it with newsetl split --explain; set it right with --single, --expect N or"
        " --write-splits",
        reason="low_confidence",
    )
