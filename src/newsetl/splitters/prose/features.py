"""Features: each piece that may be a headline, described in numbers.

Three groups: the shape of the line, its surroundings, and what its words share with the prose
around (`words`). No feature knows a word of any language except through the cues of `pieces`.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from newsetl.splitters.prose import head
from newsetl.splitters.prose import words as word_evidence
from newsetl.splitters.prose.pieces import MAX_HEADLINE, Piece, anchor_of

Matrix = NDArray[np.float64]

_OWN_CUES = (
    "final", "colon", "open", "quote", "lower", "digit", "list", "rule", "label", "dateline",
    "link", "pipe", "question", "split", "end", "nav", "notes", "caption", "page", "trail",
    "by_lead", "date_lead", "note_lead", "dated", "date", "byline", "names",
)  # fmt: skip
_NEAR_CUES = (
    "date", "byline", "names", "label", "end", "nav", "page", "trail", "caption", "list", "rule",
    "final", "colon", "quote", "dateline", "notes", "lower", "contact",
)  # fmt: skip
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_SHAPE = (
    "chars", "words", "capitals", "upper", "level", "indent", "blanks", "blanks_after",
    "blanks_over", "blanks_after_over",
)  # fmt: skip
_PLACE = (
    "place", "prose_before", "prose_after", "run_at", "run_left", "since_prose", "until_prose",
    "since_date", "since_end", "repeats", "repeats_later", "next_prose_chars", "prev_prose_chars",
    "next_prose_list", "prev_prose_final", "pieces", "first_prose", "same_as_prev", "meta_in_run",
    "head_start", "prose_gap", "meta_above", "meta_above_repeats", "meta_below",
    "meta_below_repeats", "share_of_run", "last_of_run",
)  # fmt: skip
_META, _BYLINE, _REACH = frozenset({"date"}), frozenset({"byline"}), 4
NAMES = (
    *_SHAPE,
    *(f"is_{cue}" for cue in _OWN_CUES),
    *(f"{name}{offset:+}" for offset in _OFFSETS for name in ("chars", "anchor", *_NEAR_CUES)),
    *_PLACE,
    *head.NAMES,
    *word_evidence.NAMES,
)


def candidates(pieces: Sequence[Piece]) -> list[int]:
    """Return which pieces could be headlines at all: short, with a letter, no end mark or rule."""
    barred = {"rule", "end"}
    return [
        at
        for at, piece in enumerate(pieces)
        if piece.chars <= MAX_HEADLINE
        and not piece.cues & barred
        and any(map(str.isalpha, piece.text))
    ]


def describe(pieces: Sequence[Piece], text: str) -> tuple[list[int], Matrix]:
    """Return the pieces that could be headlines, and a row of `NAMES` for each."""
    chosen = candidates(pieces)
    words = word_evidence.Words(pieces, text)
    surroundings = _Surroundings(pieces)
    rows = np.empty((len(chosen), len(NAMES)))
    for row, at in enumerate(chosen):
        rows[row] = (
            *surroundings.shape(at),
            *surroundings.near(at),
            *surroundings.place(at),
            *head.describe(pieces, at),
            *words.evidence(at, surroundings.ranks[at]),
        )
    return chosen, rows


class _Surroundings:
    """Counts over the whole document, made once, from which each piece is described."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.prose = [piece.is_prose for piece in pieces]
        self.ranks = [0, *accumulate(map(int, self.prose))]
        self.prose_at = [at for at, is_prose in enumerate(self.prose) if is_prose]
        self.since_prose = _since(self.prose)
        self.until_prose = _since(self.prose[::-1])[::-1]
        self.since_date = _since([bool({"date", "byline"} & piece.cues) for piece in pieces])
        self.since_end = _since([bool({"end", "notes"} & piece.cues) for piece in pieces])
        keys = [_key(piece) for piece in pieces]
        self.repeats: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for at, key in enumerate(keys):
            self.repeats[key] = self.repeats.get(key, 0) + 1
            self.last[key] = at
        self.keys = keys
        self.anchors = [anchor_of(piece) for piece in pieces]
        self.anchored = Counter(self.anchors)
        between = [two.blanks for one, two in pairwise(pieces) if one.is_prose and two.is_prose]
        self.usual = float(np.median(between)) if between else 1.0

    def shape(self, at: int) -> list[float]:
        piece = self.pieces[at]
        after = self.pieces[at + 1].blanks if at + 1 < len(self.pieces) else 0
        return [
            piece.chars, piece.words, piece.capitals, piece.upper, piece.level,
            min(piece.indent, 40), piece.blanks, after, piece.blanks - self.usual,
            after - self.usual,
            *(float(cue in piece.cues) for cue in _OWN_CUES),
        ]  # fmt: skip

    def repeated(self, at: int) -> float:
        """Return how often the template of a piece repeats, on a scale that flattens."""
        anchor = self.anchors[at]
        return math.log2(min(self.anchored[anchor], 32)) if anchor else 0.0

    def near(self, at: int) -> list[float]:
        row: list[float] = []
        for offset in _OFFSETS:
            if 0 <= at + offset < len(self.pieces):
                near = self.pieces[at + offset]
                row.extend((min(near.chars, 1000), self.repeated(at + offset)))
                row.extend(float(cue in near.cues) for cue in _NEAR_CUES)
            else:
                row.extend([-1.0] * (2 + len(_NEAR_CUES)))
        return row

    def place(self, at: int) -> list[float]:
        pieces, rank, key = self.pieces, self.ranks[at], self.keys[at]
        own = int(self.prose[at])
        after = self.prose_at[rank + own] if rank + own < len(self.prose_at) else None
        before = self.prose_at[rank - 1] if rank else None
        run = pieces[at + 1 : at + 1 + (0 if own else min(self.until_prose[at], 8))]
        following = pieces[after] if after is not None else None
        previous = pieces[before] if before is not None else None
        return [
            min(at, 20),
            min(rank, 4),
            min(len(self.prose_at) - rank - own, 4),
            min(self.since_prose[at], 30),
            min(self.until_prose[at], 30),
            min(self.since_prose[at - 1] if at else 30, 30),
            min(self.until_prose[at + 1] if at + 1 < len(pieces) else 30, 30),
            min(self.since_date[at - 1] if at else 30, 30),
            min(self.since_end[at - 1] if at else 30, 30),
            min(self.repeats[key], 5),
            float(self.last[key] > at),
            min(following.chars, 1500) if following else 0,
            min(previous.chars, 1500) if previous else 0,
            float("list" in following.cues) if following else -1,
            float("final" in previous.cues) if previous else -1,
            min(len(pieces), 12),
            float(rank == 0),
            float(at > 0 and self.keys[at - 1] == key),
            sum(bool({"date", "byline", "names", "label"} & near.cues) for near in run),
            float(following is not None and following.text[:12].casefold() == key[:12]),
            min(after - before, 30) if after is not None and before is not None else 30,
            *self.meta(at, -1),
            *self.meta(at, 1),
            *self.run(at),
        ]  # fmt: skip

    def meta(self, at: int, step: int) -> tuple[float, float]:
        """Return how near a date or byline stands above or below, and how often it repeats.

        Nothing of text may stand between; (0, 0) means that there is none.
        """
        for distance in range(1, _REACH + 1):
            near = at + step * distance
            if not 0 <= near < len(self.pieces) or self.prose[near]:
                break
            if self.pieces[near].cues >= _META or self.pieces[near].cues >= _BYLINE:
                return distance, self.repeated(near)
        return 0.0, 0.0

    def run(self, at: int) -> tuple[float, float]:
        """Return how long a line is among the short lines around it, and if text follows it."""
        longest = max(
            near.chars
            for near in self.pieces[max(0, at - _REACH) : at + _REACH + 1]
            if near.chars <= MAX_HEADLINE
        )
        is_last = at + 1 < len(self.pieces) and self.prose[at + 1]
        return self.pieces[at].chars / longest, float(is_last)


def _since(marks: Sequence[bool]) -> list[int]:
    """Return for each position how many steps back the last mark stands, 0 on a mark."""
    steps, result = 1000, []
    for mark in marks:
        steps = 0 if mark else steps + 1
        result.append(steps)
    return result


def _key(piece: Piece) -> str:
    return " ".join(piece.text.casefold().split())
