"""Numbers without a unit: which count something, which are ages or levels, which are nothing."""

from collections.abc import Sequence
from dataclasses import replace

from newsetl.extractors.figures import ages, lexicon, resolve
from newsetl.extractors.figures.lexer import BROKEN, GLUED, SPACED, Token
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.numerals import is_pronoun, joined
from newsetl.extractors.figures.pairs import is_year, word_before
from newsetl.extractors.figures.quantities import Quantity
from newsetl.extractors.figures.rates import time_after, with_rate

_COUNT = Unit("count", "count")
_RATIO = Unit("ratio", "ratio")
_NUMBER = Unit("number", "")
_POINT = Unit("index", "point")
_PERCENTAGE_POINT = Unit("percentage_point", "percentage-point")
_HALF_BEFORE = lexicon.WORDS["half_before"]
_SHARE_AFTER = lexicon.WORDS["share_after"]
_SHARE_END = lexicon.WORDS["share_end"]
_LEADS = lexicon.WORDS["leads"]
_MORE = lexicon.WORDS["more"]
_DETERMINERS = lexicon.WORDS["determiners"]
_PLURAL_ATTRIBUTES = lexicon.WORDS["plural_attributes"]
_MULTIPLE_AFTER = lexicon.WORDS["multiple_after"]
_SPOKEN = lexicon.WORDS["spoken"]


def settle(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return `quantity` with a unit, or None where a bare number is no figure."""
    if _is_title(tokens, quantity):
        return None
    if quantity.numeral.form == "fraction" and quantity.is_bare:
        return _share(tokens, quantity)
    if quantity.unit is not None:
        return _checked(tokens, quantity)
    if quantity.numeral.form == "vague":
        return _vague(tokens, quantity)
    last = quantity.last
    if last < len(tokens) and tokens[last].gap == GLUED and tokens[last].kind == "word":
        return None  # 1B, 1080i: a code
    age = ages.read(tokens, quantity, counts=counted(tokens, last) is not None)
    if age is not None:
        return age
    if _is_name(tokens, quantity):
        return None
    return _count(tokens, quantity)


def noun(tokens: Sequence[Token], quantity: Quantity) -> tuple[int, int] | None:
    """Return the tokens of what `quantity` counts: after "of the", "one", or right after it."""
    at = quantity.last
    if quantity.rule == "count_one":
        return single(tokens, at)
    if quantity.rule == "occurrences":
        return at - 1, at
    if quantity.rule == "one_noun_in":
        return quantity.numeral.last, quantity.numeral.last + 1
    if at < len(tokens) and tokens[at].key == "of":
        at += 1
        while at < len(tokens) and tokens[at].key in _DETERMINERS:
            at += 1
        at = _behind_number(tokens, at)
    found = counted(tokens, at + 3 if _is_measured(tokens, at) else at)
    if found is not None and tokens[found[0]].key in ("more", "further", "additional"):
        return found[0] + 1, found[1]
    return found


def _behind_number(tokens: Sequence[Token], at: int) -> int:
    """Return the token behind a second number word: two of the town's seven shops."""
    for index in range(at + 1, min(at + 4, len(tokens))):
        before = tokens[index - 1]
        if tokens[index].gap == BROKEN or before.kind != "word" or before.key in lexicon.FUNCTION:
            break
        if tokens[index].key in lexicon.ONES and tokens[index].key != "one":
            return index + 1
    return at


def _is_measured(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a number with its unit stands before what is counted: two 12-hour shifts."""
    parts = tokens[at : at + 3]
    return (
        len(parts) == 3
        and (parts[0].kind, parts[1].text, parts[2].kind) == ("number", "-", "word")
        and parts[0].gap not in (GLUED, BROKEN)
        and parts[1].gap == GLUED == parts[2].gap
    )


def counted(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Return the tokens of the counted noun with its attributes that start at `at`, or None.

    >>> from newsetl.extractors.figures.lexer import lex
    >>> counted(lex("12 senior police officers in Hull"), 1), counted(lex("12 in Hull"), 1)
    ((1, 4), None)
    """
    if at < len(tokens) and tokens[at].text == "+" and tokens[at].gap == GLUED:
        at += 1
    start = joined(tokens, at)
    if start is None:
        return None
    if tokens[start].key == "strong" and start > at:  # a 5,000-strong crowd
        return single(tokens, start + 1)
    if tokens[start].key in lexicon.ATTRIBUTIVE:  # 12 page document
        return start, start + 1
    if start > at:  # 12-page report, four-cylinder engine
        return (start, start + 1) if tokens[start].kind == "word" else None
    last = None
    for index in range(start, min(start + 7, len(tokens))):
        token = tokens[index]
        if token.gap == BROKEN or not _in_phrase(tokens, index):
            break
        if is_plural(token):
            last = index + 1
            after = tokens[index + 1] if index + 1 < len(tokens) else token
            is_attribute = token.key in lexicon.PLURALS and is_plural(after)
            if token.key not in _PLURAL_ATTRIBUTES and not is_attribute:
                break
    return None if last is None else (start, last)


def single(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Return the tokens of the noun after "one": the words up to the next function word or mark."""
    last = at
    while (
        last < min(at + 3, len(tokens)) and _in_phrase(tokens, last) and tokens[last].key != "and"
    ):
        last += 1
    return (at, last) if last > at else None


def is_plural(token: Token) -> bool:
    """Return whether `token` looks like a plural noun, by its ending or by the list of others."""
    key = token.key
    if token.kind != "word" or key in lexicon.SINGULAR or key in lexicon.FUNCTION:
        return False
    if key in lexicon.PLURALS:
        return True
    return len(key) > 2 and key[-1] == "s" and not key.endswith(("ss", "us", "is", "'s", "’s"))


def _in_phrase(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.text in "-&" and token.gap == GLUED:
        return True
    if _is_measured(tokens, index):
        return True
    if token.kind == "number":  # two 737 Max jets
        after = tokens[index + 1] if index + 1 < len(tokens) else token
        return token.text.isdigit() and token.gap != GLUED and after.text[:1].isupper()
    if token.key == "and":
        return index + 2 < len(tokens) and is_plural(tokens[index + 2])
    return token.kind == "word" and (
        token.key not in lexicon.FUNCTION or token.key in _MORE - {"of"}
    )


def _share(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return "a third of", "two-thirds", "half the" as a ratio; "a third man" is none."""
    first, last = quantity.first, quantity.last
    word = tokens[first].key
    after = tokens[last].key if last < len(tokens) else "."
    before = tokens[first - 1].key if first else ""
    if before in _HALF_BEFORE or (last < len(tokens) and tokens[last].text == "-"):
        return None
    whole = replace(quantity, unit=_RATIO, rule="fraction")
    if word == "half" and quantity.last - first == 1:
        if before in ("a", "an", "and"):
            return None
        is_share = after in _SHARE_AFTER or (
            after in _SHARE_END and before not in ("", "in", "the")
        )
        return whole if is_share else None
    if tokens[first].kind == "number" or tokens[last - 1].key.endswith("s"):
        return whole
    return whole if after == "of" or (after in _SHARE_END and before not in ("with",)) else None


def _checked(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return `quantity` unless its unit word means something else there."""
    unit = quantity.unit
    if unit is None:
        return None
    is_small = not quantity.numeral.power and quantity.value < 1000
    if is_small and not quantity.prefixed and tokens[quantity.last - 1].key in _HOMONYMS:
        bare = replace(quantity, unit=None, last=quantity.numeral.last, rule="")
        return settle(tokens, bare)
    if unit.name == "times" and tokens[quantity.last - 1].key == "times":
        after = [token.key for token in tokens[quantity.last : quantity.last + 2]]
        is_multiple = after[:1] and after[0] in _MULTIPLE_AFTER
        if not is_multiple and (after[1:] or [""])[0] not in _VALUES:
            per = time_after(tokens, quantity.last)
            return replace(quantity, unit=_COUNT, rule="occurrences", per=per)
    if quantity.numeral.form == "vague" and quantity.low is None:
        low = quantity.value
        return replace(quantity, low=low, high=low * 10)
    if unit.name == "point" and not resolve.is_index(tokens, quantity):
        return _points(tokens, quantity)
    if unit.kind == "duration" and unit.name in ("year", "month") and quantity.first > 1:
        at = word_before(tokens, quantity.first)
        before = tokens[quantity.first - 2 : quantity.first]
        if tokens[at].key == "aged" or [token.key for token in before] == ["age", "of"]:
            return replace(quantity, unit=unit._replace(kind="age"), rule="age_aged")
    if unit.kind == "duration" and _is_name(tokens, quantity) and quantity.numeral.form == "digits":
        return quantity if "-" not in tokens[quantity.first - 1].text else None
    return quantity


def _points(tokens: Sequence[Token], quantity: Quantity) -> Quantity:
    """Return points that are no index's: of a rate a quarter point is a share, else they count."""
    if quantity.numeral.form == "fraction" and resolve.is_rate(tokens, quantity):
        return replace(quantity, unit=_PERCENTAGE_POINT, rule="percentage_point_suffix")
    return replace(quantity, unit=_POINT._replace(kind="count"))


def _is_title(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether a number word is part of a name: the Big Four, Little Five Points."""
    first = quantity.numeral.first
    word = tokens[first]
    if word.kind != "word" or word.text.islower() or word.gap != SPACED or not first:
        return False
    before = tokens[first - 1]
    if not word.text[:1].isupper() or _is_headline(tokens, first):
        return False
    last = quantity.numeral.last
    if joined(tokens, last) not in (None, last) and tokens[last + 1].text[:1].isupper():
        return before.text not in ".!?:\"“‘'"  # the Six-Day War
    if before.kind != "word":
        return False
    is_plain = before.key in lexicon.FUNCTION or before.key in lexicon.BEFORE
    return before.key in ("the", "of") or (before.text[:1].isupper() and not is_plain)


def _is_headline(tokens: Sequence[Token], at: int) -> bool:
    """Return whether the long words around token `at` all have capitals, as in some headlines."""
    around = [
        t.text for t in tokens[max(0, at - 8) : at + 9] if len(t.text) > 3 and t.kind == "word"
    ]
    capitals = sum(word[:1].isupper() for word in around)
    return len(around) > 3 and capitals >= 0.8 * len(around)


def _vague(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return "thousands of" something as a range, from one to ten of them; alone it is none."""
    if quantity.last >= len(tokens) or tokens[quantity.last].key != "of":
        return None
    low = quantity.numeral.value
    return replace(quantity, unit=_COUNT, low=low, high=low * 10, rule="vague")


def _is_name(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether the number belongs to a name or reference: Chapter 7, iPhone 15, FTSE 100."""
    first = quantity.first
    token = tokens[first]
    is_plain = token.kind == "number" and "," not in token.text and "." not in token.text
    if not first or not is_plain or quantity.numeral.power or quantity.low is not None:
        return False
    before = tokens[first - 1]
    if token.gap == BROKEN:
        return False
    if before.key in lexicon.LABELS or before.key in lexicon.INDICES:
        return before.key not in _LOOSE_LABELS or counted(tokens, quantity.last) is None
    if before.text in _TIGHT and token.gap == GLUED:
        is_compound = before.text == "-" and first > 1 and tokens[first - 2].key in _COMPOUNDS
        return not is_compound
    return _follows_name(tokens, quantity)


def _follows_name(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Return whether a capitalised word makes the number a name; "In London 90 people" not."""
    before = tokens[quantity.first - 1]
    if before.kind != "word" or before.text.islower():
        return False
    if any(before.key in words for words in (lexicon.FUNCTION, lexicon.MONTHS, lexicon.BEFORE)):
        return False
    noun = counted(tokens, quantity.last)
    return noun is None or not _is_common(tokens[noun[1] - 1])


def _is_common(token: Token) -> bool:
    return token.key in lexicon.PLURALS or token.key in (
        "jobs",
        "homes",
        "workers",
        "patients",
        "cases",
        "deaths",
    )


def _count(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    first, last = quantity.first, quantity.last
    noun = counted(tokens, last)
    token = tokens[quantity.numeral.first]
    if (noun is None and _is_dashed(tokens, last)) or _has_decimal_comma(token):
        return None
    if is_year(tokens, quantity) and quantity.low is None:
        bounded = word_before(tokens, first) != first - 1
        bounded = bounded and tokens[first - 1].key not in ("below", "above", "near", "beyond")
        return replace(quantity, unit=_COUNT, rule="count_noun") if noun and bounded else None
    if quantity.low is not None and quantity.numeral.power == 0 and noun is None:
        return _bare_range(tokens, quantity)
    if token.key == "one" and quantity.numeral.last - quantity.numeral.first == 1:
        return _single(tokens, quantity)
    if noun is not None:
        per = time_after(tokens, noun[1])
        return replace(quantity, unit=_COUNT, rule="count_noun", per=per)
    if resolve.is_index(tokens, quantity) and ("." in token.text or "," in token.text):
        return replace(quantity, unit=_POINT, rule="index_level")
    if "." in token.text and not quantity.numeral.power:
        return _decimal(tokens, quantity)
    is_large = (
        bool(quantity.numeral.power) or "," in token.text or quantity.value >= 1000 or quantity.role
    )
    bounded = word_before(tokens, first) != first - 1
    lead = tokens[first - 1].key if first and tokens[first - 1].gap != BROKEN else ""
    is_compared = lead in ("with", "to") and tokens[first - 2].key == "compared"
    if is_large or bounded or ((is_compared or lead in _LEADS) and _closes(tokens, last)):
        return replace(quantity, unit=_COUNT, rule="count_bare")
    is_of = last < len(tokens) and tokens[last].key == "of" and tokens[last].gap != BROKEN
    if is_of and lead not in ("the",):
        return replace(quantity, unit=_COUNT, rule="count_of")
    return None


def _has_decimal_comma(token: Token) -> bool:
    """Return whether a comma stands for the decimal point; it does so beside a unit only."""
    return "," in token.text and len(token.text.rpartition(",")[2]) < 3


def _is_dashed(tokens: Sequence[Token], last: int) -> bool:
    """Return whether a dash and another number follow that make no range: odds of 4-1."""
    pair = tokens[last : last + 2]
    return (
        len(pair) == 2
        and pair[0].text in _TIGHT
        and pair[1].kind == "number"
        and pair[0].gap == GLUED == pair[1].gap
    )


def _decimal(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return a decimal number without a unit, unless it is a version or a wave: Radio 98.4."""
    before = tokens[quantity.first - 1].key if quantity.first else ""
    if quantity.first and (before in lexicon.LABELS or _follows_name(tokens, quantity)):
        return None
    rated = with_rate(tokens, replace(quantity, unit=_NUMBER, rule="decimal"))
    unit = lexicon.UNITS.get(rated.per or "")
    return (
        rated
        if unit is not None and unit.kind == "money"
        else replace(rated, per=None, last=quantity.last)
    )


def _closes(tokens: Sequence[Token], last: int) -> bool:
    return (
        last >= len(tokens) or tokens[last].kind == "mark" or tokens[last].key in lexicon.FUNCTION
    )


def _bare_range(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    if quantity.first and tokens[quantity.first - 1].key in lexicon.LABELS:
        return None  # verses 4 to 6
    if quantity.first and tokens[quantity.first - 1].key in ("interval", "ci", "range"):
        return replace(quantity, unit=_NUMBER, rule="range")
    has_dash = any(t.kind == "mark" for t in tokens[quantity.first : quantity.last])
    return None if has_dash else replace(quantity, unit=_COUNT, rule="range")


def _single(tokens: Sequence[Token], quantity: Quantity) -> Quantity | None:
    """Return "one man" as a count; "one" alone is a pronoun."""
    last = quantity.last
    if last >= len(tokens) or tokens[last].kind != "word" or tokens[last].gap == BROKEN:
        return None
    if tokens[last].key in _SPOKEN:
        return None  # one wrote
    if is_pronoun(tokens[max(0, quantity.first - 2) : quantity.first]):
        return None
    after = tokens[last + 1].key if last + 1 < len(tokens) else ""
    if tokens[last].key.endswith("ing") and after in _DETERMINERS:
        return None  # one using the back door
    if tokens[last].key in lexicon.FUNCTION and tokens[last].key not in _MORE - {"of"}:
        return None
    return replace(quantity, unit=_COUNT, rule="count_one")


_VALUES = frozenset(
    ("earnings", "sales", "revenue", "revenues", "profit", "profits", "ebitda", "income", "salary")
)
_LOOSE_LABELS = lexicon.WORDS["loose_labels"]
_COMPOUNDS = lexicon.WORDS["compounds"]
_HOMONYMS = lexicon.WORDS["homonyms"]
_TIGHT = frozenset("-/#№_*\\^=@–—\u2010\u2011'’")
