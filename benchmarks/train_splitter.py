"""Train the weights of the prose splitter and say how well they do on sources never seen.

    python benchmarks/train_splitter.py DOCUMENTS.jsonl [--write] [--predictions FILE]

DOCUMENTS.jsonl holds reference documents (`text`, `articles` with `headline_span`, `body_spans`
and `source`). Every source falls into one of five folds; a line is always rated by forests that
saw no article of its source, and the figures printed are of those ratings. What ships is fitted
on all folds: thresholds over layout features, no text. Needs scikit-learn, which the package
itself does not.
"""

import argparse
import bisect
import importlib
import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from layouts import Story, compose
from newsetl.model import Document
from newsetl.readers.plain import blocks_of
from newsetl.splitters.prose import agreement, anew, features, segment, trees
from newsetl.splitters.prose.pieces import Piece, pieces_of

FOLDS = 5
MADE_PER_FOLD = 260
ONE_SITE = 0.4
REAL_WEIGHT = 2.0
TREES = {"max_iter": 120, "max_leaf_nodes": 12, "learning_rate": 0.07}
WEIGHTS = Path(__file__).parents[1] / "src/newsetl/splitters/prose/weights.json"


@dataclass
class Example:
    """A document with its candidates, their features and truth, and the fold of each."""

    name: str
    pieces: list[Piece]
    at: list[int]
    rows: Any
    truth: Any
    folds: Any
    weight: float
    is_made: bool

    @property
    def slots(self) -> list[tuple[str, str, str]]:
        return [agreement.slots(self.pieces, index) for index in self.at]

    @property
    def ranks(self) -> list[int]:
        count = np.cumsum([0, *(piece.is_prose for piece in self.pieces)])
        return [int(count[index]) for index in self.at]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--predictions", type=Path)
    options = parser.parse_args(arguments)
    lines = options.documents.read_text("utf-8").splitlines()
    reference = [row for row in map(json.loads, lines) if row["format"] == "text"]
    folds = _folds(reference)
    examples = [_reference(row, folds) for row in reference]
    examples += [made for fold in range(FOLDS) for made in _made(reference, folds, fold)]
    print(f"{len(reference)} reference and {len(examples) - len(reference)} made documents")
    first = _cross(examples, [example.rows for example in examples])
    second_rows = _second_rows(examples, first)
    second = [
        anew.weigh(item.rows, item.pieces, item.at, rated)
        for item, rated in zip(examples, _cross(examples, second_rows), strict=True)
    ]
    tuned = _tune(examples, second)
    print(json.dumps(tuned), _score(examples, second, **_choice(tuned)))
    if options.predictions:
        _save_predictions(options.predictions, examples, second)
    if options.write:
        _write(examples, second_rows, tuned)


def _group(article: dict[str, Any], row: dict[str, Any]) -> str:
    source: str = row["source"] if row["real"] else article.get("source") or row["source"]
    return source.split("-", maxsplit=1)[0]


def _folds(reference: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return the fold of each source, so that folds hold about as many articles each."""
    counts = Counter(_group(article, row) for row in reference for article in row["articles"])
    loads, folds = [0] * FOLDS, {}
    for group, count in counts.most_common():
        folds[group] = loads.index(min(loads))
        loads[folds[group]] += count
    return folds


def _document(name: str, text: str) -> Document:
    return Document(name, name, "training", text, "prose", tuple(blocks_of(text)))


def _example(name: str, text: str, starts: Sequence[int]) -> Example:
    pieces = pieces_of(_document(name, text))
    at, rows = features.describe(pieces, text)
    ends = [piece.end for piece in pieces]
    truth_at = {bisect.bisect_right(ends, start) for start in starts}
    truth = np.array([index in truth_at for index in at], dtype=float)
    return Example(name, pieces, at, rows, truth, np.zeros(len(at), int), 1.0, is_made=True)


def _reference(row: dict[str, Any], folds: dict[str, int]) -> Example:
    articles = row["articles"]
    starts = [article["headline_span"][0] for article in articles]
    example = _example(row["id"], row["text"], starts)
    owners = [
        articles[max(0, bisect.bisect_right(starts, example.pieces[index].end) - 1)]
        for index in example.at
    ]
    example.folds = np.array([folds[_group(article, row)] for article in owners], dtype=int)
    example.weight, example.is_made = (REAL_WEIGHT if row["real"] else 1.0), False
    return example


def _made(reference: Sequence[dict[str, Any]], folds: dict[str, int], fold: int) -> list[Example]:
    """Return documents in invented templates from the articles of one fold."""
    rng = random.Random(fold)  # noqa: S311 (layouts are no secret)
    pool = _stories(reference, folds, fold)
    examples = []
    for number in range(MADE_PER_FOLD):
        count = rng.choice([1, 1, 1, 2, 3, 4, 5, 6, 8, 10])
        lent = _one_site(pool, rng) if rng.random() < ONE_SITE else pool
        sheet = compose(rng.sample(lent, min(count, len(lent))), pool, rng)
        text, starts = sheet.text()
        example = _example(f"made-{fold}-{number}", text, starts)
        example.folds[:] = fold
        example.weight = 0.7
        examples.append(example)
    return examples


def _one_site(pool: Sequence[Story], rng: random.Random) -> list[Story]:
    """Return the stories of one source: they share names and subjects, as those of a page do."""
    group = rng.choice(pool).group
    return [story for story in pool if story.group == group]


def _stories(reference: Sequence[dict[str, Any]], folds: dict[str, int], fold: int) -> list[Story]:
    stories: dict[str, Story] = {}
    for row in reference:
        for article in row["articles"]:
            spans = [" ".join(row["text"][a:b].split()) for a, b in article["body_spans"]]
            group = _group(article, row)
            known = stories.get(article["headline"])
            if folds[group] == fold and spans and (not known or len(spans) > len(known.paragraphs)):
                stories[article["headline"]] = Story(article["headline"], spans, group)
    return [stories[name] for name in sorted(stories)]


def _fit(rows: Any, truth: Any, weights: Any) -> Any:
    ensemble = importlib.import_module("sklearn.ensemble")
    model = ensemble.HistGradientBoostingClassifier(
        **TREES, l2_regularization=2.0, min_samples_leaf=25, random_state=0, early_stopping=False
    )
    return model.fit(rows, truth, sample_weight=weights)


def _stack(examples: Sequence[Example]) -> tuple[Any, Any, Any]:
    truth = np.concatenate([example.truth for example in examples])
    folds = np.concatenate([example.folds for example in examples])
    weights = np.concatenate([np.full(len(item.at), item.weight) for item in examples])
    return truth, folds, weights


def _cross(examples: Sequence[Example], rows: Sequence[Any]) -> list[Any]:
    """Return for each example the ratings by forests that saw no article of the line's source."""
    stacked = np.vstack(list(rows))
    truth, folds, weights = _stack(examples)
    rated = np.zeros(len(truth))
    for fold in range(FOLDS):
        model = _fit(stacked[folds != fold], truth[folds != fold], weights[folds != fold])
        rated[folds == fold] = model.predict_proba(stacked[folds == fold])[:, 1]
    edges = np.cumsum([len(example.at) for example in examples])[:-1]
    return np.split(rated, edges)


def _second_rows(examples: Sequence[Example], first: Sequence[Any]) -> list[Any]:
    return [
        np.hstack([item.rows, agreement.agree(item.rows, alone, item.ranks, item.slots)])
        for item, alone in zip(examples, first, strict=True)
    ]


def _choice(tuned: dict[str, Any]) -> dict[str, float]:
    return {"bias": tuned["bias"], "prior": tuned["prior"]}


def _score(
    examples: Sequence[Example], rated: Sequence[Any], *, bias: float, prior: float
) -> dict[str, float]:
    hits = found = true = perfect = singles = whole = documents = 0
    for example, probability in zip(examples, rated, strict=True):
        if example.is_made:
            continue
        rows = segment.Rated(example.at, example.rows, probability)
        chosen = set(segment.choose(rows, example.pieces, bias=bias, prior=prior))
        gold = set(np.flatnonzero(example.truth).tolist())
        hits, found, true = hits + len(chosen & gold), found + len(chosen), true + len(gold)
        documents, perfect = documents + 1, perfect + (chosen == gold)
        singles, whole = singles + (len(gold) == 1), whole + (len(gold) == 1 and chosen == gold)
    return {
        "P": round(hits / max(1, found), 4), "R": round(hits / true, 4),
        "F1": round(2 * hits / (found + true), 4), "perfect": round(perfect / documents, 4),
        "single": round(whole / max(1, singles), 4),
    }  # fmt: skip


def _tune(examples: Sequence[Example], rated: Sequence[Any]) -> dict[str, Any]:
    """Return the bias, prior and calibration that do best on the held-out ratings."""
    grid = [(bias / 4, prior) for bias in range(-6, 7) for prior in (0.0, 0.5, 1.0, 2.0, 3.0, 4.0)]

    def worth(pair: tuple[float, float]) -> float:
        score = _score(examples, rated, bias=pair[0], prior=pair[1])
        return score["F1"] + score["perfect"] + score["single"] / 2

    bias, prior = max(grid, key=worth)
    return {"bias": bias, "prior": prior, "calibration": _calibrate(examples, rated, bias, prior)}


def _calibrate(
    examples: Sequence[Example], rated: Sequence[Any], bias: float, prior: float
) -> list[float]:
    """Return slope and shift that make the confidence of an article a probability."""
    linear = importlib.import_module("sklearn.linear_model")
    odds, right = [], []
    for example, probability in zip(examples, rated, strict=True):
        if example.is_made:
            continue
        rows = segment.Rated(example.at, example.rows, probability)
        chosen = segment.choose(rows, example.pieces, bias=bias, prior=prior)
        gold = np.flatnonzero(example.truth).tolist()
        for number in range(len(chosen)):
            chance = segment.confidence(rows, chosen, number, calibration=(1.0, 0.0))
            odds.append([np.log(chance / max(1e-12, 1 - chance))])
            right.append(_is_whole(chosen, gold, number))
    model = linear.LogisticRegression(C=1e6).fit(odds, right)
    return [round(float(model.coef_[0][0]), 4), round(float(model.intercept_[0]), 4)]


def _is_whole(chosen: Sequence[int], gold: Sequence[int], number: int) -> bool:
    """Return whether article `number` starts at a true headline and ends where the truth does."""
    if chosen[number] not in gold:
        return False
    place = gold.index(chosen[number])
    after = gold[place + 1] if place + 1 < len(gold) else None
    found = chosen[number + 1] if number + 1 < len(chosen) else None
    return after == found


def _save_predictions(path: Path, examples: Sequence[Example], rated: Sequence[Any]) -> None:
    rows = {
        item.name: probability.round(6).tolist()
        for item, probability in zip(examples, rated, strict=True)
        if not item.is_made
    }
    path.write_text(json.dumps(rows), "utf-8")


def _write(examples: Sequence[Example], second_rows: Sequence[Any], tuned: dict[str, Any]) -> None:
    truth, _, weights = _stack(examples)
    first = _fit(np.vstack([example.rows for example in examples]), truth, weights)
    second = _fit(np.vstack(list(second_rows)), truth, weights)
    data = {
        "features": [*features.NAMES, *agreement.NAMES],
        **tuned,
        "first": _export(first),
        "second": _export(second),
    }
    WEIGHTS.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")
    trees.load.cache_clear()
    rows = examples[0].rows
    difference = np.abs(trees.load().first.rate(rows) - first.predict_proba(rows)[:, 1]).max()
    print(f"written: {WEIGHTS.stat().st_size} bytes; largest rounding difference {difference:.6f}")


def _export(model: Any) -> dict[str, Any]:
    """Return the trees of a fitted model as flat lists; leaves have no left and no right."""
    data: dict[str, Any] = {
        key: [] for key in ("roots", "feature", "threshold", "left", "right", "value")
    }
    for (predictor,) in model._predictors:
        root = len(data["feature"])
        data["roots"].append(root)
        for node in predictor.nodes:
            leaf = bool(node["is_leaf"])
            data["feature"].append(0 if leaf else int(node["feature_idx"]))
            data["threshold"].append(0 if leaf else float(f"{node['num_threshold']:.7g}"))
            data["left"].append(-1 if leaf else root + int(node["left"]))
            data["right"].append(-1 if leaf else root + int(node["right"]))
            data["value"].append(float(f"{node['value']:.4g}") if leaf else 0)
    data["base"] = float(np.ravel(model._baseline_prediction)[0])
    return data


if __name__ == "__main__":
    main(sys.argv[1:])
