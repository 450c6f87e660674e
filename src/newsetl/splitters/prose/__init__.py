"""Prose: articles of a document that has no marks, found by layout, cues and words.

Every paragraph is described in numbers (`features`), rated as a headline by trees learned from
layout alone (`trees`), and the best segmentation of the whole document is chosen (`segment`).
What is not headline then gets its part (`parts`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from newsetl.model import Article, Document, Part, PartKind, Published, Verdict
from newsetl.splitters.prose import evidence, parts, segment, trees
from newsetl.splitters.prose.pieces import Piece, pieces_of

LAYOUTS = ("prose",)

_FEWEST_SENTENCES = 2
_LOST_PROSE, _LEAST_OPENING = 2, 0.02
_WINDOW, _BESIDE = 8_000, 400
"""Pieces that are judged together, and seen on both sides; few documents have more."""


class Window(NamedTuple):
    """The pieces from `start` to `end`, judged by what stands from `low` to `high`."""

    start: int
    end: int
    low: int
    high: int


@dataclass(frozen=True)
class Plan:
    """How a document is cut: its pieces, ratings, and which candidates are headlines.

    `told` are the pieces at which a person says that the articles start.
    """

    pieces: list[Piece]
    rated: segment.Rated
    chosen: list[int]
    told: tuple[int, ...] = ()

    @property
    def headlines(self) -> list[int]:
        """The pieces that articles start at: those that a person names, else those chosen."""
        return list(self.told) or [self.rated.at[index] for index in self.chosen]


def split(document: Document) -> list[Article]:
    """Return the articles of `document` in order; `[]` if it holds no sentences at all.

    A document of text without a headline is one article with headline None.
    """
    return cut(document, plan(document, trees.load()), calibration=trees.load().calibration)


def explain(document: Document) -> list[Verdict]:
    """Return what each piece of `document` was taken for, with score and reasons."""
    made = plan(document, trees.load())
    kinds: dict[int, PartKind | str] = {}
    for first, headline, end in parts.ranges(made.pieces, made.headlines):
        roles = parts.roles(made.pieces, first, headline, end)
        kinds.update(zip(range(first, end), roles, strict=True))
    bodies = frozenset(() if made.chosen else _text_of(made.pieces))
    scores = dict(zip(made.rated.at, made.rated.probability.tolist(), strict=True))
    return [
        Verdict(
            piece.start,
            piece.end,
            str(kinds.get(at, "body" if at in bodies else "boilerplate")),
            round(scores.get(at, 0.0), 4),
            evidence.reasons(made.pieces, at, made.headlines),
        )
        for at, piece in enumerate(made.pieces)
    ]


def plan(document: Document, weights: trees.Weights, *, rated: segment.Rated | None = None) -> Plan:
    """Return how `document` is cut by `weights`, or by ratings made elsewhere."""
    pieces = pieces_of(document)
    if document.told.starts:
        ends = [piece.end for piece in pieces]
        told = tuple(bisect_right(ends, start.offset) for start in document.told.starts)
        return Plan(pieces, segment.unrated(), [], told)
    windows = _windows(len(pieces))
    if rated is None:
        rated = _rate(pieces, windows, document.text, weights)
    if not _text_of(pieces):
        return Plan(pieces, rated, [])
    count = document.told.count
    if count == 1:
        return Plan(pieces, rated, _with_opening(pieces, rated, []))
    if count is not None:
        return Plan(pieces, rated, segment.choose_many(rated, pieces, count=count))
    chosen = _choose(pieces, windows, rated, weights)
    return Plan(pieces, rated, _with_opening(pieces, rated, chosen))


def cut(document: Document, made: Plan, *, calibration: tuple[float, float]) -> list[Article]:
    """Return the articles that a plan makes of `document`."""
    pieces, headlines = made.pieces, made.headlines
    if not made.told and not _text_of(pieces):
        return []
    day_first = parts.order_of_days(pieces)
    if not headlines:
        return [_without_headline(document, made, calibration)]
    pages = _page_dates(pieces, headlines, day_first=day_first)
    articles: list[Article] = []
    for number, (first, headline, end) in enumerate(parts.ranges(pieces, headlines)):
        kinds = parts.roles(pieces, first, headline, end)
        if made.told and not document.told.starts[number].is_headline:
            kinds[headline - first] = "body"
        facts = parts.facts(pieces[first:end], kinds, day_first=day_first)
        rule, confidence = "splits file", 1.0
        if not made.told:
            rule = evidence.rule(pieces, headline, headlines)
            confidence = segment.confidence(
                made.rated, made.chosen, number, calibration=calibration
            )
        article = Article.cut(
            document,
            _parts(pieces[first:end], kinds),
            position=number,
            split_rule=rule,
            split_confidence=round(confidence, 4),
        )
        published = facts.published
        if published.day is None:
            published = parts.lead_date(pieces, headline, day_first=day_first)
        if published.day is None:
            below = pieces[headline + 1 : end]
            published = parts.dateline_date(below, day_first=day_first)
        if published.day is None:
            published = pages[number]
        articles.append(
            replace(article, byline=facts.byline, authors=facts.authors, published=published)
        )
    return articles


def _windows(count: int) -> list[Window]:
    """Return the windows that `count` pieces are judged in, with what is seen around each."""
    return [
        Window(start, min(start + _WINDOW, count), max(0, start - _BESIDE),
               min(start + _WINDOW + _BESIDE, count))
        for start in range(0, count, _WINDOW)
    ]  # fmt: skip


def _rate(
    pieces: Sequence[Piece], windows: Sequence[Window], text: str, weights: trees.Weights
) -> segment.Rated:
    """Return the rated candidates, window by window: memory for features is that of one."""
    at: list[int] = []
    probability = [np.zeros(0)]
    for window in windows:
        near = pieces[window.low : window.high]
        rated = segment.rate(near, text, first=weights.first.rate, second=weights.second.rate)
        places = np.array(rated.at, dtype=np.int64) + window.low
        own = (places >= window.start) & (places < window.end)
        at += places[own].tolist()
        probability.append(rated.probability[own])
    rows = rated.rows if len(windows) == 1 else None
    return segment.Rated(at, np.concatenate(probability), rows)


def _choose(
    pieces: Sequence[Piece],
    windows: Sequence[Window],
    rated: segment.Rated,
    weights: trees.Weights,
) -> list[int]:
    """Return which candidates are headlines, window by window."""
    chosen: list[int] = []
    for window in windows:
        first, last = bisect_left(rated.at, window.low), bisect_left(rated.at, window.high)
        near = segment.Rated(
            [at - window.low for at in rated.at[first:last]],
            rated.probability[first:last],
            rated.rows,
        )
        found = segment.choose(
            near,
            pieces[window.low : window.high],
            bias=weights.bias,
            prior=weights.prior,
            one=weights.one,
        )
        chosen += (
            first + index for index in found if window.start <= rated.at[first + index] < window.end
        )
    return chosen


def _parts(pieces: Sequence[Piece], kinds: Sequence[PartKind]) -> list[Part]:
    return [Part(kind, piece.start, piece.end) for piece, kind in zip(pieces, kinds, strict=True)]


def _with_opening(pieces: Sequence[Piece], rated: segment.Rated, chosen: list[int]) -> list[int]:
    """Return `chosen` with the likeliest headline above prose that would belong to no article."""
    until = rated.at[chosen[0]] if chosen else len(pieces)
    prose = [at for at in _text_of(pieces) if at < until]
    ended = max((at for at in range(until) if "end" in pieces[at].cues), default=0)
    if chosen and len(prose) < _LOST_PROSE:
        prose = [at for at in range(ended) if _is_sentence(pieces[at])]
    if not prose:
        return chosen
    # An end mark has ended an article, whatever opened it; above short sentences no line is likely.
    least = _LEAST_OPENING if not ended and pieces[prose[0]].is_prose else 0.0
    before = [
        index
        for index, at in enumerate(rated.at)
        if at < prose[0] and rated.probability[index] >= least
    ]
    if not before:
        return chosen
    return [max(before, key=lambda index: (rated.probability[index], -index)), *chosen]


def _text_of(pieces: Sequence[Piece]) -> list[int]:
    """Return the pieces of running text; where there are none, two or more short sentences."""
    if prose := [at for at, piece in enumerate(pieces) if piece.is_prose]:
        return prose
    sentences = [at for at, piece in enumerate(pieces) if _is_sentence(piece)]
    return sentences if len(sentences) >= _FEWEST_SENTENCES else []


def _is_sentence(piece: Piece) -> bool:
    """Return whether a piece is text, or at least a short sentence, and no line above text."""
    return piece.is_prose or (segment.is_content(piece) and "final" in piece.cues)


def _without_headline(document: Document, made: Plan, calibration: tuple[float, float]) -> Article:
    """Return the one article of a text without a headline: from its first prose to its end."""
    pieces = made.pieces
    first = _text_of(pieces)[0]
    kinds = parts.roles(pieces, first, first, len(pieces))
    kinds[0] = "body"
    confidence = segment.confidence(made.rated, [], 0, calibration=calibration)
    return Article.cut(
        document,
        _parts(pieces[first:], kinds),
        position=0,
        split_rule="no headline",
        split_confidence=round(confidence, 4),
    )


def _page_dates(
    pieces: Sequence[Piece], headlines: Sequence[int], *, day_first: bool | None
) -> list[Published]:
    """Return for each article the date of the last page heading above it.

    A page heading is a line above the first headline, or one that says it is an archive's.
    """
    dates, current, start = [], Published(), 0
    for headline in headlines:
        for at in range(start, headline):
            piece = pieces[at]
            is_heading = "page" in piece.cues or (start == 0 and "date" in piece.cues)
            if is_heading and not piece.is_prose:
                found = parts.date_in(piece, day_first=day_first, stated_by="page heading")
                current = found or current
        dates.append(current)
        start = headline + 1
    return dates
