"""The meanings of columns: `columns.json`, from what a column is called to what it holds."""

import functools
import json
import re
from importlib import resources

_LETTERS = re.compile(r"[\W_]+")


def plain_name(name: str) -> str:
    """Return a column's name in lower case, letters and digits alone."""
    return _LETTERS.sub("", name).casefold()


def names_of(meaning: str) -> list[str]:
    """Return the plain names of the columns of a meaning, the most telling one first."""
    return lexicon()[meaning]


@functools.cache
def lexicon() -> dict[str, list[str]]:
    """Return the names of each meaning."""
    text = resources.files("newsetl.readers.tabular").joinpath("columns.json").read_text("utf-8")
    found: dict[str, list[str]] = json.loads(text)
    return found
