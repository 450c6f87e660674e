"""What a figure is of, by the syntax of its sentence; only on a parsed Doc."""

from dataclasses import replace

from spacy.tokens import Doc, Token

from newsetl.extractors.figures.figure import Figure

_NOUNS = frozenset(("NOUN", "PROPN", "PRON"))
_MODIFIERS = frozenset(
    ("nummod", "compound", "amod", "quantmod", "nmod", "npadvmod", "poss", "appos")
)
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_KEPT = frozenset(("compound", "amod", "nmod"))
_VERBS = frozenset(("VERB", "AUX"))
_REACH = 8


def add(doc: Doc, figure: Figure) -> Figure:
    """Return `figure` with the noun phrase that it measures, where the parse shows one.

    In order: the noun that the figure modifies (a 2.6GW power plant), the noun before "of" (debts
    of £3bn), the object that changed by it (raised rates by 25bp), the subject (sales rose 3%).
    """
    span = doc.char_span(figure.start, figure.end, alignment_mode="expand")
    if span is None or figure.measures is not None:
        return figure
    noun = _noun(span.root, (span.start, span.end))
    if noun is None:
        return figure
    left = [child for child in noun.lefts if child.dep_ in _KEPT and child.i >= span.end]
    left = left or [c for c in noun.lefts if c.dep_ in _KEPT and noun.i < span.start]
    first = min([noun, *left], key=lambda token: token.i)
    return replace(figure, measures=(first.idx, noun.idx + len(noun)))


def _noun(root: Token, inside: tuple[int, int]) -> Token | None:
    of = _after_of(root, inside)
    if of is not None:
        return of
    token = root
    for _ in range(_REACH):
        head = token.head
        if head is token:
            return _subject(token, inside)
        if _is_outside(head, inside):
            if token.dep_ in _MODIFIERS and head.pos_ in _NOUNS:
                return head
            if head.lower_ == "of" and head.head.pos_ in _NOUNS and _is_outside(head.head, inside):
                return head.head
            if head.pos_ in _VERBS:
                return _of_verb(head, token, inside)
        token = head
    return None


def _after_of(root: Token, inside: tuple[int, int]) -> Token | None:
    """Return the noun after "of" or "in" right after the figure: half of the town."""
    for child in root.children:
        if child.lower_ == "of" and child.i == inside[1]:
            return next((noun for noun in child.children if noun.dep_ == "pobj"), None)
    return None


def _of_verb(verb: Token, below: Token, inside: tuple[int, int]) -> Token | None:
    """Return the object of the verb where the figure is not it, else the subject."""
    for child in verb.children:
        is_object = child.dep_ in ("dobj", "obj") and child.pos_ in _NOUNS
        if is_object and below.dep_ == "prep" and _is_outside(child, inside):
            return child
    return _subject(verb, inside)


def _subject(verb: Token, inside: tuple[int, int]) -> Token | None:
    for _ in range(3):
        for child in verb.children:
            if child.dep_ in _SUBJECTS and _is_outside(child, inside) and child.pos_ != "PRON":
                return child
        if verb.dep_ not in ("conj", "xcomp", "advcl", "ccomp", "acl") or verb.head is verb:
            return None
        if verb.dep_ == "acl":
            return verb.head if verb.head.pos_ in _NOUNS else None
        verb = verb.head
    return None


def _is_outside(token: Token, inside: tuple[int, int]) -> bool:
    return not inside[0] <= token.i < inside[1]
