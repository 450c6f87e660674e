"""Agreement: how far a candidate looks like the other headlines of its own document.

The first rating of each candidate weighs it as an example of the document's style. Where most
likely headlines carry a date line, one without disagrees.
"""

from collections.abc import Sequence

import numpy as np

from newsetl.splitters.prose import head
from newsetl.splitters.prose.features import NAMES as OWN
from newsetl.splitters.prose.features import Matrix
from newsetl.splitters.prose.pieces import Piece, anchor_of

_TRAITS = (
    "date-2", "date-1", "date+1", "date+2", "byline-1", "byline+1", "byline+2", "names+1",
    "label-1", "label+1", "trail-1", "trail-2", "end-1", "list-1", "final-1", "is_list", "is_final",
    "is_dated", "is_colon", "is_pipe", "is_label", "is_digit", "date_above", "date_below",
    "byline_above", "byline_below",
)  # fmt: skip
_LEVELS = (
    "blanks", "blanks_after", "level", "indent", "upper", "capitals", "chars", "anchor-2",
    "anchor-1", "anchor+1", "anchor+2",
)  # fmt: skip
_SCALES = (1.0, 1.0, 1.0, 10.0, 0.5, 0.5, 40.0, 2.0, 2.0, 2.0, 2.0)
NAMES = (
    "first", "total", "others", "beside", "best_of_run", "rank_in_run", "same_look",
    "same_look_count", "prose_since_likely", "prose_until_likely", "likely_before",
    "likely_after", "disagreement", "certainty", "pool_above", "pool_above_count", "pool_below",
    "pool_below_count", "pool_level", "pool_level_count", "head_share", "head_rating", "head_count",
    "head_best",
    *(f"unlike_{name}" for name in _TRAITS + _LEVELS),
)  # fmt: skip
_LIKELY = 0.5
_ANY = -2.5  # log odds of any line to be a headline
_REACH = 3
_FAR = 40.0


def slots(pieces: Sequence[Piece], at: int) -> tuple[str, str, str, str]:
    """Return the slots that piece `at` fills: below a dated template line, above one, a level.

    If one filler of a slot is a headline, the others most likely are. The last is the signature of
    its head.
    """
    level = pieces[at].level
    marked = f"level {level}" if level else ""
    return _meta(pieces, at, -1), _meta(pieces, at, 1), marked, head.signature(pieces, at)


def agree(
    rows: Matrix, first: Matrix, ranks: Sequence[int], filled: Sequence[tuple[str, str, str, str]]
) -> Matrix:
    """Return a row of `NAMES` for each candidate of one document.

    `rows` are the candidates' features, `first` their first ratings (probabilities), `ranks` the
    count of prose pieces before each, `filled` the `slots` of each.
    """
    if not len(rows):
        return np.zeros((0, len(NAMES)))
    traits = np.clip(rows[:, [OWN.index(name) for name in _TRAITS]], 0.0, 1.0)
    levels = rows[:, [OWN.index(name) for name in _LEVELS]] / np.array(_SCALES)
    looks = np.hstack([traits, levels])
    total = first.sum()
    others = np.maximum(total - first, 1e-6)
    means = (first @ looks - first[:, None] * looks) / others[:, None]
    unlike = np.abs(looks - means)
    trust = np.minimum(others, 3.0)[:, None] / 3.0
    best, rank = _runs(first, np.asarray(ranks))
    same, count = _same_look(traits, levels, first)
    since, until, before, after = _likely(first, np.asarray(ranks, dtype=np.float64))
    near = np.concatenate([[0.0], first, [0.0]])
    certainty = np.abs(first - 0.5).mean()
    columns = [
        first, np.full_like(first, min(total, 50.0)), np.minimum(others, 50.0),
        np.maximum(near[:-2], near[2:]), best, rank, same, count, since, until, before, after,
        (unlike * trust).sum(axis=1), np.full_like(first, certainty),
    ]  # fmt: skip
    pooled = _pool(first, filled)
    headed = _same_head(first, [keys[-1] for keys in filled], others)
    return np.hstack([np.column_stack(columns), pooled, headed, unlike * trust])


def _meta(pieces: Sequence[Piece], at: int, step: int) -> str:
    """Return the template of the nearest date or byline above or below, "" if text is nearer."""
    for distance in range(1, _REACH + 1):
        near = at + step * distance
        if not 0 <= near < len(pieces) or pieces[near].is_prose:
            return ""
        if pieces[near].cues & {"date", "byline"}:
            return f"{distance} {anchor_of(pieces[near])}"
    return ""


def _pool(first: Matrix, filled: Sequence[tuple[str, str, str, str]]) -> Matrix:
    """Return for each slot the pooled log odds of its other fillers, and how many they are.

    As if all fillers of a slot were headlines or none: their odds multiply, each against the
    odds of any line to be one.
    """
    odds = np.log(np.clip(first, 1e-4, 1 - 1e-4) / (1 - np.clip(first, 1e-4, 1 - 1e-4)))
    columns = []
    for slot in range(3):
        groups: dict[str, list[int]] = {}
        for index, keys in enumerate(filled):
            if keys[slot]:
                groups.setdefault(keys[slot], []).append(index)
        pooled, count = np.zeros_like(first), np.zeros_like(first)
        for group in groups.values():
            gain = odds[group] - _ANY
            pooled[group] = np.clip(gain.sum() - gain, -12.0, 12.0)
            count[group] = min(len(group), 12)
        columns += [pooled, count]
    return np.column_stack(columns)


def _same_head(first: Matrix, signatures: Sequence[str], others: Matrix) -> Matrix:
    """Return how the other candidates with the same signature of the head are rated.

    Their share of all likely headlines, their mean rating, their count, and the share of the most
    frequent signature: where all headlines are dated, one that is not disagrees.
    """
    groups: dict[str, list[int]] = {}
    for index, name in enumerate(signatures):
        groups.setdefault(name, []).append(index)
    mass = {name: float(first[group].sum()) for name, group in groups.items()}
    own = np.array([mass[name] for name in signatures]) - first
    count = np.array([len(groups[name]) - 1 for name in signatures], dtype=np.float64)
    best = max(mass.values()) / max(float(first.sum()), 1e-6)
    return np.column_stack(
        [own / others, own / np.maximum(count, 1), np.minimum(count, 30), np.full_like(first, best)]
    )


def _runs(first: Matrix, ranks: Matrix) -> tuple[Matrix, Matrix]:
    """Return the best rating of the other candidates between the same prose, and the own rank."""
    best, rank = np.zeros_like(first), np.zeros_like(first)
    edges = np.flatnonzero(np.diff(ranks)) + 1
    for part in np.split(np.arange(len(first)), edges):
        if len(part) < 2:
            continue
        order = part[np.argsort(-first[part], kind="stable")]
        best[order] = first[order[0]]
        best[order[0]] = first[order[1]]
        rank[order] = np.minimum(np.arange(len(order)), 10)
    return best, rank


def _same_look(traits: Matrix, levels: Matrix, first: Matrix) -> tuple[Matrix, Matrix]:
    """Return mean rating and count of the other candidates with exactly the same look."""
    coarse = np.hstack([traits, np.round(levels[:, :4]), levels[:, 4:5] > 1.6])
    groups: dict[bytes, list[int]] = {}
    for index, look in enumerate(coarse.astype(np.int8)):
        groups.setdefault(look.tobytes(), []).append(index)
    mean, count = np.full_like(first, -1.0), np.zeros_like(first)
    for group in groups.values():
        if len(group) > 1:
            mean[group] = (first[group].sum() - first[group]) / (len(group) - 1)
            count[group] = min(len(group), 20)
    return mean, count


def _likely(first: Matrix, ranks: Matrix) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Return the prose since and until the nearest likely headlines, and their ratings."""
    since, before = _one_way(first, ranks)
    until, after = _one_way(first[::-1], -ranks[::-1])
    return since, until[::-1], before, after[::-1]


def _one_way(first: Matrix, ranks: Matrix) -> tuple[Matrix, Matrix]:
    far, rating = np.full_like(first, _FAR), np.zeros_like(first)
    last: int | None = None
    for index in range(len(first)):
        if last is not None:
            far[index] = min(ranks[index] - ranks[last], _FAR)
            rating[index] = first[last]
        if first[index] >= _LIKELY:
            last = index
    return far, rating
