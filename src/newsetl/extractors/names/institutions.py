"""Rules about names of organisations that are longer than what the model marked."""

import re
from functools import cache

from newsetl.extractors.names.mention import (
    PLACES,
    Mention,
    apart,
    is_free,
    lexicon,
)

_JOIN = re.compile(
    r"""
    [ ] (?: (?: of | for | on | and ) (?:[ ]the)? | & | by[ ]the ) [ ]
    | ,[ ] (?= [A-Z] )
    """,
    re.VERBOSE,
)
_CAPITALISED = re.compile(r"[A-Z][\w'’&-]*(?:\ [A-Z][\w'’&-]*)*")
_DATELINE = re.compile(
    r"""
    ^ (?P<place> [A-Z][A-Z.'’-]+(?:\ [A-Z.'’-]{2,}){0,3} )
    (?= ,\ [A-Z][a-z]               # a country, a state or a month
      | \ \( [A-Z][\w\ /-]{1,20} \) # the agency
      | ,?\ \d{4}-\d\d-\d\d
      | \ ?[—–]\ | \ --?\ (?=[A-Z][a-z]) )
    """,
    re.VERBOSE | re.MULTILINE,
)


_COMPANY = r"""
    (?P<end> (?: & | \bof | \bthe ) \ )?   # of a longer name
    \b (?!Co\b) (?: [A-Z][\w'’&-]*\ ){1,5}
    (?: FORMS ) \b \.? (?!\w)
"""
"""Capitals with a legal form that stands behind nothing but companies: "Inc", not "AG"."""


def add_legal_suffixes(text: str, mentions: list[Mention]) -> list[Mention]:
    """Take a legal form into the name: "Pellworm Shipping, Inc."; what carries one is an ORG."""
    found = []
    for mention in mentions:
        changed = mention
        if mention.label in {"ORG", "PERSON", "PRODUCT", *PLACES}:
            suffix = _legal_suffix().match(text, mention.end)
            inside = _legal_suffix().search(text, mention.start, mention.end)
            if suffix:
                changed = mention.by("legal_suffix", end=suffix.end(), label="ORG")
            elif inside and inside.end() == mention.end and mention.label != "ORG":
                changed = mention.by("legal_suffix", label="ORG")
        found.append(changed)
    return apart(found)


def find_companies(text: str, mentions: list[Mention]) -> list[Mention]:
    """Mark capitals with a legal form that the model overlooked: "Pellworm Inc"."""
    if not any(f" {form}" in text for form in lexicon("company_forms")):
        return mentions
    found = list(mentions)
    for company in _company().finditer(text):
        start, end = company.span()
        if company["end"] is None and is_free(mentions, start, end):
            found.append(Mention(start, end, "ORG", "company"))
    return apart(found)


def join_institutions(text: str, mentions: list[Mention]) -> list[Mention]:
    """Join the parts of an institution's name: "Ministry of Trade | and | Industry".

    The first part must hold the noun of an institution, what joins must be a word that such names
    have inside, and what follows must have a capital and be no person. Behind "and" a place, or a
    whole institution, is another one: "the University of Leiden and Delft".
    """
    found: list[Mention] = []
    rest = list(mentions)
    while rest:
        mention = rest.pop(0)
        while mention.label == "ORG" and (end := _joined(text, mention, rest)):
            mention = mention.by("institution", end=end)
            rest = [item for item in rest if item.start >= end]
        found.append(mention)
    return found


def read_datelines(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call the capitals that open a line before a date, an agency or a dash a place."""
    found = list(mentions)
    for line in _DATELINE.finditer(text):
        start, end = line.span("place")
        over = [item for item in found if item.start < end and start < item.end]
        if any(item.end > end and item.label in PLACES for item in over):
            continue
        has_dash = re.match(r"\s?[—–-]", text[end : end + 2])
        if not over:
            if not has_dash and len(line["place"]) > 3:
                found.append(Mention(start, end, "GPE", "dateline"))
        elif over[0].label in PLACES or " " not in line["place"]:
            found = [item for item in found if item not in over]
            found.append(over[0].by("dateline", start=start, end=end, label="GPE"))
    return apart(found)


def _joined(text: str, mention: Mention, following: list[Mention]) -> int | None:
    """Return where the name ends with its next part, or None if it has none."""
    name = text[mention.start : mention.end]
    join = _JOIN.match(text, mention.end)
    if not join or not any(
        word.lower() in lexicon("heads") for word in re.findall(r"[\w-]+", name)
    ):
        return None
    part = _CAPITALISED.match(text, join.end())
    if not part:
        return None
    after = next((item for item in following if item.end > join.end()), None)
    over = after if after and after.start < part.end() else None
    is_list = join[0].strip() in ("and", "&", "and the", ",")
    if over and (over.label == "PERSON" or over.start > part.start()):
        return None
    if not is_list:
        if over:
            return over.end
        return None if join[0].strip() in ("on", "by the") else part.end()
    return _listed(text, mention, over, part)


def _listed(text: str, mention: Mention, over: Mention | None, part: re.Match[str]) -> int | None:
    """Return the end of a part behind "and" or a comma, if it belongs to the name before.

    It does where the name has an open "of" or "for" list ("Ministry of Trade, Industry and …")
    and the part is no name of another kind.
    """
    name = text[mention.start : mention.end]
    has_list = re.search(r"\b(?:of|for|on)\s+(?:the\s+)?[A-Z][\w-]+(?:\s[A-Z][\w-]+|,)*$", name)
    end = max(part.end(), over.end if over else 0)
    words = {word.lower() for word in re.findall(r"[\w-]+", text[part.start() : end])}
    if not has_list or words & lexicon("heads") or part[0].isupper():
        return None
    if over and over.label not in ("ORG", "WORK_OF_ART", "PRODUCT"):
        return None
    closes = text[part.end() : part.end() + 5]
    if text[part.start() - 2] == "," and not re.match(r",? (?:and|&) ", closes):
        return None
    return over.end if over else part.end()


@cache
def _company() -> re.Pattern[str]:
    return re.compile(
        _COMPANY.replace("FORMS", "|".join(sorted(lexicon("company_forms")))), re.VERBOSE
    )


@cache
def _legal_suffix() -> re.Pattern[str]:
    forms = sorted(map(re.escape, lexicon("legal_suffixes")), key=len, reverse=True)
    form = rf"(?:{'|'.join(forms)})(?![\w&])"
    return re.compile(rf",?\ {form}(?:,?\ {form})*", re.VERBOSE)
