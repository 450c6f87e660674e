"""Commands about tables that are there: what is in them, what is wrong, what differs."""

import dataclasses
import shlex
import sys
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console

from newsetl.cli.options import (
    DIFFERENT,
    FAILED,
    MANY_REJECTS,
    ConfigOption,
    ModelOption,
    OutOption,
    TablesArgument,
    app,
    print_line,
    settings_of,
)
from newsetl.config import Config, SourceSettings
from newsetl.errors import ConfigError
from newsetl.places import place

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
MarkdownOption = Annotated[bool, typer.Option("--md", help="Print Markdown.")]


@app.command("ls")
def list_things(
    thing: Annotated[str, typer.Argument(help="runs, sources, articles, rejects or tables.")],
    out: OutOption = None,
    config: ConfigOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Most lines.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List what the tables hold, the newest first."""
    from newsetl import catalog, summary

    rows = catalog.rows_of(settings_of(config, out=out).out, thing, limit=limit)
    if as_json:
        for row in rows:
            print_line(row)
    elif rows:
        summary.show_rows(list(rows[0]), [list(row.values()) for row in rows], Console())
    else:
        print("none")


@app.command()
def report(
    run_id: Annotated[str | None, typer.Argument(metavar="RUN", help="Default: the last.")] = None,
    out: OutOption = None,
    config: ConfigOption = None,
    md: MarkdownOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare a run with its sources' usual days, and say what is odd."""
    from newsetl import usual

    chosen, days = usual.days_of(settings_of(config, out=out).out, run_id)
    if as_json:
        for day in days:
            print_line({"run_id": chosen, **dataclasses.asdict(day)})
    else:
        print((usual.markdown if md else usual.text)(chosen, days), end="")


@app.command()
def retry(out: OutOption = None, config: ConfigOption = None, model: ModelOption = None) -> None:
    """Run again what was rejected and may succeed now: time-outs, errors of a server.

    Exit codes are those of run; with nothing to retry, 0.
    """
    from newsetl import retrying

    settings = retrying.settings(settings_of(config, out=out, model=model))
    if not settings.sources:
        print("nothing to retry")
        return
    _run(settings, command=retrying.COMMAND)


@app.command()
def reextract(
    to: Annotated[str, typer.Option("--to", help="Folder of the new tables.")],
    out: OutOption = None,
    config: ConfigOption = None,
    model: ModelOption = None,
) -> None:
    """Make tables anew from kept payloads, with today's code, settings and model."""
    from newsetl import homes

    settings = settings_of(config, out=out, model=model)
    home, new = homes.of(settings.out), place(to)
    if homes.of(new).folder.resolve() == home.folder.resolve():
        raise ConfigError(
            "the new tables need a folder of their own",
            where=f"--to {to}",
            fix="name another one; compare both with: newsetl diff",
        )
    address = f"raw:///{quote(home.address.removeprefix('/'))}"
    sources = (SourceSettings(name="raw", at=(address,)),)
    changes = {"sources": sources, "out": new, "limit": None}
    _run(settings.model_copy(update=changes), command=shlex.join(["newsetl", *sys.argv[1:]]))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="DIR_A", help="Folder of tables.")],
    new: Annotated[str, typer.Argument(metavar="DIR_B", help="Another one.")],
    md: MarkdownOption = False,
) -> None:
    """Say what the tables of DIR_B gained and lost against DIR_A; print nothing for no change.

    Exit codes: 0 no change, 4 there are differences, 1 failed.
    """
    from newsetl import comparison

    differences = comparison.compare(place(old), place(new))
    print((comparison.markdown if md else comparison.text)(differences), end="")
    if differences:
        raise typer.Exit(DIFFERENT)


@app.command()
def check(
    tables: TablesArgument = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Look for what is broken in a folder of tables. Exit codes: 0 nothing, 1 something is."""
    from newsetl import checking

    folder = settings_of(config, out=tables).out
    faults = checking.check(folder)
    for fault in faults:
        if as_json:
            print_line(dataclasses.asdict(fault))
        else:
            print(f"{fault.what}\nat: {fault.where}")
    if faults:
        raise typer.Exit(FAILED)
    if not as_json:
        print(f"nothing is wrong with {folder}")


@app.command()
def migrate(tables: TablesArgument = None, config: ConfigOption = None) -> None:
    """Bring tables of an older newsetl up to date; the old snapshot stays beside the new one."""
    from newsetl import migration

    settings = settings_of(config, out=tables)
    before, now = migration.migrate(settings.out, wait_s=settings.lock_wait_s)
    print(f"layout {before} -> {now}" if before != now else f"layout {now}: up to date")


def _run(settings: Config, *, command: str) -> None:
    from newsetl import pipeline, summary

    with summary.progress() as watch:
        done = pipeline.run(settings, command=command, watch=watch)
    summary.show(done, Console(), out=settings.out)
    if done.reject_share > settings.max_reject_share:
        raise typer.Exit(MANY_REJECTS)
