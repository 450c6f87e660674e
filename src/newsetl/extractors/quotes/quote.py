"""What was said: the value that the scanner and the attribution make together."""

from dataclasses import dataclass
from typing import Any

from newsetl.extractors.quotes.marks import Span

KINDS = ("direct", "mixed", "indirect")
ATTRIBUTED_BY = ("cue", "label", "introduction", "sentence_before", "carry_over")


@dataclass(slots=True)
class Quote:
    """Words said. `parts` are their spans in the text; an interrupted quote has several.

    `rule` names what found the words, `attributed_by` what found the speaker.
    """

    kind: str
    parts: list[Span]
    rule: str
    cue: Span | None = None
    speaker: Span | None = None
    attributed_by: str | None = None

    def plain(self) -> dict[str, Any]:
        """Return numbers and strings only, as a spaCy Doc can keep them."""
        return {
            "kind": self.kind,
            "parts": [list(part) for part in self.parts],
            "rule": self.rule,
            "cue": list(self.cue) if self.cue else None,
            "speaker": list(self.speaker) if self.speaker else None,
            "attributed_by": self.attributed_by,
        }
