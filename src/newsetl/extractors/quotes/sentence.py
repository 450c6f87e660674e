"""A parsed frame: its tokens, which of them stand in a quote, and which tell of speech."""

from functools import cached_property

from spacy.strings import get_string_id
from spacy.tokens import Doc, Token

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.frames import Frame, Item
from newsetl.extractors.quotes.marks import Span

SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_FIRST_FORMS = frozenset(map(get_string_id, cues.FIRST_WORDS))
_NO_VERB = frozenset(
    "amod compound nmod det nummod npadvmod poss nsubj nsubjpass pobj attr appos oprd".split()
)


class Sentence:
    """A frame with its parse. Labels are those of spaCy's English models (ClearNLP).

    Without syntax every form of the lexicon counts as a cue, and only what stands side by side
    is attributed.
    """

    def __init__(self, frame: Frame, doc: Doc) -> None:
        self.frame, self.doc = frame, doc
        self.forms: list[int] = []
        """The hash of each token's small letters; hashes are cheaper than tokens."""
        self.inside: list[int] = []
        """For each token the index of the quote that it stands in, marks included, or -1."""
        index = 0
        for start, form in doc.to_array(["IDX", "LOWER"]).tolist():
            while index < len(frame.items) and frame.items[index].end <= start:
                index += 1
            is_in = index < len(frame.items) and frame.items[index].start <= start
            self.inside.append(index if is_in else -1)
            self.forms.append(form)

    @cached_property
    def cues(self) -> list[Token]:
        """The tokens outside of quotes that tell of speech."""
        may_be = [i for i, form in enumerate(self.forms) if form in _FIRST_FORMS]
        return [self.doc[i] for i in may_be if self.is_outside(i) and self._is_cue(self.doc[i])]

    @cached_property
    def root(self) -> Token | None:
        return next((token for token in self.doc if token.head == token), None)

    def is_outside(self, index: int) -> bool:
        return self.inside[index] < 0

    def is_in_whole(self, index: int) -> bool:
        """Return whether a token stands in a quote that is a sentence of its own."""
        return self.inside[index] >= 0 and self.frame.items[self.inside[index]].is_whole

    def tokens_of(self, item: Item) -> list[Token]:
        index = self.frame.items.index(item)
        return [self.doc[i] for i, within in enumerate(self.inside) if within == index]

    def words(self, start: int, end: int) -> list[Token]:
        """Return the tokens of [start, end) that are neither points nor white space."""
        return [token for token in self.doc[start:end] if not token.is_punct and not token.is_space]

    def span(self, first: int, last: int) -> Span:
        """Return the offsets in the frame of the tokens `first` to `last`."""
        return self.doc[first].idx, self.doc[last].idx + len(self.doc[last])

    def cue_span(self, cue: Token) -> Span:
        has_two = cue.lower_ == "according" or cue.lower_ in cues.WENT_ON
        return self.span(cue.i, cue.i + has_two)

    def is_behind_quote(self, token: Token) -> bool:
        """Return whether only a comma or a dash stands between a quote and the token."""
        at = token.i - 1
        if at > 0 and self.is_outside(at) and self.doc[at].text in (",", "—", "–", "-"):
            at -= 1
        return at >= 0 and not self.is_outside(at)

    def leads_on(self, cue: Token) -> bool:
        """Return whether a cue leads to a quote right behind it, over a comma or a colon."""
        at = cue.i + 1
        return (
            at + 1 < len(self.doc)
            and self.doc[at].text in (",", ":")
            and not self.is_outside(at + 1)
        )

    def ends_whole(self, cue: Token) -> bool:
        """Return whether a cue closes a whole quote: what follows is of the one who said it."""
        last = max((i for i in range(cue.i) if not self.is_outside(i)), default=None)
        if last is None or not self.is_behind_quote(cue):
            return False
        return self.frame.items[self.inside[last]].is_whole

    def is_participle(self, cue: Token) -> bool:
        """Return whether a cue is an -ing form that leans on another verb."""
        own = {child.dep_ for child in cue.children}
        return cue.lower_.endswith("ing") and not own & (SUBJECTS | {"aux"})

    def _is_cue(self, token: Token) -> bool:
        form = token.lower_
        following = token.nbor().lower_ if token.i + 1 < len(self.doc) else ""
        if form == "according":
            return following == "to"
        if form in cues.WENT_ON:
            return following == "on"
        if form in cues.PUT_IT:
            return following == "it"
        if form not in cues.FORMS or _is_so_called(token) or _is_title(token):
            return False
        return self._is_behind_words(token) or self._is_verb(token)

    def _is_behind_words(self, token: Token) -> bool:
        """Return whether a form stands behind words said, not as a noun that they describe.

        In the “grand” claims it is a noun; so may be any form that is not a past one.
        """
        if not self.is_behind_quote(token):
            return False
        before = self.inside[token.i - 1]
        is_whole = before < 0 or self.frame.items[before].is_whole
        return is_whole or token.lower_ not in cues.NOUNS

    def _is_verb(self, token: Token) -> bool:
        """Return whether a form is a verb here, not a noun such as "claims", and says who acts."""
        children = {child.dep_ for child in token.children}
        if token.dep_ in _NO_VERB and not children & SUBJECTS:
            return False
        if token.lower_ in cues.NAME and not token.lower_.endswith("ing"):
            is_passive = token.dep_ == "acl" or "auxpass" in children
            if is_passive and "agent" not in children:
                return False
        before = token.nbor(-1) if token.i else None
        return before is None or before.head != token or before.dep_ not in ("det", "poss", "amod")


def _is_so_called(token: Token) -> bool:
    """Return whether a token ends "so-called", written in whichever way."""
    before = [one.lower_ for one in token.doc[max(0, token.i - 2) : token.i]]
    return before[-1:] == ["so"] or before == ["so", "-"]


def _is_title(token: Token) -> bool:
    """Return whether a bare verb form with a capital leads to a name: Judge Una Prior."""
    is_bare = cues.FORMS.get(token.lower_) == token.lower_ and token.text.istitle()
    return is_bare and token.i + 1 < len(token.doc) and token.nbor().text[:1].isupper()
