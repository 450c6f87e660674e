"""Posts as the REST API of WordPress gives them: one in JSON, or a list of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timezone
from typing import Any

from newsetl.entries import (
    Draft,
    compose,
    is_cut_off,
    json_items,
    paragraphs,
    people,
    published,
    reject_entry,
    squeezed,
)
from newsetl.errors import ReadError
from newsetl.markup import lay_out_html
from newsetl.model import Document, Published, Stated
from newsetl.payload import Payload

MEDIA_TYPES = ("application/vnd.wordpress.posts+json",)
WITHIN = ("application/json", "text/plain")

_RENDERED = re.compile(r'"(?:content|title|excerpt)"\s*:\s*\{[^{}]{0,200}?"rendered"\s*:')
_POST = re.compile(r'"(?:date_gmt|modified_gmt|guid)"\s*:')


def recognises(opening: str) -> bool:
    """Return whether JSON has the properties of a post.

    >>> recognises('[{"id": 1, "date_gmt": "2026-11-03T06:00:00", "title": {"rendered": "Mill"}}]')
    True
    >>> recognises('{"uri": "urn:x", "headline": "Mill reopens"}')
    False
    """
    is_json = opening.lstrip()[:1] in ("{", "[")
    return bool(is_json and _RENDERED.search(opening) and _POST.search(opening))


def read(payload: Payload) -> Document:
    """Return the posts in order; one without any text is a reject."""
    posts, encoding = json_items(payload)
    drafts, rejects = [], []
    for number, post in enumerate(posts, start=1):
        try:
            draft = _draft(post if isinstance(post, dict) else {}, payload)
        except ReadError as error:
            rejects.append(reject_entry(payload, error.what, place=f"post {number}"))
            continue
        if draft.body[0] or draft.stated.headline:
            drafts.append(draft)
        else:
            what = "the post has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=f"post {number}"))
    return compose(payload, drafts, encoding=encoding, declared=len(posts), rejects=rejects)


def _draft(post: dict[str, Any], payload: Payload) -> Draft:
    link = _string(post.get("link"))
    base = link or payload.uri
    names = [name for author in _embedded(post, "author") if (name := _name(author))]
    body = lay_out_html(_rendered(post.get("content")), base=base)
    is_teaser = is_cut_off(body[0])
    if not body[0]:
        body, is_teaser = lay_out_html(_rendered(post.get("excerpt")), base=base), True
    stated = Stated(
        headline=squeezed(lay_out_html(_rendered(post.get("title")), base=base)[0]),
        authors=people(*names),
        published=_published(post),
        modified_at=_instant(post.get("modified_gmt")),
        url=link if link and link.startswith(("http://", "https://")) else None,
        section=next(_terms(post, "category"), None),
        keywords=tuple(dict.fromkeys(_terms(post, "post_tag"))),
    )
    byline = squeezed(", ".join(names))
    return Draft(stated, body or paragraphs(()), byline=byline or None, is_teaser=is_teaser)


def _published(post: dict[str, Any]) -> Published:
    """Return when a post appeared: `date` is the site's own time, `date_gmt` the same in UTC."""
    here, there = _instant(post.get("date")), _instant(post.get("date_gmt"))
    if here is None or there is None:
        return published(_string(post.get("date")), stated_by="wordpress date")
    try:
        zone = timezone(here - there)
    except ValueError:
        zone = UTC
    stamp = there.astimezone(zone).isoformat()
    return published(stamp, stated_by="wordpress date")


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else None
    except ValueError:
        return None


def _terms(post: dict[str, Any], taxonomy: str) -> Iterator[str]:
    """Yield the names of a post's categories or tags, as the API embeds them."""
    for group in _embedded(post, "wp:term"):
        for term in group if isinstance(group, list) else ():
            if isinstance(term, dict) and term.get("taxonomy") == taxonomy and (n := _name(term)):
                yield n


def _embedded(post: dict[str, Any], name: str) -> list[Any]:
    embedded = post.get("_embedded")
    found = embedded.get(name) if isinstance(embedded, dict) else None
    return found if isinstance(found, list) else []


def _name(value: object) -> str | None:
    name = _string(value.get("name")) if isinstance(value, dict) else None
    return squeezed(lay_out_html(name, base="")[0]) if name else None


def _rendered(value: object) -> str:
    return (_string(value.get("rendered")) or "") if isinstance(value, dict) else ""


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
