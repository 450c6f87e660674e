"""Whose words a quote holds, as the sentence around it says: cue, speaker, and the words told.

A cue is a verb of the lexicon, or "according to". A whole quote goes to the cue beside it, with no
more than a subject, or whom, when and how, in between. A quoted fragment is part of a clause, and
goes to the cue above it in the tree.
"""

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from newsetl.extractors.quotes import clauses, cues, subjects
from newsetl.extractors.quotes.frames import Frame, Item, is_title
from newsetl.extractors.quotes.marks import Span
from newsetl.extractors.quotes.sentence import SUBJECTS, Sentence

_PRONOUNS = frozenset("i he she they we you it who".split())
_BREAKS = frozenset((",", "—", "–", "-"))
_OPEN_ENDS = frozenset(",?!—–-…")
_MOST_BETWEEN = 12
_MOST_BEFORE_FRAGMENT = 6
_MOST_BEFORE_TITLE = 3
_MOST_CLEAR = 5
_MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Told:
    """What a frame says of its quote `item`; spans are offsets in the frame's text.

    `content` is the clause of which the quote is a part, in two spans where the cue interrupts it;
    it is empty for a quote that stands alone.
    """

    item: Item | None
    cue: Span | None
    speaker: Span | None
    content: tuple[Span, ...]
    rule: str
    by: str = "cue"


def attribute(frame: Frame, doc: Doc) -> list[Told]:
    """Return what the parsed frame says of each of its quotes; one without a cue is left out."""
    sentence = Sentence(frame, doc)
    told = []
    for item in frame.items:
        tokens = sentence.tokens_of(item)
        if tokens and (one := _attribute(sentence, item, tokens)):
            told.append(one)
    return told


def tell(frame: Frame, doc: Doc) -> list[Told]:
    """Return what a sentence without quotes tells that someone said: the clauses of its cues."""
    sentence = Sentence(frame, doc)
    told = []
    for cue in sentence.cues if doc.has_annotation("DEP") else ():
        clause, speaker = clauses.of(sentence, cue), subjects.speaker(sentence, cue)
        if clause and speaker:
            content = (sentence.span(*clause),)
            told.append(Told(None, sentence.cue_span(cue), speaker, content, "clause"))
    return told


def main_subject(frame: Frame, doc: Doc) -> Span | None:
    """Return who a sentence is about: the subject of its last cue, else of its main verb."""
    sentence = Sentence(frame, doc)
    verbs = [*reversed(sentence.cues), *([sentence.root] if sentence.root is not None else [])]
    found = next((span for verb in verbs if (span := subjects.speaker(sentence, verb))), None)
    is_nobody = found is not None and frame.text[slice(*found)].casefold() in subjects.NOBODY
    return None if is_nobody else found


def introducer(frame: Frame, doc: Doc) -> tuple[Span | None, Span | None]:
    """Return speaker and cue of a sentence that introduces what follows its colon."""
    sentence = Sentence(frame, doc)
    for cue in reversed(sentence.cues):
        if cue.lower_ not in cues.WEAK and (speaker := subjects.speaker(sentence, cue)):
            return speaker, sentence.cue_span(cue)
    return None, None


def introduced(frame: Frame, doc: Doc, start: int) -> Span | None:
    """Return whom a colon introduces before a quote that starts at `start` of the frame.

    A name right before the colon, else the subject of the main verb; of two that stand alike in
    the parse, the nearer one.
    """
    return _introduced(Sentence(frame, doc), start)


def _introduced(sentence: Sentence, start: int) -> Span | None:
    doc = sentence.doc
    ahead = [doc[i] for i in range(len(doc)) if sentence.is_outside(i) and doc[i].idx < start]
    if not ahead or ahead[-1].text != ":":
        return None
    first = len(ahead) - 1
    while first > 0 and ahead[first - 1].text[:1].isupper():
        first -= 1
    if first < len(ahead) - 1:
        return sentence.span(ahead[first].i, ahead[-2].i)
    verbs = [child.head for child in ahead if child.dep_ in SUBJECTS and child.head.idx < start]
    verb = min(verbs, key=lambda one: (len(list(one.ancestors)), -one.i), default=None)
    return subjects.speaker(sentence, verb) if verb is not None else None


def _attribute(sentence: Sentence, item: Item, tokens: list[Token]) -> Told | None:
    first, last = tokens[0].i, tokens[-1].i
    after = next((cue for cue in sentence.cues if cue.i > last), None)
    before = next((cue for cue in reversed(sentence.cues) if cue.i < first), None)
    after = after if after is not None and _reaches(sentence, last, after) else None
    near = before if before is not None and _leads(sentence, before, first) else None
    if first and sentence.doc[first - 1].lower_ in cues.TITLED:
        return None
    is_part = near is not None and after is None and _is_part(sentence, near, first)
    if item.is_whole and not is_part:
        return _whole_of(sentence, item, tokens, near, after)
    doc = sentence.doc
    titled = is_title(sentence.frame.text[item.start : item.end].split())
    opens = all(not sentence.is_outside(i) or doc[i].is_punct for i in range(first))
    is_said = not titled or (after is not None and _is_said(sentence, item, after))
    if after is not None and opens and is_said:
        return _whole(sentence, item, after)
    cue = _governor(sentence, tokens)
    if cue is None and near is not None and first - near.i <= _MOST_BEFORE_FRAGMENT:
        cue = near
    if cue is None:
        return None
    is_voiced = cue.lower_ in cues.VOICE and 0 < first - cue.i <= _MOST_BEFORE_TITLE
    if titled and cue.lower_ not in cues.NAME and not is_voiced:
        return None
    if _is_of_subject(sentence, cue, first, last) or (cue.i < first and sentence.ends_whole(cue)):
        return None
    is_weak = cue.lower_ in cues.WEAK and cue.lower_ not in cues.NAME
    if is_weak and not 0 < first - cue.i <= 2:
        return None
    content = tuple(sentence.span(*span) for span in clauses.around(sentence, cue, first, last))
    speaker = subjects.speaker(sentence, cue)
    if speaker is None and cue.lower_ not in cues.SAY:
        return None
    return Told(item, sentence.cue_span(cue), speaker, content, "clause")


def _whole_of(
    sentence: Sentence, item: Item, tokens: list[Token], before: Token | None, after: Token | None
) -> Told | None:
    """Attribute a whole quote to the cue before it, the one behind it, or the one above it."""
    first, last = tokens[0].i, tokens[-1].i
    lead = sentence.frame.text[: item.start].rstrip()[-1:]
    if before is not None and after is None and lead == ":" and before.i < first - 2:
        label = _introduced(sentence, item.start)
        if label and sentence.frame.text[: label[0]].rstrip()[-1:] in ("-", "–", "—", "|", "."):
            return Told(item, None, label, (), "whole", "introduction")
    if before is not None and after is not None:
        is_led = lead in (":", ",") and not _is_open(sentence, item, last)
        is_asked = sentence.frame.text[item.end - 2] in ("?", "!")
        is_next = sentence.doc[last + 1].dep_ == "cc" or (is_asked and sentence.leads_on(after))
        after = None if is_led or is_next or sentence.is_participle(after) else after
    cue = after or before or _governor(sentence, tokens)
    return _whole(sentence, item, cue) if cue is not None else None


def _whole(sentence: Sentence, item: Item, cue: Token) -> Told:
    speaker = subjects.speaker(sentence, cue)
    if speaker is None and cue.idx >= item.end and not subjects.is_passive(cue):
        speaker = subjects.beside(sentence, cue)
    return Told(item, sentence.cue_span(cue), speaker, (), "whole")


def _is_said(sentence: Sentence, item: Item, cue: Token) -> bool:
    """Return whether words in capitals end with a comma before a sure cue: “Sorry,” he wrote."""
    return sentence.frame.text[item.end - 2] in _BREAKS and cue.lower_ not in cues.WEAK


def _is_open(sentence: Sentence, item: Item, last: int) -> bool:
    """Return whether a quote ends so that its sentence goes on behind it."""
    behind = sentence.doc[last + 1].text if last + 1 < len(sentence.doc) else ""
    return sentence.frame.text[item.end - 2] in _OPEN_ENDS or behind in _BREAKS


def _reaches(sentence: Sentence, last: int, cue: Token) -> bool:
    """Return whether only a subject and words that go with the cue stand between quote and cue."""
    if not all(sentence.is_outside(i) for i in range(last + 1, cue.i)):
        return False
    words = sentence.words(last + 1, cue.i)
    if len(words) > 2 * _MOST_BETWEEN:
        return False
    own = {token.i for token in subjects.subject_tokens(sentence, cue)}
    if cue.lower_ in cues.PUT_IT and [word.lower_ for word in words[1:2]] == ["how"]:
        own |= {words[0].i, words[1].i}  # is how she put it
    verbs = [cue]
    if cue.dep_ == "xcomp" and last < cue.head.i < cue.i:  # she used to say
        verbs.append(cue.head)
        own.add(cue.head.i)
    for child in (child for verb in verbs for child in verb.lefts):
        if child.left_edge.i > last:
            own |= {token.i for token in child.subtree}
    return all(word.i in own for word in words) or _is_clear(words, cue)


def _is_clear(words: list[Token], cue: Token) -> bool:
    """Return whether a few words before a cue can only be its subject, whatever the parse says."""
    if len(words) > _MOST_CLEAR or cue.lower_ in cues.WEAK:
        return False
    is_pronoun = len(words) == 1 and words[0].lower_ in _PRONOUNS
    return is_pronoun or all(word.text[:1].isupper() for word in words)


def _leads(sentence: Sentence, cue: Token, first: int) -> bool:
    """Return whether a cue leads to the quote behind it: whom, when and how may stand between."""
    if cue.lower_ == "according":
        return True
    if not all(sentence.is_outside(i) for i in range(cue.i + 1, first)):
        return False
    words = sentence.words(cue.i + 1, first)
    if len(words) <= 1:
        return True
    lead = sentence.doc[first - 1].lower_
    return lead == ":" or (lead in (",", "that") and len(words) <= _MOST_BETWEEN)


def _is_part(sentence: Sentence, cue: Token, first: int) -> bool:
    """Return whether the quote is the end of a clause that a cue takes: he says that now, “…”."""
    doc = sentence.doc
    between = range(cue.i + 1, first)
    that = next((i for i in between if doc[i].lower_ == "that" and doc[i].dep_ == "mark"), None)
    return that is not None and doc[first - 1].text != ":" and bool(sentence.words(that + 1, first))


def _is_of_subject(sentence: Sentence, cue: Token, first: int, last: int) -> bool:
    """Return whether a fragment says who speaks, not what: the “experts” said."""
    for child in cue.children:
        if child.dep_ in SUBJECTS and child.left_edge.i <= first and last <= child.right_edge.i:
            return sentence.is_outside(child.i) or sentence.is_outside(child.left_edge.i)
    return False


def _governor(sentence: Sentence, tokens: list[Token]) -> Token | None:
    """Return the nearest cue above the quote in the tree, or one set in between as an aside."""
    known = {cue.i for cue in sentence.cues}
    own = {token.i for token in tokens}
    tops = (token for token in tokens if token.head.i not in own and not token.is_punct)
    top = next(tops, tokens[0])
    for _ in range(_MOST_STEPS):
        for child in top.children:
            if child.i in known and (child.lower_ == "according" or clauses.is_aside(child)):
                return child
        if top.head == top:
            return None
        top = top.head
        if top.i in known:
            return _outer(sentence, top)
    return None


def _outer(sentence: Sentence, cue: Token) -> Token:
    """Return the cue whose clause holds that of `cue`, as long as a pronoun says it again.

    In Ada Finch said she believes it is “grand” she says what she believes; a weak cue (they found
    it “grand”) needs no pronoun. The town, said Ada Finch, calls it “grand” holds what she says.
    """
    known = {one.i for one in sentence.cues}
    aside = next((one for one in cue.lefts if one.i in known and clauses.is_aside(one)), None)
    if aside is not None:
        return aside
    for _ in range(_MOST_STEPS):
        own = subjects.subject_tokens(sentence, cue)
        head = next((one for one in cue.ancestors if one.i in known), None)
        if head is None or head.i > cue.i or cue.dep_ != "ccomp" or head.lower_ not in cues.SAY:
            return cue
        is_pronoun = len(own) == 1 and own[0].lower_ in _PRONOUNS
        if not is_pronoun and cue.lower_ not in cues.WEAK:
            return cue
        cue = head
    return cue
