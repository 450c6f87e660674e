"""Tables of articles: CSV, tab-separated values, JSON and JSON Lines, a row an article.

Which column holds what is told by its name (`columns.json`); of several that may hold the text, a
full one does; where no name tells the text, the one column with prose in its cells holds it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from newsetl.dates import day_order, parse_printed
from newsetl.entries import (
    Draft,
    compose,
    is_cut_off,
    is_opening,
    people,
    published,
    reject_entry,
    squeezed,
)
from newsetl.errors import ReadError
from newsetl.markup import text_of
from newsetl.model import Document, Published, Stated
from newsetl.payload import Payload
from newsetl.readers.tabular.cells import MOST_IN_NAME, Row, Table, of_json
from newsetl.readers.tabular.columns import lexicon, names_of, plain_name
from newsetl.readers.tabular.delimited import of_csv
from newsetl.readers.tabular.texts import lay_out_cell, line_of

_CSV = ("text/csv", "text/tab-separated-values")
MEDIA_TYPES = (*_CSV, "application/jsonl", "application/x-ndjson")
WITHIN = ("application/json", "text/plain")

_CSV_FIX = "see the row; put cells that hold the delimiter in quotes, and close them"
_KEY = re.compile(r'"([^"\\\n]{1,40})"\s*:\s*(?=["{[])')
_OTHERS = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org|"rendered"\s*:')
"""Marks of JSON Feed and of posts of WordPress."""
_OBJECT = re.compile(r'(?:\[\s*)?\{\s*"')
_LONG_OPENING = 16_000
"""From here on an opening may be cut, and the value in it with it."""
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?P<thousandths>\d{3})?(?:\.\d{1,9})?")
_EPOCH_YEARS = range(1990, 2100)
Columns = dict[str, tuple[str, ...]]

_PROSE_WORDS, _SHOWN_COLUMNS, _ASKED_ROWS = 30, 12, 50


def recognises(opening: str) -> bool:
    r"""Return whether JSON opens with objects that have a headline and a text, and is no feed.

    >>> recognises('[{"title": "Mill reopens", "text": "The mill"}]')
    True
    >>> recognises('{"version": "https://jsonfeed.org/version/1.1", "title": "x", "text": "y"}')
    False
    """
    if not _is_json(opening.lstrip()) or _OTHERS.search(opening):
        return False
    names = {plain_name(name) for name in _KEY.findall(opening)}
    if not names & set(names_of("headline")):
        return False
    has_place = names & {*names_of("date"), *names_of("url")}
    return bool(names & set(names_of("body")) or (names & set(names_of("summary")) and has_place))


def _is_json(opening: str) -> bool:
    """Return whether a text opens with an object of JSON, and only JSON follows.

    A value that is cut off, or broken in a text that ends as JSON does, is JSON all the same.
    """
    if not _OBJECT.match(opening):
        return False
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(opening)
    except RecursionError:
        return True
    except json.JSONDecodeError as error:
        own = opening.rstrip()
        is_cut = error.pos >= len(own) - 1 or error.msg.startswith("Unterminated string")
        return is_cut or len(own) > _LONG_OPENING or own[-1] in "]}"
    return opening[end:].lstrip()[:1] in ("", "{", "[", ",")


def read(payload: Payload) -> Document:
    """Return the rows in order as articles; one without any text is a reject.

    Raises ReadError if no column can be told to hold the text of articles.
    """
    text, encoding = text_of(payload, is_html=False)
    text = text.removeprefix("\ufeff")
    is_csv = payload.media_type in _CSV
    table = (of_csv if is_csv else of_json)(text, where=payload.uri)
    if not table.rows:
        raise _no_rows(table, payload.uri)
    columns = columns_of(table)
    if "body" not in columns and "summary" not in columns:
        raise _unknown_columns(table, payload.uri)
    days = [row.get(name, "") for _, row in table.rows for name in columns.get("date", ())]
    day_first = next((order for day in days if (order := day_order(day)) is not None), None)
    fix = _CSV_FIX if is_csv else ""
    rejects = [reject_entry(payload, what, place=place, fix=fix) for place, what in table.faults]
    drafts = []
    for place, row in table.rows:
        draft = _draft(row, columns, day_first=day_first, base=payload.uri)
        if draft.body[0].strip() or draft.stated.headline:
            drafts.append(draft)
        else:
            what = "the row has neither headline nor text"
            rejects.append(reject_entry(payload, what, place=place))
    declared = len(table.rows) + len(table.faults)
    return compose(payload, drafts, encoding=encoding, declared=declared, rejects=rejects)


def columns_of(table: Table) -> Columns:
    """Return the columns of each meaning, the most telling name first."""
    known = dict.fromkeys(name for _, row in table.rows for name in row)
    found: Columns = {}
    for meaning in lexicon():
        order = names_of(meaning)
        fits = [name for name in known if plain_name(name) in order]
        if fits:
            found[meaning] = tuple(sorted(fits, key=lambda name: order.index(plain_name(name))))
    if "body" in found:
        found["body"] = _fullest(table, found["body"])
    else:
        taken = {name for names in found.values() for name in names}
        prose = [name for name in known if name not in taken and _is_prose(table, name)]
        if len(prose) == 1:
            found["body"] = (prose[0],)
    return found


def _fullest(table: Table, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns of text without those of labels; a teaser goes behind the full text.

    `text` may hold "positive" and `content` the article. Of columns that are about as full, the
    more telling name goes first.
    """
    words = {name: _words_in(table, name) for name in names}
    full = max(words.values()) / 2
    kept = [name for name in names if not 0 < words[name] < min(full, MOST_IN_NAME)]
    return tuple(sorted(kept, key=lambda name: words[name] < full))


def _words_in(table: Table, name: str) -> float:
    """Return how many words a cell of a column has that is not empty, in the first rows."""
    cells = [row.get(name, "").split() for _, row in table.rows[:_ASKED_ROWS]]
    return sum(map(len, cells)) / max(1, sum(map(bool, cells)))


def _is_prose(table: Table, name: str) -> bool:
    """Return whether the cells of a column hold sentences, as far as the first rows show."""
    words = [len(row.get(name, "").split()) for _, row in table.rows[:_ASKED_ROWS]]
    return sum(words) >= _PROSE_WORDS * len(words)


def stated_of(row: Row, columns: Columns, *, day_first: bool | None) -> Stated:
    """Return what the cells of a row state of its article."""
    cells = {meaning: _cell(row, names) for meaning, names in columns.items()}
    return Stated(
        headline=line_of(cells.get("headline")),
        authors=people(line_of(cells.get("author"))),
        published=_date(cells.get("date"), day_first=day_first),
        modified_at=_date(cells.get("modified"), day_first=day_first).instant,
        url=_address(row, columns.get("url", ())),
        language=_code(cells.get("language")),
        section=line_of(cells.get("section")),
        keywords=tuple(_words(line_of(cells.get("keywords")))),
    )


def _draft(row: Row, columns: Columns, *, day_first: bool | None, base: str) -> Draft:
    stated = stated_of(row, columns, day_first=day_first)
    body = lay_out_cell(_cell(row, columns.get("body", ())), base=stated.url or base)
    is_teaser = is_cut_off(body[0])
    if not body[0].strip():
        body = lay_out_cell(_cell(row, columns.get("summary", ())), base=stated.url or base)
        is_teaser = is_opening(body[0])
    byline = line_of(_cell(row, columns.get("author", ())))
    return Draft(stated, body, byline=byline, is_teaser=is_teaser)


def _cell(row: Row, names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name, "").strip()), "")


def _address(row: Row, names: Sequence[str]) -> str | None:
    cells = (row.get(name, "").strip() for name in names)
    return next((cell for cell in cells if cell.startswith(("http://", "https://"))), None)


def _date(cell: str | None, *, day_first: bool | None) -> Published:
    if found := _epoch((cell or "").strip()):
        return found
    found = published(cell, stated_by="column")
    if found.day:
        return found
    own = squeezed(cell) or ""
    return parse_printed(own, day_first=day_first, stated_by="column") or Published()


def _epoch(cell: str) -> Published | None:
    """Return the time that seconds or milliseconds since 1970 state, in years of the web."""
    match = _EPOCH.fullmatch(cell)
    moment = datetime.fromtimestamp(int(match["seconds"]), UTC) if match else None
    if moment is None or moment.year not in _EPOCH_YEARS:
        return None
    return Published(moment.date(), moment, "second", "column")


def _code(cell: str | None) -> str | None:
    own = (cell or "").strip()
    return own if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?", own) else None


def _words(cell: str | None) -> Iterator[str]:
    words = (squeezed(word) for word in re.split(r"[,;|]", cell or ""))
    yield from dict.fromkeys(word for word in words if word)


def _no_rows(table: Table, where: str) -> ReadError:
    what, fix = "no row below the header", "check where the file comes from"
    if table.faults:
        place, fault = table.faults[0]
        what = f"no row could be read; the first fault: {place}: {fault}"
        fix = _CSV_FIX
    return ReadError(what, where=where, fix=fix, reason="empty")


def _unknown_columns(table: Table, where: str) -> ReadError:
    names = list(dict.fromkeys(name for _, row in table.rows for name in row))
    shown = ", ".join(repr(name) for name in names[:_SHOWN_COLUMNS]) or "none"
    return ReadError(
        f"no column is known to hold the text of articles; the columns are {shown}",
        where=where,
        fix="name the column with the text 'text' in the first row, and others 'title', 'date',"
        " 'author', 'url'",
        reason="unreadable",
    )
