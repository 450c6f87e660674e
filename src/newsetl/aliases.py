"""The user's own names of entities: aliases.csv says which spellings are one, and what it is."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from newsetl.corpus import entity_id, fold
from newsetl.errors import ConfigError

COLUMNS = ("alias", "name", "label", "wikidata_id")

_WIKIDATA = re.compile(r"Q[1-9]\d*")


@dataclass(frozen=True)
class Known:
    """An entity that the user has named."""

    name: str
    label: str
    wikidata_id: str | None

    @property
    def entity_id(self) -> str:
        return entity_id(self.label, self.name)


@dataclass(frozen=True)
class Aliases:
    """Spellings, folded as for ids, and the entity that each of them is."""

    by_form: dict[str, Known] = field(default_factory=dict)

    @property
    def by_id(self) -> dict[str, Known]:
        return {known.entity_id: known for known in self.by_form.values()}

    def resolve(self, found: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Return the rows of one article with the user's entities in place of our own.

        A mention with a known spelling decides for all mentions that are linked to it; every
        column that ends in `entity_id` or `org_id` follows.
        """
        renamed = {
            row.entity_id: known.entity_id
            for row in found.get("mentions", ())
            if (known := self.by_form.get(fold(row.text)))
        }
        if not renamed:
            return found
        return {name: [_renamed(row, renamed) for row in rows] for name, rows in found.items()}


def load(path: Path | None) -> Aliases:
    """Return the aliases of a CSV file with the columns alias, name, label, wikidata_id.

    `wikidata_id` may be empty. Raises ConfigError, with the line, for a missing column, an empty
    cell, an unknown label, an id that is none, and a spelling that names two entities.
    """
    if path is None:
        return Aliases()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"cannot read the aliases: {error}",
            where=str(path),
            fix="write a UTF-8 file with the columns alias,name,label,wikidata_id",
        ) from error
    rows = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise ConfigError(
            f"no column {', '.join(missing)}",
            where=f"{path}, line 1",
            fix=f"the first line is: {','.join(COLUMNS)}",
        )
    return Aliases(_read(rows, path))


def _read(rows: Iterable[dict[str, str | None]], path: Path) -> dict[str, Known]:
    from newsetl.extractors.names import LABELS

    found: dict[str, Known] = {}
    for number, row in enumerate(rows, start=2):
        alias, name, label, wikidata = ((row[column] or "").strip() for column in COLUMNS)
        where = f"{path}, line {number}"
        if not alias or not name:
            raise ConfigError("no alias or no name", where=where, fix="fill both cells")
        if label not in LABELS:
            raise ConfigError(
                f"unknown label {label!r}", where=where, fix=f"use one of {', '.join(LABELS)}"
            )
        if wikidata and not _WIKIDATA.fullmatch(wikidata):
            raise ConfigError(
                f"no Wikidata id: {wikidata!r}", where=where, fix="write it as Q42, or leave it out"
            )
        known = Known(name, label, wikidata or None)
        for form in {fold(alias), fold(name)}:
            if found.setdefault(form, known) != known:
                raise ConfigError(
                    f"{alias!r} names {found[form].name!r} and {name!r}",
                    where=where,
                    fix="keep one of the two lines",
                )
    return found


def _renamed(row: Any, renamed: dict[str, str]) -> Any:
    changes = {
        item.name: renamed[value]
        for item in fields(row)
        if item.name.endswith(("entity_id", "org_id"))
        and (value := getattr(row, item.name)) in renamed
    }
    return replace(row, **changes) if changes else row
