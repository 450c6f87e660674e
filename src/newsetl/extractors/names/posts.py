"""Rules about posts beside names: they are no part of a name, and tell what it names."""

import re

from newsetl.extractors.names.mention import Mention, lexicon

_SHORT = frozenset("MD CEO CFO COO CTO CMD & and".split())
_OFFICER = re.compile(r"\ (?:Officer|Executive|Director|President|Secretary|Minister|Economist)\b")
_RANK = re.compile(r"(?:^|\ )(?:Chief|Deputy|Vice|Managing|Executive|Assistant)(?:\ [A-Z]\w+)*$")
_PORTFOLIO = re.compile(r"\b(?:Minister|Secretary)\ (?:for|of)\ $")
_EMPLOYED = re.compile(
    r"\b(?:economist|analyst|strategist|researcher|lecturer|fellow|partner|director|manager"
    r"|head\ of\ [\w ]{3,30})\ (?:at|with)\ $"
)
_EMPLOYS = re.compile(r"(?:['’]s?)?\ (?:CEO|CFO|COO|chief\ executive|(?:co-?)?founder)\b")
_MOST_BEFORE = 60


def cut_posts(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut posts off organisations and portfolios off people, and drop what names a post alone.

    "Tarn Dairies Chief Medical | Officer" is Tarn Dairies, "Minister for | Housing Edda Tolland" a
    minister called Edda Tolland.
    """
    found = []
    for mention in mentions:
        name = text[mention.start : mention.end]
        changed = mention
        if mention.label == "ORG":
            if _SHORT.issuperset(name.split()):
                continue
            ranks = _RANK.search(name) if _OFFICER.match(text, mention.end) else None
            if text[max(0, mention.start - 6) : mention.start] == "Chief " and _OFFICER.match(
                text, mention.end
            ):
                continue
            if ranks is not None and not ranks.start():
                continue
            changed = (
                mention if ranks is None else mention.by("post", end=mention.start + ranks.start())
            )
        elif mention.label == "PERSON" and name.count(" ") > 1:
            before = text[max(0, mention.start - _MOST_BEFORE) : mention.start]
            if _PORTFOLIO.search(before):
                changed = mention.by("post", start=mention.start + name.index(" ") + 1)
        found.append(changed)
    return found


def read_employers(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call an organisation what employs: an economist at it, its chief executive, its founder.

    The model's people alone are doubted, and those with a title are not.
    """
    people = [item for item in mentions if item.label == "PERSON" and "title" not in item.rule]
    names = {text[item.start : item.end] for item in people if _is_employer(text, item)}
    return [
        item.by("employer", label="ORG")
        if item.label == "PERSON" and text[item.start : item.end] in names
        else item
        for item in mentions
    ]


def _is_employer(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - _MOST_BEFORE) : mention.start]
    last = before.split()[-1:] or [""]
    if last[0] in lexicon("honorifics"):
        return False
    return bool(_EMPLOYED.search(before) or _EMPLOYS.match(text, mention.end))
