"""What holds digits or number words and is no figure, by kind: dates, times, addresses, scores …

The rules, each with texts that it matches and texts that it must not, stand in `data/masks.toml`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import GLUED, Token, lex

_NUMBER, _WORD_WITH_NUMBER = "0", "A0"
"""What opens a rule in `masks.toml` besides the words and marks that it names."""

_HYPHENS = frozenset("-\u2010\u2011")


class Mask(NamedTuple):
    """The span of something that holds numbers and is no figure; `kind` names what it is."""

    start: int
    end: int
    kind: str


def find(text: str, tokens: Sequence[Token] | None = None) -> list[Mask]:
    """Return what among `tokens` of `text` is no figure, in order of the text; masks may overlap.

    >>> [(mask.kind, "On 3 May 2024 Leeds won 2-1"[mask.start : mask.end])
    ...  for mask in find("On 3 May 2024 Leeds won 2-1")]
    [('date', '3 May 2024'), ('score', 'won 2-1')]
    """
    return sorted(_find(text, lex(text) if tokens is None else tokens))


def rule(text: str, mask: Mask) -> str:
    """Return the name of the rule that found `mask` in `text`."""
    for name in _RULES[mask.kind]:
        match = compiled(mask.kind, name).match(text, mask.start)
        if match is not None and match.end() == mask.end:
            return name
    raise ValueError(f"no rule finds {mask}")


def compiled(kind: str, name: str) -> re.Pattern[str]:
    """Return the expression of one rule, with the shared parts in place."""
    return _compiled(_filled(_RULES[kind][name]))


def _find(text: str, tokens: Sequence[Token]) -> Iterator[Mask]:
    """Yield the masks; no two of one kind overlap, so that a text is read once per kind at most."""
    ends = dict.fromkeys(_RULES, -1)
    for start, opening in _openings(tokens):
        for kind, pattern in _AT[opening]:
            if start > ends[kind] and (match := pattern.match(text, start)) is not None:
                ends[kind] = match.end()
                yield Mask(start, match.end(), kind)


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


def _compiled(*patterns: str) -> re.Pattern[str]:
    """Return one expression of all `patterns`, whose match goes on no word."""
    return re.compile(rf"(?<! \w ) (?: {' | '.join(patterns)} )", re.VERBOSE | re.IGNORECASE)


def _opens(rule: Mapping[str, Any]) -> tuple[str, ...]:
    listed = str(rule.get("opens", _NUMBER))
    for name, words in _WORDS.items():
        listed = listed.replace(f"{{{name}}}", words)
    return tuple(listed.split())


def _filled(rule: Mapping[str, Any]) -> str:
    opens = " ".join(word for word in _opens(rule) if word not in (_NUMBER, _WORD_WITH_NUMBER))
    pattern = str(rule["pattern"])
    for name, part in _PARTS.items():
        pattern = pattern.replace(f"{{{name}}}", part)
    for name, words in (("opens", opens), *_WORDS.items()):
        any_of = "|".join(re.escape(word) for word in words.split())
        pattern = pattern.replace(f"{{{name}}}", f"(?:{any_of})")
    return pattern


def _by_opening() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return what opens rules → their kinds and expressions: one for all that open alike."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, rules in _RULES.items():
        alike: dict[tuple[str, ...], list[str]] = {}
        for one in rules.values():
            alike.setdefault(_opens(one), []).append(_filled(one))
        for openings, patterns in alike.items():
            pattern = _compiled(*patterns)
            for opening in openings:
                found.setdefault(opening, []).append((kind, pattern))
    return found


_PARTS: dict[str, str] = lexicon.MASKS["parts"]
_WORDS: dict[str, str] = lexicon.MASKS["words"]
_RULES: dict[str, dict[str, dict[str, Any]]] = {
    kind: rules for kind, rules in lexicon.MASKS.items() if kind not in ("parts", "words")
}
_AT = _by_opening()
"""What may open a rule → the kinds and expressions that it opens."""
