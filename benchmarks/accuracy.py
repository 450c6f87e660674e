"""Score newsetl on reference data: write predictions for a task, print the score beside the peers'.

    python benchmarks/accuracy.py TASK --data DIR --predictions OUT

DIR holds the task's reference files; any folder of that layout will do. If `score.py` stands in
the folder above DIR, its score is printed with the peers' figures, else only the predictions are
written. Reference data is for measuring only: nothing of it belongs in this repository.
"""

import argparse
import gzip
import importlib.util
import itertools
import json
import logging
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

import quote_terms
from figures_cqe import to_cqe
from newsetl import copies, engine, readers, sketches, splitters
from newsetl.config import NamesSettings
from newsetl.errors import NewsetlError
from newsetl.extractors import names
from newsetl.extractors import roles as role_layer
from newsetl.extractors.figures import find, mark_country, measures
from newsetl.extractors.names import acronyms, linking
from newsetl.media import media_type_of
from newsetl.model import Article
from newsetl.payload import Payload
from newsetl.pipes.syntax import Syntax

PEERS: dict[str, dict[str, dict[str, float]]] = {
    "figures": {
        "newsquant": {"CQE value": 92.0, "CQE value+unit": 85.6, "CQE value+change": 88.1},
    },
    "aliases": {
        "gum_news": {"equal strings pairF": 0.757},
        "news_acronyms": {"Schwartz-Hearst F1": 0.851},
    },
    "roles": {"roles_scrapinghub": {"title before name F1": 0.479}},
    "ner": {
        "ww_news": {"spaCy small model": 66.3},
        "conllpp": {"spaCy small model": 63.2},
        "pud_news": {"spaCy small model": 63.4},
        "ewt_blog": {"spaCy small model": 69.0},
    },
    "quotes": {
        "polnear": {
            "GenderGapTracker direct joint F1": 0.458,
            "textacy direct joint F1": 0.624,
            "rule prototype direct joint F1": 0.697,
        },
        "gum_attr": {"GenderGapTracker direct and mixed F1, another half": 0.568},
    },
    "neardup": {
        "synth": {"containment of mod-8 sketches F1": 0.984, "MinHash with LSH F1": 0.62},
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
SPANS = ("measures", "owner")
_SEEN, _MOST_SKIPPED = 8, 64

PEER_MODES: dict[str, dict[str, bool]] = {
    "default": {},
    "fast": {"fast": True},
    "precision": {"favor_precision": True},
    "recall": {"favor_recall": True},
}
"""Trafilatura's modes, as arguments of its `extract`."""


def figures(data: Path, out: Path) -> None:
    """Write the figures of each sentence or article of every file; CQE's set in CQE's terms."""
    nlp = engine.load(NamesSettings().model)
    for path in sorted(data.glob("*.jsonl")):
        docs = nlp.pipe(_docs(path, nlp), as_tuples=True, batch_size=BATCH_TEXTS)
        as_prediction = _prediction
        if path.stem == "newsquant" and (syntax := Syntax.within(nlp)) is not None:
            as_prediction = partial(_cqe_prediction, syntax=syntax)
        _write(out / path.name, (as_prediction(doc, key) for doc, key in docs))


def _docs(path: Path, nlp: Language) -> Iterator[tuple[Doc, str]]:
    for row in _lines(path):
        doc = nlp.make_doc(row["text"])
        mark_country(doc, row.get("country"))
        yield doc, row["id"]


def _prediction(doc: Doc, key: str) -> dict[str, Any]:
    return {"id": key, "figures": [_as_row(figure, doc.text) for figure in doc._.figures]}


def _cqe_prediction(doc: Doc, key: str, *, syntax: Syntax) -> dict[str, Any]:
    """Return the figures in CQE's terms; each sentence is parsed, as CQE names owners of counts."""
    if not len(doc):
        return {"id": key, "pred": []}
    parse = Doc.from_docs(syntax.parse(list(doc.sents)), ensure_whitespace=False)
    found = measures.add(parse, find(doc.text), doc._.mentions)
    rows = [_as_row(figure.plain(), doc.text) for figure in found]
    return {"id": key, "pred": to_cqe(rows, parse)}


def ner(data: Path, out: Path, *, model: str = NamesSettings().model, ablate: bool = False) -> None:
    """Write the names of each text of every file; to ablate, also without each rule in turn."""
    nlp = engine.load(model)
    variants = {"all": tuple(names.RULES)}
    if ablate:
        variants["trim alone"] = ("trim",)
        for rule in names.RULES:
            variants[f"without {rule}"] = tuple(name for name in names.RULES if name != rule)
    for path in sorted(data.glob("*.jsonl")):
        rows = list(_lines(path))
        docs = nlp.pipe((row["text"] for row in rows), batch_size=BATCH_TEXTS)
        found = [(row, names.names_of(doc)) for row, doc in zip(rows, docs, strict=True)]
        for variant, rules in variants.items():
            folder = out if variant == "all" else out / variant.replace(" ", "-")
            folder.mkdir(parents=True, exist_ok=True)
            _write(folder / path.name, (_named(row, marked, rules) for row, marked in found))
    for variant in [name for name in variants if name != "all"]:
        print(variant)
        _print_scores("ner", data, out / variant.replace(" ", "-"), only=("ALL",), peers=False)


def _named(
    row: dict[str, Any], marked: list[names.Mention], rules: Sequence[str]
) -> dict[str, Any]:
    mentions = names.apply(row["text"], marked, rules)
    return {"id": row["id"], "entities": [list(mention[:3]) for mention in mentions]}


def aliases(data: Path, out: Path) -> None:
    """Write the clusters of the given mentions, and the long forms of the given short forms."""
    named = _scorer_of(data, "score_clusters").named
    labels = {"person": "PERSON", "organization": "ORG", "place": "GPE"}
    rows = []
    for row in _lines(data / "gum.jsonl"):
        spans = [(m["core_start"], m["core_end"], labels[m["etype"]]) for m in named(row)]
        rows.append({"doc_id": row["doc_id"], "clusters": linking.link(row["text"], spans)})
    _write(out / "gum.jsonl", rows)
    rows = []
    for row in _lines(data / "news_acronyms.jsonl"):
        text = row["context"]
        span = acronyms.long_form(text, text.index(row["short"], text.rindex("(")))
        long = text[slice(*span)] if span else None
        rows.append({"doc_id": row["doc_id"], "start": row["start"], "long": long})
    _write(out / "news_acronyms.jsonl", rows)


def roles(data: Path, out: Path, *, model: str = NamesSettings().model) -> None:
    """Write the roles of each text of every file.

    KnowledgeNet names one role, CEO, and wants it for each name of the organisation; other roles
    have no name there and are left out.
    """
    nlp = engine.load(model)
    for path in sorted(data.glob("*.jsonl")):
        rows = list(_lines(path))
        docs = nlp.pipe((row["text"] for row in rows), batch_size=BATCH_TEXTS)
        is_ceo_only = path.stem.startswith("knowledgenet")
        as_triples = _ceo_triples if is_ceo_only else _triples
        pairs = zip(rows, docs, strict=True)
        _write(out / path.name, ({"id": row["id"], "triples": as_triples(d)} for row, d in pairs))


def _triples(doc: Any) -> list[dict[str, Any]]:
    return [
        {"person": row.person_text, "role": row.role, "org": row.org_text}
        for row in role_layer.rows(doc, "bench")
    ]


def _ceo_triples(doc: Any) -> list[dict[str, Any]]:
    spelt: dict[str, set[str]] = {}
    for mention in names.rows(doc, "bench"):
        spelt.setdefault(mention.entity_id or "", set()).add(mention.text)
    return [
        {"person": row.person_text, "role": "CEO", "org": org}
        for row in role_layer.rows(doc, "bench")
        if re.search(r"chief executive|\bCEO\b", row.role, re.IGNORECASE)
        for org in sorted(spelt.get(row.org_entity_id or "?", set()) | {row.org_text or ""})
    ]


def _scorer_of(data: Path, name: str) -> Any:
    """Return the module that stands with the data and says which mentions are meant."""
    spec = importlib.util.spec_from_file_location(name, data / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(data / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def quotes(data: Path, out: Path) -> None:
    """Write the quotes of each article of every file, in the terms of the file's set."""
    nlp = engine.load(NamesSettings().model)
    for path in sorted(data.glob("*.jsonl")):
        texts = ((row["text"], row["doc_id"]) for row in _lines(path))
        docs = nlp.pipe(texts, as_tuples=True, batch_size=BATCH_TEXTS)
        terms = quote_terms.as_gum if path.stem.startswith("gum") else quote_terms.as_polnear
        _write(out / path.name, ({"doc_id": key, "quotes": terms(doc, nlp)} for doc, key in docs))


def splitting(data: Path, out: Path) -> None:
    """Write the articles of each document; one that cannot be read or split has none."""
    rows = []
    for row in _lines(data / "documents.jsonl"):
        found: list[dict[str, Any]] = []
        try:
            document = readers.read(_payload(row, data))
            articles = splitters.split(document)
            if row["format"] == "text":
                places = _places(document.text, row["text"])
                found = [_text_article(article, places) for article in articles]
            else:
                found = [_page_article(article) for article in articles]
        except NewsetlError as error:
            print(f"{row['id']}: {error.what}", file=sys.stderr)
        rows.append({"id": row["id"], "articles": found})
    _write(out / "documents.jsonl", rows)


def extraction(data: Path, out: Path) -> None:
    """Write the article of each page of every folder, ours and trafilatura's, one file a folder.

    Prints pages per second, and trafilatura's scores if the scorer stands beside the data.
    """
    truths = sorted(data.glob("*/ground_truth.json"))
    extract = {
        "newsetl": page_article,
        **{f"trafilatura {mode}": _peer(mode) for mode in PEER_MODES},
    }
    for name, take in extract.items():
        folder = out if name == "newsetl" else out / name.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        seconds, count = 0.0, 0
        for path in truths:
            keys = json.loads(path.read_text("utf-8"))
            bodies = {k: gzip.decompress((path.parent / f"{k}.html.gz").read_bytes()) for k in keys}
            start = time.perf_counter()
            found = {key: take(body) for key, body in bodies.items()}
            seconds, count = seconds + time.perf_counter() - start, count + len(found)
            text = json.dumps(found, ensure_ascii=False)
            (folder / f"{path.parent.name}.json").write_text(text, "utf-8")
        print(f"{name}: {count / seconds:.1f} pages per second", flush=True)
        if folder != out:
            _print_scores("extraction", data, folder, only=("f1", "accuracy"))


def neardup(data: Path, out: Path) -> None:
    """Write all pairs of articles that have one original; print the time an article."""
    for path in sorted(data.glob("*.jsonl")):
        texts = [(row["id"], row["text"]) for row in _lines(path)]
        start = time.process_time()
        found = copies.find([(key, sketches.sketch(text)) for key, text in texts])
        spent_ms = (time.process_time() - start) / len(texts) * 1000
        print(f"{path.name}: {spent_ms:.2f} ms an article", flush=True)
        stories: dict[str, list[str]] = {}
        for key, _ in texts:
            original = key
            while original in found:
                original = found[original].original
            stories.setdefault(original, []).append(key)
        pairs = (pair for keys in stories.values() for pair in itertools.combinations(keys, 2))
        _write(out / path.name, ({"a": one, "b": other} for one, other in pairs))


def page_article(body: bytes) -> dict[str, Any]:
    """Return what newsetl finds of the article of a page: body, title, authors and date."""
    now = datetime.now(UTC)
    try:
        payload = Payload(body, "bench:page", "text/html", "bench", now)
        articles = splitters.split(readers.read(payload))
    except NewsetlError:
        return {}
    article = max(articles, key=lambda item: len(item.text))
    parts = [article.slice(part) for part in article.parts if part.kind in ("summary", "body")]
    day = article.published.day
    return {
        "articleBody": "\n\n".join(parts),
        "title": article.headline,
        "authors": [*article.authors, *article.credits],
        "date": day.isoformat() if day else None,
    }


def _peer(mode: str) -> Callable[[bytes], dict[str, Any]]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def take(body: bytes) -> dict[str, Any]:
        options: dict[str, Any] = {"include_comments": False, **PEER_MODES[mode]}
        text = trafilatura.extract(body, **options)
        return {"articleBody": text or ""}

    return take


def _payload(row: dict[str, Any], data: Path) -> Payload:
    if row["format"] == "text":
        body, media_type = row["text"].encode(), "text/plain"
    else:
        body = (data / row["raw"]).read_bytes()
        media_type = media_type_of(row["raw"], body)
    now = datetime.now(UTC)
    return Payload(body, f"bench:{row['id']}", media_type, "bench", now, charset="utf-8")


def _places(text: str, original: str) -> list[int]:
    """Return where each character of a document's text, and its end, stands in the original.

    Reading makes one character of each kind of line end, drops control characters, and puts right
    what was encoded twice.
    """
    places, at = [], 0
    for index, char in enumerate(text):
        is_same = original[at : at + 1] == char or _ends_line(char, original[at : at + 1])
        if not is_same:
            goes_on = original.find(text[index : index + _SEEN], at, at + _MOST_SKIPPED)
            is_same, at = goes_on >= 0, max(at, goes_on)
        places.append(at)
        if is_same:
            at += 2 if char == "\n" and original.startswith("\r\n", at) else 1
    return [*places, at]


def _ends_line(char: str, original: str) -> bool:
    return char == "\n" and original in ("\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")


def _text_article(article: Article, places: Sequence[int]) -> dict[str, Any]:
    start = article.start
    body = [
        [places[start + part.start], places[start + part.end]]
        for part in article.parts
        if part.kind in ("summary", "body")
    ]
    headline = next((part for part in article.parts if part.kind == "headline"), article.parts[0])
    return {"start": places[start + headline.start], **_stated(article), "body_spans": body}


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


def _as_row(figure: dict[str, Any], text: str) -> dict[str, Any]:
    """Return a figure under the column names of the table, with the words of its owner."""
    spans = {name: text[slice(*figure[name])] if figure[name] else None for name in SPANS}
    return {
        **figure,
        **spans,
        "measures_start_char": figure["measures"] and figure["measures"][0],
        "value_low": figure["low"],
        "value_high": figure["high"],
        "text": text[figure["start"] : figure["end"]],
        "group_id": figure["group"],
    }


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


TASKS: dict[str, Callable[..., None]] = {
    task.__name__: task
    for task in (aliases, extraction, figures, neardup, ner, quotes, roles, splitting)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True, help="folder of reference files")
    parser.add_argument("--predictions", type=Path, required=True, help="folder to write to")
    parser.add_argument("--model", help="spaCy pipeline, for ner and roles")
    parser.add_argument("--ablate", action="store_true", help="ner: also without each rule")
    arguments = parser.parse_args()
    arguments.predictions.mkdir(parents=True, exist_ok=True)
    options = {key: getattr(arguments, key) for key in ("model", "ablate")}
    options = {key: value for key, value in options.items() if value}
    TASKS[arguments.task](arguments.data, arguments.predictions, **options)
    _print_scores(arguments.task, arguments.data, arguments.predictions)


def _print_scores(
    task: str, data: Path, predictions: Path, *, only: Sequence[str] = (), peers: bool = True
) -> None:
    """Print the score of each set with the peers' figures; of `only` these figures, if given."""
    scorer = data.resolve().parent / "score.py"
    if not scorer.exists():
        print(f"predictions in {predictions}; no {scorer} to score them")
        return
    command = [sys.executable, *map(str, (scorer, task, data, predictions))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    for name, score in json.loads(done.stdout).items():
        shown = {key: score[key] for key in only or score if key in score}
        if shown:
            print(f"{name}: {json.dumps(shown)}")
        for peer, value in PEERS.get(task, {}).get(name, {}).items() if peers else ():
            print(f"    {peer}: {value}")


if __name__ == "__main__":
    main()
