"""The command line: every command is a thin call of the library. Data goes to stdout."""

import csv
import dataclasses
import itertools
import json
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from newsetl import config as configuration
from newsetl import sources
from newsetl.config import Config
from newsetl.errors import ConfigError, NewsetlError
from newsetl.model import Article, Document, Payload

if TYPE_CHECKING:
    from newsetl.inspection import Inspected

_ARTICLE_ID = re.compile(r"[0-9a-f]{24}")
DONE, FAILED, USAGE, MANY_REJECTS = 0, 1, 2, 3
"""Exit codes."""

app = typer.Typer(
    name="newsetl",
    help="Turn news into tidy Parquet tables of articles, mentions, entities and figures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SourceArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE...",
        help="Files, folders, 'glob/*.txt' patterns, http(s) addresses; - is stdin."
        " Default: the sources of newsetl.toml.",
    ),
]
PathArgument = Annotated[str, typer.Argument(help="File, folder, pattern, address; - is stdin.")]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file. Default: newsetl.toml, if there.")
]
ModelOption = Annotated[
    str | None, typer.Option("--model", help="Installed spaCy pipeline, or its folder.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Folder of the tables. Default: data/tables.")
]


def main() -> None:
    """Run the command line; errors are printed in three lines, with the exit code they mean."""
    try:
        app()
    except NewsetlError as error:
        _complain(f"error: {error}")
        sys.exit(USAGE if isinstance(error, ConfigError) else FAILED)


@app.command()
def run(
    source: SourceArgument = None,
    out: OutOption = None,
    config: ConfigOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most documents to take.")] = None,
    model: ModelOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be fetched.")] = False,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Fetch or read news, split it into articles, extract, and publish the tables.

    Exit codes: 0 done, 1 failed, 2 usage, 3 done but more rejects than max_reject_share.
    """
    from newsetl import pipeline, summary

    settings = _settings(config, out=out, model=model, limit=limit, source=source)
    if not settings.sources:
        raise ConfigError(
            "nothing to run on: no source",
            where="newsetl run",
            fix="name files, folders or addresses, or write settings with: newsetl init",
        )
    if dry_run:
        _list_addresses(settings)
        return
    command = shlex.join(["newsetl", *sys.argv[1:]])
    if prefect:
        report = _flow()(settings.model_dump(mode="json"), command=command)
    else:
        with summary.progress() as watch:
            report = pipeline.run(settings, command=command, watch=watch)
    if as_json:
        _print_line({**dataclasses.asdict(report), "reject_share": report.reject_share})
    else:
        summary.show(report, Console(), out=settings.out)
    if report.reject_share > settings.max_reject_share:
        raise typer.Exit(MANY_REJECTS)


@app.command()
def read(
    path: PathArgument,
    text: Annotated[bool, typer.Option("--text", help="Print the articles to read.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each block was taken for, and why.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Print the text and blocks of documents, one JSON line each, or their articles to read."""
    from newsetl import splitters, summary

    window = _Window(config)
    for document in window.documents(path):
        if explain:
            summary.show_verdicts(document, splitters.explain(document), Console())
        elif text:
            for article in window.articles(document):
                print(summary.article_text(article))
        else:
            _print_line(dataclasses.asdict(document))
    window.close()


@app.command()
def split(
    path: PathArgument,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each piece was taken for, and why.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Print the articles of documents, one JSON line each."""
    from newsetl import splitters, summary

    window = _Window(config)
    for document in window.documents(path):
        if explain:
            summary.show_verdicts(document, splitters.explain(document), Console())
            continue
        for article in window.articles(document):
            _print_line({"article_id": article.article_id, **dataclasses.asdict(article)})
    window.close()


@app.command()
def extract(path: PathArgument, config: ConfigOption = None, model: ModelOption = None) -> None:
    """Print the rows of all layers, one JSON line each, with the name of their table."""
    from newsetl import engine, extractors

    window = _Window(config)
    nlp = engine.load(model or window.config.names.model)
    found = (a for document in window.documents(path) for a in window.articles(document))
    for extraction in extractors.extract(found, nlp):
        if extraction.error:
            window.fail(extraction.error)
        for table, rows in extraction.rows.items():
            for row in rows:
                _print_line({"table": table, **dataclasses.asdict(row)})
    window.close()


@app.command()
def schema(
    table: Annotated[str | None, typer.Argument(help="One table. Default: all.")] = None,
    md: Annotated[bool, typer.Option("--md", help="Print Markdown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a column.")] = False,
) -> None:
    """Show the tables: columns, types, units, meanings."""
    from newsetl import summary
    from newsetl.schema import MARKDOWN_HEAD, markdown, schema_of
    from newsetl.tables import row_classes

    rows = row_classes()
    if table is not None and table not in rows:
        raise ConfigError(
            f"no table {table!r}", where="newsetl schema", fix=f"there are {', '.join(rows)}"
        )
    if md and not table:
        print(MARKDOWN_HEAD)
    for row in [rows[table]] if table else rows.values():
        if md:
            print(markdown(row))
        elif as_json:
            for item in summary.columns(schema_of(row)):
                _print_line({"table": row.TABLE, **item})
        else:
            summary.show_schema(row, Console())


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

    settings = _settings(config, out=out, model=model)
    window = _Window(config)
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
    found = frames.open_tables(_settings(config, out=out).out).query(query)
    rows = found.fetchall()
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows([_cell(value) for value in row] for row in rows)
    elif as_json:
        for row in rows:
            _print_line(dict(zip(found.columns, row, strict=True)))
    else:
        summary.show_rows(found.columns, rows, Console())


@app.command()
def doctor(
    out: OutOption = None,
    config: ConfigOption = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check versions, model and write access; text to paste in a bug report."""
    from newsetl import diagnosis

    settings = _settings(config, out=out, model=model)
    findings = diagnosis.examine(settings)
    if as_json:
        _print_line({finding.subject: finding.state for finding in findings})
    else:
        for finding in findings:
            mark = "ok " if finding.is_well else "BAD"
            print(f"{mark} {finding.subject:<24} {finding.state}")
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(FAILED)


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="File to write.")] = configuration.DEFAULT_FILE,
) -> None:
    """Write a commented newsetl.toml, and say what to do next."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(configuration.template())
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}",
            where=str(path),
            fix="move the old file away, or name another: newsetl init FILE",
        ) from error
    print(f"wrote {path}\nnext: name your sources in it, then: newsetl run")


class _Window:
    """The first steps of the walk for one address; failures are told and counted."""

    def __init__(self, config: Path | None) -> None:
        self.config = configuration.load(config)
        self.failures = 0

    def documents(self, address: str) -> Iterator[Document]:
        from newsetl import readers

        for payload in self._payloads(address):
            try:
                yield readers.read(payload, sites=self.config.sites)
            except NewsetlError as error:
                self.fail(error)

    def articles(self, document: Document) -> list[Article]:
        from newsetl import splitters

        try:
            return splitters.split(document)
        except NewsetlError as error:
            self.fail(error)
            return []

    def fail(self, error: NewsetlError) -> None:
        self.failures += 1
        _complain(str(error))

    def close(self) -> None:
        if self.failures:
            raise typer.Exit(FAILED)

    def _payloads(self, address: str) -> Iterator[Payload]:
        try:
            for locator in sources.discover(sources.locate(address, source_id=address)):
                try:
                    yield from sources.fetch(locator, self.config.fetch)
                except NewsetlError as error:
                    self.fail(error)
        except NewsetlError as error:
            self.fail(error)


def _inspected(
    target: str | None, settings: Config, window: _Window, limit: int
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
    nlp = engine.load(settings.names.model)
    articles = (a for document in window.documents(target) for a in window.articles(document))
    for extraction in extractors.extract(articles, nlp):
        if extraction.error:
            window.fail(extraction.error)
        rows = {
            name: [dataclasses.asdict(row) for row in found]
            for name, found in extraction.rows.items()
        }
        record = dataclasses.asdict(ArticleRow.of(extraction.article))
        yield inspection.inspected(record, rows, names={})


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(path), fix="name another file"
        ) from error


def _settings(
    path: Path | None,
    *,
    out: Path | None = None,
    model: str | None = None,
    limit: int | None = None,
    source: list[str] | None = None,
) -> Config:
    """Return the settings of the file with what the command line says on top."""
    settings = configuration.load(path)
    changes: dict[str, Any] = {}
    if out:
        changes["out"] = out
    if limit:
        changes["limit"] = limit
    if model:
        changes["names"] = settings.names.model_copy(update={"model": model})
    settings = settings.model_copy(update=changes)
    return settings.with_sources(tuple(source)) if source else settings


def _list_addresses(settings: Config) -> None:
    from newsetl import pipeline

    locators, rejects = pipeline.discover(settings)
    for locator in locators:
        print(locator.address)
    for reject in rejects:
        _complain(f"{reject.what}\nat: {reject.place}\nfix: {reject.fix}")


def _flow() -> Any:
    from newsetl.flow_file import load_flow

    return load_flow()


def _complain(text: str) -> None:
    console = Console(stderr=True)
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


def _print_line(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=_plain))


def _cell(value: object) -> object:
    """Return a value as CSV holds it: lists as JSON, times as ISO 8601."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value) if isinstance(value, date | datetime) else value


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
