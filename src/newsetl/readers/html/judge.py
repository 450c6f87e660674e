"""Which pieces of a page are the body of its article: two forests, then a cut for the page.

The first forest rates each piece by its features, the second by what the first ratings agree on.
`benchmarks/train_blocks.py` makes both from pages whose bodies are known; `weights.json` holds
thresholds over layout features and no text.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from newsetl.readers.html import coherence, features
from newsetl.readers.html.columns import Marks, Matrix, Table
from newsetl.readers.html.features import Hints
from newsetl.readers.html.forest import Forest, plant
from newsetl.readers.html.sheet import Sheet

MOST_PIECES = 20_000
"""Pages with more are lists of things, and would cost gigabytes."""

FEWEST_WORDS = 40
"""Where there is less prose, there is nothing to agree on."""

_ROW = {name: place for place, name in enumerate(features.NAMES)}
_COMMENT_FACTOR = 0.3
_HIGHEST_CUT = 0.62
_REPEATED_WORDS = 15
_MOST_COMPARED = 300
_SIGNS = (
    ("is_comment", 0.5, "among comments"),
    ("asides", 0.5, "in a box named as an aside"),
    ("link_share", 0.7, "mostly links"),
    ("copies", 1.5, "more than once on the page"),
    ("title_share", 0.8, "like the title"),
    ("description_share", 0.8, "like the description"),
    ("body_share", 0.8, "in the body as data"),
    ("body_prose", 0.5, "in the box named as the body"),
    ("is_main_style", 0.5, "styled as most prose"),
    ("is_prose", 0.5, "prose"),
)
"""Features that a person can check, and the value above which they say something."""

_NUMBERED_SIGNS = tuple(enumerate(_SIGNS))


@dataclass(frozen=True)
class Judgement:
    """For each piece: how likely it is body, whether it is taken for body, and telling signs."""

    ratings: Matrix
    is_body: Marks
    headline: int
    signs: tuple[tuple[str, ...], ...]


def judge(sheet: Sheet, hints: Hints) -> Judgement | None:
    """Return which pieces are the body, or None if the page is too bare or too long to tell."""
    if not 0 < len(sheet.pieces) <= MOST_PIECES:
        return None
    found = features.describe(sheet, hints)
    if found.tree.prose[0] < FEWEST_WORDS:
        return None
    first, second = load()
    alone = mute(first.rate(found.table), found.table)
    agreed = coherence.describe(alone, found.words, found.at, found.tree)
    together = mute(second.rate(agreed), found.table)
    ratings = (alone + together) / 2
    return Judgement(
        ratings,
        without_repeats(choose(ratings, found.words), found.folded),
        found.headline,
        _signs(found.table),
    )


def mute(ratings: Matrix, table: Table) -> Matrix:
    """Return the ratings with those of readers' comments lowered: comments read like articles."""
    return np.where(table[_ROW["is_comment"]] > 0, ratings * _COMMENT_FACTOR, ratings)


def choose(ratings: Matrix, words: Matrix) -> Marks:
    """Return which pieces to keep, so that the words kept have the highest expected F1."""
    cut, _ = coherence.best_cut(ratings, np.maximum(1.0, words))
    return ratings >= min(cut, _HIGHEST_CUT, float(ratings.max()))


def without_repeats(is_body: Marks, folded: Sequence[list[str]]) -> Marks:
    """Return which pieces to keep without those that a longer one kept says again, word by word.

    A page may show the opening of its article once as a summary and once as the article.
    """
    kept = np.flatnonzero(is_body).tolist()
    if len(kept) > _MOST_COMPARED:
        return is_body
    texts = {place: " ".join(folded[place]) for place in kept}
    whole, found = "\n".join(texts.values()), is_body.copy()
    for place, text in texts.items():
        if text.count(" ") + 1 >= _REPEATED_WORDS and whole.count(text) > 1:
            found[place] = not any(text in other and text != other for other in texts.values())
    return found


@functools.cache
def load() -> tuple[Forest, Forest]:
    """Return the forests that ship with the package."""
    text = resources.files("newsetl.readers.html").joinpath("weights.json").read_text("utf-8")
    data: dict[str, Any] = json.loads(text)
    return plant(data["first"]), plant(data["second"])


def _signs(table: Table) -> tuple[tuple[str, ...], ...]:
    codes = np.zeros(table.shape[1], dtype=np.int64)
    for at, (name, limit, _) in _NUMBERED_SIGNS:
        codes |= (table[_ROW[name]] > limit) << at
    return tuple(map(_signs_of, codes.tolist()))


@functools.cache
def _signs_of(code: int) -> tuple[str, ...]:
    return tuple(sign for at, (_, _, sign) in _NUMBERED_SIGNS if code >> at & 1)
