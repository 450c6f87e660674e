"""The authors of a page's article: whom metadata state, and whom bylines show."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from newsetl.dates import find_printed
from newsetl.readers.html.jsonld import is_organisation, text_of
from newsetl.readers.html.marks import (
    Element,
    Page,
    line_of,
    lines_in,
    words_of,
)
from newsetl.readers.html.naming import remembered
from newsetl.readers.html.people import (
    Names,
    contributors_in,
    ends_open,
    fold,
    is_person,
    names_in,
    starts_open,
    starts_with_lead,
)

_META = re.compile(r"(?:^|[.:_-])(?:authors?|byline|byl|creator|authorname\d?)$|^articleauthor$")
_NOT_META = ("twitter:creator", "web_author", "og:creator", "generator")
_IS_BYLINE = re.compile(r"by-?line|author|autor(?!is)|writer|redakteur|contributor", re.I)
_IS_NO_BYLINE = re.compile(
    r"bio|image|img|photo|avatar|comment|social|description|about|follow|related|archive|credit|desc"
    r"|portrait|picture|caption|quote|count|icon|headline|title|newsletter|share|authority",
    re.I,
)
_AUTHOR_LINK = re.compile(
    r"author|autor|/by/|/people|/profile|/contributor|/staff|/writer|/team", re.I
)
_LINE = 200
_SHORT = 60
_NEAR_LINES = 18
_MOST_SEEN = 12


def authors(page: Page) -> Names:
    """Return the people who wrote the article, and the organisations named as its author.

    People are in the order stated, each once. Those whom the byline sets apart as
    contributors are no authors. Beside people, the publisher itself is not named.
    """
    described = _described(page)
    meta = _in_meta(page, is_credited=bool(described.organisations))
    credited = described.organisations or meta.organisations
    seen, line = _seen(page, is_credited=bool(credited))
    people = _fullest([described.people, meta.people]) or seen.people
    is_clear = all(map(page.organisations.include, seen.organisations)) and not any(
        map(_is_foreign, seen.people)
    )
    if is_clear and _folded(people) < _folded(seen.people):
        people = seen.people
    apart = contributors_in(line)
    wrote = tuple(name for name in people if fold(name) not in apart) or people
    return Names(
        wrote, _credited([described, meta] if credited else [described, meta, seen], wrote, page)
    )


def _credited(found: list[Names], people: tuple[str, ...], page: Page) -> tuple[str, ...]:
    """Return the organisations that the first mark names: others than the publisher before it.

    Beside people, only JSON-LD is believed: elsewhere their roles and offices stand with them.
    """
    stated = [names.organisations for names in found if names.organisations]
    others = [
        tuple(name for name in names if not page.organisations.include(name)) for names in stated
    ]
    if not people:
        return next(filter(None, others), next(iter(stated), ()))
    beside = others[0] if stated and stated[0] is found[0].organisations else ()
    known = _folded(people)
    return tuple(name for name in beside if fold(name) not in known)


def _folded(names: Iterable[str]) -> set[str]:
    return set(map(fold, names))


def _fullest(found: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first that names anyone, or a later one that names the same and more."""
    best: tuple[str, ...] = ()
    for names in found:
        if not best or _folded(best) < _folded(names):
            best = names
    return best


def _described(page: Page) -> Names:
    """Return whom JSON-LD calls author or, without one, creator."""
    credited: tuple[str, ...] = ()
    for thing in (page.article, *page.graph.pages()):
        for key in ("author", "authors", "creator"):
            found = _merged(_named(thing.get(key), page))
            if found.people:
                return found
            credited = credited or found.organisations
        if credited:
            break
    return Names((), credited)


def _named(value: Any, page: Page) -> Iterator[Names]:
    """Yield whom a schema.org value names: a text, an object, lists of them in any nesting."""
    pending, seen = [value], 0
    while pending and seen < 100:
        item = page.graph.resolve(pending.pop(0))
        seen += 1
        if isinstance(item, list):
            pending = item + pending
        elif isinstance(item, str):
            yield names_in(text_of(item) or "", page.organisations)
        elif isinstance(item, dict):
            names = item.get("name")
            for name in names if isinstance(names, list) else [names]:
                text = text_of(name) or ""
                if is_organisation(item):
                    yield Names((), (text,) if text else ())
                else:
                    yield names_in(text, page.organisations)


def _in_meta(page: Page, *, is_credited: bool) -> Names:
    """Return whom meta elements name; where JSON-LD has an organisation, by more than a word."""
    found = [
        _merged(names_in(text, page.organisations, is_printed=is_credited) for text in contents)
        for name, contents in page.meta.items()
        if _META.search(name) and name not in _NOT_META
    ]
    people = _fullest([names.people for names in found if names.people])
    return Names(people, next((n.organisations for n in found if n.organisations), ()))


def _seen(page: Page, *, is_credited: bool) -> tuple[Names, str]:
    """Return whom the byline next to the headline names, and its line."""
    credited: tuple[Names, str] = (Names(), "")
    near = _near_headline(page, is_credited=is_credited)
    for test in (_is_marked_author, _is_byline):
        known: dict[tuple[Element, str], str] = {}
        for element in page.main:
            if test(element):
                around, whole = _byline_around(element)
                place = around, element.tag
                if place not in known:  # a page may have thousands in one place
                    known[place] = _names_inside(around, element, test)
                named = known[place]
                names = names_in(named, page.organisations, is_printed=True)
                if is_credited and not _is_believed(named, names, page):
                    continue
                if names.people and not _folded(names.people) < _folded(near[0].people):
                    return names, whole
                if names.organisations and not credited[0].organisations:
                    credited = names, ""
    return near if near[0].people else credited


def _is_believed(line: str, names: Names, page: Page) -> bool:
    """Whether a byline names people although the metadata give an organisation as the author."""
    is_plain = all(map(page.organisations.is_one, names.organisations))
    return (is_plain or starts_with_lead(line)) and not all(map(_is_foreign, names.people))


def _near_headline(page: Page, *, is_credited: bool) -> tuple[Names, str]:
    """Return whom a line names that starts as bylines do, or that stands alone before a date."""
    lines = page.lines[:_NEAR_LINES]
    for at, line in enumerate(lines):
        whole = _continued(lines[at : at + 6])
        if len(whole) > _LINE / 2:
            continue
        is_byline = starts_with_lead(whole) and (line[0].isupper() or len(whole) < _SHORT)
        if is_byline or (not is_credited and _is_dated(line, lines[at + 1 : at + 2], page)):
            names = names_in(whole, page.organisations, is_printed=True)
            if names.people:
                return names, " | ".join(lines[at : at + 6])[: 2 * _LINE]
    return Names(), ""


def _continued(lines: list[str]) -> str:
    """Return a lead such as "By" with the names in the pieces of text behind it."""
    whole = lines[0]
    for line in lines[1:]:
        if not (starts_with_lead(f"{whole} ") and ends_open(whole)) and not starts_open(line):
            break
        whole = f"{whole} {line}"
    return whole


def _is_dated(line: str, following: list[str], page: Page) -> bool:
    """Whether a line holds a name and a date, or is a name with a date in the next."""
    if any(map(str.isdigit, line)) and any(find_printed(line)):
        return True
    name = line.strip(" |·•,")
    if _is_foreign(name) or not is_person(name, page.organisations, is_printed=True):
        return False
    dates = [start for after in following for start, _ in find_printed(after[:_LINE])]
    return bool(dates) and dates[0] < 15


def _is_foreign(name: str) -> bool:
    """Whether a name is in a script without capitals, where any short line looks like one."""
    return not any(character.isupper() for character in name)


def _is_marked_author(element: Element) -> bool:
    return (
        element.get("rel") == "author"
        or "author" in (element.get("itemprop") or "").split()
        or element.get("property") in ("author", "schema:author")
        or "vcard" in (element.get("class") or "").split()
    )


def _is_byline(element: Element) -> bool:
    return _names_byline(words_of(element))


@remembered
def _names_byline(words: str) -> bool:
    return bool(_IS_BYLINE.search(words)) and not _IS_NO_BYLINE.search(words)


def _byline_around(element: Element) -> tuple[Element, str]:
    """Return the byline that an element stands in, or what is around it, and the byline's text."""
    around = element
    for outer in islice(element.iterancestors(), 4):
        if _is_byline(outer):
            around = outer
    whole = line_of(around)
    if around is element and element.getparent() is not None:
        around = element.getparent()
        beside = " ".join(islice(lines_in(around), _NEAR_LINES))
        whole = whole if contributors_in(whole) or len(beside) > _LINE else beside
    return around, whole[: 2 * _LINE]


def _names_inside(around: Element, element: Element, test: Callable[[Element], bool]) -> str:
    """Return the names in the elements inside `around` that are marked as `element` is."""
    alike = islice(filter(test, around.iterdescendants(element.tag)), _MOST_SEEN)
    lines = [_name_line(each) for each in list(alike) or [element]]
    return " | ".join(dict.fromkeys(lines))


def _name_line(element: Element) -> str:
    """Return the part of a byline element that holds the names, its pieces set apart by bars."""
    named = [e for e in element.iter() if "name" in (e.get("itemprop") or "").split()]
    links = [e for e in element.iter("a") if _AUTHOR_LINK.search(e.get("href") or "")]
    for inner in (named, links):
        texts = [e.get("content") or line_of(e) for e in inner[:_MOST_SEEN]]
        if any(is_person(text, is_printed=True) for text in texts):
            return " | ".join(dict.fromkeys(texts))
    if element.get("content"):
        return str(element.get("content"))
    pieces = list(islice((line for line in _pieces(element)), _NEAR_LINES))
    return " | ".join(pieces)[:_LINE]


def _pieces(element: Element) -> Iterator[str]:
    for text in element.itertext():
        if line := " ".join(text.split()):
            yield line


def _merged(found: Iterable[Names]) -> Names:
    people: dict[str, str] = {}
    others: dict[str, str] = {}
    for names in found:
        for name in names.people:
            people.setdefault(fold(name), name)
        for name in names.organisations:
            others.setdefault(fold(name), name)
    return Names(tuple(people.values()), tuple(others.values()))
