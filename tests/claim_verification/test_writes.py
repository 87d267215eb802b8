"""Writes to a real server with the client."""

from itertools import count

import pytest

from claim_verification import Client, Conflict, Invalid, Merged, NotFound, Unusable
from claim_verification.models import ClaimBody
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served

_numbers = count(1)


def claim_body() -> ClaimBody:
    number = next(_numbers)
    return {
        "id": f"ships-{number}",
        "text": f"Twelve ships arrived on day {number}.",
        "subject": "ships",
        "topics": ["harbour"],
        "quantity": {"low": 12, "high": 12, "unit": "ships"},
    }


def test_a_claim_with_what_it_rests_on(editor: Client) -> None:
    source = editor.create_source({"name": "Harbour Office", "kind": "government"})
    document = editor.create_document({"title": "船が到着した", "publisher": source["id"]})
    claim = editor.create_claim(claim_body())
    mention = editor.add_mention(
        claim["id"],
        {"document": document["id"], "stance": "supports", "attribution": [source["id"]], "basis": "explicit"},
    )
    assert editor.get_document(document["id"])["title"] == "船が到着した"
    assert [found["id"] for found in editor.list_mentions(claim["id"])] == [mention["id"]]
    assert editor.get_corroboration(claim["id"])["status"] == "single_origin"
    editor.withdraw_mention(mention["id"], "It says nothing of the kind.")
    with pytest.raises(NotFound) as told:
        editor.get_mention(mention["id"])
    assert (told.value.status, told.value.code) == (410, "withdrawn")


def test_many_at_once_each_with_its_own_result(editor: Client) -> None:
    bodies = [claim_body(), claim_body()]
    done = editor.create_claims([*bodies, bodies[0]])
    assert [result["id"] for result in done["results"]] == [bodies[0]["id"], bodies[1]["id"], None]
    problem = done["results"][2]["problem"]
    assert problem is not None
    assert problem["code"] == "id_taken"
    document = editor.create_document({"title": "A log"})["id"]
    added = editor.add_mentions([{"claim": body["id"], "document": document, "stance": "refutes"} for body in bodies])
    assert (added["created"], added["refused"]) == (2, 0)
    assert editor.get_mention(added["results"][1]["id"] or "")["claim"] == bodies[1]["id"]


def test_a_change_is_made_to_what_was_read(editor: Client) -> None:
    made = editor.create_claim(claim_body())
    first = editor.change_claim(made, {"note": "Seen by two."})
    assert (first["note"], first["version"]) == ("Seen by two.", made["version"] + 1)
    with pytest.raises(Conflict) as told:
        editor.change_claim(made, {"note": "Seen by three."})
    assert (told.value.status, told.value.code) == (412, "precondition_failed")
    read = editor.get_claim(made["id"], include="mentions")
    assert read["note"] == "Seen by two."
    assert editor.change_claim(read, {"note": None})["note"] is None
    assert editor.change_claim(made["id"], {"note": "However it is."}, if_match="*")["note"] == "However it is."


def test_a_tag_that_a_proxy_made_weak_is_sent_strong(editor: Client) -> None:
    made = editor.create_source({"name": f"Weak Harbour {next(_numbers)}", "kind": "outlet"})
    tag = editor.get_source(made["id"]).etag  # type: ignore[attr-defined]
    assert editor.change_source(made["id"], {"note": "One"}, if_match=f"W/{tag}")["note"] == "One"


def test_a_change_of_what_was_not_read_is_not_sent(editor: Client) -> None:
    listed = next(editor.list_sources())
    for source in (listed, listed["id"]):
        with pytest.raises(Unusable, match="pass the resource as it was read"):
            editor.change_source(source, {"note": "x"})
    read = editor.get_source(listed["id"])
    assert editor.change_source(read, {"note": "x"})["note"] == "x"


def test_verdicts(served: Served, editor: Client) -> None:
    claim = editor.create_claim(claim_body())
    with Client(served.url, served.keys[KeyRole.CHECKER]) as checker:
        with pytest.raises(Invalid) as told:
            checker.create_verdict(claim["id"], {"claim_version": 9, "rating": "supported"})
        assert [error["pointer"] for error in told.value.errors] == ["/claim_version"]
        draft = checker.create_verdict(claim["id"], {"claim_version": 1, "rating": "supported", "draft": True})
        assert checker.publish_verdict(draft["id"])["state"] == "published"
    [verdict] = editor.list_claim_verdicts(claim["id"])
    assert (verdict["rating"], verdict["checker"]) == ("supported", "An checker")


def test_a_claim_is_handed_over(served: Served, editor: Client) -> None:
    claim = editor.create_claim(claim_body())["id"]
    with Client(served.url, served.keys[KeyRole.CHECKER]) as checker:
        name = checker.get_own_work()["name"]
        editor.assign_claim(claim)
        editor.offer_claim(claim, name)
        checker.decline_claim(claim)
        editor.offer_claim(claim, name)
        assert [offer["claim"] for offer in checker.get_own_work()["offers"]] == [claim]
        accepted = checker.accept_claim(claim)
        assert accepted["id"] in [own["id"] for own in checker.get_own_work()["assignments"]]
        assert accepted["assigned_by"] == editor.get_own_work()["name"]


def test_a_draft_is_published_despite_a_request(served: Served, editor: Client) -> None:
    claim = editor.create_claim(claim_body())["id"]
    with Client(served.url, served.keys[KeyRole.CHECKER]) as checker:
        draft = checker.create_verdict(claim, {"claim_version": 1, "rating": "supported", "draft": True})["id"]
        editor.review_verdict(draft, {"decision": "request_changes", "note": "State the day."})
        with pytest.raises(Conflict) as told:
            checker.publish_verdict(draft)
        assert told.value.code == "changes_requested"
        assert checker.publish_verdict(draft, despite_request=True)["state"] == "published"


def test_what_was_merged_is_read_on_and_not_written_to(editor: Client) -> None:
    gone, stands = editor.create_claim(claim_body()), editor.create_claim(claim_body())
    editor.merge_claim(gone["id"], stands["id"], "Entered twice.")
    assert editor.get_claim(gone["id"])["id"] == stands["id"]
    assert list(editor.list_mentions(gone["id"])) == []
    link = editor.create_claim(claim_body())
    with pytest.raises(Merged) as told:
        editor.add_link(gone["id"], {"type": "refines", "claim": link["id"]})
    assert (told.value.id, told.value.into) == (gone["id"], stands["id"])
    editor.unmerge_claim(gone["id"], "They are two.")
    assert editor.get_claim(gone["id"])["id"] == gone["id"]


def test_each_call_is_another_request_unless_it_is_named(editor: Client) -> None:
    one = editor.create_source({"name": "Dockers", "kind": "ngo"})
    with pytest.raises(Conflict) as refused:
        editor.create_source({"name": "Dockers", "kind": "ngo"})
    assert (refused.value.code, one["id"] in refused.value.detail) == ("source_exists", True)
    other = editor.create_source({"name": "Dockers", "kind": "ngo", "distinct_from": [one["id"]]})
    assert other["id"] != one["id"]
    named = [editor.create_source({"name": "Pilots", "kind": "ngo"}, idempotency_key="pilots-1") for _ in range(2)]
    assert named[0]["id"] == named[1]["id"]
    with pytest.raises(Invalid) as told:
        editor.create_source({"name": "Crews", "kind": "ngo"}, idempotency_key="pilots-1")
    assert told.value.code == "idempotency_key_reused"


@pytest.mark.parametrize("body", [{"name": "x", "kind": {1, 2}}, {"name": float("nan"), "kind": "ngo"}])
def test_what_json_cannot_hold_is_not_sent(editor: Client, body: object) -> None:
    with pytest.raises(Unusable, match="cannot be sent as JSON"):
        editor.create_source(body)  # type: ignore[arg-type]
    with pytest.raises(Unusable):
        editor.create_source({"name": "x", "kind": "ngo"}, idempotency_key="two\nlines")
