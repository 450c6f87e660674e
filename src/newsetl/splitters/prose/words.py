"""Words: what a piece shares with the prose before and after it.

A headline's words come back in the paragraphs that follow it and were not in those before; a
subhead or a caption shares words with both. Words count by their rarity in the document, and by
their first letters, so that endings do not matter in any language.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

from newsetl.splitters.prose.pieces import Piece

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*\d")
_STEM = 6
_MIN_CASED, _MIN_WORD = 2, 4
_MAX_WORDS = 120
_ACRONYM = re.compile(r"\(([A-ZÀ-Þ][A-Za-zÀ-Þ&]*[A-ZÀ-Þ]s?)\)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_NEAR, _FAR = 3, 8
_LINK, _DIP = 10, 6
_SMALL = re.compile(r"\b[^\W\d_]{1,3}\b")
_MAX_SMALL = 40

Bag = tuple[str, ...]
NAMES = (
    "next1", "next3", "prev3", "next_far", "prev_far", "lead", "drift", "known", "fresh",
    "reintroduced", "rare", "drift_far", "unseen", "unseen_far", "chains", "chains_dip", "small",
)  # fmt: skip


class Words:
    """The words of each piece of a document, and how rare each is there."""

    def __init__(self, pieces: Sequence[Piece], text: str) -> None:
        self._intern: dict[str, str] = {}
        self.bags = [self._bag(text, piece) for piece in pieces]
        self.counts = Counter(word for bag in self.bags for word in bag)
        self.prose = [at for at, piece in enumerate(pieces) if piece.is_prose]
        total = len(pieces)
        self.weights = {word: math.log(1 + total / count) for word, count in self.counts.items()}
        self._acronyms = _first_acronyms(pieces, text)
        self._first = self._first_seen()
        self._chains = self._crossing()
        self._small = [self._small_words(text, pieces[at]) for at in self.prose]

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

    def _small_words(self, text: str, piece: Piece) -> frozenset[str]:
        """Return the shortest words of a piece, which tell its language."""
        shown = text[piece.start : min(piece.end, piece.start + 400)].casefold()
        words = _SMALL.findall(shown)[:_MAX_SMALL]
        return frozenset(self._intern.setdefault(word, word) for word in words)

    def _first_seen(self) -> dict[str, int]:
        """Return the place among the prose where each word comes first."""
        first: dict[str, int] = {}
        for rank, at in enumerate(self.prose):
            for word in self.bags[at]:
                first.setdefault(word, rank)
        return first

    def _crossing(self) -> list[float]:
        """Return for each boundary between prose pieces the weight of the words on both sides.

        A word links two pieces in which it stands one after the other, if they are near.
        (Lexical chains: Morris and Hirst 1991; boundaries lie where few chains cross.)
        """
        change = [0.0] * (len(self.prose) + 1)
        last: dict[str, int] = {}
        for rank, at in enumerate(self.prose):
            for word in self.bags[at]:
                before = last.get(word)
                if before is not None and rank - before <= _LINK:
                    change[before + 1] += self.weights[word]
                    change[rank + 1] -= self.weights[word]
                last[word] = rank
        return list(accumulate(change))

    def _dip(self, rank: int) -> tuple[float, float]:
        """Return the weight of the chains over a boundary, and its share of that around it."""
        around = self._chains[max(1, rank - _DIP) : min(len(self.prose), rank + _DIP + 1)]
        if not 0 < rank < len(self.prose) or not around:
            return -1.0, -1.0
        return math.log1p(self._chains[rank]), self._chains[rank] / (
            sum(around) / len(around) or 1.0
        )

    def _language(self, rank: int, skip: int) -> float:
        """Return the share of the shortest words after a boundary that also stand before it."""
        after = frozenset().union(*self._small[skip : skip + _NEAR])
        before = frozenset().union(*self._small[max(0, rank - _NEAR) : rank])
        return len(after & before) / (min(len(after), len(before)) or 1)

    def _unseen(self, words: set[str], skip: int) -> float:
        """Return the share of `words` that stand nowhere above."""
        new = self.weigh(word for word in words if self._first[word] >= skip)
        return new / (self.weigh(words) or 1.0)

    def weigh(self, words: Iterable[str]) -> float:
        """Return the joint rarity of `words`: common words count little.

        The sum is exact, so it is the same in whichever order a set gives its words.
        """
        return math.fsum(map(self.weights.__getitem__, words))

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
        wide = near | next_far
        wide_drift = self.weigh(wide & seen) / (min(self.weigh(wide), self.weigh(seen)) or 1.0)
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
            wide_drift,
            self._unseen(near, skip),
            self._unseen(next_far, skip),
            *self._dip(skip),
            self._language(rank, skip),
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
