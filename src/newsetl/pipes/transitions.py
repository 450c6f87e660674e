"""ner and parser, a transition at a time for many docs, with the interpreter's lock held.

spaCy's own loop gives the lock up, but the wheels of spaCy 3.8 are built for profiling, so that
each small function in the loop takes it again and gives it back: most of ner's time. Here the same
transitions are taken from outside, as spaCy does in training. What comes out is the same.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

BATCH_DOCS = 32
"""Docs whose transitions are taken together, where the caller says nothing else."""


class Stepwise:
    """A transition-based component of spaCy, its transitions taken by `annotate`."""

    def __init__(self, component: Any) -> None:
        self.component = component

    def __call__(self, doc: "Doc") -> "Doc":
        annotate(self.component, [doc])
        return doc

    def pipe(self, stream: Iterable["Doc"], batch_size: int = BATCH_DOCS) -> Iterator["Doc"]:
        waiting = iter(stream)
        while docs := list(itertools.islice(waiting, batch_size)):
            annotate(self.component, docs)
            yield from docs


def can_step(component: Any) -> bool:
    """Return whether a pipe is a transition-based one that takes the best transition each time."""
    from spacy.pipeline import DependencyParser, EntityRecognizer

    is_known = isinstance(component, DependencyParser | EntityRecognizer)
    return is_known and component.cfg["beam_width"] == 1


def annotate(component: Any, docs: Sequence["Doc"]) -> None:
    """Mark the docs as the component marks them: entities, or heads and dependencies."""
    states = component.moves.init_batch(docs)
    left = [state for state in states if not state.is_final()]
    if left:
        steps = component.model.predict(docs)
        while left:
            left = component.transition_states(left, steps.predict(left))
        steps.clear_memory()
    component.set_annotations(docs, states)
