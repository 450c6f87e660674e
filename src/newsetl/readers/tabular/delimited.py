"""Rows of comma- or tab-separated values, also of files whose quote marks are broken.

The first row is row 1, as spreadsheets count, and names the columns. A quote mark that opens and
never closes would swallow the rows behind it: its row is a fault, and reading goes on at its next
line.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from newsetl.errors import ReadError
from newsetl.readers.tabular.cells import MOST_IN_NAME, Row, Table

_DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"sep=(?P<sign>[,;|\t:^~])\r?\n", re.IGNORECASE)
"""The line by which Excel is told the delimiter."""
_TAB_QUOTE = re.compile(r'(?:^|(?<=\t))"(?P<closed>(?:[^"]|"")*+"(?=[\t\r\n]|\Z))?', re.MULTILINE)
"""A quote mark that opens a cell between tabs, and whether it closes where the cell ends."""
_SAMPLE = 1 << 20
_LARGEST_CELL = 1 << 27
_LONGEST_NAME = 60
_MOST_REREAD = 10
"""How often, on average, a line is read again behind broken quotes before quotes are let be."""
_END = "\x1f"
"""Stands behind the last line: it comes out as a row unless a quote is open."""


@dataclass(frozen=True, slots=True)
class _Style:
    """How cells are parted, and whether quote marks stand around them."""

    delimiter: str
    is_bare: bool = False

    def rows(self, lines: Iterator[str], *, strict: bool = False) -> Any:
        """Return the reader of the csv module, for which typeshed has no public name."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_NONE if self.is_bare else csv.QUOTE_MINIMAL,
            skipinitialspace=self.delimiter != "\t",
            strict=strict,
        )


def of_csv(text: str, *, where: str = "") -> Table:
    r"""Return the rows of comma-separated values; the delimiter is the header's commonest one.

    Raises ReadError where the first row holds text instead of the names of columns.

    >>> of_csv("id;title\n1;Mill reopens").rows
    [('row 2', {'id': '1', 'title': 'Mill reopens'})]
    """
    told = _SEPARATOR_LINE.match(text)
    own = text[told.end() :] if told else text
    delimiter = told["sign"] if told else _delimiter(own)
    is_bare = delimiter == "\t" and not _is_quoted(own[:_SAMPLE])
    style = _Style(delimiter, is_bare=is_bare)
    kept = csv.field_size_limit(_LARGEST_CELL)
    try:
        return _table(list(io.StringIO(own, newline="")), style, where)
    finally:
        csv.field_size_limit(kept)


def _table(lines: Sequence[str], style: _Style, where: str) -> Table:
    """Return the rows; what follows a broken row and is no whole row is told as a part of it."""
    table, header = Table(), list[str]()
    broken, behind = "", 0
    for number, cells in enumerate(_rows(lines, style), start=1):
        if broken and cells is not None and _width(cells, len(header)) != len(header):
            behind += 1
            continue
        if broken:
            table.faults.append((broken, _open(behind)))
        broken, behind = "" if cells is not None else f"row {number}", 0
        if cells is None:
            continue
        if header:
            _add(table, header, cells, f"row {number}")
        elif any(cell.strip() for cell in cells):
            header = _header(cells, where)
    if broken:
        table.faults.append((broken, _open(behind)))
    return table


def _rows(lines: Sequence[str], style: _Style) -> Iterator[list[str] | None]:
    """Yield the cells of each row; None for one whose quote mark opens and never closes."""
    start, width, reread = 0, 0, 0
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader, first = style.rows(chain(rest, (_END,))), start
        for cells in reader:
            end = first + reader.line_num
            if end > len(lines) and cells == [_END]:
                return
            own = lines[start:end]
            if end > len(lines) or (len(own) > 1 and _swallows(own, style, width)):
                break
            yield cells
            width = width or (len(cells) if any(cell.strip() for cell in cells) else 0)
            start = end
        yield None
        reread += end - start
        start += 1
        if reread > _MOST_REREAD * len(lines):
            style = _Style(style.delimiter, is_bare=True)


def _swallows(lines: Sequence[str], style: _Style, width: int) -> bool:
    """Return whether a row over several lines ends in a row of its own, or in the start of one.

    Then the quote mark that opens the last line's cell was taken for the one that closes.
    """
    last = lines[-1]
    if not last.startswith('"') and f'{style.delimiter}"' not in last:
        return False
    try:
        for _ in style.rows(iter(lines), strict=True):
            pass
    except csv.Error:
        cells, *rest = style.rows(iter([last, _END]))
        return _width(cells, width) == width if rest else len(cells) <= width
    return False


def _width(cells: Sequence[str], most: int) -> int:
    """Return how many cells a row has, without empty ones behind the last column."""
    width = len(cells)
    while width > most and not cells[width - 1].strip():
        width -= 1
    return width


def _header(cells: Sequence[str], where: str) -> list[str]:
    header = [name.strip() for name in cells]
    if any(len(name) > _LONGEST_NAME or len(name.split()) > MOST_IN_NAME for name in header):
        raise ReadError(
            "the first row names no columns: it holds text",
            where=where,
            fix="put a row with names in front, such as: title,text,date,author,url",
            reason="unreadable",
        )
    return header


def _add(table: Table, header: list[str], cells: list[str], place: str) -> None:
    if not any(cell.strip() for cell in cells):
        return
    if (width := _width(cells, len(header))) > len(header):
        table.faults.append((place, f"the row has {width} cells, the header {len(header)}"))
        return
    row: Row = {}
    for name, cell in zip(header, cells, strict=False):
        if name not in row or cell.strip():  # of two columns of one name the one that says more
            row[name] = cell
    table.rows.append((place, row))


def _open(behind: int) -> str:
    more = f"; lines behind it that are no whole row: {behind}" if behind else ""
    return f"a quote mark opens and never closes{more}"


def _delimiter(text: str) -> str:
    """Return which delimiter parts the header into most cells."""
    header = next(iter(text.lstrip().splitlines()), "")
    return max(_DELIMITERS, key=header.count)


def _is_quoted(text: str) -> bool:
    """Return whether half the quote marks that open a cell between tabs close where it ends."""
    marks = [mark["closed"] is not None for mark in _TAB_QUOTE.finditer(text)]
    return sum(marks) * 2 >= len(marks)
