"""What differs between two folders of tables: rows gained and lost, with examples.

Rows are compared by what they say. Which run wrote them, when, and from which capture does not
count, so that tables made again from the same payloads by the same code and model are the same.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.frames import tables_path
from newsetl.places import Place
from newsetl.schema import Row, schema_of
from newsetl.stores import parquet as store
from newsetl.tables import DocumentRow, RunRow, row_classes

if TYPE_CHECKING:
    import duckdb

EXAMPLES = 5

_UNCOMPARED = {
    "run_id",
    "document_id",
    "retrieved_at",
    "raw_path",
    "payload_id",
    "warc_file",
    "warc_offset",
    "warc_end",
}
"""Columns that say where a row comes from, not what it says."""
_COMPARED = {"rejects": "step <> 'fetch'"}
"""Rows that are compared: what could not be fetched then is no matter of code."""
_SHOWN = ("headline", "name", "reason", "uri")
_TABLES_LEFT_OUT = (RunRow.TABLE, DocumentRow.TABLE, "payloads")


@dataclass(frozen=True)
class Difference:
    """What one table gained and lost, with a few of the rows as lines to read."""

    table: str
    gained: int
    lost: int
    gained_examples: tuple[str, ...]
    lost_examples: tuple[str, ...]


def compare(old: Place, new: Place) -> list[Difference]:
    """Return the differences of two folders of tables, none for tables that say the same.

    A changed row is one lost and one gained. Raises LoadError where there are no tables.
    """
    import duckdb

    parts = [store.parts_of(tables_path(folder)) for folder in (old, new)]
    found = []
    with duckdb.connect() as connection:
        for name, row in row_classes().items():
            if name not in _TABLES_LEFT_OUT:
                columns = _prepare(connection, name, row, parts)
                found.append(_difference(connection, name, columns))
    return [item for item in found if item.gained or item.lost]


def text(differences: Sequence[Difference]) -> str:
    """Return the differences to read, nothing where there are none."""
    lines = []
    for item in differences:
        lines.append(f"{item.table}: {item.gained:,} gained, {item.lost:,} lost")
        lines += [f"  + {example}" for example in item.gained_examples]
        lines += [f"  - {example}" for example in item.lost_examples]
    return "\n".join(lines) + "\n" if lines else ""


def markdown(differences: Sequence[Difference]) -> str:
    """Return the differences as Markdown, nothing where there are none."""
    if not differences:
        return ""
    lines = ["| table | gained | lost |", "| --- | ---: | ---: |"]
    lines += [f"| {item.table} | {item.gained:,} | {item.lost:,} |" for item in differences]
    for item in differences:
        lines += ["", f"## {item.table}", ""]
        lines += [f"- gained: {example}" for example in item.gained_examples]
        lines += [f"- lost: {example}" for example in item.lost_examples]
    return "\n".join(lines) + "\n"


def _prepare(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    row: type[Row],
    parts: Sequence[Mapping[str, Sequence[Path]]],
) -> list[str]:
    """Make the views old and new of a table; return the columns to compare.

    A column that only one side has is left out; a table that only one side has is empty there.
    """
    columns = [item.name for item in dataclasses.fields(row) if item.name not in _UNCOMPARED]
    for files in parts:
        if files.get(name):
            stored = connection.read_parquet([str(file) for file in files[name]]).columns
            columns = [column for column in columns if column in stored]
    for side, files in zip(("old_rows", "new_rows"), parts, strict=True):
        connection.execute(f"DROP VIEW IF EXISTS {side}")
        if files.get(name):
            kept = connection.read_parquet([str(file) for file in files[name]])
            kept.filter(_COMPARED.get(name, "true")).create_view(side)
        else:
            connection.register(side, schema_of(row).empty_table())
    return columns


def _difference(
    connection: "duckdb.DuckDBPyConnection", name: str, columns: Sequence[str]
) -> Difference:
    counts, examples = [], []
    named = ", ".join(columns)
    order = ", ".join(column for column in columns if column.endswith(("_id", "_char", "name")))
    for here, there in (("new_rows", "old_rows"), ("old_rows", "new_rows")):
        query = f"SELECT {named} FROM {here} EXCEPT ALL SELECT {named} FROM {there}"
        counts.append(connection.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])
        ordered = f"SELECT * FROM ({query}) ORDER BY {order or 'ALL'} LIMIT {EXAMPLES}"
        rows = connection.sql(ordered).to_arrow_table().to_pylist()
        examples.append(tuple(map(_line, rows)))
    return Difference(name, counts[0], counts[1], examples[0], examples[1])


def _line(row: Mapping[str, Any]) -> str:
    """Return a row in a line: what a person knows it by."""
    told = [str(row[name]) for name in _SHOWN if row.get(name)]
    if not told:
        told = [repr(" ".join(str(row.get("text", "")).split())[:80])]
    for name in ("label", "kind", "value", "unit", "start_char", "article_id"):
        if row.get(name) is not None:
            told.append(f"{name}={row[name]}")
    return " ".join(told)
