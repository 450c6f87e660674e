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


_PIECE = re.compile(r"['’]s\b|[^\W_](?:[\w'’.&-]*[\w])?|[^\w\s]|_", re.UNICODE)
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

_POSTNOMINAL = re.compile(r"[A-Z]{2,5}|Ph\.?D\.?|M\.D\.|Jr\.?|Sr\.?")
_POSSESSIVES = frozenset(("'s", "’s", "'", "’"))
_PARTY_STATE = re.compile(r"[A-Z]{1,3}[-–][A-Z][\w.]*")
_ARTICLES = frozenset(("the", "a", "an"))
_DETERMINERS = frozenset("a an the his her its our their this".split())
_POSTS = frozenset("ceo cfo coo officer president chairman chairwoman chair founder executive".split())
"""Posts that organisations alone have, so that what they are "of" is one, whatever it looks like."""

_PASSED = frozenset("new newly recently then former current outgoing incoming named appointed".split())
"""What may stand between an organisation and a role without being part of either."""

_VERBS = frozenset("is was are were has have had said says will would".split())
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
            for role in _in_sentence(_pieces(text, start, end, inside)):
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
) -> list[Piece]:
    found: list[Piece] = []
    place = start
    for first, last, label in [*mentions, (end, end, "")]:
        for word in _PIECE.finditer(text, place, max(place, first)):
            for piece in _unpossessive(word.start(), word[0]):
                found.append(piece._replace(kind=_kind(piece.text, opens=piece.start == start)))
        if label and first >= place:
            name = text[first:last]
            kind = _KINDS.get(label, "word")
            if name.casefold() in words("heads") or name in lexicon("honorifics"):
                kind = "word"
            elif kind == "person" and _PARTY_STATE.fullmatch(name):
                kind = "name"
            found.append(Piece(first, last, kind, name))
        place = max(place, last)
    return found


def _unpossessive(start: int, word: str) -> Iterator[Piece]:
    """Yield a word and its possessive as two pieces, as the possessive of a name stands alone."""
    for ending in ("'s", "’s"):
        if word.endswith(ending) and len(word) > 2:
            cut = start + len(word) - 2
            yield Piece(start, cut, "word", word[:-2])
            yield Piece(cut, cut + 2, "mark", ending)
            return
    yield Piece(start, start + len(word), "word", word)


def _kind(word: str, *, opens: bool) -> str:
    if not word[0].isalnum():
        return "mark"
    is_title = word.casefold() in words("heads") | words("kept_before")
    is_name = word[0].isupper() and not opens and not is_title and len(word) > 1
    is_name = is_name and word not in lexicon("honorifics") and word not in lexicon("offices")
    return "name" if is_name else "word"


def _in_sentence(pieces: list[Piece]) -> Iterator[Role]:
    last_holder: tuple[int, Piece] | None = None  # where the role before ended, and whose it is
    index = 0
    while index < len(pieces):
        if _is_head(pieces, index) and not _is_listed(pieces, index):
            first, last = _phrase(pieces, index)
            stated, end = _roles(pieces, first, last, last_holder)
            for role, person in stated:
                last_holder = (end, person)
                yield role
            index = last
        index += 1


def _is_listed(pieces: list[Piece], index: int) -> bool:
    """Return whether the role is the first of a list that the phrase of a later one takes in."""
    index += 1
    if index < len(pieces) and pieces[index].text.casefold() in (",", "and", "&"):
        start = index + 1
        start += start < len(pieces) and pieces[start].text.casefold() in ("and", "&")
        end = next(
            (place for place in range(start, min(start + 5, len(pieces))) if _is_head(pieces, place)),
            None,
        )
        return end is not None and _phrase(pieces, end)[0] < index
    return False


def _is_head(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    if piece.kind != "word" or piece.text.casefold() not in words("heads"):
        return False
    # The head is the last noun: "chief operating officer", not "chief".
    ahead = _words_from(pieces, index + 1)[:3]
    count = next((i for i, word in enumerate(ahead) if word in words("not_modifiers")), len(ahead))
    if any(word in words("heads") for word in ahead[:count]):
        return False
    following = pieces[index + 1] if index + 1 < len(pieces) else None
    if following is None:
        return True
    is_modifier = piece.text.casefold() in words("kept_before") and following.kind == "org"
    return following.text not in _POSSESSIVES and not is_modifier


def _phrase(pieces: list[Piece], head: int) -> tuple[int, int]:
    """Return the first and the last piece of the role whose head stands at `head`."""
    first = head
    while first > 0 and head - first < _LONGEST and _is_modifier(pieces, first - 1):
        first -= 1
    joint = first - 1
    is_list = joint > 0 and pieces[joint].text.casefold() in ("and", "&")
    while joint > 0 and pieces[joint].text.casefold() in ("and", "&", ","):
        place = joint - 1 - (pieces[joint - 1].text == ",")
        if not is_list or place < 0 or pieces[place].text.casefold() not in words("heads"):
            break
        first = place
        while first > 0 and place - first < _LONGEST and _is_modifier(pieces, first - 1):
            first -= 1
        joint = first - 1
    last = head
    subject = _words_from(pieces, head + 1)
    if subject[:3] == ["of", "the", "board"]:
        return first, head + (5 if subject[3:5] == ["of", "directors"] else 3)
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
    if piece.kind != "word":
        return False
    word = piece.text.casefold()
    return word not in words("not_modifiers") and not word[0].isdigit() and not _is_verb(pieces, index)


def _is_verb(pieces: list[Piece], index: int) -> bool:
    """Return whether a word follows a person right away, as verbs do: "Brandt testified …"."""
    looks_so = pieces[index].text.casefold().endswith(("ed", "s"))
    return looks_so and index > 0 and pieces[index - 1].kind == "person"


def _roles(
    pieces: list[Piece], first: int, last: int, last_holder: tuple[int, Piece] | None
) -> tuple[list[tuple[Role, Piece]], int]:
    """Return the roles of a phrase, with their person, and the piece behind all of them."""
    org_before = _org_before(pieces, first)
    start = first
    if org_before:
        start, first = org_before[1:]
    orgs, end = _orgs_behind(pieces, last)
    if pieces[min(last + 1, len(pieces) - 1)].text.casefold() == "to":
        last = end - 1
    holder = _person(pieces, start, end, has_org=bool(orgs))
    if holder is None and last_holder and _continues(pieces, last_holder[0], start):
        holder = ("apposition", last_holder[1])
    if holder is None:
        return [], end
    rule, person = holder
    if org_before and not _may_hold(pieces, org_before[0], last):
        org_before = None
    places: list[Span | None] = [*orgs] or [org_before[0] if org_before else None]
    if places == [None]:
        places = [_joined(pieces, start) or _subject(pieces, first, person)]
    found = [
        (Role((person.start, person.end), span, place, is_former, rule), person)
        for span, is_former in _parts(pieces, first, last)
        for place in places
        if place is None or place[0] != person.start
    ]
    return found, end


def _may_hold(pieces: list[Piece], org: Span, last: int) -> bool:
    """Return whether it may be the organisation of a role: a people has leaders, no novelists."""
    piece = next(piece for piece in pieces if piece.start == org[0])
    return piece.kind != "people" or pieces[last].text.casefold() in words("state_posts")


def _continues(pieces: list[Piece], end: int, start: int) -> bool:
    """Return whether a role goes on a list of roles: "chair of A and, since May, director of B"."""
    between = [piece.text.casefold() for piece in pieces[end:start]]
    allowed = {"and", ",", ";", "also", "as", "is", "was", *_DETERMINERS, *words("kept_before")}
    return len(between) < 6 and set(between) <= allowed


def _joined(pieces: list[Piece], start: int) -> Span | None:
    """Return the organisation of "joined Calder Mill as chief executive"."""
    if start < 3 or pieces[start - 1].text.casefold() != "as":
        return None
    org, verb = pieces[start - 2], pieces[start - 3].text.casefold()
    is_join = verb in ("joined", "joins", "joining", "left", "leaves", "rejoined")
    return (org.start, org.end) if is_join and org.kind in ("org", "name") else None


def _org_before(pieces: list[Piece], first: int) -> tuple[Span, int, int] | None:
    """Return the organisation before a role, the piece where it starts, and where the role does.

    It may be one that the model took for a person, since nobody stands right before a role without
    a comma: "Wikileaks editor Kristinn". A common noun counts with a possessive: "the firm's head".
    """
    index = first - 1
    is_owned = False
    while index >= 0 and (
        pieces[index].text in _POSSESSIVES or pieces[index].text.casefold() in _PASSED
    ):
        is_owned |= pieces[index].text in _POSSESSIVES
        index -= 1
    if index < 0:
        return None
    piece = pieces[index]
    start = index
    if piece.kind in ("org", "place", "people", "name") or (piece.kind == "person" and index == first - 1) or (piece.kind == "person" and is_owned):
        while start > 0 and piece.kind == pieces[start - 1].kind == "name":
            start -= 1
        if not is_owned and start > 0 and pieces[start - 1].kind in ("org", "place"):
            first = start  # the Calder Times Norland correspondent
            start = index = start - 1
        span = (pieces[start].start, pieces[index].end)
    elif is_owned and piece.kind == "word" and piece.text.casefold() in words("owners"):
        span = (piece.start, piece.end)
    else:
        return None
    begin = start
    while begin > 0 and pieces[begin - 1].text.casefold() in words("kept_before"):
        begin -= 1
        first = begin  # the principal deputy Calder Council secretary
    while begin > 0 and pieces[begin - 1].text.casefold() in _DETERMINERS:
        begin -= 1
    return span, begin, first


def _orgs_behind(pieces: list[Piece], last: int) -> tuple[list[Span], int]:
    """Return the organisations behind a role, and the piece behind the last of them."""
    index = last + 1
    if index >= len(pieces):
        return [], index
    link = pieces[index].text.casefold()
    if link == "to":
        return [], _behind_object(pieces, index)
    if link not in _BEHIND:
        return [], index
    index += 1
    first = index
    while index < len(pieces) and index - first < 9 and _describes(pieces, index):
        index += 1
    if index >= len(pieces):
        return [], last + 1
    is_odd = pieces[index].kind == "person" and " " not in pieces[index].text
    is_odd = is_odd and link in ("of", "at") and pieces[last].text.casefold() in _POSTS
    if pieces[index].kind not in _BEHIND[link] and not is_odd:
        owner = pieces[index - 1]
        if link == "of" and owner.text.casefold() in words("owners") and index > first:
            return [(owner.start, owner.end)], index
        return [], last + 1
    found = []
    while True:
        span, index = _whole(pieces, index)
        found.append(span)
        after = _next_org(pieces, index)
        if after is None:
            return found, index
        index = after


def _behind_object(pieces: list[Piece], index: int) -> int:
    """Return the piece behind "to Norland" or "to the minister", which is part of the role."""
    end = index + 1
    while end < len(pieces) and end - index < 4 and pieces[end].text.casefold() in _DETERMINERS:
        end += 1
    is_place = end < len(pieces) and pieces[end].kind in _ORG_KINDS
    return end + 1 if is_place else index


def _whole(pieces: list[Piece], index: int) -> tuple[Span, int]:
    """Return the span of an organisation with the part of it that it owns, and the piece behind."""
    start = index
    while (
        index + 1 < len(pieces)
        and pieces[index].kind in ("name", "place")
        and pieces[index + 1].kind == "name"
    ):
        index += 1
    while (
        index + 2 < len(pieces)
        and pieces[index + 1].text in _POSSESSIVES
        and pieces[index + 2].kind in ("org", "place", "name")
    ):
        index += 2
    return (pieces[start].start, pieces[index].end), index + 1


def _next_org(pieces: list[Piece], index: int) -> int | None:
    """Return the piece of another organisation in the same list: "at A in Calder, and B"."""
    if (
        index + 2 < len(pieces)
        and pieces[index].text == ","
        and pieces[index + 1].kind == "org"
        and pieces[index + 2].text in (",", "and")
    ):
        return index + 1
    if index < len(pieces) and pieces[index].text == "(":
        index += next((i for i in range(2, 5) if pieces[index + i : index + i + 1] and pieces[index + i].text == ")"), -1) + 1
    while index < len(pieces) and (
        pieces[index].kind == "place" or pieces[index].text.casefold() in ("in", ",")
    ):
        index += 1
    if index + 1 < len(pieces) and pieces[index].text.casefold() in ("and", "&"):
        index += 1
        index += pieces[index].text.casefold() in ("the", "at")
        if index < len(pieces) and pieces[index].kind == "org":
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            is_subject = following is not None and following.kind == "word" and following.text in _VERBS
            return None if is_subject else index
    return None


def _describes(pieces: list[Piece], index: int) -> bool:
    """Return whether a piece may describe an organisation: "of the Norian toy and game firm Tarn"."""
    piece = pieces[index]
    word = piece.text.casefold()
    if word in ("and", "&"):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        return following is not None and following.kind == "word"
    if piece.kind == "people" or word in ("called", "named"):
        return True
    return piece.kind == "word" and (word in _ARTICLES or word not in words("not_modifiers"))


def _person(
    pieces: list[Piece], first: int, end: int, *, has_org: bool
) -> tuple[str, Piece] | None:
    """Return the person of a role, with the rule that found it; None if there is none beside.

    Behind the role one stands as behind a title; after a comma only if none stands before it.
    """
    index = end
    before = _before(pieces, first, has_org=has_org)
    while index < len(pieces) and (
        pieces[index].text in lexicon("honorifics") or pieces[index].text in ",(“\""
    ):
        if pieces[index].text == "," and before:
            break
        index += 1
    if index < len(pieces) and pieces[index].kind == "person":
        return "title", pieces[index]
    return before


def _before(pieces: list[Piece], first: int, *, has_org: bool) -> tuple[str, Piece] | None:
    """Return the person before a role: "Edda Tolland, the", "Tolland, 52, is now the"."""
    index, rule, steps = first - 1, "", 0
    while index >= 0 and steps < 14:
        piece = pieces[index]
        word = piece.text.casefold()
        if piece.text == ")":
            index = _opening(pieces, index)
            rule = rule or "apposition"
        elif piece.kind == "person":
            is_the = has_org and pieces[index + 1].text == "the"
            return (rule or "apposition", piece) if rule or is_the else None
        elif piece.text in (",", "-", "–", "—"):
            rule = rule or "apposition"
        elif word in words("copulas"):
            rule = "copula"
            if index and pieces[index - 1].text.casefold() in ("and", ","):
                opener = next((item for item in pieces if item.kind not in ("mark", "word")), None)
                return (rule, opener) if opener and opener.kind == "person" else None
        elif rule == "copula" and _is_joining(pieces, index):
            pass
        elif not _is_between(pieces, index):
            return None
        index -= 1
        steps += 1
    return None


def _opening(pieces: list[Piece], index: int) -> int:
    """Return the place of the bracket that the one at `index` closes, or the first piece."""
    depth = 0
    while index > 0:
        depth += (pieces[index].text == ")") - (pieces[index].text == "(")
        if not depth:
            break
        index -= 1
    return index


def _is_joining(pieces: list[Piece], index: int) -> bool:
    """Return whether the piece is part of "joined Calder Mill" before "as"."""
    joins = ("joined", "joins", "joining", "left", "leaves", "rejoined")
    return pieces[index].text.casefold() in joins or (
        index > 0 and pieces[index - 1].text.casefold() in joins
    )


def _is_between(pieces: list[Piece], index: int) -> bool:
    """Return whether a piece may stand between a person and a role without parting them."""
    piece = pieces[index]
    word = piece.text.casefold()
    return (
        word in {*_DETERMINERS, "now", "also", "then", "currently", "who", "has", "had", "been", "new"}
        or word in words("kept_before")
        or word.isdigit()
        or "-" in word
        or _POSTNOMINAL.fullmatch(piece.text) is not None
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
    before = [piece.text.casefold() for piece in pieces[max(0, begin - 4) : first + 1]]
    inside = " ".join(piece.text for piece in pieces[begin : last + 1])
    yield (
        (pieces[begin].start, pieces[last].end),
        _FORMER.search(inside) is not None or "former" in before or "ex" in before,
    )


def _subject(pieces: list[Piece], first: int, person: Piece) -> Span | None:
    """Return the organisation that opens the sentence, for a post that only one holds there."""
    role = " ".join(piece.text.casefold() for piece in pieces[first : first + 6])
    is_post = re.search(r"\b(?:ceo|cfo|coo|chief \w+|chairman|chairwoman|chair|president)\b", role)
    opener = next((piece for piece in pieces if piece.kind != "mark"), None)
    if is_post and opener and opener.kind == "org" and opener.start < person.start:
        return (opener.start, opener.end)
    return None
