"""Reviews that are asked for, claims that are handed over, and the list of what waits for somebody."""

from __future__ import annotations

import pytest

from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json, ids, url

APPROVE = {"decision": "approve"}


@pytest.fixture
def taken(desk: Desk) -> str:
    """Return the path of an assignment of Jane's."""
    desk.claim("c1")
    desk.post("/v1/claims/c1/assignment", "Jane", {"note": "Compare the figures."})
    return "/v1/claims/c1/assignment"


def to_review(desk: Desk, who: str, **parameters: object) -> list[tuple[str, str]]:
    """Return the drafts that wait for somebody's review, each with its claim."""
    items = desk.walk(url("/v1/queue", need="review", **parameters), who)
    assert {item["need"] for item in items} <= {"review"}
    return [(item["draft"], item["claim"]["id"]) for item in items]


def test_drafts_wait_for_the_reviewers_that_they_name_and_for_editors(desk: Desk) -> None:
    for claim in ("c1", "c2", "c3"):
        desk.claim(claim)
    first = desk.judge("c1", "Jane", draft=True, reviewers=["John", "Joan"])
    second = desk.judge("c2", "Jane", draft=True)
    third = desk.judge("c3", "Ed", draft=True, reviewers=["John"])
    asked = [(draft["id"], draft["claim"]) for draft in (first, second, third)]
    for limit in (1, 2, 50):
        assert to_review(desk, "Ann", limit=limit) == asked
        assert to_review(desk, "Ed", limit=limit) == asked[:2], "not one's own"
        assert to_review(desk, "John", limit=limit) == [asked[0], asked[2]]
        assert to_review(desk, "Joan", limit=limit) == asked[:1]
        assert to_review(desk, "Jane", limit=limit) == []
    desk.post(f"/v1/verdicts/{first['id']}/reviews", "John", APPROVE)
    assert to_review(desk, "Ann") == asked[1:], "somebody has reviewed it"
    assert to_review(desk, "Joan") == asked[:1], "she is still asked"
    desk.merge("/v1/claims/c3", "c2")
    [item] = desk.walk("/v1/queue?need=review", "John")
    assert item["claim"] == desk.get("/v1/claims/c2")
    desk.withdraw(f"/v1/verdicts/{third['id']}", "Ed")
    assert to_review(desk, "John") == []
    needs = {item["need"] for item in desk.walk("/v1/queue", "Ann")}
    assert needs == {"unjudged"}, "drafts have a queue of their own"


def test_the_queue_of_drafts_says_who_has_the_claim(desk: Desk, taken: str) -> None:
    desk.judge("c1", "Jane", draft=True)
    [item] = desk.walk("/v1/queue?need=review", "Ed")
    assert (item["assigned_to"], item["assigned_until"]) == ("Jane", desk.get(taken, "Ed")["until"])


def test_everybody_sees_their_own_work(desk: Desk, taken: str) -> None:
    draft = desk.judge("c1", "Jane", draft=True, reviewers=["John"])
    desk.claim("c2")
    own = desk.post("/v1/claims/c2/assignment", "John", {})
    offered = desk.post(f"{taken}/offer", "Jane", {"checker": "John"}, 200)
    jane, john = desk.get("/v1/me", "Jane"), desk.get("/v1/me", "John")
    nothing: Json = {"drafts": [], "reviews": [], "assignments": [], "offers": []}
    assert jane == nothing | {"name": "Jane", "role": "checker", "drafts": [draft], "assignments": [offered]}
    work = {"reviews": [draft], "assignments": [own], "offers": [offered]}
    assert john == nothing | {"name": "John", "role": "checker"} | work
    assert desk.get("/v1/me", "Ed") == nothing | {"name": "Ed", "role": "editor"}
    assert desk.get("/v1/me", "Ann")["role"] == "admin"


def test_it_takes_a_key_and_is_conditional(desk: Desk) -> None:
    done(desk.call("GET", "/v1/me"), 401)
    first = desk.call("GET", "/v1/me", "Jane")
    assert "private" in first.headers["Cache-Control"]
    assert desk.call("GET", "/v1/me", "Jane", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    desk.claim("c1")
    desk.judge("c1", "Jane", draft=True)
    assert desk.call("GET", "/v1/me", "Jane", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_claim_stays_with_its_checker_until_a_colleague_accepts_it(desk: Desk, taken: str) -> None:
    before = desk.get(taken, "Joan")
    offered = desk.post(f"{taken}/offer", "Jane", {"checker": "John"}, 200)
    assert offered == before | {"offered_to": "John"} == desk.get(taken, "Joan")
    desk.refused(f"{taken}/acceptance", "Joan", None, 403, "forbidden")
    got = desk.post(f"{taken}/acceptance", "John", None)
    assert (got["checker"], got["assigned_by"], got["note"]) == ("John", "Jane", "Compare the figures.")
    assert (got["offered_to"], got["outcome"]) == (None, None)
    assert desk.get(taken, "Joan") == got
    work = [(desk.get("/v1/me", who)["assignments"], desk.get("/v1/me", who)["offers"]) for who in ("Jane", "John")]
    assert work == [([], []), ([got], [])]
    ended = [event["payload"]["state"] for event in desk.walk("/v1/events?type=assignment.ended", "Joan")]
    assert [(state["id"], state["outcome"], state["ended_by"]) for state in ended] == [
        (before["id"], "handed_over", "John")
    ]
    desk.assert_whole()


def test_an_offer_is_declined_or_taken_back(desk: Desk, taken: str) -> None:
    for who in ("John", "Jane", "Ed"):
        desk.post(f"{taken}/offer", "Ed", {"checker": "John"}, 200)
        desk.refused(f"{taken}/refusal", "Joan", None, 403, "forbidden")
        assert desk.post(f"{taken}/refusal", who, None, 200)["offered_to"] is None
        assert desk.get("/v1/me", "John")["offers"] == []
        for path in (f"{taken}/acceptance", f"{taken}/refusal"):
            desk.refused(path, "John", None, 409, "not_offered")
    desk.refused(f"{taken}/refusal", "Jane", None, 409, "not_offered")
    declined = desk.walk("/v1/events?type=assignment.declined", "Joan")
    assert all("offered_to" not in event["payload"]["state"] for event in declined)
    desk.assert_whole()


def test_another_offer_replaces_the_first(desk: Desk, taken: str) -> None:
    for name in ("John", "Joan"):
        desk.post(f"{taken}/offer", "Jane", {"checker": name}, 200)
    desk.refused(f"{taken}/acceptance", "John", None, 403)
    assert desk.post(f"{taken}/acceptance", "Joan", None)["checker"] == "Joan"


def test_an_offer_that_cannot_be_made_is_refused(desk: Desk, taken: str) -> None:
    path = f"{taken}/offer"
    desk.refused(path, "John", {"checker": "Joan"}, 403, "forbidden")
    desk.refused(path, "Jane", {"checker": "Jane"}, 422, field="/checker")
    desk.refused(path, "Jane", {"checker": "Nobody"}, 422, field="/checker")
    desk.refused(path, "Jane", {}, 422, field="/checker")
    desk.claim("c2")
    for step in ("offer", "acceptance", "refusal"):
        body = {"checker": "John"} if step == "offer" else None
        desk.refused(f"/v1/claims/c2/assignment/{step}", "Jane", body, 404, "not_found")
        desk.refused(f"/v1/claims/c2/assignment/{step}", None, body, 401)
    [(until_us,)] = desk.store.database.rows("SELECT until_us FROM assignments")
    desk.store.database.run("UPDATE assignments SET until_us = created_us + 1")
    desk.refused(path, "Jane", {"checker": "John"}, 404, "not_found")
    assert desk.get("/v1/me", "Jane")["assignments"] == []
    desk.store.database.run("UPDATE assignments SET until_us = ?", (until_us,))


def test_a_claim_that_was_handed_over_is_judged_by_its_new_checker(desk: Desk, taken: str) -> None:
    desk.post(f"{taken}/offer", "Jane", {"checker": "John"}, 200)
    desk.post(f"{taken}/acceptance", "John", None)
    desk.refused("/v1/claims/c1/verdicts", "Jane", desk.said("c1"), 409, "assigned")
    verdict = desk.judge("c1", "John")
    assert ids(desk.judgement("c1")["current"]) == [verdict["id"]]
    assert desk.get("/v1/me", "John")["assignments"] == []
