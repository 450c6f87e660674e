"""Tables to data frames: what an analyst loads in a notebook."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import LoadError
from newsetl.stores import parquet as store

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa


def tables_path(to: str | Path = "data/tables") -> Path:
    """Return the folder of the published tables at `to`, the link `current` resolved once.

    Read several tables through one such path, and all are of one run, whatever runs meanwhile.
    Raises LoadError if nothing was published there.
    """
    snapshot = store.current(Path(to))
    if snapshot is None:
        raise LoadError(
            "no tables here", where=str(to), fix="make some with: python -m newsetl run SOURCE"
        )
    return snapshot


def open_tables(to: str | Path = "data/tables") -> "Tables":
    """Return the tables at `to` as data frames and for SQL.

    For example:

        tables = open_tables("data/tables")
        tables.figures.query("unit == 'GBP'")["value"].sum()
        tables.sql("SELECT name, mention_count FROM entities LIMIT 5")
    """
    return Tables(tables_path(to))


class Tables:
    """The tables of one snapshot: each an attribute, a pandas frame read when first used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts = store.parts_of(path)
        self._frames: dict[str, pd.DataFrame] = {}

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._parts]

    def __repr__(self) -> str:
        return f"Tables({str(self.path)!r}): {', '.join(self._parts)}"

    def __getattr__(self, name: str) -> "pd.DataFrame":
        if name.startswith("_") or name not in self._parts:
            raise AttributeError(f"no table {name!r}; there are {', '.join(self._parts)}")
        if name not in self._frames:
            self._frames[name] = _frame(_arrow(self._parts[name]))
        return self._frames[name]

    def sql(self, query: str, parameters: Any = None) -> "pd.DataFrame":
        """Return the result of a DuckDB query over the tables by name; times are in UTC."""
        return _frame(self._connection.sql(query, params=parameters).to_arrow_table())

    def rows(self, query: str, parameters: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a DuckDB query as plain values, None where a column is null."""
        found: list[dict[str, Any]] = (
            self._connection.sql(query, params=parameters).to_arrow_table().to_pylist()
        )
        return found

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        for name, parts in self._parts.items():
            connection.read_parquet([str(part) for part in parts]).create_view(name)
        return connection


def _arrow(parts: list[Path]) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = []
    for part in parts:
        with store.reading(part):
            tables.append(pq.read_table(part, partitioning=None))
    return pa.concat_tables(tables)


def _frame(table: "pa.Table") -> "pd.DataFrame":
    """Return a frame: whole numbers stay whole beside nulls, days are dates, times are UTC."""
    import pandas as pd
    import pyarrow as pa

    mapped = {pa.int64(): pd.Int64Dtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=mapped.get, date_as_object=False)
    return frame
