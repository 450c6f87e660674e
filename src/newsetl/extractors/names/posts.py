"""Rules about posts beside names: they are no part of a name, and tell what it names."""

import re

from newsetl.dates import is_weekday
from newsetl.extractors.names.mention import Mention, apart, lexicon, opens_sentence

_THINGS = frozenset(("ORG", "WORK_OF_ART", "PRODUCT", "EVENT", "LAW", "FAC"))
_DESCRIBED = frozenset(("PERSON", "ORG", "GPE"))
_SHORT = frozenset("MD CEO CFO COO CTO CMD & and".split())
_OFFICER = re.compile(r"\ (?:Officer|Executive|Director|President|Secretary|Minister|Economist)\b")
_RANK = re.compile(r"(?:^|\ )(?:Chief|Deputy|Vice|Managing|Executive|Assistant)(?:\ [A-Z]\w+)*$")
_PORTFOLIO = re.compile(r"\b(?:Minister|Secretary)\ (?:for|of)\ $")
_EMPLOYED = re.compile(
    r"\b(?:economist|analyst|strategist|researcher|lecturer|fellow|partner|director|manager"
    r"|head\ of\ [\w ]{3,30})\ (?:at|with)\ $"
)
_EMPLOYS = re.compile(r"(?:['’]s?)?\ (?:CEO|CFO|COO|chief\ executive|(?:co-?)?founder)\b")
_BYLINE = re.compile(r"^\s{0,8}[Bb][Yy]:?\ (?P<names>[^\n]{5,80})$", re.MULTILINE)
_SIGNED = re.compile(
    r"\ *(?P<name>[A-Z][\w'’-]*(?:\ (?:[A-Z]\.|de|da|del|van|von|der|bin|al|el))*\ [A-Z][\w'’-]+)"
    r"\ *(?:[,&|]|\band\b|$)"
)
"""Two words, with initials and particles between them, up to a comma or the line's end."""
_SIGNERS = frozenset(
    "staff reporter reporters correspondent correspondents writer writers editor editors desk news"
    " press agency agencies wire wires media times post bureau team newsroom service associated"
    " reuters bloomberg daily our special the popular numbers demand last next".split()
)
"""Words of lines that start with "By" and are signed by nobody."""
_SIGNED_ABOVE = 600
"""Characters of a text in which it is signed."""
_MOST_BEFORE = 60
_LONGEST_LINK = 6


def cut_posts(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut posts off organisations and portfolios off people, and drop what names a post alone.

    "Tarn Dairies Chief Medical | Officer" is Tarn Dairies, "Minister for | Housing Edda Tolland" a
    minister called Edda Tolland.
    """
    found = []
    for mention in mentions:
        start, end = mention.start, mention.end
        if mention.label in _THINGS:
            end = _before_post(text, start, end)
        elif mention.label == "PERSON" and text.count(" ", start, end) > 1:
            start = _behind_portfolio(text, start, end)
        start = _behind_descriptor(text, start, end) if mention.label in _DESCRIBED else start
        if (start, end) == (mention.start, mention.end):
            found.append(mention)
        elif start < end:
            label = "ORG" if mention.label in _THINGS else mention.label
            found.append(mention.by("post", start=start, end=end, label=label))
    return found


def _before_post(text: str, start: int, end: int) -> int:
    """Return where a name ends before the words of a post; its start where it is all post."""
    if text[start] in "MC" and _SHORT.issuperset(text[start:end].split()):
        return start
    if not _OFFICER.match(text, end):
        return end
    if text.endswith("Chief ", 0, start):
        return start
    rank = _RANK.search(text[start:end])
    return end if rank is None else start + rank.start()


def _behind_portfolio(text: str, start: int, end: int) -> int:
    """Return where a person's name starts behind the word that goes on from "Minister for"."""
    before = text[max(0, start - _MOST_BEFORE) : start]
    return text.index(" ", start, end) + 1 if _PORTFOLIO.search(before) else start


def _behind_descriptor(text: str, start: int, end: int) -> int:
    """Return where a name starts behind the noun that opens its sentence: Neighbour Bo Tolland."""
    space = text.find(" ", start, end)
    is_noun = space > 0 and text[start:space].casefold() in lexicon("descriptors")
    return space + 1 if is_noun and opens_sentence(text, start) else start


def read_bylines(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call who signs a line of its own a person: By Ina Marsh.

    Agencies and desks sign, too: a name with the word for one stays what it was.
    """
    found = list(mentions)
    for line in _BYLINE.finditer(text, 0, min(len(text), _SIGNED_ABOVE)):
        at, last = line.span("names")
        while (name := _SIGNED.match(text, at, last)) is not None:
            (start, end), at = name.span("name"), name.end()
            words = set(name["name"].casefold().split())
            over = [item for item in found if item.start < end and start < item.end]
            if words & _SIGNERS or words & lexicon("institutions") or len(over) > 1:
                continue
            if any(map(is_weekday, words)):
                continue
            if not over:
                found.append(Mention(start, end, "PERSON", "byline"))
            elif (over[0].start, over[0].end) == (start, end):
                found[found.index(over[0])] = over[0].by("byline", label="PERSON")
    return apart(found)


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
    if text.endswith((" at ", " with "), max(0, mention.start - _LONGEST_LINK), mention.start):
        return bool(_EMPLOYED.search(text[max(0, mention.start - _MOST_BEFORE) : mention.start]))
    if not _EMPLOYS.match(text, mention.end):
        return False
    last = text[max(0, mention.start - _MOST_BEFORE) : mention.start].split()[-1:] or [""]
    return last[0] not in lexicon("honorifics")
