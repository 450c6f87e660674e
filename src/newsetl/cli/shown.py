"""Commands that show what the tables hold: articles with their findings, answers to queries."""

import csv
import dataclasses
import itertools
import json
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from newsetl.cli.options import (
    ConfigOption,
    ModelOption,
    OutOption,
    app,
    plain,
    print_line,
    settings_of,
)
from newsetl.cli.window import Window
from newsetl.config import Config
from newsetl.errors import ConfigError

if TYPE_CHECKING:
    from newsetl.inspection import Inspected

_ARTICLE_ID = re.compile(r"[0-9a-f]{24}")


@app.command()
def inspect(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARTICLE|FILE|ADDRESS]",
            help="An article_id of the tables, or what to read. Default: the last run's articles.",
        ),
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="Name the rule behind each span.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write one web page here.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most articles to show.")] = 500,
    out: OutOption = None,
    config: ConfigOption = None,
    model: ModelOption = None,
) -> None:
    """Show articles with all that was found in them: names, figures, quotes, and their values."""
    from newsetl.inspection import html as pages
    from newsetl.inspection import terminal

    settings = settings_of(config, out=out, model=model)
    window = Window(config)
    articles = list(itertools.islice(_inspected(target, settings, window, limit), limit))
    if html:
        title = f"newsetl: {target or settings.out}"
        note = f"only the first {limit:,} articles" if len(articles) == limit else ""
        _write(html, pages.page(articles, title=title, note=note, why=why))
        print(html)
    else:
        console = Console()
        for article in articles:
            terminal.show(article, console, why=why)
    window.close()


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="DuckDB's SQL, over tables and views by name.")],
    out: OutOption = None,
    config: ConfigOption = None,
    as_table: Annotated[
        bool, typer.Option("--table", "-t", help="Print a table (default).")
    ] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with a header.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
) -> None:
    """Ask the published tables: newsetl sql "SELECT name, mention_count FROM entities"."""
    from newsetl import frames, summary

    if as_table + as_csv + as_json > 1:
        raise ConfigError(
            "more than one form asked for", where="newsetl sql", fix="name one: -t, --csv or --json"
        )
    found = frames.open_tables(settings_of(config, out=out).out).query(query)
    rows = found.fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
    elif as_json:
        for row in rows:
            print_line(dict(zip(found.columns, row, strict=True)))
    else:
        summary.show_rows(found.columns, rows, Console())


def _inspected(
    target: str | None, settings: Config, window: Window, limit: int
) -> Iterator["Inspected"]:
    """Yield the articles that a person asked to see, from the tables or from the walk."""
    from newsetl import engine, extractors, frames, inspection
    from newsetl.tables import ArticleRow

    if target is None or _ARTICLE_ID.fullmatch(target):
        tables = frames.open_tables(settings.out)
        found = list(inspection.articles_of(tables, article_id=target, limit=limit))
        if not found:
            raise ConfigError(
                f"no article {target or 'at all'}",
                where=str(settings.out),
                fix='list them with: newsetl sql "SELECT article_id, headline FROM articles"',
            )
        yield from found
        return
    nlp = engine.load(settings.names.model, indirect_quotes=settings.quotes.indirect)
    articles = (a for document in window.documents(target) for a in window.articles(document))
    for extraction in extractors.extract(articles, nlp, only=settings.extract.layers):
        if extraction.error:
            window.fail(extraction.error)
        rows = {
            name: [dataclasses.asdict(row) for row in found]
            for name, found in extraction.rows.items()
        }
        record = dataclasses.asdict(ArticleRow.of(extraction.article))
        names = inspection.names_of(rows.get("mentions", ()))
        yield inspection.inspected(record, rows, names=names)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(path), fix="name another file"
        ) from error


def _cell(value: object) -> object:
    """Return a value as CSV holds it: lists as JSON, times as ISO 8601."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain)
    return plain(value) if isinstance(value, date | datetime) else value
