"""Figures: every quantity that an article states, normalised, as rows and as a spaCy component.

    lexer       text → tokens; numbers in digits, words, marks
    masks       what holds digits and is no figure: dates, times, scores, names …
    numerals    tokens → numbers with their scale words
    quantities  numbers with sign, currency, unit and rate
    pairs       two quantities that are one range, ratio, composite or from–to pair
    counts      numbers without a unit: counts, ages, shares, and which are no figure
    resolve     shared signs: whose dollar, pound of money or weight, which degree
    context     bound, direction of change, certainty
    grammar     find(text): all of it together, on plain text
    measures    what a figure is of, on a parsed Doc

The component writes plain numbers and strings to `doc._.figures`, so that they survive
`n_process=2`, `to_bytes` and `DocBin(store_user_data=True)`. It needs no other component.
"""

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.extractors.figures import measures
from newsetl.extractors.figures.figure import Figure
from newsetl.extractors.figures.grammar import find
from newsetl.extractors.figures.row import FigureRow
from newsetl.model import identify

__all__ = ["LAYER", "ROW", "Figure", "FigureFinder", "FigureRow", "find", "make_figures", "rows"]

LAYER = "figures"
COMPONENT = "newsetl_figures"
NEEDS = ("sentences",)
ROW = FigureRow
NAME = "newsetl_figures"

if not Doc.has_extension(LAYER):
    Doc.set_extension(LAYER, default=None)


class FigureFinder:
    """The spaCy component: finds figures in `doc.text` and stores them in `doc._.figures`."""

    def __init__(self, *, country: str | None = None) -> None:
        self.country = country

    def __call__(self, doc: Doc) -> Doc:
        found = find(doc.text, country=self.country)
        if doc.has_annotation("DEP"):
            found = [measures.add(doc, figure) for figure in found]
        doc._.figures = [figure.plain() for figure in found]
        return doc


@Language.factory(NAME, assigns=["doc._.figures"], default_config={"country": None})
def make_figures(nlp: Language, name: str, country: str | None) -> FigureFinder:  # noqa: ARG001
    """Return the component; `country` (ISO 3166-1) is the publisher's, for shared signs like $."""
    return FigureFinder(country=country)


def rows(doc: Doc, article_id: str) -> list[FigureRow]:
    """Return the rows of the figures that the component stored, in order of the text.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("newsetl_figures")
    >>> [row.unit for row in rows(nlp("It cost £3m, or 4% of sales."), "a1")]
    ['GBP', 'percent']
    """
    text = doc.text  # spaCy builds it anew at each access
    return [_row(figure, text, article_id) for figure in doc._.figures or ()]


def _row(figure: dict[str, Any], text: str, article_id: str) -> FigureRow:
    start, end, group = figure["start"], figure["end"], figure["group"]
    first, last = figure["measures"] or (None, None)
    same = ("kind", "value", "bound", "unit", "currency_from", "per", "change", "role", "modality")
    return FigureRow(
        figure_id=identify("figure", article_id, str(start), str(end), figure["rule"]),
        article_id=article_id,
        start_char=start,
        end_char=end,
        text=text[start:end],
        value_low=figure["low"],
        value_high=figure["high"],
        measures=None if first is None else text[first:last],
        measures_start_char=first,
        measures_end_char=last,
        group_id=None if group is None else identify("group", article_id, str(group)),
        rule=figure["rule"],
        **{name: figure[name] for name in same},
    )
