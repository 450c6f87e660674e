"""What tells of speech: cue verbs with their inflections, and abbreviations, from `data/`."""

import re
import tomllib
from importlib import resources
from typing import Any

_FILE = resources.files("newsetl.extractors.quotes") / "data" / "cues.toml"
_DATA: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_VOWEL_Y = re.compile(r"[^aeiou]y$")


def inflections(verb: str) -> tuple[str, ...]:
    """Return the forms of a verb: its base, third person, past, participles.

    >>> inflections("vow"), inflections("tell")
    (('vow', 'vows', 'vowed', 'vowing'), ('tell', 'tells', 'told', 'telling'))
    """
    if verb in _DATA["irregular"]:
        return (verb, *_DATA["irregular"][verb])
    stem = verb[:-1] if verb.endswith("e") else verb
    third = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x")) else f"{verb}s"
    if _VOWEL_Y.search(verb):
        return (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    return (verb, third, f"{stem}ed", f"{stem}ing")


def _forms(section: str) -> dict[str, str]:
    return {
        form: verb
        for verb in _DATA[section]["words"].split()
        for form in reversed(inflections(verb))
    }


SAY = _forms("say")
"""Form → verb that takes what is said: directly, or as a clause."""
NAME = _forms("name")
"""Form → verb that says what something is called or taken for."""
WEAK = frozenset(_forms("weak"))
"""Forms that tell of speech only right beside a quote."""
FORMS = SAY | NAME
VOICE = frozenset(_forms("voice"))
"""Forms behind which even words in capitals are said."""
TITLED = frozenset(_DATA["title"]["words"].split())
"""Words behind which a title stands."""
NOUNS = frozenset(
    form for form, verb in FORMS.items() if form == verb or inflections(verb)[1] == form
)
"""Forms that may be nouns, too: claim, claims."""
ABBREVIATIONS = frozenset(_DATA["abbreviation"]["words"].split())
PUT_IT = frozenset(("put", "puts"))
"""In "as she put it"."""
WENT_ON = frozenset(("went", "goes"))
"""In "she went on"."""
FIRST_WORDS = FORMS.keys() | PUT_IT | WENT_ON | {"according"}
"""A text without any of these words holds no cue."""
