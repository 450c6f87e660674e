"""Who takes up a role and who gives one up: the verb before it tells both.

"Ada Finch stepped down as chair of Marl Bank", "the bank named Tom Reyes chief executive", "she
succeeds Ada Finch as editor": posts as news tells of them most often.
"""

from typing import NamedTuple

from newsetl.extractors.roles.pieces import DETERMINERS, Piece, Span, words


class Change(NamedTuple):
    """The piece of who holds a role, whether no more, and what else the verb tells."""

    person: Piece
    former: bool
    org: Span | None = None
    predecessor: Piece | None = None
    ahead: bool = False
    """It is still to come: the predecessor holds the role."""


_PARTICLES = frozenset(("over", "down", "aside", "back", "in", "up", "away"))
_SKIPPED = frozenset(
    "has had have been be is was were also formally recently later then who".split()
)
_AHEAD = frozenset("will would to may could".split())
_MOST_BETWEEN = 4
_MOST_BEFORE = 6


def change_before(pieces: list[Piece], first: int) -> Change | None:
    """Return the change that leads to the role at `first`; None where no such verb stands there."""
    index = _skipped(pieces, first - 1)
    if index < 1:
        return None
    link = pieces[index].text.casefold()
    if link == "as":
        return _led_to(pieces, index - 1)
    if link == "to" and pieces[index - 1].text.casefold() in words("raised"):
        person = _subject(pieces, index - 2)
        return Change(person, former=False) if person else None
    return _named(pieces, index, words("named"))


def _led_to(pieces: list[Piece], last: int) -> Change | None:
    """Return the change whose verb, with its object, ends at `last`, before "as"."""
    last = _object(pieces, last)
    if pieces[last].kind == "person":
        return _succeeded(pieces, last) or _named(pieces, last, words("named") | words("engaged"))
    for index in range(last, max(last - _MOST_BETWEEN, -1), -1):
        word = pieces[index].text.casefold()
        if pieces[index].kind in ("person", "mark"):
            return None
        verb = index - (word in _PARTICLES)
        name = pieces[verb].text.casefold()
        phrase = f"{name} {word}" if verb < index else name
        if verb < 0 or phrase.replace(" ", "-") not in words("taken_up") | words("given_up"):
            continue
        is_given = phrase.replace(" ", "-") in words("given_up")
        person = _subject(pieces, verb - 1)
        is_ahead = not (_AHEAD | {"is", "are"}).isdisjoint(_auxiliaries(pieces, verb - 1))
        is_past = name.endswith("ed") or name in ("stood", "quit", "left")
        return Change(person, is_given and is_past and not is_ahead) if person else None
    return None


def _object(pieces: list[Piece], last: int) -> int:
    """Return the person before ", 52," or "from Oakwell" that ends at `last`, or `last`."""
    before = [piece.text for piece in pieces[max(0, last - 2) : last + 1]]
    if len(before) == 3 and before[0] == before[2] == "," and before[1].isdigit():
        return last - 3
    is_from = last > 1 and pieces[last - 1].text == "from" and pieces[last - 2].kind == "person"
    return last - 2 if is_from else last


def _succeeded(pieces: list[Piece], last: int) -> Change | None:
    """Return the change of "A succeeds B" or "B was succeeded by A", the name behind at `last`."""
    verb = last - 1
    is_passive = verb > 0 and pieces[verb].text.casefold() == "by"
    verb -= is_passive
    if verb < 1 or pieces[verb].text.casefold() not in words("succeeded"):
        return None
    other, before = pieces[last], _subject(pieces, verb - 1)
    is_ahead = not _AHEAD.isdisjoint(_auxiliaries(pieces, verb - 1))
    if is_passive:
        return Change(other, former=False, predecessor=before, ahead=is_ahead)
    if before is None:
        return Change(other, former=not is_ahead)
    return Change(before, former=False, predecessor=other, ahead=is_ahead)


def _named(pieces: list[Piece], index: int, verbs: frozenset[str]) -> Change | None:
    """Return the change of "the bank named A …", where A stands at `index`."""
    if index < 1 or pieces[index].kind != "person":
        return None
    verb = index - 1
    if pieces[verb].text.casefold() not in verbs:
        return None
    at = verb - 1
    while at >= 0 and (pieces[at].text.casefold() in _SKIPPED | _AHEAD):
        at -= 1
    org = pieces[at] if at >= 0 and pieces[at].kind == "org" else None
    return Change(pieces[index], former=False, org=(org.start, org.end) if org else None)


def _skipped(pieces: list[Piece], index: int) -> int:
    """Return the piece before the words that may open a role: its new, the."""
    while index >= 0 and pieces[index].text.casefold() in DETERMINERS | {"new", "next", "first"}:
        index -= 1
    return index


def _auxiliaries(pieces: list[Piece], index: int) -> set[str]:
    found = set()
    while index >= 0 and pieces[index].text.casefold() in _SKIPPED | _AHEAD:
        found.add(pieces[index].text.casefold())
        index -= 1
    return found


def _subject(pieces: list[Piece], index: int) -> Piece | None:
    """Return the person before a verb: Ada Finch, 52, who has …; None if another word is there."""
    least = max(0, index - _MOST_BEFORE)
    while index >= least:
        piece = pieces[index]
        if piece.kind == "person":
            return piece
        is_passed = piece.text == "," or piece.text.isdigit()
        if not is_passed and piece.text.casefold() not in _SKIPPED | _AHEAD:
            return None
        index -= 1
    return None
