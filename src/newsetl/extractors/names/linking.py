"""Which mentions of one article name the same: full names and surnames, short and long forms."""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from newsetl.extractors.names import namesakes
from newsetl.extractors.names.acronyms import definitions, initials
from newsetl.extractors.names.mention import PLACES, lexicon

Form = tuple[str, str]
"""Kind and normalised name: what mentions have in common that are spelt alike."""

_KIND = {"PERSON": "PERSON", "ORG": "ORG", **dict.fromkeys(PLACES, "PLACE")}
_FUZZY = 92
"""rapidfuzz ratio from which two long names are one; lower ones join different people."""

_FUZZY_LENGTH = 10
_GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SAME = (
    "us|usa|united states|united states of america|america",
    "uk|gb|united kingdom|britain|great britain",
    "uae|united arab emirates|emirates",
    "eu|european union",
    "un|united nations",
    "drc|dr congo|democratic republic of the congo",
    "prc|china|people's republic of china",
    "rok|south korea|republic of korea|korea republic",
    "dprk|north korea|democratic people's republic of korea",
    "russia|russian federation",
    "iran|islamic republic of iran",
    "myanmar|burma",
    "czechia|czech republic",
    "netherlands|holland|the netherlands",
    "ivory coast|côte d'ivoire",
    "turkey|türkiye|turkiye",
    "washington|washington dc|washington d c",
)
"""Names of states and unions of states that no rule on letters joins; ISO 3166 and common usage."""

_PEOPLE = re.compile(r"(?:ians?|ans?|ese|ish|is)$")


def normalise(name: str) -> str:
    """Return a name for comparison: case, marks, article and possessive do not count.

    >>> normalise("The U.N. Habitat’s") == normalise("UN habitat")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    folded = re.sub(r"'s?\s*$", "", folded.strip())
    folded = re.sub(r"^(?:the|a|an)\s+(?=\S)", "", folded).replace(".", "")
    return " ".join(re.findall(r"[\w&'+]+", folded)) or folded


@lru_cache(1 << 14)
def full_name(name: str, label: str) -> str:
    """Return a name without what it may be written with or without: titles, legal forms.

    >>> full_name("Pellworm Shipping, Inc.", "ORG"), full_name("Dr Edda Tolland", "PERSON")
    ('Pellworm Shipping', 'Edda Tolland')
    """
    words = re.sub(r"['’]s?$", "", " ".join(name.split())).split()
    if label == "PERSON":
        titles = _titles_as_written()
        while len(words) > 2 and words[0] in titles:
            words = words[1:]
    if label == "ORG":
        words = words[1:] if len(words) > 1 and words[0].casefold() == "the" else words
        while len(words) > 1 and words[-1] in lexicon("legal_suffixes"):
            words = words[:-1]
    return " ".join(words).rstrip(",")


def link(text: str, mentions: Sequence[tuple[int, int, str]]) -> list[int]:
    """Return for each mention (start, end, label) the index of the mention that it is linked to.

    That is the one with the fullest name; a mention alone is linked to itself. Names are of one
    kind: a person, an organisation or a place; other labels are linked where name and label agree.
    """
    names = [text[start:end] for start, end, _ in mentions]
    kinds = [_KIND.get(label, label) for _, _, label in mentions]
    own = [(kind, _key(name, kind)) for name, kind in zip(names, kinds, strict=True)]
    own = namesakes.told_apart(text, mentions, own)
    forms = list(dict.fromkeys(own))
    groups = _Groups(forms)
    for one, two in _short_forms(text, forms, dict(zip(own, names, strict=True))):
        groups.join(one, two)
    for kind, pairs in (("PERSON", _people), ("ORG", _organisations)):
        for part, whole in pairs([key for key_kind, key in forms if key_kind == kind]):
            groups.join((kind, part), (kind, whole))
    for one, two in [*_states(forms), *_misspelt(forms)]:
        groups.join(one, two)
    first = {form: index for index, form in reversed(list(enumerate(own)))}
    return [first[groups.fullest(form)] for form in own]


class _Groups:
    """Forms that name the same; the longest of a group stands for it."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self.parent = {form: form for form in forms}

    def fullest(self, form: Form) -> Form:
        while self.parent[form] != form:
            form = self.parent[form]
        return form

    def join(self, one: Form, two: Form) -> None:
        ends = (self.fullest(one), self.fullest(two))
        short, long = sorted(ends, key=lambda form: (len(form[1]), form))
        self.parent[short] = long


def _key(name: str, kind: str) -> str:
    key = normalise(name)
    words = key.split()
    if kind == "PERSON":
        while len(words) > 1 and words[0] in _titles():
            words = words[1:]
        while len(words) > 1 and words[-1] in _GENERATIONS:
            words = words[:-1]
        return " ".join(words)
    return key


@cache
def _titles() -> frozenset[str]:
    """Return the words before names as `normalise` leaves them."""
    return frozenset(word.casefold().rstrip(".") for word in _titles_as_written())


@cache
def _titles_as_written() -> frozenset[str]:
    return lexicon("honorifics") | lexicon("offices")


def _short_forms(
    text: str, forms: Sequence[Form], spelt: dict[Form, str]
) -> list[tuple[Form, Form]]:
    """Return the pairs of short and long form: in brackets, or by the initials of the long one."""
    found = []
    by_key: dict[str, list[Form]] = {}
    for form in forms:
        by_key.setdefault(form[1], []).append(form)
    for short, long in definitions(text):
        shorts = by_key.get(normalise(text[slice(*short)]), [])
        longs = by_key.get(normalise(text[slice(*long)]), [])
        found += [(a, b) for a in shorts for b in longs if a[0] == b[0] or "ORG" in (a[0], b[0])]
    long_by_initials = {
        (kind, initials(spelt[kind, key]).casefold()): (kind, key)
        for kind, key in forms
        if kind in ("ORG", "PLACE") and " " in key
    }
    for kind, key in forms:
        if (
            (1 if kind == "PLACE" else 2) < len(key) < 9
            and (kind, key) in long_by_initials
            and spelt[kind, key].isupper()
        ):
            found.append(((kind, key), long_by_initials[kind, key]))
    return found


def _people(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Return (short, full) for surnames, first names, and names with and without middle ones."""
    full = [key for key in keys if " " in key]
    found = []
    for key in keys:
        words = key.split()
        if len(words) == 1:
            owner = next((name for name in full if name.split()[-1] == key), None)
            owner = owner or next((name for name in full if name.split()[0] == key), None)
            owner = owner or next((name for name in full if key in name.split()), None)
            if owner:
                found.append((key, owner))
        else:
            found += [
                (key, name)
                for name in full
                if name != key
                and name.split()[-1] == words[-1]
                and (set(words) < set(name.split()) or _is_initial(words[0], name.split()[0]))
            ]
    return found


def _is_initial(first: str, other: str) -> bool:
    return len(first) == 1 and other.startswith(first)


def _organisations(keys: Sequence[str]) -> list[tuple[str, str]]:
    """Return (short, full) where a name opens or ends a longer one: "Calder", "Calder Mill Ltd".

    A team also goes by its people: "the Norians" are "Noria".
    """
    found = []
    generic = lexicon("institutions")
    for key in keys:
        longer = [name for name in keys if name.startswith(key + " ")]
        if " " in key:
            longer += [name for name in keys if name.endswith(" " + key)]
        if longer and key not in generic and len(key) > 2:
            found.append((key, longer[0]))
        stem = _PEOPLE.sub("", key)
        if stem != key and len(stem) > 3:
            found += [(key, name) for name in keys if name.startswith(stem) and name != key][:1]
    return found


def _states(forms: Sequence[Form]) -> list[tuple[Form, Form]]:
    """Return the pairs of names of one state."""
    found = []
    for group in _SAME:
        names = group.split("|")
        same = [form for form in forms if form[1] in names]
        found += [(one, two) for one, two in itertools.pairwise(same) if one[0] == two[0]]
    return found


def _misspelt(
    forms: Sequence[Form],
) -> list[tuple[Form, Form]]:
    """Return the pairs of long names that differ in a letter or two."""
    from rapidfuzz.fuzz import ratio

    long = [
        form for form in forms if len(form[1]) >= _FUZZY_LENGTH and not re.search(r"\d", form[1])
    ]
    return [
        (one, two)
        for one, two in itertools.combinations(long, 2)
        if one[0] == two[0] and ratio(one[1], two[1], score_cutoff=_FUZZY) > 0
    ]
