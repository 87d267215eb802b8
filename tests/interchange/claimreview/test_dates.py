"""Dates as publishers write them: parsed with certainty, as an interval, or not at all."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.interchange.claimreview.dates import is_placeholder, parse_date
from service.interchange.claimreview.months import MONTHS


def day(text: str, language: str | None = None) -> str | None:
    """Return the parsed day, a longer interval joined by two dots, or ``None``."""
    found = parse_date(text, language)
    if found is None:
        return None
    return found.days.day.isoformat() if found.days.day else f"{found.days.earliest}..{found.days.latest}"


@pytest.mark.parametrize(
    "text",
    [
        "2019-10-30",
        "20191030",
        "2019/10/30",
        "2019.10.30.",
        "2019-10-30T00:00:00Z",
        "2019-10-30T00:00:00+02:00",
        "2019-10-30 17:45",
        "2019-10-30T17:45:10.123456",
        "on Wednesday, October 30th, 2019",
        "October 30, 2019",
        "Oct. 30, 2019 at 5:30 pm",
        "Wed Oct 30 2019",
        "30 October 2019",
        "30th of October, 2019",
        "30-Oct-2019",
        "30/10/2019",
        "10/30/2019",
        "30.10.2019",
        "30. Oktober 2019",
        "Mittwoch, den 30. Oktober 2019",
        "le 30 octobre 2019",
        "30 de octubre de 2019",
        "Quarta-feira, 30 de outubro de 2019",
        "mercoledì 30 ottobre 2019",
        "30 d'octubre de 2019",
        "30 października 2019 r.",
        "30. října 2019",
        "2019. október 30.",
        "30 octombrie 2019",
        "30 октября 2019 г.",
        "30 жовтня 2019 року",
        "30 Οκτωβρίου 2019",
        "30 Ekim 2019 Çarşamba",
        "30 Oktober 2019",
        "ngày 30 tháng 10 năm 2019",
        "30 أكتوبر 2019",
        "٣٠ أكتوبر ٢٠١٩",
        "30 באוקטובר 2019",
        "30 अक्टूबर 2019",
        "३० अक्टूबर २०१९",
        "৩০ অক্টোবর ২০১৯",
        "30 ઑક્ટોબર 2019",
        "30 ตุลาคม 2562",
        "2019年10月30日",
        "2019년 10월 30일",
        "lokakuuta 30, 2019",
    ],
)
def test_a_day(text: str) -> None:
    assert day(text) == "2019-10-30"


@pytest.mark.parametrize(
    "text",
    [
        "1970-01-01",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00.000+00:00",
        "1970-01-01T01:00:00+01:00",
        "1969-12-31T19:00:00-05:00",
        "1969-12-31",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "1 janvier 1970",
        "1970年1月1日",
        "1899-12-30",
        "1900-01-01T00:00:00",
        "01/01/1904",
    ],
)
def test_the_zero_of_a_calendar_stands_for_no_date(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert is_placeholder(found)


@pytest.mark.parametrize("text", ["0000-00-00", "0001-01-01T00:00:00Z", "0", "00/00/0000"])
def test_a_date_before_all_claims_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["1970-01-02", "1970", "January 1970", "1970-01-01/1970-01-05", "1969-12-30"])
def test_days_near_the_zero_are_days(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert not is_placeholder(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29 August 2012", "2012-08-29"),
        ("le 1er mars 2020", "2020-03-01"),
        ("May 2019", "2019-05-01..2019-05-31"),
        ("2020-02", "2020-02-01..2020-02-29"),
        ("2019", "2019-01-01..2019-12-31"),
        ("2019-10-01/2019-11-05", "2019-10-01..2019-11-05"),
        ("2019年10月", "2019-10-01..2019-10-31"),
        ("tháng 10 2019", "2019-10-01..2019-10-31"),
        ("05/04/2019", "2019-04-05..2019-05-04"),
        ("05-04-2019", "2019-04-05..2019-05-04"),
        ("5/5/2019", "2019-05-05"),
        ("05.04.2019", "2019-04-05"),
    ],
)
def test_days_and_intervals(text: str, expected: str) -> None:
    assert day(text) == expected
    found = parse_date(text)
    assert found
    assert found.ambiguous == (expected == "2019-04-05..2019-05-04")


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "yesterday", "last week", "October", "October 30", "30/10/19", "13/13/2019", "2019-13-01",
        "2019-02-30", "31 April 2019", "0000-00-00", "1398-08-08", "201910", "99991231", "2019-10-30/",
        "2019-11-01/2019-10-01",
        "October 30, 2019 or later", "October or November 2019", "30 31 October 2019", "30 October 2019 2020",
        "1234567890123456", "9999999999", "-2019", "2019-10-30T", "x" * 10_000, "Published 30 October 2019",
    ],
)  # fmt: skip
def test_uncertain_dates_are_not_read(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2019-10-30T10:00:00+02:00", "2019-10-30T08:00:00Z"),
        ("2019-10-30T23:30-0500", "2019-10-31T04:30:00Z"),
        ("Wed, 30 Oct 2019 10:00:00 GMT", "2019-10-30T10:00:00Z"),
        ("Wed, 30 Oct 2019 10:00:00 +0530", "2019-10-30T04:30:00Z"),
        ("Wed Oct 30 2019 10:00:00 GMT+0100 (CET)", "2019-10-30T09:00:00Z"),
        ("October 30, 2019 5:30 PM UTC", "2019-10-30T17:30:00Z"),
        ("1572429600", "2019-10-30T10:00:00Z"),
        ("1572429600000", "2019-10-30T10:00:00Z"),
        ("2019-10-30T10:00:00", None),
        ("2019-10-30T10:00:00 CET", None),
        ("2019-10-30T25:00:00Z", None),
        ("4 May 2020 04:30 IST", None),
    ],
)
def test_a_time_with_a_zone_is_an_instant(text: str, instant: str | None) -> None:
    found = parse_date(text)

    assert (found and found.instant) == instant


def test_homonyms_need_their_language() -> None:
    assert day("3 listopada 2019") is None
    assert day("3 listopada 2019", "pl") == "2019-11-03"
    assert day("3 listopada 2019", "hr") == "2019-10-03"


def test_every_language_names_twelve_months() -> None:
    languages = {language for months in MONTHS.values() for those in months.values() for language in those}

    assert len(languages) >= 40
    for language in languages - {"ar"}:
        assert {month for months in MONTHS.values() for month in months if language in months[month]} == set(
            range(1, 13)
        )


@given(st.text(max_size=80))
def test_any_text_is_read_or_not(text: str) -> None:
    found = parse_date(text)

    assert found is None or found.days.earliest <= found.days.latest


@given(st.dates(min_value=dt.date(1800, 1, 1), max_value=dt.date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(date: dt.date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%a, %d %b %Y"):
        found = parse_date(date.strftime(form))
        assert found, form
        assert found.days.day == date
