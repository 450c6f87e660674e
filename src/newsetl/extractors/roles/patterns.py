"""Where a role and its person stand in a sentence."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsetl.extractors.names.mention import lexicon
from newsetl.extractors.roles.changes import change_before
from newsetl.extractors.roles.organisations import joined_org, org_before, orgs_behind, subject_org
from newsetl.extractors.roles.pieces import (
    DETERMINERS,
    POSSESSIVES,
    Piece,
    Span,
    may_hold_head,
    pieces_of,
    words,
)


class Role(NamedTuple):
    """Spans of person, role and organisation in the text, and what the wording says of them."""

    person: Span
    role: Span
    org: Span | None
    former: bool
    rule: str


_FORMER = re.compile(r"\b(?:former|ex|one-time|onetime|late|retired)\b-?", re.IGNORECASE)
_FORMERLY = frozenset(("formerly", "previously", "once", "until"))
_POSTNOMINAL = re.compile(r"[A-Z]{2,5}|Ph\.?D\.?|M\.D\.|Jr\.?|Sr\.?")
_CLOSING = frozenset("\"”’'")
_LONGEST = 8
"""Words that a role, or the description of an organisation, may have."""


def find(
    text: str, sentences: Sequence[Span], mentions: Sequence[tuple[int, int, str]]
) -> list[Role]:
    """Return the roles that the sentences state, in the order of the text, each once."""
    found: dict[tuple[Span, Span, Span | None], Role] = {}
    ordered = sorted(mentions)
    starts = [first for first, _, _ in ordered]
    for start, end in sentences:
        within = ordered[bisect_left(starts, start) : bisect_left(starts, end)]
        inside = [item for item in within if item[1] <= end]
        has_person = any(label == "PERSON" for _, _, label in inside)
        if has_person and may_hold_head(text[start:end]):
            for role in _in_sentence(pieces_of(text, start, end, inside)):
                found.setdefault(role[:3], role)
    return sorted(found.values(), key=lambda role: (role.role, role.person))


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
            (
                place
                for place in range(start, min(start + 5, len(pieces)))
                if _is_head(pieces, place)
            ),
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
    return following.text not in POSSESSIVES and not is_modifier


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
            following is not None
            and (
                following.kind == "org"
                or (following.kind == "person" and " " not in following.text)
            )
        )
        if 1 < count <= 4 and not is_firm:
            last = head + count
    return first, _behind_portfolio(pieces, head) or last


def _behind_portfolio(pieces: list[Piece], head: int) -> int | None:
    """Return the last piece of "Minister for Trade and Industry", or None for other posts.

    Behind "of" stands a portfolio or a body: Secretary of State, but of the union.
    """
    link = pieces[head + 1].text.casefold() if head + 1 < len(pieces) else ""
    if pieces[head].text.casefold() not in ("minister", "secretary") or link not in ("for", "of"):
        return None
    last = head + 1
    for index in range(head + 2, min(head + 2 + _LONGEST, len(pieces))):
        piece = pieces[index]
        is_known = piece.text.casefold() in words("portfolios")
        if is_known or (link == "for" and piece.kind in ("org", "name")):
            last = index
        elif piece.text.casefold() not in ("and", "&", ",", "the"):
            break
    return last if last > head + 1 else None


_ENDS = frozenset(
    "the a an at of in for with who and which that is was said says on to told has had from".split()
)


def _words_from(pieces: list[Piece], index: int) -> list[str]:
    found: list[str] = []
    while index < len(pieces) and pieces[index].kind == "word" and len(found) < _LONGEST:
        found.append(pieces[index].text.casefold())
        index += 1
    return found


def _is_modifier(pieces: list[Piece], index: int) -> bool:
    piece = pieces[index]
    if piece.kind != "word":
        return False
    word = piece.text.casefold()
    if index and pieces[index - 1].text in _CLOSING and word in words("telling"):
        return False  # “…?” asked prosecutor …
    if (
        piece.text.islower()
        and pieces[index + 1].text.istitle()
        and word not in words("kept_before")
    ):
        return False  # urging Mines Minister …
    return (
        word not in words("not_modifiers") and not word[0].isdigit() and not _is_verb(pieces, index)
    )


def _is_verb(pieces: list[Piece], index: int) -> bool:
    """Return whether a word follows a person right away, as verbs do: "Brandt testified …"."""
    looks_so = pieces[index].text.casefold().endswith(("ed", "s"))
    return looks_so and index > 0 and pieces[index - 1].kind == "person"


def _roles(
    pieces: list[Piece], first: int, last: int, last_holder: tuple[int, Piece] | None
) -> tuple[list[tuple[Role, Piece]], int]:
    """Return the roles of a phrase, with their person, and the piece behind all of them."""
    before = org_before(pieces, first)
    start = first
    if before:
        start, first = before[1:]
    orgs, end = orgs_behind(pieces, last)
    if pieces[min(last + 1, len(pieces) - 1)].text.casefold() == "to":
        last = end - 1
    change = None if _is_clause(pieces, start, end) else change_before(pieces, start)
    holder = _person(pieces, start, end, has_org=bool(orgs))
    if change:
        holder = ("change", change.person)
    if holder is None and last_holder and _continues(pieces, last_holder[0], start):
        holder = ("apposition", last_holder[1])
    if holder is None:
        return [], end
    rule, person = holder
    if rule == "title" and not orgs and not before:
        orgs = _of_person(pieces, person)
    if before and not _may_hold(pieces, before[0], last):
        before = None
    places: list[Span | None] = [*orgs] or [before[0] if before else None]
    if places == [None]:
        named = change.org if change else None
        places = [named or joined_org(pieces, start) or subject_org(pieces, first, person)]
    held = [(person, change is not None and change.former)]
    if change and change.predecessor:
        held.append((change.predecessor, not change.ahead))
    found: list[tuple[Role, Piece]] = [
        (Role((who.start, who.end), span, place, is_former or is_past, rule), who)
        for who, is_past in held
        for span, is_former in _parts(pieces, first, last)
        for place in places
        if place is None or place[0] != who.start
    ]
    return found, end


def _is_clause(pieces: list[Piece], start: int, end: int) -> bool:
    """Return whether a role is the title of who follows it: resigned as President Brandt spoke."""
    behind = end + (end < len(pieces) and pieces[end].text in lexicon("honorifics"))
    is_bare = start < 1 or pieces[start - 1].text.casefold() not in DETERMINERS
    return is_bare and behind < len(pieces) and pieces[behind].kind == "person"


def _of_person(pieces: list[Piece], person: Piece) -> list[Span]:
    """Return the organisations behind a person with a title: analyst Edda Tolland of Tarn Bank."""
    at = pieces.index(person)
    link = pieces[at + 1].text.casefold() if at + 1 < len(pieces) else ""
    found = orgs_behind(pieces, at)[0] if link in ("of", "at", "from") else []
    kinds = {piece.start: piece.kind for piece in pieces[at:]}
    return [span for span in found if kinds.get(span[0]) == "org"]


def _may_hold(pieces: list[Piece], org: Span, last: int) -> bool:
    """Return whether it may be the organisation of a role: a people has leaders, no novelists.

    A person has a lawyer, who is no lawyer of a body.
    """
    piece = next(piece for piece in pieces if piece.start == org[0])
    post = pieces[last].text.casefold()
    if piece.kind == "person" and post in words("personal"):
        return False
    return piece.kind != "people" or post in words("state_posts")


def _continues(pieces: list[Piece], end: int, start: int) -> bool:
    """Return whether a role goes on a list of roles: "chair of A and, since May, director of B"."""
    between = [piece.text.casefold() for piece in pieces[end:start]]
    allowed = {"and", ",", ";", "also", "as", "is", "was", *DETERMINERS, *words("kept_before")}
    return len(between) < 6 and set(between) <= allowed


def _person(
    pieces: list[Piece], first: int, end: int, *, has_org: bool
) -> tuple[str, Piece] | None:
    """Return the person of a role, with the rule that found it; None if there is none beside.

    Behind the role one stands as behind a title; after a comma only if none stands before it.
    """
    index = end
    before = _before(pieces, first, has_org=has_org)
    while index < len(pieces) and (
        pieces[index].text in lexicon("honorifics") or pieces[index].text in ',(“"'
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
        elif piece.text in (",", "-", "–", "—", "("):
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
        word
        in {*DETERMINERS, "now", "also", "then", "currently", "who", "has", "had", "been", "new"}
        or word in words("kept_before")
        or word in _FORMERLY
        or word.isdigit()
        or "-" in word
        or _POSTNOMINAL.fullmatch(piece.text) is not None
        or (piece.kind in ("place", "people") and pieces[index - 1].text in ("(", "-", "of"))
    )


def _parts(pieces: list[Piece], first: int, last: int) -> Iterator[tuple[Span, bool]]:
    """Yield the role, in two where only the second is a former one: "founder and former CEO"."""
    begin = first
    while begin > 0 and pieces[begin - 1].text.casefold() in ("former", "ex-", "ex"):
        begin -= 1
    is_past = begin > 0 and pieces[begin - 1].text.casefold() in _FORMERLY
    for index in range(first + 1, last):
        if pieces[index].text.casefold() in ("and", "&") and _FORMER.match(pieces[index + 1].text):
            yield (pieces[first].start, pieces[index - 1].end), False
            yield (pieces[index + 1].start, pieces[last].end), True
            return
    before = [piece.text.casefold() for piece in pieces[max(0, begin - 4) : first + 1]]
    inside = " ".join(piece.text for piece in pieces[begin : last + 1])
    yield (
        (pieces[begin].start, pieces[last].end),
        is_past or _FORMER.search(inside) is not None or "former" in before or "ex" in before,
    )
