"""What is stored already, asked without reading the tables.

Beside the tables, in `.lookups`, stands for each part what finds its rows: sorted keys, and for
articles their sketches by hash. The files are mapped into memory, so a question touches a few
pages of them. They hold nothing that the parts do not: what is missing is made anew.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.copies import COVERED
from newsetl.sketches import Sketch, sketch
from newsetl.stores import parquet as store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from newsetl.sketches import Numbers

    Arrays = dict[str, npt.NDArray[Any]]

FOLDER = ".lookups"
KEYS = (
    ("documents", "document_id"),
    ("articles", "article_id"),
    ("rejects", "reject_id"),
    ("payloads", "payload_id"),
    ("payloads", "content_sha256"),
)
"""Tables and columns of hexadecimal keys that can be asked for."""

_KEY_OF = dict(reversed(KEYS))
_KEY_DIGITS = 24
"""Digits of a key that are compared: all of an id's, 96 bits of a longer hash."""
_SKETCHED = ("article_id", "text", "duplicate_of", "duplicate_score")


class Lookups:
    """Questions to one snapshot; `sketches` are those of articles that were made already."""

    def __init__(
        self, to: Path, snapshot: Path | None, *, sketches: Mapping[str, Sketch] | None = None
    ) -> None:
        self.folder = to / FOLDER
        self.parts = store.parts_of(snapshot)
        self._merged = store.merged_from(snapshot)
        self._made = sketches or {}
        self._keys: dict[tuple[str, str], list[npt.NDArray[np.bytes_]]] = {}

    @property
    def tables(self) -> Collection[str]:
        """The tables whose keys can be asked for."""
        return {table for table, _ in KEYS}

    def known(self, table: str, keys: Collection[str], *, column: str = "") -> set[str]:
        """Return those of `keys` that the table has, by its own key or by another column."""
        import numpy as np

        if not keys:
            return set()
        keys = list(keys)
        asked = _packed(keys)
        found = np.zeros(len(keys), dtype=bool)
        for stored in self._sorted(table, column or _KEY_OF[table]):
            if len(stored):
                at = np.searchsorted(stored, asked)
                at[at == len(stored)] = 0
                found |= stored[at] == asked
        return {key for key, is_known in zip(keys, found, strict=True) if is_known}

    @cached_property
    def sketches(self) -> "StoredSketches":
        """The sketches of all stored articles."""
        return StoredSketches([self._sketches(part) for part in self.parts.get("articles", ())])

    def refresh(self) -> None:
        """Make what is missing for this snapshot, and remove what no part of it needs."""
        for table, column in KEYS:
            self._sorted(table, column)
        _ = self.sketches
        needed = {part.stem for files in self.parts.values() for part in files}
        for file in self.folder.glob("*"):
            if file.name.split(".")[0] not in needed:
                file.unlink(missing_ok=True)

    def _sorted(self, table: str, column: str) -> "list[npt.NDArray[np.bytes_]]":
        if (table, column) not in self._keys:
            self._keys[table, column] = [
                self._arrays(part, (column,), partial(_keys_of, part, column))[column]
                for part in self.parts.get(table, ())
            ]
        return self._keys[table, column]

    def _sketches(self, part: Path) -> "Arrays":
        return self._arrays(part, _SKETCH_ARRAYS, lambda: self._sketches_of(part))

    def _sketches_of(self, part: Path) -> "Arrays":
        """Return the sketches of a part, those of the parts it was merged from taken over."""
        members = self._merged.get(part.name, ())
        stems = [Path(name).stem for name in members]
        is_made = all(self._file(stem, "starts").exists() for stem in stems)
        made = [self._load(stem, _SKETCH_ARRAYS) for stem in stems] if is_made else []
        skip = sum(len(item["ids"]) for item in made)
        return _joined([*made, _sketched(part, self._made, skip=skip)])

    def _arrays(self, part: Path, names: Sequence[str], make: "Callable[[], Arrays]") -> "Arrays":
        """Return arrays of a part, mapped into memory; made and written first where missing."""
        if not all(self._file(part.stem, name).exists() for name in names):
            with store.writing(self.folder):
                self.folder.mkdir(exist_ok=True)
                for name, array in make().items():
                    _save(self._file(part.stem, name), array)
        return self._load(part.stem, names)

    def _load(self, stem: str, names: Sequence[str]) -> "Arrays":
        import numpy as np

        return {name: np.load(self._file(stem, name), mmap_mode="r") for name in names}

    def _file(self, stem: str, name: str) -> Path:
        return self.folder / f"{stem}.{name}.npy"


class StoredSketches:
    """The sketches of stored articles; a place counts through the parts, row by row."""

    def __init__(self, parts: "Sequence[Arrays]") -> None:
        self._parts = parts
        self._bases = [0]
        for part in parts:
            self._bases.append(self._bases[-1] + len(part["ids"]))

    def same(self, exact: Sequence[int]) -> dict[int, str]:
        """Return hash of all words → the first article that has it."""
        import numpy as np

        asked = np.unique(np.array(exact, dtype=np.uint64))
        found: dict[int, str] = {}
        for part in self._parts:
            stored = part["exact"]
            at = np.searchsorted(stored, asked)
            for place in np.flatnonzero(at < len(stored)):
                if stored[at[place]] == asked[place]:
                    row = part["exact_rows"][at[place]]
                    found.setdefault(int(asked[place]), _unpacked(part["ids"][row]))
        return found

    def holding(self, hashes: "Numbers", *, most: int) -> tuple["Numbers", dict[int, list[int]]]:
        """Return in how many articles each hash stands, and hash → places where at most `most`."""
        import numpy as np

        ranges = [
            (np.searchsorted(part["held"], hashes), np.searchsorted(part["held"], hashes, "right"))
            for part in self._parts
        ]
        counts = np.zeros(len(hashes), dtype=np.uint32)
        for first, last in ranges:
            counts += (last - first).astype(np.uint32)
        places: dict[int, list[int]] = {}
        for number in np.flatnonzero((counts > 0) & (counts <= most)):
            places[int(hashes[number])] = [
                base + int(row)
                for part, base, (first, last) in zip(self._parts, self._bases, ranges, strict=False)
                for row in part["held_rows"][first[number] : last[number]]
            ]
        return counts, places

    def sketch(self, place: int) -> "Numbers":
        part, row = self._find(place)
        start, end = part["starts"][row : row + 2]
        hashes: Numbers = part["hashes"][int(start) : int(end)]
        return hashes

    def article_id(self, place: int) -> str:
        part, row = self._find(place)
        return _unpacked(part["ids"][row])

    def _find(self, place: int) -> "tuple[Arrays, int]":
        number = next(n for n, base in enumerate(self._bases[1:]) if place < base)
        return self._parts[number], place - self._bases[number]


_SKETCH_ARRAYS = ("ids", "exact", "exact_rows", "starts", "hashes", "held", "held_rows")
"""Of each row its id and where its sketch starts; exact and kept hashes, sorted, with rows."""


def _keys_of(part: Path, column: str) -> "Arrays":
    import numpy as np

    return {column: np.sort(_packed(store.read_column(part, column).to_pylist()))}


def _packed(keys: Sequence[str]) -> "npt.NDArray[np.bytes_]":
    """Return hexadecimal keys as 12 bytes each."""
    import numpy as np

    joined = "".join(key[:_KEY_DIGITS] for key in keys)
    return np.frombuffer(bytes.fromhex(joined), dtype=f"S{_KEY_DIGITS // 2}")


def _unpacked(key: bytes) -> str:
    """Return the key again; numpy leaves out zeros at the end of bytes."""
    return key.ljust(_KEY_DIGITS // 2, b"\0").hex()


def _sketched(part: Path, made: Mapping[str, Sketch], *, skip: int) -> "Arrays":
    """Return the arrays of the rows of a part from row `skip` on; sketches in `made` are taken."""
    import numpy as np

    table = store.read_columns(part, _SKETCHED, skip=skip)
    ids = table["article_id"].to_pylist()
    found = [
        made[key] if key in made else sketch(text.as_py())
        for key, text in zip(ids, table["text"], strict=True)
    ]
    exact = np.array([item.exact for item in found], dtype=np.uint64)
    scores = table["duplicate_score"].to_pylist()
    lists = [
        item.hashes if score is None or score < COVERED else item.hashes[:0]
        for item, score in zip(found, scores, strict=True)
    ]
    starts = np.zeros(len(ids) + 1, dtype=np.uint64)
    starts[1:] = np.cumsum([len(item) for item in lists])
    return {
        "ids": _packed(ids),
        "exact": exact,
        "exact_rows": np.arange(len(ids), dtype=np.uint32),
        "starts": starts,
        "hashes": np.concatenate([*lists, np.empty(0, np.uint32)]),
        "held": np.concatenate([*lists, np.empty(0, np.uint32)]),
        "held_rows": np.repeat(np.arange(len(ids), dtype=np.uint32), [len(item) for item in lists]),
    }


def _joined(parts: "Sequence[Arrays]") -> "Arrays":
    """Return the arrays of parts that follow each other as those of one."""
    import numpy as np

    joined: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in _SKETCH_ARRAYS}
    rows, hashes = 0, 0
    for part in parts:
        for name in ("ids", "exact", "hashes", "held"):
            joined[name].append(part[name])
        for name in ("exact_rows", "held_rows"):
            joined[name].append(part[name] + np.uint32(rows))
        joined["starts"].append(part["starts"][:-1] + np.uint64(hashes))
        rows, hashes = rows + len(part["ids"]), hashes + len(part["hashes"])
    joined["starts"].append(np.array([hashes], dtype=np.uint64))
    whole = {name: np.concatenate(arrays) for name, arrays in joined.items()}
    for values, places in (("exact", "exact_rows"), ("held", "held_rows")):
        order = np.argsort(whole[values], kind="stable")
        whole[values], whole[places] = whole[values][order], whole[places][order]
    return whole


def _save(file: Path, array: "npt.NDArray[Any]") -> None:
    """Write an array so that a crash leaves all of it or nothing."""
    import numpy as np

    draft = file.with_suffix(".draft")
    with draft.open("wb") as out:
        np.save(out, array)
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
