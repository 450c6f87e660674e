"""How ner sees a token's neighbours: the second half of a tok2vec, run on some tokens at a time.

spaCy's usual encoder (MaxoutWindowEncoder) lets each token see its two neighbours, four times over.
Here the same sums are done on as many tokens as fit the processor's cache, and in place; half of
what spaCy takes beside the matrix products falls away. The numbers differ in the last digit or two.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

PIECE_TOKENS = 1_000
"""Tokens that are encoded together; 700 to 1,500 measured alike."""

_LAYER = "residual(expand_window>>maxout>>layernorm>>dropout)"
_EPSILON = 1e-8
"""What thinc's layernorm adds to a variance."""


def encode_in_pieces(tok2vec: Any) -> None:
    """Let the `encode` of a tok2vec work on some tokens at a time; in training it works as before.

    An encoder of another kind than MaxoutWindowEncoder with a window of one stays as it is.
    """
    from thinc.api import Model

    encode = tok2vec.get_ref("encode")
    layers = _layers(encode)
    if layers:
        pieces = Pieces(encode, layers)
        node: Any = Model(encode.name, pieces, layers=encode.layers, attrs=encode.attrs)
        tok2vec.replace_node(encode, node)


class Pieces:
    """A model of a list of arrays that is run on some rows at a time; its forward function."""

    def __init__(self, encode: Any, layers: Sequence[tuple[Any, Any]]) -> None:
        self._encode = encode
        self._layers = layers

    def __call__(self, _: Any, docs: list["Floats"], is_train: bool) -> Any:  # noqa: FBT001 - thinc's
        if is_train or not docs:
            return self._encode(docs, is_train)
        pad: int = self._encode.attrs["pad"]
        rows = _together(docs, pad)
        return _apart(_in_pieces(rows, self._layers, pad), docs, pad), lambda _: []


def _layers(encode: Any) -> list[tuple[Any, Any]]:
    """Return maxout and layernorm of each layer; none if the layers are not of the usual kind."""
    nodes = list(encode.walk())
    maxouts = [node for node in nodes if node.name == "maxout"]
    norms = [node for node in nodes if node.name == "layernorm"]
    windows = [node.attrs["window_size"] for node in nodes if node.name == "expand_window"]
    layers = ">>".join([_LAYER] * len(maxouts))
    is_usual = encode.name == f"with_array({layers})" and windows == [1] * len(maxouts)
    sees_enough = len(maxouts) <= encode.attrs.get("pad", 0)
    return list(zip(maxouts, norms, strict=True)) if is_usual and sees_enough else []


def _in_pieces(rows: "Floats", layers: Sequence[tuple[Any, Any]], pad: int) -> "Floats":
    """Return what the layers make of all rows; each sees as far as `pad` rows away."""
    import numpy as np

    weights = [_side_by_side(maxout) for maxout, _ in layers]
    norms = [norm for _, norm in layers]
    encoded = np.empty_like(rows)
    for start in range(0, len(rows), PIECE_TOKENS):
        end = start + PIECE_TOKENS
        first = max(0, start - pad)
        seen = _encode(rows[first : end + pad].copy(), weights, norms)
        encoded[start:end] = seen[start - first : end - first]
    return encoded


def _together(docs: Sequence["Floats"], pad: int) -> "Floats":
    """Return the rows of all docs, `pad` rows of noughts before, between and behind them."""
    import numpy as np

    width = docs[0].shape[1]
    rows = np.zeros((sum(map(len, docs)) + pad * (len(docs) + 1), width), dtype=docs[0].dtype)
    start = pad
    for doc in docs:
        rows[start : start + len(doc)] = doc
        start += len(doc) + pad
    return rows


def _apart(rows: "Floats", docs: Sequence["Floats"], pad: int) -> list["Floats"]:
    found: list[Floats] = []
    start = pad
    for doc in docs:
        found.append(rows[start : start + len(doc)])
        start += len(doc) + pad
    return found


def _side_by_side(maxout: Any) -> tuple["Floats", "Floats"]:
    """Return weights and bias of all pieces of a maxout, piece by piece, for one product."""
    weights, bias = maxout.get_param("W"), maxout.get_param("b")
    inputs = weights.shape[2]
    return weights.transpose(2, 1, 0).reshape(inputs, -1), bias.T.reshape(-1)


def _encode(
    rows: "Floats", weights: Sequence[tuple["Floats", "Floats"]], norms: Sequence[Any]
) -> "Floats":
    """Change `rows` into what the layers make of them, and return them."""
    import numpy as np

    width = rows.shape[1]
    seen = np.zeros((len(rows), 3 * width), dtype=rows.dtype)
    pieces = np.empty((len(rows), weights[0][1].size), dtype=rows.dtype)
    best = np.empty_like(rows)
    mean = np.full(width, 1 / width, dtype=rows.dtype)
    for (weight, bias), norm in zip(weights, norms, strict=True):
        seen[1:, :width] = rows[:-1]
        seen[:, width : 2 * width] = rows
        seen[:-1, 2 * width :] = rows[1:]
        np.matmul(seen, weight, out=pieces)
        pieces += bias
        best[:] = pieces[:, :width]
        for start in range(width, pieces.shape[1], width):
            np.maximum(best, pieces[:, start : start + width], out=best)
        best -= (best @ mean)[:, None]
        variance = np.einsum("ij,ij->i", best, best) / width + _EPSILON
        best *= (1 / np.sqrt(variance))[:, None]
        best *= norm.get_param("G")
        best += norm.get_param("b")
        rows += best
    return rows
