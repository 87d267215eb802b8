"""Words of pages: days, names, statuses, addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.corroboration.corroborate import corroborate
from service.corroboration.results import Interval, OriginGroup, Side
from service.model.entities import Claim, Stance, Status
from service.web.pages import words
from service.web.pages.rendering import in_script, web_address
from service.web.pages.search_view import value_words

NOTHING = corroborate(Claim("a", "A.", "a"), (), {}, {})


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2025-05-01", "2025-05-31", "1 May to 31 May 2025"),
        ("2024-12-31", "2025-01-01", "31 Dec 2024 to 1 Jan 2025"),
        ("2025-05-31", "2025-05-31", "31 May 2025"),
        ("2025-05-31", None, "31 May 2025 or later"),
        (None, "2025-05-31", "by 31 May 2025"),
        (None, None, "undated"),
    ],
)
def test_days_are_written_as_people_write_them(first: str | None, last: str | None, said: str) -> None:
    assert words.days(first, last) == said


def test_days_in_a_sentence_are_days_alone() -> None:
    assert words.dated("Since 2025-05-31, not 2025-13-31 nor 12025-05-31.") == (
        "Since 31 May 2025, not 2025-13-31 nor 12025-05-31."
    )
    assert words.day("2025-05-31T23:59:59Z") == words.day(dt.date(2025, 5, 31)) == "31 May 2025"


def test_a_time_in_html_has_no_parts_of_a_second() -> None:
    for time in ("2026-11-30T23:59:39.804507Z", "2026-11-30T23:59:39Z"):
        assert words.to_the_second(time) == "2026-11-30T23:59:39Z"


def test_a_long_list_of_names_is_cut() -> None:
    assert words.listed([]) == ""
    assert words.listed(["A"]) == "A"
    assert words.listed(["A", "B", "C"]) == "A, B and C"
    assert words.listed(list("ABCDEFG"), most=4) == "A, B, C and 4 others"


def test_origins_that_nobody_names_do_not_look_like_named_ones() -> None:
    named, possible = (OriginGroup(str(sure), sure, (), (), (), ()) for sure in (True, False))
    assert words.side(Side(Stance.SUPPORTS, Interval(1, 1, 1), (named,))) == "1"
    assert words.side(Side(Stance.SUPPORTS, Interval(1, 2, 1), (named, possible))) == "1 to 2, 1 named"
    assert words.side(Side(Stance.SUPPORTS, Interval(1, 1, 0), (possible,))) == "1, none named"


def test_every_status_has_words_of_its_own() -> None:
    cautions = {words.caution(replace(NOTHING, status=status)) for status in Status}
    assert len(cautions) == len(words.STATUSES) == len(words.MEANINGS) == len(Status)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("named", "true", "yes"),
        ("named", "false", "no: nobody is named"),
        ("language", "en", "en"),
        ("topic", "labour-shortage", "labour shortage"),
        ("rating", "not_enough_evidence", "Not enough evidence"),
    ],
)
def test_a_value_to_filter_by_has_words(kind: str, value: str, said: str) -> None:
    assert value_words(kind, value) == said


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//a.example", "https://", "http://[", "x"])
def test_only_web_addresses_are_linked(url: str) -> None:
    assert web_address(url) is None


def test_a_web_address_is_linked() -> None:
    assert web_address("https://a.example/1?x=2") == "https://a.example/1?x=2"
    assert web_address(None) is None


def test_json_in_a_page_ends_no_element() -> None:
    assert "<" not in str(in_script({"name": "</script><script>"}))
    assert in_script(None) is None


def test_an_acronym_keeps_its_capitals() -> None:
    assert [words.plain(name) for name in ("news_agency", "ngo")] == ["News agency", "NGO"]
