"""What the wording of a piece shows: sentences, links, cues of bylines, notices, related links.

Cues are stock words of pages in the languages of the press. They are evidence for the forest,
never a verdict: a story may open with "Follow" or end with "Read more".
"""

import functools
import itertools
import re
from collections.abc import Sequence
from struct import Struct
from typing import NamedTuple

import numpy as np

from newsetl.readers.html.columns import Matrix, bits
from newsetl.readers.html.sheet import Piece

TOKEN = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?=[\s\"'”’»)\]」』]|$)")
_CLOSED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]」』]*$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b|月\d")
_DIGITS = b"0123456789"
_WIDE = re.compile(r"[^\x00-\x7f]")
_SHOWN = 160
"""Cues are looked for in the first characters only: notices say at once what they are."""
_LINKED = 0.5
"""A text with this share of links is no prose."""

FIRST = {
    "byline": "by von par por da di de door af av text words written autor author автор fotos"
    " reporting reported edited posted",
    "share": "share print save tweet pin copy teilen partager compartir listen comment comments"
    " leave reply like loading close menu search views",
    "tags": "tag tags topic topics filed categories category keywords themen temas etiquetas"
    " argomenti schlagworte schlagwörter label labels",
    "note": "editor correction note disclaimer update updated references sources footnotes"
    " additional about",
    "credit": "photo photos image picture pic foto bild credit source quelle graphic video fuente",
}
"""Group → the words that a piece of that kind starts with."""

ANYWHERE = {
    "more": "related recommended trending|read more|read next|read also|also read|see also"
    "|more on|more from|more stories|more about|read full|read our|full story|might like|may like"
    "|like this|miss|watch more|lesen sie|mehr zum|mehr zu|lies auch|à lire|lire aussi|la suite"
    "|leer más|te puede|leggi anche|lees ook|les også|läs också|čtěte|читайте|click here"
    "|most read|most popular|next article|previous article|next post|previous post",
    "signup": "newsletter newsletters subscribe subscribed subscriber subscribers subscription"
    " register inbox abonnieren abonnement abonner anmelden suscríbete suscríbase inscription"
    " iscriviti membership premium donate donation donations|sign up|sign in|log in|support us"
    "|support our",
    "rights": "copyright cookie cookies disclaimer reproduced republish republished|all rights"
    "|rights reserved|alle rechte|terms of|privacy policy",
    "contact": "contact email twitter facebook instagram whatsapp telegram linkedin tips"
    "|follow us|follow me|follow him|follow her|follow on|join us|join our|e mail",
    "advert": "advertisement advertising anzeige werbung publicité publicidad pubblicità reklama"
    " sponsored sponsor promoted affiliate commission|scroll to|continue reading|story continues"
    "|article continues",
    "person": "writer reporter editor journalist correspondent author columnist professor fellow"
    " contributor contributed autorin redakteur journaliste",
    "picture": "getty shutterstock reuters afp epa dpa caption pictured",
}
"""Group → words, and after bars phrases of two words, that such a piece holds near its start."""

CUES = tuple(dict.fromkeys((*FIRST, *ANYWHERE)))
_BIT = {cue: 1 << place for place, cue in enumerate(CUES)}
_FIRST = {word: _BIT[cue] for cue, words in FIRST.items() for word in words.split()}
_ANYWHERE: dict[str, int] = {}
for _cue, _words in ANYWHERE.items():
    _single, *_double = _words.split("|")
    for _word in (*_single.split(), *_double):
        _ANYWHERE[_word] = _ANYWHERE.get(_word, 0) | _BIT[_cue]
_OPENERS = frozenset(phrase.split()[0] for phrase in _ANYWHERE if " " in phrase)

NAMES = (
    "words", "characters", "link_share", "links", "bold_share", "italic_share", "sentences",
    "commas", "is_closed", "ends_colon", "starts_small", "starts_quoted", "capital_share",
    "digit_share", "short_share", "has_date", "has_bar", "has_address", "is_prose",
    *(f"cue_{name}" for name in CUES),
)  # fmt: skip
ROW = {name: place for place, name in enumerate(NAMES)}


class Wording(NamedTuple):
    """What a text shows by itself: its words in small letters, and its features, packed.

    The numbers stand in the order of `NAMES`, without those of links and marks; the last ones are
    whether it would be prose without links, the cues, one bit each, and the characters of words.
    """

    folded: list[str]
    numbers: bytes


_NUMBERS = Struct("17d")


def of(text: str) -> Wording:
    """Return the wording of a text; short texts stand on many pages and are read once."""
    return _of_short(text) if len(text) <= _SHOWN else _of(text)


def describe(pieces: Sequence[Piece], wordings: Sequence[Wording]) -> Matrix:
    """Return the features of the pieces, one row a feature, in the order of `NAMES`."""
    packed = np.frombuffer(b"".join([each.numbers for each in wordings]))
    own = packed.reshape(len(pieces), -1).T
    marks = np.array([(p.linked, p.bold, p.italic, p.links) for p in pieces], dtype=np.float64).T
    linked, bold, italic = np.minimum(1.0, marks[:3] / own[-1])
    is_prose = own[-3] * (linked < _LINKED)
    cues = bits(own[-2].astype(np.int64), len(CUES))
    return np.vstack([own[:2], linked, marks[3], bold, italic, own[2:-3], is_prose, cues])


def count_words(text: str, words: Sequence[str] | None = None) -> int:
    """Return the number of words; two characters count as one where no spaces part words.

    `words` is the text split at spaces, where that is known.

    >>> count_words("The mill burnt."), count_words("工場が焼けた。")
    (3, 4)
    """
    count = len(text.split() if words is None else words)
    return count if text.isascii() else count + len(_UNSPACED.findall(text)) // 2


def fold(text: str) -> list[str]:
    """Return the words of `text` in small letters."""
    return TOKEN.findall(text.lower())


def _of(text: str) -> Wording:
    words, folded = text.split(), fold(text)
    count = count_words(text, words)
    sentences = len(_SENTENCE_END.findall(text)) if count > 3 else 0
    head = text[:_SHOWN]
    digits = _count_digits(head)
    numbers = (
        count, len(text), sentences, text.count(",") + text.count("、"),
        _CLOSED.search(text[-6:]) is not None, text[-1] in ":：", text[0].islower(),
        text[0] in "\"'“‘„«「『",
        sum(map(str.isupper, [word[0] for word in words])) / len(words), digits / len(head),
        sum(map(str.islower, [word for word in words if len(word) < 4])) / len(words),
        digits > 0 and count < 40 and _DATE.search(head) is not None,
        "|" in head or "•" in head or "·" in head, "@" in head or "©" in head,
        count >= 12 and sentences > 0, _cues(folded if len(text) <= _SHOWN else fold(head)),
        len("".join(words)),
    )  # fmt: skip
    return Wording(folded, _NUMBERS.pack(*numbers))


def _count_digits(text: str) -> int:
    ascii_bytes = text.encode("ascii", "ignore")
    count = len(ascii_bytes) - len(ascii_bytes.translate(None, _DIGITS))
    return count if text.isascii() else count + sum(map(str.isdigit, _WIDE.findall(text)))


_of_short = functools.lru_cache(maxsize=1 << 13)(_of)


def _cues(words: Sequence[str]) -> int:
    if not words:
        return 0
    found = _FIRST.get(words[0], 0)
    for word in _ANYWHERE.keys() & words:
        found |= _ANYWHERE[word]
    if not _OPENERS.isdisjoint(words):
        for word, following in itertools.pairwise(words):
            if word in _OPENERS:
                found |= _ANYWHERE.get(f"{word} {following}", 0)
    return found
