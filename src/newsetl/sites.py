"""Site rules: a host's pages cut to the parts that CSS selectors of the settings name.

For the page that no general rule gets. The cut page is read as any page is; what the selectors
name as headline, byline and date goes before what the page's metadata says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsetl.encoding import declared_encoding, decode
from newsetl.model import Document, Published, Reject
from newsetl.payload import Payload

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

    from newsetl.config import SiteSettings

HTML = ("text/html", "application/xhtml+xml")
_STAMPS = ("datetime", "content", "title")


@dataclass(frozen=True, slots=True)
class Selection:
    """A page cut to its selected parts, what they state, and the selectors without a match."""

    payload: Payload
    headline: str | None = None
    byline: str | None = None
    published: Published = Published()
    rejects: tuple[Reject, ...] = ()


def rule_for(payload: Payload, sites: Mapping[str, "SiteSettings"]) -> "SiteSettings | None":
    """Return the rule of the host that an HTML payload comes from; `www.` makes no difference."""
    if not sites or payload.media_type not in HTML:
        return None
    try:
        host = urlsplit(payload.uri).hostname or ""
    except ValueError:
        return None
    return sites.get(host) or sites.get(host.removeprefix("www.")) or sites.get(f"www.{host}")


def select(payload: Payload, rule: "SiteSettings") -> Selection:
    """Return the page that a rule leaves of a payload.

    A page on which `article` matches nothing keeps its whole body, and a reject says so.
    """
    from bs4 import BeautifulSoup

    declared = declared_encoding(payload.body, is_html=True)
    markup, _ = decode(payload.body, charset=payload.charset, declared=declared)
    soup = BeautifulSoup(markup, "lxml")
    for selector in rule.remove:
        for tag in soup.select(selector):
            tag.decompose()
    taken = {
        name: _take(soup, selector)
        for name, selector in (("headline", rule.headline), ("byline", rule.byline))
    }
    stamp, date_line = _take_date(soup, rule.date)
    inside = list(_outermost(soup.select(rule.article))) if rule.article else []
    body = "".join(map(str, inside)) or (soup.body.decode_contents() if soup.body else "")
    found = {**taken, "date": date_line, "article": body if inside else None}
    if inside and not taken["headline"]:
        taken["headline"] = _own_headline(soup, inside)
    lines = {**taken, "date": date_line}
    page = _page(soup, lines, body)
    return Selection(
        payload=replace(payload, body=page.encode(errors="replace"), charset="utf-8"),
        headline=taken["headline"] or _first_heading(inside),
        byline=taken["byline"],
        published=_published(stamp, date_line),
        rejects=tuple(_unmatched(payload, rule, found)),
    )


def apply(document: Document, selection: Selection, *, payload: Payload) -> Document:
    """Return the document of a cut page under the id of the page as it came."""
    from newsetl.entries import people

    stated = document.stated
    published = selection.published if selection.published.day else stated.published
    authors = people(selection.byline)
    return replace(
        document,
        document_id=payload.document_id,
        headline=selection.headline or document.headline,
        stated=replace(
            stated,
            headline=selection.headline or stated.headline,
            authors=authors or stated.authors,
            credits=() if authors else stated.credits,
            published=published,
        ),
        rejects=(*document.rejects, *selection.rejects),
    )


def _take(soup: "BeautifulSoup", selector: str | None) -> str | None:
    """Return the text of what a selector names, each once, and take it out of the page."""
    tags = list(_outermost(soup.select(selector))) if selector else []
    texts = [" ".join(tag.get_text(" ").split()) for tag in tags]
    for tag in tags:
        tag.extract()
    return ", ".join(dict.fromkeys(text for text in texts if text)) or None


def _own_headline(soup: "BeautifulSoup", inside: "list[Tag]") -> str | None:
    """Return the page's first heading of level 1, or else its title, unless one is inside."""
    if any(tag.find("h1") for tag in inside):
        return None
    tag = soup.h1 or soup.title
    return (" ".join(tag.get_text(" ").split()) or None) if tag else None


def _first_heading(inside: "list[Tag]") -> str | None:
    """Return the text of the first heading of level 1 in what a rule selects."""
    heading = next((found for tag in inside if (found := tag.find("h1"))), None)
    return " ".join(heading.get_text(" ").split()) or None if heading else None


def _take_date(soup: "BeautifulSoup", selector: str | None) -> tuple[str | None, str | None]:
    """Return the stamp and the text of the first element that a selector names."""
    tag = soup.select_one(selector) if selector else None
    if tag is None:
        return None, None
    stamp = next((str(tag[name]) for name in _STAMPS if tag.get(name)), None)
    text = " ".join(tag.get_text(" ").split()) or stamp
    tag.extract()
    return stamp, text


def _outermost(tags: "list[Tag]") -> "Iterator[Tag]":
    """Yield the tags that stand in none of the others."""
    chosen = {id(tag) for tag in tags}
    for tag in tags:
        if not any(id(parent) in chosen for parent in tag.parents):
            yield tag


def _page(soup: "BeautifulSoup", lines: Mapping[str, str | None], body: str) -> str:
    if not any(lines.values()) and soup.body and body == soup.body.decode_contents():
        return str(soup)
    head = soup.head.decode_contents() if soup.head else ""
    language = soup.html.get("lang") if soup.html else None
    root = f'<html lang="{escape(str(language))}">' if language else "<html>"
    tops: list[tuple[str, Any]] = [
        ("<h1>{}</h1>", lines["headline"]),
        ('<p class="byline">{}</p>', lines["byline"]),
        ('<p class="date">{}</p>', lines["date"]),
    ]
    top = "".join(form.format(escape(text)) for form, text in tops if text)
    article = f"<article>{top}{body}</article>"
    return f"<!DOCTYPE html>{root}<head>{head}</head><body>{article}</body></html>"


def _published(stamp: str | None, line: str | None) -> Published:
    from newsetl.entries import published

    for text in (stamp, line):
        found = published(text, stated_by="site rule")
        if found.day:
            return found
    return Published()


def _unmatched(
    payload: Payload, rule: "SiteSettings", found: Mapping[str, str | None]
) -> Iterator[Reject]:
    for name in ("article", "headline", "byline", "date"):
        selector = getattr(rule, name)
        if selector and not found[name]:
            yield Reject(
                step="read",
                reason="unmatched_selector",
                what=f"the selector {selector!r} for {name} matches nothing on the page",
                source_id=payload.source_id,
                place=payload.uri,
                fix=f"mend {name} of this host under [sites] in newsetl.toml",
                uri=payload.uri,
                document_id=payload.document_id,
            )
