"""What the commands share: the app, exit codes, options, settings, printing."""

import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from newsetl import config as configuration
from newsetl.config import Config
from newsetl.places import place

DONE, FAILED, USAGE, MANY_REJECTS, DIFFERENT = 0, 1, 2, 3, 4
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
        help="Files, folders, 'glob/*.txt' patterns, http(s) addresses; - is stdin. A kind before"
        " an address says what is there: feed:https://…, sitemap:, wordpress:, archive:, warc:."
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
    str | None,
    typer.Option(
        "--out", help="Folder of the tables, or s3://bucket/tables. Default: data/tables."
    ),
]
TablesArgument = Annotated[
    str | None, typer.Argument(metavar="DIR", help="Folder of the tables. Default: as for run.")
]


def settings_of(
    path: Path | None,
    *,
    out: str | None = None,
    model: str | None = None,
    limit: int | None = None,
    source: list[str] | None = None,
) -> Config:
    """Return the settings of the file with what the command line says on top."""
    settings = configuration.load(path)
    changes: dict[str, Any] = {"workers": settings.workers or _cores()}
    if out:
        changes["out"] = place(out)
    if limit:
        changes["limit"] = limit
    if model:
        changes["names"] = settings.names.model_copy(update={"model": model})
    settings = settings.model_copy(update=changes)
    return settings.with_sources(tuple(source)) if source else settings


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def complain(text: str) -> None:
    console = Console(stderr=True)
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


def print_line(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, default=plain))


def plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
