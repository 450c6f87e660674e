"""Train the weights of the prose splitter and say how well they do on sources never seen.

    python benchmarks/train_splitter.py DOCUMENTS.jsonl [--pages DIR] [--write] [--predictions FILE]
        [--seed N]

DOCUMENTS.jsonl holds reference documents (`text`, `articles` with `headline_span`, `body_spans`
and `source`), DIR reference articles of pages (`*/ground_truth.json` with `url`, `title`,
`articleBody`), which are set in documents of our own making (`layouts`). Every source falls into
one of five folds; a line is always rated by forests that saw no article of its source, and the
figures printed are of those ratings; FILE gets the articles that they give, for `score.py`. What
ships is fitted on all folds: thresholds over layout features, no text. Needs scikit-learn, which
the package itself does not.
"""

import argparse
import bisect
import importlib
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import split_sources as sources
from layouts import Story, compose
from newsetl.model import Article, Document
from newsetl.readers.plain import blocks_of
from newsetl.splitters import prose
from newsetl.splitters.prose import agreement, anew, features, segment, trees, whole
from newsetl.splitters.prose.pieces import Piece, pieces_of

MADE_PER_FOLD = 360
KEPT_SHARE = 0.5  # of the lines that are no headlines: they are many
ONE_SITE = 0.4
REAL_WEIGHT = 2.0
TREES = {"max_iter": 90, "max_leaf_nodes": 12, "learning_rate": 0.09}
ONE_REAL_WEIGHT, ONE_STRENGTH = 2.0, 0.1
_SURE = float(np.log(0.9 / 0.1))
WEIGHTS = Path(__file__).parents[1] / "src/newsetl/splitters/prose/weights.json"


@dataclass
class Example:
    """A document with its candidates, their features and truth, and the fold of each."""

    document: Document
    pieces: list[Piece]
    at: list[int]
    rows: Any
    truth: Any
    folds: Any
    weight: float
    is_made: bool

    @property
    def fold(self) -> int:
        """The fold that most of the document's candidates fall into."""
        return int(np.bincount(self.folds).argmax())

    @property
    def slots(self) -> list[tuple[str, str, str, str]]:
        return [agreement.slots(self.pieces, index) for index in self.at]

    @property
    def ranks(self) -> list[int]:
        count = np.cumsum([0, *(piece.is_prose for piece in self.pieces)])
        return [int(count[index]) for index in self.at]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("documents", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--predictions", type=Path)
    parser.add_argument("--seed", type=int, default=0, help="other folds of the sources")
    options = parser.parse_args(arguments)
    lines = options.documents.read_text("utf-8").splitlines()
    reference = [row for row in map(json.loads, lines) if row["format"] == "text"]
    stories = sources.stories_of(
        reference, sources.stories_of_pages(options.pages) if options.pages else []
    )
    folds = sources.folds_of(reference, stories, seed=options.seed)
    examples = [_reference(row, folds) for row in reference]
    for fold in range(sources.FOLDS):
        examples += _made([story for story in stories if folds[story.group] == fold], fold)
    print(f"{len(reference)} reference and {len(examples) - len(reference)} made documents")
    first = _cross(examples, [example.rows for example in examples])
    second_rows = _second_rows(examples, first)
    second = [
        anew.weigh(item.rows, item.pieces, item.at, rated)
        for item, rated in zip(examples, _cross(examples, second_rows), strict=True)
    ]
    tuned, ones = _tune(examples, second)
    shown = {name: value for name, value in tuned.items() if name != "one"}
    print(json.dumps(shown), _known_score(examples, second, tuned, ones))
    if options.predictions:
        _save_predictions(options.predictions, examples, second, tuned, ones)
    if options.write:
        _write(examples, second_rows, tuned)


def _document(name: str, text: str) -> Document:
    return Document(name, name, "training", text, "prose", tuple(blocks_of(text)))


def _example(name: str, text: str, starts: Sequence[int]) -> Example:
    document = _document(name, text)
    pieces = pieces_of(document)
    at, rows = features.describe(pieces, text)
    ends = [piece.end for piece in pieces]
    truth_at = {bisect.bisect_right(ends, start) for start in starts}
    truth = np.array([index in truth_at for index in at], dtype=float)
    return Example(document, pieces, at, rows, truth, np.zeros(len(at), int), 1.0, is_made=True)


def _reference(row: dict[str, Any], folds: dict[str, int]) -> Example:
    articles = row["articles"]
    starts = [article["headline_span"][0] for article in articles]
    example = _example(row["id"], row["text"], starts)
    owners = [
        articles[max(0, bisect.bisect_right(starts, example.pieces[index].end) - 1)]
        for index in example.at
    ]
    example.folds = np.array(
        [folds[sources.group_of(article, row)] for article in owners], dtype=int
    )
    example.weight, example.is_made = (REAL_WEIGHT if row["real"] else 1.0), False
    return example


def _made(pool: Sequence[Story], fold: int) -> list[Example]:
    """Return documents in invented templates from the stories of one fold."""
    rng = random.Random(fold)  # noqa: S311 (layouts are no secret)
    examples = []
    for number in range(MADE_PER_FOLD):
        count = rng.choice([1, 1, 1, 1, 2, 3, 4, 5, 6, 8, 10])
        lent = sources.one_site(pool, rng) if rng.random() < ONE_SITE else pool
        sheet = compose(rng.sample(lent, min(count, len(lent))), pool, rng)
        text, starts = sheet.text()
        example = _example(f"made-{fold}-{number}", text, starts)
        example.folds[:] = fold
        example.weight = 0.7
        examples.append(example)
    return examples


def _fit(rows: Any, truth: Any, weights: Any) -> Any:
    ensemble = importlib.import_module("sklearn.ensemble")
    model = ensemble.HistGradientBoostingClassifier(
        **TREES, l2_regularization=2.0, min_samples_leaf=25, random_state=0, early_stopping=False
    )
    used = weights > 0
    return model.fit(rows[used], truth[used], sample_weight=weights[used])


def _stack(examples: Sequence[Example]) -> tuple[Any, Any, Any]:
    truth = np.concatenate([example.truth for example in examples])
    folds = np.concatenate([example.folds for example in examples])
    weights = np.concatenate([np.full(len(item.at), item.weight) for item in examples])
    is_kept = np.random.default_rng(0).random(len(truth)) < KEPT_SHARE
    weights = np.where(truth == 1, weights, np.where(is_kept, weights / KEPT_SHARE, 0.0))
    return truth, folds, weights


def _cross(examples: Sequence[Example], rows: Sequence[Any]) -> list[Any]:
    """Return for each example the ratings by forests that saw no article of the line's source."""
    stacked = np.vstack(list(rows))
    truth, folds, weights = _stack(examples)
    rated = np.zeros(len(truth))
    for fold in range(sources.FOLDS):
        model = _fit(stacked[folds != fold], truth[folds != fold], weights[folds != fold])
        rated[folds == fold] = model.predict_proba(stacked[folds == fold])[:, 1]
    edges = np.cumsum([len(example.at) for example in examples])[:-1]
    return np.split(rated, edges)


def _second_rows(examples: Sequence[Example], first: Sequence[Any]) -> list[Any]:
    return [
        np.hstack([item.rows, agreement.agree(item.rows, alone, item.ranks, item.slots)])
        for item, alone in zip(examples, first, strict=True)
    ]


def _choose_all(
    examples: Sequence[Example],
    rated: Sequence[Any],
    tuned: dict[str, Any],
    ones: Sequence[Any] | None = None,
) -> list[tuple[Example, list[int]]]:
    """Return the examples with the candidates that are chosen as headlines."""
    found = []
    for example, probability in zip(examples, rated, strict=True):
        rows = segment.Rated(example.at, probability, example.rows)
        one = None if ones is None else ones[example.fold]
        chosen = segment.choose(
            rows, example.pieces, bias=tuned["bias"], prior=tuned["prior"], one=one
        )
        found.append((example, chosen))
    return found


def _score(chosen: Sequence[tuple[Example, list[int]]]) -> dict[str, float]:
    """Return how well the chosen headlines do."""
    hits = found = true = perfect = singles = whole = documents = 0
    for example, headlines in chosen:
        own, gold = set(headlines), set(np.flatnonzero(example.truth).tolist())
        hits, found, true = hits + len(own & gold), found + len(own), true + len(gold)
        documents, perfect = documents + 1, perfect + (own == gold)
        singles, whole = singles + (len(gold) == 1), whole + (len(gold) == 1 and own == gold)
    return {
        "P": round(hits / max(1, found), 4), "R": round(hits / true, 4),
        "F1": round(2 * hits / (found + true), 4), "perfect": round(perfect / documents, 4),
        "single": round(whole / max(1, singles), 4),
    }  # fmt: skip


def _known_score(
    examples: Sequence[Example], rated: Sequence[Any], tuned: dict[str, Any], ones: Sequence[Any]
) -> dict[str, float]:
    chosen = _choose_all(examples, rated, tuned, ones)
    return _score([item for item in chosen if not item[0].is_made])


def _tune(examples: Sequence[Example], rated: Sequence[Any]) -> tuple[dict[str, Any], list[Any]]:
    """Return bias, prior, signs of one article and calibration that do best on held-out ratings.

    Reference documents of one article are few, so those of the made ones count for them, too.
    The signs come fitted on all folds, and as a list, for each fold on the others.
    """
    reference = [item for item in zip(examples, rated, strict=True) if not item[0].is_made]
    documents, odds = [item[0] for item in reference], [item[1] for item in reference]
    grid = [{"bias": bias / 4, "prior": 1.0} for bias in range(-2, 2)]

    def worth(tuned: dict[str, float]) -> float:
        chosen = _choose_all(examples, rated, tuned)
        known = _score([item for item in chosen if not item[0].is_made])
        return known["F1"] + known["perfect"] + _score(chosen)["single"]

    tuned: dict[str, Any] = max(grid, key=worth)
    one, ones = _fit_one(examples, rated, tuned)
    calibration = _calibrate(documents, odds, tuned, ones)
    return {**tuned, "one": one, "calibration": calibration}, ones


def _fit_one(
    examples: Sequence[Example], rated: Sequence[Any], tuned: dict[str, Any]
) -> tuple[list[float], list[Any]]:
    """Return the weights of the signs that a document is one article: of all folds, and of each.

    They are fitted where more than one headline was found.
    """
    signs, is_one, folds, weights = [], [], [], []
    for (example, chosen), probability in zip(
        _choose_all(examples, rated, tuned), rated, strict=True
    ):
        if whole.may_be_one(chosen):
            held = segment.Rated(example.at, probability)
            signs.append(segment.signs_of_one(held, example.rows, example.pieces, chosen))
            is_one.append(example.truth.sum() == 1)
            folds.append(example.fold)
            weights.append(1.0 if example.is_made else ONE_REAL_WEIGHT)
    rows, truth = np.array(signs), np.array(is_one)
    fold, weight = np.array(folds), np.array(weights)
    ones = [
        _line(rows[fold != out], truth[fold != out], weight[fold != out])
        for out in range(sources.FOLDS)
    ]
    return [round(float(value), 5) for value in _line(rows, truth, weight)], ones


def _line(rows: Any, truth: Any, weights: Any) -> Any:
    """Return the weights of a logistic regression for rows as they are, the last one alone."""
    linear = importlib.import_module("sklearn.linear_model")
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    model = linear.LogisticRegression(C=ONE_STRENGTH, max_iter=5000)
    model.fit((rows - mean) / scale, truth, sample_weight=weights)
    slopes = model.coef_[0] / scale
    return np.array([*slopes, model.intercept_[0] - slopes @ mean])


def _calibrate(
    examples: Sequence[Example], rated: Sequence[Any], tuned: dict[str, Any], ones: Sequence[Any]
) -> list[float]:
    """Return slope and shift that make a document's confidence the chance that it is perfect.

    A document's confidence is that of its least sure article (`splitters.confidence`).
    """
    linear = importlib.import_module("sklearn.linear_model")
    odds, perfect = [], []
    chosen = _choose_all(examples, rated, tuned, ones)
    for (example, headlines), probability in zip(chosen, rated, strict=True):
        rows = segment.Rated(example.at, probability)
        chances = [
            segment.confidence(rows, headlines, number, calibration=(1.0, 0.0))
            for number in range(max(1, len(headlines)))
        ]
        least = min(chances)
        odds.append([np.log(least / max(1e-12, 1 - least))])
        perfect.append(set(headlines) == set(np.flatnonzero(example.truth).tolist()))
    model = linear.LogisticRegression(C=1e6).fit(odds, perfect)
    slope, shift = float(model.coef_[0][0]), float(model.intercept_[0])
    sure = [ok for (odd,), ok in zip(odds, perfect, strict=True) if slope * odd + shift > _SURE]
    print(f"{len(sure)} documents above .9, {sum(sure)} of them perfect")
    return [round(slope, 4), round(shift, 4)]


def _save_predictions(
    path: Path,
    examples: Sequence[Example],
    rated: Sequence[Any],
    tuned: dict[str, Any],
    ones: Sequence[Any],
) -> None:
    """Write the articles that the held-out ratings give, in the layout that `score.py` reads."""
    loaded = replace(trees.load(), bias=tuned["bias"], prior=tuned["prior"])
    with path.open("w", encoding="utf-8") as file:
        for example, probability in zip(examples, rated, strict=True):
            if example.is_made:
                continue
            rows = segment.Rated(example.at, probability, example.rows)
            weights = replace(loaded, one=ones[example.fold])
            made = prose.plan(example.document, weights, rated=rows)
            articles = prose.cut(example.document, made, calibration=tuple(tuned["calibration"]))
            row = {"id": example.document.uri, "articles": [_predicted(item) for item in articles]}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _predicted(article: Article) -> dict[str, Any]:
    headline = next((part for part in article.parts if part.kind == "headline"), article.parts[0])
    day = article.published.day
    return {
        "start": article.start + headline.start,
        "headline": article.headline,
        "date": day.isoformat() if day else None,
        "byline": article.byline,
        "confidence": article.split_confidence,
        "body_spans": [
            [article.start + part.start, article.start + part.end]
            for part in article.parts
            if part.kind in ("summary", "body")
        ],
    }


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
