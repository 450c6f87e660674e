"""Figures in the terms of the CQE benchmark (Almasian et al., EMNLP 2023), for measurement only.

CQE names units after the `unit.ubuntu` word list, keeps minor units of money, reads a from–to
pair as one range, mostly without a direction, and puts bound and direction into one field. The
product does none of that.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
    "p": "penny",
}
_MINOR_WORD = re.compile(r"(?<![^\W\d])(?:cents?|sen|pence|[pc¢])(?!\w)")
_WORD = re.compile(r"[\w&.'’-]+")
_NEAR = 12
"""Characters between a number and the noun that it counts: "of the" and the like."""
_UNNAMED = frozenset(
    "the a an of and or in on at for to from its his her their our this that these those by with"
    " who which".split()
)
_BOUNDS = {">=": ">", "<=": "<", "range": "="}
_DROPPED = frozenset(("the", "of", "and", "or", "a", "an", "combined", "-", "more", "further"))


def to_cqe(figures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of the table `figures`, of one sentence and in order, as CQE predictions."""
    done: list[dict[str, Any]] = []
    open_group: Any = None
    for figure in figures:
        group = figure.get("group_id") or figure.get("group")
        item = _item(figure)
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


def _item(figure: Mapping[str, Any]) -> dict[str, Any]:
    unit, factor = _unit(figure)
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
        "change": _change(figure, _BOUNDS.get(bound, bound)),
        "referred_concepts": _concept(figure),
    }


def _change(figure: Mapping[str, Any], sign: str) -> str:
    """Return bound and direction in one field.

    A bound that limits goes before a direction; ranges and levels that were reached have none.
    """
    is_level = figure["role"] == "to" or figure["value"] is None
    has_direction = figure["change"] is not None and sign not in "<>" and not is_level
    return figure["change"] if has_direction else sign


def _concept(figure: Mapping[str, Any]) -> list[str]:
    """Return the words for what a figure is of, as CQE has them; a counted noun is a unit there."""
    phrases = (None if _counted(figure) else figure["measures"], figure.get("owner"))
    words = [word for phrase in phrases if phrase for word in _WORD.findall(phrase)]
    own = [word for word in dict.fromkeys(words) if word.casefold() not in _UNNAMED]
    return own or ["-"]


def _unit(figure: Mapping[str, Any]) -> tuple[str, int]:
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
        return f"% {_noun(_counted(figure))}", 1
    if kind == "count":
        return _noun(_counted(figure)) + per, 1
    if kind == "index":
        return ("point" if "point" in figure["text"] or "pts" in figure["text"] else "-"), 1
    if kind == "number":
        return "-", 1
    return _physical(unit) + per, 1


def _counted(figure: Mapping[str, Any]) -> str | None:
    """Return the noun that a number counts, which CQE takes for its unit: it stands right after."""
    if figure["kind"] not in ("count", "ratio") or not figure["measures"]:
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


def _noun(measures: str | None) -> str:
    """Return a counted noun phrase as CQE has it: without function words, its head singular."""
    if not measures:
        return "-"
    words = [word for word in measures.split() if word.casefold() not in _DROPPED]
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
