"""Anew: signs of a new article that are too rare in the reference data to be learned.

Each rule is a pure function of the candidates' features and says which candidates it holds for;
their odds to be headlines are multiplied by what the rule is worth.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsetl.splitters.prose.features import NAMES, Matrix
from newsetl.splitters.prose.pieces import Piece

Holds = NDArray[np.bool_]

_BARRED = ("is_final", "is_caption", "is_list", "is_date", "is_byline")
_CUES = frozenset({"date", "byline", "label"})
_MOST_CUES = 2  # a page heading and a stray date do not make a style
_LEAST_CHARS, _LEAST_WORDS, _LEAST_TEXT = 25, 4, 100
_LEAST_AGREED = 2
_OPENERS = frozenset({"end", "notes", "caption", "nav", "page"})


def weigh(rows: Matrix, pieces: Sequence[Piece], at: Sequence[int], probability: Matrix) -> Matrix:
    """Return the probabilities of the candidates `at` with the rules' odds multiplied in."""
    worth = np.zeros(len(at))
    worth[_names_introduced(rows)] += 3.0
    fresh, agreed = _fresh_topics(rows, pieces, at)
    worth[fresh] += 4.0
    worth[agreed & ~fresh] += 5.0
    worth[_above_page_heading(pieces, at)] -= 6.0
    worth[_captions(pieces, at)] -= 8.0
    odds = probability / np.maximum(1 - probability, 1e-9) * np.exp(worth)
    weighed: Matrix = np.where(worth == 0, probability, odds / (1 + odds))
    return weighed


def _names_introduced(rows: Matrix) -> Holds:
    """Where the text below a line introduces an abbreviation that was introduced before.

    News introduces each abbreviation once, so another article has begun.
    """
    holds = (_column(rows, "reintroduced") > 0) & (_column(rows, "next1") > 0.3)
    holds &= (_column(rows, "lead") > 0.1) & (_column(rows, "prose_before") > 0)
    holds &= _column(rows, "chars") > 30
    for name in _BARRED:
        holds &= _column(rows, name) == 0
    return holds


def _fresh_topics(rows: Matrix, pieces: Sequence[Piece], at: Sequence[int]) -> tuple[Holds, Holds]:
    """Where no line is dated or marked, and a line's words and its text's are new together.

    A subhead shares words with the text above it, or its text does; a headline does neither. The
    second answer asks for less of each line, and that half of such lines, but two, agree.
    """
    never = np.zeros(len(at), dtype=bool)
    dated = sum(bool(piece.cues & _CUES) for piece in pieces)
    if dated > _MOST_CUES or any(piece.level for piece in pieces):
        return never, never
    bare: Holds = np.array([_stands_bare(pieces, place) for place in at], dtype=bool)
    tied = (_column(rows, "next3") > 0.3) & (_column(rows, "lead") > 0.2)
    tied &= bare & (_column(rows, "prev_far") <= 0.1)
    prev3, drift, known = (_column(rows, name) for name in ("prev3", "drift", "known"))
    fresh = tied & (prev3 <= 0.02) & (drift <= 0.1) & (known <= 0.12)
    later = _column(rows, "prose_before") > 0
    loose = tied & later & (prev3 <= 0.2) & (drift <= 0.15) & (known <= 0.17)
    is_agreed = loose.sum() >= max(_LEAST_AGREED, 0.5 * (bare & later).sum())
    return fresh, loose if is_agreed else never


def _stands_bare(pieces: Sequence[Piece], place: int) -> bool:
    """Return whether a short line without any cue stands right above text and below text."""
    piece = pieces[place]
    is_line = piece.chars > _LEAST_CHARS and piece.words >= _LEAST_WORDS and not piece.cues
    if not is_line or place + 1 == len(pieces):
        return False
    below, above = pieces[place + 1], pieces[place - 1] if place else None
    has_text = below.is_prose and below.chars >= _LEAST_TEXT and "list" not in below.cues
    return has_text and (above is None or above.is_prose or bool(above.cues & _OPENERS))


def _above_page_heading(pieces: Sequence[Piece], at: Sequence[int]) -> Holds:
    """Where the next line heads an archive page ("Month: June"): a site's name, no headline."""
    return np.array(
        [place + 1 < len(pieces) and "page" in pieces[place + 1].cues for place in at], dtype=bool
    )


def _captions(pieces: Sequence[Piece], at: Sequence[int]) -> Holds:
    """Where a line says what a picture shows, in a sentence."""
    return np.array([{"caption", "final"} <= pieces[place].cues for place in at], dtype=bool)


def _column(rows: Matrix, name: str) -> Matrix:
    column: Matrix = rows[:, NAMES.index(name)]
    return column
