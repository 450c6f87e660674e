"""Where a noun phrase starts and ends: its attributes, and what "of" and its like add to it."""

from collections.abc import Iterator

from spacy.tokens import Token

from newsetl.extractors.figures.clauses import SUBJECTS, Sentence

ATTRIBUTES = frozenset(("compound", "amod", "nmod"))
_PARTS = frozenset(("of", "in", "for", "at", "on", "to", "from", "between"))
_LONGEST = 12


def chars(sentence: Sentence, noun: Token) -> tuple[int, int]:
    """Return the span of the phrase of `noun`, in the text of the figures, without its article."""
    first, last = _first(sentence, noun), noun.i
    for token in _complement(sentence, noun):
        last = token.i
    doc = noun.doc
    return doc[first].idx + sentence.offset, doc[last].idx + len(doc[last]) + sentence.offset


def _first(sentence: Sentence, noun: Token) -> int:
    first = noun.i
    for child in reversed(list(noun.lefts)):
        if child.text == "-" and child.i == first - 1:  # e-bikes
            continue
        gap = noun.doc[first - 1].text == "-" and child.right_edge.i == first - 2
        if not _is_attribute(child) or not (gap or child.right_edge.i == first - 1):
            break
        held = [at for at in range(child.left_edge.i, child.i + 1) if at in sentence.inside]
        if held:  # a 2.6GW wind farm, where 2.6GW hangs on wind
            is_apart = noun.doc[held[-1] + 1].text != "-"
            return held[-1] + 1 if is_apart and child.i not in held else first
        first = child.left_edge.i
    return _with_twins(sentence, noun, first)


def _is_attribute(child: Token) -> bool:
    """Return whether `child` belongs to its noun; a number does in "TA-25 index", "2018 sales"."""
    if child.dep_ != "nummod":
        return child.dep_ in ATTRIBUTES
    is_alone = child.left_edge.i == child.right_edge.i
    return is_alone and any(map(str.isdigit, child.text))


def _with_twins(sentence: Sentence, noun: Token, first: int) -> int:
    """Return the start with the parts of a name that a parser takes for subjects of their own.

    "Orla 30 Max" and "Lund-Berg" come as two or three subjects of one verb, side by side.
    """
    while first and noun.dep_ in SUBJECTS:
        before = noun.doc[first - 1]
        before = before.head if before.dep_ == "nummod" else before
        is_twin = before.dep_ == noun.dep_ and before.head.i == noun.head.i
        if not is_twin or before.right_edge.i != first - 1:
            return first
        if _holds_figure(sentence, before.i, first - 1):
            return first
        noun, first = before, _first(sentence, before)
    return first


def _complement(sentence: Sentence, noun: Token) -> Iterator[Token]:
    end = noun.i
    for child in noun.rights:
        last = child.right_edge.i
        if child.i == end + 1 == last and child.dep_ == "nummod" and last not in sentence.inside:
            yield child
            end = last
            continue
        if child.text == "/" and child.i == end + 1:
            end = child.i
            continue
        if noun.doc[end].text == "/" and child.left_edge.i == end + 1:  # M&N/KLR 300
            yield child.right_edge
            end = last
            continue
        is_near = child.i == end + 1 and last - noun.i <= _LONGEST
        if child.dep_ != "prep" or child.lower_ not in _PARTS or not is_near:
            return
        if _holds_figure(sentence, child.i, last):
            return
        yield noun.doc[last]
        end = last


def _holds_figure(sentence: Sentence, first: int, last: int) -> bool:
    return any(index in sentence.inside for index in range(first, last + 1))
