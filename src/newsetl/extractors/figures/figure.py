"""A figure as plain values: what the grammar finds, before it becomes a row."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

KINDS = (
    "money",
    "percent",
    "percentage_point",
    "basis_point",
    "ratio",
    "multiple",
    "count",
    "age",
    "duration",
    "temperature",
    "measure",
    "index",
    "number",
)
"""The closed list of `figures.kind`; `measure` is any other physical unit, which `unit` names."""

BOUNDS = ("=", "~", "<", "<=", ">", ">=", "range")
"""The closed list of `figures.bound`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A span that states a quantity; `value` is None for a range, which has `low` and `high`.

    `measures` is the span of the words that say what is counted or measured, `owner` of those that
    say whose it is, `entity` of the name among them. `group` is the start of the first figure of a
    from–to pair, and the same in both.
    """

    start: int
    end: int
    kind: str
    rule: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    bound: str = "="
    unit: str | None = None
    currency_from: str | None = None
    per: str | None = None
    change: str | None = None
    role: str | None = None
    modality: str | None = None
    measures: tuple[int, int] | None = None
    owner: tuple[int, int] | None = None
    entity: tuple[int, int] | None = None
    group: int | None = None

    def plain(self) -> dict[str, Any]:
        """Return the figure as numbers, strings and None alone, as a spaCy Doc can store it.

        >>> Figure(start=0, end=2, kind="count", rule="count", value=Decimal(12)).plain()["value"]
        12.0
        """
        values = {name: getattr(self, name) for name in _FIELDS}
        for key in ("value", "low", "high"):
            values[key] = None if values[key] is None else float(values[key])
        return values


_FIELDS = tuple(field.name for field in fields(Figure))
