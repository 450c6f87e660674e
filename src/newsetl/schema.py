"""The contract of the tables: a row class is the schema, one line per column.

From the row class come the Arrow schema (`schema_of`), the table (`tabulate`), the checks before
publishing (`check`) and the data dictionary (`markdown`).
"""

import dataclasses
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from newsetl.errors import ContractError

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "1"
"""Version of the tables' layout; it stands in `runs.schema_version`."""

RUN_ID = "the run that wrote the row"
TEXT_OF = "articles"
"""The table whose `text` every span row slices."""


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


def schema_of(row: type[Row]) -> "pa.Schema":
    """Return the Arrow schema of a row class: key first, `run_id` last, meanings as metadata."""
    import pyarrow as pa

    hints = typing.get_type_hints(row)
    own = [_arrow_field(item, hints[item.name]) for item in _ordered(row)]
    if row.KEY != "run_id":
        own.append(pa.field("run_id", pa.string(), nullable=False, metadata={"meaning": RUN_ID}))
    return pa.schema(own, metadata={"table": row.TABLE, "key": row.KEY, "schema_version": VERSION})


def tabulate(rows: Sequence[Row], row: type[Row], *, run_id: str) -> "pa.Table":
    """Return the Arrow table of `rows`, stamped with the run that writes them.

    Types come from the row class, so a column of nulls keeps its type.
    """
    import pyarrow as pa

    schema = schema_of(row)
    columns = {
        name: [run_id] * len(rows) if name == "run_id" else [getattr(item, name) for item in rows]
        for name in schema.names
    }
    return pa.table(columns, schema=schema)


def check(tables: Mapping[str, "pa.Table"], rows: Mapping[str, type[Row]]) -> None:
    """Raise ContractError unless `tables` keep what `rows` promise of them.

    Checked are column names and types, nulls, closed lists, unique keys, foreign keys, and that
    the text of each span row is the slice of its article. A table that is absent counts as empty.
    """
    for name, table in tables.items():
        _check_columns(name, table, rows[name])
        _check_key(name, table, rows[name])
        _check_references(name, tables, rows)
    if TEXT_OF in tables:
        texts = dict(
            zip(
                tables[TEXT_OF]["article_id"].to_pylist(),
                tables[TEXT_OF]["text"].to_pylist(),
                strict=True,
            )
        )
        for name, table in tables.items():
            if issubclass(rows[name], SpanRow) or name == "sentences":
                _check_slices(name, table, texts)


def markdown(row: type[Row]) -> str:
    """Return the data dictionary of one table as a Markdown section."""
    schema = schema_of(row)
    lines = [
        f"## {row.TABLE}",
        "",
        (row.__doc__ or "").strip(),
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


def _check_columns(name: str, table: "pa.Table", row: type[Row]) -> None:
    schema = schema_of(row)
    if table.schema.names != schema.names or table.schema.types != schema.types:
        raise ContractError(
            f"table {name} has other columns than its row class",
            where=f"{name}: {', '.join(sorted(set(table.schema.names) ^ set(schema.names)))}",
            fix="write it with schema.tabulate, or migrate tables of an older version",
        )
    for item in schema:
        values = table[item.name]
        if not item.nullable and values.null_count:
            raise ContractError(
                f"{values.null_count} nulls in a column that must not be null",
                where=f"{name}.{item.name}",
                fix="the plug-in that makes these rows must state a value",
            )
        allowed = _allowed(row, item.name)
        if allowed and (stray := set(values.unique().to_pylist()) - allowed - {None}):
            raise ContractError(
                f"value not on the closed list: {sorted(stray)[0]!r}",
                where=f"{name}.{item.name}",
                fix=f"allowed are {', '.join(sorted(allowed))}",
            )


def _allowed(row: type[Row], name: str) -> set[str]:
    fields = {item.name: item for item in dataclasses.fields(row)}
    return set(fields[name].metadata["values"]) if name in fields else set()


def _check_key(name: str, table: "pa.Table", row: type[Row]) -> None:
    import pyarrow.compute as pc

    keys = table[row.KEY]
    if len(keys.unique()) == len(keys):
        return
    counts = pc.value_counts(keys.combine_chunks())
    twice = next(item["values"] for item in counts.to_pylist() if item["counts"] > 1)
    raise ContractError(
        f"key stands twice: {twice}",
        where=f"{name}.{row.KEY}",
        fix="the id must be made of everything that tells two rows apart",
    )


def _check_references(
    name: str, tables: Mapping[str, "pa.Table"], rows: Mapping[str, type[Row]]
) -> None:
    import pyarrow.compute as pc

    for item in dataclasses.fields(rows[name]):
        target = item.metadata["references"]
        if not target or target not in rows:
            continue
        values = tables[name][item.name].drop_null()
        known = tables[target][rows[target].KEY] if target in tables else None
        lost = (
            values
            if known is None
            else values.filter(pc.invert(pc.is_in(values, value_set=known.combine_chunks())))
        )
        if len(lost):
            raise ContractError(
                f"{len(lost)} rows point to a row of {target} that does not exist: {lost[0]}",
                where=f"{name}.{item.name}",
                fix=f"write the rows of {target} in the same run",
            )


def _check_slices(name: str, table: "pa.Table", texts: Mapping[str, str]) -> None:
    spans = zip(
        *(table[key].to_pylist() for key in ("article_id", "start_char", "end_char", "text")),
        strict=True,
    )
    for article_id, start, end, text in spans:
        if texts[article_id][start:end] != text:
            raise ContractError(
                f"span [{start}, {end}) is not the text of its row: {text[:60]!r}",
                where=f"{name}, article {article_id}",
                fix="derive the row's text from the span: text = article.text[start:end]",
            )
