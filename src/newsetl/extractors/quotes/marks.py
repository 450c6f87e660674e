"""What stands between quotation marks: a scanner that is a pure function of the text.

Whether a mark opens or closes follows from its shape and from the characters beside it. Nesting,
quotes that run over paragraphs (a mark opens each, one closes the last) and points inside the
marks: Chicago Manual of Style, 17th edition, 13.30–13.39 and 6.9. Low-high marks and guillemets:
the Unicode Standard, 6.2.6.
"""

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Span = tuple[int, int]

_MARK = re.compile("(?<=\\S)'(?=''(?!'))|``|''|[\"“”„‟«»‹›'‘’‚‛]")
_DOUBLE, _ANGLE, _SINGLE = "double", "angle", "single"
SINGLE = frozenset("'‘’‚‛")
_FAMILY = (
    dict.fromkeys(('"', "“", "”", "„", "‟", "``", "''"), _DOUBLE)
    | dict.fromkeys("«»‹›", _ANGLE)
    | dict.fromkeys(SINGLE, _SINGLE)
)
_SHAPED_TO_OPEN = frozenset(("“", "„", "‟", "``", "«", "‹", "‘", "‚", "‛"))
_SHAPED_TO_CLOSE = frozenset(("”", "''", "»", "›", "’"))
_BEFORE_OPENING = frozenset("([{<—–-/…=*|>¡¿")
_BEHIND_CLOSING = frozenset(".,;:?!)]}>—–-/…*|<")
_POINTS = frozenset(".,?!…")
_ELISION = re.compile(
    r"""
      (?: em | tis | twas | til | till | cause | bout | round | cuz | n | nuff | kay )\b
    | \d\d (?:s|th)? \b               # the '90s, the class of '08
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
_INCHES = re.compile(r"\d['’′]\s?\d{1,2}$")
_LONGEST_INCHES = 6
_MOST_BESIDE = 4
"""Marks beside a mark that are looked through; no text nests deeper."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stands between one pair of marks.

    `parts` are the spans inside the marks, one for each paragraph; `start` and `end` include the
    marks. `depth` is 0 outside other marks. `is_closed` is False where the closing mark is missing.
    """

    start: int
    end: int
    parts: tuple[Span, ...]
    mark: str
    depth: int = 0
    is_closed: bool = True


@dataclass(slots=True)
class _Open:
    """A mark that waits for the one that closes it; a single one knows which that will be."""

    mark: str
    start: int
    inner: int
    closer: int = -1
    parts: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark, and what the characters beside it say: opens, closes, or both or neither (None)."""

    start: int
    end: int
    mark: str
    opens: bool | None


def scan(text: str, paragraphs: Sequence[Span]) -> list[Quoted]:
    """Return what stands between marks in each of `paragraphs`, in order of the text.

    An outer quote comes before those nested in it. One that is open at a paragraph's end runs on
    if the next paragraph starts with the same sort of mark, else it ends there, unclosed. Time is
    n log n in the number of marks.

    >>> text = "She said: “I am 'so' glad.” They left."
    >>> [(text[slice(*found.parts[0])], found.depth) for found in scan(text, [(0, len(text))])]
    [("I am 'so' glad.", 0), ('so', 1)]
    """
    scanner = _Scanner(text)
    for start, end in paragraphs:
        scanner.read(start, end)
    scanner.finish()
    return sorted(scanner.found, key=lambda item: (item.start, -item.end))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Quoted] = []
        self.stack: list[_Open] = []
        self.paragraph_end = 0

    def read(self, start: int, end: int) -> None:
        """Go over one paragraph; a quote open at its end waits for the next one."""
        tags = [match.span() for match in _TAG.finditer(self.text, start, end)]
        found = _outside(tags, _MARK.finditer(self.text, start, end))
        marks = [self._seen(match, start, end) for match in found]
        first = self._carry_on(start, marks)
        closers = _single_closers(self.text, marks)
        balance = _balances(marks)
        for index in range(first, len(marks)):
            mark = marks[index]
            if _FAMILY[mark.mark] == _SINGLE:
                self._single(mark, closers, is_first=not self.text[start : mark.start].strip())
            else:
                self._double(mark, balance[index])
        self.paragraph_end = end
        while len(self.stack) > 1 or (self.stack and self.stack[0].closer >= 0):
            self.stack.pop()

    def finish(self) -> None:
        if self.stack:
            self._add(self.stack.pop(0), self.paragraph_end, self.paragraph_end, is_closed=False)
        self.stack.clear()

    def _carry_on(self, start: int, marks: list[_Mark]) -> int:
        """Take up what the last paragraph left open; return the index of the first mark to read."""
        if not self.stack:
            return 0
        waiting = self.stack[0]
        is_led = bool(marks) and not self.text[start : marks[0].start].strip(" \t\n\r\xa0….")
        if is_led and _FAMILY[marks[0].mark] == _FAMILY[waiting.mark] and marks[0].opens:
            waiting.parts.append((waiting.inner, self.paragraph_end))
            waiting.inner = marks[0].end
            return 1
        self.finish()
        return 0

    def _double(self, mark: _Mark, balance: int) -> None:
        family = _FAMILY[mark.mark]
        depth = next(
            (at for at in reversed(range(len(self.stack))) if family == self._family(at)), None
        )
        if _is_opening(mark, is_open=depth is not None):
            if depth is not None and balance < depth + 2:
                # More open than will be closed: the earlier one lost its closing mark.
                self._add(self.stack[depth], mark.start, mark.start, is_closed=False)
                del self.stack[depth:]
            self.stack.append(_Open(mark.mark, mark.start, mark.end))
        elif depth is not None and not self._is_inches(mark):
            self._close(depth, mark)

    def _single(self, mark: _Mark, closers: list[list[int]], *, is_first: bool) -> None:
        if self.stack and self.stack[-1].closer == mark.start:
            self._close(len(self.stack) - 1, mark)
            return
        nested = any(self._family(at) == _SINGLE for at in range(len(self.stack)))
        if nested and self.stack[0].closer < 0 and self._family(0) == _SINGLE and not mark.opens:
            if any(mark.start == closer for closer in _ahead(closers, mark.start)[:1]):
                self._close(0, mark)
            return
        if nested or not mark.opens or mark.mark == "’" or _ELISION.match(self.text, mark.end):
            return
        ahead = [closer for closer in _ahead(closers, mark.end) if closer > mark.end]
        if ahead:
            self.stack.append(_Open(mark.mark, mark.start, mark.end, closer=ahead[0]))
        elif is_first and mark.mark == "‘" and not self.stack:
            self.stack.append(_Open(mark.mark, mark.start, mark.end))

    def _family(self, at: int) -> str:
        return _FAMILY[self.stack[at].mark]

    def _close(self, depth: int, mark: _Mark) -> None:
        self._add(self.stack[depth], mark.start, mark.end, depth=depth)
        del self.stack[depth:]

    def _add(
        self, item: _Open, inner_end: int, end: int, *, depth: int = 0, is_closed: bool = True
    ) -> None:
        parts = tuple(
            span
            for first, last in [*item.parts, (item.inner, inner_end)]
            if (span := trimmed(self.text, first, last))
        )
        if parts:
            self.found.append(Quoted(item.start, end, parts, item.mark, depth, is_closed))

    def _is_inches(self, mark: _Mark) -> bool:
        before = self.text[max(0, mark.start - _LONGEST_INCHES) : mark.start]
        return mark.mark in ('"', "”") and bool(_INCHES.search(before))

    def _seen(self, match: re.Match[str], start: int, end: int) -> _Mark:
        """Return the mark with what is beside it; marks beside it are looked through."""
        first, last = match.span()
        before, behind = first - 1, last
        while before >= max(start, first - _MOST_BESIDE) and self.text[before] in _FAMILY:
            before -= 1
        while behind < min(end, last + _MOST_BESIDE) and self.text[behind] in _FAMILY:
            behind += 1
        previous = self.text[before] if before >= start else " "
        following = self.text[behind] if behind < end else " "
        left = previous.isspace() or previous in _BEFORE_OPENING
        right = following.isspace() or following in _BEHIND_CLOSING
        return _Mark(first, last, match[0], left if left != right else None)


def _outside(tags: Sequence[Span], marks: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the marks that stand in no tag that markup left behind."""
    index = 0
    for mark in marks:
        while index < len(tags) and tags[index][1] <= mark.start():
            index += 1
        if index == len(tags) or mark.start() < tags[index][0]:
            yield mark


def _is_opening(mark: _Mark, *, is_open: bool) -> bool:
    """Return whether a double or angular mark opens a quote, when one of its sort is open or not.

    The shape decides, unless the characters beside the mark and what is open both speak against
    it: a mark set the wrong way round, or the other way round, as »here« and „here“.
    """
    if mark.mark in _SHAPED_TO_OPEN:
        return not (is_open and mark.opens is False)
    if mark.mark in _SHAPED_TO_CLOSE:
        return not is_open and mark.opens is True
    return mark.opens if mark.opens is not None else not is_open


def _balances(marks: Sequence[_Mark]) -> list[int]:
    """Return for each mark how many more close than open behind it, itself included as open."""
    total, balances = 0, []
    for mark in reversed(marks):
        balances.append(total)
        if _FAMILY[mark.mark] != _SINGLE:
            opens = mark.mark in _SHAPED_TO_OPEN if mark.opens is None else mark.opens
            total += -1 if opens else 1
    return balances[::-1]


def _single_closers(text: str, marks: Sequence[_Mark]) -> list[list[int]]:
    """Return where single quotes may close: surely, and where it may be an apostrophe instead.

    An apostrophe may stand at the end of a plural (workers') and of a clipped word (goin').
    """
    sure: list[int] = []
    maybe: list[int] = []
    for mark in marks:
        if _FAMILY[mark.mark] != _SINGLE or mark.mark == "‘":
            continue
        before, behind = text[mark.start - 1 : mark.start], text[mark.end : mark.end + 1]
        if not before.strip() or behind.isalnum():
            continue
        clipped = before in "sSzZx" or text[mark.start - 2 : mark.start] == "in"
        is_sure = before in _POINTS or not clipped or (behind in _POINTS and before not in "sS")
        (sure if is_sure else maybe).append(mark.start)
    return [sure, maybe]


def _ahead(closers: list[list[int]], start: int) -> list[int]:
    """Return the next sure and the next possible place from `start` on, the sure one first."""
    found = []
    for places in closers:
        index = bisect.bisect_left(places, start)
        found += places[index : index + 1]
    return found


def trimmed(text: str, start: int, end: int) -> Span | None:
    """Return a span without outer white space, or None if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
