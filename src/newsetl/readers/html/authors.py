"""The authors of a page's article: people that metadata state and that bylines show."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from newsetl.readers.html.jsonld import is_organisation, text_of
from newsetl.readers.html.marks import Element, Page, is_aside, is_hidden, line_of, words_of
from newsetl.readers.html.people import fold, names_in

_META = re.compile(r"(?:^|[.:_-])(?:authors?|byline|byl|creator|authorname\d?)$|^articleauthor$")
_NOT_META = ("twitter:creator", "web_author", "og:creator", "generator")
_IS_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|p-author|fn|url fn)(?:$|[\s_-])|rel-author", re.I)
_IS_BYLINE = re.compile(r"by-?line|author|autor(?!is)|writer|redakteur|contributor", re.I)
_IS_NO_BYLINE = re.compile(
    r"bio|image|img|photo|avatar|comment|social|description|about|follow|related|archive|credit|desc"
    r"|portrait|picture|caption|quote|count|icon|headline|title|newsletter|share",
    re.I,
)
_LINE = 200


def authors(page: Page) -> tuple[str, ...]:
    """Return the people who wrote the article, in the order stated, each once."""
    stated = _fullest([_described(page), _in_meta(page)])
    seen = _seen(page)
    if not stated:
        return seen
    shared = {fold(name) for name in stated}
    is_fuller = len(seen) > len(stated) and shared <= {fold(name) for name in seen}
    return seen if is_fuller else stated


def _fullest(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first that names anyone, or a later one that names the same and more."""
    best: tuple[str, ...] = ()
    for names in found:
        if not best or set(map(fold, best)) < set(map(fold, names)):
            best = names
    return best


def _described(page: Page) -> tuple[str, ...]:
    """Return the people whom JSON-LD calls author or, without one, creator."""
    for thing in (page.article, *page.graph.pages()):
        for key in ("author", "creator", "authors"):
            found = _unique(_names(thing.get(key), page))
            if found:
                return found
    return ()


def _names(value: Any, page: Page) -> Iterator[str]:
    """Yield the people in a schema.org value: a name, an object, lists of them in any nesting."""
    pending, seen = [value], 0
    while pending and seen < 100:
        item = page.graph.resolve(pending.pop(0))
        seen += 1
        if isinstance(item, list):
            pending = item + pending
        elif isinstance(item, str):
            yield from names_in(text_of(item) or "", page.organisations)
        elif isinstance(item, dict) and not is_organisation(item):
            names = item.get("name")
            for name in names if isinstance(names, list) else [names]:
                yield from names_in(text_of(name) or "", page.organisations)


def _in_meta(page: Page) -> tuple[str, ...]:
    best: list[tuple[str, ...]] = []
    for name, contents in page.meta.items():
        if _META.search(name) and name not in _NOT_META:
            best.append(
                _unique(each for text in contents for each in names_in(text, page.organisations))
            )
    return _fullest([names for names in best if names])


def _seen(page: Page) -> tuple[str, ...]:
    """Return the people whom the byline next to the headline names."""
    elements = page.marked
    at = next((n for n, e in enumerate(elements) if e.tag == "h1" and not is_hidden(e)), 0)
    for test in (_is_marked_author, _is_byline):
        for element in elements[at:] + elements[:at][::-1]:
            if test(element) and not is_aside(element):
                names = _unique(_around(element, test, page))
                if names:
                    return names
    return ()


def _is_marked_author(element: Element) -> bool:
    return (
        element.get("rel") == "author"
        or "author" in (element.get("itemprop") or "").split()
        or element.get("property") in ("author", "schema:author")
        or "vcard" in (element.get("class") or "").split()
    )


def _is_byline(element: Element) -> bool:
    words = words_of(element)
    return bool(_IS_BYLINE.search(words)) and not _IS_NO_BYLINE.search(words)


def _around(element: Element, test: Any, page: Page) -> Iterator[str]:
    """Yield the names in an element and in those beside it that are marked the same way."""
    parent = element.getparent()
    same = [element]
    if parent is not None:
        same = [e for e in parent.iterdescendants(element.tag) if test(e)][:12] or [element]
    for each in same:
        line = _name_line(each)
        yield from names_in(line, page.organisations)


def _name_line(element: Element) -> str:
    """Return the part of a byline element that holds the names."""
    inner = element.find(".//*[@itemprop='name']")
    if inner is not None:
        return inner.get("content") or line_of(inner)
    if element.get("content"):
        return str(element.get("content"))
    pieces = [
        " ".join(text.split())
        for text in element.xpath(".//text()[not(parent::script or parent::style)][position()<30]")
    ]
    line = ""
    for piece in filter(None, pieces):
        line = f"{line} {piece}".strip()
        if len(line) > _LINE:
            break
    return line[:_LINE]


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return tuple(found.values())
