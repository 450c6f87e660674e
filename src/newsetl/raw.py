"""Payloads as they came, kept in WARC files (ISO 28500) beside the tables.

A shard writes its payloads into a file of its own. Publishing a run appends those to the last file
under `raw` and writes where each record stands into the table `payloads`. What a killed run left
at the end of a file is in no row; the next run then starts a new file and overwrites nothing. Bytes
that are kept already, under another address, are a `revisit` record without a body. No request is
written, so no secret of one is.
"""

import hashlib
import io
import os
import shutil
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl import homes
from newsetl.errors import LoadError
from newsetl.payload import Payload
from newsetl.places import Place
from newsetl.stores import parquet as store
from newsetl.tables import PayloadRow

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "raw"
STAGED = "payloads.warc.gz"
LARGEST_BYTES = 2**30
"""A file that has reached this size gets no more records."""
_GZIP_LEVEL = 5
"""Of zlib-ng: pages are 1 % larger than with zlib's 6, which takes 2.4 times as long."""

COLUMNS = (
    "uri",
    "media_type",
    "source_id",
    "retrieved_at",
    "charset",
    "http_status",
    "etag",
    "last_modified",
    "raw_path",
    "splits",
    "content_sha256",
    "warc_file",
    "warc_offset",
)
"""Columns of the table `payloads` that make a payload again."""

_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


class Writer:
    """A WARC file of one shard, a gzip member a record, so that any record can be read alone."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / STAGED

    def add(self, payload: Payload, *, is_kept: bool) -> PayloadRow:
        """Append a payload and return its row; `is_kept` tells that its bytes are kept already."""
        from warcio.warcwriter import WARCWriter
        from zlib_ng import zlib_ng

        record = io.BytesIO()
        writer = WARCWriter(record, gzip=False, warc_version="1.1")
        writer.write_record(_record(writer, payload, is_revisit=is_kept))
        member = zlib_ng.compress(record.getvalue(), _GZIP_LEVEL, wbits=zlib.MAX_WBITS | 16)
        with store.writing(self.path), self.path.open("ab") as file:
            offset = file.tell()
            file.write(member)
            end = file.tell()
        return PayloadRow.of(payload, warc_file=STAGED, warc_offset=offset, warc_end=end)


def append(
    staged: Sequence[Path], to: Path, stored: Sequence[Path], *, label: str = ""
) -> Iterator["pa.Table"]:
    """Append the payloads of shards to the files under `raw`; yield their rows as published.

    `staged` are the shards' Parquet files of the table, `stored` the table's published parts.
    `label` goes into the names of new files.
    """
    file, end = _last(stored)
    for rows in staged:
        records = rows.with_name(STAGED)
        with store.writing(to):
            path = to / FOLDER / file
            is_ours = (path.stat().st_size if path.exists() else 0) == end
            if not is_ours or end + records.stat().st_size > LARGEST_BYTES:
                file, end = _next(to, label), 0
            start = end
            end = _append(records, to / FOLDER / file)
        for table in store.read_batches(rows):
            yield _moved(table, file, start)


def payloads(to: Place, rows: Iterable[dict[str, Any]]) -> Iterator[Payload]:
    """Yield the payloads of rows of the table `payloads` at `to`."""
    for row in rows:
        stated = {name: row[name] for name in COLUMNS[:-3]}
        yield Payload(body=read(to, row), **stated)


def read(to: Place, row: dict[str, Any]) -> bytes:
    """Return the bytes of a payload, or raise LoadError where they are gone or not those."""
    place = f"{to}/{FOLDER}/{row['warc_file']}, byte {row['warc_offset']}"
    try:
        body = _body(to, row)
        if body is None:
            body = _first_body(to, row["content_sha256"])
    except (OSError, ValueError, EOFError) as error:
        raise LoadError(
            f"a kept payload cannot be read: {error}", where=place, fix="restore the file"
        ) from error
    if body is None or hashlib.sha256(body).hexdigest() != row["content_sha256"]:
        raise LoadError(
            f"a kept payload is not what was fetched from {row['uri']}",
            where=place,
            fix="restore the file",
        )
    return body


def _record(writer: Any, payload: Payload, *, is_revisit: bool) -> Any:
    charset = f"; charset={payload.charset}" if payload.charset else ""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{payload.document_id} {payload.retrieved_at}")
    headers = {
        "WARC-Record-ID": f"<urn:uuid:{name}>",
        "WARC-Date": f"{payload.retrieved_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "WARC-Payload-Digest": f"sha256:{payload.content_sha256}",
    }
    if is_revisit:
        headers["WARC-Profile"] = _IDENTICAL
    return writer.create_warc_record(
        payload.uri,
        "revisit" if is_revisit else "resource",
        payload=io.BytesIO(b"" if is_revisit else payload.body),
        length=0 if is_revisit else len(payload.body),
        warc_content_type=payload.media_type + charset,
        warc_headers_dict=headers,
    )


def _body(to: Place, row: dict[str, Any]) -> bytes | None:
    """Return the body of the record that a row names, None for a revisit record."""
    from warcio.archiveiterator import ArchiveIterator

    with homes.of(to).opened(f"{FOLDER}/{row['warc_file']}") as file:
        file.seek(row["warc_offset"])
        for record in ArchiveIterator(file):
            if record.rec_type == "revisit":
                return None
            body: bytes = record.content_stream().read()
            return body
    raise EOFError("no record here")


def _first_body(to: Place, content_sha256: str) -> bytes | None:
    """Return the bytes of the first record that has them."""
    import duckdb

    parts = store.parts_of(homes.of(to).snapshot()).get("payloads", [])
    with duckdb.connect() as connection:
        kept = connection.read_parquet([str(part) for part in parts])
        rows = kept.filter(f"content_sha256 = '{content_sha256}'").to_arrow_table().to_pylist()
    bodies = (_body(to, row) for row in rows)
    return next((body for body in bodies if body is not None), None)


def _last(stored: Sequence[Path]) -> tuple[str, int]:
    """Return the file that the last record was published in, and where it ended, from its row."""
    if not stored:
        return "", -1
    table = store.read_columns(stored[-1], ["warc_file", "warc_end"])
    if not table.num_rows:
        return "", -1
    last = table.slice(table.num_rows - 1).to_pylist()[0]
    return last["warc_file"], last["warc_end"]


def _next(to: Path, label: str) -> str:
    folder = to / FOLDER
    folder.mkdir(exist_ok=True)
    numbers = [int(path.name[9:15]) for path in folder.glob("payloads-[0-9]*.warc.gz")]
    return f"payloads-{max(numbers, default=0) + 1:06d}{label}.warc.gz"


def _append(records: Path, to: Path) -> int:
    """Append a shard's records to a file and return its size once they would survive a crash."""
    with records.open("rb") as new, to.open("ab") as file:
        shutil.copyfileobj(new, file)
        file.flush()
        os.fsync(file.fileno())
        store.sync(to.parent)
        return file.tell()


def _moved(table: "pa.Table", file: str, start: int) -> "pa.Table":
    """Return rows with the file and the places that their records have now."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = table.schema.names
    for name in ("warc_offset", "warc_end"):
        moved = pc.add(table[name], start)
        table = table.set_column(names.index(name), table.schema.field(name), moved)
    files = pa.array([file] * len(table), type=pa.string())
    return table.set_column(names.index("warc_file"), table.schema.field("warc_file"), files)
