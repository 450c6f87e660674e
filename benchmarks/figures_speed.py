"""What the figures layer costs: sentences a second, and its share of a pipeline that finds names.

    python benchmarks/figures_speed.py --data DIR [--articles 150]

DIR holds `*/ground_truth.json` with an `articleBody` for each page. Times are of the processor, the
best of two runs, on one thread; the articles are drawn with a fixed seed.
"""

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from newsetl import engine
from newsetl.config import NamesSettings
from newsetl.extractors.figures import find
from newsetl.syntax import Syntax

RUNS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, required=True, help="folder of reference files")
    parser.add_argument("--articles", type=int, default=150)
    arguments = parser.parse_args()
    texts = _texts(arguments.data, arguments.articles)
    nlp = engine.load(NamesSettings().model)

    def pipeline() -> int:
        return sum(len(list(doc.sents)) for doc in nlp.pipe(texts, batch_size=16))

    sentences = pipeline()
    grammar = _seconds(lambda: sum(len(find(text)) for text in texts))
    whole = _seconds(pipeline)
    with mock.patch.object(Syntax, "of", return_value=None):
        unparsed = _seconds(pipeline)
    nlp.disable_pipe("newsetl_figures")
    names = _seconds(pipeline)
    print(f"grammar: {sentences / grammar:,.0f} sentences a second")
    print(f"names alone: {names:.1f} s for {len(texts)} articles, {sentences:,} sentences")
    print(f"figures add {unparsed / names - 1:+.1%} without parsing, {whole / names - 1:+.1%} with")


def _texts(data: Path, count: int) -> list[str]:
    texts = [
        page["articleBody"]
        for path in sorted(data.glob("*/ground_truth.json"))
        for page in json.loads(path.read_text("utf-8")).values()
        if page.get("articleBody")
    ]
    random.Random(1).shuffle(texts)  # noqa: S311 - a sample, no secret
    return texts[:count]


def _seconds(work: Callable[[], int]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    main()
