"""What holds digits or number words and is no figure, by kind: dates, times, addresses, scores …

The rules, each with texts that it matches and texts that it must not, stand in `data/masks.toml`.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from newsetl.extractors.figures import lexicon

_FLAGS = re.VERBOSE | re.IGNORECASE


class Mask(NamedTuple):
    """The span of something that holds numbers and is no figure; `kind` names what it is."""

    start: int
    end: int
    kind: str


def find(text: str, start: int = 0, end: int | None = None) -> list[Mask]:
    """Return what in `text[start:end]` is no figure, in order of the text; masks may overlap.

    >>> [(mask.kind, "On 3 May 2024 Leeds won 2-1"[mask.start : mask.end])
    ...  for mask in find("On 3 May 2024 Leeds won 2-1")]
    [('date', '3 May 2024'), ('score', 'won 2-1')]
    """
    return sorted(_find(text, start, len(text) if end is None else end))


def names(kind: str) -> list[str]:
    """Return the names of the rules of one kind."""
    return list(_RULES[kind])


def compiled(kind: str, name: str) -> re.Pattern[str]:
    """Return the expression of one rule, with the shared parts in place."""
    return re.compile(_filled(_RULES[kind][name]["pattern"]), _FLAGS)


def _find(text: str, start: int, end: int) -> Iterator[Mask]:
    """Yield the masks; each starts after a character that is part of no word, or opens the text."""
    lowered = _lowered(text)
    for kind, (opening, inner) in _PATTERNS.items():
        source = text if inner.flags & re.IGNORECASE else lowered
        first = start
        if not start and (match := opening.match(source, 0, end)) is not None:
            yield Mask(0, match.end(), kind)
            first = match.end()
        for match in inner.finditer(source, max(0, first - 1), end):
            yield Mask(match.start() + 1, match.end(), kind)


@lru_cache(maxsize=2)
def _lowered(text: str) -> str:
    """Return `text` in small letters, each character in its place.

    >>> _lowered("\u0130 No 9")
    '\u0130 no 9'
    """
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _filled(pattern: str) -> str:
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


_RULES = dict(lexicon.MASKS)
_PARTS = {name: str(part) for name, part in _RULES.pop("parts").items()}
_ANY = {
    kind: "|".join(f"(?:{_filled(rule['pattern'])})" for rule in rules.values())
    for kind, rules in _RULES.items()
}
_PATTERNS = {
    kind: tuple(
        re.compile(opening + f"(?:{rules})", re.VERBOSE if "(?-i:" not in rules else _FLAGS)
        for opening in ("", r"\W")
    )
    for kind, rules in _ANY.items()
}
"""For each kind one expression of all rules, and the same after a character that is in no word.

A text is read once per kind, not once per rule. As the second opens with a plain class of
characters, `re` passes over the insides of words without a look at the rules; where no rule asks
for a capital, it reads small letters, which is faster than to ignore case.
"""
