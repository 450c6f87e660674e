"""Tables of an older layout, brought up to date: a new snapshot, the old one stays.

Columns that are new are filled where the rows themselves tell (entities are counted anew), else
they are null, empty or the type's zero, which the layout's notes say. Kept payloads are the way to
fill all of them: `newsetl reextract`.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl import contract, corpus, homes
from newsetl.errors import LoadError
from newsetl.frames import tables_path
from newsetl.lookups import Lookups
from newsetl.places import Place
from newsetl.schema import VERSION, Row, schema_of
from newsetl.stores import parquet as store
from newsetl.tables import row_classes

if TYPE_CHECKING:
    import pyarrow as pa

NOTES = {
    "2": "entities.alias_counts counted from the mentions; table payloads, empty",
}
"""Layout → what changed in it, and what older tables get there."""


def migrate(to: Place, *, wait_s: float) -> tuple[str, str]:
    """Bring the tables at `to` to this version's layout; return the layout before and now.

    All or nothing, as a run is. Raises LoadError for tables of a later version.
    """
    home = homes.of(to)
    with home.exclusive(wait_s=wait_s):
        tables_path(to)
        snapshot = store.current(home.folder)
        assert snapshot is not None, "there are tables"
        before = str(store.manifest_of(snapshot).get("schema_version"))
        if not before.isdigit() or int(before) > int(VERSION):
            raise LoadError(
                f"the tables are of layout {before}, this newsetl knows {VERSION}",
                where=str(snapshot),
                fix="install a newer newsetl",
            )
        rows = row_classes()
        try:
            store.check_columns(snapshot, {name: schema_of(row) for name, row in rows.items()})
        except LoadError:
            _write(home, snapshot, rows)
    return before, VERSION


def _write(home: homes.Home, snapshot: Path, rows: dict[str, type[Row]]) -> None:
    old = store.parts_of(snapshot)
    new: dict[str, Iterable[pa.Table]] = {
        name: _moved(old.get(name, ()), row) for name, row in rows.items()
    }
    run_id = max(store.column_of(old.get("runs", ()), "run_id"), default="")
    entities = corpus.entities(old.get("mentions", ()), old.get("articles", ()), run_id=run_id)
    new["entities"] = entities.all()
    commit = store.load(
        new,
        home.folder,
        replaced=set(rows),
        schemas={name: schema_of(row) for name, row in rows.items()},
        check=lambda parts: contract.check_snapshot(parts, rows),
        announce=home.announce,
    )
    home.tidy()
    Lookups(home.folder, commit.snapshot).refresh()


def _moved(parts: Sequence[Path], row: type[Row]) -> Iterator["pa.Table"]:
    """Yield the rows of a table under the columns that it has now."""
    import pyarrow as pa

    schema = schema_of(row)
    for part in parts:
        for table in store.read_batches(part):
            columns = [
                table[field.name].cast(field.type)
                if field.name in table.schema.names
                else _unstated(field, len(table))
                for field in schema
            ]
            yield pa.table(columns, schema=schema)


def _unstated(field: "pa.Field", count: int) -> "pa.Array":
    """Return a column of what stands for "not stated": null, the empty list, or the type's zero."""
    import pyarrow as pa

    if field.nullable:
        return pa.nulls(count, field.type)
    if pa.types.is_list(field.type):
        return pa.array([[]] * count, field.type)
    if pa.types.is_string(field.type):
        return pa.array([""] * count, field.type)
    return pa.array([0] * count, pa.int64()).cast(field.type)
