"""Which version of a review stands: what the dates in it say, in whatever order the files come."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from service.interchange.importing.date_order import dated
from service.model.verdicts import PublishedReview, Verdict, VerdictState
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.taking import codes, counts, only_claim, take
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine

FALSE = rating(ratingValue=1, bestRating=5, worstRating=1, alternateName="False")
TRUE = rating(ratingValue=5, bestRating=5, worstRating=1, alternateName="True")


def version(found: Json, modified: Any, **changes: Any) -> Json:
    """A version of one review, all of which were published on the same day."""
    return review(reviewRating=found, dateModified=modified, datePublished="2025-01-10", **changes)


def element(item: Json, **dates: str) -> Json:
    """The same in a feed."""
    return {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": item, **dates}]}


def standing(desk: Desk) -> tuple[str, str | None]:
    """The wording that stands, and when it was modified."""
    [current] = only_claim(desk)["verdicts"]["current"]
    return current["textual_rating"], desk.get(f"/v1/verdicts/{current['id']}")["review"]["modified_at"]


def test_an_old_copy_that_comes_late_does_not_supersede(desk: Desk) -> None:
    take(desk, version(FALSE, "2025-06-01"))
    before = desk.rows()
    late = take(desk, version(TRUE, "2025-03-05"))

    assert (counts(late), codes(late)) == ({"unchanged": 1, "warned": 1}, ["older_version"])
    [finding] = late["report"][0]["findings"]
    assert "2025-03-05" in finding["message"]
    assert "2025-06-01" in finding["message"]
    assert take(desk, version(FALSE, "2025-06-01"))["report"] == []
    assert desk.rows() == before
    assert standing(desk) == ("False", "2025-06-01")


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    "dates",
    [
        ("2025-02-01", "2025-03-05", "2025-06-01"),
        (None, "2025-03-05", "1 June 2025"),
        ("2025-06-01T08:00:00Z", "2025-06-01T12:00:00+02:00", "Sun, 01 Jun 2025 10:30:00 GMT"),
    ],
)
def test_a_correction_that_was_taken_back_in_any_order(
    desk: Desk, dates: tuple[Any, ...], order: tuple[int, ...]
) -> None:
    versions = [version(found, modified) for found, modified in zip((FALSE, TRUE, FALSE), dates, strict=True)]
    for number in order:
        take(desk, versions[number])
    assert standing(desk)[0] == "False"

    before = desk.rows()
    again = take(desk, *versions)
    assert counts(again)["unchanged"] == len(versions)
    assert desk.rows() == before


def test_a_version_without_date_of_modification_is_of_when_it_was_published(desk: Desk) -> None:
    take(desk, version(FALSE, "2025-06-01"))

    assert codes(take(desk, version(TRUE, None))) == ["older_version"]
    assert counts(take(desk, version(TRUE, None) | {"datePublished": "2025-07-01"})) == {"superseded": 1}


def test_of_one_day_the_last_that_comes_is_the_newest_unless_it_was_there_before(desk: Desk) -> None:
    take(desk, version(FALSE, "2025-06-01"))
    assert counts(take(desk, version(TRUE, "2025-06-01"))) == {"superseded": 1}

    again = take(desk, version(FALSE, "2025-06-01"))
    assert codes(again) == ["older_version"]
    assert "no date" in again["report"][0]["findings"][0]["message"]
    assert standing(desk)[0] == "True"


def test_the_date_of_an_element_of_a_feed_tells_its_copies_apart(desk: Desk) -> None:
    take(desk, element(version(FALSE, None), dateModified="2025-06-01"))
    before = desk.rows()

    assert codes(take(desk, element(version(TRUE, None), dateModified="2025-03-05"))) == ["older_version"]
    # A feed that dates its elements anew every day changes nothing by that.
    assert counts(take(desk, element(version(FALSE, None), dateModified="2025-08-01"))) == {"unchanged": 1}
    assert desk.rows() == before
    assert counts(take(desk, element(version(TRUE, None), dateModified="2025-09-01"))) == {"superseded": 1}
    # The review's own date goes before it; when the element came into the feed says nothing of the review.
    old = element(version(FALSE, "2025-07-01"), dateModified="2025-10-01", dateCreated="2025-10-01")
    assert codes(take(desk, old)) == ["older_version"]
    assert standing(desk) == ("True", "2025-09-01")


def test_the_date_of_a_whole_feed_is_that_of_no_review(desk: Desk) -> None:
    take(desk, element(version(FALSE, "2025-06-01")) | {"dateModified": "2025-03-01"})
    feed = element(version(TRUE, None)) | {"dateModified": "2025-12-01"}

    assert codes(take(desk, feed)) == ["older_version"]
    assert standing(desk) == ("False", "2025-06-01")


def test_a_date_that_has_not_come_is_not_believed(desk: Desk) -> None:
    """Nor does it lead the reviews of a site, or keep every version after it from standing."""
    answer = take(desk, version(FALSE, "2081-06-01") | {"datePublished": "2081-01-01"})

    assert codes(answer) == ["future_date", "future_date"]
    assert [finding["field"] for finding in answer["report"][0]["findings"]] == ["reviewed_at", "modified_at"]
    [current] = only_claim(desk)["verdicts"]["current"]
    assert (current["reviewed_at"], standing(desk)) == (None, ("False", None))
    assert counts(take(desk, version(TRUE, None))) == {"superseded": 1}
    # By clocks that are not quite right, and in every zone, it may be tomorrow.
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert take(desk, version(FALSE, tomorrow))["report"] == []
    assert standing(desk) == ("False", tomorrow)


def test_a_date_that_has_not_come_puts_out_nothing_again(desk: Desk) -> None:
    take(desk, version(FALSE, None))
    deletion = {"@type": "DataFeedItem", "dateDeleted": "2025-05-01", "item": {"url": review()["url"]}}
    take(desk, {"@type": "DataFeed", "dataFeedElement": [deletion]})

    assert codes(take(desk, version(FALSE, "2081-06-01"))) == ["future_date", "older_version"]
    assert only_claim(desk)["verdicts"]["current"] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reviewRating": TRUE}, "the rating, from “False” (refuted) to “True” (supported)."),
        (
            {"reviewRating": FALSE | {"alternateName": "Pants on fire"}, "headline": "Anew"},
            "the wording of the rating, from “False” to “Pants on fire” (our label is still refuted), the headline.",
        ),
        ({"reviewRating": FALSE | {"ratingValue": 2}}, "the numbers of the rating (our label is still refuted)."),
        ({"dateModified": "2025-06-02"}, "the date of its last change."),
        ({"datePublished": "2025-01-11", "inLanguage": "en-GB"}, "the date of publication, the language."),
    ],
)
def test_what_changed_is_said_in_plain_words(desk: Desk, changes: Json, said: str) -> None:
    take(desk, version(FALSE, "2025-06-01"))
    take(desk, version(FALSE, "2025-06-01") | changes)

    [current] = only_claim(desk)["verdicts"]["current"]
    reason = desk.get(f"/v1/verdicts/{current['id']}")["reason"]
    assert reason == f"A newer version of the review. What changed: {said}"


def test_numbers_that_are_not_used_are_said_in_plain_words(desk: Desk) -> None:
    turned = FALSE | {"bestRating": 1, "worstRating": 5}
    outside = FALSE | {"ratingValue": 17}
    answer = take(desk, review(1, reviewRating=turned), review(2, reviewRating=outside))

    assert [finding["message"] for each in answer["report"] for finding in each["findings"]] == [
        "the best rating is 1 and the worst 5, the wrong way round: they are kept in order, and our label is made of "
        "the wording alone",
        "17 is not on the scale from 1 to 5: our label is made of the wording alone",
    ]
    labels = [verdict["rating"] for claim in desk.walk("/v1/claims") for verdict in claim["verdicts"]["current"]]
    assert labels == ["refuted", "refuted"]


def test_what_was_modified_after_its_deletion_stands(desk: Desk) -> None:
    take(desk, version(FALSE, "2025-06-01"))
    deletion = {"@type": "DataFeedItem", "dateDeleted": "2025-05-01", "item": {"url": review()["url"]}}

    assert codes(take(desk, {"@type": "DataFeed", "dataFeedElement": [deletion]})) == ["older_version"]
    assert standing(desk)[0] == "False"


def test_a_date_that_an_older_version_took_for_one_orders_nothing() -> None:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    said = PublishedReview("example-checks", reviewed_at="May 2019")
    verdict = Verdict("v", "c", 1, "Example Checks", now, VerdictState.PUBLISHED, now, review=said)
    assert dated(verdict) is None
    assert dated(replace(verdict, review=replace(said, modified_at="2020-01-02"))) == "2020-01-02"
