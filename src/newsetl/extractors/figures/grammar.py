"""Figures in plain text: tokens, masks, quantities, pairs, then what the words around them say."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from newsetl.extractors.figures import context, counts, lexicon, masks, pairs, quantities, resolve
from newsetl.extractors.figures.figure import Figure
from newsetl.extractors.figures.lexer import BROKEN, Token, lex
from newsetl.extractors.figures.lexicon import Unit
from newsetl.extractors.figures.numerals import NUMBER_WORDS, Numeral, joined, starts
from newsetl.extractors.figures.quantities import Quantity

_SENTENCE_END = re.compile(
    r"""
    [.!?\n] (?:                                      # one class of characters: a fast search
        (?<= [a-z0-9%)"”’]{4} [.!?] ) (?<! approx[.] ) ["”’)]{0,2} \s++ (?= ["“‘(]? [A-Z] )
      | (?<= \n ) \s*? \n \s*+
    )
    """,
    re.VERBOSE,
)
_DIGIT = re.compile(rf"[0-9{''.join(lexicon.CHARACTERS)}]")
_LETTERS = bytes(ord(chr(c).lower()) if chr(c).isalpha() else ord(" ") for c in range(256))
"""Latin-1 in small letters, with a space for what is no letter."""
_NUMBER_WORDS = frozenset(word.encode("ascii") for word in NUMBER_WORDS)
_LONGEST_TIME = 5
"""Tokens between a step and the ends that it went from and to: by 7% last year, from."""
_RECORD = frozenset(
    ("a", "an", "record", "all-time", "all", "time", "new", "fresh", "high", "low", "of")
)
"""Words between "to" and a level: rose 2% to a record high of £5."""
_PLACING = frozenset(("in", "on", "from", "over", "respectively", "year", "quarter", "."))
"""Words behind the second of two steps that one verb tells of: rose 3% and 4% respectively."""
_MODALS = frozenset(
    ("will", "would", "can", "could", "may", "might", "should", "must", "shall", "'ll", "not")
)
_OF_WHAT = frozenset(("the", "its", "their", "what", "that"))
_MASSES = lexicon.WORDS["masses"]
_DOUBLES = lexicon.WORDS["doubles"]
_REACH = 8
"""Tokens between two figures that may share a direction."""
_DATING = frozenset(
    ("in", "since", "by", "until", "till", "during", "early", "late", "before", "after")
)


def find(text: str, *, country: str | None = None) -> list[Figure]:
    """Return the figures of `text`, in order and without overlap.

    `country` (ISO 3166-1) is the publisher's; it decides what a bare $ or "degrees" means.

    >>> [found] = find("The state borrowed £278 billion last year.")
    >>> float(found.value), found.unit, (found.start, found.end)
    (278000000000.0, 'GBP', (19, 31))
    """
    tokens = [token for start, end in _stretches(text) for token in lex(text, start, end)]
    read = _read(tokens, _unmasked(tokens, masks.find(text, tokens)))
    linked = pairs.link(tokens, pairs.merge(tokens, read))
    settled = [one for item in linked if (one := counts.settle(tokens, item)) is not None]
    place = resolve.setting(text, settled, country)
    return _apart(_directed(tokens, [_figure(tokens, item, place) for item in settled]))


def numbers(text: str) -> list[tuple[int, int]]:
    """Return the spans of all digits and number words of `text`, whatever they mean.

    >>> numbers("On 3 May two men came")
    [(3, 4), (9, 12)]
    """
    return [
        (token.start, token.end)
        for token in lex(text)
        if token.kind == "number" or token.key in NUMBER_WORDS
    ]


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of whole sentences that hold a digit or a number word.

    Most sentences of the news hold none; leaving them out is four fifths of the work. Where a
    sentence ends is seen roughly: what is taken together by mistake costs time alone.
    """
    words = text.encode("latin-1", "replace").translate(_LETTERS)  # one byte for each character
    open_start, open_end = 0, -1
    start = 0
    ends = (match.end() for match in _SENTENCE_END.finditer(text))
    for end in (*ends, len(text)):
        has_word = not _NUMBER_WORDS.isdisjoint(words[start:end].split())
        if has_word or _DIGIT.search(text, start, end):
            if start != open_end:
                if open_end >= 0:
                    yield open_start, open_end
                open_start = start
            open_end = end
        start = end
    if open_end >= 0:
        yield open_start, open_end


def _unmasked(tokens: Sequence[Token], found: Sequence[masks.Mask]) -> Iterator[int]:
    """Yield the tokens where a number may start and of which no mask covers anything."""
    upcoming = iter(found)
    mask = next(upcoming, None)
    end = -1
    for index in starts(tokens):
        token = tokens[index]
        while mask is not None and mask.start < token.end:
            end = max(end, mask.end)
            mask = next(upcoming, None)
        if token.start >= end:
            yield index


def _read(tokens: list[Token], places: Iterable[int]) -> list[Quantity]:
    """Return the quantities whose numbers start at `places`, each read once."""
    found: list[Quantity] = []
    done = 0
    for at in places:
        quantity = _multiple(tokens, at) or quantities.at(tokens, at) if at >= done else None
        if quantity is None or (found and quantity.first < found[-1].last):
            continue
        if not (found and found[-1].prefixed and quantity.first - found[-1].last == 1):
            quantity = _metres(tokens, quantity)
        if at and tokens[at - 1].key in _DATING and pairs.is_year(tokens, quantity):
            continue
        found.append(quantity)
        done = quantity.last
    return found


def _multiple(tokens: list[Token], at: int) -> Quantity | None:
    """Return "doubled" or "threefold" as a quantity, or None."""
    key = tokens[at].key
    if key not in lexicon.MULTIPLES:
        return None
    value = Decimal(str(lexicon.MULTIPLES[key]))
    after = tokens[at + 1].key if at + 1 < len(tokens) else ""
    if key in ("twice", "thrice") and after not in ("as", "the", "its", "their"):
        return None
    if key.endswith("ing") and after in ("down", "up"):
        return None
    rule = _bare_multiple(tokens, at) if key in lexicon.BARE_MULTIPLES else "multiple_word"
    if rule is None:
        return None
    numeral = Numeral(at, at + 1, value, form="words")
    return Quantity(at, at + 1, numeral, unit=Unit("multiple", "times"), rule=rule)


def _bare_multiple(tokens: list[Token], at: int) -> str | None:
    """Return what "double" at token `at` is: a verb, a word for so much of something, or neither.

    A verb stands behind a modal, or behind "to" with what is doubled in view; else a double room.
    """
    if tokens[at].gap == BROKEN or at + 1 >= len(tokens) or joined(tokens, at + 1) != at + 1:
        return None  # double-digit
    before, after = pairs.word_before(tokens, at), tokens[at + 1]
    key = tokens[before].key if before >= 0 else ""
    is_free = after.kind == "mark" or after.key in lexicon.FUNCTION or after.key in _MASSES
    if key in _MODALS and not after.text[:1].isupper():
        return "multiple_word"
    if key == "to" and (is_free or counts.is_plural(after)) and after.key not in _DOUBLES:
        return "multiple_word"
    is_of = after.key in _OF_WHAT and tokens[at].key != "halve" and key not in _OF_WHAT
    is_of = is_of and not any(token.kind == "number" for token in tokens[at + 2 : at + 3])
    return "multiple_of" if is_of else None


def _metres(tokens: list[Token], quantity: Quantity) -> Quantity:
    """Return `quantity` with its glued m read as metres where the words around say so."""
    numeral = quantity.numeral
    if numeral.letter != "m" or quantity.unit is not None or not resolve.metres(tokens, quantity):
        return quantity
    plain = replace(numeral, power=0, letter="")
    last = quantity.last
    step = joined(tokens, last)
    if step is not None and tokens[step].key in ("wide", "long", "tall", "high", "deep", "thick"):
        last = step + 1
    return replace(
        quantity, numeral=plain, unit=Unit("measure", "meter"), last=last, rule="measure_m"
    )


def _figure(tokens: Sequence[Token], quantity: Quantity, place: resolve.Setting) -> Figure:
    quantity, source = resolve.unit(tokens, quantity, place)
    unit = quantity.unit or Unit("number", "")
    is_range = quantity.low is not None
    noun = counts.noun(tokens, quantity) if unit.kind in ("count", "ratio") else None
    last = quantity.last
    if last < len(tokens) and tokens[last].text == "+" and tokens[last].gap == 0:
        last += 1
    return Figure(
        start=tokens[quantity.first].start,
        end=tokens[last - 1].end,
        kind=unit.kind,
        rule=quantity.rule or "number",
        value=None if is_range else quantity.value,
        low=quantity.low,
        high=quantity.high,
        bound=context.bound(tokens, quantity),
        unit=unit.name or None,
        currency_from=source,
        per=quantity.per,
        change=context.change(tokens, quantity),
        role=quantity.role or _role(tokens, quantity),
        modality=context.modality(tokens, quantity),
        measures=None if noun is None else (tokens[noun[0]].start, tokens[noun[1] - 1].end),
        group=quantity.group,
    )


def _role(tokens: Sequence[Token], quantity: Quantity) -> str | None:
    """Return "from" for "down from 71%": an end of a change whose other end is not beside it."""
    at = pairs.word_before(tokens, quantity.first)
    if at < 1 or tokens[at].key != "from":
        return None
    return "from" if tokens[at - 1].key in lexicon.CHANGE else None


def _directed(tokens: Sequence[Token], figures: list[Figure]) -> list[Figure]:
    """Return `figures` with the direction that neighbours share.

    The two ends of a from–to pair change one way; "fell 9p to 88.5p" and "lost 52 points, or
    0.9%" say it once.
    """
    places = [token.start for token in tokens] if len(figures) > 1 else []
    done: list[Figure] = []
    for figure in figures:
        before = done[-1] if done else None
        if before is None or figure.start < before.end:
            done.append(figure)
            continue
        first, last = bisect_left(places, before.end), bisect_left(places, figure.start)
        between = tokens[first:last] if last - first <= _REACH else ()
        if before.change is None and [token.key for token in between] == [",", "or"]:
            done[-1] = before = replace(before, change=figure.change)
        is_across = len(done) > 1 and figure.group not in (None, before.group)
        other = done[-2] if is_across and done[-2].group == figure.group else before
        end = bisect_left(places, figure.end)
        after = tokens[end].key if end < len(tokens) else "."
        done.append(_as_index(done, _follow(other, figure, between, after=after)))
    return done


def _follow(before: Figure, figure: Figure, between: Sequence[Token], *, after: str) -> Figure:
    if figure.group is not None and figure.group == before.group:
        kept = before if figure.kind != before.kind else figure  # from 190 pounds to 171
        return replace(
            figure,
            change=before.change,
            kind=kept.kind,
            unit=kept.unit,
            currency_from=kept.currency_from,
        )
    keys = [token.key for token in between]
    if keys[-2:] == [",", "from"] and figure.role == "from" and len(keys) <= _LONGEST_TIME:
        return replace(figure, change=figure.change or before.change)  # fell 7%, from 620 to 577
    is_apart = any(key in ".;:!?" for key in keys) or any(t.gap == BROKEN for t in between)
    if not keys or is_apart:
        return figure
    if keys in (["("], ["(", "about"], ["(", "around"], ["(", "some"]):
        bound = before.bound if figure.bound == "=" and before.bound != "range" else figure.bound
        role = figure.role or (before.role if before.group is None else None)
        return replace(figure, bound=bound, change=figure.change or before.change, role=role)
    if before.change is None:
        return figure
    is_again = keys[:1] == ["or"] or keys[:2] == [",", "or"]
    if is_again or (keys[-1:] == ["or"] and before.kind == "count" and len(keys) < 4):
        return replace(figure, change=figure.change or before.change)
    if (
        before.kind == figure.kind
        and figure.change is None
        and (_is_gapped(between) or _goes_on(keys, after))
    ):
        return replace(figure, change=before.change)
    if keys[-1:] == ["at"] and len(keys) < 3:  # 2p higher at 301p
        return replace(figure, change=figure.change or before.change)
    return _level(before, figure, keys) if before.role is None else figure


def _level(before: Figure, figure: Figure, keys: Sequence[str]) -> Figure:
    """Return the level to which the step before led: rose 2% to a record £5, fell 90 tons to 7."""
    ends = [key for key in keys if key not in _RECORD][-2:]
    if "to" not in ends or set(keys) & {"and", "while", "but", "as"}:
        return figure
    if before.kind == "measure" and figure.rule == "count_bare":
        figure = replace(figure, kind="measure", unit=before.unit)
    return replace(figure, change=before.change, role="to")


def _as_index(done: Sequence[Figure], figure: Figure) -> Figure:
    """Return points to which an index rose as an index's, far from its name as they may stand."""
    is_level = figure.role == "to" and figure.unit == "point"
    if is_level and any(one.kind == "index" and one.unit == "point" for one in done[-2:]):
        return replace(figure, kind="index")
    return figure


def _goes_on(keys: Sequence[str], after: str) -> bool:
    """Return whether "and" joins a step of another time or place: up 3% in May and 4% in June."""
    return keys[-1:] == ["and"] and len(keys) < 6 and "," not in keys and after in _PLACING


def _is_gapped(between: Sequence[Token]) -> bool:
    """Return whether a name or noun takes the place of the subject and the verb is left out.

    "Brask rose 3%, Tarn 4% and Orla by 5%", "tea rose 3% and coffee by 4%".
    """
    words = [token for token in between if token.key not in (",", "and", "by")]
    is_list = bool(between) and between[0].key in (",", "and")
    is_noun = bool(between) and between[-1].key == "by" and len(words) < 3
    is_noun = is_noun and lexicon.FUNCTION.isdisjoint(token.key for token in words)
    return bool(words) and is_list and (is_noun or all(word.text[:1].isupper() for word in words))


def _apart(figures: list[Figure]) -> list[Figure]:
    kept: list[Figure] = []
    for figure in figures:
        before = kept[-1] if kept else None
        low, high = (before and before.measures) or (0, 0)
        if before is None or not (figure.start < before.end or low <= figure.start < high):
            kept.append(figure)
    return kept
