"""Draft, review, publish: who sees a draft, who may say what of it, and that it counts for nothing until it is out."""

from collections.abc import Callable

import pytest

from service.model.actors import COMMAND_LINE, KeyRole
from service.use_cases import api_keys
from tests.use_cases.desk import WHY, Desk, done
from tests.web.helpers import Json, ids

SECRET = "The minister's aide told us on the phone."
APPROVE = {"decision": "approve"}
CHANGE = {"decision": "request_changes", "note": "Name the register."}


@pytest.fixture
def claim(desk: Desk) -> str:
    """Return a claim without any mention."""
    desk.claim("c1")
    return "c1"


def drafted(desk: Desk, who: str = "Jane", **changes: object) -> Json:
    """Return a draft of a verdict on the claim."""
    return desk.judge("c1", who, "refuted", rationale=SECRET, draft=True, **changes)


def review(desk: Desk, draft: Json, who: str, said: Json = APPROVE) -> Json:
    """Review a draft."""
    return desk.post(f"/v1/verdicts/{draft['id']}/reviews", who, said)


def publish(desk: Desk, draft: Json, who: str = "Jane") -> Json:
    """Return a draft that is out."""
    return desk.post(f"/v1/verdicts/{draft['id']}/publication", who, None, 200)


def sees(desk: Desk, draft: Json, who: str | None) -> bool:
    """Return whether somebody can read a draft and finds it in the lists; it must be both or neither."""
    status = desk.call("GET", f"/v1/verdicts/{draft['id']}", who).status_code
    assert status in (200, 404)
    state = draft["state"]
    lists = [f"/v1/verdicts?state={state}", f"/v1/claims/c1/verdicts?state={state}"]
    if who is None:
        assert [desk.call("GET", path).status_code for path in lists] == [401, 401]
    else:
        listed = {draft["id"] in ids(desk.walk(path, who)) for path in lists}
        assert listed == {status == 200}
    return status == 200


def test_a_draft_is_seen_by_its_author_its_reviewers_and_editors(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    everybody = ("Jane", "John", "Joan", "Ed", "Ann", None)
    assert draft["state"] == "draft"
    assert draft["published_at"] is None
    assert [who for who in everybody if sees(desk, draft, who)] == ["Jane", "John", "Ed", "Ann"]
    desk.withdraw(f"/v1/verdicts/{draft['id']}", "Jane")
    given_up = draft | {"state": "withdrawn"}
    assert [who for who in everybody if sees(desk, given_up, who)] == ["Jane", "John", "Ed", "Ann"]


def test_only_named_reviewers_and_editors_review_a_draft(desk: Desk, claim: str) -> None:
    """To know its id is no invitation; a draft that names nobody is reviewed by editors."""
    for reviewers, invited in ([], ["Ed", "Ann"]), (["John"], ["John", "Ed", "Ann"]):
        path = f"/v1/verdicts/{drafted(desk, reviewers=reviewers)['id']}/reviews"
        for who in ("John", "Joan", "Ed", "Ann"):
            if who in invited:
                desk.post(path, who, APPROVE)
            else:
                desk.refused(path, who, APPROVE, 404, "not_found")


def test_an_open_request_for_changes_holds_a_draft_back(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John", "Joan"])
    path = f"/v1/verdicts/{draft['id']}/publication"
    given = review(desk, draft, "John", CHANGE)
    review(desk, draft, "Joan")
    for who in ("Jane", "Ed"):
        for body in (None, {}, {"despite_request": False}):
            detail = desk.refused(path, who, body, 409, "changes_requested")["detail"]
            assert given["id"] in detail
            assert "John" in detail
            assert f"{given['note']!r}. Submit a draft" in detail
    review(desk, draft, "John")
    publish(desk, draft)


def test_a_draft_is_published_despite_a_request_if_one_says_so(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    review(desk, draft, "John", CHANGE)
    path = f"/v1/verdicts/{draft['id']}/publication"
    desk.refused(path, "Jane", {"despite_request": "yes"}, 422, field="/despite_request")
    desk.refused(path, "Jane", {"anyway": True}, 422, field="/anyway")
    assert desk.post(path, "Jane", {"despite_request": True}, 200)["state"] == "published"


def test_a_new_draft_needs_no_leave_of_the_one_that_it_replaces(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    review(desk, draft, "John", CHANGE)
    publish(desk, drafted(desk, supersedes=draft["id"]))


def test_an_editor_who_publishes_a_draft_is_named(desk: Desk, claim: str) -> None:
    """In the verdict, the log and the export; nobody is named if the checker did."""
    by_ed, own = drafted(desk), desk.judge(claim, "John", draft=True)
    assert publish(desk, by_ed, "Ed")["published_by"] == "Ed"
    assert publish(desk, own, "John")["published_by"] is None
    assert desk.get(f"/v1/verdicts/{by_ed['id']}")["published_by"] == "Ed"
    states = [event["payload"]["state"] for event in desk.walk("/v1/events?type=verdict.published")]
    assert [state.get("published_by") for state in states] == ["Ed", None]
    assert "published_by" not in states[1]
    assert b'"published_by":"Ed"' in desk.client.get("/v1/export").get_data()


def test_a_reviewers_name_is_matched_whole(desk: Desk, claim: str) -> None:
    """Jo is not John, and a name is no pattern."""
    names = ["Jo", "J%", "J_hn", 'x"John"y', "!", "Jürgen\\", "John"]
    for name in names[:-1]:
        desk.keys[name] = api_keys.create_key(desk.store, name, KeyRole.CHECKER, None, COMMAND_LINE)[1]
    for reviewer in names:
        draft = drafted(desk, reviewers=[reviewer])
        assert [name for name in names if sees(desk, draft, name)] == [reviewer]


def test_a_draft_is_nowhere_that_others_look(desk: Desk, claim: str) -> None:
    """Not in the claim, nor in its history, in lists, filters, the queue, or in what the log shows of it."""
    before = desk.get(f"/v1/claims/{claim}")
    draft = drafted(desk, reviewers=["John"], textual_rating=SECRET, evidence=[{"url": "https://example.org/s"}])
    review(desk, draft, "John", CHANGE)
    assert desk.get(f"/v1/claims/{claim}") == before, "its version and time neither"
    assert desk.walk("/v1/verdicts") == []
    assert desk.walk(f"/v1/claims/{claim}/verdicts") == []
    assert desk.walk("/v1/claims?rating=refuted") == []
    assert [entry["type"] for entry in desk.walk(f"/v1/claims/{claim}/history", "Joan")] == ["claim.created"]
    assert ids([waiting["claim"] for waiting in desk.walk("/v1/queue?need=unjudged", "Joan")]) == [claim]
    for path in ("/v1/events?limit=200", f"/v1/claims/{claim}/history", "/v1/verdicts"):
        for who in (None, "Joan"):
            text = desk.call("GET", path, who).get_data(as_text=True)
            assert SECRET not in text
            assert draft["id"] not in text
            assert "Name the register" not in text
    for path in (f"/v1/events?subject=verdict:{draft['id']}", "/v1/events?type=verdict.drafted"):
        assert desk.walk(path) == desk.walk(path, "Joan") == []
        assert len(desk.walk(path, "Ed")) == (1 if "type" in path else 2)


def test_the_log_has_a_draft_as_a_hash_until_it_is_out(desk: Desk, claim: str) -> None:
    drafted(desk)
    last = desk.get("/v1/events/head")["size"]
    shown = desk.get(f"/v1/events/{last}")
    assert shown.keys() == {"seq", "previous", "hash", "withheld"}
    assert "event" in desk.get(f"/v1/events/{last}/proof")
    assert SECRET not in desk.call("GET", f"/v1/events/{last}/proof").get_data(as_text=True)
    assert desk.get(f"/v1/events/{last}", "Ed")["payload"]["state"]["rationale"] == SECRET
    assert desk.get(f"/v1/events/{last}", "Jane")["payload"]["state"]["rationale"] == SECRET, "her own doing"


def test_a_draft_is_published_as_it_is(desk: Desk, claim: str) -> None:
    draft = drafted(desk)
    out = publish(desk, draft)
    changed = {"state", "published_at"}
    assert {k: v for k, v in out.items() if k not in changed} == {k: v for k, v in draft.items() if k not in changed}
    assert out["state"] == "published"
    assert out["published_at"] > draft["created_at"]
    assert ids(desk.judgement(claim)["current"]) == [draft["id"]]
    assert desk.get(f"/v1/verdicts/{draft['id']}") == out


def test_a_published_verdict_does_not_show_the_reviews_to_everybody(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John", "Joan"])
    given = [review(desk, draft, "John", CHANGE), review(desk, draft, "Joan")]
    desk.post(f"/v1/verdicts/{draft['id']}/publication", "Jane", {"despite_request": True}, 200)
    path = f"/v1/verdicts/{draft['id']}"
    assert [desk.get(path, who)["reviews"] for who in ("Jane", "John", "Joan", "Ed")] == [given] * 4
    assert desk.get(path)["reviews"] == desk.walk("/v1/verdicts")[0]["reviews"] == []
    assert "Name the register" not in desk.call("GET", "/v1/events?limit=200").get_data(as_text=True)


def test_its_author_or_an_editor_publishes_a_draft(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    path = f"/v1/verdicts/{draft['id']}/publication"
    desk.refused(path, "John", None, 403, "forbidden")
    desk.refused(path, "Joan", None, 404, "not_found")
    desk.refused(path, None, None, 401)
    assert publish(desk, draft, "Ed")["checker"] == "Jane", "it is still hers"
    desk.refused(path, "Jane", None, 409, "published")
    desk.refused(path, "Joan", None, 409, "published")


def test_nobody_reviews_a_draft_of_their_own(desk: Desk, claim: str) -> None:
    for who in ("Jane", "Ed", "Ann"):
        draft = drafted(desk, who)
        desk.refused(f"/v1/verdicts/{draft['id']}/reviews", who, APPROVE, 403, "forbidden")
        said = desk.said(claim, draft=True, reviewers=["John", who])
        desk.refused(f"/v1/claims/{claim}/verdicts", who, said, 422, field="/reviewers/1")


def test_who_asks_for_changes_says_which(desk: Desk, claim: str) -> None:
    path = f"/v1/verdicts/{drafted(desk)['id']}/reviews"
    desk.refused(path, "John", {"decision": "request_changes"}, 422, field="/note")
    desk.refused(path, "John", CHANGE | {"note": " "}, 422, field="/note")
    desk.refused(path, "John", {"decision": "maybe"}, 422, field="/decision")
    desk.refused(path, "John", {}, 422, field="/decision")


def test_what_is_out_or_given_up_is_not_reviewed(desk: Desk, claim: str) -> None:
    out, given_up = drafted(desk), drafted(desk)
    publish(desk, out)
    desk.withdraw(f"/v1/verdicts/{given_up['id']}", "Jane")
    desk.refused(f"/v1/verdicts/{out['id']}/reviews", "John", APPROVE, 409, "published")
    desk.refused(f"/v1/verdicts/{given_up['id']}/reviews", "Ed", APPROVE, 409, "withdrawn")
    desk.refused(f"/v1/verdicts/{given_up['id']}/publication", "Jane", None, 409, "withdrawn")
    desk.refused(f"/v1/verdicts/{given_up['id']}/withdrawal", "Jane", {"reason": WHY}, 409, "withdrawn")
    desk.refused(f"/v1/verdicts/{out['id']}/withdrawal", "Jane", {"reason": WHY}, 409, "published")
    desk.refused("/v1/verdicts/v-nothing/reviews", "John", APPROVE, 404)


def test_a_draft_that_was_given_up_is_not_there_for_strangers(desk: Desk, claim: str) -> None:
    """Not even that it ever was, or whose it was."""
    path = f"/v1/verdicts/{drafted(desk)['id']}"
    desk.withdraw(path, "Jane")
    desk.refused(f"{path}/reviews", "John", APPROVE, 404, "not_found")
    desk.refused(f"{path}/publication", "John", None, 404, "not_found")
    desk.refused(f"{path}/withdrawal", "John", {"reason": WHY}, 404, "not_found")


def test_its_author_or_an_admin_gives_a_draft_up(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    path = f"/v1/verdicts/{draft['id']}/withdrawal"
    desk.refused(path, "John", {"reason": WHY}, 403)
    desk.refused(path, "Ed", {"reason": WHY}, 403)
    desk.refused(path, "Joan", {"reason": WHY}, 404)
    desk.refused(path, "Jane", {}, 422, field="/reason")
    assert desk.withdraw(path.removesuffix("/withdrawal"), "Ann")["state"] == "withdrawn"
    assert desk.judgement(claim)["current"] == []


def test_a_draft_is_replaced_by_another(desk: Desk, claim: str) -> None:
    """It keeps its place in the row of corrections, and needs reviews of its own."""
    out = desk.judge(claim, "Jane", "supported")
    first = desk.judge(claim, "Jane", "refuted", draft=True, supersedes=out["id"], reviewers=["John"])
    review(desk, first, "John")
    second = drafted(desk, supersedes=first["id"])
    assert desk.get(f"/v1/verdicts/{first['id']}", "Jane")["state"] == "withdrawn"
    assert second["supersedes"] == out["id"], "it is the published one that it takes the place of"
    assert second["reviews"] == []
    assert publish(desk, second)["supersedes"] == out["id"]
    assert ids(desk.judgement(claim)["current"]) == [second["id"]]


def test_a_draft_is_replaced_by_its_author_or_an_admin_only_and_not_retracted(desk: Desk, claim: str) -> None:
    draft = drafted(desk, reviewers=["John"])
    path = f"/v1/claims/{claim}/verdicts"
    desk.refused(path, "John", desk.said(claim, supersedes=draft["id"]), 403)
    desk.refused(path, "Ed", desk.said(claim, supersedes=draft["id"]), 403)
    desk.refused(path, "Joan", desk.said(claim, supersedes=draft["id"]), 422, field="/supersedes")
    desk.refused(path, "Jane", desk.said(claim, None, supersedes=draft["id"]), 409, "draft")
    at_once = desk.judge(claim, "Jane", supersedes=draft["id"])
    assert (at_once["state"], at_once["supersedes"]) == ("published", None)
    desk.refused(path, "Jane", desk.said(claim, supersedes=draft["id"]), 409, "withdrawn")


def test_reviewers_are_people_with_keys_and_for_drafts(desk: Desk, claim: str) -> None:
    path = f"/v1/claims/{claim}/verdicts"
    desk.refused(path, "Jane", desk.said(claim, draft=True, reviewers=["Nobody"]), 422, field="/reviewers/0")
    desk.refused(path, "Jane", desk.said(claim, draft=True, reviewers=["John", "John"]), 422, field="/reviewers")
    desk.refused(path, "Jane", desk.said(claim, reviewers=["John"]), 422, field="/reviewers")


def test_where_review_is_demanded_nothing_gets_out_without(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(review_required=True)
    desk.claim("c1")
    for who in ("Jane", "Ed", "Ann"):
        desk.refused("/v1/claims/c1/verdicts", who, desk.said("c1"), 409, "review_required")
    draft = drafted(desk, reviewers=["John", "Joan"])
    path = f"/v1/verdicts/{draft['id']}/publication"
    for who in ("Jane", "Ed", "Ann"):
        for body in (None, {"despite_request": True}):
            desk.refused(path, who, body, 409, "not_approved")
    desk.refused(f"/v1/verdicts/{draft['id']}/reviews", "Jane", APPROVE, 403)
    review(desk, draft, "John")
    review(desk, draft, "Joan", CHANGE)
    desk.refused(path, "Jane", None, 409, "not_approved")
    # That another approves it does not answer the request.
    review(desk, draft, "Ed")
    desk.refused(path, "Jane", None, 409, "changes_requested")
    review(desk, draft, "Joan")
    out = publish(desk, draft)

    # Retractions and corrections are verdicts too.
    for rating in (None, "supported"):
        said = desk.said("c1", rating, supersedes=out["id"])
        desk.refused("/v1/claims/c1/verdicts", "Jane", said, 409, "review_required")
    retraction = desk.judge("c1", "Jane", None, supersedes=out["id"], draft=True)
    assert ids(desk.judgement("c1")["current"]) == [out["id"]]
    desk.refused(f"/v1/verdicts/{retraction['id']}/publication", "Jane", None, 409, "not_approved")
    review(desk, retraction, "Ed")
    publish(desk, retraction)
    assert desk.judgement("c1")["current"] == []
    desk.assert_whole()


def test_an_approved_draft_does_not_lend_its_approval(desk_with: Callable[..., Desk]) -> None:
    """The replacement needs a review of its own, and an admin cannot approve her own."""
    desk = desk_with(review_required=True)
    desk.claim("c1")
    approved = drafted(desk)
    review(desk, approved, "Ann")
    desk.refused("/v1/claims/c1/verdicts", "Jane", desk.said("c1", supersedes=approved["id"]), 409, "review_required")
    replaced = drafted(desk, "Ann", supersedes=approved["id"])
    path = f"/v1/verdicts/{replaced['id']}"
    desk.refused(f"{path}/publication", "Ann", None, 409, "not_approved")
    desk.refused(f"{path}/reviews", "Ann", APPROVE, 403)
    review(desk, replaced, "Eve")
    assert publish(desk, replaced, "Ed")["checker"] == "Ann"
    desk.assert_whole()


def test_a_draft_may_be_of_a_claim_that_has_changed_since(desk: Desk, claim: str) -> None:
    draft = drafted(desk)
    assert not draft["stale"]
    desk.patch(f"/v1/claims/{claim}", "Ed", {"text": "Another statement."})
    assert desk.get(f"/v1/verdicts/{draft['id']}", "Jane")["stale"]
    assert publish(desk, draft)["stale"]
    [shown] = desk.judgement(claim)["current"]
    assert shown["stale"]


def test_lists_of_drafts_are_no_way_around(desk: Desk, claim: str) -> None:
    drafted(desk, reviewers=["John"])
    drafted(desk, "Ed")
    assert [v["checker"] for v in desk.walk("/v1/verdicts?state=draft", "Ann")] == ["Ed", "Jane"]
    assert [v["checker"] for v in desk.walk("/v1/verdicts?state=draft", "John")] == ["Jane"]
    assert desk.walk("/v1/verdicts?state=draft&checker=Jane", "Joan") == []
    assert desk.walk("/v1/verdicts?state=draft&rating=refuted&current=true", "Joan") == []
    done(desk.call("GET", "/v1/verdicts?state=draft"), 401)
    done(desk.call("GET", "/v1/claims/c1/verdicts?state=withdrawn"), 401)
