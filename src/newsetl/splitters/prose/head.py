"""Head: the short lines around a piece, up to the text above and below it.

Templates differ in where date and byline stand: above or below, next to the headline or behind a
deck, one or the other missing. What counts is whether they are there at all.
"""

from collections.abc import Sequence

from newsetl.dates import find_printed
from newsetl.splitters.prose.pieces import Piece

_REACH = 6
_SIGNS = ("date", "byline", "names")
_NOT_PLAIN = frozenset(
    {"date", "byline", "names", "label", "nav", "page", "trail", "end", "rule", "caption", "notes"}
)
_CLOSING = frozenset({"end", "trail", "notes", "rule"})
NAMES = (
    *(f"{sign}_{side}" for side in ("above", "below") for sign in (*_SIGNS, "plain")),
    "date_again", "longest_of_head",
)  # fmt: skip


def describe(pieces: Sequence[Piece], at: int) -> tuple[float, ...]:
    """Return how near each sign stands above and below piece `at` (0: nowhere), and more.

    `plain` counts the lines without any sign; `date_again` says that a date in the piece itself
    stands in its head, too; `longest_of_head` is the length of the piece beside the longest line.
    """
    above, below = _above(pieces, at), _below(pieces, at)
    own = pieces[at]
    longest = max((near.chars for near in (*above, *below)), default=own.chars)
    return (
        *_signs(above),
        *_signs(below),
        float(_is_dated_again(own, (*above, *below))),
        min(own.chars / max(longest, 1), 3.0),
    )


def signature(pieces: Sequence[Piece], at: int) -> str:
    """Return which signs stand above and below piece `at`, and whether other lines do.

    >>> from newsetl.splitters.prose.pieces import Piece
    >>> cues = [(), ("byline",), ("date",)]
    >>> lines = [Piece(0, 9, "", "", 0, 0, 0, 1, 0, 0, frozenset(item)) for item in cues]
    >>> signature(lines, 0), signature(lines, 1)
    ('|bd', '.|d')
    """
    above, below = _above(pieces, at), _below(pieces, at)
    return f"{_shown(above)}|{_shown(below)}"


def _shown(lines: Sequence[Piece]) -> str:
    cues = frozenset().union(*(line.cues for line in lines))
    plain = any(not line.cues & _NOT_PLAIN for line in lines)
    is_signed = bool({"byline", "names"} & cues)
    return "." * plain + "b" * is_signed + "d" * ("date" in cues)


def _above(pieces: Sequence[Piece], at: int) -> list[Piece]:
    """Return the lines above, nearest first, up to text or what closes an article."""
    lines: list[Piece] = []
    for near in range(at - 1, max(-1, at - 1 - _REACH), -1):
        if pieces[near].is_prose or pieces[near].cues & _CLOSING:
            break
        lines.append(pieces[near])
    return lines


def _below(pieces: Sequence[Piece], at: int) -> list[Piece]:
    lines: list[Piece] = []
    for near in range(at + 1, min(len(pieces), at + 1 + _REACH)):
        if pieces[near].is_prose or pieces[near].cues & _CLOSING:
            break
        lines.append(pieces[near])
    return lines


def _signs(lines: Sequence[Piece]) -> tuple[float, ...]:
    nearest = [
        next((float(step) for step, line in enumerate(lines, 1) if sign in line.cues), 0.0)
        for sign in _SIGNS
    ]
    return (*nearest, float(sum(not line.cues & _NOT_PLAIN for line in lines)))


def _is_dated_again(own: Piece, around: Sequence[Piece]) -> bool:
    """Return whether a date in the piece is that of a date line around it."""
    if "dated" not in own.cues:
        return False
    days = _dates(own)
    return any("date" in line.cues and days & _dates(line) for line in around)


def _dates(piece: Piece) -> set[str]:
    """Return the dates that a line prints, as printed."""
    return {piece.text[start:end].casefold() for start, end in find_printed(piece.text)}
