"""Importing this service's own ClaimReview feed into an empty store gives the same feed, to the byte."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from service.interchange.claimreview import reader
from service.interchange.claimreview.review_items import ReviewItem
from service.interchange.importing.outcomes import Outcome, Tally
from service.model.timestamps import rfc3339
from service.store import Store
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import by, claimed, counts, import_bytes, import_reviews
from tests.use_cases.desk import Desk


def _feed(desk: Desk) -> bytes:
    return desk.client.get("/feeds/claimreview.json").get_data()


@pytest.mark.parametrize("whole", [reader.WHOLE, 1000], ids=["read whole", "read in parts"])
def test_our_own_feed_is_restored_exactly(
    desk: Desk, empty: Callable[[], AbstractContextManager[Store]], monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(reader, "WHOLE", whole)
    for number in range(20):
        desk.source(f"level-{number}", part_of=f"level-{number - 1}" if number else None)
    desk.source("state", name="The State", part_of="level-19")
    desk.source("office", part_of="state", url="https://office.example.org/")
    desk.source("clerk", kind="person", part_of="office", same_as=["https://e.example/q2", "https://e.example/q1"])
    desk.source("paper", kind="outlet", name="The  Paper")
    desk.document(
        "d-1",
        url="https://paper.example/1",
        publisher="paper",
        published_earliest="2020-02-01",
        published_latest="2020-02-29",
    )
    desk.document("d-2")
    desk.claim("c-1", text="Two  spaces\nand a line.")
    desk.mention("c-1", "d-2", "paper", "clerk")
    desk.mention("c-1", "d-1", "office")
    desk.claim("c-2")
    evidence = [{"url": "https://paper.example/proof", "note": "So it says."}]
    first = desk.judge("c-1", "Jane", "refuted", rationale="First.\n\n  Then.", evidence=evidence)
    desk.judge("c-1", "Jane", "conflicting_evidence", supersedes=first["id"], textual_rating="Half <b>and</b> half")
    stated = {"title": "A  title", "author": "John & co", "reviewed_at": "2020-03-04"}
    jane = {"type": "person", "name": "Jane", "url": "https://paper.example/jane", "same_as": ["https://e.example/1"]}
    authors = [jane, {"type": "organization", "name": "Data  Desk"}]
    desk.judge("c-1", "John", "supported", url="https://paper.example/check", language="en", **stated, authors=authors)
    desk.judge("c-2", "John", "not_enough_evidence")
    corrected = review(headline="Corrected", dateModified="2019-11-02T10:00:00.250Z")
    import_reviews(desk, review(), corrected, by("Other Checks", "other.example"), review(4, url=None))
    import_reviews(desk, review(5, itemReviewed=claimed("Facebook posts")))
    off_scale = {"@type": "Rating", "alternateName": "False", "ratingValue": 9, "bestRating": 5, "worstRating": 1}
    unrated = {name: value for name, value in off_scale.items() if name != "ratingValue"}
    import_reviews(desk, review(6, reviewRating=off_scale), review(7, reviewRating=unrated))
    feed = _feed(desk)
    assert b'"dateModified":"2019-11-02T10:00:00Z"' in feed
    assert b'"itemReviewed":{"@id":"http://localhost/v1/claims/c-1#claim"}' in feed
    kept = desk.store.database

    with empty() as other:
        assert counts(_report(import_bytes(other, feed))) == {"created": len(json.loads(feed)["dataFeedElement"])}
        desk.store.database = other.database
        try:
            _served(desk).database = other.database
            assert _feed(desk) == feed
            events = other.events.log_end()
            assert set(import_bytes(other, feed).outcomes) == {Outcome.UNCHANGED}
            assert other.events.log_end() == events
        finally:
            desk.store.database = _served(desk).database = kept
    events = desk.store.events.log_end()
    assert set(import_bytes(desk.store, feed).outcomes) == {Outcome.UNCHANGED}
    assert desk.store.events.log_end() == events


def _served(desk: Desk) -> Store:
    store: Store = desk.client.application.extensions["store"]
    return store


def _report(tally: Tally) -> dict[str, int]:
    return {str(outcome): number for outcome, number in tally.outcomes.items()}


def test_a_feed_that_leaves_out_a_review_is_read_without_a_refusal(desk: Desk) -> None:
    """The verdict that is left out stays as it is here."""
    import_reviews(desk, review(), by("Other Checks", "other.example", reviewRating=None))
    feed = _feed(desk)
    assert [len(json.loads(feed)[name]) for name in ("dataFeedElement", "comment")] == [1, 1]
    assert set(import_bytes(desk.store, feed).outcomes) == {Outcome.UNCHANGED}


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("http://localhost/v1/claims/c-1#claim", "c-1"),
        ("https://claims.example/under/a/path/v1/claims/c-1#claim", "c-1"),
        ("https://claims.example/v1/claims/c-1", None),
        ("https://claims.example/v1/claims/C1#claim", None),
        ("https://claims.example/v1/claims/-#claim", None),
        (None, None),
        (5, None),
    ],
)
def test_a_claim_whose_node_is_elsewhere_is_known_by_its_name(name: object, identifier: str | None) -> None:
    own = {"@type": "PropertyValue", "propertyID": "claim-verification"}
    checks = {"@type": "Organization", "name": "Checks", "identifier": own | {"value": "s-1"}}
    item = review(identifier=own | {"value": "v-1"}, author=checks, itemReviewed={"@id": name})
    [read] = reader.read(io.BytesIO(json.dumps(item).encode()))
    assert isinstance(read, ReviewItem)
    assert read.claim_identifier == identifier


def test_a_future_time_of_arrival_is_not_kept(desk: Desk) -> None:
    import_reviews(desk, review())
    feed = json.loads(_feed(desk))
    future = rfc3339(dt.datetime.now(dt.UTC) + dt.timedelta(days=400))
    feed["dataFeedElement"][0]["dateCreated"] = future
    feed["dataFeedElement"][0]["item"]["identifier"]["value"] = "v-other"
    feed["dataFeedElement"][0]["item"]["url"] = "https://checks.example.org/elsewhere"

    assert counts(import_reviews(desk, feed)) == {"created": 1}
    [claim] = desk.walk("/v1/claims")
    assert all(v["created_at"] < future for v in desk.walk(f"/v1/claims/{claim['id']}/verdicts"))
