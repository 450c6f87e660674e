"""One quantity: a numeral with its sign, currency, unit and rate, read from tokens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from newsetl.extractors.figures import lexicon, rates
from newsetl.extractors.figures.lexer import BROKEN, GLUED, Token, lex, phrase
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.numerals import Numeral, joined, read

_MINUS = frozenset("-\u2212\u2010\u2011\u2013")
_MINUS_WORDS = frozenset(("minus", "negative"))
_LOSSES = lexicon.WORDS["losses"]
_AGES = {
    "year": "year",
    "years": "year",
    "month": "month",
    "months": "month",
    "week": "week",
    "weeks": "week",
    "day": "day",
    "days": "day",
    "yr": "year",
    "yrs": "year",
}
_FILLERS = lexicon.WORDS["fillers"]
"""Words that may stand between a number and a unit of time: "two more years"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Tokens `first` to `last`, exclusive: a numeral with what belongs to it; bare without a unit.

    `low` and `high` are the ends of a range, `total` the value of two joined numerals.
    """

    first: int
    last: int
    numeral: Numeral
    sign: int = 1
    unit: Unit | None = None
    prefixed: bool = False
    per: str | None = None
    rule: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    total: Decimal | None = None
    role: str | None = None
    group: int | None = None

    @property
    def value(self) -> Decimal:
        """The value in major units: pence are hundredths of a pound."""
        return self.scale(self.numeral.value) if self.total is None else self.total

    @property
    def is_bare(self) -> bool:
        return self.unit is None

    def scale(self, number: Decimal) -> Decimal:
        number = number.scaleb(-2) if self.unit is not None and self.unit.minor else number
        return self.sign * number


def at(tokens: Sequence[Token], index: int) -> Quantity | None:
    """Return the quantity whose numeral starts at token `index`, or None."""
    before = _currency_before(tokens, index)
    numeral = read(tokens, index, money=before is not None or _has_symbol_after(tokens, index))
    if numeral is None:
        return None
    if before is not None:
        found = _prefixed(tokens, numeral, before)
        if found is not None:
            return _rated(tokens, _signed(tokens, found))
    if _is_in_code(tokens, index):
        return None
    found = _age(tokens, numeral) or _suffixed(tokens, numeral)
    return _rated(tokens, _signed(tokens, found))


def _currency_before(tokens: Sequence[Token], index: int) -> tuple[int, str] | None:
    """Return the first token and the code of the currency sign before token `index`, or None."""
    mark = index - 1
    if mark >= 1 and tokens[mark].text in _MINUS and tokens[mark].gap == GLUED == tokens[index].gap:
        index, mark = mark, mark - 1  # £-5m
    if mark < 0 or tokens[index].gap == BROKEN:
        return None
    token = tokens[mark]
    if token.text in lexicon.SYMBOLS:
        return _national(tokens, mark)
    if token.text == "¢" and mark and token.gap == GLUED:
        name = tokens[mark - 1].text + token.text
        return (mark - 1, lexicon.NATIONAL[name]) if name in lexicon.NATIONAL else None
    if token.text in ("=", ".") and mark >= 1 and token.gap == GLUED:
        name = tokens[mark - 1].text + token.text
        if name in lexicon.PREFIXES and (tokens[index].gap == GLUED or name in lexicon.APART):
            return mark - 1, lexicon.PREFIXES[name]
    if token.kind != "word" or (mark and token.gap == GLUED and _is_code(tokens[mark - 1])):
        return None
    glued = tokens[index].gap == GLUED
    if token.text in lexicon.CODES and (glued or token.text not in lexicon.CODE_WORDS):
        return mark, token.text
    if token.text in lexicon.PREFIXES and (glued or token.text in lexicon.APART):
        return mark, lexicon.PREFIXES[token.text]
    return None


def _is_in_code(tokens: Sequence[Token], index: int) -> bool:
    """Return whether the number at token `index` goes on a word: QRT3400x, but not 6ft2in."""
    if not index or tokens[index].kind != "number" or tokens[index].gap != GLUED:
        return False
    before = tokens[index - 1]
    return before.kind == "word" and (index < 2 or before.gap != GLUED)


def _is_code(before: Token) -> bool:
    """Return whether what a letter is glued to makes it part of a code: KX61P-730."""
    return before.kind == "number"


def _national(tokens: Sequence[Token], mark: int) -> tuple[int, str]:
    """Return the currency of the symbol at token `mark`, with the letters before it: US$, HK $."""
    symbol = tokens[mark].text
    code = lexicon.SYMBOLS[symbol]
    if mark > 3 and phrase(tokens, mark - 4, mark + 1) in lexicon.NATIONAL:  # U.S.$
        return mark - 4, lexicon.NATIONAL[phrase(tokens, mark - 4, mark + 1)]
    if mark and tokens[mark].gap != BROKEN:
        letters = tokens[mark - 1].text
        name = letters + symbol
        if name in lexicon.NATIONAL and (tokens[mark].gap == GLUED or len(letters) > 1):
            return mark - 1, lexicon.NATIONAL[name]
        if letters in lexicon.CODES and letters not in lexicon.CODE_WORDS:
            return mark - 1, letters
    return mark, code


def _has_symbol_after(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a currency noun or sign follows a scale letter: 5m€, 30m yuan."""
    after = index + 2
    if after >= len(tokens) or tokens[index + 1].text not in lexicon.GLUED_SCALES:
        return False
    key = tokens[after].key
    unit = lexicon.UNITS.get(key)
    return tokens[after].text in lexicon.SYMBOLS or (unit is not None and unit.kind == "money")


def _prefixed(
    tokens: Sequence[Token], numeral: Numeral, before: tuple[int, str]
) -> Quantity | None:
    first, code = before
    name = tokens[first].text
    single = (name.isalpha() and len(name) == 1 and first + 1 == numeral.first) or name == "PS"
    is_number = numeral.form == "digits" or tokens[numeral.first].kind == "number"
    if single and not numeral.power and tokens[numeral.first].text.isdigit():
        return None
    if (not is_number and numeral.form != "words") or (name.isalpha() and not is_number):
        return None
    last = numeral.last
    if last < len(tokens) and tokens[last].gap != BROKEN:
        own = (
            lexicon.AFTER_DOLLARS.get(tokens[last].key) if tokens[last].text[:1].isupper() else None
        )
        if own is not None:
            after = tokens[last + 1].key if last + 1 < len(tokens) else ""
            last += 2 if after in ("dollar", "dollars") else 1
            code = own
    return Quantity(
        first, last, numeral, unit=Unit("money", code), prefixed=True, rule="money_prefix"
    )


def _age(tokens: Sequence[Token], numeral: Numeral) -> Quantity | None:
    """Read "34-year-old", "52 years old", "18 month-old", "five years of age"."""
    step = joined(tokens, numeral.last)
    unit = None if step is None else _AGES.get(tokens[step].key)
    if step is None or unit is None:
        return None
    after = joined(tokens, step + 1)
    if after is not None and tokens[after].key in ("old", "olds"):
        return Quantity(numeral.first, after + 1, numeral, unit=Unit("age", unit), rule="age_old")
    if [token.key for token in tokens[step + 1 : step + 3]] == ["of", "age"]:
        return Quantity(numeral.first, step + 3, numeral, unit=Unit("age", unit), rule="age_old")
    return None


def _suffixed(tokens: Sequence[Token], numeral: Numeral) -> Quantity:
    """Return `numeral` with the longest unit name that follows it, or bare."""
    bare = Quantity(numeral.first, numeral.last, numeral)
    if (feet := _feet(tokens, bare)) is not None:
        return feet
    if numeral.letter in ("k", "K", "b", "B", "m", "M") or numeral.form != "vague":
        found = _unit_at(tokens, numeral.last)
        if found is not None and (short := lexicon.ABBREVIATIONS.get(found[0].name)) is not None:
            return _spelled_out(bare, found, short)
        if found is not None:
            return replace(bare, unit=found[0], last=found[1], rule=f"{found[0].kind}_suffix")
    step = numeral.last
    if numeral.form in ("vague", "fraction") and step < len(tokens) and tokens[step].key == "of":
        found = _unit_at(tokens, step + 1)
        if found is not None and found[0].kind == "money" and numeral.form == "vague":
            return replace(bare, unit=found[0], last=found[1], rule="money_suffix")
    if numeral.form == "fraction" and step < len(tokens):
        step += tokens[step].key == "of"
        if step < len(tokens) and tokens[step].key in ("a", "an"):
            found = _unit_at(tokens, step + 1)
            if found is not None:
                return replace(bare, unit=found[0], last=found[1], rule=f"{found[0].kind}_suffix")
    return bare


def _spelled_out(bare: Quantity, found: tuple[Unit, int], short: Mapping[str, Any]) -> Quantity:
    """Return a quantity in the unit that its abbreviation stands for: 16 bcm, 4m bpd."""
    numeral = replace(bare.numeral, power=bare.numeral.power + short.get("power", 0))
    return replace(
        bare,
        numeral=numeral,
        last=found[1],
        unit=found[0]._replace(name=short["unit"]),
        per=short.get("per"),
        rule="measure_suffix",
    )


def _feet(tokens: Sequence[Token], bare: Quantity) -> Quantity | None:
    """Read the feet of 5' 6": a single mark is feet only before inches, else it closes a quote."""
    mark, inches = (*tokens[bare.last : bare.last + 2], None, None)[:2]
    if mark is None or inches is None or mark.text not in ("'", "’") or mark.gap != GLUED:
        return None
    if inches.value is None or inches.gap == BROKEN or not (bare.value < 9 and inches.value < 12):
        return None
    return replace(bare, last=bare.last + 1, unit=Unit("measure", "foot"), rule="measure_suffix")


def _unit_at(tokens: Sequence[Token], index: int) -> tuple[Unit, int] | None:
    """Return the unit whose name starts at token `index` and the token after it, longest first."""
    start = joined(tokens, index)
    if start is not None and tokens[start].key in _FILLERS and tokens[start].gap != GLUED:
        after = _unit_at(tokens, start + 1)
        return after if after is not None and after[0].kind in ("duration", "index") else None
    if start is None:
        return None
    token = tokens[start]
    if token.key not in _UNIT_STARTS:
        return None
    glued = (token.gap == GLUED and start == index) or _is_sign_after(tokens, start)
    limit = min(start + lexicon.LONGEST_UNIT, len(tokens))
    best: tuple[Unit, int] | None = None
    for last in range(start + 1, limit + 1):
        if last > start + 1 and tokens[last - 1].gap == BROKEN:
            break
        name = phrase(tokens, start, last)
        unit = (lexicon.UNITS_GLUED.get(name) if glued else None) or lexicon.UNITS_EXACT.get(name)
        unit = unit or lexicon.UNITS.get(name.casefold())
        if name == "s" and "." not in tokens[index - 1].text:
            continue  # 4090s is no time, 9.58s is
        unit = unit or lexicon.UNITS.get(name.casefold().replace("-", " "))
        if unit is not None and _stands_alone(tokens, last):
            best = unit, last
        if _squeezed(name) not in _UNIT_PARTS:
            break
    return best


def _squeezed(name: str) -> str:
    return name.casefold().replace(" ", "").replace("-", "")


def _is_sign_after(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the currency sign at token `at` belongs to the number before it: 5 € and."""
    if tokens[at].text not in lexicon.SYMBOLS or tokens[at].gap == BROKEN:
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    return after is None or (after.kind != "number" and after.text not in lexicon.SYMBOLS)


def _stands_alone(tokens: Sequence[Token], last: int) -> bool:
    """Return whether the name that ends before token `last` ends there in print: not 5g in 5g2."""
    if last >= len(tokens) or tokens[last].gap != GLUED:
        return True
    ends_in_mark = tokens[last - 1].kind == "mark"
    return (
        tokens[last].kind == "mark"
        or (ends_in_mark and tokens[last - 1].text != ".")
        or (
            tokens[last].kind == "number"
            and tokens[last - 1].key in ("ft", "lb", "st", "hr", "h", "'", "’")
        )
    )


def _signed(tokens: Sequence[Token], quantity: Quantity) -> Quantity:
    """Return `quantity` with the minus, the word minus or the accounting brackets around it."""
    first = quantity.first
    if first >= 1 and quantity.prefixed and tokens[first - 1].text == "(":
        closed = quantity.last < len(tokens) and tokens[quantity.last].text == ")"
        if closed and first >= 2 and tokens[first - 2].key in _LOSSES:
            return replace(quantity, first=first - 1, last=quantity.last + 1, sign=-1)
    if quantity.prefixed and tokens[quantity.numeral.first - 1].text in _MINUS:
        return replace(quantity, sign=-1)
    if not first:
        return quantity
    sign = tokens[first - 1]
    before = tokens[first - 2] if first >= 2 else None
    if sign.text in _MINUS and sign.text not in "\u2010\u2011":
        open_left = sign.gap != GLUED or before is None or before.text in "(["
        if tokens[first].gap == GLUED and open_left:
            return replace(quantity, first=first - 1, sign=-1)
        if sign.text in "-\u2212" and open_left and before and before.key in lexicon.CHANGE:
            return replace(quantity, first=first - 1, sign=-1)
        if before and before.key in _MINUS_WORDS and sign.gap == GLUED == tokens[first].gap:
            return replace(quantity, first=first - 2, sign=-1)
    is_both = before is not None and (before.kind == "number" or before.key == "or")
    if sign.key in _MINUS_WORDS and not is_both:  # plus or minus 3 points
        return replace(quantity, first=first - 1, sign=-1)
    return quantity


def _rated(tokens: Sequence[Token], quantity: Quantity) -> Quantity:
    """Return `quantity` with the rate that follows it: "a day", "per share", "an hour"."""
    if quantity.unit is None or quantity.unit.kind in ("age", "multiple"):
        return quantity
    return rates.with_rate(tokens, quantity)


def _unit_parts() -> Iterator[str]:
    """Yield what unit names start with: each of their first tokens, without spaces and hyphens."""
    for name in (*lexicon.UNITS, *lexicon.UNITS_EXACT, *lexicon.UNITS_GLUED):
        for token in lex(name)[1:]:
            yield _squeezed(name[: token.start])


_UNIT_STARTS = frozenset(
    token.key
    for table in (lexicon.UNITS, lexicon.UNITS_EXACT, lexicon.UNITS_GLUED)
    for name in table
    for token in lex(name)[:1]
)
_UNIT_PARTS = frozenset(_unit_parts())
