"""Time and memory of a store that holds many articles: a run that adds a few, and reading.

    python benchmarks/store.py OUT --articles 1000000

Makes rows of invented words and writes them through the store, as runs of 50,000 articles would.
Then, each in a process of its own: a whole run over 100 new text files, on an empty folder and on
the full one; reading all articles; reading those of one day. Prints a line each.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from newsetl import corpus, open_tables, pipeline, tables_path
from newsetl.config import Config
from newsetl.lookups import Lookups
from newsetl.model import identify
from newsetl.schema import schema_of
from newsetl.stores import parquet as store
from newsetl.tables import row_classes

BATCH = 50_000
WORDS = 80
MENTIONS = 3
NAMES = 300_000
FIRST_DAY = date(2020, 1, 1)
NEW_FILES = 100

STORY = """Council {number} backs plan {number} for the harbour

Councillors in ward {number} voted on Monday for a £{number}m plan that will rebuild quay {number},
according to {name}, who leads the port. Work on the {number} metre wall begins in the spring.
"""


def fill(out: Path, articles: int) -> None:
    """Write synthetic tables, batch by batch, each with the lookups that a run leaves."""
    rows = row_classes()
    schemas = {name: schema_of(row) for name, row in rows.items()}
    words = np.array([f"{syllable}{number}" for number in range(400) for syllable in _SYLLABLES])
    seed = np.random.default_rng(0)
    for start in range(0, articles, BATCH):
        count = min(BATCH, articles - start)
        new = _batch(start, count, words, seed)
        staged = {}
        for name, table in new.items():
            folder = out.parent / "staged" / f"{name}{start}"
            with store.Stage(folder) as stage:
                stage.add(name, table)
            staged[name] = folder / f"{name}.parquet"
        snapshot = store.current(out)
        old = store.parts_of(snapshot)
        found = corpus.entities(
            [staged["mentions"]], [staged["articles"]], stored=old.get("entities", ()), run_id="r"
        )
        batches: dict[str, Iterable[pa.Table]] = {name: [table] for name, table in new.items()}
        batches["entities"] = found.all()
        commit = store.load(batches, out, replaced={"entities"}, schemas=schemas)
        Lookups(out, commit.snapshot).refresh()
        for file in staged.values():
            file.unlink()


def add(out: Path) -> dict[str, Any]:
    """Run over new text files; the time of each part of the run."""
    config = Config(out=out).with_sources((str(out.parent / "news"),))
    start = time.perf_counter()
    planned = pipeline.plan(config, now=datetime.now(UTC))
    planned_s = time.perf_counter() - start
    results = [pipeline.work(config, planned, index) for index in range(len(planned.shards))]
    worked_s, own_s = time.perf_counter() - start, time.process_time()
    report = pipeline.publish(config, planned, results, command="benchmark")
    done_s = time.perf_counter() - start
    return {
        "articles added": report.written["articles"],
        "plan and model, s": round(planned_s, 2),
        "work, s": round(worked_s - planned_s, 2),
        "publish, s": round(done_s - worked_s, 2),
        "publish, processor s": round(time.process_time() - own_s, 2),
    }


def read_all(out: Path) -> dict[str, Any]:
    start = time.perf_counter()
    frame = open_tables(out).articles
    return {"rows": len(frame), "s": round(time.perf_counter() - start, 2)}


def read_day(out: Path) -> dict[str, Any]:
    import pyarrow.parquet as pq

    start = time.perf_counter()
    day = FIRST_DAY + timedelta(days=100)
    where = [("published_date", "==", day)]
    rows = pq.read_table(
        tables_path(out) / "articles", filters=where, columns=["article_id", "headline"]
    )
    by_pyarrow_s = time.perf_counter() - start
    start = time.perf_counter()
    names = open_tables(out).sql(
        "SELECT name, count(*) FROM mentions JOIN articles USING (article_id)"
        " JOIN entities USING (entity_id) WHERE published_date = ? GROUP BY name",
        [day],
    )
    return {
        "rows": len(rows),
        "s": round(by_pyarrow_s, 2),
        "names": len(names),
        "join in SQL, s": round(time.perf_counter() - start, 2),
    }


TASKS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "add": add,
    "read_all": read_all,
    "read_day": read_day,
}
_SYLLABLES = "mill tarn quay port wall barge lock rope sail crane pier dock tide buoy mast".split()


def _batch(start: int, count: int, words: Any, seed: np.random.Generator) -> dict[str, pa.Table]:
    """Return the rows of `count` documents of one article each; days follow one another."""
    numbers = range(start, start + count)
    documents = [identify("d", str(number)) for number in numbers]
    articles = [identify("a", str(number)) for number in numbers]
    picked = words[seed.integers(0, len(words), (count, WORDS))]
    texts = [" ".join(row) for row in picked]
    days = [FIRST_DAY + timedelta(days=number // 500) for number in numbers]
    now = datetime(2025, 7, 1, tzinfo=UTC)
    values: dict[str, dict[str, Any]] = {
        "documents": {
            "document_id": documents,
            "uri": [f"https://news.example/{number}" for number in numbers],
            "retrieved_at": [now] * count,
            "content_sha256": [f"{number:064x}" for number in numbers],
        },
        "articles": {
            "article_id": articles,
            "document_id": documents,
            "text": texts,
            "headline": [text[:60] for text in texts],
            "published_date": days,
            "text_sha256": [f"{number:064x}" for number in numbers],
        },
    }
    ids = np.array([corpus.entity_id("ORG", f"Firm {number}") for number in range(1000)])
    ranks = seed.zipf(1.3, count * MENTIONS) % NAMES
    values["mentions"] = {
        "mention_id": [identify("m", str(start * MENTIONS + n)) for n in range(count * MENTIONS)],
        "article_id": np.repeat(articles, MENTIONS).tolist(),
        "entity_id": [
            str(ids[rank]) if rank < len(ids) else identify("e", str(rank)) for rank in ranks
        ],
        "label": ["ORG"] * (count * MENTIONS),
        "text": [f"Firm {rank}" for rank in ranks],
    }
    rows = row_classes()
    return {name: _table(schema_of(rows[name]), columns) for name, columns in values.items()}


def _table(schema: pa.Schema, columns: dict[str, Any]) -> pa.Table:
    """Return a table with the columns given, and null, empty or zero in the others."""
    count = len(next(iter(columns.values())))
    arrays = []
    for item in schema:
        if item.name in columns:
            arrays.append(pa.array(columns[item.name], item.type))
        elif item.nullable:
            arrays.append(pa.nulls(count, item.type))
        elif pa.types.is_list(item.type):
            arrays.append(pa.array([[]] * count, item.type))
        elif pa.types.is_string(item.type):
            arrays.append(pa.array(["none"] * count, item.type))
        else:
            arrays.append(pa.array([0] * count, pa.int64()).cast(item.type))
    return pa.table(arrays, schema=schema)


def _peak_mib() -> int:
    """Return the most memory that this process had (Linux; getrusage would count its parent's)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _measured(task: str, out: Path) -> None:
    command = [sys.executable, __file__, str(out), "--task", task]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(f"{task} on {out.name}: {done.stdout.strip()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("out", type=Path, help="folder to work in")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--task", choices=TASKS)
    asked = parser.parse_args()
    if asked.task:
        found = TASKS[asked.task](asked.out)
        found["processor s"] = round(time.process_time(), 1)
        found["peak MiB"] = _peak_mib()
        print(json.dumps(found))
        return
    full = asked.out / "full"
    news = asked.out / "news"
    news.mkdir(parents=True)
    for number in range(NEW_FILES):
        text = STORY.format(number=number + 100, name=f"Ann Ward{number}")
        (news / f"{number}.txt").write_text(text, encoding="utf-8")
    start = time.perf_counter()
    fill(full, asked.articles)
    wall_s, own_s = time.perf_counter() - start, time.process_time()
    print(
        f"{asked.articles:,} articles written: {wall_s:.0f} s, processor {own_s:.0f} s", flush=True
    )
    for folder in ("empty", "full"):
        _measured("add", asked.out / folder)
    _measured("read_all", full)
    _measured("read_day", full)
    manifest = store.manifest_of(tables_path(full))["tables"]
    sizes = {
        name: (len(t["parts"]), sum(p["bytes"] for p in t["parts"])) for name, t in manifest.items()
    }
    side = sum(file.stat().st_size for file in (full / ".lookups").iterdir())
    print(json.dumps({"parts and bytes": sizes, "lookups, bytes": side}))


if __name__ == "__main__":
    main()
