"""The embeddings that ner reads, made once for each word form.

A tok2vec embeds a token from what its form shows (norm, prefix, suffix, shape, word vector), and
only then looks at its neighbours. News repeats its words, so most forms have been embedded already:
their rows are looked up. The rows are those that spaCy makes, and so are the entities.
"""

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

    Floats = npt.NDArray[np.float32]
    Hashes = npt.NDArray[np.uint64]

MOST_FORMS = 2**16
"""Forms that are remembered; 25 MB with the width of 96 that ours has. Then all are forgotten."""

_MULTIPLIERS = (
    0x9E3779B97F4A7C15,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0xD6E8FEB86659FD93,
    0xA0761D6478BD642F,
    0xE7037ED1A0B428DB,
    0x8EBC6AF09C88C6E3,
    0x589965CC75374CC3,
)
"""Odd numbers without pattern, one a column; spaCy's attributes are 64-bit hashes already."""

_READS_TOKENS = {"extract_features", "static_vectors"}
_READS_NUMBERS = {"list2ragged", "ragged2list", "ints-getitem", "hashembed"}
_READS_NUMBERS |= {"maxout", "layernorm", "dropout"}


def remember_forms(tok2vec: Any) -> bool:
    """Let a model remember what it made of each form; return whether it is of the kind that can.

    `tok2vec` is a thinc model with an `embed` of spaCy's MultiHashEmbed, with word vectors or
    without. Others (characters, transformers, listeners) stay as they are. In training the model
    works as before.
    """
    embed = tok2vec.get_ref("embed")
    leaves = {node.name for node in embed.walk() if not node.layers}
    if "extract_features" not in leaves or leaves - _READS_TOKENS - _READS_NUMBERS:
        return False
    columns = next(n for n in embed.walk() if n.name == "extract_features").attrs["columns"]
    if len(columns) >= len(_MULTIPLIERS):
        return False
    from thinc.api import Model

    # The same layers under the same name: what is stored to disk is the model as it was.
    node: Any = Model(embed.name, Forms(embed, columns), layers=embed.layers)
    tok2vec.replace_node(embed, node)
    return True


class Forms:
    """The forms met so far, each with its row; called as the forward function of a model."""

    def __init__(self, embed: Any, columns: list[str | int]) -> None:
        self._embed = embed
        self._columns: list[int | str] = ["ORTH", *columns]
        self._places: dict[int, int] = {}
        self._table: Floats | None = None
        self._lock = threading.Lock()

    def __call__(self, _: Any, docs: list["Doc"], is_train: bool) -> Any:  # noqa: FBT001 - thinc's
        if is_train or not any(map(len, docs)):
            return self._embed(docs, is_train)
        return self.rows(docs), lambda _: []

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process makes its own rows."""
        return Forms, (self._embed, self._columns[1:])

    def rows(self, docs: list["Doc"]) -> list["Floats"]:
        """Return an array for each doc, tokens × width."""
        import numpy as np

        features = np.concatenate([doc.to_array(self._columns) for doc in docs])
        multipliers = np.array(_MULTIPLIERS[: features.shape[1]], dtype=np.uint64)
        hashes = (features * multipliers).sum(axis=1, dtype=np.uint64)
        keys, first, which = np.unique(hashes, return_index=True, return_inverse=True)
        with self._lock:
            places = self._placed(docs[0].vocab, keys.tolist(), features[first])
            found = None if places is None or self._table is None else self._table[places[which]]
        if found is None:
            rows: list[Floats] = self._embed.predict(docs)
            return rows
        ends = np.cumsum([len(doc) for doc in docs])
        return np.split(found, ends[:-1])

    def _placed(
        self, vocab: "Vocab", keys: list[int], features: "Hashes"
    ) -> "npt.NDArray[np.int64] | None":
        """Return where each form stands in the table; None if one cannot be made by itself."""
        import numpy as np

        if len(keys) > MOST_FORMS:
            return None
        places = self._look_up(keys)
        new = np.flatnonzero(places < 0)
        if len(self._places) + len(new) > MOST_FORMS:
            self._places.clear()
            new = np.arange(len(keys))
        if len(new):
            rows = self._made(vocab, features[new])
            if rows is None:
                return None
            self._add([keys[index] for index in new], rows)
            places = self._look_up(keys)
        return places

    def _look_up(self, keys: list[int]) -> "npt.NDArray[np.int64]":
        import numpy as np

        found = self._places
        return np.array([found.get(key, -1) for key in keys], dtype=np.int64)

    def _add(self, keys: list[int], rows: "Floats") -> None:
        import numpy as np

        if self._table is None:
            self._table = np.empty((MOST_FORMS, rows.shape[1]), dtype=rows.dtype)
        start = len(self._places)
        self._table[start : start + len(rows)] = rows
        self._places.update(zip(keys, range(start, start + len(rows)), strict=True))

    def _made(self, vocab: "Vocab", features: "Hashes") -> "Floats | None":
        """Return the rows of forms, embedded as the words of a doc; None if that changes them."""
        from spacy.tokens import Doc

        columns = self._columns
        doc = Doc(vocab, words=[vocab.strings[int(orth)] for orth in features[:, 0]])
        own: list[int | str] = [name for name in ("NORM", "SPACY") if name in columns]
        if own:
            values: Any = features[:, [columns.index(name) for name in own]]
            doc.from_array(own, values)
        if (doc.to_array(columns) != features).any():
            return None
        rows: Floats = self._embed.predict([doc])[0]
        return rows
