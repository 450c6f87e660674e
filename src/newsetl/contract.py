"""What is checked before a run is published: a table that breaks its schema's promises never is.

`check_batch` looks at rows as they are made; `check_snapshot` looks at all tables of a snapshot
together: unique keys and foreign keys.
"""

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from newsetl.errors import ContractError
from newsetl.model import identify
from newsetl.schema import Row, schema_of, spans_of
from newsetl.stores import parquet as store

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Keys = npt.NDArray[np.bytes_]

_ID_DIGITS = 24
_PACKED = "S12"


class Stored(Protocol):
    """The tables whose stored keys can be asked for."""

    @property
    def tables(self) -> Collection[str]: ...

    def known(self, table: str, keys: Collection[str]) -> set[str]: ...


def check_batch(
    tables: Mapping[str, "pa.Table"], rows: Mapping[str, type[Row]], *, with_slices: bool = True
) -> None:
    """Raise ContractError unless the tables keep what their row classes promise.

    Checked are column names and types, nulls, closed lists, and that the text of each span, the
    row's own and others such as a speaker's, is that slice of its article's text. The articles of
    all span rows must be in the batch; where they are not, `with_slices` is False.
    """
    for name, table in tables.items():
        _check_columns(name, table, rows[name])
    if "articles" not in tables or not with_slices:
        return
    ids, texts = (tables["articles"][key].to_pylist() for key in ("article_id", "text"))
    by_id = dict(zip(ids, texts, strict=True))
    for name, table in tables.items():
        for span in spans_of(rows[name]):
            _check_slices(name, table, by_id, span)


def check_new(
    tables: Mapping[str, "Sequence[Path] | pa.Table"],
    rows: Mapping[str, type[Row]],
    stored: Stored,
) -> None:
    """Raise ContractError unless the new rows fit together and with those stored.

    `tables` are new rows, as Parquet files or in memory. Their keys are unique and, where `stored`
    can be asked, not stored yet; span rows' keys are made of their article's, which is asked for.
    What they refer to is new or stored.
    """
    targets = {target for name in tables for _, target in references(rows[name])}
    keys: dict[str, Keys] = {}
    for name, table in tables.items():
        own = _new_keys(name, table, rows[name].KEY, stored)
        if name in targets:
            keys[name] = own
    for name, table in tables.items():
        columns = dict(references(rows[name]))
        for part in _columns_of(table, list(columns)) if columns else ():
            for column, target in columns.items():
                _check_found(part[column], name, column, target, keys.get(target), stored)


def check_snapshot(parts: Mapping[str, Sequence[Path]], rows: Mapping[str, type[Row]]) -> None:
    """Raise ContractError unless keys are unique and every reference finds its row.

    `parts` are the Parquet files of each table of a snapshot.
    """
    for error in faults_of(parts, rows):
        raise error


def faults_of(
    parts: Mapping[str, Sequence[Path]], rows: Mapping[str, type[Row]]
) -> Iterator[ContractError]:
    """Yield each table's keys that stand twice, references that find no row, and wrong slices.

    `parts` are the Parquet files of each table; what refers to a table that is not among them is
    not looked at.
    """
    import duckdb

    with duckdb.connect() as connection:
        for name, files in parts.items():
            _view(connection, name, files)
        for name in parts:
            row = rows[name]
            if twice := _twice(connection, name, row.KEY):
                yield _stands_twice(name, row.KEY, twice[0])
            for column, target in references(row):
                if target in parts and (
                    lost := _lost(connection, name, column, rows[target], parts)
                ):
                    yield _points_nowhere(name, column, target, lost[0])
            if "articles" in parts and "start_char" in row.__dataclass_fields__:
                yield from _wrong_slices(connection, name, row)


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


def _new_keys(name: str, table: "Sequence[Path] | pa.Table", key: str, stored: Stored) -> "Keys":
    """Return the keys of new rows, packed and sorted, once each of them is a new one."""
    import numpy as np

    found = [np.empty(0, _PACKED)]
    for part in _columns_of(table, [key]):
        texts = part[key].to_pylist()
        found.append(_packed(texts))
        if name in stored.tables and (twice := stored.known(name, texts)):
            raise _stands_twice(name, key, min(twice))
    packed: Keys = np.sort(np.concatenate(found))
    again = packed[1:][packed[1:] == packed[:-1]]
    if len(again):
        for part in _columns_of(table, [key]):
            texts = part[key].to_pylist()
            for text, value in zip(texts, _packed(texts), strict=True):
                if value == again[0]:
                    raise _stands_twice(name, key, text)
    return packed


def _check_found(
    column: "pa.ChunkedArray", name: str, key: str, target: str, keys: "Keys | None", stored: Stored
) -> None:
    """Raise ContractError unless each value of a column is a key of `target`, new or stored."""
    import numpy as np
    import pyarrow.compute as pc

    asked = pc.unique(column).drop_null().to_pylist()
    if keys is not None and len(keys):
        packed = _packed(asked)
        at = np.searchsorted(keys, packed)
        at[at == len(keys)] = 0
        asked = [text for text, is_new in zip(asked, keys[at] == packed, strict=True) if not is_new]
    lost = set(asked)
    if lost and target in stored.tables:
        lost -= stored.known(target, sorted(lost))
    if lost:
        raise _points_nowhere(name, key, target, min(lost))


def _packed(keys: Sequence[str]) -> "Keys":
    """Return keys in 12 bytes each: ids as they are, others by their hash.

    A run may have hundreds of millions of rows, and as texts their keys take five times as much.
    """
    import numpy as np

    joined = _bytes_of("".join(keys)) if all(len(key) == _ID_DIGITS for key in keys) else None
    if joined is None:
        each = (_bytes_of(key) if len(key) == _ID_DIGITS else None for key in keys)
        joined = b"".join(
            packed or bytes.fromhex(identify(key)) for key, packed in zip(keys, each, strict=True)
        )
    return np.frombuffer(joined, _PACKED)


def _bytes_of(digits: str) -> bytes | None:
    """Return what hexadecimal digits stand for, None for a text that is anything else."""
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        return None
    return found if found.hex() == digits else None


def _columns_of(table: "Sequence[Path] | pa.Table", names: Sequence[str]) -> Iterator["pa.Table"]:
    """Yield some columns of new rows, a file at a time."""
    if isinstance(table, Sequence):
        yield from (store.read_columns(file, names) for file in table)
    else:
        yield table.select(list(names))


def _view(connection: "duckdb.DuckDBPyConnection", name: str, files: Sequence[Path]) -> None:
    connection.read_parquet([str(file) for file in files]).create_view(name)


def _twice(connection: "duckdb.DuckDBPyConnection", name: str, key: str) -> list[str]:
    return _texts(
        connection, f"SELECT {key} FROM {name} GROUP BY {key} HAVING count(*) > 1 LIMIT 1"
    )


def _wrong_slices(
    connection: "duckdb.DuckDBPyConnection", name: str, row: type[Row]
) -> Iterator[ContractError]:
    for text, start, end in spans_of(row):
        wrong = _texts(
            connection,
            f"SELECT span.{row.KEY} FROM {name} AS span JOIN articles USING (article_id)"
            f" WHERE substring(articles.text, span.{start} + 1, span.{end} - span.{start})"
            f" != span.{text} ORDER BY 1 LIMIT 1",
        )
        if wrong:
            yield ContractError(
                f"a span is not the text of its row: {wrong[0]}",
                where=f"{name}.{text}",
                fix="derive the row's text from the span: text = article.text[start:end]",
            )


def _lost(
    connection: "duckdb.DuckDBPyConnection",
    name: str,
    column: str,
    target: type[Row],
    tables: Collection[str],
) -> list[str]:
    """Return the keys in a column that no row of the target has, sorted."""
    has_rows = target.TABLE in tables
    known = f"SELECT {target.KEY} FROM {target.TABLE}" if has_rows else "SELECT '' WHERE false"
    return _texts(
        connection,
        f"SELECT DISTINCT {column} FROM {name} WHERE {column} IS NOT NULL"
        f" AND {column} NOT IN ({known}) ORDER BY 1",
    )


def _texts(connection: "duckdb.DuckDBPyConnection", query: str) -> list[str]:
    return [row[0] for row in connection.execute(query).fetchall()]


def _stands_twice(name: str, key: str, value: str) -> ContractError:
    return ContractError(
        f"key stands twice: {value}",
        where=f"{name}.{key}",
        fix="the id must be made of everything that tells two rows apart",
    )


def _points_nowhere(name: str, column: str, target: str, value: str) -> ContractError:
    return ContractError(
        f"a row points to a row of {target} that does not exist: {value}",
        where=f"{name}.{column}",
        fix=f"write the row of {target} in the same run",
    )
