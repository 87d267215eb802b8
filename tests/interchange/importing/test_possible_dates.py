"""Dates that cannot be true are findings, and date nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.interchange.claimreview.samples import google_claim, review
from tests.interchange.importing.helpers import FIRST, claimed, codes, import_reviews, only_claim
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

NOW = dt.datetime.now(dt.UTC)
SOON = (NOW + dt.timedelta(days=3)).date().isoformat()


def on(date: str, **changes: Any) -> Json:
    """Return an ``itemReviewed`` of this date, with one appearance."""
    return claimed("Jane Roe", datePublished=date, firstAppearance=None, appearance=[FIRST]) | changes


def dated(desk: Desk) -> list[str | None]:
    """Return the earliest date of each document."""
    return [document["published_earliest"] for document in desk.walk("/v1/documents")]


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("1970-01-01T00:00:00+00:00", "placeholder_date"),
        ("1970-01-01", "placeholder_date"),
        ("1969-12-31T18:00:00-06:00", "placeholder_date"),
        ("1900-01-01", "placeholder_date"),
        ("0001-01-01T00:00:00Z", "invalid_date"),
        ("0000-00-00", "invalid_date"),
        ("2099-01-01", "future_date"),
        (SOON, "future_date"),
        ("2099", "future_date"),
        ("2019-11-01", "date_after_review"),
        ("2021-05", "date_after_review"),
    ],
)
def test_a_date_that_cannot_be_true_dates_nothing(desk: Desk, date: str, code: str) -> None:
    given = review(itemReviewed=on(date))
    assert codes(import_reviews(desk, given)) == [code]
    assert dated(desk) == [None]
    assert only_claim(desk)["first_stated"] == {"earliest": None, "latest": "2019-10-30"}, "the day of the review"
    claim = only_claim(desk)["id"]
    assert desk.get(f"/v1/claims/{claim}/corroboration?as_of=1975-01-01")["status"] == "unsupported"
    assert import_reviews(desk, given)["unchanged"] == 1


@pytest.mark.parametrize("date", ["2019-10-30", "2019-10-31", "2019", "2019-10", "1970-01-02", "1912-04-15"])
def test_a_possible_date_is_kept(desk: Desk, date: str) -> None:
    assert codes(import_reviews(desk, review(itemReviewed=on(date)))) == []
    assert dated(desk) == [f"{date}-01-01"[:10] if len(date) < 10 else date]


def test_a_day_that_has_come_elsewhere_is_kept(desk: Desk) -> None:
    tomorrow = (NOW + dt.timedelta(days=1)).date().isoformat()
    assert codes(import_reviews(desk, review(datePublished=tomorrow, itemReviewed=on(tomorrow)))) == []
    assert dated(desk) == [tomorrow]


def test_an_appearance_may_be_later_than_the_review_but_not_the_first(desk: Desk) -> None:
    later = {"@type": "CreativeWork", "url": FIRST, "datePublished": "2021-01-01"}
    item = claimed("Jane Roe", datePublished=None, firstAppearance=None, appearance=[later])
    assert codes(import_reviews(desk, review(itemReviewed=item))) == []
    assert dated(desk) == ["2021-01-01"]

    first = claimed("Jane Roe", datePublished=None, firstAppearance=later | {"url": FIRST + "1"}, appearance=[])
    answer = import_reviews(desk, review(2, itemReviewed=first))
    assert [(f["code"], f["field"]) for f in answer["report"][0]["findings"]] == [
        ("date_after_review", "first_appearance")
    ]


def test_an_old_style_work_is_not_dated_by_the_impossible_date_of_its_statement(desk: Desk) -> None:
    work = {"@type": "CreativeWork", "url": FIRST, "author": {"@type": "Person", "name": "Sam Roe"}}
    answer = import_reviews(desk, review(itemReviewed=work | {"datePublished": "2020-06-01"}))
    assert set(codes(answer)) == {"date_after_review"}
    assert dated(desk) == [None]


def test_a_review_that_is_dated_by_nothing_takes_its_modification(desk: Desk) -> None:
    answer = import_reviews(desk, review(datePublished="1970-01-01T00:00:00Z", dateModified="2019-10-31"))
    assert codes(answer) == ["placeholder_date", "taken_from"]
    [verdict] = only_claim(desk)["verdicts"]["current"]
    assert verdict["reviewed_at"] == "2019-10-31"


def test_an_answer_of_google_is_read_alike(desk: Desk) -> None:
    answer = import_reviews(desk, {"claims": [google_claim(claimDate="1970-01-01T00:00:00Z")]})
    assert codes(answer) == ["placeholder_date"]
    assert dated(desk) == [None]
