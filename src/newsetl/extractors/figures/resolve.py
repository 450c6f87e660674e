"""What a shared sign or word means here: whose dollar, pound of money or weight, which bps."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, GLUED, Token, phrase
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.pairs import word_before
from newsetl.extractors.figures.quantities import Quantity

_WEIGHT = lexicon.WORDS["weight"]
_HEAT = lexicon.WORDS["heat"]
_RATES = lexicon.WORDS["policy"]
_TRANSMISSION = lexicon.WORDS["transmission"]
_TURN = lexicon.WORDS["turn"]
_MEASURED = lexicon.WORDS["measured"]
_SPORTS = lexicon.WORDS["sports"]
_PEOPLE = lexicon.WORDS["people"]
_HEAVIEST = 5000
_SHEDDING = frozenset(("shed", "sheds", "shedding", "drop", "drops", "dropped", "dropping"))
_CHARGES = lexicon.WORDS["charges"]
_FAHRENHEIT = frozenset(("US", "PR", "BS", "BZ", "KY", "LR"))
_BACK = 200
"""Tokens before a sentence in which the money may stand whose cents it speaks of."""
_WITH_CENTS = frozenset(("?dollar", "USD", "EUR", "ZAR", "AUD", "CAD", "NZD", "SGD", "HKD"))
_WINDOW = 12
_INDEX_WINDOW = 20
_SENTENCE = 40
"""Tokens of a sentence that are looked at on each side."""
_STATED_NAMES = {
    row.casefold(): code
    for code in ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD")
    for row in (f"{lexicon.CURRENCY_NAMES[code]}s", *lexicon.DOLLARS.get(code, ()))
}
_STATED_ENDS = frozenset(name.split()[-1] for name in _STATED_NAMES)
_STATED = re.compile(
    rf"\b(?:in|are|is|into)\s+({'|'.join(sorted(map(re.escape, _STATED_NAMES), reverse=True))})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole text and its publisher say of shared signs.

    `marked` holds the money whose sign or name says whose it is, `stated` the currencies that the
    text says its sums are in: "all figures in Australian dollars".
    """

    country: str | None
    marked: Mapping[str, frozenset[Decimal]]
    stated: frozenset[str]


def setting(text: str, quantities: Sequence[Quantity], country: str | None) -> Setting:
    """Return the setting of a text: the publisher's country and the currencies it names."""
    money = [q for q in quantities if q.unit is not None and q.unit.kind == "money"]
    if not any(q.unit is not None and q.unit.name.startswith("?") for q in money):
        return Setting(country, {}, frozenset())
    marked: dict[str, set[Decimal]] = {}
    for quantity in money:
        if quantity.unit is not None and not quantity.unit.name.startswith("?"):
            marked.setdefault(quantity.unit.name, set()).add(quantity.value)
    stated = {_STATED_NAMES[match[1].casefold()] for match in _stated(text)}
    values = {code: frozenset(sums) for code, sums in marked.items()}
    return Setting(country, values, frozenset(stated))


def _stated(text: str) -> Iterator[re.Match[str]]:
    lowered = text.casefold()
    return _STATED.finditer(text) if any(end in lowered for end in _STATED_ENDS) else iter(())


def unit(
    tokens: Sequence[Token], quantity: Quantity, place: Setting
) -> tuple[Quantity, str | None]:
    """Return `quantity` with its shared unit decided, and what decided its currency."""
    own = quantity.unit
    if own is None:
        return quantity, None
    if own.name == "degree":
        return replace(quantity, unit=_degree(tokens, quantity, place)), None
    if own.kind == "basis_point" and _is_transmission(tokens, quantity):
        return replace(quantity, unit=Unit("measure", "bit-per-second")), None
    if own.kind != "money":
        return quantity, None
    if own.name == "?pound" and not quantity.prefixed and _is_weight(tokens, quantity, place):
        return replace(quantity, unit=Unit("measure", "pound")), None
    if not own.name.startswith("?"):
        return quantity, "sign"
    code, source = currency(tokens, quantity, place)
    return replace(quantity, unit=own._replace(name=code)), source


def currency(tokens: Sequence[Token], quantity: Quantity, place: Setting) -> tuple[str, str]:
    """Return the ISO code of a shared sign and what decided it.

    In order: the article (it states the currency of its sums, marks the same sum elsewhere, or
    marks the publisher's own currency and so means another by the bare sign), the publisher's
    country, a place in the sentence where the publisher is not known, then the usual one.
    """
    sign = "" if quantity.unit is None else quantity.unit.name[1:]
    sharers = lexicon.SHARERS[sign]
    codes = {lexicon.CURRENCY_OF[country] for country in sharers}
    home = place.country
    if sign == "cent" and (beside := _major(tokens, quantity, is_alone=home is None)) is not None:
        if beside.startswith("?"):
            return currency(tokens, _in(quantity, beside), place)[0], "article"
        return beside, "article"
    own = lexicon.CURRENCY_OF[home] if home is not None and home in sharers else None
    same = {code for code in codes if quantity.value in place.marked.get(code, ())}
    for evidence in (codes & place.stated, same):
        if len(evidence) == 1:
            return evidence.pop(), "article"
    if own is not None:
        is_marked = sign == "dollar" and own != lexicon.SHARED[sign] and own in place.marked
        return (lexicon.SHARED[sign], "article") if is_marked else (own, "country")
    if place.country is None or sign != "dollar":
        near = _places(tokens, quantity) & sharers
        near -= {name for name in near if lexicon.CURRENCY_OF[name] in place.marked}
        if len(near) == 1:
            return lexicon.CURRENCY_OF[near.pop()], "place"
    named = codes & place.marked.keys()
    if len(named) == 1 and sign != "dollar":
        return named.pop(), "article"
    return lexicon.SHARED[sign], "default"


def _in(quantity: Quantity, name: str) -> Quantity:
    return replace(quantity, unit=Unit("money", name))


def _major(tokens: Sequence[Token], quantity: Quantity, *, is_alone: bool) -> str | None:
    """Return the currency with cents whose sign stands nearest to `quantity` in its sentence.

    Where nothing else tells (`is_alone`), the one that stands last before it.
    """
    first, last = _sentence(tokens, quantity)
    near = sorted(range(first, last), key=lambda at: abs(at - quantity.first))
    if is_alone:
        near += range(first - 1, max(-1, first - _BACK), -1)
    marks = (lexicon.SYMBOLS.get(tokens[at].text) or _noun(tokens[at].key) for at in near)
    return next((name for name in marks if name in _WITH_CENTS), None)


def _noun(key: str) -> str | None:
    unit = lexicon.UNITS.get(key)
    return unit.name if unit is not None and unit.kind == "money" and not unit.minor else None


def _places(tokens: Sequence[Token], quantity: Quantity) -> set[str]:
    """Return the countries that the sentence of `quantity` names by name, city or adjective."""
    first, last = _sentence(tokens, quantity)
    found = set()
    for at in range(first, last):
        for size in (1, 2) if tokens[at].text[:1].isupper() else ():
            name = phrase(tokens, at, min(at + size, last))
            country = lexicon.PLACES.get(name.removesuffix("'s").removesuffix("’s"))
            found |= {country} if country else set()
    return found


def _sentence(tokens: Sequence[Token], quantity: Quantity) -> tuple[int, int]:
    """Return the tokens of the sentence around `quantity`, no more than are looked at."""
    first, last = quantity.first, quantity.last
    while first > 0 and quantity.first - first < _SENTENCE and not _ends(tokens, first):
        first -= 1
    while last < len(tokens) and last - quantity.last < _SENTENCE and not _ends(tokens, last):
        last += 1
    return first, last


def _ends(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a sentence ends before token `at`."""
    is_start = tokens[at].text[:1].isupper() or tokens[at].kind != "word"
    return tokens[at].gap == BROKEN or (
        tokens[at].gap != GLUED and tokens[at - 1].text in ".!?" and is_start
    )


def metres(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether the letter m glued to a bare number means metres, not million."""
    last = quantity.last
    if "," in tokens[quantity.numeral.first].text:
        return True  # 10,000m is no ten billion
    after = [token.key for token in tokens[last : last + 2]]
    if after and (after[0] in _MEASURED or after[:2] == ["from", "the"]):
        return True
    before = {token.key for token in tokens[max(0, quantity.first - 6) : quantity.first]}
    if before & _SPORTS:
        return True
    if before & _PEOPLE or (set(after) & _PEOPLE):
        return False
    is_thing = tokens[quantity.first - 1].key in ("a", "an", "the") if quantity.first else False
    is_thing = is_thing or (last < len(tokens) and tokens[last].key in ("of", "from"))
    return is_thing and not _counts(tokens, last) and quantity.numeral.mantissa < 10_000


def is_index(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether a market index is named before `quantity`, so that points are its points."""
    before = tokens[max(0, quantity.first - _INDEX_WINDOW) : quantity.first]
    keys = [token.key for token in before]
    return not lexicon.INDICES.isdisjoint(keys) or ("&" in keys and "p" in keys)


def is_rate(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether the words around speak of rates, of which a quarter point is a share."""
    return any(token.key in _RATES for token in _around(tokens, quantity))


def _counts(tokens: Sequence[Token], at: int) -> bool:
    from newsetl.extractors.figures.counts import counted

    if counted(tokens, at) is not None:
        return True
    return at < len(tokens) and tokens[at].key == "of"


def _is_weight(tokens: Sequence[Token], quantity: Quantity, place: Setting) -> bool:
    if quantity.numeral.power:
        return False
    if any(token.key in _WEIGHT for token in _around(tokens, quantity)):
        return True
    if quantity.value >= _HEAVIEST:
        return False
    after = tokens[quantity.last].key if quantity.last < len(tokens) else ""
    if tokens[quantity.last - 2].text == "-" and after not in _CHARGES:
        return True  # a 210-pound calf, but a 210-pound fine
    before = tokens[word_before(tokens, quantity.first)].key if quantity.first else ""
    near = {token.key for token in tokens[max(0, quantity.first - 3) : quantity.first]}
    is_shed = not near.isdisjoint(_SHEDDING) or before in ("lost", "gained")
    is_stuff = after == "of" or is_shed
    return place.country == "US" or (is_stuff and place.country is None)


def _is_transmission(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether bps are bits per second, of which the words around speak."""
    has_letters = any(token.key == "bps" for token in tokens[quantity.first : quantity.last])
    return has_letters and any(token.key in _TRANSMISSION for token in _around(tokens, quantity))


def _degree(tokens: Sequence[Token], quantity: Quantity, place: Setting) -> Unit:
    words = {token.key for token in _around(tokens, quantity)}
    if words & _TURN or not words & _HEAT:
        return Unit("measure", "degree")
    if "celsius" in words or "fahrenheit" in words:
        return Unit("temperature", "celsius" if "celsius" in words else "fahrenheit")
    return Unit("temperature", "fahrenheit" if place.country in _FAHRENHEIT else "celsius")


def _around(tokens: Sequence[Token], quantity: Quantity) -> Sequence[Token]:
    return tokens[max(0, quantity.first - _WINDOW) : quantity.last + _WINDOW]
