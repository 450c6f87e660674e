"""NewsML-G2: news items, alone or in a message, with NITF, XHTML or plain text inside.

Element names are those of the IPTC's NewsML-G2 2.x.
"""

from typing import Any

from newsetl.entries import Draft, compose, paragraphs, people, published, reject_entry
from newsetl.markup import Layout, parse_xml, root_name, text_of
from newsetl.model import Document, Stated
from newsetl.payload import Payload
from newsetl.readers.nitf import (
    draft_of,
    first_date,
    language_of,
    pieces_of,
    text_at,
    texts_at,
    unique,
)

MEDIA_TYPES = (
    "application/vnd.iptc.g2.newsitem+xml",
    "application/vnd.iptc.g2.newsmessage+xml",
)
WITHIN = ("application/xml", "text/xml", "text/plain")

Element = Any
"""An lxml element; lxml ships no types."""

_ROOTS = ("newsItem", "newsMessage")


def recognises(opening: str) -> bool:
    """Return whether XML opens with a root element of NewsML-G2.

    >>> recognises("<newsItem guid='urn:x'>"), recognises("<NewsML><NewsItem>")
    (True, False)
    """
    return root_name(opening) in _ROOTS


def read(payload: Payload) -> Document:
    """Return the news items in order; one without any text, such as a photo's, is a reject.

    Raises ReadError for XML that declares entities, and where no item has text.
    """
    markup, encoding = text_of(payload, is_html=False)
    items = list(parse_xml(markup, where=payload.uri).iter("newsItem"))
    drafts, rejects = [], []
    for number, item in enumerate(items, start=1):
        draft = _draft(item)
        if draft.body[0] or draft.stated.headline:
            drafts.append(draft)
        else:
            what = "the item has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=f"item {number}"))
    return compose(payload, drafts, encoding=encoding, declared=len(items), rejects=rejects)


def _draft(item: Element) -> Draft:
    """Return the article of an item: contentMeta states it, contentSet holds it."""
    nitf = item.find(".//contentSet//nitf")
    inner = draft_of(nitf) if nitf is not None else Draft(Stated())
    byline = text_at(item, "./contentMeta/by") or inner.byline
    stamps = (
        "./contentMeta/contentCreated",
        "./itemMeta/firstCreated",
        "./itemMeta/versionCreated",
    )
    dates = [text_at(item, path) for path in stamps]
    language = item.find("./contentMeta/language")
    title = text_at(item, "./itemMeta/title")
    stated = Stated(
        headline=text_at(item, "./contentMeta/headline") or inner.stated.headline or title,
        authors=people(*texts_at(item, "./contentMeta/creator/name")) or people(byline),
        published=first_date(dates, "NewsML date"),
        modified_at=published(
            text_at(item, "./contentMeta/contentModified"), stated_by="NewsML date"
        ).instant,
        language=(language.get("tag") if language is not None else None) or language_of(item),
        keywords=unique(
            [
                *texts_at(item, "./contentMeta/keyword"),
                *texts_at(item, "./contentMeta/subject/name"),
            ]
        ),
    )
    body = inner.body if inner.body[0] else _content(item)
    return Draft(stated, body, byline=byline, date_line=inner.date_line)


def _content(item: Element) -> Layout:
    """Return the paragraphs of an item's XHTML, or of its plain text."""
    content = item.find(".//contentSet/inlineXML")
    if content is None:
        text = item.findtext(".//contentSet/inlineData") or ""
        return paragraphs(("paragraph", piece) for piece in text.split("\n\n"))
    body = next(content.iter("body"), content)
    return paragraphs(pieces_of(body))
