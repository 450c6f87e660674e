"""Pieces: the blocks of a document, each with what its own line shows.

A cue is a phrase of `lexicon.json` or a shape; what a cue weighs is decided elsewhere.
"""

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources

from newsetl.dates import find_printed, is_weekday
from newsetl.model import Block, Document

MAX_HEADLINE = 320
"""Characters that a headline has at most; a longer block is prose."""

MIN_PROSE, MIN_SENTENCE = 180, 55
"""Characters from which a block is prose: however it ends, and if it ends like a sentence."""

_BULLET = re.compile(r"(?:[•·▪‣◦●■*+–—-]|\(?\d{1,2}[.)])\s+")
_BULLET_SIGN = re.compile(r"[^\w(]")
_RULE = re.compile(r"[\s\W_]{3,}")
_LABEL = re.compile(r"[^\W\d_][\w -]{1,18}:(?:\s|$)|[A-Z]{2,3}$|Body$")
_DATELINE = re.compile(
    r"[A-ZÀ-Þ][\w'’.-]*(?:[ ,]+[\w'’./-]+){0,6}(?: ?\([\w /.]{2,20}\))? ?(?:--?|–|—) ?(?=[\w“\"«„])"
)
_NAME = r"(?:[A-ZÀ-ÞŁŠŽČ][\w'’.-]*+|(?:de|van|von|der|den|di|da|del|la|le|bin|al|el|zu|dos|y)\b)"
_PERSON = rf"{_NAME}(?: {_NAME}){{0,5}}"
_NAMES = re.compile(rf"{_PERSON}(?:(?:,| and| und| et| y| e| &| en) {_PERSON}){{0,5}}")
_MAX_CUE, _MAX_LABEL, _MAX_END = 160, 40, 120
_NOT_PROSE = frozenset({"nav", "trail", "page", "caption", "end", "label", "rule", "date"})
_MARKED = frozenset({"caption", "byline", "date"})
_FINAL = tuple(".!?…;。！？")
_QUOTES = tuple("\"“”„«»‘'")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block and what it shows: its text (cut short if it is long), cues, shape."""

    start: int
    end: int
    text: str
    kind: str
    level: int
    blanks: int
    indent: int
    words: int
    capitals: float
    upper: float
    cues: frozenset[str]

    @property
    def chars(self) -> int:
        return self.end - self.start

    @property
    def is_prose(self) -> bool:
        """Whether the piece is running text, as far as it shows by itself."""
        is_text = self.chars >= (MIN_SENTENCE if "final" in self.cues else MIN_PROSE)
        return is_text and not self.cues & _NOT_PROSE


def pieces_of(document: Document) -> list[Piece]:
    """Return the pieces of `document`, one a block, in order."""
    pieces: list[Piece] = []
    end = 0
    for block in document.blocks:
        gap = document.text[end : block.start]
        pieces.append(_piece(document.text, block, gap))
        end = block.end
    return pieces


def anchor_of(piece: Piece) -> str:
    """Return the line of `piece` with what varies masked: lines of one template are equal.

    Templates repeat once an article: "Posted by … at …", a date alone, "Filed under …".
    """
    if piece.chars > _MAX_CUE:
        return ""
    dates = list(find_printed(piece.text)) if "dated" in piece.cues else []
    head = "<date>" if dates and dates[0][0] < 12 else ""
    words = _DIGITS.sub("0", piece.text.casefold()).split()[: 1 if "by_lead" in piece.cues else 2]
    return " ".join([head or " ".join(words), "dated" * bool(dates), "|" * ("|" in piece.text)])


def _piece(text: str, block: Block, gap: str) -> Piece:
    shown = text[block.start : min(block.end, block.start + MAX_HEADLINE)]
    words = shown.split()
    starts = [word[0] for word in (word.lstrip("\"“„«‘'([") for word in words) if word]
    cased = [char for char in starts if char.isalpha()]
    letters = [char for char in shown if char.isalpha()]
    return Piece(
        start=block.start,
        end=block.end,
        text=shown,
        kind=block.kind,
        level=block.level,
        blanks=min(gap.count("\n"), 6) if block.start else 0,
        indent=len(gap) - gap.rfind("\n") - 1,
        words=len(words),
        capitals=sum(map(str.isupper, cased)) / max(1, len(cased)),
        upper=sum(map(str.isupper, letters)) / max(1, len(letters)),
        cues=frozenset(
            _cues(shown, text[max(block.start, block.end - _MAX_END) : block.end], block)
        ),
    )


def _cues(shown: str, end: str, block: Block) -> list[str]:
    """Return the names of the cues that a block shows in its opening and its end."""
    tail = end[-2:]
    cues = [name for name, test in _TESTS.items() if test(shown)]
    if tail.rstrip(")\"”»’'").endswith(_FINAL):
        cues.append("final")
    if tail.endswith(":"):
        cues.append("colon")
    if _CONTACT.search(end):
        cues.append("contact")
    if tail.endswith((",", " -", "–")):
        cues.append("open")
    if block.kind == "list_item" or _BULLET.match(shown):
        cues.append("list")
    if block.end - block.start < MAX_HEADLINE:
        cues.extend(_line_cues(shown))
    if "date" in cues and "list" in cues and not _BULLET_SIGN.match(shown):
        cues.remove("list")  # "3. Juni 2025" is no third item
    if block.kind in _MARKED and ("dated" in cues or block.kind != "date"):
        cues.append(block.kind)
    return cues


def _line_cues(line: str) -> list[str]:
    """Return the cues that only a line of its own can show: date, byline, end mark, navigation."""
    folded = line.casefold().strip(" .:|>»«").strip()
    cues = [
        name
        for name, key in (("end", "end_mark"), ("nav", "navigation"), ("notes", "notes"))
        if folded in phrases(key) or line.strip().casefold() in phrases(key)
    ]
    low = line.casefold()
    if len(line) < _MAX_CUE:
        cues += [name for name, key in _STARTS.items() if _starts(low, key)]
    if _CAPTION.match(low) or any(phrase in low for phrase in phrases("caption_inside")):
        cues.append("caption")
    if _HAS_DIGIT(line) and (dates := list(find_printed(line))):
        cues.append("dated")
        if _is_date_line(line, dates, frozenset(cues)):
            cues.append("date")
        elif _is_masthead(line[: dates[0][0]].split(), line[dates[0][1] :]):
            cues.append("page")
    if byline_names(line) is not None:
        cues.append("byline")
    elif len(line) <= 60 and _NAMES.fullmatch(line):
        cues.append("names")
    return cues


def _is_date_line(line: str, dates: list[tuple[int, int]], cues: frozenset[str]) -> bool:
    """Return whether little but dates and who wrote stands in a line, and no clause leads to one.

    Behind a separator any number of names may stand: "3 June 2025 | Jane Roe and John Doe".
    """
    start, end = dates[0]
    lead = line[:start].split()
    if len(lead) > 1 and lead[-1].isalpha() and lead[-1].islower() and not cues & _DATING:
        return False
    rest = len(line) - sum(high - low for low, high in dates)
    is_short = rest <= 25 + 20 * bool(cues & {"by_lead", "date_lead"})
    return is_short or (start <= _MAX_DATE_LEAD and bool(_SEPARATED.match(line, end)))


def _is_masthead(lead: list[str], behind: str) -> bool:
    """Return whether only a paper's name, and perhaps the day of the week, leads to a date."""
    words = [word.strip(".,|–—-").casefold() for word in lead]
    while words and (not words[-1] or is_weekday(words[-1])):
        words.pop()
    is_paper = bool(words) and words[-1] in phrases("papers") and len(words) <= _MAX_PAPER
    return is_paper and lead[0][:1].isupper() and not behind.strip(" .,;|·–—-")


def byline_names(line: str) -> str | None:
    """Return the names that a line states after "By", or None if it is no byline.

    >>> byline_names("By Jane Roe and John Doe | 3 June 2025")
    'Jane Roe and John Doe'
    >>> byline_names("By the time the police came, it was over") is None
    True
    """
    match = _byline().match(line)
    if match is None or len(line) > _MAX_CUE:
        return None
    names = match["names"].strip(" ,.-–|*_")
    rest = line[match.end("names") :]
    ok = names and (not rest.strip() or not rest.lstrip()[0].islower() or _is_meta(rest))
    return names if ok else None


def _is_meta(rest: str) -> bool:
    """Return whether what follows the names is a date or a time: "on 3 June", "at 9:14"."""
    head = rest.lstrip()[:40]
    return any(start <= 12 for start, _ in find_printed(head)) or bool(_CLOCK.match(head))


_DATING = frozenset({"by_lead", "date_lead", "page"})
_MAX_DATE_LEAD = 16
_MAX_PAPER = 6
_SEPARATED = re.compile(r"\s*(?:[|·•]|by\b|von\b|par\b)\s*[^\W\d_]")
_CONTACT = re.compile(r"\w@\w|https?:|www\.|\d{3,4}[ .-]\d{3,4}")
_DIGITS = re.compile(r"\d+")
_CLOCK = re.compile(r"(?:at|@)\s+\d")
_CAPTION = re.compile(r"(?:[^\W\d_]+ ){0,2}caption\b")
_HAS_DIGIT = re.compile(r"\d").search


@functools.cache
def _byline() -> re.Pattern[str]:
    words = sorted(phrases("byline"), key=lambda word: (-len(word), word))
    leads = "|".join(map(re.escape, words))
    return re.compile(
        rf"[*_]{{0,3}}(?:[^|]{{0,60}}[|·•–—\d)]\s*)?(?i:posted\s|published\s)?(?i:{leads}):?\s+"
        rf"(?P<names>{_NAMES.pattern}|[\w.@-]{{2,20}}(?=\s+(?:at|@|on)\s))"
    )


@functools.cache
def _lexicon() -> dict[str, list[str]]:
    text = resources.files("newsetl.splitters.prose").joinpath("lexicon.json").read_text("utf-8")
    lexicon: dict[str, list[str]] = json.loads(text)
    return lexicon


@functools.cache
def phrases(key: str) -> frozenset[str]:
    """Return the phrases of one list of lexicon.json."""
    return frozenset(_lexicon()[key])


@functools.cache
def _start_pattern(key: str) -> re.Pattern[str]:
    words = sorted(phrases(key), key=lambda word: (-len(word), word))
    return re.compile("(?:" + "|".join(map(re.escape, words)) + r")(?!\w)")


def _starts(low: str, key: str) -> bool:
    return bool(_start_pattern(key).match(low.lstrip("*_[(«» ")))


_STARTS = {
    "caption": "caption_start",
    "page": "page_heading",
    "trail": "trailing",
    "by_lead": "byline",
    "date_lead": "date_lead",
    "note_lead": "notes",
}
_TESTS: dict[str, Callable[[str], bool]] = {
    "quote": lambda shown: shown.startswith(_QUOTES),
    "lower": lambda shown: shown[:1].islower(),
    "digit": lambda shown: shown[:1].isdigit(),
    "rule": lambda shown: bool(_RULE.fullmatch(shown)),
    "label": lambda shown: len(shown) < _MAX_LABEL and bool(_LABEL.match(shown)),
    "dateline": lambda shown: len(shown) > _MAX_CUE and bool(_DATELINE.match(shown[:80])),
    "link": lambda shown: "http" in shown or "www." in shown or "@" in shown,
    "pipe": lambda shown: " | " in shown or " · " in shown or " » " in shown,
    "question": lambda shown: "?" in shown,
    "split": lambda shown: ": " in shown,
}
