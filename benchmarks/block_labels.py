"""Which pieces of a page make up a known body: the longest chain of pieces in the body's order."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

WORD = re.compile(r"\w+")
WINDOW = 4
_LONG = 8
_PLACES = 8


class Match(NamedTuple):
    """A piece that stands in the body at word `at`, over `length` words, worth `worth`."""

    piece: int
    at: int
    length: int
    worth: float


def label(texts: Sequence[str], body: str) -> list[bool]:
    """Return for each text whether the body holds it, in order.

    A text that stands on a page twice is body once. One out of order is body if it is long and
    nothing else covers its words.

    >>> label(["Home", "The mill burnt.", "Home", "It will be rebuilt."],
    ...       "The mill burnt. It will be rebuilt.")
    [False, True, False, True]
    """
    words = WORD.findall(body)
    matches = sorted(_matches(texts, words))
    chosen = [matches[place] for place in _chain(matches, len(words))]
    found = [False] * len(texts)
    covered = [False] * len(words)
    for match in chosen:
        _cover(match, found, covered)
    for match in matches:
        span = covered[match.at : match.at + match.length]
        if not found[match.piece] and match.length >= _LONG and sum(span) < 0.2 * len(span):
            _cover(match, found, covered)
    return found


def _cover(match: Match, found: list[bool], covered: list[bool]) -> None:
    found[match.piece] = True
    for place in range(match.at, min(len(covered), match.at + match.length)):
        covered[place] = True


def _matches(texts: Sequence[str], words: list[str]) -> list[Match]:
    starts: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        starts[word].append(place)
    windows = Counter(zip(*(words[shift:] for shift in range(WINDOW)), strict=False))
    matches = []
    for piece, text in enumerate(texts):
        own = WORD.findall(text)
        size = len(own)
        whole = [at for at in starts.get(own[0], ()) if words[at : at + size] == own] if own else []
        matches += [Match(piece, at, size, size) for at in whole[:_PLACES]]
        if not whole and size >= _LONG:
            matches += _partly(piece, own, words, starts, windows)
    return matches


def _partly(
    piece: int,
    own: list[str],
    words: list[str],
    starts: dict[str, list[int]],
    windows: Counter[tuple[str, ...]],
) -> list[Match]:
    """Return where a piece may stand of which at least half the windows are in the body."""
    grams = list(zip(*(own[shift:] for shift in range(WINDOW)), strict=False))
    hits = [place for place, gram in enumerate(grams) if gram in windows]
    if len(hits) < len(grams) / 2:
        return []
    first = grams[hits[0]]
    at = [at for at in starts[first[0]] if tuple(words[at : at + WINDOW]) == first]
    length, worth = int(0.9 * len(own)), len(own) * len(hits) / len(grams)
    return [Match(piece, max(0, place - hits[0]), length, worth) for place in at[:3]]


def _chain(matches: Sequence[Match], size: int) -> list[int]:
    """Return the places of the chain with the highest worth: pieces and words both in order."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 2)
    totals: list[float] = []
    before: list[int] = []
    start = 0
    while start < len(matches):
        end = start
        while end < len(matches) and matches[end].piece == matches[start].piece:
            total, previous = _highest(best, matches[end].at)
            totals.append(total + matches[end].worth + 0.01)
            before.append(previous)
            end += 1
        for place in range(start, end):
            _raise(best, matches[place].at + matches[place].length, (totals[place], place))
        start = end
    chain = []
    place = max(range(len(totals)), key=totals.__getitem__) if totals else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain


def _highest(best: list[tuple[float, int]], at: int) -> tuple[float, int]:
    """Return the best of all chains that end at or before `at` (a Fenwick tree of maxima)."""
    found, index = (0.0, -1), at + 1
    while index > 0:
        found = max(found, best[index])
        index -= index & -index
    return found


def _raise(best: list[tuple[float, int]], at: int, total: tuple[float, int]) -> None:
    index = min(at, len(best) - 2) + 1
    while index < len(best):
        best[index] = max(best[index], total)
        index += index & -index
