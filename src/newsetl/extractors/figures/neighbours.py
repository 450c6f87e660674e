"""Figures that are of the same as the one before them, or stand in a list with it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Token

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.clauses import NOUNS, Sentence, span_of
from newsetl.extractors.figures.figure import Figure

_LINKS = frozenset(("by", "to", "at", "up", "down"))
_LONGEST = 8
_FARTHEST = 400
"""Characters between two figures of one thing."""
_SHARED = re.compile(
    r"""
    \s* (?: ,? \s* (?: or | compared\ with | compared\ to | against | versus | vs )
       | [(\[]
       | ,? \s* (?:up|down) (?:\s+from)?
       | to | \S{0,9} \s+ to
    ) \s* (?: \S+ \s* ){0,2}
    """,
    re.VERBOSE,
)
"""What stands between a figure and another of the same thing: £3m ($4m); 9p, or 4%; 3% to 40p."""

_BACK = re.compile(
    r".*,\s+(?:(?:up|down)\s+(?:\w+ly\s+)?from|compared\s+(?:with|to))\s*"
    r"(?:(?:about|around|just|only|nearly|almost|some|over|an?|the|[$£€])\s*){0,2}",
    re.DOTALL,
)
"""What leads to an earlier level of the figure before: 62% of voters back it, up from 47%."""


def same(sentence: Sentence, before: Figure, figure: Figure) -> Figure | None:
    """Return `figure` with what `before` measures, if both state one thing; or None.

    After a count, what is counted is not it but whose the count is: 500 posts, or 3%.
    """
    if before.measures is None or figure.start < before.end:
        return None
    is_before = before.measures[1] <= figure.start and before.measures[0] >= before.end
    first = before.measures[1] if is_before else before.end
    between = sentence.doc.text[first - sentence.offset : figure.start - sentence.offset]
    if len(between) > _FARTHEST:
        return None
    is_end = figure.group is not None and figure.group == before.group
    is_end = is_end or (figure.kind == before.kind and _BACK.fullmatch(between) is not None)
    is_one = figure.change in (before.change, None) and _SHARED.fullmatch(between)
    if not is_end and not is_one:
        return None
    if is_end or not is_before or before.kind != "count":
        of = before.measures, before.owner, before.entity
        return replace(figure, measures=of[0], owner=of[1], entity=of[2])
    if before.owner is None or figure.kind == "count":
        return None
    return replace(figure, measures=before.owner, entity=before.entity)


def listed(sentence: Sentence, before: Figure, figure: Figure) -> Figure | None:
    """Return `figure` with the bare noun between `before` and it: Brask rose 3%, Tarn by 4%."""
    first = span_of(sentence.doc, (before.start, before.end), sentence.offset)
    last = span_of(sentence.doc, (figure.start, figure.end), sentence.offset)
    if first is None or last is None or figure.kind != before.kind:
        return None
    words = list(sentence.doc[first.end : last.start])
    if not words or words[0].lower_ not in (",", "and", ";"):
        return None
    named = _noun_phrase(words)
    if not named:
        return None
    start, end = named[0].idx, named[-1].idx + len(named[-1])
    name = next((sentence.names[word.i] for word in named if word.i in sentence.names), None)
    return replace(
        figure,
        measures=(start + sentence.offset, end + sentence.offset),
        entity=None if name is None else (name[0], name[1]),
    )


def _noun_phrase(words: Sequence[Token]) -> Sequence[Token]:
    """Return the noun phrase that `words` are, but for what links them to their neighbours."""
    first, last = 0, len(words)
    while first < last and (words[first].is_punct or words[first].lower_ in ("and", "the")):
        first += 1
    while first < last and (
        words[last - 1].lower_ in _LINKS or words[last - 1].pos_ in ("ADV", "SYM")
    ):
        last -= 1
    inner = words[first:last]
    if not inner or len(inner) > _LONGEST or inner[-1].lower_ in lexicon.MONTHS:
        return ()
    others = [word for word in inner if word.pos_ not in NOUNS and word.text not in "-&"]
    is_phrase = inner[-1].pos_ in NOUNS and all(word.pos_ in ("ADJ", "CCONJ") for word in others)
    return inner if is_phrase else ()
