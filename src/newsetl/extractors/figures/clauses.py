"""Subjects and objects of clauses, and whom their pronouns stand for, in a parsed sentence."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Span, Token

from newsetl.extractors.figures import lexicon

NOUNS = frozenset(("NOUN", "PROPN"))
VERBS = frozenset(("VERB", "AUX"))
SUBJECTS = frozenset(("nsubj", "nsubjpass"))
OBJECTS = frozenset(("dobj", "obj", "dative"))
_CHAINED = frozenset(("conj", "xcomp", "advcl", "ccomp", "pcomp", "acomp"))
"""How a clause hangs on one whose subject it shares, if it has none itself."""
_RELATIVE = frozenset(("which", "who", "that"))
_PERSONAL = frozenset(("he", "she", "his", "her"))
_OTHERS = frozenset(("it", "its", "they", "their"))
_BODIES = lexicon.WORDS["bodies"]
_EMPTY = lexicon.WORDS["empty_it"]
_LOOKALIKES = lexicon.WORDS["lookalikes"]
_REACH = 4

Mention = Sequence[Any]
"""A name as the names layer stores it: start, end, label, …"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A parsed sentence: `inside` are the tokens of figures, `names` the name that a token is in.

    `offset` is where the text of `doc` starts in the text of the figures.
    """

    doc: Doc
    inside: Set[int]
    names: Mapping[int, Mention]
    offset: int


def span_of(parse: Doc, chars: tuple[int, int], offset: int) -> Span | None:
    """Return the tokens of `parse` that hold `chars` of the text of the figures."""
    return parse.char_span(chars[0] - offset, chars[1] - offset, alignment_mode="expand")


def object_of(preposition: Token) -> Token | None:
    """Return the noun that the preposition leads to."""
    return next(
        (child for child in preposition.children if child.dep_ == "pobj" and child.pos_ in NOUNS),
        None,
    )


def subject_of(sentence: Sentence, verb: Token) -> Token | None:
    """Return the noun that is the subject of the clause, its own or the one it shares."""
    for _ in range(_REACH):
        own = _subjects(sentence, verb)
        if own:
            nouns = [child for child in own if child.pos_ in NOUNS]
            return nouns[-1] if nouns else _antecedent(sentence, own[-1])
        if (missed := _missed(sentence, verb)) is not None:
            return missed
        is_worth = verb.lower_ == "worth" and verb.head != verb
        if is_worth and (before := verb.nbor(-1)).pos_ in NOUNS:  # gold worth £3m
            return before
        if is_worth and verb.head.pos_ in VERBS:
            verb = verb.head
            continue
        if verb.dep_ in ("acl", "relcl", "amod") or is_worth:
            return verb.head if verb.head.pos_ in NOUNS else None
        if verb.head == verb or verb.dep_ not in _CHAINED:
            return None
        verb = verb.head if verb.dep_ != "pcomp" else verb.head.head
    return None


def stands_for(sentence: Sentence, pronoun: Token, verb: Token) -> Token | None:
    """Return the subject of the clause around the one of `verb`, if `pronoun` can mean it.

    "Brask said it would cut 500 jobs", "the council said its costs rose": a body is it, a person is
    he or she. "The minister said it would rain" names none.
    """
    is_clause = False
    for _ in range(_REACH):
        is_clause = is_clause or (verb.dep_ in ("ccomp", "advcl") and verb.head.pos_ in VERBS)
        if verb.head == verb or not (is_clause or verb.dep_ in ("conj", "xcomp")):
            return None
        verb = verb.head
        own = [child for child in verb.children if child.dep_ in SUBJECTS]
        if is_clause and own:
            found = own[-1]
            if found.pos_ not in NOUNS or found.i > pronoun.i:
                return None
            return found if _agree(sentence, pronoun, found) else None
    return None


def _subjects(sentence: Sentence, verb: Token) -> list[Token]:
    """Return the subjects of `verb` outside figures: of "the van, 16 feet, is" the van."""
    own = [child for child in verb.children if child.dep_ in SUBJECTS]
    outside = [child for child in own if child.i not in sentence.inside]
    if outside or not own:
        return outside
    named = [child for child in own[-1].lefts if child.dep_ in ("compound", "nmod")]
    return [child for child in named if child.pos_ in NOUNS and child.i not in sentence.inside]


def _missed(sentence: Sentence, verb: Token) -> Token | None:
    """Return the noun that opens the clause of `verb` where the parse hangs it elsewhere.

    In "sales rose 3% and the margin of it was 4%" a parser may join the margin to the 3%.
    """
    opener = _opener(verb)
    helpers = [child.i for child in verb.lefts if child.dep_ in ("aux", "auxpass", "neg", "advmod")]
    if opener is None:
        return None
    words = list(verb.doc[opener + 1 : min([verb.i, *helpers])])
    nouns = [word for word in words if word.pos_ in NOUNS and word.i not in sentence.inside]
    nouns = [word for word in nouns if not is_time(word)]
    if not nouns or words[0].pos_ == "ADP":
        return None
    places = {word.i for word in words}
    top = [word for word in nouns if word.head.i not in places]
    return top[0] if top else nouns[-1]


def _opener(verb: Token) -> int | None:
    """Return the "and" or "while" that opens the clause of `verb`."""
    if verb.dep_ == "conj":
        before = verb.doc[verb.head.i + 1 : verb.i]
        return max((word.i for word in before if word.dep_ == "cc"), default=None)
    return next((child.i for child in verb.lefts if child.dep_ == "mark"), None)


def unverbed(noun: Token) -> Token:
    """Return the noun before `noun`, if the tagger takes a verb for a noun: the van costs £3."""
    is_verb = noun.lower_ in _LOOKALIKES and noun.i + 1 < len(noun.doc)
    is_verb = is_verb and noun.nbor(1).pos_ in ("NUM", "SYM", "ADP", "ADV")
    parts = [child for child in noun.lefts if child.dep_ in ("compound", "nsubj", "nmod")]
    return parts[-1] if is_verb and parts and parts[-1].pos_ in NOUNS else noun


def is_time(noun: Token) -> bool:
    """Return whether `noun` is a month, a day or a unit of time."""
    unit = lexicon.UNITS.get(noun.lower_)
    return noun.lower_ in lexicon.MONTHS or (unit is not None and unit.kind == "duration")


def _antecedent(sentence: Sentence, subject: Token) -> Token | None:
    """Return what a subject that is no noun stands for: each of the mills, which, it; or None."""
    verb = subject.head
    for child in subject.rights:
        if child.lower_ == "of" and (found := object_of(child)) is not None:
            return found
    if subject.lower_ in _RELATIVE and verb.dep_ == "relcl":
        return verb.head if verb.head.pos_ in NOUNS else None
    if subject.pos_ == "NUM" and any(child.dep_ == "compound" for child in subject.lefts):
        return subject  # the orla 300
    if subject.lower_ == "it" and verb.lower_ in _EMPTY:
        return None
    return stands_for(sentence, subject, verb)


def _agree(sentence: Sentence, pronoun: Token, noun: Token) -> bool:
    name = sentence.names.get(noun.i)
    if pronoun.lower_ in _PERSONAL:
        return name is not None and name[2] == "PERSON"
    is_body = noun.lower_ in _BODIES if name is None else name[2] != "PERSON"
    return pronoun.lower_ in _OTHERS and is_body
