"""Words: what a piece shares with the prose before and after it.

A headline's words come back in the paragraphs that follow it and were not in those before; a
subhead or a caption shares words with both. Words count by their rarity in the document, and by
their first letters, so that endings do not matter in any language.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from newsetl.splitters.prose.pieces import Piece

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*\d")
_STEM = 6
_MIN_CASED, _MIN_WORD = 2, 4
_MAX_WORDS = 120
_ACRONYM = re.compile(r"\(([A-ZÀ-Þ][A-Za-zÀ-Þ&]*[A-ZÀ-Þ]s?)\)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NEAR, _FAR = 3, 8

Bag = tuple[str, ...]
NAMES = (
    "next1", "next3", "prev3", "next_far", "prev_far", "lead", "drift", "known", "fresh",
    "reintroduced", "rare",
)  # fmt: skip


class Words:
    """The words of each piece of a document, and how rare each is there."""

    def __init__(self, pieces: Sequence[Piece], text: str) -> None:
        self._intern: dict[str, str] = {}
        self.bags = [self._bag(text, piece) for piece in pieces]
        self.counts = Counter(word for bag in self.bags for word in bag)
        self.prose = [at for at, piece in enumerate(pieces) if piece.is_prose]
        self._total = len(pieces)
        self._acronyms = _first_acronyms(pieces, text)

    def _bag(self, text: str, piece: Piece) -> Bag:
        words: dict[str, None] = {}
        for match in _WORD.finditer(text, piece.start, min(piece.end, piece.start + 1200)):
            word = match[0]
            if _CJK.match(word):
                words.update((word[at : at + 2], None) for at in range(len(word) - 1))
            elif len(word) >= _MIN_WORD or (word[0].isupper() and len(word) >= _MIN_CASED):
                words[word[:_STEM].casefold()] = None
            if len(words) >= _MAX_WORDS:
                break
        return tuple(self._intern.setdefault(word, word) for word in words)

    def weigh(self, words: Iterable[str]) -> float:
        """Return the joint rarity of `words`: common words count little."""
        return sum(math.log(1 + self._total / self.counts[word]) for word in words)

    def union(self, pieces: Iterable[int]) -> set[str]:
        return {word for at in pieces for word in self.bags[at]}

    def evidence(self, at: int, rank: int) -> tuple[float, ...]:
        """Return what the words say of piece `at` as a headline, in the order of `NAMES`.

        `rank` counts the prose pieces before `at`, so that windows of prose are slices.
        """
        own = self.bags[at]
        skip = rank + (rank < len(self.prose) and self.prose[rank] == at)
        after, before = self.prose[skip : skip + _FAR], self.prose[max(0, rank - _FAR) : rank]
        next1, next3 = set(self.bags[after[0]]) if after else set(), self.union(after[:_NEAR])
        prev3, next_far, prev_far = (
            self.union(before[-_NEAR:]), self.union(after[_NEAR:]), self.union(before[:-_NEAR]),
        )  # fmt: skip
        total = self.weigh(own) or 1.0
        seen, near = prev3 | prev_far, next3
        common = self.weigh(near & seen) / (self.weigh(near) or 1.0)
        drift = self.weigh(near & prev3) / (min(self.weigh(near), self.weigh(prev3)) or 1.0)
        return (
            self.weigh(word for word in own if word in next1) / total,
            self.weigh(word for word in own if word in next3) / total,
            self.weigh(word for word in own if word in prev3) / total,
            self.weigh(word for word in own if word in next_far) / total,
            self.weigh(word for word in own if word in prev_far) / total,
            self.weigh(word for word in own if word in next3 and word not in seen) / total,
            drift,
            common,
            self.weigh(word for word in near & next_far if word not in seen)
            / (self.weigh(near) or 1.0),
            float(any(self._acronyms.get(index, False) for index in after[:4])),
            total / max(1, len(own)),
        )


def _first_acronyms(pieces: Sequence[Piece], text: str) -> dict[int, bool]:
    """Return which pieces introduce an abbreviation in brackets that was introduced before."""
    seen: set[str] = set()
    again: dict[int, bool] = {}
    for at, piece in enumerate(pieces):
        found = set(_ACRONYM.findall(text, piece.start, piece.end))
        if found:
            again[at] = bool(found & seen)
            seen |= found
    return again
