"""JSON-LD of a page: read tolerantly, and the object that describes the page's own article."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsetl.encoding import scalar_json, scalar_text

Element = Any
"""An lxml element; lxml ships no types."""

Thing = Mapping[str, Any]
"""A JSON-LD object."""

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Posting|^Report|^Review|^Recipe)$")
_PAGE = re.compile(r"(?:Page|VideoObject|CreativeWork|Episode|PodcastEpisode|HowTo|Product)$")
_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://)?\s{0,9}(?:-->|\]\]>)\s*;?$"
)
_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.{0,2000}?\*/|(?<![:\w"])//[^\n]*', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[,}\]])')
_SALVAGED = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection)"\s*:\s*"((?:[^"\\\n]|\\.)*)"'
)
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed")
_MOST_THINGS = 5_000
_MOST_CHARACTERS = 2_000_000


class Graph:
    """All that the JSON-LD scripts of a page say, with references by `@id` resolved on demand."""

    def __init__(self, scripts: Iterable[Element]) -> None:
        self.values = list(_values(scripts))
        self.things = list(_everything(self.values))
        self.by_id: dict[str, dict[str, Any]] = {}
        self.organisations: list[str] = []
        for thing in self.things:
            self._note(thing)
        for thing in _top(self.values):
            if is_organisation(thing) and isinstance(name := thing.get("name"), str):
                self.organisations.append(name)

    def articles(self) -> list[Thing]:
        """Return the article objects, in order, that no other article holds as a part."""
        return [thing for thing in _top(self.values) if is_a(thing, _ARTICLE)]

    def pages(self) -> list[Thing]:
        """Return the objects of the page itself and of works that are no article."""
        return [
            thing for thing in _top(self.values) if is_a(thing, _PAGE) and not is_a(thing, _ARTICLE)
        ]

    def resolve(self, value: Any) -> Any:
        """Return the object that `{"@id": …}` refers to, else `value` as it is."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str):
            known = self.by_id.get(value["@id"])
            if known is not None and "name" not in value:
                return {**known, **value}
        return value

    def _note(self, thing: dict[str, Any]) -> None:
        key = thing.get("@id")
        if isinstance(key, str) and len(thing) > 1:
            known = self.by_id.setdefault(key, {})
            for name, value in thing.items():
                known.setdefault(name, value)


_ORGANISATION = re.compile(r"(?:Organization|Corporation|WebSite|Periodical|Newspaper|Brand)$")


def is_organisation(thing: Thing) -> bool:
    """Whether the object says that it is an organisation, not a person."""
    return is_a(thing, _ORGANISATION)


def is_a(thing: Thing, pattern: re.Pattern[str]) -> bool:
    """Whether one of the object's types matches; `@type` is a name or a list of names."""
    types = thing.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and pattern.search(name.strip()) for name in names)


def merge(things: list[Thing]) -> Thing:
    """Return one object with what the first that states it states under each key."""
    merged: dict[str, Any] = {}
    for thing in things:
        for key, value in thing.items():
            if value not in (None, "", [], {}):
                merged.setdefault(key, value)
    return merged


def addresses(thing: Thing) -> Iterator[str]:
    """Yield the addresses that an object gives itself: url, @id, mainEntityOfPage."""
    for key in ("url", "@id", "mainEntityOfPage"):
        value = thing.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def text_of(value: Any) -> str | None:
    """Return a text value on one line, without markup or entities; the first one of a list."""
    if isinstance(value, list):
        value = next((item for item in value if item), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    text = value
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text)
    return " ".join(text.split()) or None


def _values(scripts: Iterable[Element]) -> Iterator[Any]:
    for script in scripts:
        if "ld+json" in (script.get("type") or "").lower():
            yield from parse(script.text or "")


def parse(text: str) -> list[Any]:
    """Return the values of a JSON-LD script, mended where it is no JSON; [] if nothing is left.

    >>> parse('{"a": 1,} // note')
    [{'a': 1}]
    >>> parse('{"a": "b"}{"c": "d"}')
    [{'a': 'b'}, {'c': 'd'}]
    >>> parse('{"@type": "Article", "headline": "A "b" c", "datePublished": "2025-06-03"}')
    [{'@type': 'Article', 'datePublished': '2025-06-03'}]
    """
    text = text.strip()
    if not text or len(text) > _MOST_CHARACTERS:
        return []
    for mend in (_as_is, _unwrapped, _unescaped):
        found = _decoded(mend(text))
        if found:
            return found
    salvaged = {key: _unquoted(value) for key, value in reversed(_SALVAGED.findall(text))}
    types = [_unquoted(value) for key, value in _SALVAGED.findall(text) if key == "@type"]
    article = next((name for name in types if _ARTICLE.search(name)), None)
    order = ("@type", "headline", "datePublished", "dateModified", "articleSection")
    clean = {key: salvaged[key] for key in order if key in salvaged}
    return [_salvage(clean, text) | {"@type": article}] if article else []


def _salvage(found: dict[str, Any], text: str) -> dict[str, Any]:
    """Return `found` without the headline if a quotation mark inside it broke the script."""
    headline = re.search(r'"headline"\s*:\s*"(?:[^"\\\n]|\\.)*"\s*[,}\n]', text)
    return {key: value for key, value in found.items() if key != "headline" or headline}


def _as_is(text: str) -> str:
    return text


def _unwrapped(text: str) -> str:
    """Return `text` without comments, CDATA marks and commas that nothing follows."""
    bare = _WRAPPER.sub("", _WRAPPER.sub("", text)).strip().rstrip(";")
    bare = _COMMENT.sub(lambda match: match[1] or "", bare)
    return _TRAILING_COMMA.sub(lambda match: match[1] or "", bare)


def _unescaped(text: str) -> str:
    return _unwrapped(html.unescape(text))


def _decoded(text: str) -> list[Any]:
    """Return the JSON values that stand one behind the other in `text`, [] if one is broken."""
    decoder = json.JSONDecoder(strict=False)
    values, at = [], 0
    try:
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            while at < len(text) and text[at] in " \t\r\n,;":
                at += 1
        found: list[Any] = scalar_json(values, source=text)
    except (ValueError, RecursionError):
        return []
    return found


def _unquoted(text: str) -> str:
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return text
    return scalar_text(str(value))


def _top(values: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield the objects that stand for the page: not those that an article or a list holds."""
    pending, seen = list(reversed(values)), 0
    while pending and seen < _MOST_THINGS:
        value = pending.pop()
        seen += 1
        if isinstance(value, list):
            pending += reversed(value)
        elif isinstance(value, dict):
            yield value
            pending += [value[key] for key in reversed(_NESTED) if key in value]


def _everything(values: list[Any]) -> Iterator[dict[str, Any]]:
    pending, seen = list(values), 0
    while pending and seen < _MOST_THINGS:
        value = pending.pop()
        seen += 1
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            yield value
            pending += [inner for inner in value.values() if isinstance(inner, (dict, list))]
