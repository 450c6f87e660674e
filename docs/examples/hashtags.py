"""Hashtags: an extractor in one file. Its table gets one row for each #word of an article."""

import re
from dataclasses import dataclass
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.model import identify
from newsetl.schema import SpanRow, column

LAYER = "hashtags"
COMPONENT = "example_hashtags"
NEEDS = ("sentences",)

_HASHTAG = re.compile(r"(?<![\w&])#[^\W\d_]\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class HashtagRow(SpanRow):
    """One row a hashtag."""

    TABLE: ClassVar[str] = "hashtags"
    KEY: ClassVar[str] = "hashtag_id"

    hashtag_id: str = column("hash of article and span")
    tag: str = column("the word in lower case, without its mark")


ROW = HashtagRow


@Language.component("example_hashtags")
def find_hashtags(doc: Doc) -> Doc:
    """Leave the spans of hashtags on the doc, as plain numbers."""
    doc._.hashtags = [match.span() for match in _HASHTAG.finditer(doc.text)]
    return doc


def rows(doc: Doc, article_id: str) -> list[HashtagRow]:
    """Return a row for each of `doc._.hashtags`."""
    return [
        HashtagRow(
            hashtag_id=identify("hashtag", article_id, str(start), str(end)),
            article_id=article_id,
            start_char=start,
            end_char=end,
            text=doc.text[start:end],
            tag=doc.text[start + 1 : end].lower(),
        )
        for start, end in doc._.hashtags
    ]


if not Doc.has_extension("hashtags"):
    Doc.set_extension("hashtags", default=())
