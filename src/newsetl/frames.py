"""Tables to data frames: what an analyst loads in a notebook."""

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl import homes
from newsetl.errors import LoadError
from newsetl.places import place
from newsetl.stores import parquet as store
from newsetl.views import Views, queries

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    import pyarrow.dataset as ds


def tables_path(to: str | Path = "data/tables") -> Path:
    """Return the folder of the published tables at `to`, the link `current` resolved once.

    Read several tables through one such path, and all are of one run, whatever runs meanwhile. Of
    tables at an address (s3://bucket/tables), it is this machine's copy; what it lacks is fetched.
    Raises LoadError if nothing was published there.
    """
    snapshot = homes.of(place(to)).snapshot()
    if snapshot is None:
        raise LoadError(
            "no tables here", where=str(to), fix="make some with: python -m newsetl run SOURCE"
        )
    return snapshot


def open_tables(to: str | Path = "data/tables") -> "Tables":
    """Return the tables at a path or address as data frames and for SQL, all of one run.

    Each table and each view is an attribute. For example:

        tables = open_tables("data/tables")
        tables.figures.query("unit == 'GBP'")["value"].sum()
        tables.figures_with_context[["text", "headline", "organisations"]]
        tables.sql("SELECT name, mention_count FROM entities LIMIT 5")

    Raises LoadError if nothing was published there.
    """
    return Tables(tables_path(to))


class Tables(Views):
    """The tables of one snapshot: each an attribute, a pandas frame read when first used.

    What is too large for memory is read through `relation`, `polars` or `arrow`, which read
    nothing before they are asked for rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._parts = store.parts_of(path)
        self._frames: dict[str, pd.DataFrame] = {}

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._parts]

    def __repr__(self) -> str:
        return f"Tables({str(self.path)!r}): {', '.join(self._parts)}"

    def __getattr__(self, name: str) -> "pd.DataFrame":
        if name.startswith("_"):
            raise AttributeError(name)
        return self.view(name)

    def relation(self, name: str) -> "duckdb.DuckDBPyRelation":
        """Return a table or view as a DuckDB relation, which reads only what is asked of it.

        For example, the euro figures of a year that does not fit in memory:

            tables.relation("figures").filter("unit = 'EUR'").df()
        """
        self._must_have(name)
        return self._connection.view(name)

    def polars(self, name: str) -> "pl.LazyFrame":
        """Return a table or view as a polars LazyFrame; polars must be installed.

        For example:

            tables.polars("figures").filter(pl.col("kind") == "money").collect()
        """
        import polars as pl

        if name in self._parts:
            return pl.scan_parquet(self._parts[name], hive_partitioning=False)
        return pl.LazyFrame(self.relation(name).to_arrow_table())

    def arrow(self, name: str) -> "ds.Dataset":
        """Return a table or view as an Arrow dataset.

        For example:

            tables.arrow("articles").to_table(columns=["headline", "published_date"])
        """
        import pyarrow.dataset as ds

        if name in self._parts:
            return ds.dataset([str(part) for part in self._parts[name]], format="parquet")
        return ds.dataset(self.relation(name).to_arrow_table())

    def sql(self, query: str, parameters: Any = None) -> "pd.DataFrame":
        """Return the result of a DuckDB query over tables and views by name; times are in UTC.

        For example:

            tables.sql("SELECT headline FROM articles WHERE word_count > ?", [500])

        Raises LoadError where DuckDB does not take the query, with its words.
        """
        return _frame(self.query(query, parameters).to_arrow_table())

    def query(self, query: str, parameters: Any = None) -> "duckdb.DuckDBPyRelation":
        """Return the result of a query as a relation, for other frames than pandas; see `sql`.

        For example:

            tables.query("SELECT kind, count(*) AS n FROM figures GROUP BY kind").pl()
        """
        import duckdb

        try:
            return self._connection.sql(query, params=parameters)
        except duckdb.Error as error:
            what, *_ = str(error).splitlines()
            raise LoadError(
                what, where=query, fix=f"the tables are {', '.join(self._known)}"
            ) from error

    def rows(self, query: str, parameters: Any = None) -> list[dict[str, Any]]:
        """Return the rows of a DuckDB query as plain values, None where a column is null."""
        found: list[dict[str, Any]] = self.query(query, parameters).to_arrow_table().to_pylist()
        return found

    def view(self, name: str) -> "pd.DataFrame":
        self._must_have(name)
        if name not in self._frames:
            is_table = name in self._parts
            table = _arrow(self._parts[name]) if is_table else self.relation(name).to_arrow_table()
            self._frames[name] = _frame(table)
        return self._frames[name]

    def _must_have(self, name: str) -> None:
        if name not in self._known:
            raise AttributeError(f"no table {name!r}; there are {', '.join(self._known)}")

    @cached_property
    def _known(self) -> list[str]:
        """The names of the tables, and of the views."""
        rows = self._connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
        return [*self._parts, *sorted({name for (name,) in rows.fetchall()} - set(self._parts))]

    @cached_property
    def _connection(self) -> "duckdb.DuckDBPyConnection":
        """A connection that has the tables and the views of them.

        A view of tables or columns that an older version did not write is left out.
        """
        import duckdb

        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'")
        for name, parts in self._parts.items():
            connection.read_parquet([str(part) for part in parts]).create_view(name)
        for name, query in queries():
            with suppress(duckdb.CatalogException, duckdb.BinderException):
                connection.execute(f"CREATE VIEW {name} AS {query}")
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
