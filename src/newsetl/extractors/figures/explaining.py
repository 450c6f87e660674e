"""Why a span is a figure, or why a number is none: what `newsetl extract --explain` shows."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from spacy.tokens import Doc

from newsetl.extractors.figures import grammar, lexicon, masks
from newsetl.extractors.figures.lexer import lex
from newsetl.model import Verdict
from newsetl.pipes import texts

_YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}|2100")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[\s-]*$")
_NAME_CHARS = 40
_SAID = ("unit", "bound", "per", "change", "role", "modality", "currency_from")
"""The columns of a figure that its reasons name, where they say something."""


def explain(doc: Doc) -> list[Verdict]:
    """Return each figure of `doc._.figures` with its rule, and each number that is none with why.

    A number is none because a mask holds it, whose rule is named as in `masks.toml`, or because no
    rule reads a quantity there. Verdicts are in order of the text.

    >>> import spacy
    >>> from newsetl.extractors import figures
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("newsetl_figures")
    >>> [(item.kind, item.reasons) for item in explain(nlp("It cost £3m in May 2024."))]
    [('figure', ('money_prefix', 'unit GBP', 'currency_from sign')), ('none', ('date.month_year',))]
    """
    text = texts.of(doc)
    figures: Sequence[dict[str, Any]] = doc._.figures or ()
    verdicts = [
        Verdict(figure["start"], figure["end"], "figure", 1.0, _reasons(figure, text))
        for figure in figures
    ]
    taken = [(figure["start"], figure["end"]) for figure in figures]
    vetoes = list(_vetoes(text))
    for start, end in grammar.numbers(text):
        if any(first < end and start < last for first, last in taken):
            continue
        held = [(first, last, why) for first, last, why in vetoes if first < end and start < last]
        spans = held or [(start, end, _unheld(text, start, end))]
        first, last = min(item[0] for item in spans), max(item[1] for item in spans)
        reasons = tuple(dict.fromkeys(item[2] for item in spans))
        verdicts.append(Verdict(first, last, "none", 1.0, reasons))
        taken.append((first, last))
    return sorted(verdicts, key=lambda verdict: (verdict.start, verdict.end))


def _reasons(figure: dict[str, Any], text: str) -> tuple[str, ...]:
    said = [f"{name} {figure[name]}" for name in _SAID if figure[name] not in (None, "=")]
    measures = [f"measures {text[slice(*figure['measures'])]!r}"] if figure["measures"] else []
    owner = [f"of {text[slice(*figure['owner'])]!r}"] if figure["owner"] else []
    return (figure["rule"], *said, *measures, *owner)


def _unheld(text: str, start: int, end: int) -> str:
    """Return what the number at [start, end) looks like, if no mask holds it."""
    if _YEAR.fullmatch(text[start:end]):
        return "written as a year"
    before = _WORD_BEFORE.search(text, max(0, start - _NAME_CHARS), start)
    if before and (before[1].casefold() in lexicon.LABELS or before[1][:1].isupper()):
        return f"part of a name or reference: {before[1]}"
    return "counts and measures nothing that is named"


def _vetoes(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the span and the name of every rule that masks something."""
    for mask in masks.find(text, lex(text)):
        yield mask.start, mask.end, f"{mask.kind}.{mask.name}"
