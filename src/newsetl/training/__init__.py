"""Train: fine-tune the names of a spaCy pipeline on open text, and keep what it knew.

The recipe, which `newsetl train-ner` runs: the base pipeline labels the text; people,
organisations and places are then taken from the annotation, all other labels from the base, so
that DATE or MONEY are rehearsed while the three are learnt. Several runs with different seeds are
averaged, and the average is blended with the base's weights, which keeps more of what the base
found elsewhere than either alone (Wortsman et al., Robust fine-tuning of zero-shot models, 2022).
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl.training.examples import Annotated, grouped, read, targets
from newsetl.training.weights import assemble, blend, parameters, write

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

Say = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """One run over the text."""

    seed: int
    learn_rate: float
    capitals: float
    """Share of the texts that are shown in capitals, as headlines are."""


@dataclass(frozen=True)
class Recipe:
    """How long and how boldly; the defaults made the pipeline that newsetl ships."""

    courses: tuple[Course, ...] = (Course(0, 5e-4, 0.0), Course(1, 7e-4, 0.08))
    epochs: int = 6
    dropout: float = 0.2
    batch_words: int = 1000
    share: float = 0.6
    """Share of the tuned weights in the blend; the rest is the base's."""


def train(
    files: Sequence[Path], *, base: str, frame: str, out: Path, recipe: Recipe, say: Say
) -> None:
    """Write a pipeline whose ner is that of `base`, tuned on the annotated `files`.

    `frame` is the pipeline that gives tokenizer and senter. Raises ConfigError for a file that is
    not as `examples.read` says.
    """
    annotated = [item for file in files for item in read(file)]
    nlp = assemble(base=base, frame=frame)
    before = parameters(nlp)
    tuned = []
    for course in recipe.courses:
        blend(nlp, before, [before], share=0.0)
        _tune(nlp, annotated, course, recipe=recipe, say=say)
        tuned.append(parameters(nlp))
    blend(nlp, before, tuned, share=recipe.share)
    write(nlp, out)
    say(f"written: {out}")


def _tune(
    nlp: "Language", annotated: Sequence[Annotated], course: Course, *, recipe: Recipe, say: Say
) -> None:
    from spacy.training.batchers import minibatch_by_words
    from thinc.api import Adam, fix_random_seed

    fix_random_seed(course.seed)
    chance = random.Random(course.seed)  # noqa: S311 - shuffles, keeps no secret
    texts = grouped(annotated, chance)
    gold = [targets(doc, item) for doc, item in zip(_labelled(nlp, texts), texts, strict=True)]
    optimizer = Adam(course.learn_rate, L2=0.0, grad_clip=1.0)
    step = 0
    for epoch in range(recipe.epochs):
        examples = [
            _example(nlp, item.text, spans, in_capitals=chance.random() < course.capitals)
            for item, spans in zip(texts, gold, strict=True)
        ]
        chance.shuffle(examples)
        batches = list(minibatch_by_words(examples, recipe.batch_words, discard_oversize=False))
        losses: dict[str, float] = {}
        for batch in batches:
            share_done = step / (len(batches) * recipe.epochs + 1)
            optimizer.learn_rate = course.learn_rate * min(1, (step + 1) / 50) * (1 - share_done)
            step += 1
            with nlp.select_pipes(enable=["ner"]):
                nlp.update(batch, sgd=optimizer, losses=losses, drop=recipe.dropout)
        say(f"seed {course.seed}, epoch {epoch + 1}: loss {losses['ner']:.0f}")


def _labelled(nlp: "Language", texts: Iterable[Annotated]) -> list[list[tuple[int, int, str]]]:
    docs = nlp.pipe((item.text for item in texts), batch_size=32)
    return [[(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def _example(
    nlp: "Language", text: str, spans: Iterable[tuple[int, int, str]], *, in_capitals: bool
) -> "Example":
    from spacy.training import Example
    from spacy.util import filter_spans

    if in_capitals and len(text.upper()) == len(text):
        text = text.upper()
    doc = nlp.make_doc(text)
    found = [doc.char_span(*span, alignment_mode="expand") for span in spans]
    doc.ents = filter_spans([span for span in found if span is not None and len(span)])
    return Example(nlp.make_doc(text), doc)
