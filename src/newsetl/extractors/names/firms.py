"""Rules about what is said of a name: what has shares and branches, and is a which, is no person.

Many firms bear people's names: "the law firm Marlow Finch", "shares in Bertram Ogilvy".
"""

import re
from functools import cache

from newsetl.extractors.names.mention import Mention, lexicon, opens_sentence

_MOST_BEFORE = 40
_HELD = re.compile(
    r"\b(?i:(?:shares|stakes?|investors) in|shareholders (?:in|of)|(?:takeover|acquisition) of"
    r"|branches of) $"
)
_HAS = re.compile(
    r"['’]s? (?:shareholders|share price|board of directors|subsidiar(?:y|ies)|market value)\b"
    r"| (?:shares|stock) (?:rose|fell|jumped|slid|dropped|gained|lost|climbed|closed|were)\b"
    r"|, which (?:owns|makes|sells|employs|operates|trades|supplies|competes|posted"
    r"|is (?:listed|based|owned|headquartered)|was (?:founded|listed))\b"
)
_WHICH = re.compile(r", which (?!(?:is|was) why\b)")
_NAMED = re.compile(
    r"[,.;:)\n]|$| (?:said|says|plans|announced|reported|employs)\b"
    r"(?! (?:he|she|was|were|is|had|has|would|will|could)\b)"
)
"""What stands behind a name in apposition: "the firm Ada Finch founded" is none."""
_OWNS = re.compile(r"['’]|, (?:the|an?|founder|who)\b")
"""What stands behind the owner of what is held: shares in Ada Finch's mill."""
_AGE = re.compile(r",? (?:\d\d,|\(\d\d\)|who\b|whose (?:wife|husband|mother|father|son|daughter))")


def read_firms(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call an organisation what is called a firm, has shareholders, is a "which" or "the … Herald".

    The model's people alone are doubted; one with a title, an age or a "who" stays a person, and so
    does one who is called by the surname alone.
    """
    people = [item for item in mentions if item.label == "PERSON"]
    firms = {text[item.start : item.end] for item in people if _is_firm(text, item)}
    if not firms:
        return mentions
    names = {text[item.start : item.end] for item in people}
    sure = {text[item.start : item.end] for item in people if _is_person(text, item)}
    surnames = {name.rpartition(" ")[2] for name in names if " " in name}
    firms -= sure | surnames
    firms -= {name for name in firms if " " in name and name.rpartition(" ")[2] in names}
    return [
        item.by("firm", label="ORG")
        if item.label == "PERSON" and text[item.start : item.end] in firms
        else item
        for item in mentions
    ]


def _is_firm(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _MOST_BEFORE) : mention.start]
    is_held = _HELD.search(before) and not _OWNS.match(text, mention.end)
    if is_held or _HAS.match(text, mention.end):
        return True
    if _WHICH.match(text, mention.end) and opens_sentence(text, mention.start):
        return True  # not so "the death of Ada Finch, which …"
    if before.endswith(("the ", "The ")) and _is_body(text[mention.start : mention.end]):
        return True
    return bool(_called().search(before)) and _NAMED.match(text, mention.end) is not None


def _is_body(name: str) -> bool:
    """Return whether a name ends as those of papers and institutions do: the Calder Herald."""
    first, _, last = name.rpartition(" ")
    return bool(first) and last.casefold() in lexicon("papers") | lexicon("institutions")


def _is_person(text: str, mention: Mention) -> bool:
    last = text[max(0, mention.start - _MOST_BEFORE) : mention.start].split()[-1:] or [""]
    is_titled = "title" in mention.rule or last[0] in lexicon("honorifics") | lexicon("offices")
    return is_titled or _AGE.match(text, mention.end) is not None


@cache
def _called() -> re.Pattern[str]:
    nouns = "|".join(sorted(map(re.escape, lexicon("firm_nouns")), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?i:{nouns}) $")
