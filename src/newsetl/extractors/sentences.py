"""Sentences: every paragraph starts one, spaCy's model finds those inside.

Some more are certain: behind a number with its unit, a point and a word with a capital, since spaCy
takes "m." for an abbreviation ("It cost £2m. Work starts in May."); and where behind initials comes
a word that opens sentences and no names ("sold to the U.S. They").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.model import identify
from newsetl.pipes import texts
from newsetl.schema import column

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LAYER = "sentences"
COMPONENT = "newsetl_sentences"
NEEDS = ()

PARTS = ("headline", "byline", "date", "summary", "body", "caption", "notes", "boilerplate")

Paragraph = tuple[int, int, str]
"""Start, end and part of a paragraph, in code points of the doc's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRow:
    """One row a sentence, in the order of the text."""

    TABLE: ClassVar[str] = "sentences"
    KEY: ClassVar[str] = "sentence_id"

    sentence_id: str = column("hash of article and span")
    article_id: str = column("article that it stands in", references="articles")
    paragraph: int = column("paragraph of the article, from 0")
    position: int = column("place in the article, from 0")
    part: str = column("what the paragraph is", values=PARTS)
    start_char: int = column("start in articles.text", unit="code points")
    end_char: int = column("end in articles.text, exclusive", unit="code points")
    text: str = column("the sentence's characters: articles.text[start_char:end_char]")


ROW = SentenceRow

_NO_START, _UNKNOWN, _START = -1, 0, 1
"""What spaCy writes down for a token: it starts no sentence, nobody knows, it starts one."""

_OPENERS = "They|We|It|This|These|Those|There|But|However|The|While|If|When|Although"
_CERTAIN = re.compile(
    r"(?<=[^\n]{2}\d)(?!(?:st|nd|rd|th)\.)°?[A-Za-z]{1,3}\."  # where a line starts, 3a. counts it
    r"[”’\"')]{0,2}[ \t]+(?=[“‘\"'(]{0,2}[^\W\d_a-z])"
    rf"|(?<![\w.])(?:(?:[A-Z]\.){{2,}}|[ap]\.m\.)[ \t]+(?=(?:He|She|{_OPENERS})\b)"
    rf"|(?<=[a-z] )[A-Z]\.[ \t]+(?=(?:{_OPENERS})\b)"  # J. He is a name
)
"""What stands before a sentence for certain, up to its first character."""


_MEASURED = re.compile(r"\b(?:[Tt]he|[Aa]n?) [\d.,]+\Z")
_LONGEST_MEASURE = 16
"""What makes a measure part of a name for a thing: the 10ft. Christmas tree."""


def mark_paragraphs(doc: Doc, paragraphs: Sequence[Paragraph]) -> None:
    """Tell the sentence component of `doc` where its paragraphs are."""
    doc._.newsetl_paragraphs = [tuple(paragraph) for paragraph in paragraphs]


@Language.factory("newsetl_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> "Sentences":  # noqa: ARG001 - spaCy's signature
    """Return the component; it comes before the sentence model, which keeps what it sets."""
    return Sentences()


class Sentences:
    """Set a sentence start at every paragraph, or behind a blank line, and where one is certain."""

    def __call__(self, doc: Doc) -> Doc:
        import numpy as np

        starts = np.fromiter(_starts(doc), dtype=np.uint64)
        is_space = doc.to_array("IS_SPACE").astype(bool)
        words = np.flatnonzero(~is_space)
        opening = np.searchsorted(doc.to_array("IDX")[words], starts)
        marks = np.where(is_space, _NO_START, _UNKNOWN)
        marks[:1] = _UNKNOWN
        marks[words[opening[opening < len(words)]]] = _START
        _mark(doc, marks)
        return doc


def _starts(doc: Doc) -> Iterator[int]:
    """Yield where sentences start for certain, in code points."""
    for start, _, _ in _paragraphs(doc):
        yield start
    text = texts.of(doc)
    for before in _CERTAIN.finditer(text):
        if not _MEASURED.search(text, max(0, before.start() - _LONGEST_MEASURE), before.start()):
            yield before.end()


def _mark(doc: Doc, marks: "npt.NDArray[np.int64]") -> None:
    """Set what is known of each token; what was known of the others before is left."""
    import numpy as np

    if not doc.has_annotation("SENT_START"):
        column: Any = marks.view(np.uint64)
        doc.from_array(["SENT_START"], column)
        return
    for index in marks.nonzero()[0].tolist():
        doc[index].is_sent_start = bool(marks[index] == _START)  # looks at the whole doc each time


def rows(doc: Doc, article_id: str) -> list[SentenceRow]:
    """Return the doc's sentences without outer white space; a paragraph's end ends one."""
    found: list[SentenceRow] = []
    text = texts.of(doc)
    paragraphs = _paragraphs(doc)
    paragraph = 0
    for sentence in doc.sents:
        start, end = _trimmed(text, sentence.start_char, sentence.end_char)
        if start >= end:
            continue
        while paragraph + 1 < len(paragraphs) and paragraphs[paragraph + 1][0] <= start:
            paragraph += 1
        part = paragraphs[paragraph][2] if paragraphs else "body"
        found.append(
            SentenceRow(
                sentence_id=identify("sentence", article_id, str(start), str(end)),
                article_id=article_id,
                paragraph=paragraph,
                position=len(found),
                part=part,
                start_char=start,
                end_char=end,
                text=text[start:end],
            )
        )
    return found


def _paragraphs(doc: Doc) -> list[Paragraph]:
    marked: list[Paragraph] | None = doc._.newsetl_paragraphs
    return _by_blank_lines(texts.of(doc)) if marked is None else marked


def _by_blank_lines(text: str) -> list[Paragraph]:
    found, offset = [], 0
    for piece in text.split("\n\n"):
        start, end = _trimmed(text, offset, offset + len(piece))
        if start < end:
            found.append((start, end, "body"))
        offset += len(piece) + 2
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


if not Doc.has_extension("newsetl_paragraphs"):
    Doc.set_extension("newsetl_paragraphs", default=None)
