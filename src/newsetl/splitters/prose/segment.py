"""Segment: the best set of headlines for a whole document, by dynamic programming."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from newsetl.splitters.prose import agreement, anew, features, style, whole
from newsetl.splitters.prose.features import Matrix
from newsetl.splitters.prose.pieces import Piece

_META = frozenset({"date", "byline", "label", "nav", "page", "trail", "end", "rule"})
_OWN_LINES = frozenset({"date", "byline", "trail"})
_MIN_CONTENT = 45
_MIN_SENTENCE_WORDS = 4
_MOST_STYLES = 20  # hypotheses that are tried for a number of articles that a person names
_BARE = 2.0  # what a headline without content pays
# A hypothesis of style costs once (little where the text marks its headings and a headline is
# one); a headline that fits it gains, one that does not pays.
_COST, _COST_MARKED, _BONUS, _FINE, _FLOOR = 7.0, 2.0, 3.5, 2.5, -2.0

Rate = Callable[[Matrix], Matrix]


@dataclass(frozen=True)
class Rated:
    """The candidates of a document: their places among the pieces, and their probability.

    `rows` are their features; none are kept of a document that is judged in windows.
    """

    at: list[int]
    probability: Matrix
    rows: Matrix | None = None


class Content(NamedTuple):
    """How many pieces of content, and how many dates, bylines, links, stand before each piece."""

    text: list[int]
    lines: list[int]


class _Front:
    """The best chain so far whose last headline has something counted below it."""

    def __init__(self, counts: Sequence[int]) -> None:
        self.counts = counts
        self.waiting, self.score, self.at = 0, 0.0, -1

    def advance(self, place: int, at: Sequence[int], scores: Sequence[float]) -> None:
        """Let in the chains that have something counted before `place`."""
        counts = self.counts
        while self.waiting < len(scores) and counts[place] > counts[at[self.waiting] + 1]:
            if scores[self.waiting] > self.score:
                self.score, self.at = scores[self.waiting], self.waiting
            self.waiting += 1


def rate(pieces: Sequence[Piece], text: str, *, first: Rate, second: Rate) -> Rated:
    """Return the candidates of a document, rated alone and then by what the document agrees on."""
    at, rows = features.describe(pieces, text)
    if not at:
        return unrated()
    alone = first(rows)
    ranks = [0, *accumulate(int(piece.is_prose) for piece in pieces)]
    again = agreement.agree(
        rows,
        alone,
        [ranks[index] for index in at],
        [agreement.slots(pieces, index) for index in at],
    )
    probability = second(np.hstack([rows, again]))
    return Rated(at, anew.weigh(rows, pieces, at, probability), rows)


def unrated() -> Rated:
    """Return the ratings of a document that needs none."""
    return Rated([], np.zeros(0))


def choose(
    rated: Rated, pieces: Sequence[Piece], *, bias: float, prior: float, one: Matrix | None = None
) -> list[int]:
    """Return which candidates (indices into `rated.at`) are headlines, in order.

    Each headline gains its log odds less `bias`, and must have content before the next one or
    the end. More than one article must be worth `prior` more than the best single one; `one` are
    the weights of the signs that there is one (`whole`).
    """
    content, gains = _content(pieces), _odds(rated) - bias
    chosen = _best(gains.tolist(), rated.at, content)
    worth, plain = float(gains[chosen].sum()), frozenset(chosen)
    for guess in style.hypotheses(pieces, rated.at):
        bent = _bend(gains, guess)
        other = _best(bent.tolist(), rated.at, content)
        cost = _COST_MARKED if guess.is_marked and guess.fits & plain else _COST
        if (value := float(bent[other].sum()) - cost) > worth:
            chosen, worth = other, value
    if len(chosen) < 2:
        return chosen
    single = max(chosen, key=lambda index: (gains[index], -index))
    if worth - gains[single] <= prior:
        return [single]
    if one is None or rated.rows is None or not whole.may_be_one(chosen):
        return chosen
    signs = signs_of_one(rated, rated.rows, pieces, chosen)
    return [single] if whole.is_one(signs, one) else chosen


def signs_of_one(
    rated: Rated, rows: Matrix, pieces: Sequence[Piece], chosen: Sequence[int]
) -> Matrix:
    """Return what the chosen headlines show of being one article's, in the order of `whole`."""
    at = [rated.at[index] for index in chosen]
    return whole.describe(pieces, at, _odds(rated)[chosen], rows[chosen])


def choose_many(rated: Rated, pieces: Sequence[Piece], *, count: int) -> list[int]:
    """Return the `count` candidates that are likeliest together, fewer if there are not so many.

    A bonus for each headline is raised until there are enough: the sum of gains falls off as
    headlines are added, so each count is the best for some bonus.
    """
    content, gains = _content(pieces), _odds(rated)
    best, worth = _just(gains, rated.at, content, count=count), -math.inf
    styles = sorted(style.hypotheses(pieces, rated.at), key=lambda item: -len(item.fits))
    for guess in [style.Hypothesis(frozenset()), *styles[:_MOST_STYLES]]:
        bent = _bend(gains, guess) if guess.fits else gains
        cost = (_COST_MARKED if guess.is_marked else _COST) if guess.fits else 0.0
        chosen = _just(bent, rated.at, content, count=count)
        value = float(bent[chosen].sum()) - cost
        if len(chosen) == count and value > worth:
            best, worth = chosen, value
    return best


def _just(gains: Matrix, at: Sequence[int], content: Content, *, count: int) -> list[int]:
    """Return the best chain of `count` candidates, or the longest there is if that is shorter."""
    unequal = gains + np.linspace(0.0, 1e-6, len(gains))  # no two chains are worth the same
    low, high = -60.0, 60.0
    longest = _best((unequal + high).tolist(), at, content)
    if len(longest) <= count:
        return longest
    for _ in range(60):
        bonus = (low + high) / 2
        chosen = _best((unequal + bonus).tolist(), at, content)
        if len(chosen) == count:
            return chosen
        low, high = (bonus, high) if len(chosen) < count else (low, bonus)
    return chosen


def is_content(piece: Piece) -> bool:
    """Return whether a piece is text that an article may consist of: a short sentence will do."""
    if piece.is_prose:
        return True
    is_sentence = "final" in piece.cues and piece.words >= _MIN_SENTENCE_WORDS
    return (is_sentence or piece.chars >= _MIN_CONTENT) and not piece.cues & _META


def _content(pieces: Sequence[Piece]) -> Content:
    text = accumulate((int(is_content(piece)) for piece in pieces), initial=0)
    lines = accumulate((int(bool(piece.cues & _OWN_LINES)) for piece in pieces), initial=0)
    return Content(list(text), list(lines))


def _odds(rated: Rated) -> Matrix:
    odds: Matrix = np.clip(rated.probability, 1e-6, 1 - 1e-6)
    return np.log(odds / (1 - odds))


def _bend(gains: Matrix, guess: style.Hypothesis) -> Matrix:
    """Return the gains under a hypothesis of style: what fits is likelier, all else pays."""
    fitting = np.zeros(len(gains), dtype=bool)
    fitting[sorted(guess.fits)] = True
    fine = np.full(len(gains), _FINE)
    if guess.is_after:
        fine[: min(guess.fits)] = 0.0  # the first article has no other above it
    return np.where(fitting, np.maximum(gains, _FLOOR) + _BONUS, gains - fine)


def confidence(
    rated: Rated, chosen: Sequence[int], number: int, *, calibration: tuple[float, float]
) -> float:
    """Return the probability that the boundaries of article `number` are right.

    They are if its headline and the next are headlines and no other line between them is one;
    the product of those probabilities is calibrated on documents of held-out sources.
    """
    start = chosen[number] if number else 0
    stop = chosen[number + 1] if number + 1 < len(chosen) else len(rated.at)
    total = 0.0
    kept = {*chosen[number : number + 2]}
    for index in range(start, min(stop + 1, len(rated.at))):
        chance = float(np.clip(rated.probability[index], 1e-6, 1 - 1e-6))
        total += math.log(chance if index in kept else 1 - chance)
    odds = total - math.log(-math.expm1(min(total, -1e-9)))
    slope, shift = calibration
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, slope * odds + shift))))


def _best(gains: Sequence[float], at: Sequence[int], content: Content) -> list[int]:
    """Return the set of candidates with the highest sum of gains, each with content of its own.

    One with only a date, byline or link below, as in a list of titles, pays for it. One pass:
    `ready` is the best chain whose last headline has content before the candidate, `bare` the
    best whose last headline has such a line.
    """
    scores: list[float] = []
    back: list[int] = []
    ready, bare = _Front(content.text), _Front(content.lines)
    for index, place in enumerate(at):
        ready.advance(place, at, scores)
        bare.advance(place, at, scores)
        is_bare = bare.score - _BARE > ready.score
        scores.append(gains[index] + (bare.score - _BARE if is_bare else ready.score))
        back.append(bare.at if is_bare else ready.at)
    text = content.text
    full = [index for index, place in enumerate(at) if text[-1] > text[place + 1]]
    last = max(full, key=lambda index: (scores[index], -index), default=-1)
    if last < 0 or scores[last] <= 0:
        return []
    chain = []
    while last >= 0:
        chain.append(last)
        last = back[last]
    return chain[::-1]
