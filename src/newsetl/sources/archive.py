"""Archives: listing pages, followed from page to page, that link to articles."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from newsetl.errors import FetchError
from newsetl.markup import parse_html, text_of
from newsetl.payload import Locator, Payload
from newsetl.sources import Found, page_of
from newsetl.sources import web as pages

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = ("archive",)

_NO_ARTICLE = frozenset(
    """
    about account advertise archive archives author authors careers categories category contact
    contact-us cookies feed help jobs login page pages people privacy register rss search section
    sections share shop sitemap staff store subscribe tag tags terms topic topics user users
    wp-admin wp-content wp-json wp-login.php
    """.split()
)
_NO_PAGE = re.compile(
    r"\.(?:avif|css|gif|gz|ico|jpe?g|js|json|mp[34]|pdf|png|rss|svg|webp|xml|zip)$"
)
_DAY = re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d\d?)(?:[/-](?P<day>\d\d?))?(?=[/-]|$)")
_NUMBER = re.compile(r"\d{4,}")
_OLDER_WORDS = re.compile(
    r"(?:←|«|‹)?\s*(?:older|previous|earlier)\s+(?:posts?|entries|articles|stories|news)"
    r"|(?:load|view|see|show)\s+(?:more|older)(?:\s+\w+)?|more\s+(?:posts|stories|articles|news)"
    r"|next(?:\s+page)?\s*(?:→|»|›|>)?|older\s*(?:→|»|›|>)?|→|»|›",
    re.IGNORECASE,
)
_OLDER_CLASSES = frozenset("next nav-previous older older-posts pagination-next next-page".split())
_FURNITURE = "ancestor::*[self::nav or self::footer or self::aside or self::form]"
_HEADING = "ancestor-or-self::*[self::h1 or self::h2 or self::h3 or self::h4]"
_LEAST_WORDS = 4
_LEAST_HYPHENS = 2


def discover(locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the articles that a listing page and the pages with older ones link to, in order.

    Pages are followed until one has no link to an older page, or no article that is new and
    wanted, or until the settings' number of them. A page further on that cannot be had is a fault.
    Raises FetchError if the first page links to no article.
    """
    yield from follow(locator.address, locator, web)


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield a page of the archive."""
    yield from pages.fetch(locator, web)


def follow(address: str | None, locator: Locator, web: "Web") -> Iterator[Found]:
    """Yield the articles of the listing that begins at `address`; see `discover`."""
    found: set[str] = set()
    listings: set[str] = set()
    while address and address not in listings and len(listings) < locator.wanted.pages:
        listings.add(address)
        try:
            links, older = _read(address, locator, web)
        except FetchError as error:
            if len(listings) == 1:
                raise
            yield error
            return
        fresh = [link for link in links if link not in found]
        found.update(fresh)
        wanted = [link for link in fresh if locator.wanted.covers(day_of(link))]
        yield from (page_of(link, locator) for link in wanted)
        is_past = locator.wanted.since and fresh and _all_before(fresh, locator.wanted.since)
        address = None if not fresh or is_past else older
    if not found:
        raise FetchError(
            "the page links to nothing that looks like an article",
            where=locator.address,
            fix='name the links with a CSS selector: links = "h2 a" in the source\'s settings',
            reason="no_links",
        )


def day_of(address: str) -> date | None:
    """Return the day that the path of an address names, if it names one.

    >>> day_of("https://news.example/2026/11/03/mill-reopens")
    datetime.date(2026, 11, 3)
    >>> day_of("https://news.example/2026/11/mill-reopens") is None
    True
    """
    match = _DAY.search(urlsplit(address).path)
    if not match or not match["day"]:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def looks_like_article(address: str, *, words: int, is_heading: bool) -> bool:
    """Return whether a link of a listing page leads to an article, by its path and its text.

    A path with a date, a number or a slug of several words speaks for it; so does a link in a
    heading, or one with the words of a headline. Paths of sections, people and files do not.

    >>> page = "https://news.example/mill-reopens-after-repair"
    >>> looks_like_article(page, words=4, is_heading=False)
    True
    >>> looks_like_article("https://news.example/tag/mill", words=1, is_heading=True)
    False
    """
    path = unquote(urlsplit(address).path).lower()
    steps = [step for step in path.split("/") if step]
    if not steps or _NO_ARTICLE.intersection(steps) or _NO_PAGE.search(path):
        return False
    dated = _DAY.search(path)
    if dated and not path[dated.end() :].strip("/"):
        return False
    has_slug = steps[-1].count("-") >= _LEAST_HYPHENS or bool(_NUMBER.search(steps[-1]))
    signs = [bool(dated), has_slug, is_heading, words >= _LEAST_WORDS]
    return sum(signs) >= 2


def _read(address: str, locator: Locator, web: "Web") -> tuple[list[str], str | None]:
    """Return the articles that a listing page links to, and the page with older ones."""
    answer = web.get(address)
    payload = answer.payload(Locator(address, locator.source_id, "https"))
    text, _ = text_of(payload, is_html=True)
    root = parse_html(text, where=address)
    base = urljoin(answer.address, next(iter(root.xpath("//base/@href")), ""))
    wanted = locator.wanted
    if wanted.links:
        links = [_target(link, base) for link in _selected(text, wanted.links)]
    else:
        links = list(_articles(root, base))
    older = _selected(text, wanted.next)[:1] if wanted.next else None
    target = _target(older[0], base) if older else None if wanted.next else _older(root, base)
    listed = dict.fromkeys(link for link in links if link and link != address)
    return list(listed), target


def _articles(root: Any, base: str) -> Iterator[str]:
    """Yield the links of a page that look like articles of the same site."""
    for element in root.iter("a"):
        target = _target(element.get("href"), base)
        if not target or not _is_same_site(target, base):
            continue
        is_heading = bool(element.xpath(_HEADING) or element.xpath(".//*[self::h2 or self::h3]"))
        if not is_heading and element.xpath(_FURNITURE):
            continue
        words = len(element.text_content().split())
        if looks_like_article(target, words=words, is_heading=is_heading):
            yield target


def _older(root: Any, base: str) -> str | None:
    """Return the page with older articles: by rel, by class, by words, in this order."""
    links = [
        (element, target)
        for element in root.iter("link", "a")
        if (target := _target(element.get("href"), base)) and _is_same_site(target, base)
    ]
    for element, target in links:
        if "next" in (element.get("rel") or "").lower().split():
            return target
    for element, target in links:
        classes = f"{element.get('class') or ''} {element.getparent().get('class') or ''}"
        if element.tag == "a" and _OLDER_CLASSES.intersection(classes.lower().split()):
            return target
    for element, target in links:
        if element.tag == "a" and _OLDER_WORDS.fullmatch(" ".join(element.text_content().split())):
            return target
    return None


def _selected(markup: str, selector: str) -> list[str | None]:
    """Return where the elements lead that a selector names, or the links in them."""
    from bs4 import BeautifulSoup

    found = BeautifulSoup(markup, "lxml").select(selector)
    links = (element if element.name in ("a", "link") else element.find("a") for element in found)
    return [str(link["href"]) for link in links if link and link.get("href")]


def _target(href: str | None, base: str) -> str | None:
    try:
        target = urldefrag(urljoin(base, (href or "").strip())).url if href else ""
        return target if urlsplit(target).scheme in ("http", "https") else None
    except ValueError:
        return None


def _is_same_site(target: str, base: str) -> bool:
    return _site(target) == _site(base)


def _site(address: str) -> str:
    return urlsplit(address).netloc.lower().removeprefix("www.")


def _all_before(links: list[str], since: date) -> bool:
    days = [day_of(link) for link in links]
    return all(day and day < since for day in days)
