"""Which entity a speaker is, and as what: from the article's mentions and roles."""

import bisect
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.marks import Span
from newsetl.extractors.quotes.row import QuoteRow
from newsetl.extractors.roles.pieces import words as words_of

_GENDER = {"he": "male", "she": "female"}
_TITLE = {"mr": "male", "sir": "male", "mrs": "female", "ms": "female", "miss": "female"}
_TITLE_BEFORE = re.compile(r"\b(mr|sir|mrs|ms|miss)\.?\s$", re.IGNORECASE)
_APPOSED = re.compile(r",?\s")
_PREPOSITION = re.compile(r"\s(?:of|for|at|from|in|with|on|to)\s")
_VERB = re.compile(
    r"(?: (?:of|at|for|from|with) (?:the )?[A-Z][\w&'’.-]*(?: [A-Z&][\w&'’.-]*){0,4})?"
    r"(?:,[^,.]{1,80},|,)? (?P<verb>[a-z]+)\b"
)
_POST = re.compile(r"(?:(?:The|A|An) )?(?:[\w-]+ ){0,3}(?P<head>[\w-]+) ")
_NO_VERBS = frozenset("and or of for at from in with on to by as".split())
_PRONOUN = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_SPEAKING = frozenset(("PERSON", "ORG", "NORP", "GPE"))
_LONGEST_TITLE = 6
_FARTHEST = 600
"""Characters before a pronoun in which the one it stands for must be named."""


class Mentioned(Protocol):
    """A row of `mentions`."""

    start_char: int
    end_char: int
    label: str
    entity_id: str | None


class Held(Protocol):
    """A row of `roles`: who holds which role, where the article says so."""

    start_char: int
    person_entity_id: str | None
    role: str
    org_entity_id: str | None


class Titled(Protocol):
    """A row of `roles`: where words for a post and a name stand."""

    start_char: int
    person_end_char: int
    person_entity_id: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class _Named:
    start: int
    end: int
    entity: str
    is_person: bool
    gender: str | None


def identify(rows: Sequence[QuoteRow], text: str, mentions: Iterable[Mentioned]) -> list[QuoteRow]:
    """Return the rows with the entities of their speakers.

    A name is the entity of its mention. "He" and "she" are the last speaker, or the one person
    who is named before them nearby outside of quotes; where two may be meant, nobody.
    """
    named = _named(text, mentions)
    starts = [name.start for name in named]
    genders = {name.entity: name.gender for name in named if name.gender}
    quoted = [span for row in rows if row.kind != "indirect" for span in _parts(row)]
    last: tuple[int, str] | None = None
    found = []
    for row in rows:
        entity = None
        if row.speaker_start_char is not None and row.speaker_end_char is not None:
            span = row.speaker_start_char, row.speaker_end_char
            gender = _GENDER.get(text[slice(*span)].casefold())
            if gender is None:
                entity = _entity_of(text, span, named, starts)
                if entity is None and row.attributed_by == "label":
                    entity = _labelled(text[slice(*span)], text, named)
            else:
                entity = _meant(span[0], gender, named, starts, genders, quoted, last, text)
                if entity is not None:
                    genders[entity] = gender
            if entity is not None:
                last = span[0], entity
        found.append(replace(row, speaker_entity_id=entity))
    return found


def entitle(rows: Sequence[QuoteRow], roles: Iterable[Titled]) -> list[QuoteRow]:
    """Return the rows with the entities of speakers whose words are a post and a name.

    "Minister for Trade Ada Finch" is Ada Finch, though a preposition stands before her name.
    """
    named = {
        (role.start_char, role.person_end_char): role.person_entity_id
        for role in roles
        if role.rule == "title"
    }
    return [
        row
        if row.speaker_entity_id is not None
        else replace(
            row,
            speaker_entity_id=named.get((row.speaker_start_char or 0, row.speaker_end_char or 0)),
        )
        for row in rows
    ]


def qualify(rows: Sequence[QuoteRow], roles: Iterable[Held]) -> list[QuoteRow]:
    """Return the rows with role and organisation of their speakers.

    Of several roles of one person the one stated last up to the quote's end holds, else the first.
    """
    held: dict[str, list[Held]] = {}
    for role in sorted(roles, key=lambda item: item.start_char):
        if role.person_entity_id is not None and not getattr(role, "former", False):
            held.setdefault(role.person_entity_id, []).append(role)
    found = []
    for row in rows:
        own = held.get(row.speaker_entity_id or "", [])
        so_far = [role for role in own if role.start_char < row.end_char]
        if not own:
            found.append(row)
            continue
        role = so_far[-1] if so_far else own[0]
        found.append(replace(row, speaker_role=role.role, speaker_org_id=role.org_entity_id))
    return found


def _named(text: str, mentions: Iterable[Any]) -> list[_Named]:
    found = []
    for mention in mentions:
        if mention.entity_id is not None and mention.label in _SPEAKING:
            start, is_person = mention.start_char, mention.label == "PERSON"
            title = _TITLE_BEFORE.search(text, max(0, start - _LONGEST_TITLE), start)
            gender = _TITLE[title[1].casefold()] if title and is_person else None
            found.append(_Named(start, mention.end_char, mention.entity_id, is_person, gender))
    return sorted(found, key=lambda item: (item.start, item.end))


def _entity_of(text: str, span: Span, named: Sequence[_Named], starts: Sequence[int]) -> str | None:
    """Return the entity whose name ends the words for the speaker, up to a preposition.

    Else the person whose name stands right behind them (the council's leader, Leila Novak), or
    behind the name of a place or a body in them (the leader of Calder Council Leila Novak).
    """
    start, end = span
    first, behind = bisect.bisect_left(starts, start), bisect.bisect_left(starts, end)
    inside = named[first:behind]
    cuts = (match.start() for match in _PREPOSITION.finditer(text, start, end))
    within = (at for at in cuts if not any(name.start < at < name.end for name in inside))
    head_end = next(within, end)
    head = next((name for name in reversed(inside) if name.end == head_end), None)
    if head is not None:
        return head.entity
    if behind < len(named) and _APPOSED.fullmatch(text, end, named[behind].start):
        return named[behind].entity if named[behind].is_person else None
    is_led = len(inside) > 1 and inside[-1].is_person and inside[-1].end == end
    return inside[-1].entity if is_led and inside[-2].end + 1 == inside[-1].start else None


def _labelled(label: str, text: str, named: Sequence[_Named]) -> str | None:
    """Return the one person whom a label in capitals stands for: DR. FINCH, or AF for Ada Finch."""
    last = label.rsplit(maxsplit=1)[-1].casefold()
    meant = set()
    for name in named:
        words = text[name.start : name.end].split()
        initials = "".join(word[0] for word in words)
        if name.is_person and (words[-1].casefold() == last or initials == label):
            meant.add(name.entity)
    return meant.pop() if len(meant) == 1 else None


def _meant(
    start: int,
    gender: str,
    named: Sequence[_Named],
    starts: Sequence[int],
    genders: Mapping[str, str],
    quoted: Sequence[Span],
    last: tuple[int, str] | None,
    text: str,
) -> str | None:
    """Return the person whom a pronoun at `start` stands for, or None where two may be meant."""
    first = bisect.bisect_left(starts, start - _FARTHEST)
    near = [
        name
        for name in named[first : bisect.bisect_left(starts, start)]
        if name.is_person
        and genders.get(name.entity) in (None, gender)
        and not any(begin <= name.start < end for begin, end in quoted)
    ]
    if last is not None and start - last[0] <= _FARTHEST:
        fits = genders.get(last[1]) in (None, gender)
        others = {name.entity for name in near if name.start > last[0]} - {last[1]}
        if fits and not others:
            return last[1]
    entities = {name.entity for name in near}
    return entities.pop() if len(entities) == 1 else _subject_of(text, start, near)


def _subject_of(text: str, start: int, near: Sequence[_Named]) -> str | None:
    """Return the one person of the paragraph so far, if he opens it or it opens with his words."""
    opening = text.rfind("\n", 0, start) + 1
    here = [name for name in near if name.start >= opening]
    if len({name.entity for name in here}) != 1:
        return None
    first = here[0]
    verb = _VERB.match(text, first.end)
    is_saying = verb is not None and verb["verb"] in cues.SAY
    post = _POST.fullmatch(text, opening, first.start)
    opens = first.start == opening or (post and post["head"].casefold() in words_of("heads"))
    is_opener = bool(opens) and verb is not None and verb["verb"] not in _NO_VERBS
    is_alone = not _PRONOUN.search(text, opening, first.start)
    return first.entity if (is_saying or is_opener) and is_alone else None


def _parts(row: QuoteRow) -> Iterable[Span]:
    return zip(row.part_start_chars, row.part_end_chars, strict=True)
