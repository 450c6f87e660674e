"""Speakers that the layout names: NAME: before the words, – Name behind them."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from newsetl.extractors.quotes.marks import Span

_NAMED = re.compile(
    r"""
    (?P<name> [A-Z][A-Z.'’\- ]{0,40}[A-Z] )
    (?: \s? \( [^()\n]{1,40} \) )?        # his office or party
    : \s+ (?=\S)
    """,
    re.VERBOSE,
)
_SIGNED = re.compile(
    r"""
    \s* [—–―-]{1,2} \s*
    (?P<name>
        [^\W\d_a-z] [\w.'’-]*
        (?: [ ] (?: [^\W\d_a-z][\w.'’-]* | de | la | van | von | of | the | al | bin ) ){0,6}
    )
    [^\n.]{0,80} \.? \s* (?: \n | \Z )    # what may follow the name on its line
    """,
    re.VERBOSE,
)
_FEWEST_TURNS = 2


class Turn(NamedTuple):
    """Words that a label gives to a speaker."""

    words: Span
    name: Span


def named(text: str, start: int, end: int) -> Turn | None:
    """Return the words behind a label that opens a span, as in transcripts."""
    match = _NAMED.match(text, start, end)
    if match is None:
        return None
    return Turn((match.end(), end), match.span("name"))


def signature(text: str, end: int) -> Span | None:
    """Return the name that signs words which end at `end`, up to the end of their line."""
    match = _SIGNED.match(text, end)
    return match.span("name") if match else None


def turns(text: str, paragraphs: Sequence[Span]) -> dict[int, Turn]:
    """Return paragraph → turn of a transcript, whose paragraphs a name in capitals opens.

    A label that stands once may be a heading; a transcript names a speaker at least twice. The
    labels Q and A name nobody.
    """
    found = {i: turn for i, span in enumerate(paragraphs) if (turn := named(text, *span))}
    counts = Counter(text[slice(*turn.name)] for turn in found.values())
    return found if max(counts.values(), default=0) >= _FEWEST_TURNS else {}
