"""Syntax on demand: a pipeline's tagger and parser, run on chosen sentences alone.

Parsing costs more than all else that a layer does, and few sentences need it. A pipeline that holds
a parser and has it switched off says: parse on demand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc, Span

from newsetl.pipes.speech import Speech
from newsetl.pipes.transitions import Stepwise, can_step

if TYPE_CHECKING:
    from spacy.language import Language

PIPES = ("tok2vec", "transformer", "tagger", "morphologizer", "parser", "attribute_ruler")
"""The pipes that a parse with parts of speech takes, as spaCy's own pipelines name them."""

MAX_TOKENS = 160
"""Longer sentences are lists or tables: no syntax, and much time."""

_BATCH_SENTENCES = 128


class Syntax:
    """The pipes of a parse, in order."""

    def __init__(self, pipes: Sequence[Callable[[Doc], Doc]]) -> None:
        self.pipes = tuple(pipes)

    @classmethod
    def of(cls, nlp: "Language") -> "Syntax | None":
        """Return the parser of `nlp` that is switched off, with what feeds it, or None."""
        if "parser" not in nlp.disabled:
            return None
        return cls([_light(pipe) for name, pipe in nlp.components if name in PIPES])

    @classmethod
    def within(cls, nlp: "Language", names: Sequence[str] = PIPES) -> "Syntax | None":
        """Return the parser of `nlp`, switched on or off, with what feeds it, or None."""
        if "parser" not in nlp.component_names:
            return None
        return cls([_light(pipe) for name, pipe in nlp.components if name in names])

    def parse(self, sentences: Sequence[Span]) -> list[Doc]:
        """Return a parsed doc for each sentence, with its tokens; the sentence stays as it is.

        Each is parsed by itself, so the result does not depend on what stands around it.
        """
        return self.run(map(_copy, sentences))

    def run(self, sentences: Iterable[Doc]) -> list[Doc]:
        """Return the docs, each one sentence, parsed."""
        docs: Iterator[Any] = iter(sentences)
        for pipe in self.pipes:
            stream = getattr(pipe, "pipe", None)
            docs = map(pipe, docs) if stream is None else stream(docs, batch_size=_BATCH_SENTENCES)
        return list(docs)


def unparsed(doc: Doc) -> Doc:
    """Return a doc without syntax that can be walked as if it had one: no token has a child.

    The tokenizer moves tokens for its special cases without their edges, and to walk such a doc
    reads memory that is not its own. A parse sets the edges anew, and so does a copy.
    """
    return _copy(doc[:])


@lru_cache(maxsize=8)
def _light(pipe: Callable[[Doc], Doc]) -> Callable[[Doc], Doc]:
    """Return what does the same as a pipe, in less time where there is such a thing."""
    from spacy.pipeline import AttributeRuler

    if can_step(pipe):
        return Stepwise(pipe)
    return (Speech.of(pipe) if isinstance(pipe, AttributeRuler) else None) or pipe


def _copy(sentence: Span) -> Doc:
    words = [token.text for token in sentence]
    starts: list[bool | int | None] = [token.i == sentence.start for token in sentence]
    spaces = [bool(token.whitespace_) for token in sentence]
    return Doc(sentence.doc.vocab, words=words, spaces=spaces, sent_starts=starts)
