"""Rules about where a name starts and ends, by what stands inside the model's span."""

import re
from collections.abc import Iterator

from newsetl.extractors.names.mention import PLACES, WORD, Mention, apart, lexicon

_LEADING = re.compile(
    r"""
    (?: [\s"'“”‘’«»(\[{•·*–—-]       # quotes, brackets, list marks
      | (?:the|a|an)\s+(?=\S)         # an article before the name
    )+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(
    r"""
    (?: ['’]s?                        # a possessive: Smith's, Jones'
      | [\s"“”‘«»(\[{•·*,;:!?–—-]     # marks that open or end something else
    )+ $
    """,
    re.VERBOSE,
)
_GLUED = re.compile(r"[^\W\d_]\S*\s+(?=\S)")
_PARTY = re.compile(r"[RDI][-–](?=[A-Z][a-z])")  # R-Neb.
_UNCLOSED = re.compile(r"\s*[(\[{][^)\]}]*$")
_CLOSING = {")": "(", "]": "[", "}": "{"}
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.\S+", re.IGNORECASE)
_MONEY = re.compile(
    r"(?:[A-Z][A-Za-z.]{0,3}[$£€]?|[$£€¥₹])\s?\d[\d.,]*\s?(?:bn|billion|mn?|million|tn|trillion|crore|lakh)"
)
"""Sums with a currency in letters, which look like products: R1.2bn, SEK 3.4bn."""
_COUNT_BEHIND = re.compile(r"(?:\s+[-–]?\s*\d[\d/.:,-]*)+$")
_GENERATION = re.compile(r",?[ ](?:Jr\b\.?|Sr\b\.?|I{2,3}\b|IV\b)")
_BRACKETED = re.compile(
    r"""
    (?P<long> .*\w )            # a name
    \s* [(\[]
    (?P<short> [^()\[\]]*\w )   # its short form
    [)\]]? $
    """,
    re.VERBOSE | re.DOTALL,
)


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the name inside [start, end), or None if there is none.

    A name ends at a line end or a bracket that does not close, carries no article, possessive or
    outer mark, is no address, and does not start within a word, as behind a number's unit.

    >>> line = "the Rivermouth Herald's"
    >>> start, end = trim(line, 0, len(line))
    >>> line[start:end]
    'Rivermouth Herald'
    >>> trim("https://example.org", 0, 19) is None
    True
    >>> line = "It cost £24m. Parks"
    >>> start, end = trim(line, 11, len(line))
    >>> line[start:end]
    'Parks'
    """
    if start and text[start - 1].isdecimal() and (glued := _GLUED.match(text, start, end)):
        start = glued.end()
    start += 2 * bool(_PARTY.match(text, start, end))
    name = text[start:end]
    opening = _LEADING.match(name)
    if opening and opening.end() < len(name):
        start += opening.end()
    line_end = text.find("\n", start, end)
    end = end if line_end < 0 else line_end
    end = start + len(_TRAILING.sub("", _UNCLOSED.sub("", text[start:end])))
    name = text[start:end]
    if name and (mark := _CLOSING.get(name[-1])) and mark not in name:
        end -= 1
    has_letter = any(character.isalpha() for character in name)
    is_name = has_letter and not _ADDRESS.search(name) and not _MONEY.fullmatch(name)
    return (start, end) if is_name else None


def split_mentions(text: str, mentions: list[Mention]) -> list[Mention]:
    """Part what the model joined: the lines of a list, and a name from its short form in brackets.

    A line end in a paragraph is a space to the model, so one that is left parts two names.
    """
    found = []
    for mention in mentions:
        pieces = list(_pieces(text, mention.start, mention.end))
        found += [mention.by("split", start=start, end=end) for start, end in pieces]
    return found


def trim_mentions(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut articles, possessives and outer marks; drop what holds no letter, and addresses."""
    return [
        mention.by("trim", start=span[0], end=span[1])
        for mention in mentions
        if (span := trim(text, mention.start, mention.end))
    ]


def cut_counts(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut scores, ages and dates that stand behind people and places: "Fennimore 2".

    Organisations, works and streets keep theirs, since numbers belong to many of them.
    """
    found = []
    for mention in mentions:
        changed = mention
        counted = _COUNT_BEHIND.search(text, mention.start, mention.end)
        if counted and mention.label in ("PERSON", "GPE", "NORP") and counted.start():
            changed = mention.by("count", end=counted.start())
        found.append(changed)
    return [item for item in found if item.start < item.end]


def cut_titles(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut titles in front of people: a name is what is left without "Dr" or "Prime Minister"."""
    titles = lexicon("honorifics") | lexicon("offices")
    found = []
    for mention in mentions:
        changed = mention
        if mention.label == "PERSON":
            words = list(WORD.finditer(text, mention.start, mention.end))
            names = [word.start() for word in words if word[0].rstrip(".") not in titles]
            if names and words[0].start() < names[0]:
                changed = mention.by("cut_title", start=names[0])
        found.append(changed)
    return found


def add_generations(text: str, mentions: list[Mention]) -> list[Mention]:
    """Take the generation into a person's name: "Bo Tolland, Jr.", and drop one found alone."""
    found = []
    for mention in mentions:
        changed = mention
        if mention.label == "PERSON":
            if _GENERATION.fullmatch(text, mention.start - 1, mention.end):
                continue
            generation = _GENERATION.match(text, mention.end)
            if generation and " " in text[mention.start : mention.end]:
                changed = mention.by("generation", end=generation.end())
        found.append(changed)
    return apart(found)


def read_titles(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call what follows a title a person: "Ms Okonjo" is one, whatever the model took her for.

    A courtesy title is enough by itself; an office must stand right before a name that the model
    took for a place or an organisation, since "Governor" also stands before other words.
    """
    found = list(mentions)
    for title in _TITLED.finditer(text):
        start, end = title.span("name")
        over = [item for item in mentions if item.start < end and start < item.end]
        first = title.start() if title["courtesy"] in _BENCH else start
        if any(item.label == "PERSON" or item.start < first for item in over):
            continue
        if title["courtesy"] and all(item.end <= end for item in over):
            rule = "+".join(["title", *(item.rule for item in over[:1])])
            found = [item for item in found if item not in over]
            found.append(Mention(start, end, "PERSON", rule))
        elif [item[:2] for item in over] == [(start, end)] and over[0].label in PLACES | {"ORG"}:
            found[found.index(over[0])] = over[0].by("title", label="PERSON")
    return apart(found)


_BENCH = frozenset(("Judge", "Justice"))
"""Titles that no product or company has in its name: Dr Pepper has one."""
_TITLED = re.compile(
    r"""
    \b (?: (?P<courtesy> (?: Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Dame|Judge|Lord|Lady|Baroness
                          |  Justice (?=\ [A-Z][a-z]+\ [A-Z][a-z])
                          |  Sen|Rep|Gov|Capt|Sgt|Lt|Col|Gen|Rev|Cllr|Alhaji|Alhaja )\b\.? )
         | (?: President|Senator|Councillor|Congressman|Congresswoman ) )
    \ (?! (?: Mayor|Chancellor|Justice|Chief|Chamberlain|Privy|Advocate|President|Provost
             |Lieutenant|Speaker|Bishop|Commissioner|Department|Ministry|Minister|Secretary ) \b )
    (?P<name>
        (?: [A-Z][\w'’-]*\.?\ ){0,2}
        (?: (?:de|da|del|van|von|der|den|bin|ibn|al|el|la|le)\ )*
        [A-Z][\w'’-]*[^\W_]
      )
    """,
    re.VERBOSE,
)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text[start:end]):
        first, last = start + line.start(), start + line.end()
        bracketed = _BRACKETED.fullmatch(text, first, last)
        if bracketed and "(" not in bracketed["long"]:
            yield bracketed.span("long")
            yield bracketed.span("short")
        else:
            yield first, last
