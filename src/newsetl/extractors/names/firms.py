"""Rules about what is said of a name: what has shares and branches, and is a which, is no person.

Many firms bear people's names: "the law firm Marlow Finch", "shares in Bertram Ogilvy".
"""

import re
from functools import cache

from newsetl.extractors.names.mention import Mention, lexicon

_MOST_BEFORE = 40
_HELD = re.compile(
    r"\b(?i:(?:shares|stakes?|investors|shareholders) (?:in|of)"
    r"|(?:takeover|acquisition|collapse) of|spokes(?:man|woman|person) (?:for|at)"
    r"|branches of|customers of) $"
)
_HAS = re.compile(
    r"['’]s? (?:share(?:s|holders)|stock|branches|board|chair(?:man|woman)?\b|headquarters|stores"
    r"|factories|subsidiar(?:y|ies)|market (?:value|share)|annual report|finance director"
    r"|customers|workforce)"
    r"|,? (?:shares|stock) (?:rose|fell|jumped|slid|dropped|gained|lost|climbed|closed|were)\b"
    r"|, which (?!is why\b|was why\b)"
)
_RUN = re.compile(
    r" (?:(?:had|has|have|co-?)[ -]?)?(?:founded|found|runs?|ran|owns?|owned|started|built|leads?"
    r"|led|left|joined|chairs?|chaired|set up|bought|sold|works?|worked)\b"
)
"""What people do to the firm that is spoken of: the firm Ada Finch founded."""
_AGE = re.compile(r",? (?:\d\d,|\(\d\d\)|who\b|whose (?:wife|husband|mother|father|son|daughter))")


def read_firms(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call an organisation what is called a firm, has shareholders or branches, or is a "which".

    The model's people alone are doubted; one with a title, an age or a "who" stays a person.
    """
    people = [item for item in mentions if item.label == "PERSON"]
    firms = {text[item.start : item.end] for item in people if _is_firm(text, item)}
    if not firms:
        return mentions
    surnames = {text[item.start : item.end].rpartition(" ")[2] for item in people
                if " " in text[item.start : item.end]}  # fmt: skip
    sure = {text[item.start : item.end] for item in people if _is_person(text, item)}
    firms -= sure | surnames
    return [
        item.by("firm", label="ORG")
        if item.label == "PERSON" and text[item.start : item.end] in firms
        else item
        for item in mentions
    ]


def _is_firm(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _MOST_BEFORE) : mention.start]
    if _HELD.search(before) or _HAS.match(text, mention.end):
        return True
    return bool(_called().search(before)) and not _RUN.match(text, mention.end)


def _is_person(text: str, mention: Mention) -> bool:
    last = text[max(0, mention.start - _MOST_BEFORE) : mention.start].split()[-1:] or [""]
    is_titled = "title" in mention.rule or last[0] in lexicon("honorifics") | lexicon("offices")
    return is_titled or _AGE.match(text, mention.end) is not None


@cache
def _called() -> re.Pattern[str]:
    nouns = "|".join(sorted(map(re.escape, lexicon("firm_nouns")), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?i:{nouns}) $")
