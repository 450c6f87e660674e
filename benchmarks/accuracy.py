"""Score newsetl on reference data: write predictions for a task, print the score beside the peers'.

    python benchmarks/accuracy.py TASK --data DIR --predictions OUT

DIR holds the task's reference files; any folder of that layout will do. If `score.py` stands in
the folder above DIR, its score is printed with the peers' figures, else only the predictions are
written. Reference data is for measuring only: nothing of it belongs in this repository.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures_cqe import to_cqe
from newsetl import engine, readers, splitters
from newsetl.config import NamesSettings
from newsetl.errors import NewsetlError
from newsetl.extractors.figures import Figure, find
from newsetl.media import media_type_of
from newsetl.model import Article, Payload

PEERS: dict[str, dict[str, dict[str, float]]] = {
    "figures": {
        "newsquant": {"CQE value": 92.0, "CQE value+unit": 85.6, "CQE value+change": 88.1},
    },
    "ner": {
        "ww_news": {"spaCy small model": 66.3},
        "conllpp": {"spaCy small model": 63.2},
        "pud_news": {"spaCy small model": 63.4},
        "ewt_blog": {"spaCy small model": 69.0},
    },
    "splitting": {
        "text": {
            "short-line rule F1": 0.39,
            "date-line anchors F1": 0.53,
            "boosted trees F1": 0.929,
        },
    },
}
"""Published or earlier measured figures; CQE: Almasian et al., EMNLP 2023, table 4."""

BATCH_TEXTS = 16


def figures(data: Path, out: Path) -> None:
    """Write the figures of each sentence or article of every file; CQE's set in CQE's terms."""
    for path in sorted(data.glob("*.jsonl")):
        rows = []
        for row in _lines(path):
            text = row["text"]
            found = [_as_row(item, text) for item in find(text, country=row.get("country"))]
            is_cqe = path.stem == "newsquant"
            rows.append(
                {"id": row["id"], **({"pred": to_cqe(found)} if is_cqe else {"figures": found})}
            )
        _write(out / path.name, rows)


def ner(data: Path, out: Path) -> None:
    """Write the names of each text of every file."""
    nlp = engine.load(NamesSettings().model)
    for path in sorted(data.glob("*.jsonl")):
        texts = ((row["text"], row["id"]) for row in _lines(path))
        docs = nlp.pipe(texts, as_tuples=True, batch_size=BATCH_TEXTS)
        _write(
            out / path.name,
            (
                {"id": key, "entities": [list(mention[:3]) for mention in doc._.mentions]}
                for doc, key in docs
            ),
        )


def splitting(data: Path, out: Path) -> None:
    """Write the articles of each document; one that cannot be read or split has none."""
    rows = []
    for row in _lines(data / "documents.jsonl"):
        try:
            document = readers.read(_payload(row, data))
            articles = splitters.split(document)
        except NewsetlError as error:
            print(f"{row['id']}: {error.what}", file=sys.stderr)
            articles = []
        as_row = _text_article if row["format"] == "text" else _page_article
        rows.append({"id": row["id"], "articles": [as_row(article) for article in articles]})
    _write(out / "documents.jsonl", rows)


def _payload(row: dict[str, Any], data: Path) -> Payload:
    if row["format"] == "text":
        body, media_type = row["text"].encode(), "text/plain"
    else:
        body = (data / row["raw"]).read_bytes()
        media_type = media_type_of(row["raw"], body)
    now = datetime.now(UTC)
    return Payload(body, f"bench:{row['id']}", media_type, "bench", now, charset="utf-8")


def _text_article(article: Article) -> dict[str, Any]:
    body = [
        [article.start + part.start, article.start + part.end]
        for part in article.parts
        if part.kind in ("summary", "body")
    ]
    headline = next((part for part in article.parts if part.kind == "headline"), article.parts[0])
    return {"start": article.start + headline.start, **_stated(article), "body_spans": body}


def _page_article(article: Article) -> dict[str, Any]:
    body = [article.slice(part) for part in article.parts if part.kind in ("summary", "body")]
    return {**_stated(article), "body": "\n\n".join(body)}


def _stated(article: Article) -> dict[str, Any]:
    day = article.published.day
    return {
        "headline": article.headline,
        "date": day.isoformat() if day else None,
        "byline": article.byline,
    }


def _as_row(figure: Figure, text: str) -> dict[str, Any]:
    """Return a figure under the column names of the table."""
    plain = figure.plain()
    measures = text[slice(*plain["measures"])] if plain["measures"] else None
    return {
        **plain,
        "value_low": plain["low"],
        "value_high": plain["high"],
        "text": text[figure.start : figure.end],
        "measures": measures,
        "group_id": plain["group"],
    }


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


TASKS: dict[str, Callable[[Path, Path], None]] = {
    task.__name__: task for task in (figures, ner, splitting)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of reference files")
    parser.add_argument("--predictions", type=Path, required=True, help="folder to write to")
    arguments = parser.parse_args()
    arguments.predictions.mkdir(parents=True, exist_ok=True)
    TASKS[arguments.task](arguments.data, arguments.predictions)
    scorer = arguments.data.resolve().parent / "score.py"
    if not scorer.exists():
        print(f"predictions in {arguments.predictions}; no {scorer} to score them")
        return
    command = [sys.executable, scorer, arguments.task, arguments.data, arguments.predictions]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for name, score in json.loads(done.stdout).items():
        print(f"{name}: {json.dumps(score)}")
        for peer, value in PEERS.get(arguments.task, {}).get(name, {}).items():
            print(f"    {peer}: {value}")


if __name__ == "__main__":
    main()
