"""Sketches of articles: what tells copies apart without keeping every word.

A shingle is three words in a row. Of all shingle hashes those that are 0 modulo 8 make the
sketch: the same rule for every text, so what two sketches share estimates what the texts share
(A. Broder, "On the resemblance and containment of documents", 1997).
"""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[np.uint32]

SHINGLE_WORDS = 3
KEPT_OF = 8
"""One shingle of so many is kept."""

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_WIDE}]|[^\W{_WIDE}]+")
"""A word; in scripts without spaces a character."""


@dataclass(frozen=True)
class Sketch:
    """The kept hashes of a text in reading order, each once, and the hash of all its words."""

    hashes: "Numbers"
    exact: int


def sketch(text: str) -> Sketch:
    """Return the sketch of a text; case and what stands between words do not count."""
    import numpy as np

    words = _WORD.findall(text.casefold())
    digest = hashlib.blake2b("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8)
    hashes = _shingles([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words])
    kept = hashes[hashes % np.uint64(KEPT_OF) == 0]
    found, first = np.unique((kept >> np.uint64(32)).astype(np.uint32), return_index=True)
    return Sketch(hashes=found[np.argsort(first)], exact=int.from_bytes(digest.digest(), "big"))


def tabulate(texts: Mapping[str, str]) -> "pa.Table":
    """Return the sketches of texts by article id, as a shard keeps them until it is published."""
    import pyarrow as pa

    made = [sketch(text) for text in texts.values()]
    columns = {
        "article_id": pa.array(list(texts), pa.string()),
        "exact": pa.array([item.exact for item in made], pa.uint64()),
        "hashes": pa.array([item.hashes for item in made], pa.list_(pa.uint32())),
    }
    return pa.table(columns)


def rows(table: "pa.Table") -> Iterator[tuple[str, Sketch]]:
    """Yield article id and sketch of what `tabulate` made."""
    for batch in table.to_batches():
        hashes = batch["hashes"]
        starts, numbers = hashes.offsets.to_numpy(), hashes.values.to_numpy()
        named = zip(batch["article_id"].to_pylist(), batch["exact"].to_pylist(), strict=True)
        for place, (key, exact) in enumerate(named):
            yield key, Sketch(numbers[starts[place] : starts[place + 1]], exact)


def _shingles(words: Sequence[int]) -> "npt.NDArray[np.uint64]":
    """Return a 64-bit hash of each run of words; numpy wraps around where numbers overflow."""
    import numpy as np

    numbers = _mixed(np.array(words, dtype=np.uint64) + np.uint64(1))
    count = max(0, len(numbers) - SHINGLE_WORDS + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        hashes = _mixed(hashes + numbers[place : place + count])
    return hashes


def _mixed(numbers: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.uint64]":
    """Return numbers with their bits spread: the finaliser of SplitMix64 (Steele et al., 2014)."""
    import numpy as np

    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
