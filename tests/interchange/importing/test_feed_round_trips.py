"""Importing this service's own ClaimReview feed into an empty store gives the same feed, to the byte."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import AbstractContextManager

from service.interchange.importing.outcomes import Outcome, Tally
from service.model.timestamps import rfc3339
from service.store import Store
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import by, claimed, counts, import_bytes, import_reviews
from tests.use_cases.desk import Desk


def _feed(desk: Desk) -> bytes:
    return desk.client.get("/feeds/claimreview.json").get_data()


def test_our_own_feed_is_restored_exactly(desk: Desk, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    for number in range(20):
        desk.source(f"level-{number}", part_of=f"level-{number - 1}" if number else None)
    desk.source("state", name="The State", part_of="level-19")
    desk.source("office", part_of="state", url="https://office.example.org/")
    desk.source("clerk", kind="person", part_of="office")
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
    feed = _feed(desk)
    assert b'"dateModified":"2019-11-02T10:00:00Z"' in feed
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
