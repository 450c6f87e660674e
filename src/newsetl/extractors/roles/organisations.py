"""Where the organisation of a role stands: before it, behind it, or at the sentence's start."""

import re

from newsetl.extractors.roles.pieces import (
    ARTICLES,
    DETERMINERS,
    POSSESSIVES,
    Piece,
    Span,
    words,
)

_ORG_KINDS = frozenset({"org", "place", "people", "name"})
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

_POSTS = frozenset(
    "ceo cfo coo officer president chairman chairwoman chair founder executive".split()
)
"""Posts that organisations alone have: what they are "of" is one, whatever it looks like."""

_PASSED = frozenset(
    "new newly recently then former current outgoing incoming named appointed".split()
)
"""What may stand between an organisation and a role without being part of either."""

_VERBS = frozenset("is was are were has have had said says will would".split())


def org_before(pieces: list[Piece], first: int) -> tuple[Span, int, int] | None:
    """Return the organisation before a role, the piece where it starts, and where the role does.

    It may be one that the model took for a person, since nobody stands right before a role without
    a comma: "Wikileaks editor Kristinn". A common noun counts with a possessive: "the firm's head".
    """
    index = first - 1
    is_owned = False
    while index >= 0 and (
        pieces[index].text in POSSESSIVES or pieces[index].text.casefold() in _PASSED
    ):
        is_owned |= pieces[index].text in POSSESSIVES
        index -= 1
    if index < 0:
        return None
    piece = pieces[index]
    start = index
    if (
        piece.kind in ("org", "place", "people", "name")
        or (piece.kind == "person" and index == first - 1)
        or (piece.kind == "person" and is_owned)
    ):
        while start > 0 and piece.kind == pieces[start - 1].kind == "name":
            start -= 1
        if not is_owned and start > 0 and pieces[start - 1].kind in ("org", "place"):
            first = start  # the Calder Times Norland correspondent
            start = index = start - 1
        span = (pieces[start].start, pieces[index].end)
    elif is_owned and piece.kind == "word" and piece.text.casefold() in words("owners"):
        is_prime = index > 0 and pieces[index - 1].text.casefold() == "prime"
        start -= is_prime
        span = (pieces[start].start, piece.end)
    else:
        return None
    begin = start
    while begin > 0 and pieces[begin - 1].text.casefold() in words("kept_before"):
        begin -= 1
        first = begin  # the principal deputy Calder Council secretary
    while begin > 0 and pieces[begin - 1].text.casefold() in DETERMINERS:
        begin -= 1
    return span, begin, first


def orgs_behind(pieces: list[Piece], last: int) -> tuple[list[Span], int]:
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
    while end < len(pieces) and end - index < 4 and pieces[end].text.casefold() in DETERMINERS:
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
        and pieces[index + 1].text in POSSESSIVES
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
        index += _bracketed(pieces, index)
    while index < len(pieces) and (
        pieces[index].kind == "place" or pieces[index].text.casefold() in ("in", ",")
    ):
        index += 1
    if index + 1 < len(pieces) and pieces[index].text.casefold() in ("and", "&"):
        index += 1
        index += pieces[index].text.casefold() in ("the", "at")
        if index < len(pieces) and pieces[index].kind == "org":
            following = pieces[index + 1] if index + 1 < len(pieces) else None
            is_subject = (
                following is not None and following.kind == "word" and following.text in _VERBS
            )
            return None if is_subject else index
    return None


def _bracketed(pieces: list[Piece], index: int) -> int:
    """Return how many pieces a short form in brackets takes: "(CRA)"."""
    ends = [i for i, piece in enumerate(pieces[index : index + 5]) if piece.text == ")"]
    return ends[0] + 1 if ends else 0


def _describes(pieces: list[Piece], index: int) -> bool:
    """Return whether a piece may describe an organisation: "the Norian toy and game firm"."""
    piece = pieces[index]
    word = piece.text.casefold()
    if word in ("and", "&"):
        following = pieces[index + 1] if index + 1 < len(pieces) else None
        return following is not None and following.kind == "word"
    if piece.kind == "people" or word in ("called", "named"):
        return True
    return piece.kind == "word" and (word in ARTICLES or word not in words("not_modifiers"))


def joined_org(pieces: list[Piece], start: int) -> Span | None:
    """Return the organisation of "joined Calder Mill as chief executive"."""
    if start < 3 or pieces[start - 1].text.casefold() != "as":
        return None
    org, verb = pieces[start - 2], pieces[start - 3].text.casefold()
    is_join = verb in ("joined", "joins", "joining", "left", "leaves", "rejoined")
    return (org.start, org.end) if is_join and org.kind in ("org", "name") else None


def subject_org(pieces: list[Piece], first: int, person: Piece) -> Span | None:
    """Return the organisation that opens the sentence, for a post that only one holds there."""
    role = " ".join(piece.text.casefold() for piece in pieces[first : first + 6])
    is_post = re.search(r"\b(?:ceo|cfo|coo|chief \w+|chairman|chairwoman|chair|president)\b", role)
    opener = next((piece for piece in pieces if piece.kind != "mark"), None)
    if is_post and opener and opener.kind == "org" and opener.start < person.start:
        return (opener.start, opener.end)
    return None
