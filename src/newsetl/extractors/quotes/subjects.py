"""Who speaks: the subject of a cue, wherever the sentence puts it."""

from collections.abc import Sequence

from spacy.tokens import Token

from newsetl.extractors.quotes.marks import Span

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_RELATIVES = frozenset(("who", "that", "which", "whom"))
_STOPPING = frozenset(("relcl", "acl", "appos", "punct", "advcl", "cc", "conj", "prep"))
_KEPT_PREPOSITIONS = frozenset(("of", "for", "at", "from", "in", "with"))
_CLIMBING = frozenset(
    "conj advcl xcomp ccomp pcomp acl prep aux dep pobj dobj".split()
)
_INVERTED = frozenset("dobj nsubj npadvmod attr oprd dep appos".split())
_MOST_STEPS = 6
NOBODY = frozenset("this that these those there what which it me him her them us".split())
_OBJECTS = frozenset("that what there me him them us".split())
_PRONOUNS = frozenset("i he she they we you it who".split())
_MOST_WORDS = 10


def speaker(cue: Token, inside: Sequence[int]) -> Span | None:
    """Return the span of who speaks: a noun phrase up to its first comma or clause."""
    tokens = subject_tokens(cue, inside)
    if not tokens:
        tokens = _names_before(cue, inside)
    if not tokens or tokens[-1].lower_ in _OBJECTS:
        return None
    return tokens[0].idx, tokens[-1].idx + len(tokens[-1])


def subject_tokens(cue: Token, inside: Sequence[int]) -> list[Token]:
    head = _subject(cue, inside)
    return _phrase(head) if head is not None else []


def _subject(cue: Token, inside: Sequence[int]) -> Token | None:
    if cue.lower_ == "according":
        for child in cue.nbor().children:
            if child.dep_ == "pobj":
                return child
        return cue.doc[cue.i + 2] if cue.i + 2 < len(cue.doc) else None
    verb, steps = cue, 0
    while steps < _MOST_STEPS:
        for child in verb.children:
            if child.dep_ in SUBJECTS and inside[child.i] < 0:
                if child.lower_ in _RELATIVES and verb.dep_ == "relcl":
                    return verb.head
                return child
        inverted = _inverted(verb, inside)
        if inverted is not None and verb == cue:
            return inverted
        if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.head.text[:1].isupper()):
            return verb.head
        if verb.dep_ not in _CLIMBING or verb.head == verb or inside[verb.head.i] >= 0:
            return None
        verb = verb.head
        steps += 1
    return None


def _names_before(cue: Token, inside: Sequence[int]) -> list[Token]:
    """Return the names or the pronoun right before a cue, where the parse shows no subject."""
    start = cue.i
    while start > 0 and inside[start - 1] < 0 and cue.doc[start - 1].text[:1].isupper():
        start -= 1
    if start == cue.i and start > 0 and cue.doc[start - 1].lower_ in _PRONOUNS:
        start -= 1
    return [] if cue.lower_.endswith("ing") else list(cue.doc[start : cue.i])


def _inverted(verb: Token, inside: Sequence[int]) -> Token | None:
    """Return who stands behind a verb that stands right behind the quote."""
    doc = verb.doc
    if verb.lower_.endswith("ing"):
        return None
    if verb.i == 0 or doc[verb.i - 1].text != '"':
        if verb.i < 2 or doc[verb.i - 1].text not in (",", "—", "–", "-") or doc[verb.i - 2].text != '"':
            return None
    for child in verb.children:
        if child.i > verb.i and inside[child.i] < 0 and child.dep_ in _INVERTED:
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


def beside(cue: Token, inside: Sequence[int]) -> Span | None:
    """Return the words between quote and cue, else those behind the cue, up to a comma.

    For a cue right behind a quote whose subject the parse does not show.
    """
    doc = cue.doc
    left = cue.i
    while left > 0 and inside[left - 1] < 0:
        left -= 1
    for start, end in ((left, cue.i), (cue.i + 1, len(doc))):
        tokens = []
        for token in doc[start:end]:
            if token.is_punct or inside[token.i] >= 0:
                if tokens:
                    break
                continue
            tokens.append(token)
        if tokens and len(tokens) <= _MOST_WORDS:
            return tokens[0].idx, tokens[-1].idx + len(tokens[-1])
    return None
