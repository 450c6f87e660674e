"""Whose a measured noun is, and which name that is."""

from spacy.tokens import Token

from newsetl.extractors.figures.clauses import (
    NOUNS,
    SUBJECTS,
    VERBS,
    Sentence,
    object_of,
    stands_for,
    subject_of,
    unverbed,
)
from newsetl.extractors.figures.phrases import ATTRIBUTES

_SHARES_IN = dict.fromkeys(("share", "shares", "stake", "stock", "holding"), ("in",))
_INNER = frozenset(("at", "with"))
"""Prepositions that keep a noun with the subject of its verb: trades at a discount, comes with."""
_REACHED = frozenset(("to", "by", *_INNER))
"""… and a count: grew by 90 posts, narrowed to 900 lots."""
_REACH = 8


def owner_of(sentence: Sentence, noun: Token, start: Token, *, is_counted: bool) -> Token | None:
    """Return whose `noun` is: its possessor, or the subject of the clause that it is in.

    The clause is sought from `start`: the noun, or the figure where that comes before the noun.
    """
    token = start
    for _ in range(_REACH):
        for child in noun.children if token == start else token.children:
            if child.dep_ == "poss" and child.pos_ in NOUNS:
                return _outside(sentence, child)
        head = token.head
        if token.dep_ in SUBJECTS or head == token:
            return _possessor(sentence, noun, head)
        is_part = token.dep_ == "appos" or (is_counted and token.dep_ in ATTRIBUTES)
        if is_part and noun == token:  # Brask, a 12-page report
            return _outside(sentence, head)
        if head.pos_ in VERBS:
            subject = subject_of(sentence, head) if _is_inner(token, is_counted) else None
            return None if subject is None or subject == noun else unverbed(subject)
        if token.dep_ == "prep" and token.lower_ == "with":
            return _outside(sentence, head)
        if token.dep_ == "prep" and token.lower_ not in ("of", "at"):
            return None
        token = head
    return None


def _is_inner(token: Token, is_counted: bool) -> bool:  # noqa: FBT001 - a private step
    """Return whether what hangs on a verb by `token` belongs to the subject of the verb."""
    if token.dep_ == "npadvmod":
        return is_counted
    if token.dep_ in ("prep", "advmod"):
        return token.lower_ in (_REACHED if is_counted else _INNER)
    return True


def _outside(sentence: Sentence, noun: Token) -> Token | None:
    return noun if noun.pos_ in NOUNS and noun.i not in sentence.inside else None


def _possessor(sentence: Sentence, noun: Token, verb: Token) -> Token | None:
    """Return whom "its" before `noun` means, if the clause around names them."""
    for child in noun.lefts:
        if child.dep_ == "poss":
            return stands_for(sentence, child, verb)
    return None


def name_of(sentence: Sentence, noun: Token, owner: Token | None) -> tuple[int, int] | None:
    """Return the name that the figure belongs to: the owner, the noun itself, or part of either.

    "Brask lost 3%", "Brask shares", "Brask's sales", "shares of Brask"; not "sales in Norway", nor
    "the sales of Brask's owner".
    """
    for token in (owner, noun):
        if token is None:
            continue
        parts = [child for child in token.lefts if child.dep_ in ATTRIBUTES]
        links = () if token is owner else ("of", *_SHARES_IN.get(token.lower_, ()))
        wholes = [
            found
            for child in token.rights
            if child.lower_ in links and (found := object_of(child)) is not None
        ]
        for candidate in (token, *reversed(parts), *wholes):
            if candidate.i in sentence.names:
                start, end, *_ = sentence.names[candidate.i]
                return start, end
    return None


def whole_of(sentence: Sentence, noun: Token) -> Token | None:
    """Return what the counted `noun` is part of: members of the council, a survey of 90 firms."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ in NOUNS:
        return _outside(sentence, noun.head.head)
    for child in noun.rights:
        if child.lower_ == "of" and (found := object_of(child)) is not None:
            return _outside(sentence, found)
    return None
