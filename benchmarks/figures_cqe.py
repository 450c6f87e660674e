"""Figures in the terms of the CQE benchmark (Almasian et al., EMNLP 2023), for measurement only.

CQE names units after the `unit.ubuntu` word list, keeps minor units of money, reads a from–to
pair as one range, mostly without a direction, and puts bound and direction into one field.
What a figure is of it gives as words: all of the noun phrase, before the figure ("a rare 18-carat
ring"), too, with the short form in brackets after it, and without "total". A noun that says the
direction ("a rise of 3%") has none there, nor has a level ("rose to 3%"). The product does none of
that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from spacy.tokens import Doc

from newsetl.extractors.figures import lexicon

_UNITS = {
    "percent": "percentage",
    "times": "count",
    "basis-point": "basis point",
    "percentage-point": "percentage point",
    "pound": "pound-mass",
    "metric-ton": "metric ton",
    "permilliard": "parts-per-billion",
    "permillion": "parts-per-million",
    "pound-force-foot": "foot pound-force",
    "kilopound-force-per-square-inch": "kilopound per square inch",
    "pound-force-per-square-inch": "pound per square inch",
    "milliampere-hour": "milliampere-hour",
    "foodcalorie": "calorie",
    "fluid-ounce": "ounce",
    "item-per-game-point": "point per game",
    "item-per-game-rebound": "rebound per game",
    "item-per-game-assist": "assist per game",
}
_MONEY = {
    "USD": "dollar",
    "EUR": "euro",
    "GBP": "pound sterling",
    "ILS": "shekel",
    "CNY": "chinese yuan",
}
_MINOR = {
    "cents": "cent",
    "cent": "cent",
    "c": "cent",
    "¢": "cent",
    "sen": "sen",
    "pence": "penny",
    "penny": "penny",
    "p": "penny",
}
_MINOR_WORD = re.compile(r"(?<![^\W\d])(?:cents?|sen|pence|penny|[pc¢])(?!\w)")
_WORD = re.compile(r"[\w&.'’-]+")
_NEAR = 12
"""Characters between a number and the noun that it counts: "of the" and the like."""
_UNNAMED = frozenset(
    "the a an of and or in on at for to from its his her their our this that these those by with"
    " who which between over per total much very".split()
)
_ATTRIBUTES = frozenset(("compound", "amod", "nmod"))
_SHORT_FORM = re.compile(r"\s?\(([^\W\d_]{2,6})\)")
_NOUN_BEFORE = re.compile(r"(\w+) of (?:[^\W\d_]+ )?$")
_NOUN_AFTER = re.compile(r"[ -](\w+)(?: (\w+))?")
_BY = re.compile(r"\bby (?:[^()]{0,40}\()?$")
_COMPARED = lexicon.WORDS["compared"]
_BOUNDS = {">=": ">", "<=": "<", "range": "="}
_DROPPED = frozenset(
    ("the", "of", "and", "or", "a", "an", "combined", "-", "more", "further", "total")
)


def to_cqe(figures: Sequence[Mapping[str, Any]], parse: Doc) -> list[dict[str, Any]]:
    """Return rows of the table `figures`, of the text of `parse` and in order, as predictions."""
    done: list[dict[str, Any]] = []
    open_group: Any = None
    for figure in figures:
        group = figure.get("group_id") or figure.get("group")
        item = _item(figure, parse)
        if group is not None and group == open_group and not isinstance(item["value"], list):
            pair = [done[-1]["value"], item["value"]]
            done[-1]["value"] = pair if figure["role"] == "to" else pair[::-1]
            done[-1]["normalized_unit"] = item["normalized_unit"]
            done[-1]["change"] = "="
            open_group = None
            continue
        done.append(item)
        open_group = None if isinstance(item["value"], list) else group
    return done


def _item(figure: Mapping[str, Any], parse: Doc) -> dict[str, Any]:
    unit, factor = _unit(figure, parse)
    value = figure["value"]
    number = (
        [figure["value_low"] * factor, figure["value_high"] * factor]
        if value is None
        else round(value * factor, 12)
    )
    bound = figure["bound"]
    return {
        "value": number,
        "normalized_unit": unit,
        "change": _change(figure, _BOUNDS.get(bound, bound), parse.text),
        "referred_concepts": _concept(figure, parse),
    }


def _change(figure: Mapping[str, Any], sign: str, text: str) -> str:
    """Return bound and direction in one field.

    A bound that limits goes before a direction; levels that were reached, ranges but those after
    "by", and what a noun says ("a rise of 3%") have none.
    """
    is_range = figure["value"] is None and not _BY.search(text, 0, figure["start"])
    is_level = figure["role"] == "to" or is_range or _is_noun(figure, text)
    has_direction = figure["change"] is not None and sign not in ("<", ">") and not is_level
    return figure["change"] if has_direction else sign


def _is_noun(figure: Mapping[str, Any], text: str) -> bool:
    """Return whether the direction is a noun's: a rise of 3%, a 3% rise."""
    before = _NOUN_BEFORE.search(text, 0, figure["start"])
    after = _NOUN_AFTER.match(text, figure["end"])
    found = [part for match in (before, after) if match for part in match.groups() if part]
    words = {word.casefold() for word in found}
    return not words.isdisjoint(lexicon.CHANGE_AFTER.keys() - _COMPARED)


def _concept(figure: Mapping[str, Any], parse: Doc) -> list[str]:
    """Return the words for what a figure is of, as CQE has them; a counted noun is a unit there."""
    phrases = [figure.get("owner")]
    if _counted(figure) is None and figure["measures"]:
        phrases += _before(figure, parse), figure["measures"]
        end = figure["measures_start_char"] + len(figure["measures"])
        short = _SHORT_FORM.match(parse.text, end)
        phrases += [] if short is None else [short[1]]
    words = [word for phrase in phrases if phrase for word in _WORD.findall(phrase)]
    own = [word for word in dict.fromkeys(words) if word.casefold() not in _UNNAMED]
    return own or ["-"]


def _before(figure: Mapping[str, Any], parse: Doc) -> str:
    """Return the attributes before a figure inside its noun phrase: a rare 18ct ring."""
    start = figure["measures_start_char"]
    span = parse.char_span(start, start + len(figure["measures"]), alignment_mode="expand")
    if span is None or start < figure["end"]:
        return ""
    own = {span.root.i, *(word.i for word in parse if figure["start"] <= word.idx < figure["end"])}
    pieces = []
    for word in parse[span.root.left_edge.i : span.root.i]:
        is_number = any(part.pos_ == "NUM" for part in word.subtree)
        is_before = word.idx + len(word) <= figure["start"]
        if word.dep_ in _ATTRIBUTES and word.head.i in own and is_before and not is_number:
            pieces.append(parse.text[word.left_edge.idx : word.idx + len(word)])
    return " ".join(piece for piece in pieces if piece.casefold() not in lexicon.BEFORE)


def _unit(figure: Mapping[str, Any], parse: Doc) -> tuple[str, int]:
    kind, unit = figure["kind"], figure["unit"] or "-"
    per = " per " + figure["per"].replace("-", " ") if figure["per"] else ""
    if kind == "money":
        minor = _MINOR_WORD.search(figure["text"])
        if minor is not None:
            return _MINOR[minor[0]] + per, 100
        return _money(unit) + per, 1
    if kind == "age":
        return f"{unit} of age", 1
    if kind == "ratio" and unit == "ratio":
        return f"% {_noun(_counted(figure), figure, parse)}", 1
    if figure["rule"] == "occurrences":
        return "count" + per, 1
    if kind == "count" and unit != "point":
        return _noun(_counted(figure), figure, parse) + per, 1
    if kind == "index" or unit == "point":
        return ("point" if "point" in figure["text"] or "pts" in figure["text"] else "-"), 1
    if kind == "number":
        return _noun(_counted(figure), figure, parse) + per, 1
    return _physical(unit) + per, 1


def _counted(figure: Mapping[str, Any]) -> str | None:
    """Return the noun that a number counts, which CQE takes for its unit: it stands right after."""
    if figure["kind"] not in ("count", "ratio", "number") or not figure["measures"]:
        return None
    start = figure["measures_start_char"]
    is_near = figure["end"] <= start <= figure["end"] + _NEAR
    measures: str = figure["measures"]
    return measures if is_near else None


def _money(code: str) -> str:
    name = lexicon.CURRENCY_NAMES.get(code, code)
    return _MONEY.get(code) or name.casefold()


def _physical(unit: str) -> str:
    if unit in _UNITS:
        return _UNITS[unit]
    words = unit.replace("-", " ").replace("meter", "metre")
    return " ".join(
        word if "litre" in word else word.replace("liter", "litre") for word in words.split()
    )


def _noun(measures: str | None, figure: Mapping[str, Any], parse: Doc) -> str:
    """Return a counted noun phrase as CQE has it: without function words, its head singular.

    What stands before the number belongs to it, too: "the top three banks" are of "top bank".
    """
    if not measures:
        return "-"
    phrase = f"{_before(figure, parse)} {measures}"
    words = [word.removesuffix("'s").removesuffix("’s") for word in phrase.split()]
    words = [word for word in words if word.casefold() not in _DROPPED]
    return " ".join([*words[:-1], singular(words[-1])]) if words else "-"


def singular(word: str) -> str:
    """Return the singular of a plural noun, by rule.

    >>> [singular(word) for word in ("jobs", "children", "parties", "boxes", "staff")]
    ['job', 'child', 'party', 'box', 'staff']
    """
    if word in lexicon.IRREGULAR:
        return lexicon.IRREGULAR[word]
    endings: Iterable[tuple[str, str]] = (
        ("ies", "y"),
        ("sses", "ss"),
        ("xes", "x"),
        ("ches", "ch"),
        ("shes", "sh"),
    )
    for ending, new in endings:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + new
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
