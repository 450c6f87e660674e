"""What a page's markup marks as metadata, gathered once: meta elements, JSON-LD, elements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newsetl.readers.html.jsonld import Graph, Thing, addresses, merge, text_of
from newsetl.readers.html.naming import remembered
from newsetl.readers.html.people import Organisations, fold

Element = Any
"""An lxml element; lxml ships no types."""

_HEAD_TAGS = ("meta", "link", "title", "script")
_MARKED_TAGS = frozenset(("h1", "h2", "h3", "time", "address"))
_MAY_MARK = frozenset(
    """
    a abbr article b cite dd div em footer h4 h5 h6 header i li meta p section small span strong td
    ul
    """.split()
)
_MARKED_NAMES = (
    "auth", "date", "time", "meta", "publ", "byline", "posted", "writer", "autor", "vcard",
    "by-line",
)  # fmt: skip
_TELLING = frozenset(("itemprop", "property", "rel", "data-testid"))
_TEXTS = etree.XPath(
    ".//text()[not(parent::script or parent::style or ancestor::svg or parent::noscript)]"
)
_NO_TEXT = frozenset(("script", "style", "noscript", "svg", "template"))
_ASIDE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "dialog", "menu", "template"))
_ASIDE = re.compile(
    r"""
    (?:^|[\s_-])(?<!has-)(?<!with-)(?<!no-)(?<!show-)(?:
      related|recommend\w*|teaser\w*|sidebar|widget|comments?|commentlist|menu|nav|navbar
    | navigation|breadcrumbs?|popular|trending|latest|newsletter|promo\w*|carousel|slider|cookie\w*
    | consent|ads?|advert\w*|caption|figcaption|credit|copyright|disqus|modal|popup|read-?more|more
    | most-?read|cards?|toolbar|logo|masthead
    )(?=$|[\s_-])
    | (?:^|[\s-])footer(?=$|\s) | breadcrumb | teaser
    | (?<=[a-z])(?<!has)(?:Teaser|Related|Recommend|Comment|Caption)
    """,
    re.VERBOSE,
)
_BREADCRUMB = re.compile(r"breadcrumb|logo|site-?title|(?:^|[\s_-])brand(?:$|[\s_-])", re.I)
_MOST_LEVELS = 12
_MOST_LINES = 40
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


@dataclass(frozen=True)
class Page:
    """A parsed page, its address, and when it was fetched."""

    root: Element
    address: str
    retrieved_at: datetime

    @cached_property
    def _found(self) -> tuple[dict[str, list[Element]], list[Element]]:
        """The elements of `_HEAD_TAGS`, by tag, and the marked elements, found in one walk."""
        heads: dict[str, list[Element]] = {tag: [] for tag in _HEAD_TAGS}
        marked = []
        for element in self.root.iter():
            tag = element.tag
            if tag in heads:
                heads[tag].append(element)
            if tag in _MARKED_TAGS or (tag in _MAY_MARK and _is_marked(element)):
                marked.append(element)
        return heads, marked

    @cached_property
    def meta(self) -> dict[str, tuple[str, ...]]:
        """Name → contents of the meta elements, names in lower case, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for element in self.heads["meta"]:
            attributes = element.attrib
            content = " ".join(attributes.get("content", "").split())
            for key in ("property", "name", "itemprop", "http-equiv"):
                if content and (name := attributes.get(key, "").strip().lower()):
                    found[name] = (*found.get(name, ()), text_of(content) or content)
        return found

    def stated(self, *names: str) -> str | None:
        """Return the first content of the first of the meta names that the page has."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    @cached_property
    def graph(self) -> Graph:
        return Graph(self.heads["script"])

    @cached_property
    def title(self) -> str | None:
        """The text of the title element; None without one."""
        element = next(iter(self.heads["title"]), None)
        return None if element is None else text_of("".join(element.itertext()))

    @cached_property
    def canonical(self) -> str | None:
        """The absolute address that the page gives as its own."""
        hrefs = [
            link.get("href")
            for link in self.heads["link"]
            if (link.get("rel") or "").lower().strip() == "canonical"
        ]
        for href in (*hrefs, self.stated("og:url"), self.stated("twitter:url")):
            address = absolute(self.address, href)
            if address:
                return address
        return None

    @cached_property
    def article(self) -> Thing:
        """What JSON-LD says of the page's own article; empty if it says nothing or of several."""
        things = self.graph.articles()
        if len(things) > 1:
            things = self._own(things)
        return merge(things)

    @property
    def heads(self) -> dict[str, list[Element]]:
        """The meta, link, title and script elements, by tag."""
        return self._found[0]

    @property
    def marked(self) -> list[Element]:
        """The elements that may state something of the article, in document order."""
        return self._found[1]

    @cached_property
    def heading(self) -> Element | None:
        """The first h1 that may be the headline, else the first h2 that may; None without one."""
        may_be = [
            element
            for element in self.marked
            if element.tag in ("h1", "h2") and not (is_hidden(element) or is_breadcrumb(element))
        ]
        stated = [fold(t) for t in (self.title, *self.meta.get("og:title", ())) if t]

        def rank(element: Element) -> tuple[bool, str, bool]:
            text = fold(line_of(element))
            is_stated = len(text) > 1 and any(text in other for other in stated)
            is_site = text in self.organisations.names
            return is_aside(element), element.tag, not is_stated or is_site

        return min(may_be, key=rank, default=None)

    @cached_property
    def lines(self) -> list[str]:
        """The first texts behind the heading, each on one line; [] without a heading."""
        return list(islice(_lines_after(self.heading), _MOST_LINES))

    @cached_property
    def main(self) -> list[Element]:
        """The marked elements around the headline that stand in no menu, comment or teaser."""
        return [element for element in self.around_headline if not is_aside(element)]

    @cached_property
    def around_headline(self) -> list[Element]:
        """The marked elements from the heading on, then those before it, backwards."""
        at = self.marked.index(self.heading) if self.heading is not None else 0
        return self.marked[at:] + self.marked[:at][::-1]

    @cached_property
    def organisations(self) -> Organisations:
        """The names of the page's publisher."""
        publisher = self.article.get("publisher")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        names = [
            self.stated("og:site_name"),
            self.stated("application-name"),
            self.stated("publisher", "dc.publisher", "article:publisher"),
            (self.stated("twitter:site") or "").lstrip("@"),
            text_of(self.graph.resolve(publisher)),
            *self.graph.organisations,
        ]
        return Organisations.of(names, address=self.canonical or self.address)

    def is_at(self, thing: Thing) -> bool:
        """Whether an address that an object gives itself has the path of the page's own."""
        paths = {_path(urljoin(self.address, each)) for each in _safe(thing)}
        return not self._paths.isdisjoint(paths)

    @cached_property
    def _paths(self) -> set[str | None]:
        return {_path(self.address), _path(self.canonical or self.address)} - {None}

    def _own(self, things: list[Thing]) -> list[Thing]:
        """Return the articles that are the page's: by their address, else by their headline."""
        matched = [thing for thing in things if self.is_at(thing)]
        if matched and len(matched) < len(things):
            return matched
        names = {fold(text_of(thing.get("headline")) or "") for thing in things} - {""}
        if len(names) <= 1:
            return things
        titles = [fold(each) for each in (self.stated("og:title"), self.title) if each]
        return [
            thing
            for thing in things
            if (name := fold(text_of(thing.get("headline")) or ""))
            and any(name in title or title in name for title in titles)
        ]


def words_of(element: Element) -> str:
    """Return class, id, rel, itemprop and test id of an element, separated by spaces."""
    get = element.get
    names = ("class", "id", "rel", "itemprop", "property", "data-testid")
    return " ".join(value for name in names if (value := get(name)))


def is_aside(element: Element) -> bool:
    """Whether an element stands in what is not the article: menus, related links, comments."""
    for level, around in enumerate((element, *element.iterancestors())):
        if around.tag in ("article", "main", "body", "html") or level > _MOST_LEVELS:
            return False
        if around.tag in _ASIDE_TAGS or _names_aside(around.get("class") or ""):
            return True
    return False


@remembered
def _names_aside(words: str) -> bool:
    return bool(_ASIDE.search(words))


def is_breadcrumb(element: Element) -> bool:
    """Whether a heading is the site's name or the last crumb of a path, not a headline."""
    own = " ".join((*element.attrib.keys(), *element.attrib.values()))
    around = element.getparent()
    near = "" if around is None else f"{around.get('class') or ''} {around.get('id') or ''}"
    return bool(_BREADCRUMB.search(own[:500]) or _BREADCRUMB.search(near))


def is_hidden(element: Element) -> bool:
    """Whether a browser shows nothing of the element."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def line_of(element: Element) -> str:
    """Return the text of an element on one line, its inner elements apart; scripts left out."""
    pieces = [text for text in _TEXTS(element) if text.strip()]
    return " ".join(" ".join(pieces).split())


def _lines_after(element: Element | None) -> Iterator[str]:
    """Yield the texts that follow an element in document order, each on one line."""
    while element is not None:
        for following in element.itersiblings(etree.Element):
            yield from lines_in(following)
        element = element.getparent()


def lines_in(element: Element) -> Iterator[str]:
    """Yield the texts inside an element and behind it, each on one line, scripts left out."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "start" and (inner.tag in _NO_TEXT or is_hidden(inner)):
            walk.skip_subtree()
            continue
        text = inner.text if event == "start" and inner.tag not in _NO_TEXT else inner.tail
        if text and (line := " ".join(text.split())):
            yield line


def absolute(base: str, href: str | None) -> str | None:
    """Return the http address that `href` leads to from `base`, or None."""
    try:
        address = urljoin(base, href.strip()) if href else None
    except ValueError:
        return None
    return address if address and address.startswith(("http://", "https://")) else None


def _is_marked(element: Element) -> bool:
    """Whether an element's attributes name a person or a time."""
    names, get = element.keys(), element.get
    if not names:
        return False
    if _names_mark(f"{get('class', '')} {get('id', '')}"):
        return True
    return not _TELLING.isdisjoint(names) and (
        "itemprop" in names
        or "property" in names
        or get("rel") == "author"
        or (not get("id") and _names_mark(get("data-testid", "")))
    )


@remembered
def _names_mark(words: str) -> bool:
    return any(map(words.lower().__contains__, _MARKED_NAMES))


def _safe(thing: Thing) -> list[str]:
    return [each for each in addresses(thing) if absolute("https://a.example", each)]


def _path(address: str | None) -> str | None:
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    return f"{path}?{parts.query}" if path else None
