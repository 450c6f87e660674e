"""What the settings are, made from the settings themselves: docs/configuration.md, a first file."""

import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from newsetl.config import Config, HostSettings, Settings, SiteSettings, SourceSettings, tables

_TYPES = {str: "text", bool: "true or false", int: "whole number", float: "number", Path: "path"}

_BOUNDS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}

_HEAD = """# Settings

`newsetl init` writes a `newsetl.toml` with every setting at its default. A key that is not listed
here is an error, which names the nearest that is. What the command line says goes before the file.
Relative paths are relative to the file. `HOST` stands for a host's name, such as `"news.example"`.
"""


def markdown() -> str:
    """Return the page: a section for each table of `newsetl.toml`, a row for each key.

    >>> "| `delay_s` | number, ≥ 0 | `1.0` |" in markdown()
    True
    """
    return "\n".join([_HEAD, *(_section(*table) for table in _every(Config, "", "At the top"))])


def template() -> str:
    """Return a commented `newsetl.toml` with every setting at its default."""
    head = [
        "# Settings of newsetl. Run them with: newsetl run",
        "# A line that starts with # shows a default; take the # away to change it.",
        "",
        *_template_keys(Config, skip=("sources", "sites", *tables())),
        "",
        "[[sources]]",
        *_template_keys(SourceSettings, skip=("name", "at")),
        'name = "samples"  # stands in the tables as source_id',
        'at = ["data/samples"]  # addresses: files, folders, globs, http(s) URLs',
    ]
    for table, settings in tables().items():
        head += ["", f"[{table}]", *_template_keys(settings, skip=("hosts",))]
    head += ["", '# [fetch.hosts."news.example"]', *_template_keys(HostSettings)]
    head += ["", '# [sites."news.example"]', *_template_keys(SiteSettings)]
    return "\n".join(head) + "\n"


def _every(kind: type[Settings], name: str, heading: str) -> Iterator[tuple[str, type[Settings]]]:
    """Yield each table of the file with its heading, an outer one before those within."""
    yield heading, kind
    for key, field in kind.model_fields.items():
        inner = _settings_in(field.annotation)
        if inner is None:
            continue
        path = f"{name}.{key}" if name else key
        origin: Any = typing.get_origin(field.annotation)
        shown = {tuple: f"[[{path}]]", dict: f"[{path}.HOST]"}.get(origin, f"[{path}]")
        yield from _every(inner, path, f"`{shown}`")


def _template_keys(settings: type[Settings], *, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        if name not in skip:
            value = field.default
            shown = f'"{value}"' if isinstance(value, str | Path) else str(value).lower()
            unset = value is None or value in ((), {})
            yield f"# {name} = {'…' if unset else shown}  # {field.description}" + (
                "; not set by default" if unset else ""
            )


def _section(heading: str, kind: type[Settings]) -> str:
    lines = [
        f"## {heading}",
        "",
        (kind.__doc__ or "").strip(),
        "",
        "| key | type | default | meaning |",
        "| --- | --- | --- | --- |",
        *(
            f"| `{key}` | {_type_of(field)} | {_default_of(field)} | {field.description} |"
            for key, field in kind.model_fields.items()
            if _settings_in(field.annotation) is None
        ),
    ]
    return "\n".join(lines) + "\n"


def _settings_in(annotation: Any) -> type[Settings] | None:
    """Return the settings that a key holds: one table of them, many, or by host; or None."""
    for kind in (annotation, *typing.get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, Settings):
            return kind
    return None


def _type_of(field: FieldInfo) -> str:
    bounds = [
        f"{sign} {getattr(rule, name):g}"
        for rule in field.metadata
        for name, sign in _BOUNDS.items()
        if hasattr(rule, name)
    ]
    return ", ".join([_type_name(field.annotation), *bounds])


def _type_name(annotation: Any) -> str:
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is types.UnionType:
        return _type_name(next(part for part in parts if part is not types.NoneType))
    if origin is tuple:
        return f"list of {_type_name(parts[0])}"
    if origin is dict:
        return f"table of {_type_name(parts[1])}"
    return _TYPES[annotation]


def _default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "none: must be set"
    value = field.default
    if value is None or value in ((), {}):
        return "not set"
    shown = f'"{value}"' if isinstance(value, str | Path) else str(value).lower()
    return f"`{shown}`"
