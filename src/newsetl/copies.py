"""Copies: which articles say what an earlier one says, word for word or nearly.

An article is compared with all that were stored before it. The same words are an exact copy; else
sketches tell how much of the shorter text stands in the longer one (containment). Three rules keep
different stories apart:

- Shingles that stand in many stories (a publisher's footer, a notice) do not count. In how many
  stories one stands is told by how many different openings its articles have, since the copies
  of one story open alike.
- A sketch of few shingles is no evidence.
- A text that holds another one only behind its own opening is no copy of it: pages often end
  with a second story.

Each article costs as many look-ups as its sketch has shingles, whatever is stored.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from newsetl.sketches import Sketch

if TYPE_CHECKING:
    import pyarrow as pa

    from newsetl.sketches import Numbers

MAX_STORIES = 6
"""A shingle that stands in more stories does not count."""
MIN_SHINGLES = 6
MIN_CONTAINMENT = 0.5
COVERED = 0.8
"""A copy at least as close adds nothing that its original does not find: it is not looked up."""
OPENING = 0.25
MIN_OPENING_SHARE = 0.25
"""Share of the longer text that is its opening, and how much of that must be shared."""
SAME_OPENING_SHARE = 0.5
"""Articles that share more of the shorter one's opening are taken for one story when counting."""
_COUNTED_ARTICLES = 64
_CANDIDATES = 8
"""Articles with the most shingles in common that are looked at closely."""


@dataclass(frozen=True)
class Copy:
    """The article that another one is a copy of, and how much of the shorter one they share."""

    original: str
    score: float


class Stored(Protocol):
    """The sketches of stored articles, found by hash."""

    def same(self, exact: "Sequence[int]") -> dict[int, str]:
        """Return hash of all words → the first article that has it."""

    def holding(self, hashes: "Numbers", *, most: int) -> tuple["Numbers", dict[int, list[int]]]:
        """Return in how many articles each hash stands, and hash → places of up to `most`."""

    def sketch(self, place: int) -> "Numbers": ...

    def article_id(self, place: int) -> str: ...


def find(articles: Sequence[tuple[str, Sketch]], stored: Stored | None = None) -> dict[str, Copy]:
    """Return article id → what it is a copy of, for the copies among `articles`.

    An article is compared with the stored ones and with those before it, so what was stored first
    is the original, and later runs change no row.
    """
    copies = _exact(articles, stored)
    rest = [(key, sketch) for key, sketch in articles if key not in copies]
    search = _Search([sketch for _, sketch in rest], stored)
    for key, sketch in rest:
        found = search.nearest(sketch)
        if found:
            copies[key] = found
        if not found or found.score < COVERED:
            search.add(key, sketch)
    return copies


def marked(table: "pa.Table", found: Mapping[str, Copy]) -> "pa.Table":
    """Return rows of articles with what each is a copy of."""
    import pyarrow as pa

    articles = [found.get(key) for key in table["article_id"].to_pylist()]
    values = {
        "duplicate_of": [copy and copy.original for copy in articles],
        "duplicate_score": [copy and copy.score for copy in articles],
    }
    for name, column in values.items():
        field = table.schema.field(name)
        table = table.set_column(
            table.schema.names.index(name), field, pa.array(column, field.type)
        )
    return table


def _exact(articles: Iterable[tuple[str, Sketch]], stored: Stored | None) -> dict[str, Copy]:
    articles = list(articles)
    first = stored.same([sketch.exact for _, sketch in articles]) if stored else {}
    copies = {}
    for key, sketch in articles:
        original = first.setdefault(sketch.exact, key)
        if original != key:
            copies[key] = Copy(original, 1.0)
    return copies


class _Search:
    """The articles that a new one may be a copy of: stored ones, and those of this run."""

    def __init__(self, sketches: Sequence[Sketch], stored: Stored | None) -> None:
        self.stored = stored
        self.own: list[tuple[str, Numbers]] = []
        self.where: defaultdict[int, list[int]] = defaultdict(list)
        self.hashes, self.stories = _stories([sketch.hashes for sketch in sketches])
        if stored and len(self.hashes):
            counts, places = stored.holding(self.hashes, most=MAX_STORIES)
            self.stories = self.stories + counts
            for value, found in places.items():
                self.where[value].extend(-1 - place for place in found)

    def add(self, key: str, sketch: Sketch) -> None:
        place = len(self.own)
        self.own.append((key, sketch.hashes))
        for value in sketch.hashes.tolist():
            self.where[value].append(place)

    def nearest(self, sketch: Sketch) -> Copy | None:
        """Return the article that shares most with this one, if that makes it a copy."""
        hashes = self._telling(sketch.hashes)
        if len(hashes) < MIN_SHINGLES:
            return None
        shared = Counter(place for value in hashes.tolist() for place in self.where.get(value, ()))
        best: Copy | None = None
        ranked = sorted(shared.items(), key=lambda item: (-item[1], item[0]))
        for place, count in ranked[:_CANDIDATES]:
            if count < MIN_CONTAINMENT * MIN_SHINGLES:
                break
            other = self._telling(self._sketch(place))
            score = _containment(hashes, other)
            if score >= MIN_CONTAINMENT and (best is None or score > best.score):
                best = Copy(self._key(place), score)
        return best

    def _telling(self, hashes: "Numbers") -> "Numbers":
        """Return the hashes that do not stand in too many stories."""
        import numpy as np

        at = np.searchsorted(self.hashes, hashes)
        at[at == len(self.hashes)] = 0
        is_known = self.hashes[at] == hashes
        telling: Numbers = hashes[~(is_known & (self.stories[at] > MAX_STORIES))]
        return telling

    def _sketch(self, place: int) -> "Numbers":
        if place >= 0:
            return self.own[place][1]
        assert self.stored is not None
        return self.stored.sketch(-1 - place)

    def _key(self, place: int) -> str:
        if place >= 0:
            return self.own[place][0]
        assert self.stored is not None
        return self.stored.article_id(-1 - place)


def _stories(sketches: Sequence["Numbers"]) -> tuple["Numbers", "Numbers"]:
    """Return the hashes of some articles, sorted, and in how many stories each stands.

    Counting stops above the limit, so a hash costs the same however many articles have it.
    """
    import numpy as np

    every = np.concatenate([*sketches, np.empty(0, np.uint32)])
    articles = np.repeat(np.arange(len(sketches)), [len(item) for item in sketches])
    articles = articles[np.argsort(every, kind="stable")]
    hashes, first, counts = np.unique(np.sort(every), return_index=True, return_counts=True)
    openings = [frozenset(_opening(item).tolist()) for item in sketches]
    for number in np.flatnonzero(counts > MAX_STORIES):
        start = first[number]
        seen = articles[start : start + min(int(counts[number]), _COUNTED_ARTICLES)]
        counts[number] = _count_stories([openings[article] for article in seen])
    return hashes, counts.astype(np.uint32)


def _count_stories(openings: Sequence[frozenset[int]]) -> int:
    """Return how many of the openings are different ones, at most one more than the limit."""
    different: list[frozenset[int]] = []
    for opening in openings:
        if len(different) > MAX_STORIES:
            break
        if not any(_open_alike(opening, other) for other in different):
            different.append(opening)
    return len(different)


def _open_alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) > SAME_OPENING_SHARE * min(len(one), len(other))


def _opening(hashes: "Numbers") -> "Numbers":
    return hashes[: max(1, int(len(hashes) * OPENING))]


def _containment(one: "Numbers", other: "Numbers") -> float:
    """Return the share of the shorter sketch that the longer one has; 0 for no copies."""
    import numpy as np

    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < MIN_SHINGLES:
        return 0.0
    if np.isin(_opening(longer), shorter).mean() < MIN_OPENING_SHARE:
        return 0.0
    return float(np.isin(shorter, longer).mean())
