"""What a page states of itself: headline, authors, times, address, language, section, keywords."""

import re
from typing import Any

from newsetl.model import Stated
from newsetl.readers.html.authors import authors
from newsetl.readers.html.dates import modified_at, published
from newsetl.readers.html.headlines import Headlines
from newsetl.readers.html.jsonld import text_of
from newsetl.readers.html.marks import Page

_KEYWORD_SEPARATOR = re.compile(r"\s*[,;、]\s*")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?![a-z\d])", re.I)
_SECTION_META = (
    "article:section",
    "og:article:section",
    "parsely-section",
    "cxenseparse:section",
    "sailthru.section",
    "section",
    "articlesection",
    "category",
)
_KEYWORD_META = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")


def stated(page: Page) -> tuple[Stated, str | None]:
    """Return what the page's metadata state of its article, and the headline that it shows.

    The first mark that states a fact is taken: schema.org JSON-LD, OpenGraph and other meta
    elements, microdata, the markup. A page that describes several articles in JSON-LD, none of
    them under its own address or headline, states none of them as its own.
    """
    headlines = Headlines(page)
    wrote = authors(page)
    found = Stated(
        headline=next(iter(headlines.stated), None),
        authors=wrote.people,
        credits=wrote.organisations,
        published=published(page),
        modified_at=modified_at(page),
        url=page.canonical,
        language=_language(page),
        section=_section(page),
        keywords=_keywords(page),
    )
    return found, headlines.best()


def language_tag(text: str | None) -> str | None:
    """Return a language as a BCP 47 tag in its usual case, or None if it is none.

    >>> language_tag("en_us"), language_tag("zh-hant-TW"), language_tag("German")
    ('en-US', 'zh-Hant-TW', None)
    """
    match = _LANGUAGE.match((text or "").strip())
    if match is None:
        return None
    subtags = [match[1].lower()]
    subtags += [match[2].title()] if match[2] else []
    subtags += [match[3].upper()] if match[3] else []
    return "-".join(subtags)


def _language(page: Page) -> str | None:
    described = text_of(page.article.get("inLanguage"))
    candidates = (
        page.root.get("lang"),
        page.root.get("xml:lang"),
        described,
        page.stated("og:locale", "content-language", "dc.language", "language"),
    )
    return next((tag for text in candidates if (tag := language_tag(text))), None)


def _section(page: Page) -> str | None:
    return text_of(page.article.get("articleSection")) or page.stated(*_SECTION_META)


def _keywords(page: Page) -> tuple[str, ...]:
    """Return keywords, each once: those of JSON-LD, else tags, else the keywords of a meta."""
    for values in (
        _texts(page.article.get("keywords")),
        page.meta.get("article:tag", ()),
        *(page.meta.get(name, ()) for name in _KEYWORD_META),
    ):
        words = [word for value in values for word in _KEYWORD_SEPARATOR.split(value.strip())]
        if any(words):
            return tuple(dict.fromkeys(word for word in words if word))
    return ()


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for item in values if (text := text_of(item)))
