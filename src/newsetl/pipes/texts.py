"""The text of a doc, put together once for all layers."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MOST_DOCS = 64
"""Docs whose text is kept; the layers work on 32 at a time. Then all are forgotten."""

_texts: "dict[Doc, str]" = {}


def of(doc: "Doc") -> str:
    """Return `doc.text`, which spaCy joins from the tokens anew at each access."""
    text = _texts.get(doc)
    return keep(doc, doc.text) if text is None else text


def keep(doc: "Doc", text: str) -> str:
    """Take `text`, of which the tokenizer made `doc`, for the doc's text; return it."""
    if len(_texts) >= _MOST_DOCS:
        _texts.clear()
    _texts[doc] = text
    return text


def forget() -> None:
    """Let go of the docs whose text is kept."""
    _texts.clear()
