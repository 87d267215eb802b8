"""The current version of a review is decided by its dates, in any order of files."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.importing.date_order import version_date
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.reviews import Importer
from service.model.verdicts import PublishedReview, Rating, Verdict, VerdictState
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.helpers import claimed, codes, counts, import_reviews, only_claim
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine

FALSE = rating(ratingValue=1, bestRating=5, worstRating=1, alternateName="False")
TRUE = rating(ratingValue=5, bestRating=5, worstRating=1, alternateName="True")


def version(found: Json, modified: Any, **changes: Any) -> Json:
    """Return a version of a review; all versions have the same day of publication."""
    return review(reviewRating=found, dateModified=modified, datePublished="2025-01-10", **changes)


def element(item: Json, **dates: str) -> Json:
    """Return a version in a feed."""
    return {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": item, **dates}]}


def current_wording(desk: Desk) -> tuple[str, str | None]:
    """Return the wording of the current version, and its date of modification."""
    [current] = only_claim(desk)["verdicts"]["current"]
    return current["textual_rating"], desk.get(f"/v1/verdicts/{current['id']}")["review"]["modified_at"]


def test_an_old_copy_does_not_supersede(desk: Desk) -> None:
    import_reviews(desk, version(FALSE, "2025-06-01"))
    before = desk.rows()
    late = import_reviews(desk, version(TRUE, "2025-03-05"))

    assert (counts(late), codes(late)) == ({"unchanged": 1, "warned": 1}, ["older_version"])
    [finding] = late["report"][0]["findings"]
    assert "2025-03-05" in finding["message"]
    assert "2025-06-01" in finding["message"]
    assert import_reviews(desk, version(FALSE, "2025-06-01"))["report"] == []
    assert desk.rows() == before
    assert current_wording(desk) == ("False", "2025-06-01")


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    "dates",
    [
        ("2025-02-01", "2025-03-05", "2025-06-01"),
        (None, "2025-03-05", "1 June 2025"),
        ("2025-06-01T08:00:00Z", "2025-06-01T12:00:00+02:00", "Sun, 01 Jun 2025 10:30:00 GMT"),
    ],
)
def test_a_reverted_correction_in_any_order(desk: Desk, dates: tuple[Any, ...], order: tuple[int, ...]) -> None:
    versions = [version(found, modified) for found, modified in zip((FALSE, TRUE, FALSE), dates, strict=True)]
    for number in order:
        import_reviews(desk, versions[number])
    assert current_wording(desk)[0] == "False"

    before = desk.rows()
    again = import_reviews(desk, *versions)
    assert counts(again)["unchanged"] == len(versions)
    assert desk.rows() == before


def test_without_a_modification_date_the_publication_date_counts(desk: Desk) -> None:
    import_reviews(desk, version(FALSE, "2025-06-01"))

    assert codes(import_reviews(desk, version(TRUE, None))) == ["older_version"]
    assert counts(import_reviews(desk, version(TRUE, None) | {"datePublished": "2025-07-01"})) == {"superseded": 1}


def test_a_claim_was_stated_by_the_day_of_a_superseded_version(desk: Desk) -> None:
    undated = claimed("Somebody", datePublished="")
    import_reviews(desk, version(FALSE, None, itemReviewed=undated))
    import_reviews(desk, version(TRUE, None, itemReviewed=undated) | {"datePublished": "2025-07-01"})
    assert only_claim(desk)["first_stated"]["latest"] == "2025-01-10"


def test_within_a_day_the_last_new_version_is_the_newest(desk: Desk) -> None:
    import_reviews(desk, version(FALSE, "2025-06-01"))
    assert counts(import_reviews(desk, version(TRUE, "2025-06-01"))) == {"superseded": 1}

    again = import_reviews(desk, version(FALSE, "2025-06-01"))
    assert codes(again) == ["older_version"]
    assert "no date" in again["report"][0]["findings"][0]["message"]
    assert current_wording(desk)[0] == "True"


def test_the_date_of_a_feed_item_orders_its_copies(desk: Desk) -> None:
    import_reviews(desk, element(version(FALSE, None), dateModified="2025-06-01"))
    before = desk.rows()

    assert codes(import_reviews(desk, element(version(TRUE, None), dateModified="2025-03-05"))) == ["older_version"]
    # A feed that updates the dates of its elements every day changes nothing.
    assert counts(import_reviews(desk, element(version(FALSE, None), dateModified="2025-08-01"))) == {"unchanged": 1}
    assert desk.rows() == before
    assert counts(import_reviews(desk, element(version(TRUE, None), dateModified="2025-09-01"))) == {"superseded": 1}
    # The review's own date takes precedence; the date of its arrival in the feed is ignored.
    old = element(version(FALSE, "2025-07-01"), dateModified="2025-10-01", dateCreated="2025-10-01")
    assert codes(import_reviews(desk, old)) == ["older_version"]
    assert current_wording(desk) == ("True", "2025-09-01")


def test_the_date_of_a_feed_is_not_that_of_its_reviews(desk: Desk) -> None:
    import_reviews(desk, element(version(FALSE, "2025-06-01")) | {"dateModified": "2025-03-01"})
    feed = element(version(TRUE, None)) | {"dateModified": "2025-12-01"}

    assert codes(import_reviews(desk, feed)) == ["older_version"]
    assert current_wording(desk) == ("False", "2025-06-01")


def test_a_future_date_is_left_out(desk: Desk) -> None:
    """Such a review is not the first of its site's, and later versions still supersede it."""
    answer = import_reviews(desk, version(FALSE, "2081-06-01") | {"datePublished": "2081-01-01"})

    assert codes(answer) == ["future_date", "future_date"]
    assert [finding["field"] for finding in answer["report"][0]["findings"]] == ["reviewed_at", "modified_at"]
    [current] = only_claim(desk)["verdicts"]["current"]
    assert (current["reviewed_at"], current_wording(desk)) == (None, ("False", None))
    assert counts(import_reviews(desk, version(TRUE, None))) == {"superseded": 1}
    # Inaccurate clocks and time zones: tomorrow is allowed.
    tomorrow = (dt.datetime.now(dt.UTC) + dt.timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert import_reviews(desk, version(FALSE, tomorrow))["report"] == []
    assert current_wording(desk) == ("False", tomorrow)


def test_a_future_date_republishes_nothing(desk: Desk) -> None:
    import_reviews(desk, version(FALSE, None))
    deletion = {"@type": "DataFeedItem", "dateDeleted": "2025-05-01", "item": {"url": review()["url"]}}
    import_reviews(desk, {"@type": "DataFeed", "dataFeedElement": [deletion]})

    assert codes(import_reviews(desk, version(FALSE, "2081-06-01"))) == ["future_date", "older_version"]
    assert only_claim(desk)["verdicts"]["current"] == []


@pytest.mark.parametrize(
    ("changes", "changed"),
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
def test_the_reason_names_the_changes(desk: Desk, changes: Json, changed: str) -> None:
    import_reviews(desk, version(FALSE, "2025-06-01"))
    import_reviews(desk, version(FALSE, "2025-06-01") | changes)

    [current] = only_claim(desk)["verdicts"]["current"]
    reason = desk.get(f"/v1/verdicts/{current['id']}")["reason"]
    assert reason == f"A newer version of the review. Changed: {changed}"


def import_with(desk: Desk, table: RatingTable, *reviews: Json) -> None:
    """Import reviews as a service with another table of ratings does."""
    stream = io.BytesIO(json.dumps(reviews).encode())
    for _ in import_stream(Importer(desk.store, "Ed", load_collectives()), stream, table=table):
        pass


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, "from unmapped to refuted (its wording is the same and read by a newer table of ratings)."),
        ({"ratingValue": 2}, "from unmapped to refuted (its wording is the same)."),
    ],
)
def test_a_newer_table_makes_a_version_where_it_changes_the_label(desk: Desk, changes: Json, changed: str) -> None:
    import_with(desk, RatingTable(()), version(FALSE, "2025-06-01"))
    [before] = only_claim(desk)["verdicts"]["current"]
    assert before["rating"] == "unmapped"

    answer = import_reviews(desk, version(FALSE | changes, "2025-06-01"))
    assert counts(answer) == {"superseded": 1}
    [current] = only_claim(desk)["verdicts"]["current"]
    found = desk.get(f"/v1/verdicts/{current['id']}")
    assert (found["rating"], found["supersedes"]) == ("refuted", before["id"])
    assert found["reason"] == f"A newer version of the review. Changed: our label of the rating, {changed}"

    rows = desk.rows()
    assert counts(import_reviews(desk, version(FALSE | changes, "2025-06-01"))) == {"unchanged": 1}
    assert desk.rows() == rows


def test_another_rule_for_the_same_label_changes_nothing(desk: Desk) -> None:
    import_with(desk, RatingTable([Row("FALSE", "false", Rating.REFUTED)]), version(FALSE, "2025-06-01"))
    rows = desk.rows()

    assert counts(import_reviews(desk, version(FALSE, "2025-06-01"))) == {"unchanged": 1}
    assert desk.rows() == rows


def test_a_newer_table_does_not_bring_an_older_version_back(desk: Desk) -> None:
    import_with(desk, RatingTable(()), version(FALSE, None))
    import_reviews(desk, version(TRUE, None))

    assert codes(import_reviews(desk, version(FALSE, None))) == ["older_version"]
    assert current_wording(desk)[0] == "True"


def test_findings_explain_numbers_that_are_not_used(desk: Desk) -> None:
    turned = FALSE | {"bestRating": 1, "worstRating": 5}
    outside = FALSE | {"ratingValue": 17}
    answer = import_reviews(desk, review(1, reviewRating=turned), review(2, reviewRating=outside))

    assert [finding["message"] for each in answer["report"] for finding in each["findings"]] == [
        "the best rating (1) is below the worst (5): they are stored in order, and our label is based on the wording "
        "alone",
        "17 is not on the scale from 1 to 5: our label is based on the wording alone",
    ]
    labels = [verdict["rating"] for claim in desk.walk("/v1/claims") for verdict in claim["verdicts"]["current"]]
    assert labels == ["refuted", "refuted"]


def test_a_review_modified_after_its_deletion_is_kept(desk: Desk) -> None:
    import_reviews(desk, version(FALSE, "2025-06-01"))
    deletion = {"@type": "DataFeedItem", "dateDeleted": "2025-05-01", "item": {"url": review()["url"]}}

    assert codes(import_reviews(desk, {"@type": "DataFeed", "dataFeedElement": [deletion]})) == ["older_version"]
    assert current_wording(desk)[0] == "False"


def test_text_in_place_of_a_date_is_ignored() -> None:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    review = PublishedReview("example-checks")
    verdict = Verdict(
        "v", "c", 1, "Example Checks", now, VerdictState.PUBLISHED, now, review=review, reviewed_at="May 2019"
    )
    assert version_date(verdict) is None
    assert version_date(replace(verdict, review=replace(review, modified_at="2020-01-02"))) == "2020-01-02"
