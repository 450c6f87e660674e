"""What a quantity is per: £5 a day, per share, annually, 90 tons of steel a year."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, Token, phrase
from newsetl.extractors.figures.numerals import joined

if TYPE_CHECKING:
    from newsetl.extractors.figures.quantities import Quantity

_EACH = frozenset(("a", "an", "per", "each", "every", "/"))
_RATES = lexicon.WORDS["rates"]
_LATER = lexicon.WORDS["later"]


def with_rate(tokens: Sequence[Token], quantity: "Quantity") -> "Quantity":
    """Return `quantity` with "a day", "per share" or "per 1,000 people" taken in, if it follows.

    "Annually" says the rate, and is no part of the figure.
    """
    step = joined(tokens, quantity.last)
    if step is not None and (often := lexicon.OFTEN.get(tokens[step].key)) is not None:
        return replace(quantity, per=often)
    if step is None or tokens[step].key not in _EACH:
        return _rated_after(tokens, quantity)
    each, noun = tokens[step].key, joined(tokens, step + 1)
    if noun is None or tokens[noun].kind != "word":
        return quantity
    last = noun + 1
    later = tokens[last].key if last < len(tokens) else ""
    name = "year" if tokens[noun].key == "annum" else _singular(tokens[noun].key)
    width = 3 if joined(tokens, last) == last + 1 else 2  # kilowatt-hour, kilowatt hour
    wide = phrase(tokens, noun, min(noun + width, len(tokens))).casefold()
    whole = lexicon.UNITS.get(wide) if wide != tokens[noun].key else None
    if whole is not None and (each == "per" or whole.kind == "measure"):  # a square metre
        name, last = whole.name, noun + width
    elif each == "per" and name not in _RATES and _singular(later) in _RATES:
        name, last = _singular(later), last + 1  # per qualifying child
    elif (each in ("a", "an") and _is_time(name) and _is_later(tokens, last)) or (
        name not in _RATES and (each != "per" or name in ("cent", "se"))
    ):
        return quantity
    return replace(quantity, last=last, per=name)


def _is_time(word: str) -> bool:
    unit = lexicon.UNITS.get(word)
    return unit is not None and unit.kind == "duration"


def time_after(tokens: Sequence[Token], at: int) -> str | None:
    """Return the unit of time that "a day", "per year" or "daily" at token `at` names, or None."""
    if at < len(tokens) and tokens[at].gap != BROKEN and tokens[at].key in lexicon.OFTEN:
        return lexicon.OFTEN[tokens[at].key]
    if at + 1 >= len(tokens) or tokens[at].key not in _EACH or tokens[at].gap == BROKEN:
        return None
    name = _singular(tokens[at + 1].key)
    return name if _is_time(name) and not _is_later(tokens, at + 2) else None


def _is_later(tokens: Sequence[Token], at: int) -> bool:
    """Return whether token `at` makes "a year" a time: a year ago, a year on, no year on roads."""
    if at >= len(tokens) or tokens[at].key not in _LATER:
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].key == "on":
        return after is None or after.kind == "mark" or after.key == "from"
    return tokens[at].key != "before" or after is None or after.key != "tax"


def _rated_after(tokens: Sequence[Token], quantity: "Quantity") -> "Quantity":
    """Return `quantity` with the rate that stands after its stuff: 90 tons of raw steel a year."""
    at = quantity.last
    if quantity.is_bare or at >= len(tokens) or tokens[at].key != "of":
        return quantity
    for step in range(at + 2, min(at + 5, len(tokens) - 1)):
        if tokens[step - 1].kind != "word" or tokens[step - 1].key in lexicon.FUNCTION:
            return quantity
        if tokens[step - 1].key.endswith("ed"):
            continue  # tons of fuel used annually
        if (per := time_after(tokens, step)) is not None:
            return replace(quantity, per=per)
    return quantity


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 and not word.endswith("ss") else word
