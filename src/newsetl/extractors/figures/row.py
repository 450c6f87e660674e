"""The row class of the table `figures`."""

from dataclasses import dataclass
from typing import ClassVar

from newsetl.extractors.figures.figure import BOUNDS, KINDS
from newsetl.schema import SpanRow, column

CURRENCY_FROM = ("sign", "article", "place", "country", "default")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow(SpanRow):
    """One quantity that an article states: its value, its unit, and what it measures."""

    TABLE: ClassVar[str] = "figures"
    KEY: ClassVar[str] = "figure_id"

    figure_id: str = column("hash of article, span and rule")
    kind: str = column("what sort of quantity it is", values=KINDS)
    value: float | None = column("the value; null for a range", unit="figures.unit", default=None)
    value_low: float | None = column("lower end of a range", unit="figures.unit", default=None)
    value_high: float | None = column("upper end of a range", unit="figures.unit", default=None)
    bound: str = column("how the value limits the quantity", values=BOUNDS, default="=")
    unit: str | None = column(
        "ISO 4217 code of money, in major units; else a CLDR unit, count or ratio", default=None
    )
    currency_from: str | None = column(
        "what decided the currency", values=CURRENCY_FROM, default=None
    )
    per: str | None = column("what the value is per: day, share, 1000", default=None)
    change: str | None = column(
        "direction of the change that the text states", values=("up", "down"), default=None
    )
    role: str | None = column("end of a change", values=("from", "to"), default=None)
    modality: str | None = column(
        "how certain the text is; null for plain statements",
        values=("could", "would", "target", "estimate"),
        default=None,
    )
    measures: str | None = column("words for what is counted or measured", default=None)
    measures_start_char: int | None = column(
        "start of those words in articles.text", unit="code points", default=None
    )
    measures_end_char: int | None = column(
        "end of those words, exclusive", unit="code points", default=None
    )
    entity_id: str | None = column(
        "entity that the figure is of", references="entities", default=None
    )
    group_id: str | None = column("shared by the rows of one from–to pair", default=None)
    rule: str = column("name of the rule that found the figure")
