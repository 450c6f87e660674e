"""People in bylines and metadata: names apart, without leads, roles, addresses, organisations."""

import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from urllib.parse import urlsplit

from newsetl.dates import find_printed

_MOST_CHARACTERS = 400
_MOST_WORDS = 5
_ADDRESS = re.compile(r"\bhttps?:\S+|\bwww\.\S+|\S+@\S+\.\w+|(?<!\w)@\S+")
_DOMAIN = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）)")
_SEGMENT = re.compile(r"\s*(?:[|•·–—\n\t]|\s-\s|\s-$|^-\s|・)\s*")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b.*|\b\d{4}\b.*", re.DOTALL)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_][\w.'’`‑-]*")
_EDGES = ' \t,;:|/·•-–—*"“”'
_LEAD = 40
_STOP = re.compile(r"(?<=\w{3})\.$")
_NO_LETTER = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_SHORT_CODE = 5
_LONG_NAME = 9
_ROLE_ENDINGS = ("redakteur", "redakteurin", "korrespondent", "korrespondentin", "redaktion")


@dataclass(frozen=True, slots=True)
class Names:
    """Whom a line names: people, and organisations that stand where a person could."""

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Organisations:
    """The names, folded, under which a page's publisher goes."""

    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str | None], *, address: str) -> "Organisations":
        """Return the organisations that go by `names`, and by the host of `address`."""
        plain = [name for name in names if name and "/" not in name]
        known = {fold(name) for name in plain}
        known |= {fold(name.split(".")[0]) for name in plain if _DOMAIN.match(name)}
        known |= {fold(label) for label in host(address).split(".")[:-1] if len(label) > 3}
        return cls(frozenset(name for name in known if len(name) > 1))

    def is_one(self, name: str) -> bool:
        """Whether `name` is one of the publisher's."""
        folded = fold(name)
        if {folded, folded.removeprefix("the"), f"the{folded}"} & self.names:
            return True
        return any(folded.endswith(name) for name in self.names if len(name) > _LONG_NAME)

    def include(self, name: str) -> bool:
        """Whether `name` is a publisher's, or starts or ends with one word that is."""
        words = name.split()
        if self.is_one(name):
            return True
        return len(words) > 1 and bool({fold(words[0]), fold(words[-1])} & self.names)


def fold(name: str) -> str:
    """Return the letters and digits of `name`, for comparison."""
    return _NO_LETTER.sub("", name.casefold())


def names_in(
    line: str, organisations: Organisations = Organisations(), *, is_printed: bool = False
) -> Names:
    """Return whom a byline names, in order, each once.

    Of a line that is `printed` for readers, a single word is no name.

    >>> names_in("By Ann Lee, Health Editor, and Bo van Roy (bvr) | 3 June 2025").people
    ('Ann Lee', 'Bo van Roy')
    >>> names_in("Lee, Ann").people, names_in("AFP").organisations
    (('Ann Lee',), ('AFP',))
    """
    people: dict[str, str] = {}
    others: dict[str, str] = {}
    for segment in _segments(line[:_MOST_CHARACTERS]):
        names = list(map(clean, _turned([part for part in _parts().split(segment) if part])))
        found = [name for name in names if is_person(name, organisations, is_printed=is_printed)]
        if any(" " in name for name in found):  # then a single word is a place or an office
            found = [name for name in found if " " in name]
        people.update((fold(name), name) for name in found if fold(name) not in people)
        codes = [name for name in names if _is_code(name) and not _is_degree(name)]
        rest = codes if found else [_edged(segment)]
        for other in filter(_may_be_organisation, rest):
            others.setdefault(fold(other), other)
    return Names(tuple(people.values()), tuple(others.values()))


def contributors_in(line: str) -> frozenset[str]:
    """Return the folded names of those whom a byline sets apart: photos, editing, contributions.

    >>> sorted(contributors_in("By Ann Lee. Photography by Bo Roy"))
    ['boroy']
    """
    cut = _pattern("contributions").search(line)
    return frozenset(map(fold, names_in(line[cut.end() :]).people)) if cut else frozenset()


def clean(name: str) -> str:
    """Return a name without lead, brackets, degrees and marks around it."""
    name = _edged(_BRACKETS.sub("", name))
    words = name.split()
    while len(words) > 1 and _is_degree(words[-1]):
        words.pop()
    return _STOP.sub("", " ".join(words).rstrip(",;"))


def is_person(
    name: str, organisations: Organisations = Organisations(), *, is_printed: bool = False
) -> bool:
    """Whether `name` can be a person's: by its words, and not a name of the publisher.

    >>> is_person("Ann Lee"), is_person("AFP"), is_person("Daily News"), is_person("ann's site")
    (True, False, False, False)
    """
    if not name or organisations.include(name) or any(map(str.isdigit, name)):
        return False
    if _CJK.search(name):
        return (
            name not in _words("roles")
            and 1 < len(name) <= 12
            and not _cjk_organisation().search(name)
        )
    words = name.split()
    if len(words) > _MOST_WORDS or _DOMAIN.match(name) or not all(map(_is_name_word, words)):
        return False
    if any(map(_is_common, words)):
        return False
    if len(words) == 1:
        return not (is_printed or _is_code(name) or _is_degree(name))
    return sum(word[0].isupper() or not word[0].islower() for word in words) > 1


def starts_with_lead(line: str) -> bool:
    """Whether a line starts as bylines do: "By ", "Von "."""
    first = line[:_LEAD].casefold().replace(":", " ").split()
    return (
        bool(first) and (first[0] in _lead_words() or "by" in first) and bool(_lead().match(line))
    )


def ends_open(line: str) -> bool:
    """Whether a name must follow: the line is a lead, or ends with a joining word or comma."""
    bare = line.strip().rstrip(",;")
    return bare != line.strip() or not _edged(line) or bool(_open_end().search(line.strip()))


def starts_open(line: str) -> bool:
    """Whether a line goes on with a list of names: it starts with a joining word or comma."""
    return bool(_open_start().match(line))


def _segments(line: str) -> list[str]:
    """Return the pieces of a line between bars and dots, before what is no name any more."""
    line = _ADDRESS.sub(" ", line)
    for key in ("contributions", "stops"):
        if cut := _pattern(key).search(line):
            line = line[: cut.start()] if cut.start() > 2 else line[cut.end() :]
    for start, end in islice(find_printed(line), int(bool(_DIGIT.search(line)))):
        line = line[end:] if start <= 2 else line[:start]
    return [_CLOCK.sub("", piece) for piece in _SEGMENT.split(line) if piece]


def _turned(parts: list[str]) -> list[str]:
    """Return `Last, First` as `First Last`: two single words with a comma between."""
    bare = [part.strip(_EDGES) for part in parts]
    if len(bare) == 2 and all(len(part.split()) == 1 and _is_surname(part) for part in bare):
        return [f"{bare[1]} {bare[0]}"]
    return parts


def _is_surname(word: str) -> bool:
    return (
        word[:1].isupper()
        and bool(_WORD.fullmatch(word))
        and not (_is_degree(word) or _is_code(word) or _DOMAIN.match(word))
        and not _is_common(word)
    )


def _edged(text: str) -> str:
    """Return `text` without lead words, joining words and marks at its ends."""
    text = " ".join(text.split()).strip(_EDGES)
    text = _lead().sub("", text)
    return _joins_at_edges().sub("", text).strip(_EDGES)


def _may_be_organisation(name: str) -> bool:
    words = name.split()
    if not words or len(words) > _MOST_WORDS + 2 or any(map(str.isdigit, words)):
        return False
    if all(_bare(word) in _words("roles") and word.islower() for word in words):
        return False
    return name[0].isupper() or _is_code(name) or bool(_DOMAIN.match(name) or _CJK.search(name))


def _is_name_word(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and (
        not word[0].islower() or _bare(word) in _words("particles") or len(word) > 2
    )


def _is_common(word: str) -> bool:
    """Whether a word names a role or a kind of organisation, alone or at the end of a compound."""
    bare = _bare(word)
    known = _words("roles") | _words("organisations")
    return bare in known or set(bare.split("-")) <= known or bare.endswith(_ROLE_ENDINGS)


def _is_code(name: str) -> bool:
    """Whether a single word is a short name of an agency or an editor's code: AFP, dpa, kesm."""
    return len(name) <= _SHORT_CODE and (name.isupper() or name.islower())


def _is_degree(word: str) -> bool:
    return _bare(word).replace(".", "") in _words("degrees") and not word.islower()


def _bare(word: str) -> str:
    return word.casefold().strip(".,'’")


def host(address: str) -> str:
    """Return the host of an address, "" without one."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@functools.cache
def _table() -> dict[str, str]:
    """Return the words of bylines; what is kept by language is joined."""
    file = resources.files("newsetl.readers.html").joinpath("people.json")
    table = json.loads(file.read_text("utf-8"))
    table["leads"] = "|".join(table["leads"].values())
    return dict(table)


@functools.cache
def _words(key: str) -> frozenset[str]:
    return frozenset(_table()[key].split("|"))


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{_table()[key]})(?![^\W_])", re.IGNORECASE)


@functools.cache
def _lead() -> re.Pattern[str]:
    """Return what stands before names. A short lead that names begin with needs two names after."""
    words = sorted(_words("leads"), key=lambda word: (-len(word), word))
    sure = "|".join(word for word in words if word not in _words("particles"))
    doubtful = "|".join(word for word in words if word in _words("particles"))
    return re.compile(
        rf"""
        ^(?: (?:(?:{_table()["genres"]})\s+){{1,3}}(?:von|by|par)\s+
           | (?:(?:{sure})(?:\s*[:：]\s*|\s+|$))+
           | (?:{doubtful})(?:\s*[:：]\s*|\s+(?=(?-i:[A-ZÀ-Þ]\S+\s+[A-ZÀ-Þ]|[A-Z]{{2,}}\b))|\s*$)
           | \w+\s+by\s+(?=(?-i:[A-ZÀ-Þ]))
        )+
        """,
        re.IGNORECASE | re.VERBOSE,
    )


@functools.cache
def _lead_words() -> frozenset[str]:
    return frozenset(words.split()[0] for words in _words("leads") | _words("genres"))


@functools.cache
def _parts() -> re.Pattern[str]:
    joins = _table()["joins"]
    return re.compile(rf"\s*[,;/、，]\s*(?:(?:{joins})\s+)?|\s+(?:{joins})\s+")


@functools.cache
def _joins_at_edges() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_table()['joins']})\s+|\s+(?:{_table()['joins']})$")


@functools.cache
def _open_end() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{_table()['joins']})$")


@functools.cache
def _open_start() -> re.Pattern[str]:
    return re.compile(rf"(?:,|(?:{_table()['joins']})\s)")


@functools.cache
def _cjk_organisation() -> re.Pattern[str]:
    return re.compile("|".join(word for word in _words("organisations") if _CJK.search(word)))
