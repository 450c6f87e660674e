"""What the wording of a piece shows: sentences, links, cues of bylines, notices and related links.

Cues are the stock phrases of pages in the languages of the press. They are evidence for the
forest, never a verdict: a story may open with "Follow" or end with "Read more".
"""

import re
from collections.abc import Sequence

from newsetl.readers.html.sheet import Piece

_SENTENCE_END = re.compile(r"[.!?…。！？؟।](?=[\s\"'”’»)\]」』]|$)")
_CLOSED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]」』]*$")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b|年\d{1,2}月|\bago\b"
)
TOKEN = re.compile(r"\w+")
_SHOWN = 160
"""Cues are looked for in the first characters only: notices say at once what they are."""

CUES = {
    "byline": r"^(?:by|von|par|por|da|di|de|door|af|av|text|words|written by|story by|autor|автор"
    r"|report(?:ed|ing) by|edited by|posted by)\b|기자|記者",
    "more": r"read (?:more|next|also|full|the full|our)|see also|more (?:on|from|stories|about)"
    r"|related|recommended|you (?:may|might) (?:also )?like|don.t miss|watch(?: more|:| now)|also read"
    r"|lesen sie|mehr (?:zum|zu|lesen)|lies auch|à lire|lire (?:aussi|la suite)|leer más|te puede"
    r"|leggi anche|lees ook|les også|läs också|citește|čtěte|czytaj|читайте|関連|相关|click here"
    r"|most (?:read|popular)|trending|next (?:article|story|post)|previous (?:article|story|post)",
    "signup": r"newsletter|subscri|sign[ -]?up|sign in|log ?in|register|inbox|abonn|anmelden"
    r"|registr|suscr|inscri|iscrivi|会員|登録|membership|premium|donat|support (?:us|our)|app store",
    "credit": r"^\(?(?:photos?|image|picture|pic|foto|bild|credit|source|quelle|graphic|video|fuente)"
    r"\b ?[:/(|by]|getty|©|shutterstock|\b(?:AP|AFP|EPA|dpa|Reuters)\)?$|写真|사진",
    "rights": r"copyright|all rights reserved|rights reserved|alle rechte|\(c\)|©|terms of (?:use|service)"
    r"|privacy|cookie|reproduc|republish|disclaimer|無断",
    "contact": r"@|follow (?:us|me|him|her|on)|contact|e-?mail|twitter|facebook|instagram|whatsapp"
    r"|telegram|linkedin|send (?:us|tips)|got a (?:tip|story)|reach(?:ed)? (?:us|him|her|at)|join (?:us|our)",
    "advert": r"advert|anzeige|publicit|publicidad|werbung|pubblicit|reklam|広告|sponsor|promoted"
    r"|affiliate|commission|scroll to continue|continue reading|story continues|article continues",
    "share": r"^(?:share|print|save|tweet|pin|copy link|teilen|partager|compartir|listen|comments?"
    r"|\d+ (?:comments?|shares?|views?)|leave a|reply|like|loading|close|menu|search)\b",
    "tags": r"^(?:tags?|topics?|filed under|categor\w+|keywords?|posted in|more about|themen"
    r"|schlagw\w+|sur le même|temas|etiquetas|argomenti|labels?)\b ?:?",
    "note": r"^(?:editor.?s? note|correction|this (?:article|story|post|piece)|note|disclaimer|update"
    r"|about the (?:author|writer)|references?|sources?|footnotes?|the author|additional reporting"
    r"|contributed|the views)\b|\bis an? .{0,60}(?:writer|reporter|editor|journalist|correspondent"
    r"|author|professor|columnist|fellow)\b",
}
"""Name → what a piece of that kind says."""

_CUES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in CUES.values())

NAMES = (
    "words", "characters", "link_share", "links", "bold_share", "italic_share", "sentences",
    "commas", "is_closed", "ends_colon", "starts_small", "starts_quoted", "capital_share",
    "digit_share", "short_share", "has_date", "has_bar", "is_prose",
    *(f"cue_{name}" for name in CUES),
)  # fmt: skip


def describe(piece: Piece) -> list[float]:
    """Return the features of one piece by its own text, in the order of `NAMES`."""
    text = piece.text
    words = text.split()
    size = sum(map(len, words))
    count = _count(text, words)
    sentences = len(_SENTENCE_END.findall(text)) if count > 3 else 0
    is_closed = bool(_CLOSED.search(text[-6:]))
    linked = min(1.0, piece.linked / size)
    first = text[0]
    head = text[:_SHOWN]
    return [
        count, len(text), linked, piece.links, min(1.0, piece.bold / size),
        min(1.0, piece.italic / size), sentences, text.count(",") + text.count("、"),
        is_closed, text[-1] in ":：", first.islower(), first in "\"'“‘„«「『",
        sum(word[0].isupper() for word in words) / len(words),
        sum(map(str.isdigit, head)) / len(head), _short_share(words),
        count < 40 and bool(_DATE.search(head)), "|" in head or "•" in head or "·" in head,
        count >= 12 and sentences > 0 and linked < 0.5,
        *(bool(cue.search(head)) for cue in _CUES),
    ]  # fmt: skip


def overlap(words: Sequence[str], others: set[str]) -> float:
    """Return the share of `words` that `others` holds, 0 if there are none."""
    return sum(word in others for word in words) / len(words) if words and others else 0.0


def _count(text: str, words: Sequence[str]) -> int:
    """Return the number of words; two characters count as one where no spaces part words."""
    if text.isascii():
        return len(words)
    return len(words) + len(_UNSPACED.findall(text)) // 2


def _short_share(words: Sequence[str]) -> float:
    """Return the share of short words in small letters: the articles and prepositions of prose."""
    return sum(len(word) < 4 and word.islower() for word in words) / len(words)
