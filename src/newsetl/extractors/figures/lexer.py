"""From text to tokens: numbers in digits, words, marks; each with its place and the gap before."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from newsetl.extractors.figures import lexicon

GLUED, SPACED, BROKEN = 0, 1, 2
"""What stands before a token: nothing, white space, or a blank line, which no figure crosses."""

MAX_DIGITS = 24
"""A number with more digits is a key or noise, not a figure."""

_FRACTIONS = "".join(lexicon.CHARACTERS)
_TOKEN = re.compile(
    rf"""
      (\s*+) (?:                                   # white space, then a word, a number or a mark
      (
          (?: [^\W\d_{_FRACTIONS}] )++             # letters; ² and ³ are among them
          (?: ['’] (?: [^\W\d_{_FRACTIONS}] )++ )*+ # people's, O'Neill
      )
    | (
          [0-9]{{1,3}}+ (?: [\u00a0\u2009\u202f] [0-9]{{3}} )++ (?![0-9]) (?: [.,][0-9]++ )?+
                                                   # 41 307 925 with no-break or thin spaces
        | [0-9]{{1,3}}+ (?: [ ] [0-9]{{3}} ){{2,12}}+ (?![0-9])
                                                   # with plain spaces: two groups or more
        | [0-9]{{1,3}}+ [ ] 000 (?![0-9]|[.,][0-9])  # … or one of noughts
        | [0-9]++ (?: [.,'’] [0-9]++ )*+           # 1,234.56  1.234,56  1'000'000  3.1
        | (?<![\w.]) [.] [0-9]++                   # .500
        | [{_FRACTIONS}]                           # ½
      )
    | ( \S ) )                                     # any other mark, one by one
    """,
    re.VERBOSE,
)
_GROUPED = re.compile(
    r"""
      [1-9][0-9]{0,2}+ (?: , [0-9]{3} )++          # 1,234,567
    | [0-9]{1,2} (?: , [0-9]{2} )+ , [0-9]{3}       # 1,97,000: lakhs and crores
    """,
    re.VERBOSE,
)
_DOTTED = re.compile(
    r"[0-9]{1,3}+ (?: [.] [0-9]{3} ){2,}+ | [0-9]{1,3}+ (?: ['’] [0-9]{3} )++", re.X
)
_SPACES = re.compile(r"[\u00a0\u2009\u202f ]")


class Token(NamedTuple):
    """A number, word or mark: `text[start:end]`. Only a well-formed number has a `value`."""

    start: int
    end: int
    text: str
    key: str
    kind: str
    gap: int
    value: Decimal | None = None


_token: Callable[[tuple[int, int, str, str, str, int, Decimal | None]], Token]
_token = partial(tuple.__new__, Token)  # as Token(…), without a call of Python


def lex(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of `text[start:end]`, whose every character but white space is in one.

    Their places count in `text`. The first is next to nothing: its gap is broken unless it is the
    text's first.

    >>> [(token.text, token.kind) for token in lex("£278 bn")]
    [('£', 'mark'), ('278', 'number'), ('bn', 'word')]
    """
    tokens: list[Token] = []
    first = start
    for white, word, number, mark in _TOKEN.findall(text, start, len(text) if end is None else end):
        first += len(white)
        gap = GLUED if not white else SPACED if len(white) == 1 else _gap(white)
        piece = word or number or mark
        kind = "word" if word else "number" if number else "mark"
        value = parse_digits(number) if number else None
        after = first + len(piece)
        tokens.append(_token((first, after, piece, piece.casefold(), kind, gap, value)))
        first = after
    if start and tokens:
        tokens[0] = tokens[0]._replace(gap=BROKEN)
    return tokens


def parse_digits(text: str) -> Decimal | None:
    """Return the number that digits and their separators state, or None if they state none.

    The last separator is the decimal one, unless all separators stand between groups of three.

    >>> parse_digits("1,97,000"), parse_digits("1.234,5"), parse_digits("41 307 925")
    (Decimal('197000'), Decimal('1234.5'), Decimal('41307925'))
    >>> parse_digits("1,2,3") is None
    True
    """
    if text in lexicon.CHARACTERS:
        share = lexicon.CHARACTERS[text]
        return Decimal(share.numerator) / Decimal(share.denominator)
    if len(text) > MAX_DIGITS * 2:
        return None
    plain = _SPACES.sub("", text)
    whole, point, part = plain.rpartition(".")
    if point and part and not _is_digits(part):
        whole, point, part = plain, "", ""
    if not point:
        number = _whole(plain)
        return _comma(plain) if number is None else number
    number = _whole(whole) if whole else Decimal(0)
    if _DOTTED.fullmatch(plain):
        return _bounded(plain.replace(".", ""))
    return None if number is None else _bounded(f"{number}.{part}")


def phrase(tokens: Sequence[Token], first: int, last: int) -> str:
    """Return tokens `first` to `last`, exclusive, as one key; any white space is one space."""
    rest = tokens[first + 1 : last]
    return tokens[first].text + "".join(
        token.text if token.gap == GLUED else f" {token.text}" for token in rest
    )


def _gap(white: str) -> int:
    return BROKEN if white.count("\n") > 1 or len(white) > 40 else SPACED


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _whole(text: str) -> Decimal | None:
    if _is_digits(text):
        return _bounded(text)
    if _GROUPED.fullmatch(text) or _DOTTED.fullmatch(text):
        return _bounded(re.sub(r"[,.'’]", "", text))
    return None


def _comma(text: str) -> Decimal | None:
    """Return the number whose decimal point is a comma: 1.234,5."""
    head, comma, part = text.rpartition(",")
    if not comma or len(part) > 2 or not _is_digits(part):
        return None
    head = head.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(?:[.][0-9]{3})+", head) else head
    return _bounded(f"{head}.{part}") if _is_digits(head) else None


def _bounded(text: str) -> Decimal | None:
    return Decimal(text) if len(text) <= MAX_DIGITS else None
