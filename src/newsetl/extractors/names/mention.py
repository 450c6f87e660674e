"""A mention, and what several rules ask of the text around one."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

PLACES = frozenset({"GPE", "LOC", "FAC"})

WORD = re.compile(r"[^\W_](?:[\w'’.&-]*[^\W_])?", re.UNICODE)
"""A word of a name: letters and digits with the marks that stand inside one."""


class Mention(NamedTuple):
    """A span [start, end) in code points, its label, and the rules that made it, joined by +."""

    start: int
    end: int
    label: str
    rule: str

    def by(self, rule: str, **changes: int | str) -> "Mention":
        """Return it with the changes that `rule` makes, or itself where they change nothing."""
        changed = self._replace(**changes)  # type: ignore[arg-type]
        return self if changed == self else changed._replace(rule=f"{self.rule}+{rule}")


@cache
def lexicon(name: str) -> frozenset[str]:
    """Return the words of one list of lexicon.json, as they are written there."""
    text = (files("newsetl.extractors.names") / "lexicon.json").read_text("utf-8")
    return frozenset(str(json.loads(text)[name]).split())


def apart(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions in the order of the text, of those that overlap the longest."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda item: (item.start - item.end, item.start)):
        index = bisect_left(kept, mention)
        before = kept[index - 1].end if index else 0
        after = kept[index].start if index < len(kept) else mention.end
        if before <= mention.start and mention.end <= after:
            kept.insert(index, mention)
    return kept


def is_free(mentions: Sequence[Mention], start: int, end: int) -> bool:
    """Return whether [start, end) touches none of the mentions, which stand in order."""
    index = bisect_left(mentions, start, key=lambda item: item.end)
    while index < len(mentions) and mentions[index].start < end:
        if mentions[index].end > start:
            return False
        index += 1
    return True


def is_acronym(name: str) -> bool:
    """Return whether a name is one word of capitals mostly: UNHCR, KfW, G20.

    >>> [is_acronym(name) for name in ("UNHCR", "KfW", "Kiel", "CEO's House")]
    [True, True, False, False]
    """
    capitals = sum(map(str.isupper, name))
    letters = sum(map(str.isalpha, name))
    return " " not in name and len(name) <= 10 and capitals >= 2 and capitals * 2 > letters


def whole_words(text: str, words: str) -> Iterator[int]:
    """Yield each place where `words` begin and end where words of the text do.

    >>> list(whole_words("Tarn and Tarnford, of Tarn", "Tarn"))
    [0, 22]
    """
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        around = text[start - 1 : start] + text[end : end + 1]
        if not any(mark.isalnum() or mark == "_" for mark in around):
            yield start
        start = text.find(words, start + 1)


def opens_sentence(text: str, start: int) -> bool:
    """Return whether a word at `start` opens a line or a sentence, where all have capitals."""
    before = text[max(0, start - 8) : start].rstrip(" \t\"'“‘([")
    return not before or before[-1] in ".!?:\n•"
