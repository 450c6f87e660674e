"""The headline of a page: what its metadata state, what it shows, and where they agree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from newsetl.readers.html.jsonld import is_a, text_of
from newsetl.readers.html.marks import Element, Page, is_aside, is_breadcrumb, is_hidden, line_of
from newsetl.readers.html.people import fold

_SEPARATOR = re.compile(r"\s+[|\-–—·•»/:]+\s+|\s*[|｜：]\s*|\s+::\s+")
_LIVE_BLOG = re.compile(r"^LiveBlogPosting$")
_NEWS = re.compile(r"NewsArticle$")
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
_SENTENCE = 3
_LONG = 15


@dataclass(frozen=True)
class Headlines:
    """The headlines of one page, each kind on its own."""

    page: Page

    @cached_property
    def json_ld(self) -> str | None:
        thing = self.page.article
        text = text_of(thing.get("headline")) or text_of(thing.get("name"))
        return self._bare(text, agreed=self._shown) if text else None

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
        elements = [e for e in self.page.marked if e.tag == "h1" and self._may_head(e)]
        return [list(_readings(element)) for element in sorted(elements, key=is_aside)]

    @cached_property
    def lower(self) -> list[list[str]]:
        """The readings of the headings of the second and third level."""
        return [
            list(_readings(element))
            for element in self.page.marked
            if element.tag in ("h2", "h3") and not is_aside(element) and self._may_head(element)
        ]

    @cached_property
    def stated(self) -> list[str]:
        """All stated headlines, best first."""
        further = [text for name in _FURTHER_META if (text := self.page.stated(name))]
        found = [self.json_ld, *self.meta, self.title, *map(self._bare, further)]
        return [text for text in found if text]

    def best(self) -> str | None:
        """Return the headline that the page shows and states, or where they differ the shown one.

        A heading that shares no word with what is stated and is shorter than a sentence is a
        label; then a lower heading that is stated wins, then what the metadata state. The h1 of
        a live blog may be that of its newest entry.
        """
        for readings in self.seen:
            if reading := self._stated_reading(readings):
                return reading
        if self.json_ld and self._is_settled:
            return self.json_ld
        shown = max(self.seen, key=lambda readings: self._shared(readings[0]), default=[])
        if shown and (self._shared(shown[0]) or len(shown[0].split()) >= _SENTENCE):
            return shown[0]
        for readings in self.lower:
            if reading := self._stated_reading(readings):
                return reading
        return self._whole(self.json_ld) or next(iter(self.stated), None) or next(iter(shown), None)

    @property
    def _is_settled(self) -> bool:
        """Whether JSON-LD states a live blog, or a news article as OpenGraph and title do."""
        if is_a(self.page.article, _LIVE_BLOG):
            return True
        kinds = ({fold(text) for text in kind if text} for kind in (self.meta[:1], [self.title]))
        own = fold(self.json_ld or "")
        return is_a(self.page.article, _NEWS) and all(own in kind for kind in kinds)

    def _stated_reading(self, readings: list[str]) -> str | None:
        """Return the reading of a heading that is stated; one without a kicker before the whole."""
        stated = {fold(text) for text in self.stated}
        for reading in (*readings[1:], readings[0]):
            if fold(reading) in stated:
                return reading
        for reading in readings[1:]:
            folded = fold(reading)
            if len(folded) > _LONG and any(text.endswith(folded) for text in stated):
                return reading
        return None

    def _shared(self, text: str) -> int:
        """Return how many words of `text` the stated headlines have too."""
        stated = " ".join(self.stated).casefold()
        return sum(len(word) > 3 and word in stated for word in set(text.casefold().split()))

    def _whole(self, text: str | None) -> str | None:
        """Return `text`, or the stated headline that it is the beginning of."""
        if text is None:
            return None
        start = _SHORTENED.sub("", text)
        longer = [other for other in self.stated if other.startswith(start)]
        return max(longer, key=len, default=text)

    def _may_head(self, element: Element) -> bool:
        if is_breadcrumb(element) or is_hidden(element):
            return False
        text = line_of(element)
        return 1 < len(text) < _MOST_CHARACTERS and not self._is_site(text)

    def _is_site(self, text: str) -> bool:
        return fold(text) in self.page.organisations.names

    @cached_property
    def _shown(self) -> set[str]:
        return {fold(reading) for readings in self.seen for reading in readings}

    def _bare(self, text: str, *, agreed: set[str] | None = None) -> str:
        """Return `text` without the site's name: what the page's own sources agree to leave out."""
        if agreed is None:
            agreed = self._shown | ({fold(self.json_ld)} if self.json_ld else set())
        while fold(text) not in agreed and (shorter := self._shorter(text, agreed)):
            text = shorter
        return text

    def _shorter(self, text: str, agreed: set[str]) -> str | None:
        for match in _SEPARATOR.finditer(text):
            head, tail = text[: match.start()], text[match.end() :]
            if head and (fold(head) in agreed or self._is_site(tail)):
                return head
            if tail and (fold(tail) in agreed or self._is_site(head)):
                return tail
        return None


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
