"""Where a role, its person and its organisation stand in a sentence."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from newsetl.extractors.names.mention import PLACES, lexicon

Span = tuple[int, int]


class Role(NamedTuple):
    """Spans of person, role and organisation in the text, and what the wording says of them."""

    person: Span
    role: Span
    org: Span | None
    former: bool
    rule: str


class Piece(NamedTuple):
    """A word, a mark or a name of a sentence, in the order of the text."""

    start: int
    end: int
    kind: str
    """person, org, place, people, name (capitals that no mention covers), word or mark"""

    text: str


_PIECE = re.compile(r"[^\W_](?:[\w'’.&-]*[\w])?|[^\w\s]|_", re.UNICODE)
_KINDS = {
    "PERSON": "person",
    "ORG": "org",
    "NORP": "people",
    "PRODUCT": "org",
    "WORK_OF_ART": "org",
    **dict.fromkeys(PLACES, "place"),
}
_ORG_KINDS = frozenset({"org", "place", "people", "name"})
_FORMER = re.compile(r"\b(?:former|ex|one-time|onetime|late|retired)\b-?", re.IGNORECASE)
_BEHIND = {
    "of": frozenset({"org", "place", "name"}),
    "at": frozenset({"org", "place", "name"}),
    "for": frozenset({"org", "place", "name"}),
    "with": frozenset({"org", "name"}),
    "in": frozenset({"org"}),
    "from": frozenset({"org"}),
    ",": frozenset({"org"}),
}
"""What stands before an organisation behind a role, and what the organisation may be then."""

_DETERMINERS = frozenset("a an the his her its our their this".split())
_LONGEST = 8
"""Words that a role, or the description of an organisation, may have."""


def find(
    text: str, sentences: Sequence[Span], mentions: Sequence[tuple[int, int, str]]
) -> list[Role]:
    """Return the roles that the sentences state, in the order of the text, each once."""
    found: dict[tuple[Span, Span, Span | None], Role] = {}
    rest = list(mentions)
    for start, end in sentences:
        inside = [item for item in rest if start <= item[0] and item[1] <= end]
        if any(label == "PERSON" for _, _, label in inside):
            for role in _in_sentence(list(_pieces(text, start, end, inside))):
                found.setdefault(role[:3], role)
        rest = [item for item in rest if item[0] >= end]
    return sorted(found.values(), key=lambda role: (role.role, role.person))


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of one list of lexicon.json."""
    text = (files("newsetl.extractors.roles") / "lexicon.json").read_text("utf-8")
    return frozenset(str(json.loads(text)[name]).split())


def _pieces(
    text: str, start: int, end: int, mentions: Sequence[tuple[int, int, str]]
) -> Iterator[Piece]:
    place = start
    for first, last, label in [*mentions, (end, end, "")]:
        for word in _PIECE.finditer(text, place, max(place, first)):
            yield Piece(word.start(), word.end(), _kind(word[0], word.start() == start), word[0])
        if label and first >= place:
            if label in _KINDS and not _is_role_word(text[first:last]):
                yield Piece(first, last, _KINDS[label], text[first:last])
            else:
                yield Piece(first, last, "word", text[first:last])
        place = max(place, last)


def _is_role_word(name: str) -> bool:
    return name.casefold() in words("heads") or name in lexicon("honorifics")


def _kind(word: str, opens: bool) -> str:  # noqa: FBT001 - private
    if not word[0].isalnum():
        return "mark"
    is_title = word.casefold() in words("heads") | words("kept_before")
    is_name = word[0].isupper() and not opens and not is_title and len(word) > 1
    is_name = is_name and word not in lexicon("honorifics") and word not in lexicon("offices")
    return "name" if is_name else "word"


def _in_sentence(pieces: list[Piece]) -> Iterator[Role]:
    index = 0
    while index < len(pieces):
        if _is_head(pieces, index):
            first, last = _phrase(pieces, index)
            yield from _roles(pieces, first, last)
            index = last
        index += 1


def _is_head(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    word = piece.text.casefold().removesuffix("'s").removesuffix("’s")
    if piece.kind != "word" or piece.text.endswith(("'s", "’s")):
        return False
    following = pieces[index + 1] if index + 1 < len(pieces) else None
    # The head is the last noun: "team leader", not "team"; "chief executive", not "chief".
    return word in words("heads") and not (
        following is not None
        and following.kind == "word"
        and following.text.casefold() in words("heads")
    )


def _phrase(pieces: list[Piece], head: int) -> tuple[int, int]:
    """Return the first and the last piece of the role whose head stands at `head`."""
    first = head
    while first > 0 and head - first < _LONGEST and _is_modifier(pieces, first - 1):
        first -= 1
    if first > 1 and pieces[first - 1].text.casefold() in ("and", "&"):
        before = pieces[first - 2]
        if before.kind == "word" and before.text.casefold() in words("heads"):
            first, _ = _phrase(pieces, first - 2)
    last = head
    subject = _words_from(pieces, head + 1)
    if subject and subject[0] in ("of", "for", "in") and len(subject) > 1:
        count = next((i for i, w in enumerate(subject[1:], 1) if w in _ENDS), len(subject))
        taken = pieces[head + 1 + count - 1]
        following = pieces[head + 1 + count] if head + 1 + count < len(pieces) else None
        is_firm = taken.text.casefold() in words("firms") or (
            following is not None and following.kind in ("org", "person")
        )
        if 1 < count <= 4 and not is_firm:
            last = head + count
    return first, last


_ENDS = frozenset(
    "the a an at of in for with who and which that is was said says on to told has had from".split()
)


def _words_from(pieces: list[Piece], index: int) -> list[str]:
    found = []
    while index < len(pieces) and pieces[index].kind == "word" and len(found) < _LONGEST:
        found.append(pieces[index].text.casefold())
        index += 1
    return found


def _is_modifier(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    if piece.kind != "word" or piece.text.endswith(("'s", "’s")):
        return False
    word = piece.text.casefold()
    return word not in words("not_modifiers") and not word[0].isdigit() and not _is_verb(pieces, index)


def _is_verb(pieces: list[Piece], index: int) -> bool:
    """Return whether a word follows a person right away, as verbs do: "Brandt testified …"."""
    return index > 0 and pieces[index - 1].kind == "person"


def _roles(pieces: list[Piece], first: int, last: int) -> Iterator[Role]:
    org_before = _org_before(pieces, first)
    start = org_before[1] if org_before else first
    orgs, end = _orgs_behind(pieces, last)
    persons = _persons(pieces, start, last, end)
    if not persons:
        return
    org = orgs or ([org_before[0]] if org_before else [])
    for rule, person in persons:
        holders: list[Span | None] = list(org) if org else [_subject(pieces, first, person)]
        for span, is_former in _parts(pieces, first, last):
            for holder in holders:
                yield Role((person.start, person.end), span, holder, is_former, rule)


def _org_before(pieces: list[Piece], first: int) -> tuple[Span, int] | None:
    """Return the organisation right before a role, and where what belongs to it starts."""
    index = first - 1
    while index >= 0 and pieces[index].text in ("'", "’", "s", "'s", "’s", "new"):
        index -= 1
    if index < 0:
        return None
    piece = pieces[index]
    if piece.kind in _ORG_KINDS:
        start = index
        while start > 0 and pieces[start - 1].kind == "name" and piece.kind == "name":
            start -= 1
        begin = start
        while begin > 0 and pieces[begin - 1].text.casefold() in {*_DETERMINERS, "former"}:
            begin -= 1
        return (pieces[start].start, _without_possessive(piece)), begin
    if piece.text.endswith(("'s", "’s")) and piece.text[:-2].casefold() in words("firms"):
        begin = index - 1 if index and pieces[index - 1].text.casefold() in _DETERMINERS else index
        return (piece.start, piece.end - 2), begin
    return None


def _without_possessive(piece: Piece) -> int:
    return piece.end - 2 if piece.text.endswith(("'s", "’s")) else piece.end


def _orgs_behind(pieces: list[Piece], last: int) -> tuple[list[Span], int]:
    """Return the organisations behind a role, and the piece behind the last of them."""
    index = last + 1
    if index >= len(pieces) or pieces[index].text.casefold() not in _BEHIND:
        return [], last + 1
    allowed = _BEHIND[pieces[index].text.casefold()]
    index += 1
    described = 0
    while index < len(pieces) and described < 5 and _describes(pieces[index]):
        index += 1
        described += 1
    if index >= len(pieces) or pieces[index].kind not in allowed:
        return [], last + 1
    start = index
    while index + 1 < len(pieces) and pieces[index].kind == pieces[index + 1].kind == "name":
        index += 1
    if pieces[index].kind != "name" and index + 2 < len(pieces):
        is_owned = pieces[index + 1].text in ("'", "’") and pieces[index + 2].text == "s"
        if is_owned and index + 3 < len(pieces) and pieces[index + 3].kind == "org":
            index += 3
        elif pieces[index + 1].text in ("'s", "’s") and pieces[index + 2].kind == "org":
            index += 2
    return [(pieces[start].start, pieces[index].end)], index + 1


def _describes(piece: Piece) -> bool:
    word = piece.text.casefold()
    return piece.kind == "word" and (word in ("the", "a", "an") or word not in words("not_modifiers"))


def _persons(
    pieces: list[Piece], first: int, last: int, end: int
) -> Iterator[tuple[str, Piece]] | list[tuple[str, Piece]]:
    """Return the person of a role, with the rule that found it; none if there is none beside."""
    index = end
    while index < len(pieces) and (
        pieces[index].text in lexicon("honorifics") or pieces[index].text in (",", "(", "“", '"')
    ):
        if pieces[index].text == "," and not _may_name_behind(pieces, first, last, index):
            break
        index += 1
    if index < len(pieces) and pieces[index].kind == "person":
        return [("title", pieces[index])]
    return _before(pieces, first)


def _may_name_behind(pieces: list[Piece], first: int, last: int, comma: int) -> bool:
    """Return whether a person behind a comma has the role: "its chairman, Edda Tolland, said"."""
    following = pieces[comma + 1] if comma + 1 < len(pieces) else None
    if following is None or following.kind != "person" or _before(pieces, first):
        return False
    return first > 0 or last > 0


def _before(pieces: list[Piece], first: int) -> list[tuple[str, Piece]]:
    """Return the person before a role: "Edda Tolland, the", "Tolland, 52, is now the"."""
    index = first - 1
    rule = ""
    steps = 0
    while index >= 0 and steps < 10:
        piece = pieces[index]
        word = piece.text.casefold()
        if piece.kind == "person":
            return [(rule, piece)] if rule else []
        if piece.text in (",", "-", "–", "—", ")", "("):
            rule = rule or "apposition"
        elif word in words("copulas"):
            rule = "copula"
        elif not _is_between(pieces, index):
            return []
        index -= 1
        steps += 1
    return []


def _is_between(pieces: list[Piece], index: int) -> bool:
    """Return whether a piece may stand between a person and a role without parting them."""
    piece = pieces[index]
    word = piece.text.casefold()
    return (
        word in {*_DETERMINERS, "now", "also", "then", "currently", "who", "has", "had", "been", "new"}
        or word in words("kept_before")
        or word.isdigit()
        or "-" in word
        or (piece.kind in ("place", "people") and pieces[index - 1].text in ("(", "-", "of"))
    )


def _parts(pieces: list[Piece], first: int, last: int) -> Iterator[tuple[Span, bool]]:
    """Yield the role, in two where only its second half is a former one: "founder and former CEO"."""
    begin = first
    while begin > 0 and pieces[begin - 1].text.casefold() in ("former", "ex-", "ex"):
        begin -= 1
    for index in range(first + 1, last):
        if pieces[index].text.casefold() in ("and", "&") and _FORMER.match(pieces[index + 1].text):
            yield (pieces[first].start, pieces[index - 1].end), False
            yield (pieces[index + 1].start, pieces[last].end), True
            return
    phrase = " ".join(piece.text for piece in pieces[max(0, first - 4) : first + 1])
    near = " ".join(piece.text for piece in pieces[first : last + 1])
    is_former = _FORMER.search(near) is not None or re.search(r"\bformer\b", phrase) is not None
    yield (pieces[begin].start, pieces[last].end), is_former


def _subject(pieces: list[Piece], first: int, person: Piece) -> Span | None:
    """Return the organisation that opens the sentence, for a post that only one holds there."""
    role = " ".join(piece.text.casefold() for piece in pieces[first : first + 6])
    is_post = re.search(r"\b(?:ceo|cfo|coo|chief \w+|chairman|chairwoman|chair|president)\b", role)
    opener = next((piece for piece in pieces if piece.kind != "mark"), None)
    if is_post and opener and opener.kind == "org" and opener.start < person.start:
        return (opener.start, opener.end)
    return None
