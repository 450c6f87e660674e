"""The pieces of a sentence that roles are read from: names, words, marks."""

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from newsetl.extractors.names.mention import PLACES, lexicon, whole_words

Span = tuple[int, int]

ARTICLES = frozenset(("the", "a", "an"))
DETERMINERS = frozenset("a an the his her its our their this".split())
POSSESSIVES = frozenset(("'s", "’s", "'", "’"))

_ENDINGS = ("'s", "’s")
_PIECE = re.compile(r"['’]s\b|[^\W_](?:[\w'’.&-]*[\w])?|[^\w\s]|_", re.UNICODE)
_OPENING = re.compile(r"(?P<word>[A-Z][\w’'-]+) (?P<post>[a-zA-Z-]+)\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTY_STATE = re.compile(r"[A-Z]{1,3}[-–][A-Z][\w.]*")
_WRITERS = frozenset(("Correspondent", "Editor", "Reporter", "Writer"))
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
    is_common = not _opens_with_name(text, start)
    for first, last, label in [*mentions, (end, end, "")]:
        for word in _PIECE.finditer(text, place, max(place, first)):
            found += _of_word(word.start(), word[0], opens=is_common and word.start() == start)
        if label and first >= place:
            name = text[first:last]
            kind = _KINDS.get(label, "word")
            if name.casefold() in words("heads") or name in lexicon("honorifics"):
                kind = "word"
            elif kind == "person" and _PARTY_STATE.fullmatch(name):
                kind = "name"
            found.append(Piece(first, last, kind, name))
        place = max(place, last)
    return _with_portfolios(found)


def _with_portfolios(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with a portfolio as words: Mines Minister, Business Correspondent."""
    for index in range(1, len(pieces)):
        if pieces[index].text == "Officer" and index > 1 and pieces[index - 2].text == "Chief":
            pieces[index - 1] = pieces[index - 1]._replace(kind="word")
        before = pieces[index - 1]
        if pieces[index].text in _WRITERS and before.text.casefold() in words("beats"):
            pieces[index - 1] = before._replace(kind="word")
        if pieces[index].text not in ("Minister", "Secretary"):
            continue
        at = index - 1
        while at >= 0 and pieces[at].kind in ("org", "name") and " " not in pieces[at].text:
            pieces[at] = pieces[at]._replace(kind="word")
            at -= 1
    return pieces


def _opens_with_name(text: str, start: int) -> bool:
    """Return whether a post follows the first word, which has a capital within sentences, too."""
    opening = _OPENING.match(text, start)
    if opening is None or opening["post"] not in words("heads"):
        return False
    word = opening["word"]
    if word.casefold() in words("not_modifiers") | words("kept_before"):
        return False
    return any(
        text[at - 1 : at] == " " and text[at - 2 : at - 1].islower()
        for at in whole_words(text, word)
    )


def _of_word(start: int, word: str, *, opens: bool) -> list[Piece]:
    """Return a word and its possessive as two pieces, as the possessive of a name stands alone."""
    if len(word) > 2 and word.endswith(_ENDINGS):
        cut = start + len(word) - 2
        return [
            Piece(start, cut, _kind(word[:-2], opens=opens), word[:-2]),
            Piece(cut, cut + 2, "mark", word[-2:]),
        ]
    return [Piece(start, start + len(word), _kind(word, opens=opens), word)]


def _kind(word: str, *, opens: bool) -> str:
    if not word[0].isalnum():
        return "mark"
    may_be = word[0].isupper() and not opens and len(word) > 1
    folded = word.casefold()
    is_name = may_be and word not in _no_names() and folded not in _titles() | ARTICLES
    return "name" if is_name else "word"


@cache
def _titles() -> frozenset[str]:
    return words("heads") | words("kept_before")


@cache
def _no_names() -> frozenset[str]:
    return lexicon("honorifics") | lexicon("offices")
