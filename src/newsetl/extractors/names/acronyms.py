"""Short forms and long forms: which is which, and which short forms name no organisation.

The letters are matched from right to left, as Schwartz and Hearst do (A simple algorithm for
identifying abbreviation definitions in biomedical text, PSB 2003). Names in news allow more: the
initials of the words with capitals decide first, and the small words between them do not count.
"""

import re
from collections.abc import Iterator

from newsetl.extractors.names.mention import Mention, apart, is_acronym, lexicon, whole_words

Span = tuple[int, int]

_SHORT = re.compile(r"[(\[]\s*[\"“'‘]?(?P<short>[^\W_][\w.&’'-]{1,11})[\"”'’]?\s*[)\];,]")
_PARTY_STATE = re.compile(r"[A-Z](?:[A-Z]{2})?[-–][A-Z][\w.]*")
_WORD = re.compile(r"[^\W_][\w'’.]*")
_SMALL = frozenset(
    "of the and for in on at to de la le les des du del di da y e et für und & van".split()
)


def long_form(text: str, start: int) -> Span | None:
    """Return the span of the long form of the short form that stands at `start`, in brackets.

    The long form stands right before the bracket. None where the bracket holds something else: an
    agency, a party and state, an age, an aside.

    >>> text = "the Rivermouth Harbour Authority (RHA) said"
    >>> text[slice(*long_form(text, text.index("RHA")))]
    'Rivermouth Harbour Authority'
    >>> text = "Ilsa Brandt (D-Conn.)"
    >>> long_form(text, text.index("D-")) is None
    True
    """
    bracket = _SHORT.match(text, text.rfind("(", max(0, start - 3), start + 1))
    if not bracket or not _is_short(bracket["short"]):
        return None
    short = bracket["short"]
    line = text.rfind("\n", 0, bracket.start()) + 1
    begin = max(line, bracket.start() - 160)
    words = list(_WORD.finditer(text, begin, len(text[: bracket.start()].rstrip())))
    if not words or not re.fullmatch(r"[\"”'’,]*\s*", text[words[-1].end() : bracket.start()]):
        return None
    return _by_initials(words, short) or _by_letters(text, words, short)


def definitions(text: str) -> Iterator[tuple[Span, Span]]:
    """Yield (short form, long form) for each short form in brackets that has one."""
    for bracket in _SHORT.finditer(text):
        if long := long_form(text, bracket.start("short")):
            yield bracket.span("short"), long


def add_short_forms(text: str, mentions: list[Mention]) -> list[Mention]:
    """Give a short form in brackets the label of its long form, and mark it if it is unmarked.

    A long form that holds the noun of an institution is an organisation as a whole, where the
    model marked only a part of it: "Rivermouth Chamber of Trade in Calder (RCTC)".
    """
    found = list(mentions)
    defined: dict[str, str] = {}
    for short, long in definitions(text):
        within = [item for item in found if item.start < long[1] and long[0] < item.end]
        whole = next(
            (item for item in within if item.end == long[1] and item.start <= long[0]), None
        )
        words = {word.lower() for word in re.findall(r"[\w-]+", text[slice(*long)])}
        if whole is None and words & lexicon("institutions") and text[long[0]].isupper():
            if any(item.start < long[0] or item.end > long[1] for item in within):
                continue
            found = [item for item in found if item not in within]
            rule = within[0].rule + "+short_form" if within else "short_form"
            whole = Mention(*long, "ORG", rule)
            found.append(whole)
        if whole is not None and whole.label == "PERSON" and _is_used(text, *short):
            found.remove(whole)
            whole = whole.by("short_form", label="ORG")  # Calder Leisure (CL): CL has …
            found.append(whole)
        if whole is None or whole.label in ("PERSON", "NORP"):
            continue
        over = [item for item in found if item.start < short[1] and short[0] < item.end]
        if not over and not text[slice(*short)].endswith("s"):
            found.append(Mention(*short, whole.label, "short_form"))
        elif [item[:2] for item in over] == [short]:
            found[found.index(over[0])] = over[0].by("short_form", label=whole.label)
        defined[text[slice(*short)]] = whole.label
    return apart([_as_defined(text, item, defined) for item in found])


def _as_defined(text: str, mention: Mention, defined: dict[str, str]) -> Mention:
    """Return a person whom the text defines as a short form with the label of its long form."""
    label = defined.get(text[mention.start : mention.end]) if mention.label == "PERSON" else None
    return mention if label is None else mention.by("short_form", label=label)


def _is_used(text: str, start: int, end: int) -> bool:
    """Return whether capitals stand for a name within sentences again, as no person's do.

    The initials of people open the lines of interviews: "EF: We were late."
    """
    short = text[start:end]
    if not is_acronym(short):
        return False
    again = (at for at in whole_words(text, short) if at > end)
    return any(
        text[at - 1] == " " and not text.startswith((":", "."), at + len(short)) for at in again
    )


def drop_common_acronyms(text: str, mentions: list[Mention]) -> list[Mention]:
    """Drop acronyms that the text itself shows to be common nouns: diseases, documents, devices.

    It shows it where it spells them out in small letters ("chronic obstructive pulmonary disease
    (COPD)"), or uses them with "a" or in the plural as no organisation is: "an MRI.", "two EVs".
    """
    common = {
        text[slice(*short)]
        for short, long in definitions(text)
        if text[long[0] : long[1]].islower()
        or (text[long[0]].islower() and len(re.findall(r"\b[A-Z]", text[slice(*long)])) <= 1)
    }
    found = []
    for mention in mentions:
        name = text[mention.start : mention.end]
        may_be = mention.label in ("ORG", "PERSON", "PRODUCT", "GPE") and is_acronym(name)
        is_common = {name, name.rstrip("s")} & common or _is_counted(text, mention)
        if not (may_be and is_common):
            found.append(mention)
    return found


def initials(name: str) -> str:
    """Return the first letters of the words of a name, without its small words.

    >>> initials("Association of Calder Mill Owners")
    'ACMO'
    """
    words = re.findall(r"[^\W_][\w'’.]*", name)
    return "".join(word[0] for word in words if word.lower() not in _SMALL)


def _is_short(short: str) -> bool:
    capitals = sum(map(str.isupper, short))
    return (
        capitals >= 2
        and short[0].isalnum()
        and not short.isdigit()
        and not _PARTY_STATE.fullmatch(short)
    ) or (short[0].isupper() and short.isalpha() and len(short) >= 3 and capitals == 1)


def _is_counted(text: str, mention: Mention) -> bool:
    before = text[max(0, mention.start - 4) : mention.start].lower()
    after = text[mention.end : mention.end + 12]
    is_single = re.search(r"(?:^|\W)an? $", before) is not None
    return is_single and not re.match(r"['’]|-?\s?[a-z]{2}", re.sub(_AFTER, ".", after))


_AFTER = re.compile(
    r"^\s(?:and|or|of|with|for|in|to|is|was|that|by|on|at|as|when|if|which|has|had)\b"
)


def _by_initials(words: list[re.Match[str]], short: str) -> Span | None:
    """Return the words whose initials are the letters of the short form, as capitals or not."""
    letters = list(re.sub(r"[^\w]|\d", "", short).rstrip("s").lower())
    index = len(words)
    for position in range(len(letters) - 1, -1, -1):
        index -= 1
        while index >= 0 and not _starts(words[index][0], letters[position]):
            if words[index][0].lower() not in _SMALL:
                return None
            index -= 1
        if index < 0:
            return None
    return (words[index].start(), words[-1].end()) if len(letters) > 1 else None


def _starts(word: str, letter: str) -> bool:
    return word[0].lower() == letter


def _by_letters(text: str, words: list[re.Match[str]], short: str) -> Span | None:
    """Return the shortest stretch that holds the letters in order, the first at a word's start."""
    letters = re.sub(r"[^\w]", "", short).lower()
    longest = min(len(letters) + 5, len(letters) * 2)
    first = words[max(0, len(words) - longest)].start()
    end = words[-1].end()
    place = end
    for position in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= first and (
            text[place].lower() != letters[position]
            or (position == 0 and place > first and text[place - 1].isalnum())
        ):
            place -= 1
        if place < first:
            return None
    start = place
    stretch = text[start:end]
    if len(stretch) <= len(short) or short in stretch.split() or "(" in stretch:
        return None
    return (start, end)
