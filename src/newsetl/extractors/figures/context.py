"""What the words around a quantity say of it: bound, direction of change, certainty."""

from collections.abc import Sequence

from newsetl.extractors.figures import lexicon
from newsetl.extractors.figures.lexer import BROKEN, GLUED, Token
from newsetl.extractors.figures.quantities import Quantity

_STOPS = frozenset('.;:!?()"“”,[]—–')
_DIRECT = frozenset(("by", "to", "from"))
_OBLIQUE = lexicon.WORDS["oblique"]
_LIGHT = lexicon.WORDS["light"]
_OVER_TIME = lexicon.WORDS["over_time"]
_CREEPING = lexicon.WORDS["creeping"]
_ADVERBS = lexicon.WORDS["adverbs"]
_SINCE = lexicon.WORDS["since"]
_NO_CHANGE = frozenset(("due", "thanks", "owing", "according", "prior", "compared", "next"))
_COMPARED = lexicon.WORDS["compared"]
_PHRASAL = lexicon.WORDS["phrasal"]
"""Verbs that "up" or "down" gives another meaning: made up, set up, gave up."""
_BLAMED = lexicon.WORDS["blamed"]
_SHOOTING = frozenset(("shot", "shoot", "shoots", "shooting", "gunned", "mowed"))
_LAYING = frozenset(("lay", "lays", "laid", "laying"))
_STEPS = frozenset(("percent", "percentage_point", "basis_point", "index"))
"""Kinds of which things rise or fall by so much: weakened 3%, firmed 4 points."""
_REACH = 9
_PERIODS = lexicon.WORDS["periods"]
_LONGEST_PERIOD = 6
"""Tokens of "year-on-year" and a word."""


def bound(tokens: Sequence[Token], quantity: Quantity) -> str:
    """Return how the words next to `quantity` limit it: about is ~, up to <=, 30,000+ >=.

    A range says so itself. "Over" before a duration is a bound only where it is no "during".
    """
    if quantity.low is not None:
        return "range"
    return _bound_before(tokens, quantity) or _bound_after(tokens, quantity) or "="


def _bound_before(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    first = quantity.first
    if first > 1 and tokens[first - 1].text == "-" and tokens[first].gap == GLUED:
        return "<" if tokens[first - 2].key == "sub" else None
    if not first or tokens[first - 1].key not in lexicon.BEFORE_ENDS:
        return None
    for size in (4, 3, 2, 1):
        start = first - size
        if start < 0 or any(token.gap == BROKEN for token in tokens[start + 1 : first + 1]):
            continue
        words = " ".join(token.key for token in tokens[start:first])
        sign = lexicon.BEFORE.get(words)
        if sign is None:
            continue
        older = tokens[start - 1].key if start else ""
        is_time = quantity.unit is not None and quantity.unit.kind == "duration"
        if words == "over" and is_time and older not in _OVER_TIME:
            return None
        if words == "up to" and older in _CREEPING:  # edged up to 4%
            return None
        if words == "over" and older in _BLAMED and _is_attribute(tokens, quantity):
            return None
        return sign
    return None


def _is_attribute(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether a noun follows of which a sum is an attribute: jailed over £9,000 fraud."""
    after = tokens[quantity.last] if quantity.last < len(tokens) else None
    is_money = quantity.unit is not None and quantity.unit.kind == "money"
    is_noun = after is not None and after.kind == "word" and after.gap != BROKEN
    return is_money and is_noun and after is not None and after.key not in lexicon.FUNCTION


def _bound_after(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    last = quantity.last
    for size in (2, 1):
        after = tokens[last : last + size]
        if len(after) < size or after[0].gap == BROKEN:
            continue
        words = " ".join(token.key for token in after)
        if words == "+" and after[0].gap != GLUED:
            continue  # the sign of the next number
        if words in lexicon.AFTER and (size > 1 or words == "+"):
            return lexicon.AFTER[words]
    keys = [token.key for token in tokens[last : last + 2]]
    return lexicon.AFTER.get("".join(keys)) if keys[:1] == ["-"] else None


def change(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Return "up" or "down" if the clause says that something changed by or to `quantity`."""
    word = tokens[quantity.first].key
    is_verb = quantity.rule == "multiple_word" and word not in ("twice", "thrice")
    if is_verb and not word.endswith("fold"):
        return "down" if word.startswith("halv") else "up"
    return _around(tokens, quantity)


def _around(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    if (way := _after_comma(tokens, quantity)) is not None:
        return way
    if (way := _behind_period(tokens, quantity)) is not None:
        return way
    after = tokens[quantity.last] if quantity.last < len(tokens) else None
    if after is None or after.gap == BROKEN or after.key not in lexicon.CHANGE_AFTER:
        return _cue(tokens, quantity)
    way = lexicon.CHANGE_AFTER[after.key]
    if after.key == "fewer" and (quantity.unit is None or quantity.unit.kind != "percent"):
        return _cue(tokens, quantity)
    if after.key not in _COMPARED:
        return way if _is_noun(tokens, quantity) else _cue(tokens, quantity)
    later = tokens[quantity.last + 1] if quantity.last + 1 < len(tokens) else after
    if later.key == "than":
        return way if _is_before(tokens, quantity.last + 2) else None
    is_next = later.key in ("to", "from") or (  # 16,400, up 58 points
        later.kind == "number" or later.text in lexicon.SYMBOLS
    )
    is_attribute = any(token.text == "-" for token in tokens[quantity.first : quantity.last])
    return _cue(tokens, quantity) if is_next or is_attribute else way


def _behind_period(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Read "an 18% year-on-year rise": the noun of a change behind what it is compared with."""
    at = quantity.last
    while at < min(len(tokens), quantity.last + _LONGEST_PERIOD) and (
        tokens[at].key in _PERIODS or tokens[at].text == "-"
    ):
        at += 1
    if at in (quantity.last, len(tokens)) or tokens[at].gap == BROKEN:
        return None
    noun = tokens[at].key
    is_change = noun in lexicon.CHANGE_AFTER and noun not in _COMPARED
    return lexicon.CHANGE_AFTER[noun] if is_change and _is_noun(tokens, quantity) else None


def _after_comma(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Read "90 points, or 0.6%, higher": the direction after an amount that is said again."""
    first, last = quantity.first, quantity.last
    keys = [token.key for token in tokens[last : last + 2]]
    is_again = first > 1 and [token.key for token in tokens[first - 2 : first]] == [",", "or"]
    if not is_again or len(keys) < 2 or keys[0] != "," or keys[1] not in _COMPARED:
        return None
    return lexicon.CHANGE_AFTER[keys[1]]


def _is_before(tokens: Sequence[Token], at: int) -> bool:
    """Return whether an earlier time starts at token `at`: than in May, not than here."""
    if at >= len(tokens):
        return False
    word = tokens[at]
    return word.key in _SINCE or word.key in lexicon.MONTHS or word.text.isdigit()


def _is_noun(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether an article before `quantity` makes the word after it a noun: a 4% cut."""
    before = tokens[max(0, quantity.first - 3) : quantity.first + 1]
    return any(
        token.key in ("a", "an", "the", "another", "its", "their", "this", "planned")
        for token in before
    )


def _cue(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Return the direction of the nearest change word before `quantity` that reaches it."""
    start = quantity.first - 1
    is_bound = start >= 0 and tokens[start].key in lexicon.BEFORE_ENDS
    for size in (4, 3, 2, 1) if is_bound else ():
        first = quantity.first - size
        words = " ".join(token.key for token in tokens[max(0, first) : quantity.first])
        if first < 0 or words not in lexicon.BEFORE:
            continue
        if words != "up to" or tokens[first - 1].key not in _CREEPING:
            start = first - 1
        break
    while start > 0 and tokens[start].key in _ADVERBS:
        start -= 1
    if start < 0:
        return None
    if (
        tokens[start].key == "of"
        and start
        and tokens[start - 1].key in ("average", "total", "record")
    ):
        start -= 3 if start >= 3 and tokens[start - 2].key in ("a", "an") else 2
    link = tokens[start].key if start >= 0 else ""
    if link == "to" and start and tokens[start - 1].key in _NO_CHANGE:
        return None  # due to 90mph winds
    if link in _OBLIQUE:
        return _noun_of(tokens, start) if link == "of" else None
    is_linked = link in _DIRECT
    if quantity.unit is not None and quantity.unit.kind in ("duration", "age") and not is_linked:
        return None
    unit = quantity.unit
    is_step = unit is not None and (unit.kind in _STEPS or unit.minor)
    return _scan(tokens, start, is_linked=is_linked, is_step=is_step)


def _noun_of(tokens: Sequence[Token], at: int) -> str | None:
    """Read "a rise of 3%": the noun before token `at`, "of", says the direction."""
    noun = tokens[at - 1].key if at else ""
    return lexicon.CHANGE_AFTER.get(noun) if noun not in _COMPARED else None


def _scan(tokens: Sequence[Token], start: int, *, is_linked: bool, is_step: bool) -> str | None:
    heavy = 0
    for at in range(start, max(-1, start - _REACH), -1):
        token = tokens[at]
        if token.text in _STOPS or token.gap == BROKEN or token.key == "unchanged":
            return None
        way = lexicon.CHANGE.get(token.key)
        if way is not None and not _is_other_use(tokens, at, is_linked=is_linked or is_step):
            return None if _is_denied(tokens, at) else way
        if token.key in lexicon.BARRIER and not (is_linked and token.key in ("and", "of", "with")):
            return None
        heavy += token.key not in _LIGHT and token.key not in _DIRECT and token.text not in "-"
        if heavy > (7 if is_linked else 0):
            return None
    return None


def _is_denied(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the change word at token `at` is denied: did not rise, never fell."""
    before = [token.key for token in tokens[max(0, at - 3) : at]]
    return any(key in ("not", "never", "without") or key.endswith(("n't", "n’t")) for key in before)


def _is_other_use(tokens: Sequence[Token], at: int, *, is_linked: bool) -> bool:
    """Return whether the change word at token `at` says something else: raised £5m, the cut."""
    key = tokens[at].key
    before = tokens[at - 1].key if at else ""
    if key in lexicon.TRANSFER and not is_linked:
        return True
    if key in ("up", "down") and before in _PHRASAL:
        return True
    if key == "down" and before in _SHOOTING:
        return True
    if key in _LAYING and tokens[at + 1].key != "off":
        return True
    return key in ("cut", "cuts") and before in ("the", "a", "of")


def modality(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Return how certain the clause is: could, would, target, estimate, or None for plain."""
    for at in range(quantity.first - 1, max(-1, quantity.first - _REACH), -1):
        token = tokens[at]
        if token.text in _STOPS or token.gap == BROKEN:
            return None
        if token.key in lexicon.MODALITY:
            return lexicon.MODALITY[token.key]
    return None
