"""Speakers that the layout names beside a quote: NAME: in it, – Name behind it."""

import re
import tomllib
from importlib import resources
from typing import Any, NamedTuple

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.marks import Span

_FILE = resources.files("newsetl.extractors.quotes") / "data" / "labels.toml"
DATA: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
NO_SPEAKERS = frozenset(DATA["no_speaker"]["words"].split())
NAME = r"[^\W\d_a-z][\w.'’-]*(?:\ (?:[^\W\d_a-z][\w.'’-]*|de|la|van|von|of|the|al|bin)){0,6}"
"""A name, or a title and a name, as a pattern: words with a capital."""
_NAMED = re.compile(
    r"""
    (?P<name> [A-Z][A-Z.'’\- ]{0,40}[A-Z] )
    (?: \s? \( [^()\n]{1,40} \) )?        # his office or party
    : \s+ (?=\S)
    """,
    re.VERBOSE,
)
_SIGNED = re.compile(
    rf"""
    \s* [—–―-]{{1,2}} \s*
    (?P<name> {NAME} )
    [^\n.]{{0,80}} \.? \s* (?: \n | \Z )    # what may follow the name on its line
    """,
    re.VERBOSE,
)
_LED = re.compile(rf"\W* (?P<name> {NAME} ) (?: \s? \( [^()\n]{{1,40}} \) )? : \s*", re.VERBOSE)
_MARKS = re.compile("[\"“”„«»]|''|``")


class Labelled(NamedTuple):
    """Words that a label gives to a speaker."""

    words: Span
    name: Span


def named(text: str, start: int, end: int) -> Labelled | None:
    """Return the words behind a label that opens a span, as in transcripts."""
    match = _NAMED.match(text, start, end)
    if match is None:
        return None
    return Labelled((match.end(), end), match.span("name"))


def signature(text: str, end: int) -> Span | None:
    """Return the name that signs words which end at `end`, up to the end of their line."""
    match = _SIGNED.match(text, end)
    return match.span("name") if match else None


def leading(text: str, end: int) -> Span | None:
    """Return the name that is all of `text` up to `end` but a colon: Ada Finch (Green): “…”."""
    match = _LED.fullmatch(text, 0, end)
    if match is None or match["name"].split()[-1].casefold() in NO_SPEAKERS:
        return None
    start, end = match.span("name")
    first, _, rest = match["name"].partition(" ")
    is_cue = bool(rest) and first.casefold() in cues.SAY
    return start + is_cue * (len(first) + 1), end


def unmarked(text: str, start: int, end: int) -> Span:
    """Return a span without the marks that enclose it, or that open it and close further on."""
    found = [match.span() for match in _MARKS.finditer(text, start, end)]
    if not found or found[0][0] != start:
        return start, end
    if len(found) == 1:
        return found[0][1], end
    return (found[0][1], found[1][0]) if len(found) == 2 and found[1][1] == end else (start, end)
