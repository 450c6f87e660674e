"""Parts: what each piece of an article is, and what the article says of author and day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsetl.dates import day_order, find_printed, is_weekday, parse_printed
from newsetl.model import PartKind, Published
from newsetl.splitters.prose.pieces import Piece, byline_names, phrases

_ABOVE, _BELOW = 3, 4
_MAX_CAPTION, _MAX_TAIL, _MAX_HEAD, _MAX_BYLINE, _MAX_NAMES = 400, 120, 26, 160, 9
_BYLINE_LABELS = frozenset({"by", "byline", "author", "von", "par", "autor"})
_NO_NAME = re.compile(
    r"(?:posted|published|updated|filed|comments?|length|copyright|by)\b", re.IGNORECASE
)
_BYLINE_FIELD = re.compile(r"(?:authors?|byline|writer|reporter|by)\s?:\s+(?=\S)", re.IGNORECASE)
_SOURCE_WORDS = frozenset(
    "of the and a for p pp pg page pages section edition vol no issue final".split()
)
_PLACE = re.compile(
    r"[^\W\d_][\w.'’-]*,\s[^\W\d_][\w.'’-]*"
)  # Calder, Norland: people have two names
_SIGNED = re.compile(r".*\bby\s+(?P<names>[^\W\d_][^,|·]{1,40})")
_PAGE = re.compile(r"\b(?:pp?|pg|pages?|section|edition|vol|issue)\b", re.IGNORECASE)
_OUR = re.compile(
    r"our\s|(?:[\w-]+\s){0,3}(?:staff|correspondents?|reporters?|desk|bureau|writers?|editors?)$",
    re.IGNORECASE,
)
"""A byline that names no one: Our political staff, Crime correspondent."""
_MAX_DATELINE = 120
_PLACES = re.compile(
    r"[^\w\s]{0,2}[A-ZÀ-Þ][\w.'’-]*"
    r"(?:[ ,/–—-]+(?:[A-ZÀ-Þ][\w.'’]*|de|la|le|du|of|and|on)){0,7}\s?[,(/–—-]+\s?"
)
_BEHIND = re.compile(r"\s*(?:[-–—:(]|/\w)")
_MAX_FIELD = 5
_CAPITALS, _FEWEST_IN_DECK = 0.9, 4
_EDGES = " ,.-–—|·:()*_"
_TAILS = frozenset({"trail", "nav", "page", "rule"})
_AND = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b|\by\b|\bwith\b)\s*")
_SEPARATOR = re.compile(r"\s*[|·•–—]\s*|,\s+(?=\d)")
_TITLES = frozenset("md phd rdn ms ma ba jr sr mp mep dr prof".split())


@dataclass(frozen=True)
class Facts:
    """What date and byline lines of one article state."""

    byline: str | None = None
    authors: tuple[str, ...] = ()
    published: Published = Published()


def ranges(pieces: Sequence[Piece], headlines: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return first piece, headline and end of each article, as places among the pieces.

    Where the document puts its date lines above the headlines, they open the article.
    """
    above = [_lead_of(pieces, at) for at in headlines]
    is_above = _dates_stand_above(pieces, headlines, above)
    firsts = [
        max(lead, headlines[number - 1] + 1 if number else 0) if is_above else at
        for number, (lead, at) in enumerate(zip(above, headlines, strict=True))
    ]
    ends = [*firsts[1:], len(pieces)] if firsts else []
    return list(zip(firsts, headlines, ends, strict=True))


def roles(pieces: Sequence[Piece], first: int, headline: int, end: int) -> list[PartKind]:
    """Return the kind of each piece from `first` to `end`."""
    kinds: list[PartKind] = [_lead_kind(pieces[at]) for at in range(first, headline)]
    kinds.append("headline")
    body = _first_prose(pieces, headline + 1, end)
    kinds += [_head_kind(pieces, at, body) for at in range(headline + 1, body)]
    after_mark = False
    for at in range(body, end):
        after_mark = after_mark or _opens_notes(pieces, at, body)
        kinds.append("notes" if after_mark else _body_kind(pieces[at]))
    _mark_tail(pieces[first:end], kinds, keep=headline - first + 1)
    return kinds


def facts(pieces: Sequence[Piece], kinds: Sequence[PartKind], *, day_first: bool | None) -> Facts:
    """Return what the date and byline lines among `pieces` state; the headline states nothing.

    A line that says "by" is believed before one that is nothing but names.
    """
    marked = [
        (piece, before.text.casefold())
        for before, piece, kind in zip([pieces[0], *pieces], pieces, kinds, strict=False)
        if kind in ("date", "byline")
    ]
    found = [names_in(piece, label=label) for piece, label in marked]
    bare = [piece.text for piece, _ in marked if "names" in piece.cues and "date" not in piece.cues]
    byline = next((names for names in [*found, *bare] if names), None)
    published = _finest([date_in(piece, day_first=day_first) for piece, _ in marked])
    return Facts(byline, () if byline is None else authors_of(byline), published)


def lead_date(pieces: Sequence[Piece], headline: int, *, day_first: bool | None) -> Published:
    """Return the date of the lines right above a headline, for a page of mixed templates."""
    lead = pieces[_lead_of(pieces, headline) : headline]
    return _finest([date_in(piece, day_first=day_first) for piece in reversed(lead)])


def dateline_date(pieces: Sequence[Piece], *, day_first: bool | None) -> Published:
    """Return the day of the dateline that opens the text: BOSTON, Mass., Oct. 19, 2021 --.

    A place must stand before it, and behind it a dash or an agency; other days of a text are none.
    """
    opener = next((piece for piece in pieces if piece.is_prose), None)
    line = opener.text[:_MAX_DATELINE] if opener is not None else ""
    start, end = next(find_printed(line), (0, 0))
    if not start or not _PLACES.fullmatch(line, 0, start) or not _BEHIND.match(line, end):
        return Published()
    found = parse_printed(line[start:end], day_first=day_first, stated_by="dateline")
    return found if found is not None and found.precision != "month" else Published()


def _finest(dates: Sequence[Published | None]) -> Published:
    """Return the first date that states a day, else the first that states a month."""
    stated = [date for date in dates if date is not None]
    return next(
        (date for date in stated if date.precision != "month"), stated[0] if stated else Published()
    )


def date_in(
    piece: Piece, *, day_first: bool | None, stated_by: str = "date line"
) -> Published | None:
    """Return the first date that a line states."""
    for start, end in find_printed(piece.text):
        found = parse_printed(piece.text[start:end], day_first=day_first, stated_by=stated_by)
        if found is not None:
            return found
    return None


def names_in(piece: Piece, *, label: str = "") -> str | None:
    """Return the names that a byline or date line states, without "By" and without the date.

    `label` is the line before: a field name such as "BY" makes the whole line the byline.
    """
    if piece.chars > _MAX_BYLINE:
        return None
    around = _around_dates(piece.text)
    # The line as a whole, for what follows the names; its pieces, where a date is glued to them.
    found = [byline_names(piece.text), *map(byline_names, around)]
    names = min((names for names in found if names), key=len, default=None)
    if names is not None:
        return names.strip(_EDGES) or None
    if label in _BYLINE_LABELS:
        return piece.text
    if field := _BYLINE_FIELD.match(piece.text):
        return piece.text[field.end() :].strip(_EDGES) or None
    if "dated" not in piece.cues or _PAGE.search(piece.text):
        return None
    signed = _SIGNED.fullmatch(piece.text) if "date" in piece.cues else None
    if signed and len(signed["names"].split()) <= _MAX_FIELD:
        return signed["names"].strip(_EDGES)
    parts = [part for rest in around for part in _SEPARATOR.split(rest)]
    return next((part for part in map(_bare, parts) if part), None)


def _bare(part: str) -> str | None:
    """Return the names in a piece of a date line, or None if it holds other words."""
    part = part.strip(_EDGES)
    words = part.split()
    if words and (words[0].endswith(":") or is_weekday(words[-1].casefold())):
        return None  # Date: Mon
    is_name = 1 < len(words) <= _MAX_NAMES and not any(map(str.isdigit, part))
    is_name = is_name and words[-1].casefold() not in phrases("papers")
    return part if is_name and part[:1].isupper() and not _NO_NAME.match(part) else None


def authors_of(byline: str) -> tuple[str, ...]:
    """Return the people that a byline names, without degrees.

    >>> authors_of("By Jane Roe and John Doe, MD")
    ('Jane Roe', 'John Doe')
    >>> authors_of("Our sports staff")
    ()
    """
    names = [name.strip(" .") for name in _AND.split(byline_names(byline) or byline)]
    return tuple(
        name
        for name in names
        if name and name.casefold().replace(".", "") not in _TITLES and not _OUR.match(name)
    )


def order_of_days(pieces: Sequence[Piece]) -> bool | None:
    """Return whether this document's numeric dates put the day first, or None if none tells."""
    votes = [day_order(piece.text) for piece in pieces if "date" in piece.cues]
    yes, no = votes.count(True), votes.count(False)
    return None if yes == no else yes > no


def _around_dates(line: str) -> list[str]:
    """Return what stands before, between and after the dates of a line."""
    edges = [0, *(edge for span in find_printed(line) for edge in span), len(line)]
    return [line[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _lead_of(pieces: Sequence[Piece], headline: int) -> int:
    """Return where the lead lines above a headline start; the headline's own place if none."""
    first = headline
    for at in range(headline - 1, max(-1, headline - 1 - _ABOVE), -1):
        piece = pieces[at]
        if piece.is_prose or piece.cues & {"trail", "end", "caption", "page"}:
            break
        if piece.cues & {"date", "byline"}:
            first = at
    return first


def _dates_stand_above(
    pieces: Sequence[Piece], headlines: Sequence[int], above: Sequence[int]
) -> bool:
    """Return whether this document's date lines open articles rather than close them.

    They do if they stand above most headlines and seldom below, and the first article has one
    above it or the last none below its text.
    """
    if not headlines:
        return False
    end = headlines[-1] + 1 + len(_below(pieces, headlines[-1]))
    closes = any({"date", "dated"} <= piece.cues for piece in pieces[end:])
    if above[0] == headlines[0] and closes:
        return False
    below = sum(any("date" in near.cues for near in _below(pieces, at)) for at in headlines)
    led = sum(lead < at for lead, at in zip(above, headlines, strict=True))
    return led > below and 2 * led > len(headlines)


def _below(pieces: Sequence[Piece], headline: int) -> list[Piece]:
    """Return the lines between a headline and the first text below it."""
    end = min(headline + 1 + _BELOW, len(pieces))
    stop = next((at for at in range(headline + 1, end) if pieces[at].is_prose), end)
    return list(pieces[headline + 1 : stop])


def _lead_kind(piece: Piece) -> PartKind:
    if "date" in piece.cues:
        return "date"
    return "byline" if "byline" in piece.cues else "boilerplate"


def _first_prose(pieces: Sequence[Piece], start: int, end: int) -> int:
    """Return where the body starts: at the first prose that is no date, byline or caption."""
    for at in range(start, min(end, start + _MAX_HEAD)):
        if pieces[at].is_prose and not pieces[at].cues & {"byline", "caption", "label"}:
            return at
    for at in range(start, end):
        if not _is_meta(pieces[at]):
            return at
    return end


def _is_meta(piece: Piece) -> bool:
    return bool(piece.cues & {"date", "byline", "names", "label", "nav", "page", "trail", "rule"})


def _head_kind(pieces: Sequence[Piece], at: int, body: int) -> PartKind:
    """Return the kind of a piece between the headline and the body."""
    cues = pieces[at].cues
    if "byline" in cues or pieces[at - 1].text.casefold() in _BYLINE_LABELS:
        return "byline"
    if _BYLINE_FIELD.match(pieces[at].text):
        return "byline"
    if "date" in cues or {"dated", "date_lead"} <= cues or _is_source(pieces[at]):
        return "date"
    if "caption" in cues:
        return "caption"
    if "names" in cues and 1 < pieces[at].words <= 8 and not cues & {"nav", "page", "trail"}:
        if _is_deck(pieces[at]):
            return "summary"
        return "boilerplate" if _is_no_person(pieces[at].text) else "byline"
    if cues & {"label", "nav", "page", "trail", "rule", "pipe"}:
        return "boilerplate"
    if pieces[at].words <= _MAX_FIELD and "final" not in cues and _is_above_meta(pieces, at, body):
        return "boilerplate"  # a paper's name, a count of words, a language
    return "summary" if body - at <= 3 and pieces[at].words > 3 else "body"


def _is_deck(piece: Piece) -> bool:
    """Return whether a line in capitals has more words than a name: THREE HUNDRED THROWN IDLE."""
    is_list = "," in piece.text or "&" in piece.text or " AND " in piece.text
    return piece.upper > _CAPITALS and piece.words >= _FEWEST_IN_DECK and not is_list


def _is_no_person(line: str) -> bool:
    """Return whether a line of names is a place, or a paper."""
    return bool(_PLACE.fullmatch(line)) or line.rsplit(maxsplit=1)[-1].casefold() in phrases(
        "papers"
    )


def _is_source(piece: Piece) -> bool:
    """Return whether a line is a paper's name, a date and a page: "The Tarn Post, 2 May, p. 3"."""
    if "dated" not in piece.cues or piece.chars > _MAX_TAIL:
        return False
    before, *others = _around_dates(piece.text)
    name, rest = before.split(), " ".join(others).replace(",", " ").split()
    is_name = all(not word[0].islower() or word in _SOURCE_WORDS for word in name)
    is_page = all(word.strip(".").casefold() in _SOURCE_WORDS or word[0].isdigit() for word in rest)
    is_apart = before.rstrip(" (").endswith((",", "|", "-", "–", "—", "·"))
    return is_apart and is_name and is_page and len(name) <= _MAX_FIELD


def _is_above_meta(pieces: Sequence[Piece], at: int, body: int) -> bool:
    """Return whether a date, byline or field stands between a line of the head and the body."""
    return any(near.cues & {"date", "byline", "label"} for near in pieces[at + 1 : body])


def _opens_notes(pieces: Sequence[Piece], at: int, body: int) -> bool:
    """Return whether an end mark or a heading such as "Notes to editors" stands at `at`."""
    if "end" in pieces[at].cues:
        return at > body
    return at > body and "notes" in pieces[at].cues


def _body_kind(piece: Piece) -> PartKind:
    if "caption" in piece.cues and piece.chars <= _MAX_CAPTION:
        return "caption"
    if piece.chars <= _MAX_TAIL and not piece.is_prose and piece.cues & _TAILS:
        return "boilerplate"
    return "body"


def _mark_tail(pieces: Sequence[Piece], kinds: list[PartKind], *, keep: int) -> None:
    """Turn the short lines at the end of an article that belong to the page into boilerplate."""
    last = next(
        (at for at in range(len(pieces) - 1, keep - 1, -1) if not _is_tail(pieces[at])), keep - 1
    )
    for at in range(last + 1, len(pieces)):
        if kinds[at] != "notes" or pieces[at].cues & {"trail", "nav"}:
            kinds[at] = _tail_kind(pieces[at])


def _tail_kind(piece: Piece) -> PartKind:
    """Return the kind of a line below the text: blogs put author and date there."""
    if piece.cues & {"dated"} and piece.cues & {"date", "byline"}:
        return "date" if "byline" not in piece.cues else "byline"
    return "byline" if "byline" in piece.cues else "boilerplate"


def _is_tail(piece: Piece) -> bool:
    if piece.is_prose or piece.chars > _MAX_TAIL or piece.cues & {"end", "caption", "notes"}:
        return False
    return bool(piece.cues & (_TAILS | {"date", "byline", "pipe", "label"}))
