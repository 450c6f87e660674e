"""What holds digits or number words and is no figure, by kind: dates, times, addresses, scores …

The rules, each with texts that it matches and texts that it must not, stand in `data/masks.toml`.
"""

import re
from collections.abc import Iterator
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
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text, start, end):
            yield Mask(match.start(), match.end(), kind)


def _filled(pattern: str) -> str:
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    return pattern


_RULES = dict(lexicon.MASKS)
_PARTS = {name: str(part) for name, part in _RULES.pop("parts").items()}
_PATTERNS = {
    kind: re.compile("|".join(f"(?:{_filled(rule['pattern'])})" for rule in rules.values()), _FLAGS)
    for kind, rules in _RULES.items()
}
"""One expression for each kind: a text is read once per kind, not once per rule."""
