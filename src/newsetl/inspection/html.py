"""Inspected articles as one HTML page that needs nothing else: no server, no network, no font.

Everything from news is escaped by the template engine; the page's content policy lets it load
nothing. Without JavaScript it is whole, too: search, sorting and the switch of rules need it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from newsetl.inspection import Finding, Inspected

if TYPE_CHECKING:
    from jinja2 import Template

_SHOWN_TOGETHER = 12
_SHOWN_ON_TIMELINE = 8
_MOST_DAYS = 62
_AROUND = 60
_MONTHS = 12


@dataclass(frozen=True)
class _Bars:
    """A row of the timeline: what is counted, and how often in each period."""

    name: str
    label: str
    counts: tuple[int, ...]


def page(articles: Sequence[Inspected], *, title: str, note: str = "", why: bool = False) -> str:
    """Return the page: articles to search, tables of what was found, timeline, co-occurrence.

    `note` stands under the title, such as how many articles were left out. With `why`, the rule
    behind each span shows from the start.
    """
    periods = _periods(articles)
    return _template().render(
        title=title,
        note=note,
        why=why,
        articles=articles,
        entities=_entities(articles),
        figures=list(_found(articles, "figures")),
        quotes=list(_found(articles, "quotes")),
        roles=list(_found(articles, "roles")),
        periods=periods,
        timeline=list(_timeline(articles, periods)),
        together=_together(articles),
        css=_file("page.css"),
        script=_file("page.js"),
    )


def _entities(articles: Sequence[Inspected]) -> list[tuple[str, str, int, int]]:
    """Return name, label, articles and mentions of each entity, most named first."""
    mentions: Counter[tuple[str, str]] = Counter()
    named_in: Counter[tuple[str, str]] = Counter()
    for article in articles:
        own = Counter(_keys(article.findings))
        mentions.update(own)
        named_in.update(own.keys())
    rows = [(*key, named_in[key], count) for key, count in mentions.items()]
    return sorted(rows, key=lambda row: (-row[2], -row[3], row[0], row[1]))


def _keys(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(item.entity, item.label) for item in findings if item.entity is not None]


def _found(articles: Sequence[Inspected], layer: str) -> Iterable[dict[str, Any]]:
    """Yield the findings of a layer, each with its words and the text around them."""
    for number, article in enumerate(articles):
        for item in article.findings:
            if item.layer == layer:
                yield {
                    "article": article,
                    "number": number,
                    "finding": item,
                    "words": article.text[item.start : item.end],
                    "before": article.text[max(0, item.start - _AROUND) : item.start],
                    "behind": article.text[item.end : item.end + _AROUND],
                }


def _periods(articles: Sequence[Inspected]) -> list[str]:
    """Return the days from first to last article, or the months where the days are too many."""
    days = sorted(day for article in articles if (day := article.record["published_date"]))
    if not days:
        return []
    first, last = days[0], days[-1]
    if (last - first).days < _MOST_DAYS:
        spanned = range(first.toordinal(), last.toordinal() + 1)
        return [date.fromordinal(day).isoformat() for day in spanned]
    months = range(first.year * _MONTHS + first.month - 1, last.year * _MONTHS + last.month)
    return [f"{month // _MONTHS:04}-{month % _MONTHS + 1:02}" for month in months]


def _timeline(articles: Sequence[Inspected], periods: Sequence[str]) -> Iterable[_Bars]:
    """Yield articles per period: all, then those that name each of the most named entities."""
    if not periods:
        return
    width = len(periods[0])
    when = [str(article.record["published_date"] or "")[:width] for article in articles]
    yield _Bars("all articles", "", _counts(when, periods))
    named = [set(_keys(article.findings)) for article in articles]
    dated = [article for article in articles if article.record["published_date"]]
    for name, label, *_ in _entities(dated)[:_SHOWN_ON_TIMELINE]:
        own = [day for day, keys in zip(when, named, strict=True) if (name, label) in keys]
        yield _Bars(name, label, _counts(own, periods))


def _counts(days: Iterable[str], periods: Sequence[str]) -> tuple[int, ...]:
    counted = Counter(days)
    return tuple(counted[period] for period in periods)


def _together(articles: Sequence[Inspected]) -> tuple[list[str], list[list[int]]]:
    """Return the entities most named together, and how many sentences name each pair."""
    pairs: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for article in articles:
        sentences: dict[str | None, list[Finding]] = {}
        for item in article.findings:
            sentences.setdefault(item.sentence_id, []).append(item)
        for found in sentences.values():
            keys = sorted(set(_keys(found)))
            pairs.update((one, other) for one in keys for other in keys if one != other)
    weights: Counter[tuple[str, str]] = Counter()
    for (one, _), count in pairs.items():
        weights[one] += count
    ranked = sorted(weights, key=lambda key: (-weights[key], key))[:_SHOWN_TOGETHER]
    return [name for name, _ in ranked], [[pairs[one, other] for other in ranked] for one in ranked]


@lru_cache(maxsize=1)
def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("page.html"))


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
