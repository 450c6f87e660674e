"""Sentences around quotes, with each long quote cut to a stub: what the parser gets to see.

A quote is a clause of the sentence that frames it, whatever its length. Cut to a stub, it costs
little and cannot lead the parser astray. Every character of a frame knows where it stands in the
text.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsetl.extractors.quotes import cues
from newsetl.extractors.quotes.marks import Quoted, Span, trimmed

STUB = "It works"
_MOST_WORDS = 40
"""Words of a quoted fragment that the parser sees; a fragment is part of the sentence."""

_MOST_ITEMS = 12
_MOST_CHARACTERS = 3000
"""More quotes, or more text, make no sentence that a parser can read."""

_PARAGRAPH_END = re.compile(
    r"(?<=[.?!:;…\"”’'»)\]])[^\S\n]{0,8}\n\s*|[^\S\n]{0,8}\n[^\S\n]{0,8}\n\s*"
)
_STOP = re.compile(r"[.?!…]+[)\]’'\"”]*(?=\s|$)|\n")
_INITIALS = re.compile(r"(?:[^\W\d]\.)*[^\W\d]")
_WORD = re.compile(r"[a-z][a-z-]*")
_WORD_BEFORE = re.compile(r"[\w.&]+$")
_MARKS = "\"“”„‟«»‹›'‘’‚‛`"
_TYPEWRITTEN = ("``", "''")
_TOUCHING = frozenset(":,;)")
_POINTS = ".?!…"
_FULL_POINTS = frozenset(".?!")
_MOST_TITLE_WORDS = 16
_SMALL_WORDS = frozenset(
    "a an the of in on at to for from by with and or nor but as vs de la".split()
)
_SAID_WORDS = frozenset("i i'm i’m i'd i’d i've i’ve yes no oh well".split())
_POINT_BEHIND = re.compile(r"\s?(?:''|[\"”’'»“])[,.]")
_MOST_FRAGMENT_WORDS = 3
_MOST_SUBJECT_WORDS = 8


@dataclass(frozen=True, slots=True)
class Item:
    """A quote, or one part of it, in a frame: its span there, and which quote and part it is."""

    start: int
    end: int
    quote: int
    part: int
    is_whole: bool
    """Whether the words are a sentence of their own, not a fragment of the one around."""


@dataclass(slots=True)
class Frame:
    """One sentence: `text` for the parser, `items` its quotes, and where the rest stands."""

    paragraph: int
    text: str = ""
    items: list[Item] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)
    """Start in the frame, start in the text; a stub has none."""

    @property
    def has_words(self) -> bool:
        """Whether anything but quotes stands in the frame."""
        return bool(self._outside().strip(" \t\n\r\xa0.,;:–—-?!()\"'“”‘’"))

    @property
    def has_cue(self) -> bool:
        """Whether a word outside of the quotes may tell of speech."""
        return any(word in cues.FIRST_WORDS for word in _WORD.findall(self._outside().casefold()))

    def origin(self, offset: int) -> int:
        """Return where the character at `offset` of the frame stands in the text."""
        index = bisect.bisect_right(self.pieces, (offset, float("inf"))) - 1
        start, origin = self.pieces[max(index, 0)]
        return origin + offset - start

    def span(self, span: Span | None) -> Span | None:
        """Return where a span of the frame stands in the text."""
        return None if span is None else (self.origin(span[0]), self.origin(span[1] - 1) + 1)

    def _outside(self) -> str:
        pieces, last = [], 0
        for item in self.items:
            pieces.append(self.text[last : item.start])
            last = item.end
        return " ".join([*pieces, self.text[last:]])

    def add(self, text: str, start: int, end: int) -> None:
        """Add what stands outside of quotes; white space opens no frame.

        Words that touch a mark are set apart from it, as a tokenizer needs them.
        """
        if not self.text:
            start += len(text[start:end]) - len(text[start:end].lstrip())
        if self.items and self.items[-1].end == len(self.text) and text[start:end][:1].isalnum():
            self.text += " "
        self.pieces.append((len(self.text), start))
        self.text += text[start:end]

    def add_quote(self, text: str, quote: int, part: int, found: Quoted) -> None:
        start, end = found.parts[part]
        is_whole = is_sentence(text, start, end)
        if self.text and (self.text[-1].isalnum() or self.text[-1] in _TOUCHING):
            self.text += " "
        at = len(self.text)
        if is_whole or len(text[start:end].split()) > _MOST_WORDS:
            self.pieces.append((at, start - 1))
            last = _last(text, start, end)
            ending = last if last and last in ",.?!" else ""
            self.text += f'"{STUB}{ending}"'
        else:
            self.pieces.append((at, start - 1))
            self.text += f'"{text[start:end]}"'
        self.items.append(Item(at, len(self.text), quote, part, is_whole))


def is_sentence(text: str, start: int, end: int) -> bool:
    """Return whether the words are said as a sentence, not as a fragment of one.

    A sentence starts with a capital and closes with a point inside the marks, or, in British
    style, right behind them.
    """
    words = text[start:end].split()
    first = text[start:end].lstrip("“‘\"'([… .")[:1]
    if first.islower() or is_title(words):
        return False
    if _last(text, start, end) in ",.?!…—–-":
        is_reply = words[0].strip(".,…—–-").casefold() in _SAID_WORDS
        return len(words) > 1 or is_reply or text[end - 1] in "?!"
    return len(words) > _MOST_FRAGMENT_WORDS and bool(_POINT_BEHIND.match(text, end))


def is_title(words: Sequence[str]) -> bool:
    """Return whether the words are written as a title or a name: capitals, and few words."""
    if len(words) > _MOST_TITLE_WORDS or (words and words[-1][-1] in "?!"):
        return False
    bare = [word.strip("“”‘’\"'.,:;?!()[]") for word in words]
    if {word.casefold() for word in bare} & _SAID_WORDS:
        return False
    high = sum(not word[:1].islower() for word in bare)
    low = [word for word in bare if word[:1].islower()]
    return high * 2 >= len(bare) and all(word in _SMALL_WORDS for word in low)


def _last(text: str, start: int, end: int) -> str:
    """Return the last character that is no mark."""
    return text[start:end].rstrip("\"“”‘’'«»‹› ")[-1:]


def paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of a text whose layout is not known.

    A blank line ends one, and so does a line end behind a point, a colon or a mark; other line
    ends are where a line was full.
    """
    found, start = [], 0
    for match in _PARAGRAPH_END.finditer(text):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, len(text)))
    return [span for start, end in found if (span := trimmed(text, start, end))]


def frames(
    text: str, paragraphs: Sequence[Span], quotes: Sequence[Quoted]
) -> Iterator[list[Frame]]:
    """Yield the frames of each paragraph, in order; only outer quotes are looked at."""
    parts = sorted(
        (start, end, index, part)
        for index, quote in enumerate(quotes)
        if quote.depth == 0
        for part, (start, end) in enumerate(quote.parts)
    )
    at = 0
    for number, (start, end) in enumerate(paragraphs):
        inside = []
        while at < len(parts) and parts[at][0] < end:
            inside.append(parts[at])
            at += 1
        yield list(_paragraph(text, (start, end), inside, quotes, number))


def _paragraph(
    text: str,
    span: Span,
    parts: Sequence[tuple[int, int, int, int]],
    quotes: Sequence[Quoted],
    number: int,
) -> Iterator[Frame]:
    """Yield the frames of one paragraph; `parts` are start, end, quote and part of its quotes."""
    frame, cursor = Frame(number), span[0]
    for index, (start, end, quote, part) in enumerate(parts):
        before = _before(text, cursor, start)
        for ends in _stops(text, cursor, before):
            frame.add(text, cursor, ends)
            if frame.text.strip():
                yield frame
            frame, cursor = Frame(number), ends
        frame.add(text, cursor, before)
        frame.add_quote(text, quote, part, quotes[quote])
        cursor = max(before, min(span[1], behind(text, end, span[1])))
        while text[cursor : min(cursor + 1, span[1])] in _FULL_POINTS:
            frame.add(text, cursor, cursor + 1)
            cursor += 1
        following = parts[index + 1][0] if index + 1 < len(parts) else span[1]
        if _ends(text, frame, (start, end), text[cursor:following]):
            yield frame
            frame = Frame(number)
    for ends in [*_stops(text, cursor, span[1]), span[1]]:
        frame.add(text, cursor, ends)
        if frame.text.strip():
            yield frame
        frame, cursor = Frame(number), ends


def _ends(text: str, frame: Frame, words: Span, rest: str) -> bool:
    """Return whether a frame ends behind a quote of `words`, with `rest` up to the next one."""
    if len(frame.items) >= _MOST_ITEMS or len(frame.text) > _MOST_CHARACTERS:
        return True
    last = _last(text, *words)
    has_ended = last in tuple(_POINTS) or frame.text[-1] in _FULL_POINTS
    return has_ended and not _goes_on(rest, is_asked=last in ("?", "!"))


def _before(text: str, cursor: int, start: int) -> int:
    """Return where the opening mark before `start` begins."""
    while start > cursor and text[start - 1].isspace():
        start -= 1
    if start - 2 >= cursor and text[start - 2 : start] in _TYPEWRITTEN:
        return start - 2
    return start - 1 if start > cursor and text[start - 1] in _MARKS else start


def behind(text: str, end: int, limit: int) -> int:
    """Return where the closing mark behind `end` ends."""
    at = end
    while at < limit and text[at].isspace():
        at += 1
    if text[at : at + 2] in _TYPEWRITTEN:
        return at + 2
    return at + 1 if at < limit and text[at] in _MARKS else end


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where sentences end between two offsets."""
    for match in _STOP.finditer(text, start, end):
        word = _WORD_BEFORE.search(text, max(start, match.start() - 20), match.start())
        last = word[0].casefold() if word else ""
        following = text[match.end() : match.end() + 3].strip()[:1]
        if match[0].startswith("."):
            if last in cues.ABBREVIATIONS or _INITIALS.fullmatch(last):
                continue
            if following.islower():
                continue
        yield match.end()


def _goes_on(rest: str, *, is_asked: bool) -> bool:
    """Return whether a sentence goes on behind a quote that ends with a full stop, ? or !."""
    opening = rest.lstrip()
    if not opening or opening[0] in ".":
        return False
    if opening[0].islower() or opening[0] in ",;:–—-(":
        return True
    words = opening.split(maxsplit=_MOST_SUBJECT_WORDS + 1)[: _MOST_SUBJECT_WORDS + 1]
    for index, word in enumerate(words):
        bare = word.strip(".,:;?!()\"'“”‘’")
        if bare in cues.SAY and index:
            behind = words[index + 1] if index + 1 < len(words) else ""
            if word.endswith("."):
                return True
            is_sure = bare not in cues.WEAK
            if is_asked and is_sure and behind.casefold() not in _OWN_WORDS:
                return True
            return is_sure and (word[-1:] == "," or behind.casefold().strip(".,") in _CLOSING_WORDS)
        if word[-1:] in ".?!:;," and bare.casefold() not in cues.ABBREVIATIONS:
            return False
    return False


_CLOSING_WORDS = frozenset(
    "in on at during after before when while as of later earlier then last"
    " monday tuesday wednesday thursday friday saturday sunday him her them reporters".split()
)
_OWN_WORDS = frozenset("that if whether he she it they we his her their the a".split())
