"""Europresse exports: HTML with an `article` element and named parts for each article.

Class names as the export has them: DocPublicationName, DocHeader (section, date, words, page),
titreArticle, docAuthors or sm-margin-bottomNews, docOcurrContainer or DocText, publiC-lblNodoc.
"""

import re
from collections.abc import Iterator
from typing import Any

from newsetl.dates import find_printed, parse_printed, parse_stamp
from newsetl.entries import Draft, compose, paragraphs, people, reject_entry, squeezed
from newsetl.exports import HTML
from newsetl.markup import lines_of_html, parse_html, text_of
from newsetl.model import BlockKind, Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("text/x-europresse",)
WITHIN = HTML

_MARKS = ("DocPublicationName", "DocHeader")
_TEXT_MARK = re.compile(r"titreArticle|docOcurrContainer|DocText")
_NUMBER = re.compile(r"news[·•.](\d{8})[·•.]")
_TITLES = ("titreArticleVisu", "titreArticle", "grandTitre")
_AUTHORS = ("docAuthors", "sm-margin-bottomNews")
_TEXTS = ("docOcurrContainer", "DocText")
_LANGUAGE = re.compile(r"\blang(?:uage)?=\"([a-z]{2})\b")

Element = Any
"""An lxml element; lxml ships no types."""


def recognises(opening: str) -> bool:
    """Return whether a page names the parts of its articles as Europresse does.

    >>> recognises('<span class="DocPublicationName">Le Jour</span><span class="DocHeader">')
    False
    """
    return all(mark in opening for mark in _MARKS) and bool(_TEXT_MARK.search(opening))


def read(payload: Payload) -> Document:
    """Return the export's articles; one without headline and text is a reject."""
    markup, encoding = text_of(payload, is_html=True)
    articles = list(parse_html(markup, where=payload.uri).iter("article"))
    drafts, rejects = [], []
    for number, article in enumerate(articles, start=1):
        draft = _draft(article)
        if draft.body[0] or draft.stated.headline:
            drafts.append(draft)
        else:
            what = "the article has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=f"article {number}"))
    return compose(payload, drafts, encoding=encoding, declared=len(articles), rejects=rejects)


def _draft(article: Element) -> Draft:
    header = _text(article, ("DocHeader",))
    byline = _text(article, _AUTHORS)
    lines = [line for line in (_text(article, ("DocPublicationName",)), header) if line]
    stated = Stated(
        headline=_text(article, _TITLES),
        authors=people(byline),
        published=_published(header, article),
        section=_section(header),
    )
    body: list[tuple[BlockKind, str]] = [("paragraph", text) for text in _paragraphs(article)]
    return Draft(stated, paragraphs(body), byline=byline, date_line="\n".join(lines) or None)


def _paragraphs(article: Element) -> list[str]:
    container = next(_named(article, _TEXTS), None)
    if container is None:
        return []
    for element in [*container.iter("footer", "aside", "header")]:
        element.drop_tree()
    return lines_of_html(container).split("\n\n")


def _named(article: Element, names: tuple[str, ...]) -> Iterator[Element]:
    """Yield the elements of the first class name that the article has."""
    for name in names:
        found = [
            element for element in article.iter() if name in (element.get("class") or "").split()
        ]
        yield from found[:1]


def _text(article: Element, names: tuple[str, ...]) -> str | None:
    texts = (squeezed(element.text_content()) for element in _named(article, names))
    return next((text for text in texts if text), None)


def _published(header: str | None, article: Element) -> Published:
    """Return the day that the header prints, or else the one in the article's number."""
    for start, end in find_printed(header or ""):
        found = parse_printed((header or "")[start:end], stated_by="export date")
        if found:
            return found
    number = _NUMBER.search(article.text_content())
    stamp = parse_stamp(number[1], stated_by="export number") if number else None
    return stamp or Published()


def _section(header: str | None) -> str | None:
    """Return what stands before the comma in front of the date: "Économie, lundi 3 juin 2025"."""
    start = next((start for start, _ in find_printed(header or "")), 0)
    section, comma, _ = (header or "")[:start].rpartition(",")
    return squeezed(section) if comma else None
