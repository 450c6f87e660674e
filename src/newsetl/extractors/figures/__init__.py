"""Figures: every quantity that an article states, normalised, as rows and as a spaCy component.

    lexer       text → tokens; numbers in digits, words, marks
    masks       what holds digits and is no figure: dates, times, scores, names …
    numerals    tokens → numbers with their scale words
    quantities  numbers with sign, currency, unit and rate
    pairs       two quantities that are one range, ratio, composite or from–to pair
    counts      numbers without a unit: counts, ages, shares, and which are no figure
    publisher   the publisher's country, from an address
    resolve     shared signs: whose dollar, pound of money or weight, which degree
    context     bound, direction of change, certainty
    grammar     find(text): all of it together, on plain text
    measures    what a figure is of, on a parsed Doc
    clauses     subjects, objects and pronouns of a parsed sentence
    phrases     where a noun phrase starts and ends
    owners      whose the measured noun is, and its name
    neighbours  figures that are of the same as the one before
    explaining  why a span is a figure, or none

The component writes plain numbers and strings to `doc._.figures`, so that they survive
`n_process=2`, `to_bytes` and `DocBin(store_user_data=True)`. It needs no other component. What a
figure measures takes a parse: on a doc that is parsed the component uses that; where the pipeline
holds a parser that is switched off, it runs it on the sentences that need it; else it stays open.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from newsetl.extractors import names
from newsetl.extractors.figures import measures
from newsetl.extractors.figures.explaining import explain
from newsetl.extractors.figures.figure import Figure
from newsetl.extractors.figures.grammar import find
from newsetl.extractors.figures.row import FigureRow
from newsetl.model import identify
from newsetl.pipes import texts
from newsetl.pipes.syntax import MAX_TOKENS, Syntax

__all__ = [
    "LAYER",
    "ROW",
    "Figure",
    "FigureFinder",
    "FigureRow",
    "explain",
    "find",
    "make_figures",
    "mark_country",
    "rows",
]

LAYER = "figures"
COMPONENT = "newsetl_figures"
NEEDS = ("sentences", "mentions")
ROW = FigureRow

if not Doc.has_extension(LAYER):
    Doc.set_extension(LAYER, default=None)
if not Doc.has_extension("newsetl_country"):
    Doc.set_extension("newsetl_country", default=None)


def mark_country(doc: Doc, code: str | None) -> None:
    """Tell the component the country (ISO 3166-1) of the publisher of `doc`."""
    doc._.newsetl_country = code


class FigureFinder:
    """The spaCy component: finds figures in `doc.text` and stores them in `doc._.figures`."""

    def __init__(self, nlp: Language, *, country: str | None = None) -> None:
        self.nlp = nlp
        self.country = country

    def __call__(self, doc: Doc) -> Doc:
        [done] = self.pipe([doc])
        return done

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 16) -> Iterator[Doc]:
        """Yield each doc with its figures; the sentences of a batch are parsed together."""
        syntax = Syntax.of(self.nlp)
        upcoming = iter(stream)
        while docs := list(islice(upcoming, batch_size)):
            found = [
                find(texts.of(doc), country=doc._.newsetl_country or self.country) for doc in docs
            ]
            for doc, figures in zip(docs, _measured(docs, found, syntax), strict=True):
                doc._.figures = [figure.plain() for figure in figures]
                yield doc


def _measured(
    docs: Sequence[Doc], found: list[list[Figure]], syntax: Syntax | None
) -> list[list[Figure]]:
    """Return the figures of each doc with what they measure, as far as a parse can be had."""
    needing: list[tuple[int, Span, range]] = []
    for index, (doc, figures) in enumerate(zip(docs, found, strict=True)):
        if doc.has_annotation("DEP"):
            found[index] = measures.add(doc, figures, doc._.mentions)
        elif syntax is not None and figures and doc.has_annotation("SENT_START"):
            needing += [(index, *item) for item in _needing(doc, figures)]
    if syntax is not None and needing:
        parses = syntax.parse([sentence for _, sentence, _ in needing])
        for (index, sentence, which), parse in zip(needing, parses, strict=True):
            figures = found[index][which.start : which.stop]
            done = measures.add(parse, figures, docs[index]._.mentions, offset=sentence.start_char)
            found[index][which.start : which.stop] = done
    return found


def _needing(doc: Doc, figures: Sequence[Figure]) -> Iterator[tuple[Span, range]]:
    """Yield the sentences with a figure that a parse may tell more of, and which figures it has."""
    first = 0
    names_at = sorted(mention[0] for mention in doc._.mentions)
    for sentence in doc.sents:
        last = first
        while last < len(figures) and figures[last].end <= sentence.end_char:
            last += 1
        own = figures[first:last]
        is_open = any(figure.measures is None for figure in own)
        if own and not is_open:
            first = bisect_left(names_at, sentence.start_char)
            is_open = first < bisect_left(names_at, sentence.end_char)
        if is_open and len(sentence) <= MAX_TOKENS:
            yield sentence, range(first, last)
        first = last
        if first >= len(figures):
            return


@Language.factory(COMPONENT, assigns=["doc._.figures"], default_config={"country": None})
def make_figures(nlp: Language, name: str, country: str | None) -> FigureFinder:  # noqa: ARG001
    """Return the component; `country` (ISO 3166-1) is the publisher's, for shared signs like $."""
    return FigureFinder(nlp, country=country)


def rows(doc: Doc, article_id: str) -> list[FigureRow]:
    """Return the rows of the figures that the component stored, in order of the text.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("newsetl_figures")
    >>> [row.unit for row in rows(nlp("It cost £3m, or 4% of sales."), "a1")]
    ['GBP', 'percent']
    """
    text = texts.of(doc)
    figures = doc._.figures or ()
    known: dict[tuple[int, int], str | None] = {}
    if any(figure["entity"] for figure in figures):
        entity_ids = names.entity_ids_of(doc, article_id)
        mentions = zip(doc._.mentions, entity_ids, strict=True)
        known = {(start, end): entity for (start, end, *_), entity in mentions}
    return [_row(figure, text, article_id, known) for figure in figures]


def _row(
    figure: dict[str, Any], text: str, article_id: str, known: dict[tuple[int, int], str | None]
) -> FigureRow:
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
        entity_id=known.get(figure["entity"] and tuple(figure["entity"])),
        group_id=None if group is None else identify("group", article_id, str(group)),
        rule=figure["rule"],
        **{name: figure[name] for name in same},
    )
