"""What the figures layer costs: sentences a second, and its share of a pipeline that finds names.

    python benchmarks/figures_speed.py --data DIR [--articles 100] [--rounds 7]

DIR holds `*/ground_truth.json` with an `articleBody` for each page; the articles are drawn with a
fixed seed. Times are of the processor, on one thread. The names are found once a round, then the
figures are added to the same docs, without and with a parse, so each round compares like with like;
printed are the medians of the rounds and, in brackets, the lowest and highest.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from spacy.language import Language
from spacy.tokens import Doc

from newsetl import engine
from newsetl.config import NamesSettings
from newsetl.extractors.figures import COMPONENT, find
from newsetl.pipes.syntax import Syntax

BATCH = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of reference files")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    texts = _texts(arguments.data, arguments.articles)
    nlp = engine.load(NamesSettings().model)
    with nlp.select_pipes(enable=[name for name in nlp.pipe_names if name in _NAMES]):
        docs = list(nlp.pipe(texts, batch_size=BATCH))  # caches fill
        sentences = sum(len(list(doc.sents)) for doc in docs)
        rounds = [_round(nlp, texts) for _ in range(arguments.rounds)]
    names, grammar, bare, parsed = ([row[at] for row in rounds] for at in range(4))
    print(f"grammar: {_spread([sentences / seconds for seconds in grammar], ',.0f')} sentences/s")
    print(f"names: {_spread(names, '.2f')} s for {len(texts)} articles, {sentences:,} sentences")
    print(f"figures add {_spread(_shares(bare, names), '+.1%')} without parsing")
    print(f"figures add {_spread(_shares(parsed, names), '+.1%')} with parsing")


_NAMES = ("newsetl_sentences", "senter", "newsetl_ner", "newsetl_names")
"""The pipes of a pipeline that finds names and nothing else."""


def _round(nlp: Language, texts: Sequence[str]) -> tuple[float, float, float, float]:
    docs: list[Doc] = []
    names = _seconds(lambda: docs.extend(nlp.pipe(texts, batch_size=BATCH)))
    grammar = _seconds(lambda: [find(text) for text in texts])
    component: Any = nlp.get_pipe(COMPONENT)
    with mock.patch.object(Syntax, "of", return_value=None):
        bare = _seconds(lambda: list(component.pipe(docs, batch_size=BATCH)))
    syntax = Syntax.within(nlp)
    with mock.patch.object(Syntax, "of", return_value=syntax):
        parsed = _seconds(lambda: list(component.pipe(docs, batch_size=BATCH)))
    return names, grammar, bare, parsed


def _shares(parts: Sequence[float], wholes: Sequence[float]) -> list[float]:
    return [part / whole for part, whole in zip(parts, wholes, strict=True)]


def _spread(values: Sequence[float], form: str) -> str:
    return f"{median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def _texts(data: Path, count: int) -> list[str]:
    texts = [
        page["articleBody"]
        for path in sorted(data.glob("*/ground_truth.json"))
        for page in json.loads(path.read_text("utf-8")).values()
        if page.get("articleBody")
    ]
    random.Random(1).shuffle(texts)  # noqa: S311 - a sample, no secret
    return texts[:count]


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
