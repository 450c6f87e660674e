"""A run beside its sources' usual days: what it brought, and what is odd about it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsetl.errors import ConfigError
from newsetl.frames import open_tables
from newsetl.places import Place

DAYS = 28
"""Days before the run's that make up what is usual: their median."""
FEWEST_DAYS = 3
"""With fewer, nothing is called odd."""
FEWEST_ARTICLES = 3
"""A change by fewer articles or rejects is no news."""

_ARTICLES = """
    SELECT source_id, CAST(started_at AS DATE) AS day, count(*) AS articles,
           avg(word_count) AS mean_words,
           avg(CAST(published_date IS NULL AS INTEGER)) AS undated_share
    FROM articles JOIN runs USING (run_id)
    WHERE run_id <= ? AND CAST(started_at AS DATE) >= CAST(? AS DATE) - ?
    GROUP BY ALL
"""
_REJECTS = """
    WITH met AS (
        SELECT unnest(reject_ids) AS reject_id, CAST(started_at AS DATE) AS day FROM runs
        WHERE run_id <= ? AND CAST(started_at AS DATE) >= CAST(? AS DATE) - ?
    )
    SELECT source_id, day, reason, count(DISTINCT reject_id) AS rejects
    FROM met JOIN rejects USING (reject_id) GROUP BY ALL
"""
_DAYS = """
    SELECT DISTINCT CAST(started_at AS DATE) AS day FROM runs
    WHERE run_id <= ? AND CAST(started_at AS DATE) >= CAST(? AS DATE) - ?
    ORDER BY day
"""


@dataclass(frozen=True)
class Measure:
    """One figure of a source's day, and the median of the days before; None without either."""

    value: float | None
    usual: float | None


@dataclass(frozen=True)
class SourceDay:
    """A source on the run's day, up to the run: figures, rejects by reason, and what is odd."""

    source_id: str
    articles: Measure
    mean_words: Measure
    undated_share: Measure
    rejects: dict[str, Measure] = field(default_factory=dict)
    oddities: tuple[str, ...] = ()


def days_of(to: Place, run_id: str | None = None) -> tuple[str, list[SourceDay]]:
    """Return a run's id, of the last one by default, and its sources' days.

    A source that had articles on the days before but none on this one is among them. Raises
    ConfigError for a run that there is not.
    """
    tables = open_tables(to)
    known = tables.runs.set_index("run_id")["started_at"]
    chosen = run_id or max(known.index)
    if chosen not in known.index:
        raise ConfigError(
            f"no run {chosen!r}", where=str(to), fix="see which there are: newsetl ls runs"
        )
    day = known[chosen].date()
    asked = [chosen, day.isoformat(), DAYS]
    articles, rejects, days = (tables.rows(query, asked) for query in (_ARTICLES, _REJECTS, _DAYS))
    before = [row["day"] for row in days if row["day"] != day]
    sources = sorted({row["source_id"] for row in (*articles, *rejects)})
    return chosen, [_source_day(name, day, before, articles, rejects) for name in sources]


def text(run_id: str, days: Sequence[SourceDay]) -> str:
    """Return the report to read."""
    lines = [f"run {run_id}", ""]
    for item in days:
        lines.append(item.source_id)
        lines += [f"  {name}: {_shown(measure)}" for name, measure in _measures(item)]
        lines += [f"  ODD: {oddity}" for oddity in item.oddities]
    return "\n".join(lines) + "\n"


def markdown(run_id: str, days: Sequence[SourceDay]) -> str:
    """Return the report as Markdown."""
    lines = [
        f"# newsetl run {run_id}",
        "",
        "| source | figure | day | usual |",
        "| --- | --- | ---: | ---: |",
    ]
    for item in days:
        for name, measure in _measures(item):
            value, usual = _number(measure.value), _number(measure.usual)
            lines.append(f"| {item.source_id} | {name} | {value} | {usual} |")
    odd = [f"- {item.source_id}: {oddity}" for item in days for oddity in item.oddities]
    return "\n".join([*lines, *(["", "## Odd", "", *odd] if odd else [])]) + "\n"


def _source_day(
    name: str,
    day: Any,
    before: Sequence[Any],
    articles: Sequence[dict[str, Any]],
    rejects: Sequence[dict[str, Any]],
) -> SourceDay:
    """Return a source's day; a day with runs on which it had no article counts as zero."""
    own = {row["day"]: row for row in articles if row["source_id"] == name}
    mine = [row for row in rejects if row["source_id"] == name]
    first = min([*own, *(row["day"] for row in mine)])
    earlier = [item for item in before if item >= first]

    def measure(column: str) -> Measure:
        value = own[day][column] if day in own else None
        return Measure(value, _median([own[item][column] for item in earlier if item in own]))

    counts = [float(own[item]["articles"]) if item in own else 0.0 for item in earlier]
    found = SourceDay(
        source_id=name,
        articles=Measure(float(own[day]["articles"]) if day in own else 0.0, _median(counts)),
        mean_words=measure("mean_words"),
        undated_share=measure("undated_share"),
        rejects={
            reason: _reject_measure(mine, reason, day, earlier)
            for reason in sorted({row["reason"] for row in mine})
        },
    )
    odd = _oddities(found) if len(earlier) >= FEWEST_DAYS else ()
    return SourceDay(**{**vars(found), "oddities": tuple(odd)})


def _reject_measure(
    rows: Sequence[dict[str, Any]], reason: str, day: Any, earlier: Sequence[Any]
) -> Measure:
    counts = {row["day"]: float(row["rejects"]) for row in rows if row["reason"] == reason}
    return Measure(counts.get(day, 0.0), _median([counts.get(item, 0.0) for item in earlier]))


def _oddities(found: SourceDay) -> list[str]:
    odd = []
    value, usual = found.articles.value or 0.0, found.articles.usual or 0.0
    if abs(value - usual) >= FEWEST_ARTICLES and (value < usual / 2 or value > usual * 2):
        odd.append(f"{value:g} articles, usually {usual:g}")
    for reason, measure in found.rejects.items():
        value, usual = measure.value or 0.0, measure.usual or 0.0
        if value - usual >= FEWEST_ARTICLES and value > usual * 2:
            odd.append(f"{value:g} rejects for {reason}, usually {usual:g}")
    length = found.mean_words
    if length.value and length.usual and not 0.5 <= length.value / length.usual <= 2:
        odd.append(f"{length.value:.0f} words an article, usually {length.usual:.0f}")
    undated = found.undated_share
    more = (undated.value or 0.0) - (1.0 if undated.usual is None else undated.usual)
    if more > 0.2:
        odd.append(f"{undated.value:.0%} of articles without a date, usually {undated.usual:.0%}")
    return odd


def _measures(item: SourceDay) -> list[tuple[str, Measure]]:
    return [
        ("articles", item.articles),
        ("words an article", item.mean_words),
        ("share without date", item.undated_share),
        *((f"rejects: {reason}", measure) for reason, measure in item.rejects.items()),
    ]


def _shown(measure: Measure) -> str:
    return f"{_number(measure.value)} (usual day: {_number(measure.usual)})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.4g}"


def _median(values: Sequence[float]) -> float | None:
    return float(statistics.median(values)) if values else None
