"""The row class of the table `quotes`."""

from dataclasses import dataclass
from typing import ClassVar

from newsetl.extractors.quotes.quote import ATTRIBUTED_BY, KINDS
from newsetl.schema import SpanRow, column

RULES = ("whole", "clause", "label", "transcript", "block")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRow(SpanRow):
    """One row a quote: the words said, without their marks, and who said them as what."""

    TABLE: ClassVar[str] = "quotes"
    KEY: ClassVar[str] = "quote_id"

    quote_id: str = column("hash of article, span and kind")
    kind: str = column(
        "said word for word, partly so (then the clause that tells it), or told", values=KINDS
    )
    part_start_chars: tuple[int, ...] = column(
        "start of each part in articles.text: an interrupted quote has several", unit="code points"
    )
    part_end_chars: tuple[int, ...] = column("end of each part, exclusive", unit="code points")
    cue: str | None = column("words that say so: said, according to", default=None)
    speaker_text: str | None = column("words for the speaker", default=None)
    speaker_start_char: int | None = column(
        "start of those words in articles.text", unit="code points", default=None
    )
    speaker_end_char: int | None = column(
        "end of those words, exclusive", unit="code points", default=None
    )
    speaker_entity_id: str | None = column("the speaker", references="entities", default=None)
    speaker_role: str | None = column("the speaker's role as the article states it", default=None)
    speaker_org_id: str | None = column(
        "organisation of that role", references="entities", default=None
    )
    attributed_by: str | None = column(
        "what named the speaker: a cue in the sentence, a label, a colon before the quote, the"
        " sentence before, or the quote before",
        values=ATTRIBUTED_BY,
        default=None,
    )
    rule: str = column("what found the words", values=RULES)
