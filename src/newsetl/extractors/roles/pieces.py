"""The pieces of a sentence that roles are read from: names, words, marks."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from newsetl.extractors.names.mention import PLACES, lexicon

Span = tuple[int, int]

ARTICLES = frozenset(("the", "a", "an"))
DETERMINERS = frozenset("a an the his her its our their this".split())
POSSESSIVES = frozenset(("'s", "’s", "'", "’"))

_PIECE = re.compile(r"['’]s\b|[^\W_](?:[\w'’.&-]*[\w])?|[^\w\s]|_", re.UNICODE)
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTY_STATE = re.compile(r"[A-Z]{1,3}[-–][A-Z][\w.]*")
_KINDS = {
    "PERSON": "person",
    "ORG": "org",
    "NORP": "people",
    "PRODUCT": "org",
    "WORK_OF_ART": "org",
    **dict.fromkeys(PLACES, "place"),
}


class Piece(NamedTuple):
    """A word, a mark or a name of a sentence, in the order of the text."""

    start: int
    end: int
    kind: str
    """person, org, place, people, name (capitals that no mention covers), word or mark"""

    text: str


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of one list of lexicon.json."""
    text = (files("newsetl.extractors.roles") / "lexicon.json").read_text("utf-8")
    return frozenset(str(json.loads(text)[name]).split())


def may_hold_head(sentence: str) -> bool:
    """Return whether one of a sentence's words ends the name of a post, such as "officer"."""
    return not _head_ends().isdisjoint(_LETTERS.findall(sentence.casefold()))


@cache
def _head_ends() -> frozenset[str]:
    return frozenset(_LETTERS.findall(head)[-1] for head in words("heads"))


def pieces_of(
    text: str, start: int, end: int, mentions: Sequence[tuple[int, int, str]]
) -> list[Piece]:
    found: list[Piece] = []
    place = start
    for first, last, label in [*mentions, (end, end, "")]:
        for word in _PIECE.finditer(text, place, max(place, first)):
            found += (
                piece._replace(kind=_kind(piece.text, opens=piece.start == start))
                for piece in _unpossessive(word.start(), word[0])
            )
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
