"""Trees: the learned ratings, read from `weights.json` and applied with numpy.

`benchmarks/train_splitter.py` makes the file. It holds thresholds over layout features and no
text. Two forests: one rates a line by itself, one again with what the document agrees on.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsetl.splitters.prose.features import Matrix


@dataclass(frozen=True)
class Forest:
    """Trees in flat arrays: node `i` asks `row[feature[i]] <= threshold[i]`, a leaf has `value`."""

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Matrix
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Matrix
    base: float

    def rate(self, rows: Matrix) -> Matrix:
        """Return the probability for each row."""
        total = np.full(len(rows), self.base)
        index = np.arange(len(rows))
        for root in self.roots:
            node = np.full(len(rows), root)
            while (inner := self.left[node] >= 0).any():
                below = rows[index, self.feature[node]] <= self.threshold[node]
                step = np.where(below, self.left[node], self.right[node])
                node = np.where(inner, step, node)
            total += self.value[node]
        odds: Matrix = np.exp(np.clip(total, -30, 30))
        return odds / (1.0 + odds)


@dataclass(frozen=True)
class Weights:
    """Both forests, and what was tuned on held-out sources: bias, prior, signs, calibration."""

    first: Forest
    second: Forest
    bias: float
    prior: float
    one: Matrix
    calibration: tuple[float, float]


def forest_of(nodes: dict[str, Any]) -> Forest:
    """Return the forest that the lists of `nodes` describe."""
    return Forest(
        roots=np.array(nodes["roots"], dtype=np.int64),
        feature=np.array(nodes["feature"], dtype=np.int64),
        threshold=np.array(nodes["threshold"], dtype=np.float64),
        left=np.array(nodes["left"], dtype=np.int64),
        right=np.array(nodes["right"], dtype=np.int64),
        value=np.array(nodes["value"], dtype=np.float64),
        base=float(nodes["base"]),
    )


@functools.cache
def load() -> Weights:
    """Return the weights that ship with the package."""
    text = resources.files("newsetl.splitters.prose").joinpath("weights.json").read_text("utf-8")
    data = json.loads(text)
    calibration: Sequence[float] = data["calibration"]
    return Weights(
        first=forest_of(data["first"]),
        second=forest_of(data["second"]),
        bias=data["bias"],
        prior=data["prior"],
        one=np.array(data["one"], dtype=np.float64),
        calibration=(calibration[0], calibration[1]),
    )
