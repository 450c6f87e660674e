"""Runs that are killed, and readers that look on: what `test_killed_runs` starts as processes.

    python tests/killed_runs.py kill OUT --how steps|operations|moments [--count N]
    python tests/killed_runs.py kill s3://bucket/tables --how operations --news FOLDER
    python tests/killed_runs.py read OUT ENGINE STOP

Each round writes new stories, starts a run in a forked process that dies at one point, looks at
what is published, lets a second run recover, and looks again. Forked, since the model is loaded
once. The process that forks does no work of its own, so that no thread is lost in the fork.

At an address, the operations are those on the object store, and every second run that recovers is
one of another machine, which has nothing but the store.
"""

import argparse
import itertools
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import warcio.archiveiterator
import warcio.warcwriter  # noqa: F401

from newsetl import engine, homes, open_tables, pipeline, raw, tables_path
from newsetl.config import Config
from newsetl.errors import LoadError
from newsetl.lookups import Lookups
from newsetl.places import Place, is_url, place
from newsetl.remote import lease
from newsetl.remote.objects import Objects
from newsetl.shards import staging
from newsetl.stores import parquet as store
from newsetl.stores.parquet import parts, snapshots

STORY = """Mill {number} reopens after £{number}m repair

Mill number {number} on the Tarn has reopened after repairs that cost £{number}m, its owner said.

The mill grinds about 40 tonnes of flour a week and employs {number} people in the village,
according to its manager, Ruth Calloway, who took over from her father in the year {number}.
"""
STORIES = 2
"""New documents a round, a shard each."""

PAUSE_S = 0.02
"""Between two reads of a reader, which would leave the runs no processor else."""

STEPS = (
    (pipeline, "plan"),
    (pipeline, "work"),
    (staging, "finish"),
    (pipeline, "publish"),
    (raw, "_append"),
    (store, "load"),
    (parts, "write"),
    (snapshots, "link"),
    (snapshots, "write_manifest"),
    (snapshots, "swap"),
    (snapshots, "prune"),
    (staging, "clear"),
    (Lookups, "refresh"),
)
"""A run dies before each of them, and behind those that change what is published."""
CHANGING = ("_append", "write_manifest", "swap", "publish")

CHANGES = {"os.rename", "os.link", "os.symlink", "os.remove", "os.mkdir", "os.rmdir", "open"}
"""Audit events of Python that change a folder; `open` where it writes."""


CHANGING_STORE = ("create", "write", "upload", "remove")
"""What `Objects` does that changes a store; later runs do it once more, to old snapshots."""


def kill(out: Place, how: str, count: int, news: Path) -> dict[str, object]:
    """Return what was seen: rounds, states after the kill, and what was wrong."""
    news.mkdir()
    lease.EXPIRED_S = 0.2
    config = Config(out=out, shard_documents=1).with_sources((str(news),))
    engine.load(config.names.model)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    _add_stories(news, 0)
    started = time.monotonic()
    operations = forked(lambda: _counted(config))
    took_s = time.monotonic() - started
    points = {
        "steps": [(*step, False) for step in STEPS]
        + [(*step, True) for step in STEPS if step[1] in CHANGING],
        "operations": _spread(int(operations) + is_url(out), count),
        "moments": [random.Random(seed).uniform(0, took_s) for seed in range(count)],
    }[how]
    for number, point in enumerate(points, start=1):
        _add_stories(news, number)
        before = forked(lambda: _state(out))
        forked(
            lambda point=point: _die(config, how, point),
            after_s=point if how == "moments" else None,
        )
        after = forked(lambda: _state(out))
        told = forked(lambda number=number: _recover(config, number))
        end = forked(lambda: _state(out))
        expected = (number + 1) * STORIES
        seen["old" if after == before else "new" if after == end else "between"] += 1
        if end != {"documents": expected, "articles": expected, "payloads": expected, "fault": ""}:
            wrong.append(f"{point}: {before} {after} {told} {end}, expected {expected}")
    return {"rounds": len(points), "seen": seen, "wrong": wrong, "operations": operations}


def forked(work, *, after_s: float | None = None):
    """Return what `work` returns in a process of its own, None if it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException as error:  # noqa: BLE001 - told by the parent
            os.write(writer, json.dumps(f"{type(error).__name__}: {error}").encode())
        os._exit(0)
    os.close(writer)
    if after_s is not None:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def read(out: Place, engine_name: str, stop: Path) -> dict[str, object]:
    """Read the plain paths until told to stop; return how often, and which reads disagree."""
    reads, gone, wrong = 0, 0, []
    while not stop.exists():
        time.sleep(PAUSE_S)
        try:
            path = tables_path(out)
            frames = {
                name: READERS[engine_name](path / name, names) for name, names in READ.items()
            }
        except (OSError, LoadError) as error:
            gone += "No such file" in str(error) or "no tables here" in str(error)
            continue
        reads += 1
        runs, articles, mentions = frames["runs"], frames["articles"], frames["mentions"]
        is_whole = (
            sum(runs["articles_written"]) == len(articles["article_id"])
            and sum(runs["documents_new"]) == len(frames["documents"]["document_id"])
            and set(articles["run_id"]) <= set(runs["run_id"])
            and set(mentions["article_id"]) <= set(articles["article_id"])
        )
        if not is_whole:
            wrong.append(str(path))
    return {"reads": reads, "gone": gone, "wrong": wrong}


def _pandas(folder: Path, names: list[str]) -> dict[str, list]:
    return pd.read_parquet(folder, columns=names).to_dict("list")


def _polars(folder: Path, names: list[str]) -> dict[str, list]:
    return pl.read_parquet(folder / "*.parquet", columns=names).to_dict(as_series=False)


def _pyarrow(folder: Path, names: list[str]) -> dict[str, list]:
    return pq.read_table(folder, columns=names).to_pydict()


def _duckdb(folder: Path, names: list[str]) -> dict[str, list]:
    try:
        found = duckdb.sql(f"SELECT {', '.join(names)} FROM '{folder}/*.parquet'")
        return found.to_arrow_table().to_pydict()
    except duckdb.IOException as error:
        raise OSError(f"No such file: {error}") from error


READERS = {"pandas": _pandas, "polars": _polars, "pyarrow": _pyarrow, "duckdb": _duckdb}
READ = {
    "runs": ["run_id", "articles_written", "documents_new"],
    "documents": ["document_id"],
    "articles": ["article_id", "run_id"],
    "mentions": ["article_id"],
}


def _run(config: Config) -> int:
    ticks = itertools.count()
    start = datetime(2025, 7, 1, tzinfo=UTC)
    report = pipeline.run(config, clock=lambda: start + timedelta(seconds=next(ticks)))
    return report.documents_seen


def _recover(config: Config, number: int) -> int:
    if number % 2 and is_url(config.out):
        os.environ["XDG_CACHE_HOME"] += f"-{number}"
        homes.of.cache_clear()
    return _run(config)


def _die(config: Config, how: str, point) -> None:
    if how == "steps":
        _die_at_step(*point)
    elif how == "operations":
        _on_operation(config.out, lambda number: number == point and _die_now())
    _run(config)


def _die_at_step(home, name: str, is_behind: bool) -> None:  # noqa: FBT001
    step = getattr(home, name)

    def deadly(*arguments, **options):
        if is_behind:
            step(*arguments, **options)
        _die_now()

    setattr(home, name, deadly)


def _counted(config: Config) -> int:
    count = 0

    def note(number: int) -> None:
        nonlocal count
        count = number

    _on_operation(config.out, note)
    _run(config)
    return count


def _on_operation(out: Place, do) -> None:
    """Call `do` with the number of each operation that changes the tables, before it happens."""
    numbers = itertools.count(1)
    if is_url(out):
        for name in CHANGING_STORE:
            _precede(name, lambda: do(next(numbers)))
        return

    def watch(event: str, arguments: tuple) -> None:
        if event in CHANGES and str(arguments[0]).startswith(str(out)):
            is_reading = event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if not is_reading:
                do(next(numbers))

    sys.addaudithook(watch)


def _precede(name: str, do) -> None:
    change = getattr(Objects, name)

    def preceded(*arguments):
        do()
        return change(*arguments)

    setattr(Objects, name, preceded)


def _die_now() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _state(out: Place) -> dict[str, object]:
    """Return how many documents, articles and payloads are published, and what is wrong."""
    opened = open_tables(out)
    documents, articles = opened.documents, opened.articles
    fault = ""
    if documents["uri"].duplicated().any() or articles["article_id"].duplicated().any():
        fault = "something stands twice"
    if sum(opened.runs["documents_new"]) != len(documents):
        fault = "runs and documents disagree"
    kept = list(raw.payloads(out, opened.rows("SELECT * FROM payloads")))
    if {payload.document_id for payload in kept} != set(documents["document_id"]):
        fault = "a payload is lost"
    return {
        "documents": len(documents),
        "articles": len(articles),
        "payloads": len(kept),
        "fault": fault,
    }


def _add_stories(news: Path, number: int) -> None:
    """Write the stories of a round in the place of the last one's, so that rounds are alike."""
    for file in news.iterdir():
        file.unlink()
    for index in range(STORIES):
        story = 10 * number + index + 1
        (news / f"{story:06d}.txt").write_text(STORY.format(number=story), encoding="utf-8")


def _spread(last: int, count: int) -> list[int]:
    """Return about `count` whole numbers from 1 to `last`, both of them too."""
    step = max(1, last // count)
    return sorted({*range(1, last + 1, step), last})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=("kill", "read"))
    parser.add_argument("out", type=place)
    parser.add_argument("engine", nargs="?", choices=READERS)
    parser.add_argument("stop", nargs="?", type=Path)
    parser.add_argument("--how", choices=("steps", "operations", "moments"), default="steps")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--news", type=Path, help="folder to make; default: beside the tables")
    asked = parser.parse_args()
    if asked.verb == "kill":
        news = asked.news or asked.out.parent / "news"
        found = kill(asked.out, asked.how, asked.count, news)
    else:
        found = read(asked.out, asked.engine, asked.stop)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
