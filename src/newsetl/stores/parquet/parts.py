"""Parquet files: written, read and merged a bounded number of rows at a time."""

import contextlib
import functools
import hashlib
import operator
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl.errors import LoadError

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP_ROWS = 122_880
ROW_GROUP_BYTES = 32 * 2**20
"""A row group ends at whichever comes first; readers skip whole row groups."""


class Stage:
    """A folder of Parquet files, one a table, that grows batch by batch until it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, Any] = {}
        with writing(folder):
            folder.mkdir(parents=True)

    def add(self, name: str, table: "pa.Table") -> None:
        import pyarrow.parquet as pq

        with writing(self.folder):
            if name not in self._writers:
                path = self.folder / f"{name}.parquet"
                self._writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
            self._writers[name].write_table(table)

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        with writing(self.folder):
            for writer in self._writers.values():
                writer.close()


@contextlib.contextmanager
def writing(to: Path) -> Iterator[None]:
    """Turn a failure of the disk into a LoadError that names the file."""
    try:
        yield
    except OSError as error:
        raise LoadError(
            f"the tables cannot be written: {error.strerror or error}",
            where=str(error.filename or to),
            fix="free some space or mend the folder, then run again; nothing was published",
            retryable=True,
        ) from error


def write(
    tables: Iterable["pa.Table"], schema: "pa.Schema", draft: Path, *, stem: str
) -> dict[str, Any]:
    """Write tables as one part beside `draft`, named by its hash; return its manifest entry."""
    import pyarrow.parquet as pq

    rows = 0
    with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
        for table in _row_groups(tables, schema):
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)
            rows += table.num_rows
    with draft.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = os.fstat(file.fileno()).st_size
    part = draft.rename(draft.with_name(f"{stem}-{digest[:16]}.parquet"))
    return {"file": part.name, "rows": rows, "bytes": size, "sha256": digest}


def read_batches(part: Path) -> Iterator["pa.Table"]:
    """Yield the rows of a Parquet file, a bounded number at a time."""
    import pyarrow.parquet as pq

    with reading(part), pq.ParquetFile(part) as file:
        for groups in _together(file.metadata):
            yield file.read_row_groups(groups)


def column_of(parts: Iterable[Path], name: str) -> set[str]:
    """Return the values of one text column over some Parquet files."""
    return {value for part in parts for value in read_column(part, name).to_pylist()}


def read_column(part: Path, name: str) -> "pa.ChunkedArray":
    """Return one column of a Parquet file, in the order of its rows."""
    return read_columns(part, [name])[name]


def read_columns(part: Path, names: Sequence[str], *, skip: int = 0) -> "pa.Table":
    """Return some columns of a Parquet file from row `skip` on; what is skipped is not read."""
    import pyarrow.parquet as pq

    with reading(part), pq.ParquetFile(part) as file:
        before, groups = 0, list(range(file.num_row_groups))
        while groups and before + (rows := file.metadata.row_group(groups[0]).num_rows) <= skip:
            before, groups = before + rows, groups[1:]
        return file.read_row_groups(groups, columns=list(names)).slice(skip - before)


def rows_where(
    parts: Iterable[Path], names: Sequence[str], values: Mapping[str, Collection[str]]
) -> Iterator[tuple[Any, ...]]:
    """Yield some columns of the rows in which each column of `values` has one of its values.

    A column that a file lacks, as it was written before the column was, gives None.
    """
    import pyarrow.dataset as ds
    import pyarrow.parquet as pq

    for part in parts:
        with reading(part):
            known = [name for name in names if name in pq.read_schema(part).names]
            wanted = [ds.field(name).isin(list(allowed)) for name, allowed in values.items()]
            found = ds.dataset(part).to_table(
                columns=known, filter=functools.reduce(operator.and_, wanted)
            )
        empty = [None] * len(found)
        columns = (found[name].to_pylist() if name in known else empty for name in names)
        yield from zip(*columns, strict=True)


def count_rows(parts: Iterable[Path]) -> int:
    """Return how many rows some Parquet files have together."""
    import pyarrow.parquet as pq

    count = 0
    for part in parts:
        with reading(part):
            count += pq.read_metadata(part).num_rows
    return count


@contextlib.contextmanager
def reading(part: Path) -> Iterator[None]:
    """Turn a part that is gone or torn into a LoadError that names it."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowInvalid) as error:
        raise LoadError(
            f"a part of the tables cannot be read: {str(error).splitlines()[0]}",
            where=str(part),
            fix="see what else is broken with: newsetl check; then restore the folder",
        ) from error


def _together(metadata: Any) -> Iterator[list[int]]:
    """Yield the numbers of row groups to read at once: staged files have many small ones."""
    groups: list[int] = []
    size = 0
    for number in range(metadata.num_row_groups):
        group_bytes = metadata.row_group(number).total_byte_size
        if groups and size + group_bytes > ROW_GROUP_BYTES:
            yield groups
            groups, size = [], 0
        groups.append(number)
        size += group_bytes
    if groups:
        yield groups


def _row_groups(tables: Iterable["pa.Table"], schema: "pa.Schema") -> Iterator["pa.Table"]:
    """Yield the same rows in tables of the size of a row group."""
    import pyarrow as pa

    held: list[pa.Table] = []
    rows, size = 0, 0

    def joined(tables: Sequence["pa.Table"]) -> "pa.Table":
        return pa.concat_tables([schema.empty_table(), *tables])

    for table in tables:
        held.append(table.cast(schema))
        rows, size = rows + table.num_rows, size + table.nbytes
        if rows >= ROW_GROUP_ROWS or size >= ROW_GROUP_BYTES:
            yield joined(held)
            held, rows, size = [], 0, 0
    if held:
        yield joined(held)
