"""Style: hypotheses of how a document sets its headlines, each to be tried as a whole.

A hypothesis says that headlines stand at one distance from a line that repeats: the date line
above or below, the signature of the article before. It is believed if the document reads better
with it than without (`segment.choose`).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from newsetl.splitters.prose.pieces import MAX_HEADLINE, Piece, anchor_of

_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_OFFSETS = (1, 2, 3, -1, -2)
_MIN_REPEATS = 3
_MIN_LINES = 3
_COVERAGE = 0.75
_SIGNS = frozenset({"date", "byline"})
_MARKS = _SIGNS | {"label", "end", "trail"}
_NO_HEADLINE = _SIGNS | {"label", "end", "rule", "nav", "page", "trail"}


class Hypothesis(NamedTuple):
    """The candidates that fit, and what to make of the others.

    `is_marked`: marks of the text itself (Markdown levels) make them alike. `is_after`: they stand
    below a line that closes or dates; nothing of the kind can stand above the first article.
    """

    fits: frozenset[int]
    is_marked: bool = False
    is_after: bool = False


def hypotheses(pieces: Sequence[Piece], at: Sequence[int]) -> Iterator[Hypothesis]:
    """Yield the candidates (indices into `at`) that each hypothesis takes for headlines."""
    index_of = {place: index for index, place in enumerate(at)}
    for places in _anchors(pieces):
        for offset in _OFFSETS:
            found = [
                index_of[place + offset]
                for place in places
                if place + offset in index_of and _may_be(pieces, place, offset)
            ]
            if len(found) >= max(_MIN_REPEATS - 1, _COVERAGE * len(places)):
                yield Hypothesis(frozenset(found), is_after=offset > 0)
    for look in _LOOKS:
        groups: dict[object, list[int]] = {}
        for index, place in enumerate(at):
            if (value := look(pieces[place])) and not pieces[place].cues & _NO_HEADLINE:
                groups.setdefault(value, []).append(index)
        for found in groups.values():
            if len(found) > 1:
                yield Hypothesis(frozenset(found), is_marked=bool(pieces[at[found[0]]].level))


_LOOKS: tuple[Callable[[Piece], object], ...] = (
    lambda piece: piece.level,
    lambda piece: piece.upper > 0.8 and piece.words > 2,
    lambda piece: bool(_NUMBERED.match(piece.text)),
)


def _anchors(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    """Yield the places of each line that dates or signs articles and repeats.

    Text stands in between, or other lines, as in a list of titles with their dates.
    """
    groups: dict[str, list[int]] = {}
    texts = 0
    last: dict[str, tuple[int, int]] = {}
    for place, piece in enumerate(pieces):
        texts += piece.is_prose
        if piece.cues & _MARKS and "list" not in piece.cues and not piece.is_prose:
            anchor = anchor_of(piece)
            before, above = last.get(anchor, (-1, -_MIN_LINES))
            if anchor and (before < texts or place - above >= _MIN_LINES):
                groups.setdefault(anchor, []).append(place)
                last[anchor] = texts, place
    yield from (places for places in groups.values() if len(places) >= _MIN_REPEATS)


def _may_be(pieces: Sequence[Piece], place: int, offset: int) -> bool:
    """Return whether a headline may stand `offset` lines from an anchor: no text in between."""
    piece = pieces[place + offset]
    if piece.chars > MAX_HEADLINE or piece.cues & _NO_HEADLINE:
        return False
    low, high = sorted((place, place + offset))
    return not any(near.is_prose for near in pieces[low + 1 : high])
