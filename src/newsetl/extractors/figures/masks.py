"""What holds digits or number words and is no figure, by kind: dates, times, addresses, scores …

The rules, each with texts that it matches and texts that it must not, stand in `data/masks.toml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import GLUED, Token

_NUMBER, _WORD_WITH_NUMBER = "0", "A0"
"""What opens a rule in `masks.toml` besides the words and marks that it names."""

_HYPHENS = frozenset("-\u2010\u2011")
_REACH = 1000
"""Characters that a mask may have, so that no text takes more than a bounded time a character."""


class Mask(NamedTuple):
    """The span of something that holds numbers and is no figure, and the rule that says what."""

    start: int
    end: int
    kind: str
    name: str


def find(text: str, tokens: Sequence[Token]) -> list[Mask]:
    """Return what among `tokens` of `text` is no figure, in order of the text.

    Masks of two kinds may overlap; in "3 May 12 men" May belongs to one date alone.

    >>> from newsetl.extractors.figures.lexer import lex
    >>> text = "On 3 May 2024 Leeds won 2-1"
    >>> [(mask.kind, text[mask.start : mask.end]) for mask in find(text, lex(text))]
    [('date', '3 May 2024'), ('score', 'won 2-1')]
    """
    found: list[Mask] = []
    ends = dict.fromkeys(_RULES, -1)
    for start, opening in _openings(tokens):
        match = _AT[opening].match(text, start, start + _REACH)
        if match is not None:
            mask = Mask(start, match.end(), *str(match.lastgroup).split(_DOT))
            if start > ends[mask.kind]:
                ends[mask.kind] = mask.end
                found.append(mask)
    return sorted(found)


def compiled(kind: str, name: str) -> re.Pattern[str]:
    """Return the expression of one rule, with the shared parts in place."""
    return _compiled((_group(kind, name),))


def _openings(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield where rules may open, and what is there: most words open none."""
    for index, token in enumerate(tokens):
        if token.kind == "number":
            if token.gap == GLUED and index:
                before = index - 1
                before -= tokens[before].text in _HYPHENS and tokens[before].gap == GLUED
                yield tokens[max(before, 0)].start, _WORD_WITH_NUMBER
            yield token.start, _NUMBER
        elif token.key in _AT:
            yield token.start, token.key


@lru_cache
def _compiled(groups: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression of all `groups`, whose match goes on no word."""
    return re.compile(rf"(?<! \w ) (?: {' | '.join(groups)} )", re.VERBOSE | re.IGNORECASE)


def _group(kind: str, name: str) -> str:
    """Return the expression of one rule as a group that bears its name."""
    rule = _RULES[kind][name]
    pattern = rule["pattern"]
    for part, shared in _PARTS.items():
        pattern = pattern.replace(f"{{{part}}}", shared)
    words = [word for word in _opens(rule) if word not in (_NUMBER, _WORD_WITH_NUMBER)]
    for part, listed in (("opens", words), *_WORDS.items()):
        pattern = pattern.replace(f"{{{part}}}", f"(?:{'|'.join(map(re.escape, listed))})")
    return f"(?P<{kind}{_DOT}{name}> {pattern} )"


def _opens(rule: Mapping[str, Any]) -> list[str]:
    listed: str = rule.get("opens", _NUMBER)
    for name, words in _WORDS.items():
        listed = listed.replace(f"{{{name}}}", " ".join(words))
    return listed.split()


def _by_opening() -> dict[str, re.Pattern[str]]:
    groups: dict[str, list[str]] = {}
    for kind, rules in _RULES.items():
        for name, rule in rules.items():
            for opening in _opens(rule):
                groups.setdefault(opening, []).append(_group(kind, name))
    return {opening: _compiled(tuple(found)) for opening, found in groups.items()}


_DOT = "__"
"""Stands between kind and name of a rule in an expression."""
_PARTS: dict[str, str] = lexicon.MASKS["parts"]
_WORDS = {name: str(words).split() for name, words in lexicon.MASKS["words"].items()}
_RULES: dict[str, dict[str, dict[str, Any]]] = {
    kind: rules for kind, rules in lexicon.MASKS.items() if kind not in ("parts", "words")
}
_AT = _by_opening()
"""What may open a rule → one expression of all that it opens."""
