"""Numbers and dates of cells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from service.interchange.tables.cell_values import day_comes_first, day_in, is_blank, number_in, text_of


@pytest.mark.parametrize(
    ("text", "decimal_comma", "number"),
    [
        ("15000", None, 15000),
        ("1,5", None, 1.5),
        ("1.5", None, 1.5),
        ("1,5", True, 1.5),
        ("-1,5", True, -1.5),
        ("\u22121,5", True, -1.5),
        ("1,234", True, 1.234),
        ("1,234", False, 1234),
        ("1.234", True, 1234),
        ("1.234", False, 1.234),
        # Without a hint these can be two numbers.
        ("1,234", None, None),
        ("1.234", None, None),
        ("1,234,567", None, 1234567),
        ("1.234.567", None, 1234567),
        ("1.234,5", None, 1234.5),
        ("1,234.5", None, 1234.5),
        ("1.234,5", False, 1234.5),
        ("15 000", None, 15000),
        ("15\u00a0000,5", None, 15000.5),
        ("15\u202f000", None, 15000),
        ("15'000.5", None, 15000.5),
        ("12,34,5", None, None),
        ("1,5", False, 1.5),
        ("about 5", None, None),
        ("", None, None),
        ("5%", None, None),
        ("1,234.5.6", None, None),
    ],
)
def test_numbers(text: str, decimal_comma: bool | None, number: float | None) -> None:
    assert number_in(text, decimal_comma) == number


def test_values_that_are_numbers_or_not() -> None:
    assert [number_in(value, None) for value in (3, 2.5, True, None, dt.date(2025, 1, 1))] == [3, 2.5, None, None, None]


@pytest.mark.parametrize(
    ("cell", "day_first", "text"),
    [
        ("31.12.2025", None, "31.12.2025"),
        ("03.04.2025", False, "2025-04-03"),
        ("12/31/2025", None, "12/31/2025"),
        ("03/04/2025", None, "03/04/2025"),
        ("03/04/2025", True, "2025-04-03"),
        ("03/04/2025", False, "2025-03-04"),
        ("3-4-2025", True, "2025-04-03"),
        ("03/04/2025 14:30", True, "2025-04-03"),
        ("2025-12-31", None, "2025-12-31"),
        ("May 2025", None, "May 2025"),
        ("2024", None, "2024"),
        (1999, None, "1999"),
        (dt.datetime.fromisoformat("2025-12-31"), None, "2025-12-31"),
        (dt.datetime.fromisoformat("2025-12-31T08:30"), None, "2025-12-31 08:30:00"),
        (dt.date(2025, 12, 31), None, "2025-12-31"),
    ],
)
def test_days(cell: Any, day_first: bool | None, text: str) -> None:
    found = day_in(cell, day_first)
    assert (found.text, found.remark) == (text, None)


@pytest.mark.parametrize(
    ("cell", "from_1904", "text"),
    [
        (46022, False, "2025-12-31"),
        ("46021", False, "2025-12-30"),
        (46022.75, False, "2025-12-31"),
        (44560, True, "2025-12-31"),
    ],
)
def test_serial_dates_are_read_with_a_remark(cell: Any, from_1904: bool, text: str) -> None:
    found = day_in(cell, None, from_1904=from_1904)
    assert found.text == text
    assert found.remark is not None
    assert text in found.remark


@pytest.mark.parametrize(("cell", "text"), [("31.12.25", "2025-12-31"), ("31.12.99", "1999-12-31")])
def test_years_of_two_digits_are_read_as_by_spreadsheets_with_a_remark(cell: str, text: str) -> None:
    found = day_in(cell, None)
    assert found.text in (text, ".".join(reversed(text.split("-"))))
    assert "two digits" in (found.remark or "")


def test_one_certain_date_tells_how_the_column_is_written() -> None:
    assert day_comes_first(["03/04/2025", "31/12/2025", None, "no date", 5]) is True
    assert day_comes_first(["03/04/2025", "12/31/2025"]) is False
    assert day_comes_first(["03/04/2025", "05/06/2025"]) is None
    assert day_comes_first(["31/12/2025", "12/31/2025"]) is None
    # With dots the day is first anyway, and tells nothing of other dates.
    assert day_comes_first(["31.12.2025", "03/04/2025"]) is None


def test_texts() -> None:
    assert [text_of(value) for value in (3.0, 3, 0.1, True, False, None, "x", dt.date(2025, 1, 2))] == [
        "3",
        "3",
        "0.1",
        "True",
        "False",
        "",
        "x",
        "2025-01-02",
    ]
    assert [is_blank(value) for value in (None, "", " \n", "#N/A", "#REF!", 0, False, "x")] == [True] * 5 + [False] * 3
