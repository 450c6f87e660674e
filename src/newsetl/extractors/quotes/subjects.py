"""Who speaks: the subject of a cue, wherever the sentence puts it."""

from spacy.tokens import Token

from newsetl.extractors.quotes.marks import Span
from newsetl.extractors.quotes.sentence import SUBJECTS, Sentence

NOBODY = frozenset("this that these those there what which it me him her them us".split())
"""Words that name nobody by themselves."""

_RELATIVES = frozenset(("who", "that", "which", "whom"))
_OBJECTS = frozenset("that what there me him them us".split())
_PRONOUNS = frozenset("i he she they we you it who".split())
_PREPOSITIONS = frozenset(("of", "for", "at", "from", "in", "with"))
_CLIMBING = frozenset("conj advcl xcomp ccomp pcomp acl prep aux dep pobj dobj".split())
_INVERTED = frozenset("dobj nsubj npadvmod attr oprd dep appos".split())
_STOPPING = frozenset("relcl acl appos punct advcl cc conj prep".split())
_PARTICLES = frozenset(("in", "out", "up", "back", "on", "off", "away"))
_MOST_STEPS = 6
_MOST_WORDS = 10


def speaker(sentence: Sentence, cue: Token) -> Span | None:
    """Return the span of who speaks, up to the first comma or clause; offsets in the frame."""
    if is_passive(cue):
        agent = _agent(cue)
        tokens = _phrase(agent) if agent is not None else []
    else:
        tokens = subject_tokens(sentence, cue) or _names_before(sentence, cue)
    if not tokens or tokens[-1].lower_ in _OBJECTS:
        return None
    return sentence.span(tokens[0].i, tokens[-1].i)


def is_passive(cue: Token) -> bool:
    """Return whether a cue's subject is whom something is told, or what is told of."""
    return any(child.dep_ == "auxpass" for child in cue.children)


def subject_tokens(sentence: Sentence, cue: Token) -> list[Token]:
    """Return the tokens of the noun phrase that is a cue's subject."""
    head = _subject(sentence, cue)
    return _phrase(head) if head is not None else []


def beside(sentence: Sentence, cue: Token) -> Span | None:
    """Return the words between quote and cue, else those behind the cue, up to a comma.

    For a cue right behind a quote whose subject the parse does not show.
    """
    left = cue.i
    while left > 0 and sentence.is_outside(left - 1):
        left -= 1
    for start, end in ((left, cue.i), (cue.i + 1, len(sentence.doc))):
        tokens: list[Token] = []
        for token in sentence.doc[start:end]:
            is_word = not token.is_punct and sentence.is_outside(token.i)
            if is_word and not tokens and token.lower_ in _PARTICLES:
                continue  # chimed in Ada Finch
            if is_word:
                tokens.append(token)
            elif tokens:
                break
        if tokens and len(tokens) <= _MOST_WORDS:
            return sentence.span(tokens[0].i, tokens[-1].i)
    return None


def _subject(sentence: Sentence, cue: Token) -> Token | None:
    if cue.lower_ == "according":
        named = [child for child in cue.nbor().children if child.dep_ == "pobj"]
        return next(iter(named), None)
    inverted = _inverted(sentence, cue)
    verb = cue
    for _ in range(_MOST_STEPS):
        for child in verb.children:
            if child.dep_ in SUBJECTS and sentence.is_outside(child.i):
                is_relative = child.lower_ in _RELATIVES and verb.dep_ == "relcl"
                return verb.head if is_relative else child
        if inverted is not None:
            return inverted
        if verb.dep_ == "relcl" or (verb.dep_ == "acl" and verb.head.text[:1].isupper()):
            return verb.head
        head = verb.head
        if verb.dep_ not in _CLIMBING or head == verb or not sentence.is_outside(head.i):
            return None
        verb = head
    return None


def _agent(cue: Token) -> Token | None:
    """Return who told it: was told by the mayor."""
    agents = (child for child in cue.rights if child.dep_ == "agent")
    return next((one for agent in agents for one in agent.children if one.dep_ == "pobj"), None)


def _inverted(sentence: Sentence, cue: Token) -> Token | None:
    """Return who stands behind a cue that stands right behind the quote."""
    if cue.lower_.endswith("ing") or not sentence.is_behind_quote(cue):
        return None
    behind = (child for child in cue.rights if sentence.is_outside(child.i))
    return next((child for child in behind if child.dep_ in _INVERTED), None)


def _names_before(sentence: Sentence, cue: Token) -> list[Token]:
    """Return the names or the pronoun right before a cue whose subject the parse does not show.

    Brackets may stand between: Ada Finch (Green, Calder) said.
    """
    doc, end = sentence.doc, cue.i
    if end and doc[end - 1].text.endswith(")"):
        opened = (i for i in range(end - 1, -1, -1) if doc[i].text.startswith("("))
        end = next(opened, end)
    start = end
    while start > 0 and sentence.is_outside(start - 1) and doc[start - 1].text[:1].isupper():
        start -= 1
    if start == end and start > 0 and doc[start - 1].lower_ in _PRONOUNS:
        start -= 1
    return [] if cue.lower_.endswith("ing") else list(doc[start:end])


def _phrase(head: Token) -> list[Token]:
    """Return the tokens of the noun phrase of `head`, without what follows a comma or a bracket."""
    end = head.i
    while end + 1 < len(head.doc) and head.doc[end + 1].dep_ == head.dep_ == "nsubj":
        end += 1  # the parse takes a name apart
    for child in head.rights:
        if child.dep_ == "prep" and child.i == end + 1 and child.lower_ in _PREPOSITIONS:
            end = max(end, _end_of(child))
        elif child.dep_ in ("cc", "conj") and child.i <= end + 2:
            end = max(end, child.i)
        elif child.dep_ == "appos" and child.i == end + 1:
            end = child.i
        elif child.dep_ in _STOPPING:
            break
        else:
            end = max(end, child.right_edge.i)
    tokens = list(head.doc[head.left_edge.i : end + 1])
    tokens = tokens[: next((i for i, token in enumerate(tokens) if i and token.text == "("), None)]
    while tokens and (tokens[0].is_punct or tokens[0].is_space):
        tokens.pop(0)
    while tokens and (tokens[-1].is_punct or tokens[-1].is_space):
        tokens.pop()
    return tokens


def _end_of(preposition: Token) -> int:
    """Return the last token of a preposition's phrase, up to a point or a clause."""
    for token in preposition.doc[preposition.i : preposition.right_edge.i + 1]:
        if token.is_punct or token.dep_ in ("relcl", "acl"):
            return min(token.i, token.left_edge.i) - 1
    return preposition.right_edge.i
