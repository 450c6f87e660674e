"""Ages without a unit: Ada Finch, 52; aged 4 and 6; a boy of 12; who is 31; children under five."""

from collections.abc import Sequence
from dataclasses import replace

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, Token
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.pairs import word_before
from newsetl.extractors.figures.quantities import Quantity

_AGE = Unit("age", "year")
_OLDEST = 120
_LONGEST_LIST = 40
"""Tokens of a list of ages: without an end, a flood of numbers would be read over and over."""
_AGED = frozenset(("aged", "age", "ages"))
_BEING = frozenset(("is", "was", "turned", "turns", "turning"))
_WHO = frozenset(("who", "he", "she", "i"))
_HES = frozenset(("he's", "she's", "i'm", "he’s", "she’s", "i’m"))
_SHE = ([",", "he"], [",", "she"], [",", "i"])
_LIMITS = frozenset(("under", "over", "below", "above"))
_CLOSING = frozenset((".", ",", ";", ":", ")", "?", "!", '"', "”", "and", "when"))
_MINORS = lexicon.WORDS["minors"]
_PERSONS = lexicon.WORDS["persons"]
_ONE = frozenset(("a", "the", "another", "second", "third", "old", "young", "local"))
_SPOKEN = lexicon.WORDS["spoken"]
_LIFE = lexicon.WORDS["life"]
_FULL_NAME = 6
"""Tokens of a name with "said" before it and the comma and age behind it."""
_AFTER_AGE = lexicon.WORDS["after_age"]


def read(tokens: Sequence[Token], quantity: Quantity, *, counts: bool) -> Quantity | None:
    """Return the bare `quantity` as an age in years, or None if nothing around it says so.

    `counts` tells whether a noun follows that the number may count.
    """
    is_small = quantity.numeral.power == 0 and 0 < (quantity.high or quantity.value) < _OLDEST
    if not quantity.first or not is_small:
        return None
    rule = _rule(tokens, quantity, counts=counts)
    return None if rule is None else replace(quantity, unit=_AGE, rule=rule)


def _rule(tokens: Sequence[Token], quantity: Quantity, *, counts: bool) -> str | None:
    first, last = quantity.first, quantity.last
    at = word_before(tokens, first)
    before, older = tokens[at].key, tokens[at - 1].key
    after = tokens[last].key if last < len(tokens) else "."
    is_of = tokens[first - 1].key == "of" and tokens[first - 2].key in _AGED  # over the age of 7
    if before in _AGED or is_of or (before == "of" and older in _AGED):
        return "age_aged"
    if before in ("and", "or", ",") and _is_in_list(tokens, first):
        return "age_aged"
    if before in _BEING and older in _WHO and after in _CLOSING:
        return "age_is"
    if (before in _HES or (before == "both" and not counts)) and after in _CLOSING:
        return "age_is"
    if tokens[first - 1].text == "At" and [t.key for t in tokens[last : last + 2]] in _SHE:
        return "age_at"  # At 84, she
    if before == "at" and (older in _LIFE or _left_school(tokens, at)) and _closes(tokens, last):
        return "age_at"  # died at 84
    is_person = older in _PERSONS and before in ("are", "were")
    if is_person and tokens[first - 1].key in _LIMITS and after in _CLOSING:
        return "age_group"
    if before == "of" and older in _MINORS and not counts:
        return "age_of"
    if before in _PERSONS and tokens[first - 1].key in _LIMITS and not counts:
        return "age_group"
    return "age_comma" if _follows_person(tokens, quantity, after) else None


def _left_school(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "left school" stands before "at"."""
    return at > 1 and [t.key for t in tokens[at - 2 : at]] in (["left", "school"], ["left", "home"])


def _closes(tokens: Sequence[Token], last: int) -> bool:
    """Return whether the phrase of a number ends before token `last`."""
    if last >= len(tokens) or tokens[last].gap == BROKEN:
        return True
    return tokens[last].kind == "mark" or tokens[last].key in lexicon.FUNCTION


def _is_in_list(tokens: Sequence[Token], first: int) -> bool:
    """Return whether only numbers stand between "aged" and token `first`: aged 4, 6 and 9."""
    at = first - 1
    end = max(0, at - _LONGEST_LIST)
    while at > end and (_is_number(tokens[at]) or tokens[at].key in ("and", "or", ",")):
        at -= 1
    return tokens[at].key in _AGED and first - at > 2


def _is_number(token: Token) -> bool:
    return token.kind == "number" or token.key in lexicon.ONES or token.key in lexicon.TENS


def _follows_person(tokens: Sequence[Token], quantity: Quantity, after: str) -> bool:
    """Return whether the number stands after a name and a comma, and ends there."""
    first, last = quantity.first, quantity.last
    is_digits = tokens[first].kind == "number" and tokens[first].text.isdigit()
    behind = [token.key for token in tokens[last + 1 : last + 3] if token.text != ","][:1]
    is_bracketed = tokens[first - 1].text == "(" and after == ")" and behind in (["of"], ["from"])
    if (
        not is_digits
        or first < 2
        or quantity.low is not None
        or not (is_bracketed or tokens[first - 1].text == ",")
    ):
        return False
    if after not in _AFTER_AGE:
        return False
    name = tokens[first - 2]
    is_one = name.key in _MINORS and first > 2 and tokens[first - 3].key in _ONE  # a woman, 25,
    if name.kind != "word" or name.key in lexicon.MONTHS:
        return False
    if not (name.text[:1].isupper() or is_one):
        return False
    closed = after in (",", ")", "who", "from", "of", "and")
    is_last = last >= len(tokens) - 1 or tokens[last].gap == BROKEN
    before = {token.key for token in tokens[max(0, first - _FULL_NAME) : first - 2]}
    return closed or is_last or (after == "." and not _SPOKEN.isdisjoint(before))
