"""Whose words a quote holds, as the sentence around it says: cue, speaker, and the words told.

A cue is a verb of the lexicon, or "according to". Its subject is the speaker: the parse knows it
also where the order is inverted ("said Ada Finch") or the subject stands with another verb.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.frames import Frame, Item
from newsetl.extractors.quotes.marks import Span

_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))
_NO_VERB = frozenset(("amod", "compound", "nmod", "det", "nummod", "npadvmod", "poss", "nsubj",
                      "nsubjpass", "pobj", "attr", "appos", "oprd"))  # fmt: skip
_COMPLEMENTS = frozenset(("ccomp", "xcomp", "dobj", "oprd", "acomp", "attr", "pobj", "dep", "advcl"))
_RELATIVES = frozenset(("who", "that", "which", "whom"))
_STOPPING = frozenset(("relcl", "acl", "appos", "punct", "advcl", "cc", "conj", "prep"))
_KEPT_PREPOSITIONS = frozenset(("of", "for", "at", "from", "in", "with"))
_MOST_BETWEEN = 12


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
    if form not in cues.FORMS:
        return None
    before = token.nbor(-1) if token.i else None
    if token.dep_ in _NO_VERB and not _is_lone_verb(token):
        return None
    if before is not None and (before.dep_ in ("det", "poss", "amod") and before.head == token):
        return None
    return token


def _is_lone_verb(token: Token) -> bool:
    return any(child.dep_ in _SUBJECTS for child in token.children)


def _told(
    frame: Frame,
    doc: Doc,
    item: Item,
    tokens: Sequence[Token],
    found: Sequence[Token],
    inside: Sequence[int],
) -> Told | None:
    first, last = tokens[0].i, tokens[-1].i
    is_whole = item.is_stub
    after = next((cue for cue in found if cue.i > last), None)
    before = next((cue for cue in reversed(found) if cue.i < first), None)
    if after is not None and not _reaches(doc, last, after, inside):
        after = None
    if before is not None and not _leads(doc, before, first, inside):
        before = None
    ends_open = doc.text[item.end - 2 : item.end - 1] in ",?!—–-…" or doc[
        min(last + 1, len(doc) - 1)
    ].text in (",", "—", "–", "-")
    if is_whole:
        if before is not None and after is not None:
            introduced = doc.text[: item.start].rstrip()[-1:] in ":,"
            after, before = (None, before) if introduced and not ends_open else (after, None)
        if after is not None:
            return _whole(frame, item, after, is_after=True)
        if before is not None:
            return _whole(frame, item, before, is_after=False)
        governor = _governor(tokens, found)
        if governor is not None:
            return _whole(frame, item, governor, is_after=governor.i > last)
        return None
    if after is not None and (ends_open or first == 0) and _starts(doc, first, inside):
        return _whole(frame, item, after, is_after=True)
    governor = _governor(tokens, found)
    if governor is None and before is not None and first - before.i <= 6:
        governor = before
    if governor is None or governor.lower_ in cues.WEAK and governor.lower_ not in cues.NAME:
        return None
    return _partial(frame, doc, item, tokens, governor, inside)


def _starts(doc: Doc, first: int, inside: Sequence[int]) -> bool:
    return all(inside[i] >= 0 or doc[i].is_punct for i in range(first))


def _whole(frame: Frame, item: Item, cue: Token, *, is_after: bool) -> Told:
    speaker = _speaker(cue)
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
    own = {token.i for token in cue.subtree} | {token.i for token in _subject_tokens(cue)}
    return all(token.i in own for token in words)


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
        start = min(first, cue.i + 1) if cue.i < first else first
        span = (start, last) if cue.i < first else (first, last)
    start, end = span
    while start < first and (doc[start].is_punct or doc[start].is_space):
        start += 1
    while end > last and (doc[end].is_punct or doc[end].is_space):
        end -= 1
    return Told(
        item,
        _cue_span(cue),
        _speaker(cue),
        (doc[start].idx, doc[end].idx + len(doc[end])),
        "clause",
        is_after=cue.i > last,
    )


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
    start = min(holds[0].left_edge.i, *(child.left_edge.i for child in taken), first) if taken else holds[0].left_edge.i
    end = max(last, *(child.right_edge.i for child in taken)) if taken else holds[0].right_edge.i
    if cue.i < first:
        start = max(start, cue.i + 1)
    return start, end


def _cue_span(cue: Token) -> Span:
    last = cue
    if cue.lower_ in ("according", "went", "goes"):
        last = cue.nbor()
    return cue.idx, last.idx + len(last)


def _speaker(cue: Token) -> Span | None:
    """Return the span of who speaks: a noun phrase up to its first comma or clause."""
    tokens = _subject_tokens(cue)
    if not tokens:
        return None
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])


def _subject_tokens(cue: Token) -> list[Token]:
    head = _subject(cue)
    return _phrase(head) if head is not None else []


def _subject(cue: Token) -> Token | None:
    if cue.lower_ == "according":
        for child in cue.nbor().children:
            if child.dep_ == "pobj":
                return child
        return cue.doc[cue.i + 2] if cue.i + 2 < len(cue.doc) else None
    verb, steps = cue, 0
    while steps < 6:
        for child in verb.children:
            if child.dep_ in _SUBJECTS and child.dep_ != "expl":
                if child.lower_ in _RELATIVES and verb.dep_ == "relcl":
                    return verb.head
                return child
        inverted = _inverted(verb)
        if inverted is not None and verb == cue:
            return inverted
        if verb.dep_ == "relcl":
            return verb.head
        if verb.dep_ in ("conj", "advcl", "xcomp", "ccomp", "pcomp", "acl", "prep", "aux", "dep", "pobj", "dobj") and verb.head != verb:
            verb = verb.head
            steps += 1
            continue
        return None
    return None


def _inverted(verb: Token) -> Token | None:
    """Return who stands behind a verb that stands right behind the quote."""
    doc = verb.doc
    if verb.i == 0 or doc[verb.i - 1].text not in ('"', ","):
        return None
    for child in verb.children:
        if child.i > verb.i and child.dep_ in ("dobj", "nsubj", "npadvmod", "attr", "oprd", "dep", "appos"):
            return child
    return None


def _phrase(head: Token) -> list[Token]:
    """Return the tokens of the noun phrase of `head`, without what follows a comma."""
    left = head.left_edge.i
    end = head.i
    for child in head.children:
        if child.i < head.i:
            continue
        if child.dep_ == "prep" and child.i == end + 1 and child.lower_ in _KEPT_PREPOSITIONS:
            right = child.right_edge.i
            for i in range(child.i, right + 1):
                if head.doc[i].is_punct or head.doc[i].dep_ in ("relcl", "acl"):
                    right = i - 1
                    break
            end = max(end, right)
        elif child.dep_ in _STOPPING:
            if child.dep_ in ("cc", "conj") and child.i <= end + 2:
                end = max(end, child.i)
                continue
            if child.dep_ == "appos" and child.i == end + 1:
                end = child.i
                continue
            break
        else:
            end = max(end, child.right_edge.i)
    doc = head.doc
    tokens = [doc[i] for i in range(left, end + 1)]
    while tokens and (tokens[0].is_punct or tokens[0].is_space):
        tokens.pop(0)
    while tokens and (tokens[-1].is_punct or tokens[-1].is_space):
        tokens.pop()
    return tokens


def main_subject(frame: Frame, doc: Doc) -> Span | None:
    """Return who a sentence is about: the subject of its last cue, else of its main verb."""
    inside = _inside(frame, doc)
    cues_found = [cue for token in doc if inside[token.i] < 0 and (cue := _cue(token))]
    for cue in reversed(cues_found):
        if speaker := _speaker(cue):
            return speaker
    root = next((token for token in doc if token.head == token), None)
    return _speaker(root) if root is not None else None
