"""What is told: the clause that a cue takes, where only part of it stands between marks."""

from spacy.tokens import Token

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.marks import Span
from newsetl.extractors.quotes.sentence import Sentence

_COMPLEMENTS = frozenset("ccomp xcomp dobj oprd acomp attr pobj dep".split())
_ASIDES = frozenset("dobj dative prep advmod npadvmod prt punct agent".split())
_ASIDE_LABELS = frozenset(("parataxis", "ccomp", "advcl"))
_BREAKS = frozenset((",", "—", "–", "-", '"'))
_MOST_ASIDE = 8
_ADJUNCTS = frozenset("in on at during after before when while because as".split())
_AND = frozenset(("and", "or", "but", "nor"))
_SIDE_WORDS = frozenset(
    "which who whom whose where when while although though even after as noting adding saying"
    " citing referring according a an another but".split()
)


def around(sentence: Sentence, cue: Token, first: int, last: int) -> list[Span]:
    """Return the clause of `cue` that holds the tokens `first` to `last`, as first and last tokens.

    It has two parts where the cue is an aside in it: the quay, she said, is "old".
    """
    if cue.i < first and is_aside(cue):
        start, end = cue.head.left_edge.i, max(last, cue.head.right_edge.i)
        left, right = cue.left_edge.i, cue.right_edge.i
        if start < left and right < first:
            end = _up_to_aside(sentence, last, end)
            return [
                _trimmed(sentence, start, left - 1, left - 1, start),
                _trimmed(sentence, right + 1, end, first, last),
            ]
    start, end = _held(cue, first, last) or ((cue.i + 1, last) if cue.i < first else (0, last))
    is_before = cue.i < first
    if is_before and cue.lower_ not in cues.NAME and cue.lower_ != "according":
        start = _behind_cue(cue, first)
    if is_before and end == last and cue.lower_ in cues.SAY:
        end = _rest(sentence, cue, last)
    end = _up_to_aside(sentence, last, end)
    if is_before and (that := _that(sentence, cue, first)) is not None:
        start = max(start, that)
    return [_trimmed(sentence, start, end, first, last)]


def is_aside(cue: Token) -> bool:
    """Return whether a cue with its subject is set between points: the quay, she said, is old."""
    if cue.dep_ not in _ASIDE_LABELS:
        return False
    left, right, doc = cue.left_edge.i, cue.right_edge.i, cue.doc
    is_led = doc[left].text in _BREAKS or (left > 0 and doc[left - 1].text in _BREAKS)
    is_ended = doc[right].is_punct or right + 1 >= len(doc) or doc[right + 1].is_punct
    return is_led and is_ended and right - left < _MOST_ASIDE


def of(sentence: Sentence, cue: Token) -> Span | None:
    """Return first and last token of the clause that a cue takes, or None if it takes none."""
    if cue.lower_ == "according":
        held = _held(cue, cue.head.i, cue.head.i)
        return _trimmed(sentence, *held, cue.head.i, cue.head.i) if held else None
    clause = next((child for child in cue.children if child.dep_ == "ccomp"), None)
    if clause is None or cue.lower_ not in cues.SAY or cue.lower_ in cues.WEAK:
        return None
    first, last = clause.left_edge.i, clause.right_edge.i
    if first <= cue.i <= last:
        return None
    return _trimmed(sentence, first, last, clause.i, clause.i)


def _held(cue: Token, first: int, last: int) -> Span | None:
    """Return first and last token of what the cue takes, if that holds the quoted tokens."""
    if cue.lower_ == "according":
        own = {token.i for token in cue.subtree}
        kept = [token.i for token in cue.head.subtree if token.i not in own]
        holds = bool(kept) and kept[0] <= first and last <= kept[-1]
        return (kept[0], kept[-1]) if holds else None
    held = next(
        (
            child
            for child in cue.children
            if child.left_edge.i <= first and last <= child.right_edge.i
        ),
        None,
    )
    if held is None:
        return None
    start, end = held.left_edge.i, held.right_edge.i
    taken = [child.left_edge.i for child in cue.rights if child.dep_ in _COMPLEMENTS]
    if cue.lower_ in cues.NAME and taken:
        start = min(start, *taken)
        if last + 1 < len(cue.doc) and cue.doc[last + 1].lower_ in _ADJUNCTS:
            end = last
    return start, end


def _behind_cue(cue: Token, first: int) -> int:
    """Return the first token of what is said: behind whom it is said to, how, where and when."""
    start = cue.i + 1
    for child in cue.rights:
        if child.left_edge.i == start and child.right_edge.i < first and child.dep_ in _ASIDES:
            start = child.right_edge.i + 1
    return min(start, first)


def _rest(sentence: Sentence, cue: Token, last: int) -> int:
    """Return the last token of a clause that goes on behind its quoted words."""
    doc = sentence.doc
    if last + 1 >= len(doc) or doc[last + 1].is_punct or doc[last + 1].lower_ in _ADJUNCTS:
        return last
    if doc[last + 1].dep_ == "cc" and doc[last + 1].head == cue:
        return last
    return last if any(cue.i > last for cue in sentence.cues) else len(doc) - 1


def _up_to_aside(sentence: Sentence, last: int, end: int) -> int:
    """Return where the clause ends before a comma that leads to something said beside it."""
    if sentence.doc[last - 1].text == "," and not sentence.is_outside(last - 1):
        following = sentence.doc[last + 1].lower_ if last + 1 < len(sentence.doc) else ""
        if following not in _AND:
            return last
    for index in range(last + 1, end):
        is_comma = sentence.doc[index].text == "," and sentence.is_outside(index)
        if is_comma and sentence.doc[index + 1].lower_ in _SIDE_WORDS:
            return index
    return end


def _that(sentence: Sentence, cue: Token, first: int) -> int | None:
    """Return the "that" between cue and quote that opens the clause."""
    doc = sentence.doc
    for index in range(cue.i + 1, first):
        is_last = index == first - 1
        if doc[index].lower_ == "that" and (is_last or doc[index].dep_ == "mark"):
            return index
    return None


def _trimmed(sentence: Sentence, start: int, end: int, first: int, last: int) -> Span:
    doc = sentence.doc
    end = next((i - 1 for i in range(last + 1, end + 1) if sentence.is_in_whole(i)), end)
    while start < first and (doc[start].is_punct or doc[start].is_space):
        start += 1
    while end > last and sentence.is_outside(end) and (doc[end].is_punct or doc[end].is_space):
        end -= 1
    return start, end
