"""Train the forests that tell body from boilerplate, and say how well they do on unseen sites.

    python benchmarks/train_blocks.py DIR [--more DIR] [--cross-validate OUT] [--seed N] [--write]

DIR holds folders of pages (`<id>.html.gz`) with `ground_truth.json` (id → `url`, `articleBody`).
Every site falls into one of five folds; a page is always rated by forests that saw no page of its
site, and the figures printed are of those ratings. `--more` adds pages to train on that are never
scored; their entries may state a `weight`. `--cross-validate` reads each page by the whole path,
from bytes to article, with forests that saw no page of its site. What ships is fitted on all
pages: thresholds over layout features, no text. Needs lightgbm, which the package itself does not.
"""

import argparse
import gzip
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

import numpy as np

import accuracy
from block_labels import label
from newsetl.readers.html import coherence, features, hints, judge, marks, parse
from newsetl.readers.html.features import Described
from newsetl.readers.html.forest import plant
from newsetl.readers.html.sheet import lay_out

FOLDS = 5
Found = dict[str, dict[str, dict[str, Any]]]
"""Folder → page → what was found of its article."""

WEIGHTS = Path(__file__).parents[1] / "src/newsetl/readers/html/weights.json"
COMMON = {
    "objective": "binary", "lambda_l2": 5, "feature_fraction": 0.25, "bagging_fraction": 0.7,
    "bagging_freq": 1, "max_bin": 63, "num_threads": 1, "verbose": -1, "seed": 0,
    "learning_rate": 0.1,
}  # fmt: skip
FIRST = COMMON | {"num_leaves": 10, "min_data_in_leaf": 30, "trees": 150}
SECOND = COMMON | {"num_leaves": 8, "min_data_in_leaf": 60, "trees": 120}


@dataclass
class Page:
    """A page with the features and the truth of its pieces."""

    source: str
    key: str
    site: str
    texts: list[str]
    found: Described
    truth: Any
    weights: Any
    is_scored: bool = True

    @property
    def rows(self) -> Any:
        """The features as they are learned from: one row a piece."""
        return self.found.table.T


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--more", type=Path, help="folder of pages to train on only")
    parser.add_argument("--cross-validate", type=Path, help="folder for the articles found")
    parser.add_argument("--seed", type=int, default=0, help="another number cuts other folds")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    pages = list(_all_pages(options.data, is_scored=True))
    pages += _all_pages(options.more, is_scored=False) if options.more else ()
    folds = _folds(pages, options.seed)
    print(f"{len(pages)} pages, {len({page.site for page in pages})} sites", flush=True)
    alone, first = _cross(pages, [page.rows for page in pages], folds, FIRST)
    rows = [_second_rows(page, ratings) for page, ratings in zip(pages, alone, strict=True)]
    together, second = _cross(pages, rows, folds, SECOND)
    ratings = [(a + b) / 2 for a, b in zip(alone, together, strict=True)]
    _report(options.data, _bodies(pages, ratings))
    if options.cross_validate:
        found = _whole_path(options.data, pages, folds, list(zip(first, second, strict=True)))
        _keep(found, options.cross_validate)
        _report(options.data, found)
    if options.write:
        _write(pages, rows)


def _all_pages(data: Path, *, is_scored: bool) -> Iterator[Page]:
    for path in sorted(data.glob("*/ground_truth.json")):
        yield from _pages(path, is_scored=is_scored)


def _pages(path: Path, *, is_scored: bool) -> list[Page]:
    pages = []
    for key, truth in json.loads(path.read_text("utf-8")).items():
        if "articleBody" not in truth:
            continue
        root = parse(gzip.decompress((path.parent / f"{key}.html.gz").read_bytes()))
        sheet = lay_out(root)
        if sheet.pieces:
            said = hints.gather(marks.Page(root, "", datetime.now(UTC)))
            found = features.describe(sheet, said)
            texts = [piece.text for piece in sheet.pieces]
            labels = np.array(label(texts, truth["articleBody"]))
            weights = _weights(found.words) * truth.get("weight", 1.0)
            optional = "\n\n".join(truth["paragraphs"][i] for i in truth.get("optional") or ())
            weights = np.where(label(texts, optional), 0.0, weights) if optional else weights
            site = _site(truth.get("url") or key)
            page = Page(path.parent.name, key, site, texts, found, labels, weights)
            pages.append(replace(page, is_scored=is_scored))
    return pages


def _weights(words: Any) -> Any:
    """Return weights that let long pieces and long pages count more, but not by their length."""
    weights = np.sqrt(np.maximum(1.0, words))
    return weights / weights.sum() * 5 * np.sqrt(len(words))


def _site(url: str) -> str:
    parts = urlsplit(url).netloc.lower().split(":")[0].split(".")
    is_second = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3
    return ".".join(parts[-3 if is_second else -2 :]) or url


def _folds(pages: Sequence[Page], seed: int) -> list[int]:
    """Return the fold of each page, all of a site in one, so that folds hold about as many.

    Pages that are not scored change nothing for those that are.
    """
    loads: list[int] = [0] * FOLDS
    folds: dict[str, int] = {}
    for is_scored in (True, False):
        sites = [page.site for page in pages if page.is_scored == is_scored]
        if seed:
            sites = np.random.default_rng(seed).permutation(sites).tolist()
        for site, count in Counter(sites).most_common():
            folds.setdefault(site, loads.index(min(loads)))
            loads[folds[site]] += count
    return [folds[page.site] for page in pages]


def _fit(pages: Sequence[Page], rows: Sequence[Any], options: dict[str, Any]) -> Any:
    import lightgbm

    data = lightgbm.Dataset(
        np.vstack(list(rows)),
        np.concatenate([page.truth for page in pages]),
        weight=np.concatenate([page.weights for page in pages]),
    )
    own = {name: value for name, value in options.items() if name != "trees"}
    return lightgbm.train(own, data, options["trees"])


def _cross(
    pages: Sequence[Page], rows: Sequence[Any], folds: Sequence[int], options: dict[str, Any]
) -> tuple[list[Any], list[Any]]:
    """Return for each page the ratings by a forest that saw no page of its site; the forests."""
    ratings: list[Any] = [None] * len(pages)
    models = []
    for fold in range(FOLDS):
        seen = [place for place, own in enumerate(folds) if own != fold]
        model = _fit([pages[place] for place in seen], [rows[place] for place in seen], options)
        models.append(model)
        for place, own in enumerate(folds):
            if own == fold:
                rated = model.predict(rows[place])
                ratings[place] = judge.mute(rated, pages[place].found.table)
    return ratings, models


def _second_rows(page: Page, alone: Any) -> Any:
    return coherence.describe(alone, page.found.words, page.found.at, page.found.tree).T


def _bodies(pages: Sequence[Page], ratings: Sequence[Any]) -> Found:
    """Return per folder what the ratings alone take for the body of each page."""
    found: Found = {}
    for page, rated in zip(pages, ratings, strict=True):
        if page.is_scored:
            kept = judge.choose(rated, page.found.words)
            body = [text for text, is_body in zip(page.texts, kept, strict=True) if is_body]
            found.setdefault(page.source, {})[page.key] = {"articleBody": "\n\n".join(body)}
    return found


def _whole_path(
    data: Path, pages: Sequence[Page], folds: Sequence[int], models: Sequence[tuple[Any, Any]]
) -> Found:
    """Return per folder the article of each page, read with the forests of its fold."""
    found: Found = {}
    for fold, pair in enumerate(models):
        grown = tuple(plant(_export(model)) for model in pair)
        with mock.patch.object(judge, "load", return_value=grown):
            for page, own in zip(pages, folds, strict=True):
                if own == fold and page.is_scored:
                    markup = gzip.decompress(
                        (data / page.source / f"{page.key}.html.gz").read_bytes()
                    )
                    found.setdefault(page.source, {})[page.key] = accuracy.page_article(markup)
    return found


def _keep(found: Found, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for source, articles in found.items():
        (out / f"{source}.json").write_text(json.dumps(articles, ensure_ascii=False), "utf-8")


def _report(data: Path, found: Found) -> None:
    """Print the score of each folder, by the scorer beside the data."""
    scorer = data / "score.py"
    if not scorer.exists():
        print(f"no {scorer} to score the articles with")
        return
    spec = importlib.util.spec_from_file_location("score", scorer)
    if spec is None or spec.loader is None:
        return
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    for source, articles in sorted(found.items()):
        truth = score.read(data / source / "ground_truth.json")
        print(source, {k: round(v, 4) for k, v in score.body(truth, articles).items()}, flush=True)


def _write(pages: Sequence[Page], rows: Sequence[Any]) -> None:
    first = _fit(pages, [page.rows for page in pages], FIRST)
    second = _fit(pages, rows, SECOND)
    data = {"first": _export(first), "second": _export(second)}
    WEIGHTS.write_text(json.dumps(data, separators=(",", ":")) + "\n", "utf-8")
    sample = pages[0]
    planted = plant(data["first"]).rate(sample.found.table)
    gap = np.abs(planted - first.predict(sample.rows)).max()
    print(f"written: {WEIGHTS.stat().st_size} bytes; largest rounding difference {gap:.6f}")


def _export(model: Any) -> list[Any]:
    """Return the trees as nested lists: `[feature, threshold, left, right]`, or a leaf's value."""

    def nested(node: dict[str, Any]) -> Any:
        if "leaf_value" in node:
            return float(f"{node['leaf_value']:.4g}")
        limit = float(f"{node['threshold']:.7g}")
        children = nested(node["left_child"]), nested(node["right_child"])
        return [node["split_feature"], limit, *children]

    return [nested(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


if __name__ == "__main__":
    main(sys.argv[1:])
