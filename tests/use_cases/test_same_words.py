"""One statement is one claim: a second one with the same words is refused, unless it is said to be distinct."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.interchange.importing.helpers import exported
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json

WORDS = "The lock was closed in 2019."


def said(claim_id: str | None = None, text: str = WORDS, **changes: object) -> Json:
    """Return the body of a claim."""
    own = {} if claim_id is None else {"id": claim_id}
    return {**own, "text": text, "subject": "lock", "topics": ["roads"], **changes}


@pytest.fixture
def lock(desk: Desk) -> str:
    """Return a claim."""
    desk.post("/v1/claims", "Ed", said("lock"))
    return "lock"


@pytest.mark.parametrize(
    "text", [WORDS, "the lock was closed in 2019", "“The lock was\u00a0closed in 2019”", WORDS.upper()]
)
def test_the_same_words_are_refused_and_the_claim_is_named(desk: Desk, lock: str, text: str) -> None:
    problem = desk.refused("/v1/claims", "Eve", said(text=text), 409, "claim_exists")
    assert "'lock'" in problem["detail"]
    assert '"distinct_from": ["lock"]' in problem["detail"]


@pytest.mark.parametrize(
    "text", ["The lock was closed in 2019?", "The LOCK was closed in 2019.", "The lock was closed in -2019."]
)
def test_other_words_are_accepted(desk: Desk, lock: str, text: str) -> None:
    desk.post("/v1/claims", "Eve", said(text=text))


def test_who_insists_gets_a_link(desk: Desk, lock: str) -> None:
    second = desk.post("/v1/claims", "Eve", said("second", distinct_from=[lock]))
    [link] = second["links"]
    assert (link["type"], link["claim"], link["direction"]) == ("distinct_from", lock, "outgoing")
    assert [each["claim"] for each in desk.get(f"/v1/claims/{lock}")["links"]] == ["second"]
    assert [entry["type"] for entry in desk.walk("/v1/claims/second/history")] == ["claim.created", "link.added"]
    assert b'"type":"distinct_from"' in exported(desk.store)
    desk.refused("/v1/claims/second/merge", "Ed", {"into": lock, "reason": "Same."}, 409, "distinct")

    problem = desk.refused("/v1/claims", "Ed", said("third", distinct_from=["second"]), 409, "claim_exists")
    assert '["lock"]' in problem["detail"]
    desk.post("/v1/claims", "Ed", said("third", distinct_from=["second", lock]))
    desk.assert_whole()


UNUSABLE = ((["none"], "/distinct_from/0"), (["x", "x"], "/distinct_from"), ("x", "/distinct_from"))


@pytest.mark.parametrize(("distinct_from", "field"), UNUSABLE)
def test_unusable_ids_are_refused(desk: Desk, distinct_from: object, field: str) -> None:
    desk.claim("x")
    desk.claim("own")
    desk.refused("/v1/claims", "Ed", said(distinct_from=distinct_from), 422, "invalid_request", field)
    change = {"distinct_from": distinct_from}
    desk.refuses("PATCH", "/v1/claims/own", "Ed", change, 422, "invalid_request", field)
    desk.refuses("PATCH", "/v1/claims/own", "Ed", {"distinct_from": ["own"]}, 422, field="/distinct_from/0")


def test_a_merged_claim_is_named_by_what_it_was_merged_into(desk: Desk, lock: str) -> None:
    desk.claim("whole")
    desk.merge(f"/v1/claims/{lock}", "whole")
    assert "'whole'" in desk.refused("/v1/claims", "Ed", said(), 409, "claim_exists")["detail"]
    desk.refused("/v1/claims", "Ed", said(distinct_from=[lock]), 422, field="/distinct_from/0")
    desk.post("/v1/claims", "Ed", said(distinct_from=["whole"]))


def test_a_text_cannot_be_changed_to_that_of_another_claim(desk: Desk, lock: str) -> None:
    desk.claim("other")
    desk.refuses("PATCH", "/v1/claims/other", "Ed", {"text": WORDS}, 409, "claim_exists")
    changed = desk.patch("/v1/claims/other", "Ed", {"text": WORDS, "distinct_from": [lock]})
    assert [link["claim"] for link in changed["links"]] == [lock]

    # Neither words that stay nor the claim's own are in the way, and a link counts for good.
    assert desk.patch("/v1/claims/other", "Ed", {"note": "By the register."})["note"] == "By the register."
    assert desk.patch("/v1/claims/other", "Ed", {"text": WORDS.rstrip(".")})["text"] == WORDS.rstrip(".")
    desk.patch("/v1/claims/other", "Ed", {"text": "Another."})
    desk.patch("/v1/claims/other", "Ed", {"text": WORDS})
    before = desk.rows()
    desk.patch("/v1/claims/other", "Ed", {"distinct_from": [lock]})
    assert desk.rows() == before
    desk.assert_whole()


def test_what_was_merged_into_a_claim_is_not_in_its_way(desk: Desk, lock: str) -> None:
    desk.claim("whole")
    desk.merge(f"/v1/claims/{lock}", "whole")
    assert desk.patch("/v1/claims/whole", "Ed", {"text": WORDS})["text"] == WORDS


def test_of_concurrent_writers_one_succeeds(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _post(desk), range(8)))
    assert sorted(answers) == [201, *[409] * 7]
    assert len(desk.walk("/v1/claims")) == 1


def _post(desk: Desk) -> int:
    headers = {"Authorization": f"Bearer {desk.keys['Ed']}"}
    try:
        return desk.client.application.test_client().post("/v1/claims", json=said(), headers=headers).status_code
    finally:
        desk.store.database.close()


def test_a_retried_request_gets_its_first_answer(desk: Desk) -> None:
    answers = [
        done(desk.call("POST", "/v1/claims", "Ed", said(), {"Idempotency-Key": "lock-1"}), 201)["id"] for _ in range(2)
    ]
    assert answers[0] == answers[1]
