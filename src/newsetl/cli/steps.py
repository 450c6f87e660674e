"""Commands that make tables, or show one step of making them."""

import dataclasses
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from newsetl import config as configuration
from newsetl import sources
from newsetl.cli.options import (
    FAILED,
    MANY_REJECTS,
    ConfigOption,
    ModelOption,
    OutOption,
    PathArgument,
    SourceArgument,
    app,
    complain,
    print_line,
    settings_of,
)
from newsetl.config import Config
from newsetl.errors import ConfigError, NewsetlError
from newsetl.model import Article, Document, Payload


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

    settings = settings_of(config, out=out, model=model, limit=limit, source=source)
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
        print_line({**dataclasses.asdict(report), "reject_share": report.reject_share})
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
            print_line(dataclasses.asdict(document))
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
            print_line({"article_id": article.article_id, **dataclasses.asdict(article)})
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
                print_line({"table": table, **dataclasses.asdict(row)})
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
                print_line({"table": row.TABLE, **item})
        else:
            summary.show_schema(row, Console())


@app.command()
def doctor(
    out: OutOption = None,
    config: ConfigOption = None,
    model: ModelOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check versions, model and write access; text to paste in a bug report."""
    from newsetl import diagnosis

    settings = settings_of(config, out=out, model=model)
    findings = diagnosis.examine(settings)
    if as_json:
        print_line({finding.subject: finding.state for finding in findings})
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
        complain(str(error))

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


def _list_addresses(settings: Config) -> None:
    from newsetl import pipeline

    locators, rejects = pipeline.discover(settings)
    for locator in locators:
        print(locator.address)
    for reject in rejects:
        complain(f"{reject.what}\nat: {reject.place}\nfix: {reject.fix}")


def _flow() -> Any:
    from newsetl.flow_file import load_flow

    return load_flow()
