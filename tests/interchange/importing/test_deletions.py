"""Reviews that a feed has deleted are retracted, and a store that follows our feed has the same current verdicts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from service.interchange.importing.outcomes import Outcome
from service.interchange.publishing.claim_reviews import current_reviews
from service.store import Store
from tests.claim_verification.cli.commands import ran
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import claimed, codes, counts, import_bytes, import_reviews, only_claim, post
from tests.long_forms import by_form
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json

pytestmark = by_form([pytest.mark.one_engine], [])

DELETED = "2020-02-02"


def gone(item: Any, on: Any = DELETED, **more: Any) -> Json:
    """Return the element of a feed for a deleted review."""
    return {"@type": "DataFeedItem", "dateDeleted": on, "item": item, **more}


def feed_of(*elements: Any) -> Json:
    """Return a feed of these elements."""
    return {"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": list(elements)}


def verdicts(desk: Desk) -> list[Json]:
    """Return the verdicts of the only claim, oldest first."""
    return desk.walk(f"/v1/claims/{only_claim(desk)['id']}/verdicts")[::-1]


REFERENCE = {"@type": "ClaimReview", "url": review()["url"]}


@pytest.mark.parametrize(
    "item",
    [review(), REFERENCE, {"@type": "ClaimReview", "@id": review()["url"]}, review()["url"]],
    ids=["whole", "address", "id", "string"],
)
def test_a_deleted_review_is_retracted_and_kept(desk: Desk, item: Any) -> None:
    import_reviews(desk, review())
    answer = import_reviews(desk, feed_of(gone(item)))

    assert (counts(answer)["retracted"], answer["refused"]) == (1, 0)
    first, retraction = verdicts(desk)
    assert (first["rating"], first["superseded_by"]) == ("refuted", retraction["id"])
    assert (retraction["retraction"], retraction["supersedes"]) == (True, first["id"])
    assert retraction["reason"] == f"Deleted from the publisher's feed on {DELETED}."
    assert retraction["reviewed_at"] == DELETED
    assert only_claim(desk)["verdicts"]["current"] == []
    events = desk.get("/v1/events?limit=200", "Ann")["data"]
    assert [e["subject"] for e in events if e["type"] == "verdict.superseded"] == [f"verdict:{first['id']}"]

    before = desk.rows()
    again = import_reviews(desk, feed_of(gone(item)))
    assert (counts(again)["unchanged"], set(codes(again)) & {"gone_already"}) == (1, {"gone_already"})
    old = import_reviews(desk, review())
    assert (counts(old), codes(old)) == ({"unchanged": 1, "warned": 1}, ["older_version"])
    assert desk.rows() == before


def test_a_review_and_its_deletion_in_one_body(desk: Desk) -> None:
    body = (review(1), review(2), feed_of(gone(review(1))), review(1, dateModified="2020-02-03"), gone(REFERENCE))
    answer = import_reviews(desk, *body)
    assert counts(answer) == {"created": 2, "retracted": 1, "superseded": 1, "unchanged": 1, "warned": 1}
    assert codes(answer) == ["older_version"]

    before = desk.rows()
    assert counts(import_reviews(desk, *body)) == {"unchanged": 5, "warned": 2}
    assert desk.rows() == before


def test_a_republished_review_is_current_again(desk: Desk) -> None:
    import_reviews(desk, review())
    import_reviews(desk, gone(REFERENCE))
    # The deletion and the review are of the same day: no date shows that the review is later.
    for same in (review(headline="Corrected"), {"@type": "DataFeedItem", "dateCreated": DELETED, "item": review()}):
        answer = import_reviews(desk, same)
        assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, ["older_version"])

    later = {"@type": "DataFeedItem", "dateModified": "2020-02-03T10:00:00Z", "item": review()}
    assert counts(import_reviews(desk, later)) == {"superseded": 1}
    assert [verdict["retraction"] for verdict in verdicts(desk)] == [False, True, False]
    [current] = only_claim(desk)["verdicts"]["current"]
    assert current["rating"] == "refuted"

    before = desk.rows()
    assert counts(import_reviews(desk, later)) == {"unchanged": 1}
    assert codes(import_reviews(desk, gone(REFERENCE))) == ["older_version"]
    assert codes(import_reviews(desk, gone(REFERENCE, "2020-02-01"))) == ["older_version"]
    assert desk.rows() == before
    assert counts(import_reviews(desk, gone(REFERENCE, "2020-02-04"))) == {"retracted": 1}


def test_a_review_later_than_its_deletion_is_kept(desk: Desk) -> None:
    import_reviews(desk, review(datePublished="2020-02-03"))
    before = desk.rows()
    answer = import_reviews(desk, gone(review()))
    assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, ["older_version"])
    far = import_reviews(desk, gone(review(), "2099-12-31"))
    assert (counts(far), codes(far)) == ({"unchanged": 1, "warned": 1}, ["not_deleted_yet"])
    assert desk.rows() == before


def test_a_deletion_with_a_claim_concerns_only_that_claim(desk: Desk) -> None:
    url = review()["url"]
    several = [review(url=url, claimReviewed=words, itemReviewed=claimed("Jane Roe")) for words in ("One.", "Two.")]
    import_reviews(desk, *several)
    before = desk.rows()
    for item, code in ((REFERENCE, "several_reviews"), ({**REFERENCE, "claimReviewed": "Three."}, "not_here")):
        answer = import_reviews(desk, gone(item))
        assert (counts(answer), codes(answer)) == ({"unchanged": 1, "warned": 1}, [code])
    assert desk.rows() == before

    assert counts(import_reviews(desk, gone({**REFERENCE, "claimReviewed": "« two »"}))) == {"retracted": 1}
    standing = {c["text"]: len(c["verdicts"]["current"]) for c in desk.walk("/v1/claims")}
    assert standing == {"One.": 1, "Two.": 0}


@pytest.mark.parametrize(
    ("element", "field"),
    [
        (gone(REFERENCE, "sometime"), "deleted_at"),
        (gone(REFERENCE, "2020-02"), "deleted_at"),
        (gone(REFERENCE, "02/03/2020"), "deleted_at"),
        (gone(REFERENCE, {"x": []}), "deleted_at"),
        (gone({"@type": "ClaimReview"}), "url"),
        (gone(17), "url"),
        (gone({"@type": "Recipe", "url": review()["url"]}), ""),
    ],
)
def test_an_uncertain_deletion_deletes_nothing(desk: Desk, element: Json, field: str) -> None:
    import_reviews(desk, review())
    before = desk.rows()
    answer = import_reviews(desk, element)
    assert counts(answer) == {"refused": 1}
    assert [finding["field"] for finding in answer["report"][0]["findings"]] == [field]
    assert desk.rows() == before


def test_the_verdicts_of_people_are_kept(desk: Desk) -> None:
    import_reviews(desk, review(1), review(2))
    desk.claim("own")
    own = desk.judge("own", "Jane", url="https://checks.example.org/own")
    page = {"pageUrl": "https://pages.example/1", "claimReviewMarkups": [{"claimReviewed": "It rained."}]}
    page["claimReviewAuthor"] = {"name": "The Pages", "imageUrl": None}  # type: ignore[assignment]
    page["claimReviewMarkups"][0] |= {"url": "https://pages.example/1#a", "rating": {"textualRating": "False"}}  # type: ignore[index, operator]
    del page["claimReviewAuthor"]["imageUrl"]  # type: ignore[attr-defined]
    desk.post("/v1alpha1/pages", "Ed", page, 200)
    by_url = {v["url"]: v for v in desk.walk("/v1/verdicts?current=true")}
    first, second = (by_url[review(number)["url"]] for number in (1, 2))
    desk.judge(first["claim"], "Ann", None, supersedes=first["id"])
    desk.judge(second["claim"], "Ann", "supported", supersedes=second["id"])

    before = desk.rows()
    ours = {"@type": "ClaimReview", "identifier": _identifier(own["id"])}
    marked = by_url["https://pages.example/1#a"]
    for item in (
        ours,
        review(1),
        review(2),
        {"@type": "ClaimReview", "url": marked["url"]},
        {"@type": "ClaimReview", "identifier": _identifier(marked["id"])},
    ):
        answer = import_reviews(desk, gone(item))
        assert (answer["unchanged"], codes(answer)) == (1, ["kept_by_person"]), item
    # It has no address: a person's verdict is not an imported review.
    assert codes(import_reviews(desk, gone("https://checks.example.org/own"))) == ["not_here"]
    assert desk.rows() == before


def _identifier(public_id: str) -> Json:
    return {"@type": "PropertyValue", "propertyID": "claim-verification", "value": public_id}


def _now() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _changes(desk: Desk, since: str) -> bytes:
    return desk.client.get(f"/feeds/claimreview.json?since={since}").get_data()


def _standing(store: Store) -> dict[str, Json]:
    """Return the items of the feed."""
    elements = current_reviews(store, "http://localhost").items
    return {element["item"]["identifier"]["value"]: element for element in elements}


def test_a_mirror_has_the_verdicts_of_the_feed(desk: Desk, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    for claim in "abc":
        desk.claim(claim)
    said = {claim: desk.judge(claim, "Jane")["id"] for claim in "abc"}
    import_reviews(desk, review(1), review(2), review(3))
    desk.judge("a", "John", "supported")
    began = "2020-01-01T00:00:00Z"
    bodies = [desk.client.get("/feeds/claimreview.json").get_data()]

    def corrected() -> None:
        said["a"] = desk.judge("a", "Jane", "supported", supersedes=said["a"])["id"]
        import_reviews(desk, review(1, headline="Corrected"))

    def retracted() -> None:
        said["a"] = desk.judge("a", "Jane", None, supersedes=said["a"])["id"]
        said["b"] = desk.judge("b", "Jane", None, supersedes=said["b"])["id"]
        assert counts(import_reviews(desk, gone(review(1)), gone(review(2)))) == {"retracted": 2}

    def put_out_again() -> None:
        desk.judge("a", "Jane", "refuted", supersedes=said["a"])
        desk.judge("b", "Jane", "refuted")
        assert counts(import_reviews(desk, review(1, dateModified="2020-02-03"))) == {"superseded": 1}

    def come_and_gone() -> None:
        first = desk.judge("c", "John")["id"]
        second = desk.judge("c", "John", "supported", supersedes=first)["id"]
        desk.judge("c", "John", None, supersedes=second)
        said["c"] = desk.judge("c", "Jane", "supported", supersedes=said["c"])["id"]
        said["c"] = desk.judge("c", "Jane", None, supersedes=said["c"])["id"]
        import_reviews(desk, gone(review(3)), review(3, dateModified="2020-03-01"), gone(review(3), "2020-03-02"))

    with empty() as mirror:
        import_bytes(mirror, bodies[0])
        assert _standing(mirror) == _standing(desk.store)
        for step in (corrected, retracted, put_out_again, come_and_gone):
            asked = _now()
            step()
            bodies.append(_changes(desk, asked))
            before = set(_standing(mirror))
            first = import_bytes(mirror, bodies[-1])
            assert first.refused == 0
            assert _standing(mirror) == _standing(desk.store), step.__name__
            assert before != set(_standing(mirror))
            # The same file again, the whole feed, and all files so far, old ones last.
            events = mirror.events.log_end()
            for body in (bodies[-1], _changes(desk, began), *bodies, *reversed(bodies)):
                assert set(import_bytes(mirror, body).outcomes) == {Outcome.UNCHANGED}, step.__name__
            assert mirror.events.log_end() == events

    # A late mirror gets the same from the changes alone, and importing a mirror's feed changes nothing here.
    with empty() as late:
        import_bytes(late, _changes(desk, began))
        assert _standing(late) == _standing(desk.store)
    before_all = desk.rows()
    for body in bodies:
        answer = done(post(desk, body), 200)
        assert set(counts(answer)) <= {"unchanged", "warned"}, (body, answer)
    assert desk.rows() == before_all


def test_a_mirror_of_merged_claims_duplicates_nothing(
    desk: Desk, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    import_reviews(desk, review(1), review(2, url=None))
    one, two = (claim["id"] for claim in desk.walk("/v1/claims"))
    body = desk.client.get("/feeds/claimreview.json").get_data()
    desk.merge(f"/v1/claims/{one}", two)
    merged = desk.client.get("/feeds/claimreview.json").get_data()
    with empty() as mirror:
        assert set(import_bytes(mirror, body).outcomes) == {Outcome.CREATED}
        before = mirror.events.log_end()
        for _ in range(2):
            assert set(import_bytes(mirror, merged).outcomes) == {Outcome.UNCHANGED}
        assert mirror.events.log_end() == before


def test_a_mirror_has_the_reasons(desk: Desk, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    desk.claim("a")
    first = desk.judge("a", "Jane")
    asked = _now()
    body = desk.client.get("/feeds/claimreview.json").get_data()
    retraction = desk.judge("a", "Jane", None, supersedes=first["id"], reason="We had the wrong year.")
    with empty() as mirror:
        import_bytes(mirror, body)
        import_bytes(mirror, _changes(desk, asked))
        kept = mirror.verdicts.verdict(first["id"])
        assert kept is not None
        gone_by = mirror.verdicts.verdict(kept.verdict.superseded_by or "")
    assert gone_by is not None
    assert gone_by.verdict.reason is not None
    assert gone_by.verdict.reason.endswith(f"{retraction['published_at']}: We had the wrong year.")
    assert gone_by.verdict.state_at.isoformat() == retraction["published_at"].replace("Z", "+00:00")


def test_the_command_prints_the_counts(tmp_path: Path, database_url: str) -> None:
    feed = tmp_path / "feed.ndjson"
    feed.write_text("\n".join(json.dumps(line) for line in (review(), gone(review()))), encoding="utf-8")
    assert ran("migrate", DATABASE_URL=database_url).returncode == 0
    done_ = ran("import", str(feed), DATABASE_URL=database_url)
    assert (done_.returncode, "1 retracted" in done_.stdout) == (0, True), done_.stderr
