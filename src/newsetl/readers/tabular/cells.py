"""Rows of a table: objects of JSON or JSON Lines to dicts of column and cell.

A row that cannot be read is told with its number; the others go on.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from newsetl.encoding import scalar_text
from newsetl.errors import ReadError
from newsetl.readers.tabular.columns import names_of, plain_name

Row = dict[str, str]

_INNER = ("main", "name", "text", "value", "rendered", "original", "href")
"""Names that say nothing beside the name around them: {"headline": {"main": …}}; of an object in
a list, the first of them tells it."""
_BLOCK = ("data", "content", "html", "body")
"""Where a paragraph among others has its text: {"type": "p", "data": …}."""
_DEEPEST, _DEEPEST_LIST = 3, 5
_BETWEEN = re.compile(r"[\s,]*")
MOST_IN_NAME = 8
"""How many words a name, such as that of a column, may have."""


@dataclass
class Table:
    """The rows of a table, each with its place, and what could not be read: place and fault."""

    rows: list[tuple[str, Row]] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)


def of_json(text: str, *, where: str) -> Table:
    """Return the articles of a JSON list, of an object, or of JSON Lines.

    An object is an article, or it holds a list of them, or one under each key.

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
    items = found if isinstance(found, list) else _items_of(found)
    table = Table()
    for number, item in enumerate(items, start=1):
        _add_item(table, item, f"item {number}")
    return table


def flat(item: dict[str, Any], outer: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield name and text of each cell; of an object inside, those that it holds."""
    is_inner = bool(outer) and not _is_named(item)
    for key, value in item.items():
        name = outer if is_inner and key in _INNER else key
        if isinstance(value, dict):
            if depth < _DEEPEST:
                yield from flat(value, name, depth + 1)
        elif isinstance(value, list):
            yield name, _together([one for item in value if (one := _listed(item))])
        elif value is not None:
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


def _items_of(found: object) -> list[Any]:
    """Return the articles that one value of JSON holds; itself, if nothing shows others.

    Its own headline and text make it an article, whatever lists of authors, comments or related
    ones are inside.
    """
    if not isinstance(found, dict) or _is_article(found):
        return [found]
    inside = max(_lists_in({"": found}), key=_weight, default=[])
    if not _weight(inside)[0] and _is_named({name for name, _ in flat(found)}):
        return [found]
    return inside or [found]


def _is_article(item: object) -> bool:
    """Return whether an object itself has a headline and a text, which is no list of articles."""
    if not isinstance(item, dict) or not _is_named(item):
        return False
    bodies = [value for key, value in item.items() if plain_name(key) in names_of("body")]
    return any(value and not _holds_articles(value) for value in bodies)


def _holds_articles(value: object) -> bool:
    lists = _lists_in({"": value})
    return any(isinstance(item, dict) and _is_named(item) for items in lists for item in items[:1])


def _is_named(names: Iterable[str]) -> bool:
    """Return whether a headline and a text are among the names."""
    plain = set(map(plain_name, names))
    return not (plain.isdisjoint(names_of("headline")) or plain.isdisjoint(names_of("body")))


def _lists_in(value: object, depth: int = 0) -> Iterator[list[Any]]:
    """Yield the lists of objects inside an object, as an answer of an API has them.

    Several articles that stand each under a key of its own, such as its number, are a list, too.
    """
    if isinstance(value, dict) and depth <= _DEEPEST_LIST:
        for item in value.values():
            if isinstance(item, list) and item and _all_objects(item):
                yield item
            own = list(item.values()) if isinstance(item, dict) else []
            if _all_objects(own) and sum(map(_is_named, own)) > 1:
                yield own
            yield from _lists_in(item, depth + 1)


def _weight(items: list[Any]) -> tuple[bool, int]:
    """Return by what the lists inside are compared: articles before other objects, then many."""
    return any(_is_named({name for name, _ in flat(item)}) for item in items[:3]), len(items)


def _all_objects(items: list[Any]) -> bool:
    return all(isinstance(item, dict) for item in items)


def _together(texts: list[str]) -> str:
    """Return the elements of a list as one cell: paragraphs where they are sentences."""
    is_prose = any(len(text.split()) > MOST_IN_NAME for text in texts)
    return ("\n\n" if is_prose else ", ").join(texts)


def _listed(value: object, depth: int = 0) -> str:
    """Return an element of a list as text: a string, or what an object is named or holds."""
    if isinstance(value, list):
        inner = (_listed(item, depth + 1) for item in value)
        return _together([one for one in inner if one]) if depth < _DEEPEST else ""
    if isinstance(value, dict):
        told = (value[key] for key in (*_INNER, *_BLOCK) if value.get(key))
        return _listed(next(told, None), depth + 1) if depth < _DEEPEST else ""
    return "" if value is None else scalar_text(str(value))
