"""Styles: what the tag and the attributes of a block element say, read once for all that are alike.

Pages repeat a few dozen elements; what each says by itself is asked once and kept.
"""

import functools
import re
from collections.abc import Set
from typing import Any

from newsetl.model import BlockKind
from newsetl.readers.html.naming import BITS, groups_of

Element = Any
"""An lxml element; lxml ships no types."""

_MAIN_TAGS = frozenset(("html", "body", "main", "article"))
_ASIDE_TAGS = frozenset(("aside", "nav", "footer", "form", "dialog"))
_ASIDE_ROLES = frozenset(("complementary", "navigation", "contentinfo", "dialog", "alert"))
_ASIDE = sum(
    BITS[group]
    for group in (
        "related", "listing", "comment", "social", "advert", "signup", "tags", "legal", "bio",
        "frame", "hidden",
    )
)  # fmt: skip
_BODY = re.compile(
    r"""
    (?: article | story | post | entry | news | page | blog | main | rich | content ) [-_]*
    (?: body | content | text | main | copy )
    | (?: body | content ) [-_]* (?: article | story | post | text | copy | main )
    | prose
    """,
    re.VERBOSE | re.IGNORECASE,
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
_KIND_WORDS: tuple[tuple[BlockKind, frozenset[str]], ...] = (
    ("caption", frozenset(("caption", "wp-caption-text", "figcaption", "image-caption"))),
    ("byline", frozenset(("byline", "author", "authors", "p-author", "vcard"))),
    (
        "date",
        frozenset(("date", "dateline", "published", "entry-date", "post-date", "timestamp")),
    ),
)
_KIND_TAGS: dict[str, BlockKind] = {"li": "list_item", "blockquote": "quote"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NAME_PARTS = re.compile(r"[-_]+")
_LONGEST_KEPT = 500
"""Names longer than this are not kept for the next page: a page may make them up."""


class Style:
    """A tag, and the attributes that say what an element is for; `names` are class and id."""

    __slots__ = (
        "groups", "is_article", "is_aside", "is_body", "is_body_property",
        "is_boilerplate", "is_comment", "kind", "level", "names", "tag",
    )  # fmt: skip

    def __init__(
        self, tag: str, names: str, role: str, itemtype: str, itemprop: str, rel: str
    ) -> None:
        words = _words_of(names)
        self.tag = tag
        self.names = names
        self.groups = groups_of(names)
        self.level = _HEADINGS.get(tag, 0)
        self.kind = _kind(tag, words, rel)
        self.is_article = (
            tag == "article"
            or not words.isdisjoint(_ARTICLE_WORDS)
            or bool(itemtype and _ARTICLE_TYPE.search(itemtype))
        )
        self.is_boilerplate = tag not in _MAIN_TAGS and (
            tag in _BOILERPLATE_TAGS
            or role in _BOILERPLATE_ROLES
            or not words.isdisjoint(_BOILERPLATE_WORDS)
        )
        aside = self.groups & _ASIDE if tag not in _MAIN_TAGS else 0
        self.is_aside = bool(aside) or tag in _ASIDE_TAGS or role in _ASIDE_ROLES
        self.is_comment = bool(aside & BITS["comment"])
        self.is_body_property = "articleBody" in itemprop
        self.is_body = self.is_body_property or bool(_BODY.search(names))


def style_of(element: Element) -> Style:
    """Return the style of an element; the same one for all that are alike."""
    get = element.get
    names = f"{get('class', '')} {get('id', '')}"
    role, itemtype, itemprop = get("role", ""), get("itemtype", ""), get("itemprop", "")
    is_long = len(names) + len(role) + len(itemtype) + len(itemprop) > _LONGEST_KEPT
    make = Style if is_long else _kept
    rel = "author" if get("rel") == "author" else ""
    return make(element.tag, names, role, itemtype, itemprop, rel)


_kept = functools.lru_cache(maxsize=1 << 14)(Style)


def _kind(tag: str, words: Set[str], rel: str) -> tuple[BlockKind, int] | None:
    """Return the kind and the heading level that an element gives to the text inside, or None."""
    if tag in _HEADINGS:
        return "heading", _HEADINGS[tag]
    named = [kind for kind, known in _KIND_WORDS if not known.isdisjoint(words)]
    if tag == "figcaption" or "caption" in named:
        return "caption", 0
    if rel == "author":
        return "byline", 0
    kind = named[0] if named else _KIND_TAGS.get(tag)
    return (kind, 0) if kind else None


def _words_of(names: str) -> set[str]:
    """Return the names in small letters, whole and in their parts: `post-footer` is no post."""
    words: set[str] = set()
    for name in names.lower().split():
        words.update(part for part in _NAME_PARTS.split(name) if part not in _ARTICLE_WORDS)
        words.add(name)
    return words
