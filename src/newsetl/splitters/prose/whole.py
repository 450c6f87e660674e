"""Whole: whether a document in which several headlines were found is one article after all.

The items of a live blog, a list of offers or a long report look like articles one by one. Taken
together they do not: only the first line has a date and a byline, or a number, or the words of
all items are the same. A weighted sum of such signs decides.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsetl.splitters.prose.features import NAMES as OWN
from newsetl.splitters.prose.features import Matrix
from newsetl.splitters.prose.pieces import Piece

Flags = NDArray[np.bool_]

_TRAITS = (
    "date_below", "byline_below", "names_below", "date_above", "byline_above", "is_list",
    "is_digit", "level", "is_label",
)  # fmt: skip
_MEANS = (
    "drift", "drift_far", "known", "lead", "unseen", "unseen_far", "chains_dip", "small", "next1",
    "prev3", "blanks_over",
)  # fmt: skip
_CLOSING, _META = frozenset({"end", "trail", "notes"}), frozenset({"date", "byline"})
_CLOSING_REACH, _META_REACH, _END_REACH = 4, 3, 6
_UPPER = 0.8
_MOST, _LONG = 10, 400
_GAIN, _SUM = (-4.0, 8.0), (-12.0, 40.0)
_MOST_ITEMS = 40
"""Headlines that a document of one article may seem to have; signs are kept in what was learned."""

NAMES = (
    "headlines", "mean_gain", "best_rest", "rest", "lead_gain", "length",
    *(f"{trait}_{case}" for trait in (*_TRAITS, "upper") for case in ("lead", "rest", "all")),
    "shorter", *_MEANS, "closed", "ends", "signed",
)  # fmt: skip


def describe(pieces: Sequence[Piece], at: Sequence[int], gains: Matrix, rows: Matrix) -> Matrix:
    """Return the signs, in the order of `NAMES`, for two or more headlines at the pieces `at`.

    `gains` are the headlines' log odds, `rows` their features.
    """
    rest = np.clip(np.delete(gains, int(np.argmax(gains))), *_GAIN)
    signs = [
        min(len(at), _MOST), np.clip(gains[1:], *_GAIN).mean(), rest.max(),
        np.clip(rest.sum(), *_SUM), np.clip(gains[0], *_GAIN), min(len(pieces), _LONG) ** 0.5,
    ]  # fmt: skip
    for trait in _TRAITS:
        signs += _shared(_column(rows, trait) > 0)
    signs += _shared(_column(rows, "upper") > _UPPER)
    chars = _column(rows, "chars")
    signs.append(float(np.clip(chars[1:].mean() / chars[0], 0, 3)))
    signs += [float(_column(rows, name)[1:].mean()) for name in _MEANS]
    signs.append(_share_below(pieces, at[1:], _CLOSING, _CLOSING_REACH))
    signs.append(float(any("end" in piece.cues for piece in pieces[-_END_REACH:])))
    signs.append(_share_below(pieces, at[1:], _META, _META_REACH))
    return np.array(signs)


def may_be_one(at: Sequence[int]) -> bool:
    """Return whether headlines at the pieces `at` are few enough to be asked about."""
    return 1 < len(at) <= _MOST_ITEMS


def is_one(signs: Matrix, weights: Matrix) -> bool:
    """Return whether the weighted signs say that there is one article; the last weight is alone."""
    return bool(signs @ weights[:-1] + weights[-1] > 0)


def _shared(has: Flags) -> list[float]:
    """Return how far only the first headline has a trait, only the others, or all."""
    others = float(has[1:].mean())
    return [1 - others, 0.0, others] if has[0] else [0.0, others, 0.0]


def _share_below(
    pieces: Sequence[Piece], at: Sequence[int], cues: frozenset[str], reach: int
) -> float:
    """Return the share of the headlines `at` right below a line with one of `cues`."""
    found = [
        any(piece.cues & cues for piece in pieces[max(0, place - reach) : place]) for place in at
    ]
    return sum(found) / len(found)


def _column(rows: Matrix, name: str) -> Matrix:
    column: Matrix = rows[:, OWN.index(name)]
    return column
