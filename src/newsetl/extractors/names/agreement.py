"""Rules about the article as a whole: a name means the same wherever it stands in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from newsetl.extractors.names.mention import (
    PLACES,
    WORD,
    Mention,
    apart,
    is_acronym,
    is_free,
    lexicon,
    opens_sentence,
    whole_words,
)

_PEOPLES = frozenset({"NORP", "LANGUAGE"})
_WEAK = frozenset({"NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW", "LANGUAGE", "FAC", "LOC"})
_KINDS = {"PERSON": "PERSON", "ORG": "ORG", **dict.fromkeys(PLACES, "GPE")}
_SPACED = re.compile(r"\S+")
_GENERATIONS = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV"})


def agree_on_labels(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call a name what most of its mentions are: a person, an organisation or a place.

    A surname counts twice more for each full name that ends in it, so that "Tolland" is a person
    after "Edda Tolland". The votes are the model's, and a tie changes nothing.
    """
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        if kind := _KINDS.get(mention.label):
            votes[_key(text, mention)][kind] += 1
    for mention in mentions:
        words = _key(text, mention).split()
        if mention.label == "PERSON" and len(words) > 1 and words[-1] in votes:
            votes[words[-1]]["PERSON"] += 2
    found = []
    for mention in mentions:
        changed = mention
        count = votes[_key(text, mention)]
        own = count[_KINDS.get(mention.label, "")]
        if count and mention.label != "NORP":
            kind, most = count.most_common(1)[0]
            if kind != _KINDS.get(mention.label) and most > max(own, 1):
                changed = mention.by("agreement", label=kind)
        found.append(changed)
    return found


def find_short_names(text: str, mentions: list[Mention]) -> list[Mention]:
    """Call an organisation what opens one's name and is no part of a person's.

    "Tarn" and "Tarn Dairies" are "Tarn Dairies Ltd" shortened, even if the model sees people; what
    lacks the legal form alone is no place either.
    """
    openers: set[str] = set()
    companies: set[str] = set()
    surnames: set[str] = set()
    for mention in mentions:
        words = _key(text, mention).split()
        if len(words) > 1 and mention.label == "ORG":
            openers.update(" ".join(words[:count]) for count in range(1, len(words)))
            if words[-1].rstrip(".,") in lexicon("company_forms"):
                companies.add(" ".join(words[:-1]).rstrip(","))
        if len(words) > 1 and mention.label == "PERSON":
            surnames.update(words)
    found = []
    for mention in mentions:
        key = _key(text, mention)
        is_short = key in openers - surnames and mention.label == "PERSON"
        is_short = is_short or (key in companies and mention.label in PLACES)
        is_org = is_short and "title" not in mention.rule
        found.append(mention.by("short_name", label="ORG") if is_org else mention)
    return found


def cut_headline_words(text: str, mentions: list[Mention]) -> list[Mention]:
    """Cut the words behind a name that have capitals as all words of their headline do.

    "Tolland Vows To Stay" is of Tolland, where the text below knows an Edda Tolland and writes
    "Vows" nowhere else.
    """
    end = text.find("\n")
    if end < 0 or not _is_title_case(text[:end]):
        return mentions
    below = [item for item in mentions if item.start > end and item.label == "PERSON"]
    known = {_key(text, item) for item in below}
    known |= {name.rpartition(" ")[2] for name in known}
    found = []
    for mention in mentions:
        key = _key(text, mention)
        cut = mention.end
        if mention.end <= end and mention.label == "PERSON" and key not in known:
            cuts = [at for at, char in enumerate(key) if char == " " and key[:at] in known]
            behind = key[cuts[-1] + 1 :] if cuts else ""
            if cuts and next(whole_words(text[end:], behind), None) is None:
                words = list(_SPACED.finditer(text, mention.start, mention.end))
                cut = words[key.count(" ", 0, cuts[-1])].end()
        found.append(mention.by("headline", end=cut))
    return found


def _is_title_case(line: str) -> bool:
    """Return whether all longer words of a line have capitals, as in headlines of some papers."""
    words = [word[0] for word in WORD.finditer(line) if len(word[0]) > 3]
    return len(words) > 2 and all(word[0].isupper() or word[0].isdigit() for word in words)


def find_surnames(text: str, mentions: list[Mention]) -> list[Mention]:
    """Mark the surname of a full name as the person, wherever it stands alone in the article."""
    surnames = set()
    peoples = {text[item.start : item.end] for item in mentions if item.label in _PEOPLES}
    for mention in mentions:
        words = [word[0] for word in WORD.finditer(text, mention.start, mention.end)]
        words = [word for word in words if word not in _GENERATIONS]
        if mention.label == "PERSON" and len(words) > 1 and len(words[-1]) > 2:
            surnames.add(words[-1])
    known = surnames - peoples
    named = [_without_title(text, item, known) for item in mentions]
    return _mark(text, named, dict.fromkeys(known, "PERSON"), "surname")


def _without_title(text: str, mention: Mention, surnames: set[str]) -> Mention:
    """Return "Sergeant Fry" as the person Fry, whatever the model took it for."""
    title, _, name = text[mention.start : mention.end].rpartition(" ")
    is_titled = bool(title) and lexicon("honorifics").issuperset(title.split())
    if mention.label == "PERSON" or not is_titled or name not in surnames:
        return mention
    return mention.by("surname", start=mention.end - len(name), label="PERSON")


def find_again(text: str, mentions: list[Mention]) -> list[Mention]:
    """Mark a name that the model found elsewhere in the article, where it overlooked it."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        counts[text[mention.start : mention.end]][mention.label] += 1
    known = {}
    for name, labels in counts.items():
        label, count = labels.most_common(1)[0]
        is_sure = " " in name or (is_acronym(name) and len(name) < 7) or count > 1
        is_name = name[0].isupper() and len(name) > 2 and not re.search(r"\d", name)
        if label in {"PERSON", "ORG", *PLACES} and is_name and is_sure and len(labels) == 1:
            known[name] = label
    return _mark(text, mentions, known, "again")


def _mark(text: str, mentions: list[Mention], known: dict[str, str], rule: str) -> list[Mention]:
    """Mark the known names where they stand free, or where the model's guess is a weak one."""
    if not known:
        return mentions
    common = {word for word in known if " " not in word and _is_common(text, word)}
    found = list(mentions)
    for start, end in _places_of(text, [name for name in known if name not in common]):
        name = text[start:end]
        if is_free(mentions, start, end):
            is_the = text[max(0, start - 4) : start].lower() == "the " and known[name] == "PERSON"
            if not is_the and not _is_part(text, start, end):
                found.append(Mention(start, end, known[name], rule))
            continue
        over = next(item for item in mentions if item.end > start)
        is_same = (over.start, over.end) == (start, end)
        if is_same and over.label in _WEAK and known[name] not in _WEAK:
            found[found.index(over)] = over.by(rule, label=known[name])
    return apart(found)


def _places_of(text: str, names: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the names stand in the text, the longest first where several begin."""
    spans = [
        (start, start + len(name))
        for name in names
        for start in whole_words(text, name)
        if text[start - 1 : start] != "-"
    ]
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


def _is_part(text: str, start: int, end: int) -> bool:
    """Return whether a name stands inside a longer run of capitals, so that it may name more."""
    after = re.match(r"[ -][A-Z][a-z]", text[end : end + 3])
    begin = max(0, start - 24)
    before = re.search(r"(?<!\w)([A-Z][\w.]*)[ -]$", text[begin:start])
    if before and _ends_sentence(before[1]):
        before = None
    if before and before[1] not in lexicon("honorifics") | lexicon("offices"):
        return after is not None or not opens_sentence(text, begin + before.start())
    return after is not None


def _ends_sentence(word: str) -> bool:
    """Return whether the point behind a word ends its sentence: May. but not St. or J."""
    return word.endswith(".") and len(word) > 3 and word not in _shortened()


@cache
def _shortened() -> frozenset[str]:
    return lexicon("honorifics") | lexicon("offices") | lexicon("legal_suffixes") | _GENERATIONS


def _is_common(text: str, word: str) -> bool:
    """Return whether the article uses the word in small letters too."""
    return next(whole_words(text, word.lower()), None) is not None


def _key(text: str, mention: Mention) -> str:
    return " ".join(text[mention.start : mention.end].split())
