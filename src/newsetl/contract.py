"""What is checked before a run is published: a table that breaks its schema's promises never is.

`check_batch` looks at rows as they are made; `check_snapshot` looks at all tables of a snapshot
together: unique keys and foreign keys.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl.errors import ContractError
from newsetl.schema import Row, schema_of, spans_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def check_batch(tables: Mapping[str, "pa.Table"], rows: Mapping[str, type[Row]]) -> None:
    """Raise ContractError unless the tables keep what their row classes promise.

    Checked are column names and types, nulls, closed lists, and that the text of each span, the
    row's own and others such as a speaker's, is that slice of its article's text. The articles of
    all span rows must be in the batch.
    """
    for name, table in tables.items():
        _check_columns(name, table, rows[name])
    if "articles" not in tables:
        return
    ids, texts = (tables["articles"][key].to_pylist() for key in ("article_id", "text"))
    by_id = dict(zip(ids, texts, strict=True))
    for name, table in tables.items():
        if name != "articles":
            for span in spans_of(rows[name]):
                _check_slices(name, table, by_id, span)


def check_snapshot(parts: Mapping[str, Sequence[Path]], rows: Mapping[str, type[Row]]) -> None:
    """Raise ContractError unless keys are unique and every reference finds its row.

    `parts` are the Parquet files of each table of a snapshot.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, files in parts.items():
            _view(connection, name, files)
        for name in parts:
            _check_key(connection, name, rows[name].KEY)
            for column, target in references(rows[name]):
                if target in rows:
                    _check_reference(connection, name, column, target, rows[target].KEY, parts)


def references(row: type[Row]) -> Iterator[tuple[str, str]]:
    """Yield the name of each column that holds another table's key, and that table."""
    for item in dataclasses.fields(row):
        if item.metadata["references"]:
            yield item.name, item.metadata["references"]


def _check_columns(name: str, table: "pa.Table", row: type[Row]) -> None:
    schema = schema_of(row)
    if table.schema.names != schema.names or table.schema.types != schema.types:
        raise ContractError(
            f"table {name} has other columns than its row class",
            where=f"{name}: {', '.join(sorted(set(table.schema.names) ^ set(schema.names)))}",
            fix="write it with schema.tabulate, or migrate tables of an older version",
        )
    closed = {item.name: set(item.metadata["values"]) for item in dataclasses.fields(row)}
    for item in schema:
        values = table[item.name]
        if not item.nullable and values.null_count:
            raise ContractError(
                f"{values.null_count} nulls in a column that must not be null",
                where=f"{name}.{item.name}",
                fix="the plug-in that makes these rows must state a value",
            )
        allowed = closed.get(item.name)
        if allowed and (stray := set(values.unique().to_pylist()) - allowed - {None}):
            raise ContractError(
                f"value not on the closed list: {min(stray)!r}",
                where=f"{name}.{item.name}",
                fix=f"allowed are {', '.join(sorted(allowed))}",
            )


def _check_slices(
    name: str, table: "pa.Table", texts: Mapping[str, str], span: tuple[str, str, str]
) -> None:
    spans = zip(*(table[key].to_pylist() for key in ("article_id", *span)), strict=True)
    for article_id, text, start, end in spans:
        if text is None and start is None and end is None:
            continue
        if (
            start is None
            or end is None
            or article_id not in texts
            or texts[article_id][start:end] != text
        ):
            raise ContractError(
                f"span [{start}, {end}) is not the text of its row: {str(text)[:60]!r}",
                where=f"{name}, article {article_id}",
                fix="derive the row's text from the span: text = article.text[start:end]",
            )


def _view(connection: "duckdb.DuckDBPyConnection", name: str, files: Sequence[Path]) -> None:
    paths = [str(file) for file in files]
    connection.read_parquet(paths).create_view(name)


def _check_key(connection: "duckdb.DuckDBPyConnection", name: str, key: str) -> None:
    twice = connection.execute(
        f"SELECT {key} FROM {name} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if twice is not None:
        raise ContractError(
            f"key stands twice: {twice[0]}",
            where=f"{name}.{key}",
            fix="the id must be made of everything that tells two rows apart",
        )


def _check_reference(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    column: str,
    target: str,
    key: str,
    parts: Mapping[str, Sequence[Path]],
) -> None:
    known = f"SELECT {key} FROM {target}" if target in parts else "SELECT NULL WHERE false"
    lost = connection.execute(
        f"SELECT {column} FROM {name} WHERE {column} IS NOT NULL"
        f" AND {column} NOT IN ({known}) LIMIT 1"
    ).fetchone()
    if lost is not None:
        raise ContractError(
            f"a row points to a row of {target} that does not exist: {lost[0]}",
            where=f"{name}.{column}",
            fix=f"write the row of {target} in the same run",
        )
