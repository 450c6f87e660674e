"""Numbers about the pieces of a page: one row a feature, one column a piece."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Table = NDArray[np.float32]
Places = NDArray[np.int64]
Marks = NDArray[np.bool_]
Rows = NDArray[Any]
"""A row, or a block of rows one below the other."""

_FAR = 30


def tabulate(parts: Iterable[Rows], *, rows: int, columns: int) -> Table:
    """Return rows, and blocks of rows, one below the other, as the forests take them."""
    table, at = np.empty((rows, columns), dtype=np.float32), 0
    for part in parts:
        end = at + (1 if part.ndim == 1 else len(part))
        table[at:end] = part
        at = end
    return table


def bits(values: Places, count: int) -> Places:
    """Return a row for each of the lowest `count` bits."""
    return (values >> np.arange(count)[:, None]) & 1


def shifted(values: Rows, shift: int) -> Rows:
    """Return rows whose place `i` is place `i + shift` of `values`, -1 where there is none."""
    found: Rows = np.full_like(values, -1)
    if shift < 0:
        found[..., -shift:] = values[..., :shift]
    else:
        found[..., :-shift] = values[..., shift:]
    return found


def since(marks: Marks, *, most: int = _FAR) -> Matrix:
    """Return for each place the places since the last mark before it, at most `most`."""
    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -most))
    before = np.concatenate([[-most], last[:-1]])
    return np.asarray(np.minimum(index - before, most), dtype=np.float64)


def until(marks: Marks, *, most: int = _FAR) -> Matrix:
    """Return for each place the places to the next mark behind it, at most `most`."""
    return since(marks[::-1], most=most)[::-1]
