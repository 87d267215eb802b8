"""Assignments, and the queue of claims that wait for a verdict, in its order."""

import datetime as dt
from collections.abc import Callable

import pytest

from service.model.actors import COMMAND_LINE
from service.use_cases.api_keys import revoke_key
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json, ids, url


def queue(desk: Desk, who: str = "Jane", **parameters: object) -> list[tuple[str, str]]:
    """Return the queue as somebody sees it."""
    return [(item["need"], item["claim"]["id"]) for item in desk.walk(url("/v1/queue", **parameters), who)]


def take(desk: Desk, claim: str, who: str, **said: object) -> Json:
    """Somebody takes a claim, or gives it to somebody."""
    return desk.post(f"/v1/claims/{claim}/assignment", who, said)


def holder(desk: Desk, claim: str) -> str | None:
    """Return the checker to whom a claim is assigned, if any."""
    response = desk.call("GET", f"/v1/claims/{claim}/assignment", "Joan")
    return None if response.status_code == 404 else str(done(response, 200)["checker"])


@pytest.fixture
def waiting(desk: Desk) -> dict[str, list[str]]:
    """Two or three claims that wait for each reason, the most mentioned first; and two that do not wait."""
    for number in range(4):
        desk.source(f"s{number}")
        desk.document(f"d{number}")

    def mentioned(claim: str, times: int) -> None:
        desk.claim(claim)
        for number in range(times):
            desk.mention(claim, f"d{number}", f"s{number}")

    for claim, times in {"u1": 1, "s0": 0, "c2": 2, "u3": 3, "done": 4, "s2": 2, "c1": 1, "u0": 0, "s3": 2}.items():
        mentioned(claim, times)
    for claim in ("s0", "s2", "s3", "done", "c1"):
        desk.judge(claim, "Jane", "supported")
    for claim in ("s0", "s2"):
        desk.patch(f"/v1/claims/{claim}", "Ed", {"text": f"Another statement than {claim}."})
    desk.mention("s3", "d3", "s3")
    desk.judge("c1", "John", "refuted")
    # Evidence that is contested, and one checker only.
    desk.mention("c2", "d3", "s3", stance="refutes")
    desk.judge("c2", "John", "refuted")
    desk.claim("agreed")
    desk.judge("agreed", "Jane", "supported")
    desk.judge("agreed", "John", "supported")
    return {"unjudged": ["u3", "u1", "u0"], "stale": ["s3", "s2", "s0"], "contested": ["c2", "c1"]}


def test_first_the_unjudged_then_the_stale_then_the_contested_each_the_most_mentioned_first(
    desk: Desk, waiting: dict[str, list[str]]
) -> None:
    expected = [(need, claim) for need, claims in waiting.items() for claim in claims]
    assert queue(desk) == expected
    for limit in range(1, len(expected) + 1):
        assert queue(desk, limit=limit) == expected, "pages go on from one reason to the next"
    for need, claims in waiting.items():
        assert queue(desk, need=need, limit=1) == [(need, claim) for claim in claims]


def test_the_queue_shows_claims_as_they_are(desk: Desk, waiting: dict[str, list[str]]) -> None:
    for item in desk.walk("/v1/queue", "Jane"):
        assert item["claim"] == desk.get(f"/v1/claims/{item['claim']['id']}")
        assert (item["assigned_to"], item["assigned_until"]) == (None, None)


def test_the_queue_is_for_checkers(desk: Desk) -> None:
    done(desk.call("GET", "/v1/queue"), 401)
    done(desk.call("GET", "/v1/queue?need=boring", "Jane"), 422)
    done(desk.call("GET", "/v1/queue?everything=1", "Jane"), 422)
    done(desk.call("GET", "/v1/queue?cursor=abc", "Jane"), 404)


def test_what_others_have_taken_is_left_out(desk: Desk, waiting: dict[str, list[str]]) -> None:
    everything = queue(desk)
    taken = take(desk, "u1", "Jane")
    take(desk, "s2", "Jane")
    assert queue(desk, "Jane") == everything, "one's own stays"
    left = [item for item in everything if item[1] not in ("u1", "s2")]
    for limit in (1, 2, 3, 50):
        assert queue(desk, "John", limit=limit) == left
        assert queue(desk, "John", everything="true", limit=limit) == everything
    shown = {item["claim"]["id"]: item for item in desk.walk("/v1/queue?everything=true", "John")}
    assert (shown["u1"]["assigned_to"], shown["u1"]["assigned_until"]) == ("Jane", taken["until"])
    assert shown["u3"]["assigned_to"] is None
    desk.post("/v1/claims/u1/release", "Jane", None, 200)
    assert ("unjudged", "u1") in queue(desk, "John")


def test_a_claim_leaves_the_queue_when_it_is_judged_and_returns(desk: Desk) -> None:
    desk.claim("c1")
    assert queue(desk) == [("unjudged", "c1")]
    draft = desk.judge("c1", "Jane", draft=True)
    assert queue(desk) == [("unjudged", "c1")], "a draft is not a judgement"
    desk.post(f"/v1/verdicts/{draft['id']}/publication", "Jane", None, 200)
    assert queue(desk) == []
    other = desk.judge("c1", "John", "supported")
    assert queue(desk) == [("contested", "c1")], "they are split"
    desk.patch("/v1/claims/c1", "Ed", {"place": "Busan"})
    assert queue(desk) == [("stale", "c1")]
    desk.judge("c1", "Jane", None, supersedes=draft["id"])
    desk.judge("c1", "John", None, supersedes=other["id"])
    assert queue(desk) == [("unjudged", "c1")]


# Assignments.


def test_a_checker_takes_a_claim(desk: Desk) -> None:
    desk.claim("c1")
    response = desk.call("POST", "/v1/claims/c1/assignment", "Jane", {"note": "The photograph.", "hours": 2})
    taken = done(response, 201)
    assert response.headers["Location"] == "/v1/claims/c1/assignment"
    assert desk.get("/v1/claims/c1/assignment", "John") == taken
    assert {k: taken[k] for k in ("claim", "checker", "assigned_by", "note", "ended_at", "outcome")} == {
        "claim": "c1",
        "checker": "Jane",
        "assigned_by": "Jane",
        "note": "The photograph.",
        "ended_at": None,
        "outcome": None,
    }
    lasts = dt.datetime.fromisoformat(taken["until"]) - dt.datetime.fromisoformat(taken["created_at"])
    assert lasts == dt.timedelta(hours=2)
    done(desk.call("GET", "/v1/claims/c1/assignment"), 401)


def test_an_assignment_is_not_in_what_everybody_reads(desk: Desk) -> None:
    desk.claim("c1")
    before = desk.get("/v1/claims/c1")
    take(desk, "c1", "Jane", note="A tip from inside.")
    assert desk.get("/v1/claims/c1") == before
    for path in ("/v1/events?limit=200", "/v1/claims/c1/history"):
        assert "Jane" not in desk.call("GET", path).get_data(as_text=True)
        assert "A tip" not in desk.call("GET", path).get_data(as_text=True)
    [event] = desk.walk("/v1/events?type=assignment.made", "John")
    assert event["payload"]["state"]["note"] == "A tip from inside."


def test_what_somebody_has_nobody_else_takes(desk: Desk) -> None:
    desk.claim("c1")
    take(desk, "c1", "Jane")
    path = "/v1/claims/c1/assignment"
    problem = desk.refused(path, "John", {}, 409, "assigned")
    assert "Jane" in problem["detail"]
    desk.refused(path, "Ed", {}, 409, "assigned")
    desk.refused(path, "Ann", {"checker": "John"}, 409, "assigned")
    again = take(desk, "c1", "Jane", hours=5)
    assert again["until"] == desk.get(path, "Jane")["until"]


def test_editors_give_claims_to_others(desk: Desk) -> None:
    desk.claim("c1")
    path = "/v1/claims/c1/assignment"
    desk.refused(path, "Jane", {"checker": "John"}, 403, "forbidden")
    desk.refused(path, "Ed", {"checker": "Nobody"}, 422, field="/checker")
    given = take(desk, "c1", "Ed", checker="John")
    assert (given["checker"], given["assigned_by"]) == ("John", "Ed")
    assert take(desk, "c1", "John", checker="John")["assigned_by"] == "John", "naming oneself is no favour"


def test_a_claim_is_let_go_by_whoever_has_it_or_an_editor(desk: Desk) -> None:
    desk.claim("c1")
    path = "/v1/claims/c1/release"
    desk.refused(path, "Jane", None, 404, "not_found")
    take(desk, "c1", "Jane")
    desk.refused(path, "John", None, 403, "forbidden")
    let_go = desk.post(path, "Ed", None, 200)
    assert (let_go["checker"], let_go["outcome"]) == ("Jane", "released")
    assert let_go["ended_at"] is not None
    assert holder(desk, "c1") is None
    take(desk, "c1", "John")
    assert desk.post(path, "John", None, 200)["outcome"] == "released"


def test_a_claim_is_done_when_its_verdict_is_published(desk: Desk) -> None:
    desk.claim("c1")
    take(desk, "c1", "Jane")
    desk.refused("/v1/claims/c1/verdicts", "John", desk.said("c1"), 409, "assigned")
    desk.judge("c1", "John", "supported", despite_assignment=True)
    draft = desk.judge("c1", "Jane", draft=True)
    assert holder(desk, "c1") == "Jane", "neither another's verdict nor a draft ends it"
    desk.post(f"/v1/verdicts/{draft['id']}/publication", "Ed", None, 200)
    assert holder(desk, "c1") is None
    [ended] = desk.walk("/v1/events?type=assignment.ended", "Ed")
    assert ended["payload"]["state"]["outcome"] == "judged"


def test_an_assignment_lapses_by_itself(desk_with: Callable[..., Desk]) -> None:
    """With no time at all, it is over as soon as it is made."""
    desk = desk_with(assignment_hours=0)
    desk.claim("c1")
    take(desk, "c1", "Jane")
    assert holder(desk, "c1") is None
    assert queue(desk, "John") == [("unjudged", "c1")]
    [item] = desk.walk("/v1/queue?everything=true", "John")
    assert (item["assigned_to"], item["assigned_until"]) == (None, None), "it is Jane's no more"
    take(desk, "c1", "John", hours=1)
    assert holder(desk, "c1") == "John"
    [lapsed] = desk.walk("/v1/events?type=assignment.ended", "Ed")
    assert (lapsed["payload"]["state"]["checker"], lapsed["payload"]["state"]["outcome"]) == ("Jane", "lapsed")
    desk.assert_whole()


def test_nobody_is_given_a_claim_whose_key_is_no_good(desk: Desk) -> None:
    desk.claim("c1")
    [key] = [key for key in desk.store.api_keys.all() if key.name == "Joan"]
    revoke_key(desk.store, key.id, COMMAND_LINE)
    desk.refused("/v1/claims/c1/assignment", "Ed", {"checker": "Joan"}, 422, field="/checker")
    said = desk.said("c1", draft=True, reviewers=["Joan"])
    desk.refused("/v1/claims/c1/verdicts", "Jane", said, 422, field="/reviewers/0")


def test_what_cannot_be_asked_of_an_assignment(desk: Desk) -> None:
    desk.claim("c1")
    path = "/v1/claims/c1/assignment"
    for hours in (0, -1, 24 * 90 + 1, 1.5, "2"):
        desk.refused(path, "Jane", {"hours": hours}, 422, field="/hours")
    desk.refused(path, "Jane", {"until": "2027-01-01T00:00:00Z"}, 422, field="/until")
    desk.refused("/v1/claims/nothing/assignment", "Jane", {}, 404)
    assert ids([item["claim"] for item in desk.walk("/v1/queue", "John")]) == ["c1"]
