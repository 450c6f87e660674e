"""Who takes up a role and who gives one up: the verb before it tells both.

"Ada Finch stepped down as chair of Marl Bank", "the bank named Tom Reyes chief executive", "she
succeeds Ada Finch as editor": posts as news tells of them most often.
"""

from typing import NamedTuple

from newsetl.extractors.names.mention import lexicon
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
_UNSURE = frozenset("would may could might can should must".split())
_AHEAD = _UNSURE | {"will", "to"}
_NEGATIONS = frozenset(("not", "never", "cannot"))
_HELPERS = _SKIPPED | _AHEAD | _NEGATIONS | {"did", "does", "do"}
_LINKS = frozenset("of to by with for from against".split())
_TAKING = frozenset("take takes took taken taking".split())
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
        verb = _verb(pieces, last)
        return (
            _succeeded(pieces, last, verb)
            or _dropped(pieces, last, verb)
            or _named(pieces, last, words("named") | words("engaged"))
        )
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
        helpers = _auxiliaries(pieces, verb - 1)
        if helpers & _NEGATIONS:
            return None
        is_ahead = not helpers.isdisjoint(_AHEAD | {"is", "are"})
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


def _verb(pieces: list[Piece], person: int) -> int:
    """Return the place of the word before a person and the title."""
    index = person - 1
    while index > 0 and pieces[index].text in lexicon("honorifics"):
        index -= 1
    return index


def _succeeded(pieces: list[Piece], last: int, verb: int) -> Change | None:
    """Return the change of "A succeeds B" or "B was succeeded by A", the name behind at `last`."""
    name = pieces[verb].text.casefold() if verb > 0 else ""
    before = [piece.text.casefold() for piece in pieces[max(0, verb - 2) : verb]]
    if name == "from" and before[1:] == ["over"] and before[0] in _TAKING:
        verb -= 2  # took over from
    elif name == "by":
        return _passive(pieces, last, verb - 1)
    elif name not in words("succeeded"):
        return None
    helpers = _auxiliaries(pieces, verb - 1)
    if helpers & _NEGATIONS:
        return None
    is_ahead = not _AHEAD.isdisjoint(helpers)
    is_told = "to" not in helpers or "is" in helpers  # not so "A beat B to succeed C"
    is_sure = is_told and helpers.isdisjoint(_UNSURE)
    successor = _subject(pieces, verb - 1) if is_sure else None
    if successor:
        return Change(successor, former=False, predecessor=pieces[last], ahead=is_ahead)
    is_done = not name.endswith("ing") or pieces[verb - 1].text == ","
    return Change(pieces[last], former=is_done and not is_ahead)


def _passive(pieces: list[Piece], last: int, verb: int) -> Change | None:
    """Return the change of "B was succeeded by A", the verb at `verb`."""
    if verb < 1 or pieces[verb].text.casefold() not in words("succeeded"):
        return None
    helpers = _auxiliaries(pieces, verb - 1)
    if helpers & _NEGATIONS:
        return None
    is_ahead = not _AHEAD.isdisjoint(helpers)
    before = _subject(pieces, verb - 1)
    return Change(pieces[last], former=False, predecessor=before, ahead=is_ahead)


def _dropped(pieces: list[Piece], last: int, verb: int) -> Change | None:
    """Return the change of "the club sacked A"."""
    if verb < 1 or pieces[verb].text.casefold() not in words("dropped"):
        return None
    is_done = (_AHEAD | _NEGATIONS).isdisjoint(_auxiliaries(pieces, verb - 1))
    return Change(pieces[last], former=is_done, org=_org(pieces, verb))


def _named(pieces: list[Piece], index: int, verbs: frozenset[str]) -> Change | None:
    """Return the change of "the bank named A …", where A stands at `index`."""
    if index < 1 or pieces[index].kind != "person":
        return None
    verb = _verb(pieces, index)
    if pieces[verb].text.casefold() not in verbs:
        return None
    behind = [piece.text.casefold() for piece in pieces[index + 1 : index + 3]]
    is_other = behind == ["as", "the"]  # the police named A as the leader of a gang
    return Change(pieces[index], former=False, org=None if is_other else _org(pieces, verb))


def _org(pieces: list[Piece], verb: int) -> Span | None:
    """Return the organisation that is the subject of a verb."""
    at = verb - 1
    while at >= 0 and pieces[at].text.casefold() in _HELPERS:
        at -= 1
    is_org = at >= 0 and pieces[at].kind == "org"
    return (pieces[at].start, pieces[at].end) if is_org else None


def _skipped(pieces: list[Piece], index: int) -> int:
    """Return the piece before the words that may open a role: its new, the."""
    while index >= 0 and pieces[index].text.casefold() in DETERMINERS | {"new", "next", "first"}:
        index -= 1
    return index


def _auxiliaries(pieces: list[Piece], index: int) -> set[str]:
    found = set()
    while index >= 0 and pieces[index].text.casefold() in _HELPERS:
        found.add(pieces[index].text.casefold())
        index -= 1
    return found


def _subject(pieces: list[Piece], index: int) -> Piece | None:
    """Return the person before a verb: Ada Finch, 52, who has …; None if another word is there.

    In "an ally of Ada Finch, resigned" it is another one.
    """
    last = index
    while index >= max(0, last - _MOST_BEFORE):
        piece = pieces[index]
        if piece.kind == "person":
            passed = {item.text.casefold() for item in pieces[index + 1 : last + 1]}
            is_inner = index > 0 and pieces[index - 1].text.casefold() in _LINKS
            return None if is_inner and passed.isdisjoint(("who", "to")) else piece
        is_passed = piece.text == "," or piece.text.isdigit()
        if not is_passed and piece.text.casefold() not in _HELPERS:
            return None
        index -= 1
    return None
