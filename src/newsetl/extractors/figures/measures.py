"""What a figure is of and whose it is, by the syntax of its sentence.

Two noun phrases: what is measured ("60% of its market cap": market cap) and the one it belongs to
(the possessor of that, or the subject of its clause). Neither is guessed: a pronoun names nothing,
unless the clause around it says who is meant.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from newsetl.extractors.figures import lexicon, neighbours, phrases
from newsetl.extractors.figures.clauses import (
    NOUNS,
    OBJECTS,
    SUBJECTS,
    VERBS,
    Mention,
    Sentence,
    is_time,
    object_of,
    span_of,
    subject_of,
    unverbed,
)
from newsetl.extractors.figures.figure import Figure
from newsetl.extractors.figures.owners import name_of, owner_of, whole_of

_MODIFIERS = frozenset(
    ("nummod", "compound", "amod", "quantmod", "nmod", "npadvmod", "poss", "appos", "advmod")
)
_ADVERBIAL = frozenset(("prep", "npadvmod", "advmod"))
_SPENDING = lexicon.WORDS["spending"]
_SHIFTING = lexicon.WORDS["shifting"]
_AGGREGATES = lexicon.WORDS["aggregates"]
_PASSED = lexicon.WORDS["passed"]
_PRICED = frozenset(("for", "on", "in", "into"))
_SHIFTED = frozenset(("to", "from", "off"))
_REACH = 8
_LONGEST_BRACKET = 8
_BOUNDING = frozenset(("ADV", "ADJ", "DET", "SYM"))
_LONGEST_BOUND = 4
"""Words from "of" to a figure and what bounds it: of just over £3m."""


def add(
    parse: Doc, figures: Sequence[Figure], mentions: Sequence[Mention] = (), *, offset: int = 0
) -> list[Figure]:
    """Return `figures` with the words that each measures and those of its owner, where it shows.

    `mentions` are the names of the text, in order. `offset` is where the text of `parse` starts in
    the text of the figures. The noun measured is, in order: the one after the figure (60% of sales,
    £3m in fees), the one that the figure modifies (a 2.6GW power plant), the one before "of" (debts
    of £3bn), what was paid for, the object that changed by it (raised rates by 25bp), the subject
    (sales rose 3%). A counted noun is known without a parse. A figure that says the last one again,
    or its other end, is of the same; one after a bare noun in a list is of that (Tarn by 4%).
    """
    spans = [span_of(parse, (figure.start, figure.end), offset) for figure in figures]
    inside = frozenset(token.i for span in spans if span is not None for token in span)
    sentence = Sentence(parse, inside, _names(parse, mentions, inside, offset), offset)
    done: list[Figure] = []
    for figure, span in zip(figures, spans, strict=True):
        before = done[-1] if done else None
        if span is None:
            done.append(figure)
        else:
            done.append(_measured(sentence, figure, span, before))
    return done


def _measured(sentence: Sentence, figure: Figure, span: Span, before: Figure | None) -> Figure:
    after = None if figure.measures else _after(sentence, figure, span)
    if after is None and before is not None and not figure.measures:
        found = neighbours.same(sentence, before, figure) or neighbours.listed(
            sentence, before, figure
        )
        if found is not None:
            return found
    return _with_nouns(sentence, figure, span, after)


def _names(
    parse: Doc, mentions: Sequence[Mention], inside: Set[int], offset: int
) -> dict[int, Mention]:
    """Return token → the name that it is in; what is in a figure names nothing."""
    named: dict[int, Mention] = {}
    behind = offset + len(parse.text)
    for mention in mentions:
        start, end, *_ = mention
        if start >= offset and end <= behind:
            span = span_of(parse, (start, end), offset)
            named |= {token.i: mention for token in span or () if token.i not in inside}
    return named


def _with_nouns(sentence: Sentence, figure: Figure, span: Span, after: Token | None) -> Figure:
    counted = figure.measures and span_of(span.doc, figure.measures, sentence.offset)
    if counted is not None:
        own = frozenset(token.i for token in counted if token.dep_ != "poss")
        sentence = replace(sentence, inside=sentence.inside | own)
        noun: Token | None = counted.root
    else:
        noun = after or _before_of(sentence, figure, span) or _noun(sentence, figure, span.root)
        noun = noun and unverbed(noun)
    if noun is None:
        return figure
    start = noun if after is None else span.root
    owner = owner_of(sentence, noun, start, is_counted=counted is not None)
    if owner is None and counted is not None:
        owner = whole_of(sentence, noun)
    return replace(
        figure,
        measures=figure.measures or phrases.chars(sentence, noun),
        owner=None if owner is None else phrases.chars(sentence, owner),
        entity=name_of(sentence, noun, owner),
    )


def _after(sentence: Sentence, figure: Figure, span: Span) -> Token | None:
    """Return the noun that follows: 60% of sales, £3m in fees, 20% off shoes, £3m worth of shares.

    A bracket may stand before it: 6 miles (10km) of canal.
    """
    doc = span.doc
    at = span.end
    if at < len(doc) and doc[at].text == "(":
        closes = (i for i in range(at, min(at + _LONGEST_BRACKET, len(doc))) if doc[i].text == ")")
        at = next(closes, at) + 1
    if at + 1 < len(doc) and doc[at].lower_ == "worth" and doc[at + 1].lower_ == "of":
        at += 1
    if at >= len(doc):
        return None
    word = doc[at]
    is_part = word.lower_ == "of" or (word.lower_ == "off" and figure.kind in ("money", "percent"))
    found = object_of(word) if is_part or word.lower_ == "in" else None
    if found is None or found.i in sentence.inside or is_part:
        return None if found is None or found.i in sentence.inside else found
    is_kind = figure.kind == "money" and found.tag_ in ("NN", "NNS") and found.i > at
    is_whole = found.lower_ in _AGGREGATES or found.lower_ in lexicon.UNITS
    is_bare = not any(child.dep_ in ("det", "poss", "nummod") for child in found.lefts)
    return found if is_kind and is_bare and not is_whole else None


def _before_of(sentence: Sentence, figure: Figure, span: Span) -> Token | None:
    """Return the noun before "of" or "of about" and the figure, whatever the parse makes of it."""
    at = span.start - 1
    while at > 1 and span.start - at < _LONGEST_BOUND and span.doc[at].pos_ in _BOUNDING:
        at -= 1
    is_attribute = span.end < len(span.doc) and span.doc[span.end].pos_ in (*NOUNS, "ADJ")
    if at < 1 or span.doc[at].lower_ != "of" or is_attribute:
        return None
    noun = span.doc[at - 1]
    is_free = noun.pos_ in NOUNS and noun.i not in sentence.inside
    return noun if is_free and not _is_passed(figure, noun, span.root, span.root) else None


def _noun(sentence: Sentence, figure: Figure, root: Token) -> Token | None:
    """Return the noun that the figure with `root` measures, or None."""
    inside = sentence.inside
    token = root
    for _ in range(_REACH):
        head = token.head
        if head == token:
            return subject_of(sentence, token)
        if head.i not in inside:
            above = head.head if head.pos_ == "ADP" else head
            is_part = above != head or token.dep_ in _MODIFIERS
            is_part = is_part or (token.dep_ == "prep" and token.i in inside)  # of 3C to 5C
            if is_part and above.pos_ in NOUNS and above.i not in inside:
                if not _is_passed(figure, above, token, root):
                    return _compound(sentence, above)
                token = above
                continue
            if _is_predicate(head):
                return _of_verb(sentence, figure, head, token)
        token = head
    return None


def _is_passed(figure: Figure, noun: Token, below: Token, root: Token) -> bool:
    """Return whether `noun` is none to measure: 3% in May, a record £3m, the age of 7, a year."""
    is_record = noun.lower_ == "record" and noun.i < root.i
    is_age = noun.lower_ in ("age", "ages") and figure.kind == "age"
    is_when = is_time(noun) and (below.dep_ != "appos" or noun.lower_ in lexicon.MONTHS)
    return is_when or is_record or is_age or noun.lower_ in _PASSED


def _compound(sentence: Sentence, noun: Token) -> Token:
    """Return the last noun of the compound that `noun` opens: a £90 slate garden table."""
    while noun.dep_ in ("compound", "nmod") and noun.head.i > noun.i and noun.head.pos_ in NOUNS:
        if noun.head.i in sentence.inside:
            break
        noun = noun.head
    return noun


def _is_predicate(token: Token) -> bool:
    return (
        token.pos_ in VERBS
        or token.lower_ == "worth"
        or any(child.dep_ in SUBJECTS for child in token.children)
    )


def _of_verb(sentence: Sentence, figure: Figure, verb: Token, below: Token) -> Token | None:
    """Return what was paid for, the object of the verb if the figure is not it, or the subject.

    The verb of a price is told by its form, as no lemmas are at hand.
    """
    if below.dep_ in SUBJECTS and below.i in sentence.inside:
        return next((t for t in verb.rights if t.dep_ == "attr" and t.pos_ in NOUNS), None)
    if below.dep_ in OBJECTS and figure.kind != "duration":
        if verb.lower_ in _SPENDING and (found := _prepositional(below, verb, _PRICED)):
            return found
        if verb.lower_ in _SHIFTING and (found := _prepositional(below, verb, _SHIFTED)):
            return None if found.i in sentence.inside else found
    if below.dep_ in _ADVERBIAL and figure.kind not in ("duration", "age"):
        for child in verb.children:
            is_free = child.dep_ in OBJECTS and child.i not in sentence.inside
            if is_free and child.pos_ in NOUNS:
                return child
    return subject_of(sentence, verb)


def _prepositional(below: Token, verb: Token, links: frozenset[str]) -> Token | None:
    for child in (*below.rights, *verb.rights):
        is_link = child.i > below.i and child.dep_ == "prep" and child.lower_ in links
        found = object_of(child) if is_link else None
        if found is not None and not is_time(found):
            return found
    return None
