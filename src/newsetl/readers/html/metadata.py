"""What a page states of itself: JSON-LD first, then OpenGraph and meta, then the markup."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from newsetl.dates import parse_stamp
from newsetl.model import Published, Stated

Element = Any
"""An lxml element; lxml ships no types."""

_ARTICLE_TYPE = re.compile(r"Article$|BlogPosting$|^Report$")
_KEYWORD_SEPARATOR = re.compile(r"\s*[,;]\s*")
_PUBLISHED_META = (
    "article:published_time",
    "datePublished",
    "parsely-pub-date",
    "DC.date.issued",
    "dc.date",
    "date",
    "pubdate",
)


def stated(root: Element, *, base: str) -> Stated:
    """Return what the page's metadata states of the page's article.

    Schema.org JSON-LD wins over OpenGraph, that over plain meta elements, those over `h1` and
    `time`. A page that describes several articles in JSON-LD states none of them as its own.
    """
    described = list(_described(root))
    ld = described[0] if len(described) == 1 else {}
    meta = _meta(root)
    return Stated(
        headline=_text(ld.get("headline")) or meta.get("og:title") or _first(root, "//h1"),
        authors=_people(ld.get("author")) or _listed(meta.get("author") or meta.get("byl")),
        published=_published(ld, meta),
        modified_at=_modified(ld, meta).instant,
        url=_url(root, meta, base),
        language=(root.get("lang") or _text(ld.get("inLanguage")) or meta.get("og:locale")),
        section=_text(ld.get("articleSection")) or meta.get("article:section"),
        keywords=_keywords(ld.get("keywords") or meta.get("keywords")),
    )


def _published(ld: dict[str, Any], meta: dict[str, str]) -> Published:
    candidates = [(_text(ld.get("datePublished")), "json-ld")]
    candidates += [(meta.get(name.lower()), f"meta {name}") for name in _PUBLISHED_META]
    for stamp, stated_by in candidates:
        found = parse_stamp(stamp, stated_by=stated_by) if stamp else None
        if found:
            return found
    return Published()


def _modified(ld: dict[str, Any], meta: dict[str, str]) -> Published:
    stamp = _text(ld.get("dateModified")) or meta.get("article:modified_time")
    found = parse_stamp(stamp, stated_by="modified") if stamp else None
    return found or Published()


def _described(root: Element) -> Iterator[dict[str, Any]]:
    """Yield the article objects of all JSON-LD scripts, in any nesting; broken ones are passed."""
    for script in root.iter("script"):
        if (script.get("type") or "").lower().strip() != "application/ld+json":
            continue
        try:
            pending = [json.loads(script.text or "null", strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            value = pending.pop(0)
            if isinstance(value, list):
                pending += value
            elif isinstance(value, dict):
                types = value.get("@type")
                names = types if isinstance(types, list) else [types]
                if any(isinstance(name, str) and _ARTICLE_TYPE.search(name) for name in names):
                    yield value
                pending += [value[key] for key in ("@graph", "mainEntity") if key in value]


def _meta(root: Element) -> dict[str, str]:
    """Return name → content of the meta elements, names in lower case, the first of each name."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _url(root: Element, meta: dict[str, str], base: str) -> str | None:
    href = next(iter(root.xpath("//link[@rel='canonical']/@href")), None) or meta.get("og:url")
    try:
        address = urljoin(base, href.strip()) if href else None
    except ValueError:
        return None
    return address if address and address.startswith(("http://", "https://")) else None


def _people(value: Any) -> tuple[str, ...]:
    """Return the names of schema.org authors: a string, an object, or a list of either."""
    values = value if isinstance(value, list) else [value]
    names = [
        _text(item.get("name"))
        for item in values
        if isinstance(item, dict) and item.get("@type") != "Organization"
    ]
    names += [name for item in values if isinstance(item, str) for name in _listed(item)]
    return tuple(dict.fromkeys(name for name in names if name))


def _listed(value: str | None) -> tuple[str, ...]:
    """Return the names in a line such as `By Ann Lee and Bo Roy`; addresses are no names."""
    if not value or value.startswith("http"):
        return ()
    line = re.sub(r"^by\s+", "", value, flags=re.I)
    names = re.split(r"\s*,\s*|\s+(?:and|&)\s+", line)
    return tuple(dict.fromkeys(name for name in names if name))


def _keywords(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    words = [
        word
        for item in values
        if isinstance(item, str)
        for word in _KEYWORD_SEPARATOR.split(item.strip())
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _first(root: Element, path: str) -> str | None:
    element = next(iter(root.xpath(path)), None)
    return None if element is None else " ".join(element.text_content().split()) or None
