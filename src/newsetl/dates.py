"""Dates as news states them: machine stamps, and days printed in the words of many languages.

A date is only what its source states: no clock is read, nothing is filled in. Names of months
and days and the words that lead in a date stand in `dates.json`.
"""

import functools
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from importlib import resources
from typing import Any

from newsetl.model import Published

FIRST_YEAR, LAST_YEAR = 1800, 2100
"""The years that a date of publication may lie in; what lies outside is no date."""

_MAX_CHARS = 200
_PIVOT = 69  # POSIX.1-2024, strptime %y: 69–99 are the 1900s, 00–68 the 2000s.

_MONTH_STAMP = re.compile(r"(\d{4})-(\d{2})")
_ISO = re.compile(
    r"""
    (?P<day> \d{4}-\d{2}-\d{2} | \d{8} | \d{4}-?W\d{2}-?\d )
    (?: (?:[Tt]|\ {1,2})                                # or a space, as RFC 3339 allows
        (?P<clock> \d{2} (?: :?\d{2} (?: :?\d{2} (?:[.,]\d{1,9})? )? )? )
        \s?
        (?P<zone> Z | z | UTC | GMT | [+-]\d{2}(?::?\d{2})? )?
    )?
    """,
    re.VERBOSE,
)
_ORDINAL_DAY = re.compile(r"(\d{4})-(\d{3})")


def parse_stamp(text: str, *, stated_by: str) -> Published | None:
    """Return the time that a machine stamp states (ISO 8601 or RFC 2822), or None if it is none.

    `day` is the day at the source. `instant` is in UTC and needs a stated zone: without one the
    precision is `day`.

    >>> parse_stamp("2025-06-03T23:30:00-05:00", stated_by="json-ld").instant.isoformat()
    '2025-06-04T04:30:00+00:00'
    >>> parse_stamp("2025-06-03T23:30", stated_by="meta").precision
    'day'
    """
    text = text.strip()
    if len(text) > _MAX_CHARS:
        return None
    if match := _MONTH_STAMP.fullmatch(text):
        return _month(int(match[1]), int(match[2]), stated_by)
    if match := _ORDINAL_DAY.fullmatch(text):
        return _ordinal(int(match[1]), int(match[2]), stated_by)
    moment = _iso(text) or _rfc(text)
    return None if moment is None else _published(moment, stated_by)


def parse_printed(text: str, *, day_first: bool | None = None, stated_by: str) -> Published | None:
    """Return the date that `text` states and consists of, or None.

    A weekday and a lead such as "Posted on" may stand in front, a time of day behind. Of
    numbers such as 03/06/2025, `day_first` says which is the day; None leaves it to the numbers
    themselves and, where they fit both ways, gives None. Dotted numbers put the day first.

    >>> parse_printed("Posted on Tuesday, June 3rd, 2025", stated_by="date line").day
    datetime.date(2025, 6, 3)
    >>> parse_printed("June 2025", stated_by="page heading").precision
    'month'
    >>> parse_printed("Sales fell in June 2025", stated_by="date line") is None
    True
    """
    text = text.strip()
    if len(text) > _MAX_CHARS:
        return None
    for start, end in find_printed(text):
        if _lead().fullmatch(text[:start]) and not text[end:].strip(" .,;|·–—-()[]"):
            return _parse_match(text[start:end], day_first=day_first, stated_by=stated_by)
        return None
    return None


def find_printed(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `text` that are written like dates, with their time of day, in order.

    >>> text = "By Jane Roe | Features | July 31, 2008"
    >>> [text[start:end] for start, end in find_printed(text)]
    ['July 31, 2008']
    """
    for match in _printed().finditer(text):
        yield match.span()


def is_weekday(word: str) -> bool:
    """Return whether a word in lower case names a day of the week, in full or short."""
    return any(word in names.split() for names in _table()["weekdays"].values())


def day_order(text: str) -> bool | None:
    """Return whether a date in numbers puts its day first, or None if its numbers fit both ways.

    >>> day_order("23/06/2025"), day_order("06/23/2025"), day_order("03/06/2025")
    (True, False, None)
    """
    match = _printed().search(text)
    if match is None or match["n1"] is None:
        return None
    first, second = int(match["n1"]), int(match["n2"])
    if first > 12 >= second:
        return True
    return False if second > 12 >= first else None


def _published(moment: datetime | date, stated_by: str) -> Published | None:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if not isinstance(moment, datetime):
        return Published(moment, None, "day", stated_by)
    if moment.tzinfo is None:
        return Published(moment.date(), None, "day", stated_by)
    return Published(moment.date(), moment.astimezone(UTC), "second", stated_by)


def _month(year: int, month: int, stated_by: str) -> Published | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return Published(date(year, month, 1), None, "month", stated_by)


def _ordinal(year: int, number: int, stated_by: str) -> Published | None:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 366):
        return None
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return Published(day, None, "day", stated_by) if day.year == year else None


def _iso(text: str) -> datetime | date | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        day = date.fromisoformat(match["day"])
        if match["clock"] is None:
            return day
        clock = time.fromisoformat(match["clock"].replace(",", "."))
    except ValueError:
        return None
    return datetime.combine(day, clock, _zone(match["zone"]))


def _rfc(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 2822, 3.3: -0000 is a time in UTC that says nothing of the place.
    return moment.replace(tzinfo=UTC) if text.endswith("-0000") else moment


def _zone(text: str | None) -> timezone | None:
    """Return the zone of "Z", "CEST" or "+02:00", or None for no zone or one that cannot be."""
    if not text:
        return None
    if text.upper() in _table()["zones"]:
        return timezone(timedelta(minutes=_table()["zones"][text.upper()]))
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    sign = -1 if text[0] in "-−" else 1
    return timezone(timedelta(minutes=sign * minutes)) if minutes < 24 * 60 else None


def _parse_match(text: str, *, day_first: bool | None, stated_by: str) -> Published | None:
    match = _printed().fullmatch(text)
    if match is None:
        return None
    if match["month_only"]:
        return _month(int(match["y4"]), _month_number(match["month_only"]), stated_by)
    day = _day(match, day_first=day_first)
    if day is None:
        return None
    clock, zone = _clock(match), _zone(match["zone"])
    if clock is None or zone is None:
        return _published(day, stated_by)
    return _published(datetime.combine(day, clock, zone), stated_by)


def _day(match: re.Match[str], *, day_first: bool | None) -> date | None:
    if match["n1"]:
        order = _order(match, day_first=day_first)
        if order is None:
            return None
        numbers = (int(match["n1"]), int(match["n2"]))
        day, month = numbers if order else numbers[::-1]
        year = int(match["ny"])
        if year < 100:
            year += 1900 if year >= _PIVOT else 2000
    else:
        kind = next(key for key in "1235" if match[f"y{key}"])
        year, day = int(match[f"y{kind}"]), int(match[f"d{kind}"])
        name = match[f"m{kind}"]
        month = int(name) if name.isdigit() else _month_number(name)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _order(match: re.Match[str], *, day_first: bool | None) -> bool | None:
    """Return whether the day stands first: as the numbers demand, then the caller, then dots."""
    first, second = int(match["n1"]), int(match["n2"])
    if first > 12 or second > 12:
        return first > 12
    if first == second:
        return True
    return True if day_first is None and match["sep"] == "." else day_first


def _clock(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    half = (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        return None


def _month_number(name: str) -> int:
    return _months()[name.lower().rstrip(".")]


@functools.cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(
        resources.files("newsetl").joinpath("dates.json").read_text("utf-8")
    )
    return table


@functools.cache
def _months() -> dict[str, int]:
    """Return the number of each month's name and short name, in all languages, in lower case."""
    return {
        name: number
        for names in _table()["months"].values()
        for number, group in enumerate(names, start=1)
        for name in group.split()
    }


def _words(key: str) -> str:
    """Return an alternation of the words under `key` in the table, longest first."""
    words = {word for group in _table()[key].values() for word in group.split()}
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


@functools.cache
def _lead() -> re.Pattern[str]:
    """Return what may stand in front of a printed date: weekdays and words that lead it in."""
    return re.compile(
        rf"(?:(?:{_words('leads')}|{_words('weekdays')})\b[.,:]?\s{{0,3}}|[-–—|:,(\[·•]\s{{0,3}})*",
        re.IGNORECASE,
    )


@functools.cache
def _printed() -> re.Pattern[str]:
    names = sorted(_months(), key=lambda name: (-len(name), name))
    month = rf"(?:{'|'.join(map(re.escape, names))})\.?(?![^\W\d_])"
    join = rf"(?:(?:{_words('joins')})\s)?"
    return re.compile(
        rf"""
        (?:(?<![\w/])|(?-i:(?<=[a-zß-ÿ])(?=[A-Z])))(?:      # or glued to a name: RoeJune 3, 2025
          (?P<y1>\d{{4}})(?:(?P<s1>[-/.])|年\s?|년\s?)     # 2025-06-03, 2025年6月3日
          (?P<m1>\d{{1,2}})(?(s1)(?P=s1)|[月월]\s?)
          (?P<d1>\d{{1,2}})(?!\d)[日일]?
        | (?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?      # 3rd of June, 2025
          [\s-]?{join}(?P<m2>{month})(?:\s?/\s?{month})?,?[\s-]{{0,2}}{join}(?P<y2>\d{{4}})(?!\d)
        | (?P<m3>{month})\s?(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?  # June 3, 2025
          (?:,\s{{0,2}}|\s{{1,2}})(?P<y3>\d{{4}})(?!\d)
        | (?P<month_only>{month})[,\s]\s?{join}(?P<y4>\d{{4}})(?![\d/])   # June 2025
        | (?P<n1>\d{{1,2}})(?P<sep>[-/.])\s?(?P<n2>\d{{1,2}})(?P=sep)\s?
          (?P<ny>\d{{4}}|\d{{2}})(?![\d/])                 # 03/06/2025
        | (?P<y5>\d{{4}})\s(?P<m5>{month})\s(?P<d5>\d{{1,2}})(?!\d)  # 2025 June 3
        )
        (?: (?:[,\sT|·–—-]|{_words("at")}){{0,8}}          # at 10.15
            (?P<hour>[0-2]?\d)
            (?: [:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?
              | (?=\s?[ap]\.?m\b) )
            (?!\d)\s?(?:(?P<half>[ap])\.?m\.?(?!\w))?
            (?:\s?(?:Uhr|hrs?|h)\b)?
            (?:\s?\(?(?P<zone>{"|".join(_table()["zones"])}|[+-]\d{{2}}:?\d{{2}})\b\)?)?
        )?
        """,
        re.VERBOSE | re.IGNORECASE,
    )
