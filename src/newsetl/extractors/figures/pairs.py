"""Two quantities that are one figure or one change: 6ft 2in, one in five, £2m-£3m, from 3 to 5."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, GLUED, Token
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.quantities import Quantity

_DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014")
_OUT_OF = (
    ("in",),
    ("in", "every"),
    ("out", "of"),
    ("out", "of", "every"),
    ("-", "in", "-"),
    ("of", "every"),
    ("in", "each"),
)
_PER = (("per",), ("for", "every"), ("for", "each"), ("to", "every"), ("per", "every"))
_PART_OF = (("of",), *(("of", word) for word in ("the", "a", "an", "its", "their", "that")))
_JOINED = {
    ("foot", "inch"): ("inch", Decimal(12), Decimal(1)),
    ("pound", "ounce"): ("pound", Decimal(1), 1 / Decimal(16)),
    ("?pound", "ounce"): ("pound", Decimal(1), 1 / Decimal(16)),
    ("stone", "pound"): ("pound", Decimal(14), Decimal(1)),
    ("year", "month"): ("month", Decimal(12), Decimal(1)),
    ("week", "day"): ("day", Decimal(7), Decimal(1)),
    ("day", "hour"): ("hour", Decimal(24), Decimal(1)),
    ("hour", "minute"): ("minute", Decimal(60), Decimal(1)),
    ("minute", "second"): ("second", Decimal(60), Decimal(1)),
}
"""Units of composite measures → the unit of the whole and what each part weighs in it."""

_INCHES = frozenset('"”″')
_STOPS = frozenset('.;:!?()"“”')
_REACH = 8


def merge(tokens: Sequence[Token], quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return `quantities` with neighbours that are one figure made one."""
    merged: list[Quantity] = []
    for quantity in quantities:
        one = _one(tokens, merged[-1], quantity) if merged else None
        if one is None:
            merged.append(quantity)
        else:
            merged[-1] = one
    return merged


def link(tokens: Sequence[Token], quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return `quantities` with the roles of from–to pairs; "ranging from A to B" is one range."""
    linked: list[Quantity] = []
    for quantity in quantities:
        if linked and quantity.first - linked[-1].last <= _REACH:
            linked[-1:] = _pair(tokens, linked[-1], quantity)
        else:
            linked.append(quantity)
        if len(linked) > 2 and linked[-1].role is None:
            linked[-3:] = _across(tokens, *linked[-3:])
    return linked


def _across(tokens: Sequence[Token], a: Quantity, aside: Quantity, b: Quantity) -> list[Quantity]:
    """Pair the ends of "to 4% in the three months to May from 3%", around what stands aside."""
    start = word_before(tokens, b.first)
    before = [token.key for token in tokens[max(0, aside.first - 2) : aside.first]]
    is_time = aside.unit is not None and aside.unit.kind == "duration"
    if not (is_time or before == [",", "or"]) or a.is_bare or a.role is not None:
        return [a, aside, b]
    ends = tokens[word_before(tokens, a.first)].key, tokens[start].key
    is_near = start >= aside.last and start - aside.last < _REACH > aside.first - a.last
    between = tokens[a.last : b.first]
    is_apart = any(token.text in _STOPS or token.gap == BROKEN for token in between)
    if ends != ("to", "from") or not is_near or is_apart or not _alike(a, b):
        return [a, aside, b]
    group = tokens[a.first].start
    return [replace(a, role="to", group=group), aside, replace(b, role="from", group=group)]


def word_before(tokens: Sequence[Token], first: int) -> int:
    """Return the token before `first` and its bound words: "from" in "from about 3%"; or -1."""
    at = first - 1
    if not first or tokens[at].key not in lexicon.BEFORE_ENDS:
        return at
    for size in (4, 3, 2, 1):
        start = first - size
        if start >= 0 and " ".join(token.key for token in tokens[start:first]) in lexicon.BEFORE:
            return start - 1
    return at


def _one(tokens: Sequence[Token], a: Quantity, b: Quantity) -> Quantity | None:
    if a.low is not None or a.total is not None or b.first - a.last > 3 or b.first < a.last:
        return None
    between = tokens[a.last : b.first + 1]
    if any(token.gap == BROKEN for token in between):
        return None
    keys = tuple("-" if token.text in _DASHES else token.key for token in between[:-1])
    is_time = a.unit is not None and a.unit.kind == "duration"
    if not keys or (keys == (",",) and a.unit is not None and not is_time):
        return _composite(tokens, a, b, is_loose=bool(keys))
    if keys == ("and",) and is_time and b.unit is not None:
        return _composite(tokens, a, b, is_loose=True)
    if keys == ("-",) and a.unit is not None and a.unit.name == "foot" and b.value < 12:
        return _composite(tokens, a, b, is_loose=False)  # 5-foot-11
    return _ratio(tokens, a, b, keys) or _range(tokens, a, b, keys) or _one_in(tokens, a, b, keys)


def _one_in(
    tokens: Sequence[Token], a: Quantity, b: Quantity, keys: tuple[str, ...]
) -> Quantity | None:
    """Return "one pupil in five" as a ratio: nothing that is counted follows."""
    last = b.last
    is_last = last >= len(tokens) or tokens[last].gap == BROKEN or tokens[last].kind == "mark"
    is_share = len(keys) == 2 and keys[1] == "in" and keys[0] not in lexicon.FUNCTION
    if not is_share or not (
        is_last or tokens[last].key in lexicon.FUNCTION or tokens[last].key.endswith("ed")
    ):
        return None
    found = _ratio(tokens, a, b, keys[1:])
    return None if found is None else replace(found, rule="one_noun_in")


def _composite(
    tokens: Sequence[Token], a: Quantity, b: Quantity, *, is_loose: bool
) -> Quantity | None:
    if a.unit is None or a.prefixed or b.prefixed or (is_loose and b.is_bare):
        return None
    small = (
        b.unit.name if b.unit is not None else {"foot": "inch", "stone": "pound"}.get(a.unit.name)
    )
    rule = _JOINED.get((a.unit.name, small or ""))
    if rule is None or not b.value < 60:
        return None
    name, much, little = rule
    kind = "duration" if a.unit.kind == "duration" else "measure"
    total = a.value * much + b.value * little
    last = b.last + (tokens[b.last : b.last + 1] != [] and tokens[b.last].text in _INCHES)
    return replace(a, last=last, unit=Unit(kind, name), total=total, rule="composite")


def _ratio(
    tokens: Sequence[Token], a: Quantity, b: Quantity, keys: tuple[str, ...]
) -> Quantity | None:
    """Return "one in five" or "3.5 per 1,000" as one quantity, or None."""
    if not a.is_bare or not b.is_bare or b.value < 2 or a.sign < 0:
        return None
    share = Unit("ratio", "ratio")
    if keys in _PER and b.value >= 10:
        per = f"{b.value.normalize():f}"
        return replace(
            a, last=b.last, unit=share, total=a.value / b.value, per=per, rule="per_number"
        )
    if keys not in _OUT_OF or not a.value < b.value or is_year(tokens, b):
        return None
    return replace(a, last=b.last, unit=share, total=a.value / b.value, rule="one_in")


def is_year(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether `quantity` is written as a year is: four digits, from 1500 to 2100."""
    text = tokens[quantity.numeral.first].text
    is_plain = quantity.is_bare and quantity.last - quantity.first == 1
    return is_plain and len(text) == 4 and text.isdigit() and "1500" <= text <= "2100"


def _range(
    tokens: Sequence[Token], a: Quantity, b: Quantity, keys: tuple[str, ...]
) -> Quantity | None:
    before = tokens[a.first - 1].key if a.first else ""
    if keys == ("-", "to") and b.unit is not None:
        keys = ("to",)  # 16- to 24-year-olds
    if a.is_bare and (a.numeral.form == "fraction") != (b.numeral.form == "fraction"):
        return None
    if len(keys) != 1 and keys != ("-", "to", "-"):
        return None
    if keys[0] == "and" and before != "between":
        return None
    if keys[0] == "or" and not (a.is_bare and a.value + 1 == b.value):
        return None
    if keys[0] not in ("to", "and", "or", "-", "/") or (keys[0] == "to" and _is_change(tokens, a)):
        return None
    if keys[0] == "-" and not _is_dash_range(tokens, a, b):
        return None
    if keys[0] == "/" and not (a.prefixed and b.prefixed):
        return None
    whole = _span(tokens, a, b, is_loose=keys[0] == "-" or before == "between")
    if whole is None or whole.low is None or whole.high is None or not whole.low < whole.high:
        return None
    return replace(whole, first=a.first - 1) if before == "between" else whole


def _is_change(tokens: Sequence[Token], a: Quantity) -> bool:
    """Return whether `a` is what something changed by or from: "fell 12p to", "from 5% to"."""
    at = word_before(tokens, a.first)
    if at < 0:
        return False
    if tokens[at].key == "from":
        return True
    if tokens[at].key == "by":
        return not a.is_bare
    return tokens[at].key in lexicon.CHANGE and not a.is_bare


def _is_dash_range(tokens: Sequence[Token], a: Quantity, b: Quantity) -> bool:
    dash, after = tokens[a.last], tokens[a.last + 1]
    return (dash.gap == GLUED == after.gap) or not (a.is_bare or b.is_bare)


def _span(tokens: Sequence[Token], a: Quantity, b: Quantity, *, is_loose: bool) -> Quantity | None:
    """Return the range from `a` to `b` in one unit, or None. `is_loose` lets `b` take a's unit."""
    unit = a.unit or b.unit
    if b.unit is None and a.unit is not None and not (is_loose or a.prefixed):
        return None
    if a.unit and b.unit and (a.unit.kind, a.unit.name) != (b.unit.kind, b.unit.name):
        return None
    if unit is None and is_year(tokens, a) and is_year(tokens, b):
        return None
    low, high = ends(a, b)
    if high < low < 0:  # minus 5 to minus 10 degrees
        low, high = high, low
    return replace(
        a, last=b.last, unit=unit, per=b.per or a.per, low=low, high=high, rule="range",
        numeral=replace(a.numeral, power=max(a.numeral.power, b.numeral.power)),
    )  # fmt: skip


def ends(a: Quantity, b: Quantity) -> tuple[Decimal, Decimal]:
    """Return both values in one unit and scale: £2-3m and "seven to nine thousand" share theirs."""
    low = a.value if a.unit is not None or b.unit is None else replace(a, unit=b.unit).value
    high = b.value if b.unit is not None or a.unit is None else replace(b, unit=a.unit).value
    one, two = a.numeral, b.numeral
    if not one.power and two.power and abs(one.mantissa) < two.mantissa and a.total is None:
        low = low.scaleb(two.power)
    return low, high


def _pair(tokens: Sequence[Token], a: Quantity, b: Quantity) -> list[Quantity]:
    one, two = word_before(tokens, a.first), word_before(tokens, b.first)
    between = tokens[a.last : b.first]
    is_apart = tokens[b.first].gap == BROKEN or any(
        token.text in _STOPS or token.gap == BROKEN for token in between
    )
    if one < 0 or is_apart:
        return [a, b]
    is_open = [token.key for token in between] == ["up", "to"]
    if tokens[one].key == "from" and is_open and _alike(a, b):
        whole = _span(tokens, a, b, is_loose=True)
        return [a, b] if whole is None else [whole]
    if two < a.last:
        return [a, b]
    is_part = b.unit is not None and b.unit.kind == "money" and bool(a.numeral.power)
    if a.is_bare and is_part and tuple(token.key for token in between) in _PART_OF:
        return [replace(a, unit=b.unit, rule="money_part"), b]
    if _shares_unit(tokens, a, b, between):
        return [replace(a, unit=b.unit, rule="shared_unit"), b]
    roles = tokens[one].key, tokens[two].key
    if roles == ("from", "to"):
        return _from_to(tokens, a, b)
    if roles == ("to", "from") and _alike(a, b):
        group = tokens[a.first].start
        a, b = _shared(a, b)
        return [replace(a, role="to", group=group), replace(b, role="from", group=group)]
    return [a, b]


def _shares_unit(
    tokens: Sequence[Token], a: Quantity, b: Quantity, between: Sequence[Token]
) -> bool:
    """Return whether "72 and 70 years" gives the first number the second one's unit."""
    if [token.key for token in between] not in (["and"], ["or"]) or not a.is_bare or b.prefixed:
        return False
    is_number = a.numeral.form == "digits" == b.numeral.form and not is_year(tokens, a)
    return is_number and b.unit is not None and a.first > 0 and tokens[a.first - 1].text.islower()


def _from_to(tokens: Sequence[Token], a: Quantity, b: Quantity) -> list[Quantity]:
    if not _alike(a, b):
        return [a, b]
    start = word_before(tokens, a.first)
    cues = {token.key for token in tokens[max(0, start - 2) : start]}
    if b.first - a.last <= 2 and cues & lexicon.RANGE_CUES and a.low is None is b.low:
        whole = _span(tokens, a, b, is_loose=True)
        return [a, b] if whole is None else [whole]
    group = tokens[a.first].start
    a, b = _shared(a, b)
    return [replace(a, role="from", group=group), replace(b, role="to", group=group)]


def _alike(a: Quantity, b: Quantity) -> bool:
    return a.unit is None or b.unit is None or a.unit[:2] == b.unit[:2]


def _shared(a: Quantity, b: Quantity) -> tuple[Quantity, Quantity]:
    """Return both with the unit, scale and base that only one of them states."""
    unit = a.unit or b.unit
    if a.low is None and a.unit is None and a.total is None:
        low, _ = ends(a, b)
        if low != a.value:
            a = replace(a, total=low)
    rule = a.rule or b.rule
    one, two = _per(a, b), _per(b, a)
    return replace(one, unit=unit, rule=a.rule or rule), replace(
        two, unit=unit, rule=b.rule or rule
    )


def _per(own: Quantity, other: Quantity) -> Quantity:
    """Return `own` as a share of what the other is: to 2.4 per 1,000, from 3.3."""
    if own.unit is not None or other.rule != "per_number" or other.per is None:
        return own
    return replace(own, total=own.value / Decimal(other.per), per=other.per)
