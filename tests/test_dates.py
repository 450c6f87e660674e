"""Dates are what the source states, as precisely as it states them, and nothing else."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsetl.dates import FIRST_YEAR, LAST_YEAR, day_order, find_printed, parse_printed, parse_stamp

DAY = date(2025, 6, 3)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        pytest.param("2025-06-03T10:15:00Z", datetime(2025, 6, 3, 10, 15, tzinfo=UTC), id="zulu"),
        pytest.param(
            "2025-06-03T10:15:00+02:00", datetime(2025, 6, 3, 8, 15, tzinfo=UTC), id="offset"
        ),
        pytest.param(
            "2025-06-03T10:15:00+0200", datetime(2025, 6, 3, 8, 15, tzinfo=UTC), id="short offset"
        ),
        pytest.param(
            "2025-06-03 10:15:00 +0100", datetime(2025, 6, 3, 9, 15, tzinfo=UTC), id="spaces"
        ),
        pytest.param("20250603T101500Z", datetime(2025, 6, 3, 10, 15, tzinfo=UTC), id="basic form"),
        pytest.param(
            "2025-06-03T10:15Z", datetime(2025, 6, 3, 10, 15, tzinfo=UTC), id="no seconds"
        ),
        pytest.param(
            "2025-06-03T10:15:00.5Z", datetime(2025, 6, 3, 10, 15, 0, 500000, tzinfo=UTC), id="half"
        ),
        pytest.param(
            "Tue, 03 Jun 2025 10:15:00 GMT", datetime(2025, 6, 3, 10, 15, tzinfo=UTC), id="rfc gmt"
        ),
        pytest.param(
            "Tue, 3 Jun 2025 10:15:00 -0500", datetime(2025, 6, 3, 15, 15, tzinfo=UTC), id="rfc"
        ),
        pytest.param(
            "3 Jun 2025 10:15:00 -0000", datetime(2025, 6, 3, 10, 15, tzinfo=UTC), id="rfc no place"
        ),
    ],
)
def test_a_stamp_with_a_zone_gives_day_and_instant(text, instant):
    found = parse_stamp(text, stated_by="meta")
    assert (found.day, found.instant, found.precision) == (DAY, instant, "second")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2025-06-03", id="extended"),
        pytest.param("20250603", id="basic"),
        pytest.param("2025-W23-2", id="week"),
        pytest.param("2025-154", id="ordinal"),
        pytest.param("2025-06-03T10:15:00", id="time without zone"),
        pytest.param("3 Jun 2025 10:15:00", id="rfc without zone"),
    ],
)
def test_a_stamp_without_a_zone_is_a_day(text):
    found = parse_stamp(text, stated_by="meta")
    assert (found.day, found.instant, found.precision) == (DAY, None, "day")


def test_the_day_of_a_stamp_is_the_day_at_the_source():
    found = parse_stamp("2025-06-03T23:30:00-05:00", stated_by="meta")
    assert found.day == DAY
    assert found.instant == datetime(2025, 6, 4, 4, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025",
        "2025-13-01",
        "2025-06-31",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00",
        "2025-06-03T10:15:00Zulu",
        "June 3, 2025",
        "yesterday",
        "2025-366",
        "x" * 500,
    ],
)
def test_what_is_no_stamp_gives_none(text):
    assert parse_stamp(text, stated_by="meta") is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("June 3, 2025", id="month first"),
        pytest.param("3 June 2025", id="day first"),
        pytest.param("June 3 2025", id="no comma"),
        pytest.param("3rd of June, 2025", id="ordinal"),
        pytest.param("3rd Jun 2025 at 10.15", id="time without zone"),
        pytest.param("Jun. 3, 2025", id="abbreviated"),
        pytest.param("JUNE 3, 2025", id="capitals"),
        pytest.param("2025-06-03", id="iso"),
        pytest.param("2025/06/03", id="year first"),
        pytest.param("03.06.2025", id="dots put the day first"),
        pytest.param("Tuesday, 3 June 2025", id="weekday"),
        pytest.param("Posted on June 3, 2025", id="posted on"),
        pytest.param("Published: 3 June 2025", id="published"),
        pytest.param("Last updated: Tue 3 June 2025, 5.30pm", id="updated"),
        pytest.param("Mardi 3 juin 2025 à 10h15", id="fr"),
        pytest.param("Dienstag, 3. Juni 2025, 10:15 Uhr", id="de"),
        pytest.param("Publicado el 3 de junio de 2025", id="es"),
        pytest.param("Pubblicato il 3 giugno 2025", id="it"),
        pytest.param("3 de junho de 2025", id="pt"),
        pytest.param("dinsdag 3 juni 2025", id="nl"),
        pytest.param("3 czerwca 2025", id="pl"),
        pytest.param("2025年6月3日", id="ja"),
    ],
)
def test_a_printed_day_stays_a_day(text):
    found = parse_printed(text, stated_by="date line")
    assert (found.day, found.instant, found.precision) == (DAY, None, "day")


def test_march_is_found_under_its_german_name():
    assert parse_printed("14. März 2024", stated_by="x").day == date(2024, 3, 14)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        pytest.param("3 June 2025 10:15 UTC", 10, id="utc"),
        pytest.param("3 June 2025, 5.15 am EST", 10, id="est"),
        pytest.param("June 3, 2025 12:15 PM +0200", 10, id="offset"),
    ],
)
def test_a_printed_time_with_a_zone_gives_the_instant(text, hour):
    found = parse_printed(text, stated_by="date line")
    assert found.instant == datetime(2025, 6, 3, hour, 15, tzinfo=UTC)


@pytest.mark.parametrize("text", ["June 2025", "Juni 2025", "junio de 2025", "2025-06"])
def test_a_month_has_month_precision_and_its_first_day(text):
    parse = parse_stamp if text[0] == "2" else parse_printed
    found = parse(text, stated_by="page heading")
    assert (found.day, found.precision) == (date(2025, 6, 1), "month")


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        pytest.param("03/06/2025", True, date(2025, 6, 3), id="told day first"),
        pytest.param("03/06/2025", False, date(2025, 3, 6), id="told month first"),
        pytest.param("23/06/2025", False, date(2025, 6, 23), id="numbers overrule day"),
        pytest.param("06/23/2025", True, date(2025, 6, 23), id="numbers overrule month"),
        pytest.param("06/06/2025", None, date(2025, 6, 6), id="same both ways"),
        pytest.param("24/12/98", None, date(1998, 12, 24), id="two digits of the last century"),
    ],
)
def test_numbers_are_read_in_the_order_that_is_known(text, day_first, expected):
    assert parse_printed(text, day_first=day_first, stated_by="x").day == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("03/06/2025", id="order unknown"),
        pytest.param("Sales fell in June 2025", id="sentence"),
        pytest.param("June 3, 2025 was a good day", id="sentence after"),
        pytest.param("31 June 2025", id="no such day"),
        pytest.param("3 June 2125", id="after all years"),
        pytest.param("3 June 1725", id="before all years"),
        pytest.param("June 3", id="no year"),
        pytest.param("Maya 3, 2025", id="month inside a word"),
        pytest.param("10.15", id="time"),
        pytest.param("3-2 2025", id="score"),
        pytest.param("192.168.10.2025", id="address"),
        pytest.param("", id="empty"),
    ],
)
def test_what_states_no_day_gives_none(text):
    assert parse_printed(text, stated_by="x") is None


def test_find_printed_gives_spans_of_the_line():
    line = "By Jane Roe | Features | July 31, 2008"
    assert [line[start:end] for start, end in find_printed(line)] == ["July 31, 2008"]


@pytest.mark.parametrize(
    ("text", "order"), [("23/06/2025", True), ("06/23/2025", False), ("03/06/2025", None)]
)
def test_day_order_tells_only_what_the_numbers_tell(text, order):
    assert day_order(text) is order


@given(st.text(max_size=300))
def test_any_text_gives_a_published_or_none(text):
    for found in (
        parse_stamp(text, stated_by="x"),
        parse_printed(text, stated_by="x"),
        parse_printed(text, day_first=True, stated_by="x"),
    ):
        assert found is None or FIRST_YEAR <= found.day.year <= LAST_YEAR


@given(st.dates(min_value=date(FIRST_YEAR, 1, 1), max_value=date(LAST_YEAR, 12, 31)))
def test_every_day_printed_is_read_back(day):
    for text in (day.isoformat(), f"{day:%d} {_MONTHS[day.month - 1]} {day:%Y}", f"{day:%d.%m.%Y}"):
        assert parse_printed(text.strip(), stated_by="x").day == day


_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@pytest.mark.parametrize("unit", ["1 ", "june ", "2025-", "1/", " ", "10:15 ", "posted on "])
def test_a_flood_of_marks_ends(unit):
    """The square of this length would not end in a day; linear time ends in seconds."""
    text = unit * (200_000 // len(unit))
    assert all(start < end for start, end in find_printed(text))
    parse_printed(text, stated_by="x")
    parse_stamp(text, stated_by="x")
