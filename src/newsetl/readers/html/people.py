"""People in bylines and metadata: names apart, without leads, roles, addresses, organisations."""

import functools
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from urllib.parse import urlsplit

from newsetl.dates import find_printed

_MOST_CHARACTERS = 300
_MOST_WORDS = 5
_ADDRESS = re.compile(r"\S+@\S+\.\w+|@\w+|\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|co)\b\S*")
_BRACKETS = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]")
_SEGMENT = re.compile(r"\s*(?:[|•·–—\n\t]|\s-\s|\s-$|・)\s*")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b.*|\b\d{4}\b.*", re.DOTALL)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_][\w.'’`‑-]*")
_EDGES = " \t,;:.|/·•-–—*\"“”"


@dataclass(frozen=True)
class Organisations:
    """The names, folded, under which a page's publisher goes."""

    names: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str | None], *, address: str) -> "Organisations":
        """Return the organisations that go by `names`, and by the host of `address`."""
        known = {fold(name) for name in names if name}
        known |= {fold(re.sub(r"\W.*", "", name)) for name in names if name and "." in name}
        known |= {
            fold(label) for label in _host(address).split(".") if len(label) > 3 and label != "www"
        }
        return cls(frozenset(name for name in known if len(name) > 1))

    def include(self, name: str) -> bool:
        """Whether `name` is a publisher's, or starts or ends with one."""
        folded = fold(name)
        bare = folded.removeprefix("the")
        if folded in self.names or bare in self.names or f"the{folded}" in self.names:
            return True
        words = name.split()
        return len(words) > 1 and bool({fold(words[0]), fold(words[-1])} & self._single)

    @functools.cached_property
    def _single(self) -> frozenset[str]:
        return self.names


def fold(name: str) -> str:
    """Return letters and digits of `name`, for comparison."""
    return "".join(character for character in name.casefold() if character.isalnum())


def names_in(line: str, organisations: Organisations) -> tuple[str, ...]:
    """Return the people that a byline names, in order, each once.

    >>> nobody = Organisations(frozenset())
    >>> names_in("By Ann Lee, Health Editor, and Bo van Roy (bvr) | 3 June 2025", nobody)
    ('Ann Lee', 'Bo van Roy')
    >>> names_in("Lee, Ann", nobody), names_in("Newsroom staff", nobody)
    (('Ann Lee',), ())
    """
    if not line or len(line) > _MOST_CHARACTERS:
        return ()
    found: dict[str, str] = {}
    for segment in _segments(line):
        parts = _turned([part for part in _parts().split(segment) if part and part.strip(_EDGES)])
        for part in parts:
            name = clean(part)
            if name and is_person(name, organisations):
                found.setdefault(fold(name), name)
    return tuple(found.values())


def clean(name: str) -> str:
    """Return a name without lead, brackets, address, degrees and marks around it."""
    name = _lead().sub("", " ".join(name.split()).strip(_EDGES))
    name = _BRACKETS.sub("", _ADDRESS.sub(" ", name)).strip(_EDGES.replace(".", ""))
    words = name.split()
    while len(words) > 1 and _is_degree(words[-1]):
        words.pop()
    return " ".join(words).rstrip(",;")


def is_person(name: str, organisations: Organisations) -> bool:
    """Whether `name` can be a person's: by its words, and not a name of the publisher.

    >>> nobody = Organisations(frozenset())
    >>> is_person("Ann Lee", nobody), is_person("AFP", nobody), is_person("Daily News", nobody)
    (True, False, False)
    """
    if not name or organisations.include(name):
        return False
    if any(character.isdigit() for character in name):
        return False
    if _CJK.search(name):
        return len(name) <= 12 and not _organisation_ending().search(name)
    words = name.split()
    if len(words) > _MOST_WORDS or not all(map(_is_name_word, words)):
        return False
    if any(_bare(word) in _words("roles") | _words("organisations") for word in words):
        return False
    if len(words) == 1:
        return len(name) > 2 and not _is_code(name) and not _is_degree(name)
    return not all(word.islower() for word in words)


def _segments(line: str) -> list[str]:
    """Return the pieces of a line between bars and dots, up to the first date or contribution."""
    if cut := _contributions().search(line):
        line = line[: cut.start()]
    spans = list(find_printed(line))
    if spans:
        start, end = spans[0]
        line = f"{line[:start]} | {line[end:]}" if start < 3 else line[:start]
    return [_CLOCK.sub("", piece) for piece in _SEGMENT.split(line)]


def _turned(parts: list[str]) -> list[str]:
    """Return `Last, First` as `First Last`: two single words with a comma between."""
    if len(parts) == 2 and all(len(part.split()) == 1 for part in map(str.strip, parts)):
        last, first = (part.strip(_EDGES) for part in parts)
        if last[:1].isupper() and first[:1].isupper() and not (_is_degree(first) or _is_code(first)):
            return [f"{first} {last}"]
    return parts


def _is_name_word(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and (
        not word[0].islower() or word.casefold() in _words("particles") or not word.islower()
    ) or word.islower() and len(word) > 5


def _is_code(name: str) -> bool:
    """Whether a single word is a short name of an agency or an editor's code: AFP, dpa, kesm."""
    return len(name) <= 5 and (name.isupper() or name.islower())


def _is_degree(word: str) -> bool:
    return _bare(word).replace(".", "") in _words("degrees") and not word.islower()


def _bare(word: str) -> str:
    return word.casefold().strip(".,'’")


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


@functools.cache
def _table() -> dict[str, dict[str, str] | str]:
    file = resources.files("newsetl.readers.html").joinpath("people.json")
    table: dict[str, dict[str, str] | str] = json.loads(file.read_text("utf-8"))
    return table


@functools.cache
def _words(key: str) -> frozenset[str]:
    return frozenset(str(_table()[key]).split("|"))


@functools.cache
def _lead() -> re.Pattern[str]:
    """Return what stands before the names: "By", "Von", "Autor:"."""
    groups = _table()["leads"]
    words = sorted(
        {word for group in dict(groups).values() for word in group.split("|")},  # type: ignore[arg-type]
        key=len,
        reverse=True,
    )
    return re.compile(rf"^(?:(?:{'|'.join(words)})(?:\s*[:：]\s*|\s+|$))+", re.IGNORECASE)


@functools.cache
def _parts() -> re.Pattern[str]:
    return re.compile(rf"\s*[,;/、，]\s*(?:(?:{_table()['joins']})\s+)?|\s+(?:{_table()['joins']})\s+")


@functools.cache
def _contributions() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{_table()['contributions']})\b", re.IGNORECASE)


@functools.cache
def _organisation_ending() -> re.Pattern[str]:
    return re.compile("|".join(word for word in _words("organisations") if _CJK.search(word)))
