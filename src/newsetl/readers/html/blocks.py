"""The blocks of a page: paragraph-sized pieces of text, content told from boilerplate."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from newsetl.model import Block, BlockKind, Section

Element = Any
"""An lxml element; lxml ships no types."""

_SKIPPED = frozenset(
    """
    script style noscript template svg math iframe object embed canvas audio video head select
    option datalist
    """.split()
)
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter nobr
    output q rp rt ruby s samp small span strike strong sub sup time tt u var wbr
    """.split()
)
_BOILERPLATE_TAGS = frozenset(("nav", "footer", "aside", "form", "button", "dialog", "menu"))
_BOILERPLATE_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert")
)
_BOILERPLATE_WORDS = frozenset(
    """
    ad ads advert advertisement banner breadcrumb breadcrumbs comment comments consent cookie
    cookies disqus footer menu nav navbar navigation newsletter pager pagination popular promo
    recommended related share sharing sidebar signup skip social subscribe tags toolbar trending
    widget
    """.split()
)
"""Words that authors of pages put in the class or id of what is not the article."""

_ARTICLE_WORDS = frozenset(("hentry", "h-entry", "post", "blog-post", "blogpost"))
"""Class names of one article: microformats.org h-entry and hAtom, and blog themes' `post`."""

_ARTICLE_TYPE = re.compile(r"schema\.org/\w*(?:Article|BlogPosting|Report)$", re.I)
_CAPTION_WORDS = frozenset(("caption", "wp-caption-text", "figcaption", "image-caption"))
_BYLINE_WORDS = frozenset(("byline", "author", "authors", "p-author", "vcard"))
_DATE_WORDS = frozenset(("date", "dateline", "published", "entry-date", "post-date", "timestamp"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_MAIN_SHARE = 0.5
_LINKED_SHARE = 0.7
_META_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element inherits from those around it."""

    kind: BlockKind = "paragraph"
    level: int = 0
    is_boilerplate: bool = False
    is_preformatted: bool = False
    section: int | None = None
    link: str | None = None


@dataclass(slots=True)
class _Draft:
    """A block while its text is still being gathered."""

    context: _Context
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    link: str | None = None
    stamp: str | None = None

    def text(self) -> str:
        joined = "".join(self.pieces)
        if self.context.is_preformatted:
            return joined.strip("\n")
        return " ".join(joined.split())


def lay_out(root: Element, *, base: str) -> tuple[str, tuple[Block, ...], tuple[Section, ...]]:
    """Return a page's text, its blocks in the order of the text, and its article containers.

    Boilerplate stands behind the content, so that an article is one span without it.
    """
    gathering = _Gathering(base, sum(map(len, root.itertext())))
    gathering.walk(root)
    drafts = [draft for draft in gathering.drafts if draft.text()]
    ordered = sorted(drafts, key=_is_boilerplate)
    text, blocks, offset = [], [], 0
    spans: dict[int, list[int]] = {}
    for draft in ordered:
        own = draft.text()
        block = _block(draft, own, offset)
        if block.kind != "boilerplate":
            for section in gathering.around(draft.context.section):
                spans.setdefault(section, [block.start, block.end])[1] = block.end
        text.append(own)
        blocks.append(block)
        offset = block.end + 2
    sections = (
        Section(start, end, gathering.depth[section])
        for section, (start, end) in sorted(spans.items())
    )
    return "\n\n".join(text), tuple(blocks), tuple(sections)


class _Gathering:
    """A walk over the tree without recursion, so that depth is no limit."""

    def __init__(self, base: str, page_characters: int) -> None:
        self.base = base
        self.page_characters = page_characters
        self.drafts: list[_Draft] = []
        self.parents: list[int | None] = []
        self.depth: list[int] = []

    def walk(self, root: Element) -> None:
        context = _Context()
        self._open(context)
        stack: list[tuple[Element, _Context, Iterator[Element]]] = []
        self._enter(root, context, stack)
        while stack:
            element, outer, children = stack[-1]
            child = next(children, None)
            if child is not None:
                self._enter(child, self._context, stack)
                continue
            stack.pop()
            self._leave(element, outer)

    def around(self, section: int | None) -> Iterator[int]:
        """Yield a section and those that contain it, innermost first."""
        while section is not None:
            yield section
            section = self.parents[section]

    def _enter(
        self,
        element: Element,
        outer: _Context,
        stack: list[tuple[Element, _Context, Iterator[Element]]],
    ) -> None:
        if element.tag in _SKIPPED or _is_hidden(element):
            self._add(element.tail, outer)
            return
        inner = self._inner(element, outer)
        if element.tag == "br":
            self._break_line(inner)
        elif element.tag not in _INLINE:
            self._open(inner)
        self._note(element)
        self._context = inner
        self._add(element.text, inner)
        stack.append((element, outer, iter(element)))

    def _leave(self, element: Element, outer: _Context) -> None:
        self._context = outer
        if element.tag not in _INLINE and element.tag != "br":
            self._open(outer)
        self._add(element.tail, outer)

    def _open(self, context: _Context) -> None:
        self._context = context
        self.drafts.append(_Draft(context))

    def _add(self, text: str | None, context: _Context) -> None:
        if text:
            draft = self.drafts[-1]
            draft.pieces.append(text)
            if context.link:
                draft.linked += len("".join(text.split()))
                draft.link = draft.link or context.link

    def _break_line(self, context: _Context) -> None:
        """Two line breaks in a row end a paragraph; one is white space."""
        draft = self.drafts[-1]
        if draft.pieces and draft.pieces[-1] == "\n":
            self._open(context)
        else:
            draft.pieces.append("\n")

    def _note(self, element: Element) -> None:
        stamp = element.get("datetime") if element.tag == "time" else None
        if stamp:
            self.drafts[-1].stamp = self.drafts[-1].stamp or stamp

    def _inner(self, element: Element, outer: _Context) -> _Context:
        words = _words(element)
        kind, level = _kind(element, words, outer)
        section = outer.section
        if _is_article(element, words):
            self.parents.append(section)
            self.depth.append(0 if section is None else self.depth[section] + 1)
            section = len(self.parents) - 1
        href = element.get("href") if element.tag == "a" else None
        return _Context(
            kind=kind,
            level=level,
            is_boilerplate=outer.is_boilerplate or self._is_boilerplate(element, words, section),
            is_preformatted=outer.is_preformatted or element.tag == "pre",
            section=section,
            link=_absolute(self.base, href) or outer.link,
        )

    def _is_boilerplate(self, element: Element, words: set[str], section: int | None) -> bool:
        is_named = (
            element.tag in _BOILERPLATE_TAGS
            or element.get("role") in _BOILERPLATE_ROLES
            or bool(words & _BOILERPLATE_WORDS)
            or (element.tag == "header" and section is None and element.find(".//h1") is None)
        )
        if not is_named or element.tag in ("html", "body", "main", "article"):
            return False
        size = sum(map(len, element.itertext()))
        return size < _MAIN_SHARE * self.page_characters


def _is_boilerplate(draft: _Draft) -> bool:
    """Whether a block is boilerplate by its place, or because nearly all of it is links."""
    if draft.context.is_boilerplate:
        return True
    if draft.context.kind == "heading" or draft.linked < 1:
        return False
    return draft.linked > _LINKED_SHARE * len("".join(draft.text().split()))


def _block(draft: _Draft, text: str, start: int) -> Block:
    kind = "boilerplate" if _is_boilerplate(draft) else draft.context.kind
    if kind in ("byline", "date") and len(text) > _META_CHARACTERS:
        kind = "paragraph"
    return Block(
        kind=kind,
        start=start,
        end=start + len(text),
        level=draft.context.level if kind == "heading" else 0,
        link=draft.link if kind == "heading" else None,
        stamp=draft.stamp,
    )


def _kind(element: Element, words: set[str], outer: _Context) -> tuple[BlockKind, int]:
    tag = element.tag
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return "heading", int(tag[1])
    if outer.kind == "heading":
        return outer.kind, outer.level
    if tag == "figcaption" or words & _CAPTION_WORDS or outer.kind == "caption":
        return "caption", 0
    if words & _BYLINE_WORDS or element.get("rel") == "author":
        return "byline", 0
    if (words & _DATE_WORDS or tag == "time") and tag not in _INLINE - {"time", "span"}:
        return "date", 0
    if tag == "li":
        return "list_item", 0
    if tag == "blockquote" or outer.kind == "quote":
        return "quote", 0
    return outer.kind, 0


def _is_article(element: Element, words: set[str]) -> bool:
    return (
        element.tag == "article"
        or bool(words & _ARTICLE_WORDS)
        or bool(_ARTICLE_TYPE.search(element.get("itemtype") or ""))
    )


def _words(element: Element) -> set[str]:
    """Return the names in class and id, whole and in their parts: `post-footer` and `footer`."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    parts = {part for name in names for part in re.split(r"[-_]+", name)}
    return set(names) | (parts - _ARTICLE_WORDS)


def _is_hidden(element: Element) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


def _absolute(base: str, href: str | None) -> str | None:
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return None
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return None
