"""ninjs, the IPTC's news in JSON: one item or a list of them, versions 1.x to 3.x.

Version 1 names its properties `headline` and `body_xhtml`; version 2 and later list `headlines`
and `bodies`, each with a role.
"""

import re
from collections.abc import Iterator
from typing import Any

from newsetl.entries import (
    Draft,
    compose,
    json_items,
    paragraphs,
    people,
    published,
    reject_entry,
    squeezed,
)
from newsetl.markup import Layout, lay_out_html
from newsetl.model import Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("application/vnd.iptc.ninjs+json",)
WITHIN = ("application/json", "text/plain")

_URI = re.compile(r'"uri"\s*:')
_BODY = re.compile(r'"(?:body_\w+|bodies|headlines?|versioncreated|versionCreated)"\s*:')
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org')
_HTML_BODY = re.compile(r"html", re.IGNORECASE)


def recognises(opening: str) -> bool:
    """Return whether JSON has the properties of a news item.

    >>> recognises('{"uri": "urn:x", "headline": "Mill reopens"}')
    True
    >>> recognises('{"version": "https://jsonfeed.org/version/1.1", "items": []}')
    False
    """
    is_json = opening.lstrip()[:1] in ("{", "[")
    has_marks = _URI.search(opening) and _BODY.search(opening)
    return bool(is_json and has_marks and not _JSON_FEED.search(opening))


def read(payload: Payload) -> Document:
    """Return the items in order; one without any text is a reject."""
    items, encoding = json_items(payload)
    drafts, rejects = [], []
    for number, item in enumerate(items, start=1):
        draft = _draft(item, payload) if isinstance(item, dict) else Draft(Stated())
        if draft.body[0] or draft.stated.headline:
            drafts.append(draft)
        else:
            what = "the item has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=f"item {number}"))
    return compose(payload, drafts, encoding=encoding, declared=len(items), rejects=rejects)


def _draft(item: dict[str, Any], payload: Payload) -> Draft:
    byline = squeezed(_string(item.get("byline")))
    authors = [_name(person) for person in _list(item.get("people")) if _is_author(person)]
    headline = squeezed(_string(item.get("headline"))) or _valued(item.get("headlines"))
    subjects = [_name(subject) for subject in _list(item.get("subject") or item.get("subjects"))]
    stated = Stated(
        headline=headline or squeezed(_string(item.get("title"))),
        authors=people(*authors) or people(byline),
        published=_date(item, "contentcreated", "firstcreated", "versioncreated"),
        modified_at=_date(item, "contentmodified", "versioncreated").instant,
        url=_address(item),
        language=_string(item.get("language")),
        section=squeezed(_string(item.get("section"))),
        keywords=tuple(dict.fromkeys(name for name in subjects if name)),
    )
    return Draft(stated, _body(item, payload), byline=byline)


def _body(item: dict[str, Any], payload: Payload) -> Layout:
    """Return the blocks of the item's HTML, else of its plain text."""
    bodies = list(_bodies(item))
    for kind, text in bodies:
        if _HTML_BODY.search(kind):
            return lay_out_html(text, base=_address(item) or payload.uri)
    lines = re.split(r"\n\s*\n", bodies[0][1]) if bodies else []
    return paragraphs(("paragraph", " ".join(line.split())) for line in lines)


def _bodies(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each rendering of the item's text."""
    for name, value in item.items():
        if name.startswith("body_") and isinstance(value, str):
            yield name, value
    for body in _list(item.get("bodies")):
        if isinstance(body, dict) and isinstance(value := body.get("value"), str):
            yield str(body.get("contenttype") or body.get("contentType") or ""), value


def _valued(values: object) -> str | None:
    """Return the main one of version 2's `headlines`, or else the first."""
    items = [item for item in _list(values) if isinstance(item, dict)]
    ordered = sorted(items, key=lambda item: item.get("role") != "main")
    return next((own for item in ordered if (own := squeezed(_string(item.get("value"))))), None)


def _date(item: dict[str, Any], *names: str) -> Published:
    lowered = {name.lower(): value for name, value in item.items()}
    for name in names:
        found = published(_string(lowered.get(name)), stated_by=f"ninjs {name}")
        if found.day:
            return found
    return Published()


def _address(item: dict[str, Any]) -> str | None:
    links = (_string(item.get(name)) for name in ("canonicalurl", "url", "uri"))
    return next((url for url in links if url and url.startswith(("http://", "https://"))), None)


def _is_author(person: object) -> bool:
    rel = person.get("rel") if isinstance(person, dict) else None
    return rel in ("author", "creator", "byline")


def _name(value: object) -> str | None:
    return squeezed(_string(value.get("name"))) if isinstance(value, dict) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
