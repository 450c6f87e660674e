"""Whose words a quote holds, as the sentence around it says: cue, speaker, and the words told.

A cue is a verb of the lexicon, or "according to". Its subject is the speaker: the parse knows it
also where the order is inverted ("said Ada Finch") or the subject stands with another verb.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from newsetl.extractors.quotes import cues, subjects
from newsetl.extractors.quotes.frames import Frame, Item
from newsetl.extractors.quotes.frames import is_title as is_titled
from newsetl.extractors.quotes.marks import Span

_NO_VERB = frozenset(("amod", "compound", "nmod", "det", "nummod", "npadvmod", "poss", "nsubj",
                      "nsubjpass", "pobj", "attr", "appos", "oprd"))  # fmt: skip
_COMPLEMENTS = frozenset(("ccomp", "xcomp", "dobj", "oprd", "acomp", "attr", "pobj", "dep", "advcl"))
_MOST_BETWEEN = 12
_MOST_CLEAR = 5
_ASIDES = frozenset("dobj dative prep advmod npadvmod prt punct agent".split())
_PRONOUNS = frozenset("i he she they we you it who".split())
_SIDE_WORDS = frozenset("which who whom whose where when while although though even after as noting"
    " adding saying citing referring according a an another but".split())  # fmt: skip
_ADJUNCTS = frozenset("in on at during after before when while because as".split())


@dataclass(frozen=True, slots=True)
class Told:
    """What a frame says of its quote `item`: spans are offsets in the frame's text."""

    item: Item
    cue: Span | None
    speaker: Span | None
    content: Span | None
    rule: str
    is_after: bool = False


def attribute(frame: Frame, doc: Doc) -> list[Told]:
    """Return what the parsed frame says of each of its quotes; one without a cue is left out."""
    inside = _inside(frame, doc)
    found = [cue for token in doc if inside[token.i] < 0 and (cue := _cue(token))]
    told = []
    for index, item in enumerate(frame.items):
        tokens = [token for token in doc if inside[token.i] == index]
        if tokens and (one := _told(frame, doc, item, tokens, found, inside)):
            told.append(one)
    return told


def _inside(frame: Frame, doc: Doc) -> list[int]:
    """Return for each token the index of the quote that it stands in, marks included, or -1."""
    inside, index = [], 0
    for token in doc:
        while index < len(frame.items) and frame.items[index].end <= token.idx:
            index += 1
        is_in = index < len(frame.items) and frame.items[index].start <= token.idx
        inside.append(index if is_in else -1)
    return inside


def _cue(token: Token) -> Token | None:
    """Return the token if it is a verb that tells of speech, or the "according" of "according to"."""
    form = token.lower_
    if form == "according":
        return token if token.i + 1 < len(token.doc) and token.nbor().lower_ == "to" else None
    if form in ("went", "goes") and token.i + 1 < len(token.doc) and token.nbor().lower_ == "on":
        return token
    if form not in cues.FORMS and form not in ("put", "puts"):
        return None
    before = token.nbor(-1) if token.i else None
    if form in ("put", "puts") and token.i + 1 < len(token.doc) and token.nbor().lower_ == "it":
        return token
    if _is_behind_quote(token):
        return token
    if token.dep_ in _NO_VERB and not _is_lone_verb(token):
        return None
    if form in cues.NAME and _is_passive(token):
        return None
    if before is not None and (before.dep_ in ("det", "poss", "amod") and before.head == token):
        return None
    return token


def _is_behind_quote(token: Token) -> bool:
    before = token.doc[max(0, token.i - 2) : token.i].text.replace(" ", "")
    return token.i > 1 and (before.endswith('"') or before == '",')


def _is_passive(token: Token) -> bool:
    """Return whether a verb of naming does not say who names."""
    marks = {child.dep_ for child in token.children}
    return (token.dep_ == "acl" or "auxpass" in marks) and "agent" not in marks and (
        not token.lower_.endswith("ing")
    )


def _is_lone_verb(token: Token) -> bool:
    return any(child.dep_ in subjects.SUBJECTS for child in token.children)


def _told(
    frame: Frame,
    doc: Doc,
    item: Item,
    tokens: Sequence[Token],
    found: Sequence[Token],
    inside: Sequence[int],
) -> Told | None:
    first, last = tokens[0].i, tokens[-1].i
    is_whole = item.is_whole
    after = next((cue for cue in found if cue.i > last), None)
    before = next((cue for cue in reversed(found) if cue.i < first), None)
    if after is not None and not _reaches(doc, last, after, inside):
        after = None
    if before is not None and not _leads(doc, before, first, inside):
        before = None
    ends_open = doc.text[item.end - 2 : item.end - 1] in ",?!—–-…" or doc[
        min(last + 1, len(doc) - 1)
    ].text in (",", "—", "–", "-")
    is_title = not is_whole and is_titled(doc.text[item.start : item.end].split())
    if is_whole:
        if before is not None and after is None and before.i < first - 2 and doc[first - 1].text == ":":
            label = _introduced(frame, doc, item.start, inside)
            if label and doc.text[: label[0]].rstrip()[-1:] in "-–—|.":
                return Told(item, None, label, None, "label")
        if before is not None and after is not None:
            introduced = doc.text[: item.start].rstrip()[-1:] in ":,"
            prefers = (introduced and not ends_open) or _is_participle(after)
            after, before = (None, before) if prefers else (after, None)
        if after is not None:
            return _whole(item, after, inside, is_after=True)
        if before is not None:
            return _whole(item, before, inside, is_after=False)
        governor = _governor(tokens, found)
        if governor is not None:
            return _whole(item, governor, inside, is_after=governor.i > last)
        return None
    if after is not None and not is_title and (ends_open or first == 0) and _starts(doc, first, inside):
        return _whole(item, after, inside, is_after=True)
    governor = _governor(tokens, found)
    if governor is None and before is not None and first - before.i <= 6:
        governor = before
    if governor is None or governor.lower_ in cues.WEAK and governor.lower_ not in cues.NAME:
        return None
    if is_title and governor.lower_ not in cues.NAME:
        return None
    return _partial(frame, doc, item, tokens, governor, inside)


def _is_participle(cue: Token) -> bool:
    return cue.lower_.endswith("ing") and cue.lower_ in cues.FORMS and not any(
        child.dep_ in ("aux", *subjects.SUBJECTS) for child in cue.children
    )


def _starts(doc: Doc, first: int, inside: Sequence[int]) -> bool:
    return all(inside[i] >= 0 or doc[i].is_punct for i in range(first))


def _whole(item: Item, cue: Token, inside: Sequence[int], *, is_after: bool) -> Told:
    speaker = subjects.speaker(cue, inside)
    if speaker is None and is_after:
        speaker = subjects.beside(cue, inside)
    return Told(item, _cue_span(cue), speaker, None, "cue", is_after)


def _reaches(doc: Doc, last: int, cue: Token, inside: Sequence[int]) -> bool:
    """Return whether only a subject and words that go with the cue stand between quote and cue."""
    between = [doc[i] for i in range(last + 1, cue.i) if inside[i] < 0]
    if any(inside[i] >= 0 for i in range(last + 1, cue.i)):
        return False
    words = [token for token in between if not token.is_punct and not token.is_space]
    if not words:
        return True
    if len(words) > 2 * _MOST_BETWEEN:
        return False
    own = {
        token.i
        for child in cue.children
        if child.left_edge.i > last
        for token in child.subtree
    }
    own |= {token.i for token in subjects.subject_tokens(cue, inside)}
    return all(token.i in own for token in words) or _is_clear(words, cue)


def _is_clear(words: Sequence[Token], cue: Token) -> bool:
    """Return whether a few words before a cue can only be its subject, whatever the parse says."""
    if len(words) > _MOST_CLEAR or cue.lower_ in cues.WEAK:
        return False
    return all(word.text[:1].isupper() for word in words) or (
        len(words) == 1 and words[0].lower_ in _PRONOUNS
    )


def _leads(doc: Doc, cue: Token, first: int, inside: Sequence[int]) -> bool:
    """Return whether a cue leads to the quote behind it: whom, when and how may stand between."""
    if cue.lower_ == "according":
        return True
    between = [doc[i] for i in range(cue.i + 1, first)]
    if any(inside[token.i] >= 0 for token in between):
        return False
    words = [token for token in between if not token.is_punct and not token.is_space]
    if len(words) <= 1:
        return True
    introduced = between[-1].text in (":", ",") or between[-1].lower_ == "that"
    return introduced and (between[-1].text == ":" or len(words) <= _MOST_BETWEEN)


def _governor(tokens: Sequence[Token], found: Sequence[Token]) -> Token | None:
    """Return the nearest cue above the quote in the tree, or one set in between as an aside."""
    known = {cue.i for cue in found}
    indices = {token.i for token in tokens}
    top = next((token for token in tokens if token.head.i not in indices and not token.is_punct), None)
    if top is None:
        top = tokens[0]
    seen = 0
    while seen < 50:
        for child in top.children:
            if child.i in known and child.dep_ in ("parataxis", "ccomp", "advcl") and _is_aside(child):
                return child
        if top.head == top:
            return None
        top = top.head
        seen += 1
        if top.i in known:
            return top
    return None


def _is_aside(token: Token) -> bool:
    left = token.left_edge.i
    right = token.right_edge.i
    doc = token.doc
    return (
        left > 0
        and doc[left - 1].text in (",", "—", "–", "-", '"')
        and (right + 1 >= len(doc) or doc[right + 1].is_punct)
        and right - left < 8
    )


def _partial(
    frame: Frame,
    doc: Doc,
    item: Item,
    tokens: Sequence[Token],
    cue: Token,
    inside: Sequence[int],
) -> Told | None:
    first, last = tokens[0].i, tokens[-1].i
    span = _complement(cue, first, last)
    if span is None:
        span = (cue.i + 1, last) if cue.i < first else (0, last)
    start, end = span
    if cue.i < first and cue.lower_ not in cues.NAME and cue.lower_ != "according":
        start = _behind_cue(cue, first)
    if end == last and cue.i < first and cue.lower_ in cues.SAY:
        end = _sentence_rest(doc, last, inside)
    for i in range(last + 1, end):
        if doc[i].text == "," and inside[i] < 0 and doc[i + 1].lower_ in _SIDE_WORDS:
            end = i
            break
    that = next(
        (i for i in range(first - 1, cue.i, -1) if doc[i].lower_ == "that" and doc[i].dep_ == "mark"),
        None,
    )
    if that is None and doc[first - 1].lower_ == "that" and cue.i < first:
        that = first - 1
    if that is not None and start < that:
        start = that
    while start < first and (doc[start].is_punct or doc[start].is_space):
        start += 1
    while end > last and (doc[end].is_punct or doc[end].is_space):
        end -= 1
    return Told(
        item,
        _cue_span(cue),
        subjects.speaker(cue, inside),
        (doc[start].idx, doc[end].idx + len(doc[end])),
        "clause",
        is_after=cue.i > last,
    )


def _sentence_rest(doc: Doc, last: int, inside: Sequence[int]) -> int:
    """Return the last token of a clause that goes on behind its quoted words."""
    if last + 1 >= len(doc) or doc[last + 1].is_punct or doc[last + 1].lower_ in _ADJUNCTS:
        return last
    rest = [token for token in doc[last + 1 :] if inside[token.i] < 0]
    return last if any(_cue(token) for token in rest) else len(doc) - 1


def _behind_cue(cue: Token, first: int) -> int:
    """Return the first token of what is said: behind whom it is said to, how, where and when."""
    start = cue.i + 1
    for child in cue.children:
        if child.left_edge.i == start and child.right_edge.i < first and child.dep_ in _ASIDES:
            start = child.right_edge.i + 1
    return min(start, first)


def _complement(cue: Token, first: int, last: int) -> Span | None:
    """Return first and last token of what the cue takes, where that holds the quote."""
    if cue.lower_ == "according":
        head = cue.head
        left, right = head.left_edge.i, head.right_edge.i
        own = {token.i for token in cue.subtree}
        kept = [i for i in range(left, right + 1) if i not in own]
        return (min(kept), max(kept)) if kept and min(kept) <= first and last <= max(kept) else None
    taken = [
        child
        for child in cue.children
        if child.dep_ in _COMPLEMENTS and child.i > cue.i and child.dep_ != "advcl"
    ]
    holds = [
        child for child in cue.children if child.left_edge.i <= first and last <= child.right_edge.i
    ]
    if not holds:
        return None
    start, end = holds[0].left_edge.i, holds[0].right_edge.i
    if cue.lower_ in cues.NAME and taken:
        start = min(start, *(child.left_edge.i for child in taken))
        behind = cue.doc[last + 1] if last + 1 < len(cue.doc) else None
        if behind is not None and behind.lower_ in _ADJUNCTS:
            end = last
    if cue.i < first:
        start = max(start, cue.i + 1)
    return start, end


def _cue_span(cue: Token) -> Span:
    last = cue
    if cue.lower_ in ("according", "went", "goes"):
        last = cue.nbor()
    return cue.idx, last.idx + len(last)


def main_subject(frame: Frame, doc: Doc, *, before: int | None = None) -> Span | None:
    """Return who a sentence is about: the subject of its last cue, else of its main verb.

    With `before`, the offset of a quote that a colon introduces, a name right before the colon
    is who speaks.
    """
    inside = _inside(frame, doc)
    if before is not None:
        return _introduced(frame, doc, before, inside)
    for token in reversed(list(doc)):
        if inside[token.i] < 0 and (cue := _cue(token)) and (found := subjects.speaker(cue, inside)):
            return None if doc.text[slice(*found)].casefold() in subjects.NOBODY else found
    root = next((token for token in doc if token.head == token), None)
    found = subjects.speaker(root, inside) if root is not None else None
    return None if found and doc.text[slice(*found)].casefold() in subjects.NOBODY else found


def _introduced(frame: Frame, doc: Doc, before: int, inside: Sequence[int]) -> Span | None:
    ahead = [token for token in doc if token.idx < before and inside[token.i] < 0]
    if not ahead or ahead[-1].text != ":":
        return None
    names = []
    for token in reversed(ahead[:-1]):
        if not token.text[:1].isupper():
            break
        names.append(token)
    if names:
        return names[-1].idx, names[0].idx + len(names[0])
    root = next((token for token in ahead if token.head == token), None)
    if root is None:
        return None
    return subjects.speaker(root, inside)
