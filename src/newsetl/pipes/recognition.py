"""ner's greedy search by arrays, over all tokens of many docs at once.

spaCy's ner reads three tokens: the next one and, within an entity, its first and its last so far.
Outside entities the choice therefore hangs on the next token alone, and is made for all tokens in
one product. Each token that may open an entity is followed to that entity's end, all of them side
by side; then the entities are taken from left to right, as the search meets them. What may follow
what is as in spaCy 3.8 (`spacy/pipeline/_parser_internals/ner.pyx`), and so are the entities.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from newsetl.pipes import transitions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.intp]

_MOST_TOGETHER = 24
"""Tokens after its first one for which an entity is followed beside all others."""

_STEP_TOKENS = 4_096
"""Tokens whose scores are in memory at a time."""

_FEATURES = 3
"""Tokens that a state shows: the next one, the open entity's first, its last so far."""


@Language.factory(
    "newsetl_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"of": "ner"},
)
def make_ner(nlp: Language, name: str, of: str) -> "Recognizer":  # noqa: ARG001 - spaCy's signature
    """Return the component; it does the work of the pipeline's component `of`, switched off."""
    return Recognizer(nlp.get_pipe(of))


def can_recognize(component: Any) -> bool:
    """Return whether a pipe is an ner that takes the best transition each time."""
    from spacy.pipeline import EntityRecognizer

    return isinstance(component, EntityRecognizer) and transitions.can_step(component)


class Recognizer:
    """An ner component of spaCy, searched by arrays where its model has the usual shape.

    Other models, and docs on which entities are marked already, are searched step by step.
    """

    def __init__(self, component: Any) -> None:
        self.component = component

    def __call__(self, doc: Doc) -> Doc:
        self._annotate([doc])
        return doc

    def pipe(
        self, stream: Iterable[Doc], batch_size: int = transitions.BATCH_DOCS
    ) -> Iterator[Doc]:
        waiting = iter(stream)
        while docs := list(itertools.islice(waiting, batch_size)):
            self._annotate(docs)
            yield from docs

    def _annotate(self, docs: list[Doc]) -> None:
        filled = [doc for doc in docs if len(doc)]
        is_marked = any(doc.has_annotation("ENT_IOB") for doc in filled)
        if is_marked or not _is_usual(self.component.model):
            transitions.annotate(self.component, docs)
        elif filled:
            for doc, spans in zip(filled, _search(self.component, filled), strict=True):
                doc.set_ents([Span(doc, *span) for span in spans], default="outside")


def _is_usual(model: Any) -> bool:
    lower = model.get_ref("lower")
    has_usual_layers = model.attrs["has_upper"] and not model.attrs["unseen_classes"]
    return bool(has_usual_layers and lower.get_dim("nF") == _FEATURES and lower.get_dim("nP") > 1)


def _search(component: Any, docs: list[Doc]) -> Iterator[list[tuple[int, int, int]]]:
    """Yield the entities of each doc: first token, token behind the last, label."""
    import numpy as np

    tokens = _Tokens(docs)
    following = _Following(tokens, _Scores(component.model, docs), _Moves(component))
    starts, ends, ids = following.starts.tolist(), following.ends(), following.ids.tolist()
    at = np.searchsorted(following.starts, tokens.bounds).tolist()
    for (low, high), offset in zip(itertools.pairwise(at), tokens.bounds.tolist(), strict=False):
        found: list[tuple[int, int, int]] = []
        free = offset
        for index in range(low, high):
            # What starts within the entity before is not come to.
            if starts[index] >= free:
                free = ends[index] or following.end(index)
                found.append((starts[index] - offset, free - offset, ids[index]))
        yield found


class _Following:
    """The tokens that may open an entity, each followed to the entity's end."""

    def __init__(self, tokens: "_Tokens", scores: "_Scores", moves: "_Moves") -> None:
        self._tokens, self._scores, self._moves = tokens, scores, moves
        self.starts, self._labels, self._are_open = moves.opened(scores, tokens)
        self.ids = moves.label_ids[self._labels]

    def ends(self) -> list[int]:
        """Return where each ends, behind its last token; 0 where that is not known yet.

        Long ones are not followed all at once: if each token of a long run may open one, that takes
        time by the square of its length.
        """
        import numpy as np

        ends = self.starts + 1
        are_open = np.flatnonzero(self._are_open)
        ends[are_open] = self._followed(are_open, most=_MOST_TOGETHER)
        found: list[int] = ends.tolist()
        return found

    def end(self, index: int) -> int:
        """Return where the entity of one start ends, however far that is."""
        import numpy as np

        return int(self._followed(np.array([index]), most=len(self._tokens.is_space))[0])

    def _followed(self, which: "Places", *, most: int) -> "Places":
        """Return where these starts' entities end; 0 if one has more than `most` tokens and one."""
        import numpy as np

        ends = self.starts[which] + 1
        firsts, labels = self._scores.of_firsts(self.starts[which]), self._labels[which]
        still = np.arange(len(which))
        for _ in range(most):
            if not len(still):
                break
            at = ends[still]
            ends[still] += 1
            goes_on = self._moves.go_on(self._scores.within(firsts[still], at), labels[still])
            still = still[goes_on & self._tokens.may_go_on[at]]
        ends[still] = 0
        return ends


class _Tokens:
    """What decides which transitions are allowed; an entry a token, of all docs in a row."""

    def __init__(self, docs: Sequence[Doc]) -> None:
        import numpy as np

        self.bounds = np.cumsum([0, *map(len, docs)])
        marks = np.concatenate([doc.to_array(["IS_SPACE", "SENT_START"]) for doc in docs]) == 1
        self.is_space: Flags = marks[:, 0]
        self.may_go_on: Flags = np.append(~marks[1:, 1], False)
        self.may_go_on[self.bounds[1:] - 1] = False
        """Neither the last of a sentence nor of its doc: an entity may have the next token, too."""


class _Scores:
    """The scores of the transitions in any state, from the layers of the model."""

    def __init__(self, model: Any, docs: list[Doc]) -> None:
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        self._vectors: Floats = model.get_ref("tok2vec").predict(docs)
        # Pieces before outputs, so that those of one piece lie together.
        self._pieces: int = lower.get_dim("nP")
        width = lower.get_dim("nO") * self._pieces
        weights = lower.get_param("W").transpose(0, 2, 1, 3).reshape(_FEATURES, width, -1)
        self._weights: list[Floats] = [weight.T for weight in weights]
        pads = lower.get_param("pad")[0].transpose(0, 2, 1).reshape(_FEATURES, width)
        self._nothing: Floats = pads[1] + pads[2]
        self._upper: tuple[Floats, Floats] = (upper.get_param("W").T, upper.get_param("b"))
        self._bias: Floats = lower.get_param("b").T.reshape(width)

    def outside(self, columns: "Places") -> "Iterator[tuple[slice, Floats]]":
        """Yield tokens × columns, some tokens at a time, with the place of these tokens.

        The states are those in which each token is next and no entity is open.
        """
        weights, bias = self._upper
        weights, bias = weights[:, columns], bias[columns]
        for start in range(0, len(self._vectors), _STEP_TOKENS):
            which = slice(start, start + _STEP_TOKENS)
            states: Floats = self._vectors[which] @ self._weights[0]
            states += self._bias + self._nothing
            scores: Floats = self._hidden(states) @ weights
            yield which, scores + bias

    def of_firsts(self, starts: "Places") -> "Floats":
        """Return what the first tokens of open entities add to the states."""
        states: Floats = self._vectors[starts] @ self._weights[1]
        return states

    def within(self, firsts: "Floats", nexts: "Places") -> "Floats":
        """Return entities × transitions: the states in which the tokens `nexts` are next."""
        states: Floats = self._vectors[nexts] @ self._weights[0]
        states += self._vectors[nexts - 1] @ self._weights[2]
        states += firsts + self._bias
        weights, bias = self._upper
        scores: Floats = self._hidden(states) @ weights
        return scores + bias

    def _hidden(self, states: "Floats") -> "Floats":
        import numpy as np

        return reduce(np.maximum, np.split(states, self._pieces, axis=1))


class _Moves:
    """The transitions by kind; of equal ones the first wins, as in spaCy."""

    def __init__(self, component: Any) -> None:
        import numpy as np

        moves = component.moves  # its `move_names` leave one out, and then places are wrong
        names = [moves.get_class_name(place) for place in range(moves.n_moves)]
        at = {name: place for place, name in enumerate(names)}
        labels = [name[2:] for name in names if name.startswith("B-")]
        self.label_ids = np.array([component.vocab.strings[label] for label in labels], np.uint64)
        self._begin, self._in, self._last, self._unit = (
            np.array([at[f"{kind}-{label}"] for label in labels]) for kind in "BILU"
        )
        self._out = at["O"]

    def opened(self, scores: _Scores, tokens: _Tokens) -> "tuple[Places, Places, Flags]":
        """Return the tokens that open an entity where none is open, its label, whether it is open.

        One that is not open has one token.
        """
        import numpy as np

        columns = np.concatenate([self._begin, self._unit, [self._out]])
        order = np.argsort(columns)
        columns = columns[order]
        count = len(self._begin)
        is_begin, is_out = order < count, order == 2 * count
        best = np.empty(len(tokens.is_space), dtype=np.intp)
        for which, found in scores.outside(columns):
            found[np.ix_(~tokens.may_go_on[which], is_begin)] = -np.inf
            found[np.ix_(tokens.is_space[which], ~is_out)] = -np.inf
            best[which] = order[found.argmax(axis=1)]
        starts = np.flatnonzero(best < 2 * count)
        chosen = best[starts]
        return starts, chosen % count, chosen < count

    def go_on(self, scores: "Floats", labels: "Places") -> "Flags":
        """Return whether each open entity, with its label, has more than the next token."""
        import numpy as np

        rows = np.arange(len(labels))
        goes_on: Flags = scores[rows, self._in[labels]] >= scores[rows, self._last[labels]]
        return goes_on
