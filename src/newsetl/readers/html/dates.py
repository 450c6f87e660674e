"""When a page's article appeared and was changed, by the best mark that states it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from newsetl.dates import find_printed, parse_printed, parse_stamp
from newsetl.model import Published
from newsetl.readers.html.jsonld import text_of
from newsetl.readers.html.marks import Element, Page, line_of, words_of
from newsetl.readers.html.people import host

_PUBLISHED_META = (
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "bt:pubdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_online_date",
    "citation_date",
    "publish-date",
    "publish_date",
    "publication_date",
    "publication-date",
    "published_date",
    "published_time",
    "published-date",
    "publishdate",
    "published",
    "pubdate",
    "pub_date",
    "article_date_original",
    "article.published",
    "article.created",
    "og:published_time",
    "og:pubdate",
    "originalpublicationdate",
    "displaydate",
    "release_date",
    "timestamp",
    "iso-8601-publish-date",
    "rnews:datepublished",
    "date",
    "date_published",
    "datecreated",
    "created",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "modified_time",
    "article.updated",
    "revision_date",
)
_IS_PUBLISHED = re.compile(
    r"datepublished|(?:^|[\s_-])(?:published|pubdate|publish\w*|posted\w*)(?:$|[\s_-])", re.I
)
_IS_MODIFIED = re.compile(r"modif|updat|aktuali|revis", re.I)
_IS_DATE = re.compile(
    r"(?:^|[\s_-]|[a-z](?=[DT]))(?:date\w*|dates|time|timestamp|pubdate|publish\w*|posted\w*|byline"
    r"|meta|dateline|datum|fecha|data|info)(?:$|[\s_-])|[Dd]ate(?:[Tt]ime|[Ll]ine|$|[\s_-])|[Tt]imestamp"
    r"|[a-z]Date",
)
_SAYS_MODIFIED = re.compile(
    r"updated|modified|aktualisiert|mis à jour|modifié|actualizado|aggiornato|atualizado|bijgewerkt"
    r"|oppdatert|opdateret|uppdaterad|zaktualizowano|güncelle|обновлено|最終更新|更新|수정",
    re.I,
)
_ADDRESS_DAY = re.compile(r"/((?:19|20)\d\d)[/.-]?(0[1-9]|1[0-2])[/.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_ADDRESS_LOOSE = re.compile(r"[/-]((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?=[/.\-_]|$)")
_ADDRESS_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])/")
_MONTH_FIRST = re.compile(r"en(?:[-_]US)?$|en[-_]PH$", re.I)
_SCRIPTED = re.compile(
    r"""
    (?<!\w)\w{0,30}(?:publish\w{0,9}|posted\w{0,9}|created?\w{0,9}|date)["']?   # "publishedAt"
    \s{0,9}[:=(]\s{0,9}["']((?:19|20)\d\d[-/]\d\d[-/]\d\d)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_UTC = re.compile(r"(?:Z|[+-]00:?00|UTC|GMT)$")
_WEST = timedelta(hours=11)
_EAST = timedelta(hours=10)
_SLACK = timedelta(days=1)
_LINE = 160
_DATE_LINE = 80
_NEAR = 800


def published(page: Page) -> Published:
    """Return when the article appeared, by the best mark; later than the fetch is no date."""
    found = None
    for candidate in _candidates(page):
        if candidate is None or not _may_be(candidate, page):
            continue
        if candidate.precision != "month":
            return candidate
        found = found or candidate
    return found or Published()


def _as_printed(found: Published, page: Page) -> Published:
    """Return what a stamp in UTC states, with the day that the page prints if that is a day off.

    A stamp with the zone of the place has the day of the place. One in UTC is a day off for an
    evening in America or a morning in Asia; then the printed date line or the address tells.
    """
    if found.instant is None:
        return found
    earliest = (found.instant - _WEST).date()
    latest = (found.instant + _EAST).date()
    if earliest == latest:
        return found
    for candidate in (*_lines(page), _in_address(page.address), _near_headline(page)):
        if candidate and candidate.day and candidate.precision != "month":
            day = candidate.day
            is_off = day != found.day and earliest <= day <= latest
            return replace(found, day=day) if is_off else found
    return found


def modified_at(page: Page) -> datetime | None:
    """Return the instant of the last change that the page states."""
    stamps = [text_of(thing.get("dateModified")) for thing in (page.article, *page.graph.pages())]
    stamps += [page.stated(name) for name in _MODIFIED_META]
    stamps += [
        _stamp(element) for element in page.marked if element.get("itemprop") == "dateModified"
    ]
    for stamp in stamps:
        found = parse_stamp(stamp, stated_by="modified") if stamp else None
        if found and found.instant and _may_be(found, page):
            return found.instant
    return None


def _may_be(found: Published, page: Page) -> bool:
    latest = page.retrieved_at + _SLACK
    if found.instant is not None:
        return found.instant <= latest
    return found.day is not None and found.day <= latest.date()


def _candidates(page: Page) -> Iterator[Published | None]:
    """Yield what the marks state, the best mark first."""
    article = page.article
    yield _read(text_of(article.get("datePublished")), page, "json-ld")
    for name in _PUBLISHED_META:
        for content in page.meta.get(name, ()):
            yield _read(content, page, f"meta {name}")
    yield from _marked(page)
    for thing in page.graph.pages():
        yield _read(text_of(thing.get("datePublished")), page, "json-ld")
        yield _read(text_of(thing.get("uploadDate")), page, "json-ld")
    yield _read(text_of(article.get("dateCreated")), page, "json-ld")
    yield from _lines(page)
    yield _in_address(page.address)
    yield _in_address(page.canonical or "")
    yield _near_headline(page)
    yield _in_scripts(page)


def _in_scripts(page: Page) -> Published | None:
    """Return the day that all scripts agree on which name one as the date."""
    found = {
        match[1].replace("/", "-")
        for script in page.heads["script"]
        if script.text and "json" not in (script.get("type") or "")
        for match in islice(_SCRIPTED.finditer(script.text), 20)
    }
    return parse_stamp(found.pop(), stated_by="script") if len(found) == 1 else None


def _read(text: str | None, page: Page, stated_by: str) -> Published | None:
    if not text:
        return None
    found = parse_stamp(text, stated_by=stated_by)
    if found is not None:
        return _as_printed(found, page) if _UTC.search(text) else found
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return _epoch(int(text[:10]), stated_by)
    return _printed(text, page, stated_by)


def _epoch(seconds: int, stated_by: str) -> Published:
    moment = datetime.fromtimestamp(seconds, UTC)
    return Published(moment.date(), moment, "second", stated_by)


def _printed(text: str, page: Page, stated_by: str) -> Published | None:
    """Return the first date printed in a short line."""
    text = text[:_LINE]
    for start, end in find_printed(text):
        for day_first in (None, _day_first(page)):  # dotted numbers tell by themselves
            found = parse_printed(text[start:end], day_first=day_first, stated_by=stated_by)
            if found is not None:
                return found
    return None


def _day_first(page: Page) -> bool:
    """Return whether numeric dates put the day first, by CLDR's short date of the language.

    English without a region is American, except under the domain of another country.
    """
    language = (page.root.get("lang") or page.stated("og:locale") or "").strip()
    if not _MONTH_FIRST.match(language):
        return True
    domain = host(page.address).rpartition(".")[2]
    return language == "en" and len(domain) == 2 and domain != "us"


def _marked(page: Page) -> Iterator[Published | None]:
    """Yield microdata, RDFa, hAtom and time elements with a stamp that say when it appeared."""
    elements = page.main
    for element in elements:
        prop = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
        if "datePublished" in prop or "dateCreated" in prop:
            yield _read(_stamp(element), page, "microdata")
    for element in elements:
        words = words_of(element)
        is_named = element.get("pubdate") is not None or _IS_PUBLISHED.search(words)
        if element.tag in ("time", "abbr") and is_named and not _IS_MODIFIED.search(words):
            yield _read(_stamp(element), page, "time element")
    for element in elements:
        if element.tag == "time" and not _is_modified(element):
            yield _read(_stamp(element), page, "time element")


def _lines(page: Page) -> Iterator[Published | None]:
    """Yield the dates printed in elements that are marked as dates or bylines."""
    for element in page.main:
        if element.tag in ("h1", "h2", "h3") or not _IS_DATE.search(words_of(element)):
            continue
        text = line_of(element)
        if not 5 < len(text) < 2 * _LINE:
            continue
        printed = _printed(text, page, "date line")
        if printed and not _is_modified(element):
            yield printed


def _is_modified(element: Element) -> bool:
    words = words_of(element)
    around = element.getparent()
    near = "" if around is None else f"{around.text or ''} {words_of(around)}"
    previous = element.getprevious()
    before = "" if previous is None else (previous.tail or "") + line_of(previous)[-40:]
    return bool(
        _IS_MODIFIED.search(words)
        or _SAYS_MODIFIED.search(f"{near} {before} {line_of(element)[:40]}")
    )


def _stamp(element: Element) -> str | None:
    """Return what a machine may read of an element: content, datetime, title, else its text."""
    for name in ("content", "datetime", "data-datetime", "data-timestamp"):
        if value := element.get(name):
            return " ".join(value.split())
    if element.tag == "abbr" and element.get("title"):
        return str(element.get("title"))
    inner = element.find(".//time[@datetime]")
    if inner is not None:
        return str(inner.get("datetime"))
    return line_of(element)[:_LINE]


def _near_headline(page: Page) -> Published | None:
    """Return the first date printed in the lines that follow the headline."""
    characters = 0
    for line in page.lines:
        characters += len(line)
        if characters > _NEAR:
            return None
        if len(line) > _DATE_LINE or line.endswith(".") or not any(map(str.isdigit, line)):
            continue
        before = re.split(r"\d", line, maxsplit=1)[0]
        if not _SAYS_MODIFIED.search(before) and (found := _printed(line, page, "date line")):
            return found
    return None


def _in_address(address: str) -> Published | None:
    """Return the day, else the month, that an address states."""
    for pattern in (_ADDRESS_DAY, _ADDRESS_LOOSE):
        if match := pattern.search(address):
            try:
                day = date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
            return Published(day, None, "day", "url")
    if match := _ADDRESS_MONTH.search(address):
        return Published(date(int(match[1]), int(match[2]), 1), None, "month", "url")
    return None
