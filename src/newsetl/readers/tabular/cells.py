"""Rows of a table: objects of JSON or JSON Lines to dicts of column and cell.

A row that cannot be read is told with its number; the others go on.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from newsetl.encoding import scalar_text
from newsetl.errors import ReadError

Row = dict[str, str]

_INNER = frozenset({"main", "original", "name", "value", "rendered", "text", "href"})
"""Names that say nothing beside the name around them: {"headline": {"main": …}}."""
_DEEPEST, _DEEPEST_LIST = 3, 4
_BETWEEN = re.compile(r"[\s,]*")
MOST_IN_NAME = 8
"""How many words a name, such as that of a column, may have."""


@dataclass
class Table:
    """The rows of a table, each with its place, and what could not be read: place and fault."""

    rows: list[tuple[str, Row]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def of_json(text: str, *, where: str) -> Table:
    """Return the objects of a JSON list, of the list inside an object, or of JSON Lines.

    Raises ReadError for what is no JSON.
    """
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        table = _one_by_one(text) or _of_lines(text)
        if table.rows:
            return table
        raise ReadError(
            f"no JSON: {error}", where=where, fix="fetch it again", reason="unreadable"
        ) from error
    items = found if isinstance(found, list) else _list_in(found) or [found]
    table = Table()
    for number, item in enumerate(items, start=1):
        _add_item(table, item, f"item {number}")
    return table


def flat(item: dict[str, Any], outer: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield name and text of each cell; of an object inside, those that it holds."""
    for key, value in item.items():
        name = outer if outer and key in _INNER else key
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from flat(value, name, depth + 1)
        elif isinstance(value, list):
            yield name, _together([one for item in value if (one := _listed(item))])
        elif value is not None and not isinstance(value, dict):
            yield name, scalar_text(str(value))


def _one_by_one(text: str) -> Table | None:
    """Return the rows of objects that stand one behind the other, over several lines each."""
    decoder, table, at = json.JSONDecoder(strict=False), Table(), 0
    while (at := _BETWEEN.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return None
        _add_item(table, item, f"item {len(table.rows) + len(table.faults) + 1}")
    return table


def _of_lines(text: str) -> Table:
    table = Table()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line, strict=False)
        except (ValueError, RecursionError) as error:
            table.faults.append((f"line {number}", f"no JSON: {error}"))
            continue
        _add_item(table, item, f"line {number}")
    return table


def _add_item(table: Table, item: object, place: str) -> None:
    if isinstance(item, dict):
        table.rows.append((place, dict(flat(item))))
    else:
        table.faults.append((place, f"no object but {type(item).__name__}"))


def _list_in(value: object, depth: int = 0) -> list[Any]:
    """Return the longest list of objects inside, as an answer of an API has it."""
    if not isinstance(value, dict) or depth > _DEEPEST_LIST:
        return []
    lists = [
        item for item in value.values() if isinstance(item, list) and item and _all_objects(item)
    ]
    lists += [_list_in(item, depth + 1) for item in value.values()]
    return max(lists, key=len, default=[])


def _all_objects(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _together(texts: list[str]) -> str:
    """Return the elements of a list as one cell: paragraphs where they are sentences."""
    is_prose = any(len(text.split()) > MOST_IN_NAME for text in texts)
    return ("\n\n" if is_prose else ", ").join(texts)


def _listed(value: object) -> str:
    """Return an element of a list as text: a string, or what an object is named."""
    if isinstance(value, dict):
        return next((scalar_text(str(value[key])) for key in sorted(_INNER) if value.get(key)), "")
    return "" if value is None else scalar_text(str(value))
