"""Boosted trees with few leaves, rated with numpy: all questions at once, then the leaf of each.

A piece reaches the leaf on whose path it gives every answer. Each leaf is a row over its tree's
questions: 1 where its path needs a yes, -1 where a no. One matrix product a tree counts the yeses
less those that are wrong, and the leaf is where the count is full (Nakandala et al., "A Tensor
Compiler for Unified ML Prediction Serving", 2020).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsetl.readers.html.columns import Matrix, Table

_BATCH = 512


@dataclass(frozen=True)
class Forest:
    """`t` trees of at most `q` questions and `l` leaves, padded to one size.

    `feature` and `threshold` are t·q long; `path` is t × l × q; `full` and `value` are t × l × 1.
    """

    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    path: NDArray[np.float32]
    full: NDArray[np.float32]
    value: NDArray[np.float32]

    def rate(self, table: Table) -> Matrix:
        """Return the probability for each column of a table of one row a feature."""
        parts = [
            self._total(table[:, start : start + _BATCH])
            for start in range(0, table.shape[1], _BATCH)
        ]
        total = np.concatenate(parts) if parts else np.zeros(0)
        odds: Matrix = 1.0 / (1.0 + np.exp(-np.clip(total, -30, 30)))
        return odds

    def _total(self, table: Table) -> Matrix:
        trees, _, questions = self.path.shape
        count = table.shape[1]
        answers = (table[self.feature] <= self.threshold[:, None]).astype(np.float32)
        reached = np.matmul(self.path, answers.reshape(trees, questions, count)) >= self.full
        found = self.value.ravel() @ reached.reshape(-1, count).astype(np.float32)
        return np.asarray(found, dtype=np.float64)


def plant(trees: list[list[Any]]) -> Forest:
    """Return the forest of nested nodes: `[feature, threshold, left, right]`, or a leaf's value."""
    grown = [_leaves(tree) for tree in trees]
    questions = max(len(asked) for asked, _ in grown)
    leaves = max(len(found) for _, found in grown)
    feature = np.zeros((len(grown), questions), dtype=np.int64)
    threshold = np.zeros((len(grown), questions), dtype=np.float32)
    path = np.zeros((len(grown), leaves, questions), dtype=np.float32)
    full = np.full((len(grown), leaves, 1), 99, dtype=np.float32)
    value = np.zeros((len(grown), leaves, 1), dtype=np.float32)
    for tree, (asked, found) in enumerate(grown):
        for place, (number, limit) in enumerate(asked):
            feature[tree, place], threshold[tree, place] = number, limit
        for place, (answers, worth) in enumerate(found):
            full[tree, place, 0] = sum(sign > 0 for _, sign in answers)
            value[tree, place, 0] = worth
            for question, sign in answers:
                path[tree, place, question] = sign
    return Forest(feature.ravel(), threshold.ravel(), path, full, value)


def _leaves(
    tree: Any,
) -> tuple[list[tuple[int, float]], list[tuple[list[tuple[int, int]], float]]]:
    """Return the questions of a tree, and each leaf with the answers that lead to it."""
    asked: list[tuple[int, float]] = []
    found = []
    pending: list[tuple[Any, list[tuple[int, int]]]] = [(tree, [])]
    while pending:
        node, answers = pending.pop()
        if not isinstance(node, list):
            found.append((answers, float(node)))
            continue
        number = len(asked)
        asked.append((node[0], node[1]))
        pending.append((node[3], [*answers, (number, -1)]))
        pending.append((node[2], [*answers, (number, 1)]))
    return asked, found
