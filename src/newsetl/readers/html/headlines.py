"""The headline of a page: what its metadata state, what it shows, and where they agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsetl.readers.html.jsonld import text_of
from newsetl.readers.html.marks import Element, Page, is_aside, is_breadcrumb, is_hidden, line_of
from newsetl.readers.html.people import fold

_SEPARATOR = re.compile(r"\s+[|\-–—·•»/:]+\s+|\s*[|｜：]\s*|\s+::\s+")
_KICKER = re.compile(r"^[^:/|]{2,60}(?::|\s/|\s\|)\s+")
_SHORTENED = re.compile(r"\s*(?:…|\.\.\.)$")
_META = ("og:title", "twitter:title")
_FURTHER_META = (
    "title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "citation_title",
    "headline",
    "cxenseparse:title",
    "mrf:title",
)
_MOST_CHARACTERS = 400


@dataclass(frozen=True)
class Headlines:
    """The headlines of one page, each kind on its own."""

    page: Page

    @cached_property
    def json_ld(self) -> str | None:
        thing = self.page.article
        return text_of(thing.get("headline")) or text_of(thing.get("name"))

    @cached_property
    def meta(self) -> list[str]:
        """What OpenGraph and its like state, without the site's name."""
        found = [self.page.stated(name) for name in _META]
        return [self._bare(text) for text in found if text]

    @cached_property
    def title(self) -> str | None:
        return self._bare(self.page.title) if self.page.title else None

    @cached_property
    def seen(self) -> list[list[str]]:
        """The headings that may be the headline: h1 first, each with its readings."""
        return [
            readings
            for element in self.page.marked
            if element.tag == "h1" and self._may_head(element)
            if (readings := list(_readings(element)))
        ]

    @cached_property
    def stated(self) -> list[str]:
        """All stated headlines, best first."""
        further = [text for name in _FURTHER_META if (text := self.page.stated(name))]
        found = [self.json_ld, *self.meta, self.title, *map(self._bare, further)]
        return [text for text in found if text]

    def best(self) -> str | None:
        """Return the headline that the page shows and states, or where it is silent the better."""
        stated = {fold(text): text for text in reversed(self.stated)}
        for readings in self.seen:
            for reading in readings:
                if fold(reading) in stated:
                    return self._short(reading)
        agreed = self._agreed()
        lower = self._lower(stated)
        if lower or agreed:
            return lower or agreed
        return self._like(self.seen) or (self.stated[0] if self.stated else None)

    def _agreed(self) -> str | None:
        """Return what two kinds of metadata state alike."""
        kinds = [[self.json_ld], self.meta, [self.title]]
        for at, kind in enumerate(kinds):
            others = {fold(text) for other in kinds[at + 1 :] for text in other if text}
            for text in kind:
                if text and fold(text) in others:
                    return text
        return None

    def _lower(self, stated: dict[str, str]) -> str | None:
        """Return a stated headline that stands as a lower heading."""
        for element in self.page.marked:
            if element.tag in ("h2", "h3") and not is_aside(element):
                for reading in _readings(element):
                    if fold(reading) in stated:
                        return reading
        return None

    def _like(self, seen: list[list[str]]) -> str | None:
        """Return the seen heading that shares most words with what is stated, else the first."""
        words = set(" ".join(self.stated).casefold().split())
        best = max(seen, key=lambda r: _share(r[0], words), default=None)
        if best is None:
            return None
        return best[0]

    def _short(self, reading: str) -> str:
        """Return `reading` without a kicker before a colon that another source leaves out."""
        match = _KICKER.match(reading)
        if match is None:
            return reading
        rest = reading[match.end() :]
        return rest if fold(rest) in {fold(text) for text in self.stated} else reading

    def _may_head(self, element: Element) -> bool:
        if is_breadcrumb(element) or is_hidden(element):
            return False
        text = line_of(element)
        return 1 < len(text) < _MOST_CHARACTERS and not self._is_site(text)

    def _is_site(self, text: str) -> bool:
        return fold(text) in self.page.organisations.names

    def _bare(self, text: str) -> str:
        """Return `text` without the site's name: what the page's own sources agree to leave out."""
        others = {fold(reading) for readings in self.seen for reading in readings}
        if self.json_ld:
            others.add(fold(self.json_ld))
        while True:
            matches = list(_SEPARATOR.finditer(text))
            shorter = None
            for match in matches:
                head, tail = text[: match.start()], text[match.end() :]
                if fold(head) in others or self._is_site(tail):
                    shorter = head
                    break
                if fold(tail) in others or self._is_site(head):
                    shorter = tail
                    break
            if not shorter or fold(text) in others:
                return text
            text = shorter


def _share(text: str, words: set[str]) -> float:
    own = text.casefold().split()
    return sum(word in words for word in own) / (len(own) + 1)


def _readings(element: Element) -> Iterator[str]:
    """Yield the text of a heading, whole and without a kicker that is an element of its own."""
    whole = line_of(element)
    yield whole
    inner = element
    while len(inner) == 1 and not (inner.text or "").strip() and not (inner[0].tail or "").strip():
        inner = inner[0]
    if len(inner) == 0:
        return
    pieces = [inner.text or ""]
    for child in inner:
        pieces += [line_of(child), child.tail or ""]
    pieces = [" ".join(piece.split()) for piece in pieces if piece.strip()]
    for at in range(1, len(pieces)):
        rest = " ".join(pieces[at:]).lstrip(" -–—:|/")
        if rest:
            yield rest
