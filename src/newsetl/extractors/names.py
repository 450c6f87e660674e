"""Names: the model's entities that are names, trimmed to the name itself."""

import re
from dataclasses import dataclass
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from newsetl import corpus
from newsetl.model import identify
from newsetl.schema import SpanRow, column

LAYER = "mentions"
COMPONENT = "newsetl_names"
NEEDS = ("sentences",)

LABELS = (
    "PERSON",
    "NORP",
    "FAC",
    "ORG",
    "GPE",
    "LOC",
    "PRODUCT",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "LANGUAGE",
)
"""The OntoNotes 5 labels of names; its other seven label figures and dates."""

_LEADING = re.compile(
    r"""
    (?: [\s"'“”‘’«»(\[{•·*–—-]       # quotes, brackets, list marks
      | (?:the|a|an)\s+(?=\S)         # an article before the name
    )+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(
    r"""
    (?: ['’]s?                        # a possessive: Smith's, Jones'
      | [\s"“”‘«»(\[{•·*,;:!?–—-]     # marks that open or end something else
    )+ $
    """,
    re.VERBOSE,
)
_UNCLOSED = re.compile(r"\s*[(\[{][^)\]}]*$")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow(SpanRow):
    """One row a span that names an organisation, person, place …"""

    TABLE: ClassVar[str] = "mentions"
    KEY: ClassVar[str] = "mention_id"

    mention_id: str = column("hash of article, span and label")
    entity_id: str | None = column("what it names", references="entities", default=None)
    label: str = column("type of name, OntoNotes 5", values=LABELS)
    rule: str = column("what found it, and what trimmed it")
    score: float | None = column("the finder's certainty", unit="0 to 1", default=None)


ROW = MentionRow


@Language.factory("newsetl_names", requires=["doc.ents"], assigns=["doc._.mentions"])
def make_names(nlp: Language, name: str) -> "Names":  # noqa: ARG001 - spaCy's signature
    """Return the component; it comes after the model's ner."""
    return Names()


class Names:
    """Write the names among `doc.ents` to `doc._.mentions`: (start, end, label, rule).

    `doc.ents` stays as the model left it.
    """

    def __call__(self, doc: Doc) -> Doc:
        text = doc.text  # spaCy builds it anew at each access
        doc._.mentions = [
            (*span, ent.label_, "model" if span == (ent.start_char, ent.end_char) else "trim")
            for ent in doc.ents
            if ent.label_ in LABELS and (span := trim(text, ent.start_char, ent.end_char))
        ]
        return doc


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the name inside [start, end), or None if there is none.

    A name ends at a line end or a bracket that does not close, carries no article, possessive or
    outer mark, and is no address.

    >>> line = "the Rivermouth Herald's"
    >>> start, end = trim(line, 0, len(line))
    >>> line[start:end]
    'Rivermouth Herald'
    >>> trim("https://example.org", 0, 19) is None
    True
    """
    name = text[start:end]
    opening = _LEADING.match(name)
    if opening and opening.end() < len(name):
        start += opening.end()
    line_end = text.find("\n", start, end)
    end = end if line_end < 0 else line_end
    end = start + len(_TRAILING.sub("", _UNCLOSED.sub("", text[start:end])))
    name = text[start:end]
    if name and (mark := _CLOSING.get(name[-1])) and mark not in name:
        end -= 1
    has_letter = any(character.isalpha() for character in name)
    return (start, end) if has_letter and not _ADDRESS.search(name) else None


def rows(doc: Doc, article_id: str) -> list[MentionRow]:
    """Return a row for each of `doc._.mentions`."""
    text = doc.text
    return [
        MentionRow(
            mention_id=identify("mention", article_id, str(start), str(end), label),
            article_id=article_id,
            start_char=start,
            end_char=end,
            text=text[start:end],
            label=label,
            entity_id=corpus.entity_id(label, text[start:end]),
            rule=rule,
        )
        for start, end, label, rule in doc._.mentions
    ]


if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=())
