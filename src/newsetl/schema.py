"""The contract of the tables: a row class is the schema, one line per column.

From the row class come the Arrow schema (`schema_of`), the table (`tabulate`), the data dictionary
(`markdown`) and what `newsetl.contract` checks before a run is published.
"""

import dataclasses
import functools
import inspect
import types
import typing
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "2"
"""Version of the tables' layout; it stands in `runs.schema_version`."""

RUN_ID = "the run that wrote the row"


MARKDOWN_HEAD = """# The tables

Made from the row classes by `make tables`. The first column is the key; `→` names the table that a
column refers to.
"""


class Row(Protocol):
    """A frozen dataclass whose fields are made by `column`."""

    TABLE: ClassVar[str]
    KEY: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


def column(
    meaning: str,
    *,
    unit: str | None = None,
    references: str | None = None,
    values: Iterable[str] = (),
    default: Any = dataclasses.MISSING,
) -> Any:
    """Return the dataclass field of one column.

    `unit` says what a number counts, `references` names the table whose key the column holds,
    `values` is the closed list of allowed values. A column typed `… | None` may be null, and
    null means that the source does not state it.
    """
    metadata = {
        "meaning": meaning,
        "unit": unit,
        "references": references,
        "values": tuple(values),
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SpanRow:
    """The columns of every table whose rows are spans of an article."""

    article_id: str = column("article that the span stands in", references="articles")
    sentence_id: str | None = column(
        "sentence that the span starts in", references="sentences", default=None
    )
    start_char: int = column("start of the span in articles.text", unit="code points")
    end_char: int = column("end of the span, exclusive", unit="code points")
    text: str = column("the span's characters: articles.text[start_char:end_char]")


@functools.cache
def spans_of(row: type[Row]) -> tuple[tuple[str, str, str], ...]:
    """Return the columns of each span of `articles.text` in a row: its text, its start, its end.

    >>> spans_of(SpanRow)
    (('text', 'start_char', 'end_char'),)
    """
    names = {item.name for item in dataclasses.fields(row)}
    found: list[tuple[str, str, str]] = []
    if "article_id" not in names or getattr(row, "KEY", "") == "article_id":
        return ()
    for start in sorted(name for name in names if name.endswith("start_char")):
        stem = start.removesuffix("start_char")
        texts = names & {f"{stem}text", stem.removesuffix("_")}
        found += [(text, start, f"{stem}end_char") for text in sorted(texts)]
    return tuple(found)


@functools.cache
def schema_of(row: type[Row]) -> "pa.Schema":
    """Return the Arrow schema of a row class: key first, `run_id` last, meanings as metadata."""
    import pyarrow as pa

    hints = typing.get_type_hints(row)
    own = [_arrow_field(item, hints[item.name]) for item in _ordered(row)]
    if row.KEY != "run_id":
        own.append(pa.field("run_id", pa.string(), nullable=False, metadata={"meaning": RUN_ID}))
    return pa.schema(own, metadata={"table": row.TABLE, "key": row.KEY, "schema_version": VERSION})


def tabulate(rows: Sequence[Any], row: type[Row], *, run_id: str) -> "pa.Table":
    """Return the Arrow table of `rows`, instances of `row`, stamped with the run that writes them.

    Types come from the row class, so a column of nulls keeps its type.
    """
    import pyarrow as pa

    schema = schema_of(row)
    columns = {
        name: [run_id] * len(rows) if name == "run_id" else [getattr(item, name) for item in rows]
        for name in schema.names
    }
    return pa.table(columns, schema=schema)


def markdown(row: type[Row]) -> str:
    """Return the data dictionary of one table as a Markdown section."""
    schema = schema_of(row)
    lines = [
        f"## {row.TABLE}",
        "",
        inspect.cleandoc(row.__doc__ or ""),
        "",
        "| column | type | null | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for item in schema:
        meta = {key.decode(): value.decode() for key, value in (item.metadata or {}).items()}
        meaning = meta["meaning"]
        if "unit" in meta:
            meaning += f" ({meta['unit']})"
        if "values" in meta:
            meaning += f": {meta['values']}"
        if "references" in meta:
            meaning += f" → `{meta['references']}`"
        name = f"**{item.name}**" if item.name == row.KEY else item.name
        lines.append(f"| {name} | {item.type} | {'yes' if item.nullable else ''} | {meaning} |")
    return "\n".join(lines) + "\n"


def _ordered(row: type[Row]) -> list[dataclasses.Field[Any]]:
    fields = list(dataclasses.fields(row))
    return sorted(fields, key=lambda item: item.name != row.KEY)


def _arrow_field(item: dataclasses.Field[Any], hint: Any) -> "pa.Field[Any]":
    import pyarrow as pa

    nullable = isinstance(hint, types.UnionType) and types.NoneType in typing.get_args(hint)
    if nullable:
        (hint,) = (arg for arg in typing.get_args(hint) if arg is not types.NoneType)
    metadata = {"meaning": item.metadata["meaning"]}
    for key in ("unit", "references"):
        if item.metadata[key]:
            metadata[key] = item.metadata[key]
    if item.metadata["values"]:
        metadata["values"] = ", ".join(item.metadata["values"])
    return pa.field(item.name, _arrow_type(hint), nullable=nullable, metadata=metadata)


def _arrow_type(hint: Any) -> "pa.DataType":
    import pyarrow as pa

    if typing.get_origin(hint) is tuple:
        return pa.list_(_arrow_type(typing.get_args(hint)[0]))
    return {
        str: pa.string(),
        int: pa.int64(),
        float: pa.float64(),
        bool: pa.bool_(),
        date: pa.date32(),
        datetime: pa.timestamp("us", tz="UTC"),
    }[hint]
