"""What a shared sign or word means here: whose dollar, pound of money or weight, which degree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import Token
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.pairs import word_before
from newsetl.extractors.figures.quantities import Quantity

_WEIGHT = lexicon.WORDS["weight"]
_HEAT = lexicon.WORDS["heat"]
_TURN = lexicon.WORDS["turn"]
_MEASURED = lexicon.WORDS["measured"]
_SPORTS = lexicon.WORDS["sports"]
_PEOPLE = lexicon.WORDS["people"]
_FAHRENHEIT = frozenset(("US", "PR", "BS", "BZ", "KY", "LR"))
_WINDOW = 12


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole text and its publisher say of shared signs."""

    country: str | None
    codes: frozenset[str]


def setting(quantities: Sequence[Quantity], country: str | None) -> Setting:
    """Return the setting of a text: the publisher's country, the currencies it names."""
    codes = {q.unit.name for q in quantities if q.unit is not None and q.unit.kind == "money"}
    return Setting(country, frozenset(code for code in codes if not code.startswith("?")))


def unit(
    tokens: Sequence[Token], quantity: Quantity, place: Setting
) -> tuple[Quantity, str | None]:
    """Return `quantity` with its shared unit decided, and what decided its currency."""
    own = quantity.unit
    if own is None:
        return quantity, None
    if own.name == "degree":
        return replace(quantity, unit=_degree(tokens, quantity, place)), None
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

    In order: a place named next to the figure where the publisher's own country has no such
    sign, the publisher's country, a currency the article names outright, then the usual one.
    """
    sign = "" if quantity.unit is None else quantity.unit.name[1:]
    sharers = lexicon.SHARERS[sign]
    if place.country in sharers:
        return lexicon.CURRENCY_OF[place.country or ""], "country"
    for token in _around(tokens, quantity):
        country = lexicon.PLACES.get(token.text)
        if (
            country in sharers
            and country is not None
            and sign in ("cent", "peso", "rupee", "krone")
        ):
            return lexicon.CURRENCY_OF[country], "place"
    own = {lexicon.CURRENCY_OF.get(country) for country in sharers} & place.codes
    if len(own) == 1 and place.country is None and sign != "dollar":
        return str(next(iter(own))), "article"
    return lexicon.SHARED[sign], "default"


def metres(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether the letter m glued to a bare number means metres, not million."""
    last = quantity.last
    after = [token.key for token in tokens[last : last + 2]]
    if after and (after[0] in _MEASURED or after[:2] == ["from", "the"]):
        return True
    before = {token.key for token in tokens[max(0, quantity.first - 6) : quantity.first]}
    if before & _SPORTS:
        return True
    if before & _PEOPLE or (set(after) & _PEOPLE):
        return False
    return not _counts(tokens, last) and quantity.numeral.mantissa < 10_000


def is_index(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether a market index is named before `quantity`, so that points are its points."""
    before = tokens[max(0, quantity.first - _WINDOW) : quantity.first]
    keys = [token.key for token in before]
    return not lexicon.INDICES.isdisjoint(keys) or ("&" in keys and "p" in keys)


def _counts(tokens: Sequence[Token], at: int) -> bool:
    from newsetl.extractors.figures.counts import counted

    if counted(tokens, at) is not None:
        return True
    return at < len(tokens) and tokens[at].key == "of"


def _is_weight(tokens: Sequence[Token], quantity: Quantity, place: Setting) -> bool:
    if quantity.numeral.power or quantity.value >= 5000:
        return False
    if any(token.key in _WEIGHT for token in _around(tokens, quantity)):
        return True
    after = tokens[quantity.last].key if quantity.last < len(tokens) else ""
    before = tokens[word_before(tokens, quantity.first)].key if quantity.first else ""
    is_stuff = after == "of" or before in ("lost", "shed", "gained")
    return place.country == "US" or (is_stuff and place.country is None)


def _degree(tokens: Sequence[Token], quantity: Quantity, place: Setting) -> Unit:
    words = {token.key for token in _around(tokens, quantity)}
    if words & _TURN or not words & _HEAT:
        return Unit("measure", "degree")
    if "celsius" in words or "fahrenheit" in words:
        return Unit("temperature", "celsius" if "celsius" in words else "fahrenheit")
    return Unit("temperature", "fahrenheit" if place.country in _FAHRENHEIT else "celsius")


def _around(tokens: Sequence[Token], quantity: Quantity) -> Sequence[Token]:
    return tokens[max(0, quantity.first - _WINDOW) : quantity.last + _WINDOW]
