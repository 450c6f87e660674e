"""Numbers in digits and words, with their scale words, read from tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, GLUED, Token

_HYPHENS = frozenset("-\u2010\u2011")
_SLASHES = frozenset("/\u2044")
_ARTICLES = frozenset(("a", "an"))
_HALVES = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_DOZENS = {"dozens": 12}
_MAX_SCALE = 24


@dataclass(frozen=True, slots=True)
class Numeral:
    """Tokens `first` to `last`, exclusive, and the number that they state.

    `form` is digits, words, fraction or vague. `mantissa` is the number before its scale words,
    `power` their power of ten, and `letter` a glued scale letter that may be a unit instead.
    """

    first: int
    last: int
    mantissa: Decimal
    power: int = 0
    form: str = "digits"
    letter: str = ""

    @property
    def value(self) -> Decimal:
        return self.mantissa.scaleb(self.power)


def starts(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield each token where a number, or a word that is one, such as "doubled", may start."""
    for index, token in enumerate(tokens):
        if token.kind == "number" or token.key in _STARTS or token.key in lexicon.MULTIPLES:
            after = tokens[index + 1].key if index + 1 < len(tokens) else ""
            if token.key not in _ARTICLES or after in _AFTER_ARTICLE or after in _HYPHENS:
                yield index


def read(tokens: Sequence[Token], at: int, *, money: bool = False) -> Numeral | None:
    """Return the numeral that starts at token `at`, or None. `money` widens the scale letters."""
    token = tokens[at]
    if token.kind == "number":
        return _digits(tokens, at, money=money)
    if token.kind != "word" or token.key not in _STARTS:
        return None
    for reader in (_vague, _half_of, _fraction, _spelled):
        found = reader(tokens, at)
        if found is not None:
            return found
    return None


def joined(tokens: Sequence[Token], at: int) -> int | None:
    """Return the token that continues a number or unit at `at`: next to it, or after a hyphen.

    >>> from newsetl.extractors.figures.lexer import lex
    >>> joined(lex("two-thirds"), 1), joined(lex("two thirds"), 1), joined(lex("two - three"), 1)
    (2, 1, None)
    """
    if at >= len(tokens) or tokens[at].gap == BROKEN:
        return None
    if tokens[at].text not in _HYPHENS:
        return at
    after = at + 1
    if tokens[at].gap == GLUED and after < len(tokens) and tokens[after].gap == GLUED:
        return after
    return None


def is_pronoun(before: Sequence[Token]) -> bool:
    """Return whether "one" behind two words is one of a kind: a new, the biggest, the Czech one."""
    key = before[-1].key if before else ""
    is_people = len(before) > 1 and before[0].key in _OWNERS and before[1].text[:1].isupper()
    return is_people or key in _KINDS or (key.endswith("est") and len(key) > 4)


def _digits(tokens: Sequence[Token], at: int, *, money: bool) -> Numeral | None:
    value = tokens[at].value
    if value is None:
        return None
    last = at + 1
    form = "fraction" if tokens[at].text in lexicon.CHARACTERS else "digits"
    share = _slash_fraction(tokens, at)
    if share is not None:
        return _scaled(tokens, Numeral(at, at + 3, share, form="fraction"), money=money)
    extra = _mixed(tokens, last) if form == "digits" else None
    if extra is not None:  # $5.61½ is five dollars and 61½ cents
        places = len(tokens[at].text.partition(".")[2])
        value, last = value + extra[0].scaleb(-places), extra[1]
    return _scaled(tokens, Numeral(at, last, value, form=form), money=money)


def _mixed(tokens: Sequence[Token], at: int) -> tuple[Decimal, int] | None:
    """Return the fraction after a whole number and the token after it: 5½, 5 1/2, 5-1/2."""
    if at + 1 < len(tokens) and tokens[at].text == "-" and tokens[at].gap == GLUED:
        share = _slash_fraction(tokens, at + 1) if tokens[at + 1].gap == GLUED else None
        return None if share is None else (share, at + 4)
    if at >= len(tokens) or tokens[at].kind != "number" or tokens[at].gap == BROKEN:
        return None
    if tokens[at].text in lexicon.CHARACTERS:
        value = tokens[at].value
        return None if value is None else (value, at + 1)
    share = _slash_fraction(tokens, at)
    return None if share is None else (share, at + 3)


def _slash_fraction(tokens: Sequence[Token], at: int) -> Decimal | None:
    """Return the value of 3/4, or None: only common denominators, so 9/11 stays a date."""
    if at + 2 >= len(tokens) or tokens[at + 1].text not in _SLASHES:
        return None
    if not (tokens[at].text.isdigit() and tokens[at + 2].text.isdigit()):
        return None
    over, under = tokens[at].value, tokens[at + 2].value
    glued = tokens[at + 1].gap == GLUED == tokens[at + 2].gap
    if not glued or over is None or under is None or not 0 < over < under:
        return None
    return over / under if under in _DENOMINATORS else None


def _scaled(tokens: Sequence[Token], numeral: Numeral, *, money: bool) -> Numeral:
    """Return `numeral` with the scale words and letters that follow it."""
    power, last, letter = numeral.power, numeral.last, ""
    while power < _MAX_SCALE and (at := joined(tokens, last)) is not None:
        token = tokens[at]
        if token.key in lexicon.SCALES and not token.key.isupper():
            power, last = power + lexicon.SCALES[token.key], at + 1
        elif (dozens := _dozens(token)) and numeral.form != "fraction":
            return Numeral(numeral.first, at + 1, numeral.mantissa * dozens, power, numeral.form)
        elif power == 0 and token.text in lexicon.GLUED_SCALES:
            if not _is_scale_letter(tokens, at, money=money):
                break
            power, last, letter = lexicon.GLUED_SCALES[token.text], at + 1, token.text
            break
        else:
            break
    return Numeral(numeral.first, last, numeral.mantissa, power, numeral.form, letter)


def _dozens(token: Token) -> int:
    return lexicon.GROUPS.get(token.key, 0) if token.key == "dozen" else 0


def _is_scale_letter(tokens: Sequence[Token], at: int, *, money: bool) -> bool:
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is not None and after.gap == GLUED and (after.kind != "mark" or after.text in "/²"):
        return False
    if money:
        return token.gap == GLUED or token.text in ("m", "M", "b", "B")
    if token.text in ("m", "k", "b"):
        return token.gap == GLUED
    is_counting = after is not None and after.kind == "word" and after.key.endswith(("s", "people"))
    return token.text in ("M", "B", "K") and is_counting  # 8 B people, 50K jobs, but 5K, Block 1B


def _vague(tokens: Sequence[Token], at: int) -> Numeral | None:
    """Read "thousands", "tens of millions": one to ten of them, so `mantissa` is one."""
    key = tokens[at].key
    if key in ("tens", "hundreds", "thousands") and at + 2 < len(tokens):
        power = lexicon.VAGUE.get(tokens[at + 2].key)
        if power is not None and tokens[at + 1].key == "of":
            own = 1 if key == "tens" else lexicon.VAGUE[key]
            return Numeral(at, at + 3, Decimal(1), power + own, "vague")
    if key in lexicon.VAGUE:
        return Numeral(at, at + 1, Decimal(1), lexicon.VAGUE[key], "vague")
    if key in _DOZENS:
        return Numeral(at, at + 1, Decimal(_DOZENS[key]), 0, "vague")
    return None


def _half_of(tokens: Sequence[Token], at: int) -> Numeral | None:
    """Read "half a million", "half a dozen", "quarter of a billion", "half million"."""
    first = at
    if tokens[at].key in _ARTICLES:
        at += 1
    share = _HALVES.get(tokens[at].key) if at < len(tokens) else None
    if share is None:
        return None
    at += 1
    if at < len(tokens) and tokens[at].key == "of":
        at += 1
    step = joined(tokens, at)
    if step is not None and tokens[step].key in _ARTICLES:
        step = joined(tokens, step + 1)
    if step is None:
        return None
    key = tokens[step].key
    if key == "dozen":
        return Numeral(first, step + 1, share * 12, form="words")
    if key not in lexicon.SCALES or len(key) < 4:
        return None
    return _scaled(tokens, Numeral(first, step, share, form="words"), money=False)


def _fraction(tokens: Sequence[Token], at: int) -> Numeral | None:
    """Read "a third", "two-thirds", "one fourth"; "a third man" is settled later."""
    key = tokens[at].key
    over = 1 if key in _ARTICLES else lexicon.ONES.get(key, 0)
    step = joined(tokens, at + 1)
    if step is None or not over:
        if key == "half" or (key in _HALVES and _is_point(tokens, at + 1)):
            return Numeral(at, at + 1, _HALVES[key], form="fraction")
        return None
    word = tokens[step].key
    table = lexicon.DENOMINATORS if over == 1 else lexicon.PLURAL_DENOMINATORS
    if word not in table:
        if key == "half":
            return Numeral(at, at + 1, Decimal("0.5"), form="fraction")
        return None
    return Numeral(at, step + 1, Decimal(over) / Decimal(table[word]), form="fraction")


def _is_point(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "point" or "percentage" follows: a cut of quarter-point."""
    step = joined(tokens, at)
    return step is not None and tokens[step].key in ("point", "percentage")


@dataclass(slots=True)
class _Sum:
    """A number in words so far. `room` is what the next word may add: 3 any, 2 tens, 1 ones."""

    total: int = 0
    current: int = 0
    room: int = 3

    def take(self, key: str) -> bool:
        """Add the word `key` and return True; return False if it does not go on."""
        if key in lexicon.TENS and self.room >= 2:
            self.current, self.room = self.current + lexicon.TENS[key], 1
        elif key in lexicon.ONES and self.room and (self.room > 1 or lexicon.ONES[key] < 10):
            self.current, self.room = self.current + lexicon.ONES[key], 0
        elif key == "hundred" and 0 < self.current < 100:
            self.current, self.room = self.current * 100, 2
        elif key == "dozen" and self.current:
            self.current, self.room = self.current * 12, 0
        elif len(key) > 3 and key in lexicon.SCALES and self.current and self.total < 10**18:
            self.total += self.current * 10 ** lexicon.SCALES[key]
            self.current, self.room = 0, 3
        else:
            return False
        return True

    @property
    def is_open_to_and(self) -> bool:
        """Whether "and" may go on: after hundreds and scales, not in "twenty and five"."""
        return self.room >= 2 and (self.total > 0 or self.current >= 100)


def _spelled(tokens: Sequence[Token], at: int) -> Numeral | None:
    """Read "six hundred and forty", "a million", "twenty-two", "two and a half million"."""
    number, last = _Sum(), at
    step: int | None = at
    if tokens[at].key in _ARTICLES:
        step = joined(tokens, at + 1)
        if step is None or tokens[step].key not in _COUNTED or tokens[step].gap == GLUED:
            return None
        number = _Sum(current=1, room=0)
    while step is not None:
        step = _past_and(tokens, step, number)
        if not number.take(tokens[step].key):
            break
        last = step + 1
        step = joined(tokens, last)
    if last == at:
        return None
    whole, power = number.total + number.current, 0
    while power < 12 and whole and whole % 1000 == 0:
        whole, power = whole // 1000, power + 3
    return _with_half(tokens, Numeral(at, last, Decimal(whole), power, form="words"))


def _past_and(tokens: Sequence[Token], step: int, number: _Sum) -> int:
    """Return the token after an "and" that joins two parts of one number, else `step`."""
    if tokens[step].key != "and" or not number.is_open_to_and:
        return step
    ahead = joined(tokens, step + 1)
    is_part = ahead is not None and (
        tokens[ahead].key in lexicon.ONES or tokens[ahead].key in lexicon.TENS
    )
    return ahead if is_part and ahead is not None else step


def _with_half(tokens: Sequence[Token], numeral: Numeral) -> Numeral:
    """Return `numeral` with "and a half" and a scale after it, if they follow."""
    at = numeral.last
    keys: list[str] = []
    while len(keys) < 3 and (step := joined(tokens, at)) is not None:
        keys.append(tokens[step].key)
        at = step + 1
    if keys in (["and", "a", "half"], ["and", "a", "quarter"]) and numeral.value < 100:
        more = Numeral(numeral.first, at, numeral.value + _HALVES[keys[2]], form="words")
        return _scaled(tokens, more, money=False)
    return numeral


_KINDS, _OWNERS = lexicon.WORDS["kinds"], lexicon.WORDS["determiners"]
_DENOMINATORS = frozenset((2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 32, 64, 100, 128))
_COUNTED = frozenset(key for key in lexicon.SCALES if len(key) > 3) | {"dozen"}
_AFTER_ARTICLE = _COUNTED.union(_HALVES, lexicon.DENOMINATORS)
NUMBER_WORDS = frozenset(
    word
    for table in (
        lexicon.ONES,
        lexicon.TENS,
        lexicon.SCALES,
        lexicon.VAGUE,
        lexicon.GROUPS,
        _DOZENS,
        lexicon.MULTIPLES,
        lexicon.DENOMINATORS,
        lexicon.PLURAL_DENOMINATORS,
    )
    for word in table
)
"""Without one of these words and without a digit a text has no figure."""
_STARTS = frozenset(
    (
        *lexicon.ONES,
        *lexicon.TENS,
        *lexicon.VAGUE,
        *_DOZENS,
        *_ARTICLES,
        "half",
        "quarter",
        "tens",
        "hundred",
        "dozen",
    )
)
