"""What people read: the end of a run, a table's columns, a splitter's verdicts. Rich, no logic."""

import contextlib
import html
import inspect
import sys
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from newsetl.frames import open_tables
from newsetl.model import Article, Report, Verdict
from newsetl.places import Place
from newsetl.schema import Row, schema_of

if TYPE_CHECKING:
    import pyarrow as pa

    from newsetl.pipeline import Watch

_SHOWN_ARTICLES = 8
_SHOWN_FIGURES = 6
_SHOWN_REJECTS = 5
_TO_REVIEW = "low_confidence"
_NARROWEST = 60
_BEFORE_WIDTH, _BEHIND_WIDTH = 16, 24
_TEXT_WIDTH = 88
_BETWEEN_COLUMNS = 3
_NARROWEST_COLUMN = 8
_UNDERLINE = 88
_COUNTED = (
    "articles", "sentences", "mentions", "entities", "figures", "quotes", "roles", "rejects",
)  # fmt: skip

_PER_ARTICLE = ("word_count", "mentions", "figures", "quotes")

_ARTICLES = """
    SELECT coalesce(headline, '(no headline)') AS headline, word_count,
           (SELECT count(*) FROM mentions m WHERE m.article_id = a.article_id) AS mentions,
           (SELECT count(*) FROM figures f WHERE f.article_id = a.article_id) AS figures,
           (SELECT count(*) FROM quotes q WHERE q.article_id = a.article_id) AS quotes
    FROM articles a JOIN documents d USING (document_id)
    WHERE a.run_id = ? ORDER BY d.uri, a.position LIMIT ?
"""
_FIGURES = """
    SELECT f.text, f.value, f.value_low, f.value_high, f.unit, s.text AS sentence
    FROM figures f JOIN sentences s USING (sentence_id)
    JOIN articles a ON a.article_id = f.article_id JOIN documents d USING (document_id)
    WHERE f.run_id = ? AND f.kind = 'money'
    QUALIFY row_number() OVER (
        PARTITION BY f.value, f.value_low, f.value_high, f.unit
        ORDER BY d.uri, a.position, f.start_char
    ) = 1
    ORDER BY coalesce(f.value, f.value_high) DESC, d.uri, a.position, f.start_char LIMIT ?
"""
_COLOURS = {
    "headline": "bold green",
    "byline": "cyan",
    "date": "cyan",
    "caption": "magenta",
    "notes": "yellow",
    "boilerplate": "dim",
    "outside": "dim",
}


@contextlib.contextmanager
def progress() -> "Iterator[Watch]":
    """Show a bar on stderr while documents are worked on; yield what moves it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("loading the model", total=None)

        def watch(done: int, planned: int) -> None:
            bar.update(task, description="documents", completed=done, total=planned)

        yield watch


def counts(report: Report) -> list[dict[str, Any]]:
    """Return what the run added to each table, and what each holds now."""
    return [
        {"table": name, "added": report.written.get(name, 0), "now": total}
        for name, total in report.totals.items()
    ]


def markdown(report: Report) -> str:
    """Return the end of a run as a Markdown page."""
    lines = [
        f"# newsetl run {report.run_id}",
        "",
        _seen(report),
        "",
        "| table | added | now |",
        "| --- | ---: | ---: |",
        *(f"| {row['table']} | {row['added']:,} | {row['now']:,} |" for row in counts(report)),
        "",
        f"Tables: `{report.tables}`. Model: {report.model}.",
    ]
    if report.rejects:
        lines += [
            "",
            "## Rejects",
            "",
            "| step | what | where | fix |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            "| " + " | ".join(_cell(text) for text in (r.step, r.what, r.place, r.fix)) + " |"
            for r in report.rejects[:_SHOWN_REJECTS]
        ]
    return "\n".join(lines) + "\n"


def show(report: Report, console: Console, *, out: Place) -> None:
    """Print the end of a run: what was seen, found and rejected, where it is, what comes next."""
    seconds = (report.finished_at - report.started_at).total_seconds()
    console.print(f"newsetl run {report.run_id}, done in {seconds:.1f} s", highlight=False)
    console.print(_seen(report))
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("table", "added", "now"):
        table.add_column(name, justify="left" if name == "table" else "right")
    rows = {row["table"]: row for row in counts(report)}
    for name in _COUNTED:
        table.add_row(name, f"{rows[name]['added']:,}", f"{rows[name]['now']:,}")
    console.print(table)
    if report.written["articles"]:
        _show_findings(report, console, out=out)
    _show_rejects(report, console)
    _show_reviews(report, console)
    console.print(f"tables: {report.tables}", highlight=False, soft_wrap=True)
    load = f"import newsetl; print(newsetl.open_tables({str(out)!r}).figures)"
    console.print(f'next:   {_python()} -c "{load}"', highlight=False, soft_wrap=True, markup=False)


def _show_findings(report: Report, console: Console, *, out: Place) -> None:
    tables = open_tables(out)
    articles = Table(box=box.SIMPLE_HEAD)
    articles.add_column("article", max_width=60)
    for name in ("words", "mentions", "figures", "quotes"):
        articles.add_column(name, justify="right")
    shown = tables.rows(_ARTICLES, [report.run_id, _SHOWN_ARTICLES])
    for row in shown:
        numbers = (str(row[name]) for name in _PER_ARTICLE)
        articles.add_row(Text(row["headline"]), *numbers)
    if (more := report.written["articles"] - len(shown)) > 0:
        articles.add_row(Text(f"… and {more:,} more", style="dim"))
    console.print(articles)
    money = tables.rows(_FIGURES, [report.run_id, _SHOWN_FIGURES])
    if money:
        lines = [
            (row["text"], _value(row), row["unit"] or "", _around(row["sentence"], row["text"]))
            for row in money
        ]
        figures = Table(box=box.SIMPLE_HEAD)
        for at, name in enumerate(("figure", "value", "unit")):
            width = max(len(name), *(len(line[at]) for line in lines))
            justify: JustifyMethod = "right" if name == "value" else "left"
            figures.add_column(name, justify=justify, no_wrap=True, min_width=width)
        figures.add_column("sentence", no_wrap=True)
        for line in lines:
            figures.add_row(*(Text(cell) for cell in line))
        console.print(figures)


def _show_rejects(report: Report, console: Console) -> None:
    rejects = [reject for reject in report.rejects if reject.reason != _TO_REVIEW]
    for reject in rejects[:_SHOWN_REJECTS]:
        console.print(Text(f"rejected at {reject.step}: {reject.what}", style="yellow"))
        console.print(Text(f"  at:  {reject.place}\n  fix: {reject.fix}"), soft_wrap=True)
    if (more := len(rejects) - _SHOWN_REJECTS) > 0:
        console.print(f"… and {more:,} more in the table rejects")


def _show_reviews(report: Report, console: Console) -> None:
    """Print the documents that were written, but split with little confidence."""
    doubtful = [reject for reject in report.rejects if reject.reason == _TO_REVIEW]
    if not doubtful:
        return
    count = _counted(len(doubtful), "document")
    console.print(Text(f"to review: {count}, written (documents.needs_review)", style="yellow"))
    for reject in doubtful[:_SHOWN_REJECTS]:
        console.print(Text(f"  at:  {reject.place}: {reject.what}"), soft_wrap=True)
    if (more := len(doubtful) - _SHOWN_REJECTS) > 0:
        console.print(f"… and {more:,} more in the table rejects, reason {_TO_REVIEW}")
    console.print(Text(f"  fix: {doubtful[0].fix}"), soft_wrap=True)


def show_verdicts(title: str, text: str, verdicts: Sequence[Verdict], console: Console) -> None:
    """Print each piece of a text: place, verdict, score, its words, and the reasons below."""
    console.print(Text(title, style="bold"), soft_wrap=True)
    for verdict in verdicts:
        words = _line(text[verdict.start : verdict.end])
        line = Text(f"{verdict.start:>8}  ")
        line.append(f"{verdict.kind:<12}", style=_COLOURS.get(verdict.kind, ""))
        line.append(f"{verdict.score:5.2f}  {words}")
        line.truncate(max(console.width, _NARROWEST), overflow="ellipsis")
        console.print(line, soft_wrap=True, highlight=False)
        why = Text(" " * 10 + "; ".join(verdict.reasons), style="dim")
        console.print(why, soft_wrap=True, highlight=False)


def article_text(article: Article) -> str:
    """Return an article as a person reads it: headline, who and when, then its paragraphs."""
    day = article.published.day
    who = ", ".join(article.authors) or article.byline or ""
    line = " · ".join(item for item in (who, day.isoformat() if day else "") if item)
    headline = article.headline or "(no headline)"
    shown = [headline, *([line] if line else []), "=" * min(_UNDERLINE, len(headline))]
    paragraphs = [
        textwrap.fill(article.slice(part), width=_TEXT_WIDTH)
        for part in article.parts
        if part.kind in ("summary", "body")
    ]
    if article.is_teaser:
        paragraphs.append("[only the opening: the rest is not on this page]")
    return "\n\n".join(["\n".join(shown), *paragraphs]) + "\n"


def show_schema(row: type[Row], console: Console) -> None:
    """Print a table's columns."""
    table = Table(title=f"{row.TABLE}: {inspect.cleandoc(row.__doc__ or '')}", box=box.SIMPLE_HEAD)
    table.title_justify = "left"
    for name in ("column", "type", "null", "meaning"):
        table.add_column(name)
    for item in columns(schema_of(row)):
        unit = f" ({item['unit']})" if item.get("unit") else ""
        null = "yes" if item["nullable"] else ""
        table.add_row(item["column"], item["type"], null, Text(item["meaning"] + unit))
    console.print(table)


def show_rows(names: Sequence[str], rows: Sequence[Sequence[object]], console: Console) -> None:
    """Print the result of a query, one line a row; the longest columns are cut to fit.

    Where more columns than fit were asked for, each row is printed as lines of name and value.
    """
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(names, *cells, strict=True)]
    room = console.width - _BETWEEN_COLUMNS * len(widths)
    widest = max(
        (at for at in range(max(widths) + 1) if sum(min(at, width) for width in widths) <= room),
        default=0,
    )
    if widest < _NARROWEST_COLUMN:
        _show_records(names, cells, console)
        return
    table = Table(box=box.SIMPLE_HEAD)
    for at, name in enumerate(names):
        is_number = any(isinstance(row[at], int | float) for row in rows)
        justify: JustifyMethod = "right" if is_number else "left"
        width = min(widths[at], widest)
        table.add_column(Text(name), justify=justify, no_wrap=True, width=width)
    for line in cells:
        table.add_row(*map(Text, line))
    console.print(table)
    console.print(_counted(len(rows), "row"), style="dim")


def _show_records(names: Sequence[str], rows: list[list[str]], console: Console) -> None:
    left = max(map(len, names))
    for row in rows:
        for name, value in zip(names, row, strict=True):
            line = Text(f"{name:<{left}}  ", style="dim").append(value, style="not dim")
            line.truncate(max(console.width, _NARROWEST), overflow="ellipsis")
            console.print(line, soft_wrap=True)
        console.print()
    console.print(_counted(len(rows), "row"), style="dim")


def columns(schema: "pa.Schema") -> Iterator[dict[str, Any]]:
    """Yield name, type, nullability and the metadata of each column."""
    for item in schema:
        metadata = {key.decode(): value.decode() for key, value in (item.metadata or {}).items()}
        yield {
            "column": item.name,
            "type": str(item.type),
            "nullable": item.nullable,
            **metadata,
        }


def _shown(value: object) -> str:
    """Return a value as a person reads it: nothing for null, numbers with their thousands."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _line(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return f"{value:,.15g}"


def _value(row: dict[Any, Any]) -> str:
    if row["value"] is None:
        return f"{row['value_low']:,.15g} – {row['value_high']:,.15g}"
    return f"{row['value']:,.15g}"


def _around(sentence: str, figure: str) -> str:
    """Return the words of a sentence before and behind a figure, in one line."""
    before, _, behind = _line(sentence).partition(_line(figure))
    opening = before if len(before) <= _BEFORE_WIDTH else "…" + before[-_BEFORE_WIDTH:]
    rest = textwrap.shorten(f"{_line(figure)}{behind}", _BEHIND_WIDTH, placeholder=" …")
    return opening + rest


def _python() -> str:
    """Return what to type for this interpreter: its path where it is in an environment here."""
    path = Path(sys.executable)
    is_here = path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd())) if is_here else "python"


def _seen(report: Report) -> str:
    return (
        f"{_counted(report.sources, 'source')} · {_counted(report.documents_seen, 'document')}: "
        f"{report.documents_new} new, {report.documents_unchanged} unchanged, "
        f"{report.documents_rejected} rejected"
    )


def _cell(text: str) -> str:
    """Return text for a cell of a Markdown table; what a server said is no markup there."""
    return html.escape(_line(text), quote=False).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
