"""What the grammar knows of units, currencies and number words, read once from `data/`."""

import csv
import tomllib
from decimal import Decimal
from fractions import Fraction
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

_DATA = resources.files("newsetl.extractors.figures") / "data"


class Unit(NamedTuple):
    """A unit as a name means it. `minor` marks hundredths of a currency."""

    kind: str
    name: str
    minor: bool = False


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / name).read_text(encoding="utf-8"))


def _currency_rows() -> list[dict[str, str]]:
    lines = (_DATA / "currencies.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def _places() -> dict[str, str]:
    lines = (_DATA / "places.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["place"]: row["country"] for row in rows}


_numbers = _table("numbers.toml")
_money = _table("currencies.toml")
_units = _table("units.toml")
ABBREVIATIONS: dict[str, dict[str, Any]] = _units.pop("abbreviations")
_cues = _table("cues.toml")
_nouns = _table("nouns.toml")
_rows = _currency_rows()

ONES: dict[str, int] = _numbers["ones"]
TENS: dict[str, int] = _numbers["tens"]
SCALES: dict[str, int] = _numbers["scales"]
GLUED_SCALES: dict[str, int] = _numbers["glued"]
GROUPS: dict[str, int] = _numbers["groups"]
VAGUE: dict[str, int] = _numbers["vague"]
BARE_MULTIPLES: dict[str, float] = _numbers["bare_multiples"]
MULTIPLES: dict[str, float] = _numbers["multiples"] | _numbers["twice"] | BARE_MULTIPLES
DENOMINATORS: dict[str, int] = _numbers["fractions"]
PLURAL_DENOMINATORS = {
    ("halves" if word == "half" else f"{word}s"): number for word, number in DENOMINATORS.items()
}
CHARACTERS = {sign: Fraction(value) for sign, value in _numbers["characters"].items()}

SYMBOLS: dict[str, str] = _money["symbols"]
NATIONAL: dict[str, str] = _money["national"]
PREFIXES: dict[str, str] = _money["prefixes"]
APART = frozenset(_money["apart"]["words"])
SHARED: dict[str, str] = _money["shared"]
SHARERS = {sign: frozenset(countries) for sign, countries in _money["country"].items()}
CODE_WORDS = frozenset(_money["codes"]["words"])
CODES = frozenset(row["code"] for row in _rows) | frozenset(_money["codes"]["more"])
CURRENCY_OF = {
    country: row["code"] for row in _rows for country in row["countries"].split() if country
}
CURRENCY_NAMES = {row["code"]: row["name"] for row in _rows}
PLACES = _places() | _money["adjectives"]
DOLLARS: dict[str, list[str]] = _money["dollars"]
AFTER_DOLLARS: dict[str, str] = _money["after_dollars"]

BEFORE: dict[str, str] = _cues["before"]
BEFORE_ENDS = frozenset(phrase.rpartition(" ")[2] for phrase in BEFORE)
"""The last words of those phrases: most words before a number are none."""
AFTER: dict[str, str] = _cues["after"]
OFTEN: dict[str, str] = _cues["often"]
CHANGE = {word: way for way in ("up", "down") for word in _cues["change"][way]}
CHANGE_AFTER = {word: way for way in ("up", "down") for word in _cues["change_after"][way]}
TRANSFER = frozenset(_cues["transfer"]["words"])
BARRIER = frozenset(_cues["barrier"]["words"])
RANGE_CUES = frozenset(_cues["range"]["words"])
MODALITY: dict[str, str] = {
    word: name for name, words in _cues["modality"].items() for word in words
}

FUNCTION = frozenset(_nouns["function"]["words"])
PLURALS = frozenset(_nouns["plurals"]["words"])
SINGULAR = frozenset(_nouns["singular"]["words"])
IRREGULAR: dict[str, str] = _nouns["irregular"]
LABELS = frozenset(_nouns["labels"]["words"])
ATTRIBUTIVE = frozenset(_nouns["attributive"]["words"])
INDICES = frozenset(_nouns["indices"]["words"])


def _unit_tables() -> tuple[dict[str, Unit], dict[str, Unit], dict[str, Unit]]:
    anyhow: dict[str, Unit] = {}
    exact: dict[str, Unit] = {}
    glued: dict[str, Unit] = {}
    anyhow |= {name: Unit("measure", name) for name in ABBREVIATIONS}
    for kind, units in _units.items():
        for name, forms in units.items():
            unit = Unit(kind, name)
            anyhow |= {form.casefold(): unit for form in forms.get("names", ())}
            exact |= dict.fromkeys(forms.get("exact", ()), unit)
            glued |= dict.fromkeys(forms.get("glued", ()), unit)
    return anyhow, exact, glued


def _add_currencies(
    anyhow: dict[str, Unit], exact: dict[str, Unit], glued: dict[str, Unit]
) -> None:
    for row in _rows:
        for name in (row["name"], row["plural"]):
            anyhow.setdefault(name.casefold(), Unit("money", row["code"]))
    anyhow |= {name: Unit("money", code) for name, code in _money["nouns"].items()}
    for name, code in _money["minor"].items():
        table = glued if len(name) == 1 else anyhow
        table[name] = Unit("money", code, minor=True)
    exact |= {code: Unit("money", code) for code in CODES - CODE_WORDS}
    glued |= {symbol: Unit("money", code) for symbol, code in SYMBOLS.items()}


_tables = _unit_tables()
_add_currencies(*_tables)
UNITS, UNITS_EXACT, UNITS_GLUED = (MappingProxyType(table) for table in _tables)
LONGEST_UNIT = 6
"""Tokens of the longest unit name: "kilometres per hour" has three, "A/cm2" four."""

ZERO = Decimal(0)
WORDS = {name: frozenset(words) for name, words in _table("words.toml").items()}
"""Word lists by the name of the rule that asks for them."""

MASKS = _table("masks.toml")

MONTHS = frozenset(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday"
    " saturday sunday".split()
)
"""Names of months and days, which look like names before a number and are none."""
