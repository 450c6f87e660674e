"""Where the time of a run goes, stage by stage, and what memory it takes, at several sizes.

    python benchmarks/profile_run.py OUT [--pages DIR] [--counts 100 1000 10000] [--sentences 18]
    python benchmarks/profile_run.py OUT --functions      (what is hot in our own Python)

One process. Without --pages, pages are made (`pages.py`). Each size runs in a process of its own,
after a run over one made page, which loads what is loaded at first use.
A stage's time is that of the thread that does it, in processor seconds, less that of the stages
within it; memory is the most that the process had.
"""

import argparse
import cProfile
import json
import pstats
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pages
from newsetl import (
    contract,
    copies,
    corpus,
    engine,
    pipeline,
    raw,
    readers,
    sketches,
    sources,
    splitters,
)
from newsetl.config import Config
from newsetl.lookups import Lookups
from newsetl.pipes.syntax import Syntax
from newsetl.shards import staging, worker
from newsetl.stores import parquet as store

FUNCTIONS = 45


class Stages:
    """Processor seconds by stage; a stage within another one is not counted to both."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._within: list[float] = []

    def timed(self, stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            start = time.thread_time()
            self._within.append(0.0)
            try:
                found = work(*arguments, **options)
                # What is lazy does its work here, not where it is used.
                return list(found) if isinstance(found, Iterator) else found
            finally:
                spent = time.thread_time() - start
                self.seconds[stage] += spent - self._within.pop()
                if self._within:
                    self._within[-1] += spent

        return timed

    def watch(self, home: Any, name: str, stage: str) -> None:
        """Replace a function or method by one that is timed."""
        setattr(home, name, self.timed(stage, getattr(home, name)))


class Pipe:
    """A spaCy component that is timed, a batch at a time."""

    def __init__(self, pipe: Any, stages: Stages, stage: str) -> None:
        self._pipe = pipe
        self._stages = stages
        self._stage = stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipe, name)

    def __call__(self, doc: Any) -> Any:
        return self._stages.timed(self._stage, self._pipe)(doc)

    def pipe(self, docs: Iterable[Any], **options: Any) -> Iterator[Any]:
        batch = list(docs)
        stream = getattr(self._pipe, "pipe", None)
        if stream is None:
            yield from map(self, batch)
        else:
            yield from self._stages.timed(self._stage, stream)(iter(batch), **options)


def profile(folder: Path, out: Path) -> dict[str, Any]:
    """Run over a folder of pages; return its stages, clock, and peak memory in MiB."""
    config = Config(out=out).with_sources((str(folder),))
    nlp = engine.load(config.names.model)
    _run_once()
    stages = Stages()
    _watch(stages, nlp)
    clock, processor = time.perf_counter(), time.process_time()
    report = pipeline.run(config)
    took = time.process_time() - processor
    stages.seconds["rest"] = took - sum(stages.seconds.values())
    return {
        "articles": report.written["articles"],
        "clock_s": time.perf_counter() - clock,
        "processor_s": took,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "stages": dict(stages.seconds),
    }


def _watch(stages: Stages, nlp: Any) -> None:
    stages.watch(sources, "fetch", "fetch")
    stages.watch(readers, "read", "read")
    stages.watch(splitters, "split", "split")
    stages.watch(worker, "extract", "extract: rows")
    stages.watch(nlp, "make_doc", "extract: tokenize")
    nlp._components = [
        (name, pipe if name in nlp.disabled else Pipe(pipe, stages, f"extract: {name}"))
        for name, pipe in nlp._components
    ]
    stages.watch(Syntax, "run", "extract: parse on demand")
    stages.watch(worker, "tabulate", "tabulate")
    stages.watch(contract, "check_batch", "checks")
    stages.watch(contract, "check_new", "checks")
    stages.watch(store.Stage, "add", "write shards")
    stages.watch(staging, "finish", "write shards")
    stages.watch(raw.Writer, "add", "keep payloads")
    stages.watch(raw, "_append", "keep payloads")
    stages.watch(corpus, "entities", "publish: entities")
    stages.watch(sketches, "tabulate", "sketch articles")
    stages.watch(copies, "find", "publish: copies")
    stages.watch(store, "load", "publish: write")
    stages.watch(Lookups, "refresh", "publish: look-ups")


def _run_once() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pages.make(Path(folder) / "pages", 1)
        pipeline.run(
            Config(out=Path(folder) / "tables").with_sources((str(Path(folder) / "pages"),))
        )


def functions(folder: Path, out: Path) -> None:
    """Print the functions that take the most time themselves."""
    config = Config(out=out).with_sources((str(folder),))
    _run_once()
    profiler = cProfile.Profile()
    profiler.runcall(pipeline.run, config)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(FUNCTIONS)


def show(found: list[dict[str, Any]]) -> None:
    """Print a table: milliseconds an article by stage, a column a size."""
    names = sorted(found[-1]["stages"], key=lambda name: -found[-1]["stages"][name])
    print("| ms an article | " + " | ".join(f"{item['articles']:,}" for item in found) + " |")
    print("| --- |" + " ---: |" * len(found))
    for name in names:
        cells = (1000 * item["stages"].get(name, 0) / item["articles"] for item in found)
        print(f"| {name} | " + " | ".join(f"{cell:.2f}" for cell in cells) + " |")
    for label, key in (("processor", "processor_s"), ("clock", "clock_s")):
        cells = (1000 * item[key] / item["articles"] for item in found)
        print(f"| **all, {label}** | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")
    print("| peak, MiB | " + " | ".join(f"{item['peak_mib']:.0f}" for item in found) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path, help="folder to work in")
    parser.add_argument("--pages", type=Path, help="folder of pages; default: made ones")
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--sentences", type=int, default=pages.SENTENCES, help="of a made page")
    parser.add_argument("--functions", action="store_true", help="profile by function, first count")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(profile(asked.pages, asked.out)))
        return
    found = []
    for count in asked.counts[:1] if asked.functions or asked.pages else asked.counts:
        folder, out = asked.out / f"pages-{count}-{asked.sentences}", asked.out / f"tables-{count}"
        if not asked.pages and not folder.exists():
            pages.make(folder, count, length=asked.sentences)
        shutil.rmtree(out, ignore_errors=True)
        if asked.functions:
            functions(asked.pages or folder, out)
            return
        found.append(_in_process(asked.pages or folder, out))
    show(found)


def _in_process(folder: Path, out: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, str(out), "--one", "--pages", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps(found), file=sys.stderr)
    return found


if __name__ == "__main__":
    main()
