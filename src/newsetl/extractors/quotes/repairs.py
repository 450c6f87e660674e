"""Quotes whose closing mark is missing: they end before the words that say who speaks."""

import re
from dataclasses import replace

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.labels import NAME
from newsetl.extractors.quotes.marks import Quoted

_SAID = "|".join(
    sorted(
        form
        for form, verb in cues.SAY.items()
        if form != verb and not form.endswith("ing") and form not in cues.WEAK
    )
)
_WHO_SAID = re.compile(
    rf"[,?!](?=\s(?:(?:{_SAID})\s(?:the|a|an|[^\W\d_a-z])|(?:he|she|they|it|I|we|{NAME})\s(?:{_SAID})\b))"
)


def closed(text: str, quoted: Quoted) -> Quoted:
    """Return a quote that lacks its closing mark up to the first words that say who speaks.

    >>> text = "“It is lost, said Ada Finch. We left."
    >>> found = closed(text, Quoted(0, len(text), ((1, len(text)),), "“", is_closed=False))
    >>> text[slice(*found.parts[0])]
    'It is lost,'
    """
    if quoted.is_closed:
        return quoted
    for index, (start, end) in enumerate(quoted.parts):
        match = _WHO_SAID.search(text, start, end)
        if match is not None:
            parts = (*quoted.parts[:index], (start, match.end()))
            return replace(quoted, end=match.end(), parts=parts)
    return quoted
