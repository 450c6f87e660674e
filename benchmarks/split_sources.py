"""Sources: the reference articles that the splitter is trained on, and the fold of each source."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from layouts import Story

FOLDS = 5
_NO_NAMES = frozenset({"www", "com", "co", "org", "net", "uk", "news", "edition", ""})


def group_of(article: dict[str, Any], row: dict[str, Any]) -> str:
    source: str = row["source"] if row["real"] else article.get("source") or row["source"]
    return site_of(source.rsplit("/", maxsplit=1)[-1])


def site_of(name: str) -> str:
    """Return what the names of one site have in common: of a host, the label that is registered.

    >>> site_of("www.thegazette.co.uk"), site_of("TheGazette"), site_of("gazette-press")
    ('gazette', 'gazette', 'gazette')
    """
    labels = [label for label in name.casefold().split(".") if label not in _NO_NAMES]
    longest = max(labels, key=len) if name.count(".") > 1 else labels[0]
    return longest.split("-", maxsplit=1)[0].removeprefix("the") or longest


def folds_of(
    reference: Sequence[dict[str, Any]], stories: Sequence[Story], *, seed: int
) -> dict[str, int]:
    """Return the fold of each source, so that folds hold about as many articles each.

    Another `seed` than 0 deals the sources out anew, with their counts stretched at random.
    """
    rng = random.Random(seed)  # noqa: S311 (folds are no secret)
    counts = Counter(group_of(article, row) for row in reference for article in row["articles"])
    more = Counter(story.group for story in stories if story.group not in counts)
    folds: dict[str, int] = {}
    for known in (counts, more):
        loads = [0.0] * FOLDS
        stretched = {
            name: count * (rng.uniform(0.6, 1.6) if seed else 1) for name, count in known.items()
        }
        for group, count in sorted(stretched.items(), key=lambda item: -item[1]):
            folds[group] = loads.index(min(loads))
            loads[folds[group]] += count
    return folds


def stories_of(reference: Sequence[dict[str, Any]], pages: Sequence[Story]) -> list[Story]:
    """Return the reference articles, each once and with its most paragraphs."""
    stories: dict[str, Story] = {}
    for row in reference:
        for article in row["articles"]:
            spans = [" ".join(row["text"][a:b].split()) for a, b in article["body_spans"]]
            known = stories.get(article["headline"])
            if spans and (not known or len(spans) > len(known.paragraphs)):
                stories[article["headline"]] = Story(
                    article["headline"], spans, group_of(article, row)
                )
    for story in pages:
        stories.setdefault(story.headline, story)
    return [stories[name] for name in sorted(stories)]


def stories_of_pages(folder: Path) -> list[Story]:
    """Return the articles of reference pages."""
    stories = []
    for path in sorted(folder.glob("*/ground_truth.json")):
        for row in json.loads(path.read_text("utf-8")).values():
            lines = [" ".join(line.split()) for line in (row.get("articleBody") or "").split("\n")]
            paragraphs = [line for line in lines if line]
            if row.get("title") and len(paragraphs) > 1:
                host = urlsplit(row["url"]).netloc
                stories.append(Story(" ".join(row["title"].split()), paragraphs, site_of(host)))
    return stories


def one_site(pool: Sequence[Story], rng: random.Random) -> list[Story]:
    """Return the stories of one source: they share names and subjects, as those of a page do."""
    group = rng.choice(pool).group
    return [story for story in pool if story.group == group]
