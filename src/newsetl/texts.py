"""The text of a doc, put together once for all layers."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_DOCS = 64
"""Docs whose text is remembered; the layers work on 32 at a time."""


@lru_cache(maxsize=_DOCS)
def of(doc: "Doc") -> str:
    """Return `doc.text`, which spaCy joins from the tokens anew at each access."""
    return str(doc.text)


forget = of.cache_clear
"""Let go of the docs that were asked for."""
