"""What a figure is of and whose it is, by the syntax of its sentence.

Two noun phrases: what is measured ("60% of its market cap": market cap) and the one it belongs to
(the possessor of that, or the subject of its clause). Neither is guessed: a pronoun names nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from spacy.tokens import Doc, Span, Token

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.figure import Figure

_NOUNS = frozenset(("NOUN", "PROPN"))
_VERBS = frozenset(("VERB", "AUX"))
_MODIFIERS = frozenset(
    ("nummod", "compound", "amod", "quantmod", "nmod", "npadvmod", "poss", "appos", "advmod")
)
_ATTRIBUTES = frozenset(("compound", "amod", "nmod"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass"))
_OBJECTS = frozenset(("dobj", "obj", "dative"))
_CHAINED = frozenset(("conj", "xcomp", "advcl", "ccomp", "pcomp"))
"""How a clause hangs on one whose subject it shares, if it has none itself."""
_PARTS = frozenset(("of", "in", "for", "at", "on", "to", "from"))
_SPENDING = lexicon.WORDS["spending"]
_PRICED = frozenset(("for", "on", "in", "into"))
_SHARES_IN = dict.fromkeys(("share", "shares", "stake", "stock", "holding"), ("in",))
_REACH = 8
_LONGEST = 12
_SHARED = re.compile(
    r"\s*(?:,?\s*or|[(\[]|,?\s*(?:up|down)(?:\s+from)?|to|\S{0,9}\s+to)\s*(?:\S+\s*){0,2}"
)
"""What stands between a figure and another of the same thing: £3m ($4m); 9p, or 4%; 3% to 40p."""


Mention = Sequence[Any]
"""A name as the names layer stores it: start, end, label, …"""


def add(
    parse: Doc, figures: Sequence[Figure], mentions: Sequence[Mention] = (), *, offset: int = 0
) -> list[Figure]:
    """Return `figures` with the words that each measures and those of its owner, where it shows.

    `mentions` are the names of the text, in order. `offset` is where the text of `parse` starts in
    the text of the figures. The noun measured is, in order: the one after "of" (60% of sales), the
    one that the figure modifies (a 2.6GW power plant), the one before "of" (debts of £3bn), what
    was paid for, the object that changed by it (raised rates by 25bp), the subject (sales rose 3%).
    A counted noun is known without a parse. A figure that says the last one again, or its other
    end, is of the same.
    """
    spans = [_span(parse, (figure.start, figure.end), offset) for figure in figures]
    inside = {token.i for span in spans if span is not None for token in span}
    named = _named(parse, mentions, offset)
    done: list[Figure] = []
    for figure, span in zip(figures, spans, strict=True):
        before = done[-1] if done else None
        if span is None:
            done.append(figure)
        elif before is not None and _shares(parse, before, figure, offset):
            of = before.measures, before.owner, before.entity
            done.append(replace(figure, measures=of[0], owner=of[1], entity=of[2]))
        else:
            done.append(_with_nouns(figure, span, inside, named, offset))
    return done


def _span(parse: Doc, chars: tuple[int, int], offset: int) -> Span | None:
    return parse.char_span(chars[0] - offset, chars[1] - offset, alignment_mode="expand")


def _shares(parse: Doc, before: Figure, figure: Figure, offset: int) -> bool:
    if figure.measures is not None or before.measures is None or figure.start < before.end:
        return False
    if figure.group is not None and figure.group == before.group:
        return True
    between = parse.text[before.end - offset : figure.start - offset]
    same = figure.change == before.change or figure.change is None
    return same and before.kind != "count" and bool(_SHARED.fullmatch(between))


def _named(parse: Doc, mentions: Sequence[Mention], offset: int) -> dict[int, tuple[int, int]]:
    """Return token → the name that it is in."""
    named: dict[int, tuple[int, int]] = {}
    behind = offset + len(parse.text)
    for start, end, *_ in mentions:
        if start >= offset and end <= behind:
            span = _span(parse, (start, end), offset)
            named |= {token.i: (start, end) for token in span or ()}
    return named


def _with_nouns(
    figure: Figure, span: Span, inside: set[int], named: dict[int, tuple[int, int]], offset: int
) -> Figure:
    counted = None if figure.measures is None else _span(span.doc, figure.measures, offset)
    if counted is not None:
        inside = inside | {token.i for token in counted}
    noun = _noun(span.root, inside, span.end) if counted is None else counted.root
    if noun is None:
        return figure
    owner = _owner(noun, inside) or (None if counted is None else _whole(noun, inside))
    return replace(
        figure,
        measures=figure.measures or _phrase(noun, inside, offset),
        owner=None if owner is None else _phrase(owner, inside, offset),
        entity=_entity(noun, owner, named),
    )


def _entity(
    noun: Token, owner: Token | None, named: dict[int, tuple[int, int]]
) -> tuple[int, int] | None:
    """Return the name that the figure belongs to: the owner, the noun itself, or part of either.

    "Brask lost 3%", "Brask shares", "Brask's sales", "shares of Brask"; not "sales in Norway", nor
    "the sales of Brask's owner".
    """
    for token in (owner, noun):
        if token is None:
            continue
        parts = [child for child in token.lefts if child.dep_ in _ATTRIBUTES]
        links = () if token is owner else ("of", *_SHARES_IN.get(token.lower_, ()))
        wholes = [
            found
            for child in token.rights
            if child.lower_ in links and (found := _object(child)) is not None
        ]
        for candidate in (token, *reversed(parts), *wholes):
            if candidate.i in named:
                return named[candidate.i]
    return None


def _noun(root: Token, inside: set[int], end: int) -> Token | None:
    """Return the noun that the figure with `root` measures, or None."""
    if (after := _after_of(root, end)) is not None:
        return after
    token = root
    for _ in range(_REACH):
        head = token.head
        if head is token:
            return _subject(token, inside)
        if head.i not in inside:
            if token.dep_ in _MODIFIERS and head.pos_ in _NOUNS:
                return head
            if head.pos_ == "ADP" and head.head.pos_ in _NOUNS and head.head.i not in inside:
                return head.head
            if _is_predicate(head):
                return _of_verb(head, token, inside)
        token = head
    return None


def _is_predicate(token: Token) -> bool:
    return (
        token.pos_ in _VERBS
        or token.lower_ == "worth"
        or any(child.dep_ in _SUBJECTS for child in token.children)
    )


def _after_of(root: Token, end: int) -> Token | None:
    for child in root.children:
        if child.lower_ == "of" and child.i == end:
            return _object(child)
    return None


def _object(preposition: Token) -> Token | None:
    """Return the noun that the preposition leads to."""
    return next(
        (child for child in preposition.children if child.dep_ == "pobj" and child.pos_ in _NOUNS),
        None,
    )


def _whole(noun: Token, inside: set[int]) -> Token | None:
    """Return what the counted `noun` is part of: members of the council, a survey of 90 firms."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ in _NOUNS:
        above = noun.head.head
        return None if above.i in inside else above
    for child in noun.rights:
        if child.lower_ == "of" and (found := _object(child)) and found.i not in inside:
            return found
    return None


def _of_verb(verb: Token, below: Token, inside: set[int]) -> Token | None:
    """Return what was paid for, the object of the verb if the figure is not it, or the subject.

    The verb of a price is told by its form, as no lemmas are at hand.
    """
    if verb.lower_ in _SPENDING and below.dep_ in _OBJECTS:
        for child in (*below.rights, *verb.rights):
            is_price = child.i > below.i and child.dep_ == "prep" and child.lower_ in _PRICED
            if is_price and (found := _object(child)) is not None:
                return found
    if below.dep_ in ("prep", "npadvmod", "advmod"):
        for child in verb.children:
            if child.dep_ in _OBJECTS and child.pos_ in _NOUNS and child.i not in inside:
                return child
    return _subject(verb, inside)


def _subject(verb: Token, inside: set[int]) -> Token | None:
    """Return the noun that is the subject of the clause, its own or the one it shares."""
    for _ in range(4):
        own = [child for child in verb.children if child.dep_ in _SUBJECTS]
        own = [child for child in own if child.i not in inside]
        if own:
            return next((child for child in reversed(own) if child.pos_ in _NOUNS), None) or (
                _antecedent(own[-1])
            )
        if verb.dep_ in ("acl", "relcl", "amod") or (verb.lower_ == "worth" and verb.head != verb):
            return verb.head if verb.head.pos_ in _NOUNS else None
        if verb.head is verb or verb.dep_ not in _CHAINED:
            return None
        verb = verb.head if verb.dep_ != "pcomp" else verb.head.head
    return None


def _antecedent(subject: Token) -> Token | None:
    """Return the noun itself, or what a relative pronoun stands for; another pronoun names none."""
    if subject.pos_ in _NOUNS:
        return subject
    verb = subject.head
    is_relative = subject.lower_ in ("which", "who", "that") and verb.dep_ == "relcl"
    return verb.head if is_relative and verb.head.pos_ in _NOUNS else None


def _owner(noun: Token, inside: set[int]) -> Token | None:
    """Return whose `noun` is: its possessor, or the subject of the clause whose object it is in."""
    token = noun
    for _ in range(_REACH):
        for child in token.children:
            if child.dep_ == "poss" and child.pos_ in _NOUNS and child.i not in inside:
                return child
        head = token.head
        if token.dep_ in _SUBJECTS or head is token:
            return None
        if token.dep_ == "appos" and noun is token:
            return head if head.pos_ in _NOUNS and head.i not in inside else None
        if head.pos_ in _VERBS:
            is_inner = token.dep_ not in ("prep", "npadvmod", "advmod") or token.lower_ == "at"
            subject = _subject(head, inside) if is_inner else None
            return None if subject is noun else subject
        if token.dep_ == "prep" and token.lower_ not in ("of", "with", "at"):
            return None
        token = head
    return None


def _phrase(noun: Token, inside: set[int], offset: int) -> tuple[int, int]:
    """Return the span of `noun` with its attributes and what "of" and its like add to it."""
    first, last = noun.i, noun.i
    for child in reversed(list(noun.lefts)):
        if child.text == "-" and child.i == first - 1:  # e-bikes
            continue
        gap = noun.doc[first - 1].text == "-" and child.right_edge.i == first - 2
        if child.dep_ not in _ATTRIBUTES or not (gap or child.right_edge.i == first - 1):
            break
        if any(index in inside for index in range(child.left_edge.i, child.i + 1)):
            break
        first = child.left_edge.i
    for token in _complement(noun, inside):
        last = token.i
    doc = noun.doc
    return doc[first].idx + offset, doc[last].idx + len(doc[last]) + offset


def _complement(noun: Token, inside: set[int]) -> Iterator[Token]:
    end = noun.i
    for child in noun.rights:
        last = child.right_edge.i
        if child.i == end + 1 == last and child.dep_ == "nummod" and last not in inside:
            yield child
            end = last
            continue
        is_near = child.i == end + 1 and last - noun.i <= _LONGEST
        if child.dep_ != "prep" or child.lower_ not in _PARTS or not is_near:
            return
        if any(index in inside for index in range(child.i, last + 1)):
            return
        yield noun.doc[last]
        end = last
