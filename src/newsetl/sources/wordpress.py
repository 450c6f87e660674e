"""WordPress: the posts of a site by its REST API, or by its monthly archive pages without one."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from newsetl.errors import FetchError
from newsetl.payload import Locator, Payload
from newsetl.sources import Found, archive

if TYPE_CHECKING:
    from newsetl.sources.web.answers import Answer
    from newsetl.sources.web.client import Web

SCHEMES = ("wordpress",)

MEDIA_TYPE = "application/vnd.wordpress.posts+json"

_POSTS_A_PAGE = 100
"""The most that the API gives (REST API Handbook, Pagination)."""

_ROUTES = ("wp-json/wp/v2/posts", "?rest_route=/wp/v2/posts")
_FIELDS = "id,date,date_gmt,modified_gmt,link,title,content,excerpt,_links,_embedded"
_NO_API = frozenset({"missing", "forbidden", "unreadable", "http_error", "disallowed"})


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the pages of the API, newest posts first, each with the number of its posts.

    The address of such a page stands for itself. A site without the API is read by its monthly
    archives, if the settings say since when, or else by its front page; then the articles are
    yielded. Raises FetchError if nothing is there.
    """
    if "per_page=" in urlsplit(locator.address).query:
        yield replace(locator, most=_POSTS_A_PAGE)
        return
    route, total = _api(locator, web)
    if not route:
        yield from _archives(locator, web)
        return
    number = 1
    while total is None or (number - 1) * _POSTS_A_PAGE < total:
        most = None if total is None else min(_POSTS_A_PAGE, total - (number - 1) * _POSTS_A_PAGE)
        yield replace(locator, address=_page(route, locator, number), most=most)
        if total is None:
            return
        number += 1


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield a payload for each post of a page of the API: its own JSON, at its own address.

    Where the site does not say how many posts there are, further pages follow until one is not
    full.
    """
    address, number = locator.address, 1
    while True:
        answer = web.get(address)
        posts = _posts(answer, address)
        for post in posts:
            yield _payload(post, answer, locator)
        if locator.most is not None or len(posts) < _POSTS_A_PAGE:
            return
        number += 1
        address = _with(locator.address, page=str(number))


def _api(locator: Locator, web: "Web") -> tuple[str | None, int | None]:
    """Return where the site's posts are asked for, or None, and how many are wanted, if it says."""
    base = locator.address if locator.address.endswith("/") else locator.address + "/"
    for route in _ROUTES:
        address = urljoin(base, route)
        try:
            asked = _with(address, **_days(locator), per_page="1", _fields="id")
            answer = web.get(asked)
            _posts(answer, asked)
        except FetchError as error:
            if error.reason not in _NO_API or error.retryable:
                raise
            continue
        total = answer.headers.get("X-WP-Total", "")
        return address, int(total) if total.isdecimal() else None
    return None, None


def _page(route: str, locator: Locator, number: int) -> str:
    paging = {"per_page": str(_POSTS_A_PAGE), "page": str(number)}
    shown = {"_embed": "author,wp:term", "_fields": _FIELDS}
    return _with(route, **_days(locator), **paging, **shown)


def _days(locator: Locator) -> dict[str, str]:
    """Return the days that are wanted in the API's terms, which exclude both ends."""
    wanted = locator.wanted
    days = {}
    if wanted.since:
        days["after"] = f"{wanted.since - timedelta(days=1)}T23:59:59"
    if wanted.until:
        days["before"] = f"{wanted.until + timedelta(days=1)}T00:00:00"
    return days


def _with(address: str, **values: str) -> str:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **values}
    return parts._replace(query=urlencode(query, safe="/,:")).geturl()


def _posts(answer: "Answer", address: str) -> list[dict[str, Any]]:
    try:
        posts = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise _no_posts(f"no JSON: {error}", address) from error
    if not isinstance(posts, list) or not all(isinstance(post, dict) for post in posts):
        raise _no_posts("JSON that is no list of posts", address)
    return posts


def _payload(post: dict[str, Any], answer: "Answer", locator: Locator) -> Payload:
    link = post.get("link")
    is_page = isinstance(link, str) and link.startswith(("http://", "https://"))
    return Payload(
        body=json.dumps(post, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"),
        uri=link if is_page and link else f"{locator.address}#{post.get('id')}",
        media_type=MEDIA_TYPE,
        source_id=locator.source_id,
        retrieved_at=answer.retrieved_at,
        charset="utf-8",
        http_status=answer.status,
    )


def _archives(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the articles of the months that are wanted, newest first, or of the front page."""
    months = _months(locator, web)
    if not months:
        yield from archive.follow(locator.address, locator, web)
        return
    seen: set[str] = set()
    faults = []
    for month in months:
        base = locator.address if locator.address.endswith("/") else locator.address + "/"
        address = urljoin(base, f"{month:%Y/%m}/")
        try:
            for item in archive.follow(address, replace(locator, address=address), web):
                if not isinstance(item, Locator) or item.address not in seen:
                    yield item
                if isinstance(item, Locator):
                    seen.add(item.address)
        except FetchError as error:
            faults.append(error)
    if not seen and faults:
        raise faults[0]
    # A month without posts has no page; anything else is a fault.
    yield from (error for error in faults if error.reason not in ("missing", "no_links"))


def _months(locator: Locator, web: "Web") -> list[date]:
    """Return the first days of the months that are wanted, newest first; [] without a first day."""
    since = locator.wanted.since
    if since is None:
        return []
    month = (locator.wanted.until or web.today()).replace(day=1)
    months = []
    while month >= since.replace(day=1):
        months.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return months


def _no_posts(what: str, address: str) -> FetchError:
    return FetchError(
        f"the API gives {what}",
        where=address,
        fix="open the address in a browser; another kind of source may fit the site",
        reason="unreadable",
    )
