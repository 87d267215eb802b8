"""A decision does what it says, in one transaction with its event, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.model.actors import Caller, KeyRole
from service.model.errors import Conflict
from service.model.suggestions import SuggestionDecision
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.suggestion_decisions import decide
from tests.long_forms import by_form
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import Json

pytestmark = by_form([pytest.mark.one_engine], [])

PLACES = {"source": "sources", "document": "documents", "claim": "claims"}


def suggestion(desk: Desk, kind: str = "source") -> Json:
    """Return the one open suggestion of a kind."""
    [found] = desk.walk(f"/v1/suggestions?kind={kind}")
    return found


def decided(desk: Desk, found: Json, decision: str, who: str = "Ed", **more: Any) -> Json:
    """Return a suggestion after its decision."""
    path = f"/v1/suggestions/{found['id']}/decision"
    return desk.post(path, who, {"decision": decision, "reason": WHY, **more}, 200)


@pytest.fixture
def alike(desk: Desk) -> Desk:
    """Return a desk with two records of each kind that look like one, and a collective."""
    desk.source("one", name="Harbour Board")
    desk.source("two", name="HarbourBoard")
    desk.source("x", name="x.com", kind="person")
    desk.source("gull", kind="outlet")
    for name in ("one", "two"):
        desk.document(name, title="Ships sink in the harbour", publisher="gull")
    desk.claim("one", text="ICE decides.")
    desk.claim("two", text="Ice decides.")
    desk.mention("two", "two", "two")
    return desk


@pytest.mark.parametrize("kind", list(PLACES))
def test_a_merge_is_that_of_the_merge_endpoint(alike: Desk, kind: str) -> None:
    shown = decided(alike, suggestion(alike, kind), "merge")
    assert (shown["state"], shown["into"], shown["effects"]) == ("merged", "two", None), "more rests on it"
    assert {**shown["decided"], "at": None} == {"decision": "merge", "by": "Ed", "reason": WHY, "at": None}
    assert alike.call("GET", f"/v1/{PLACES[kind]}/one").headers["Location"] == f"/v1/{PLACES[kind]}/two"
    events = [event["type"] for event in alike.walk("/v1/events?limit=200", "Ann")][-3:]
    assert events[-1] == "suggestion.decided"
    assert f"{kind}.merged" in events
    [event] = alike.get("/v1/events?type=suggestion.decided")["data"]
    assert event["payload"]["state"] == {
        "id": shown["id"],
        "suggestion_kind": kind,
        "records": ["one", "two"],
        "decision": "merge",
        "into": "two",
        "decided": {"at": shown["decided"]["at"], "by": "Ed", "reason": WHY},
    }
    assert event["about"] == [f"{kind}:one", f"{kind}:two"]


@pytest.mark.parametrize("kind", list(PLACES))
def test_the_editor_chooses_the_one_that_stays(alike: Desk, kind: str) -> None:
    assert decided(alike, suggestion(alike, kind), "merge", into="one")["into"] == "one"
    assert alike.call("GET", f"/v1/{PLACES[kind]}/two").headers["Location"] == f"/v1/{PLACES[kind]}/one"


@pytest.mark.parametrize("kind", list(PLACES))
def test_a_declined_pair_is_not_suggested_again(alike: Desk, kind: str) -> None:
    shown = decided(alike, suggestion(alike, kind), "distinct")
    assert (shown["state"], shown["into"]) == ("declined", None)
    alike.patch(
        f"/v1/{PLACES[kind]}/two", "Ed", {"title" if kind == "document" else "note": "SHIPS sink, in the harbour"}
    )
    assert alike.walk(f"/v1/suggestions?kind={kind}") == []
    assert [each["id"] for each in alike.walk(f"/v1/suggestions?kind={kind}&state=declined")] == [shown["id"]]


def test_sources_and_claims_that_are_two_keep_that_with_them(alike: Desk) -> None:
    decided(alike, suggestion(alike, "source"), "distinct")
    assert alike.get("/v1/sources/one")["distinct_from"] == ["two"]
    alike.refused("/v1/sources/one/merge", "Ed", {"into": "two", "reason": WHY}, 409, "distinct")
    decided(alike, suggestion(alike, "claim"), "distinct")
    [link] = alike.get("/v1/claims/one")["links"]
    assert (link["type"], link["claim"]) == ("distinct_from", "two")
    alike.refused("/v1/claims/one/merge", "Ed", {"into": "two", "reason": WHY}, 409, "distinct")
    alike.withdraw(f"/v1/links/{link['id']}")
    assert alike.walk("/v1/suggestions?kind=claim") == [], "the decision stays"


@pytest.mark.parametrize(
    ("decision", "state", "kind"), [("collective", "changed", "collective"), ("identifiable", "declined", "person")]
)
def test_a_source_may_become_a_collective(alike: Desk, decision: str, state: str, kind: str) -> None:
    assert decided(alike, suggestion(alike, "collective"), decision)["state"] == state
    assert alike.get("/v1/sources/x")["kind"] == kind
    alike.patch("/v1/sources/x", "Ed", {"note": "N."})
    assert alike.walk("/v1/suggestions?kind=collective") == []


def test_a_decided_suggestion_is_not_decided_again(alike: Desk) -> None:
    found = suggestion(alike)
    decided(alike, found, "merge")
    for decision in ("merge", "distinct"):
        body = {"decision": decision, "reason": WHY}
        problem = alike.refused(f"/v1/suggestions/{found['id']}/decision", "Eve", body, 409, "suggestion_decided")
        assert problem["detail"].startswith("Ed has decided the suggestion at ")


def test_a_suggestion_whose_record_was_merged_meanwhile_is_outdated(alike: Desk) -> None:
    found = suggestion(alike)
    alike.source("three", name="Dockers")
    alike.merge("/v1/sources/one", "three")
    body = {"decision": "merge", "reason": WHY}
    alike.refused(f"/v1/suggestions/{found['id']}/decision", "Ed", body, 409, "suggestion_outdated")
    shown = alike.get(f"/v1/suggestions/{found['id']}")
    assert (shown["state"], shown["effects"]) == ("outdated", None)
    assert [record["merged_into"] for record in shown["records"]] == ["three", None]


def test_documents_that_are_two_are_not_suggested_with_what_one_was_merged_into(alike: Desk, store: Store) -> None:
    alike.document("three", title="Ships sink in the harbour", publisher="gull")
    found = {
        tuple(each["id"] for each in pair["records"]): pair for pair in alike.walk("/v1/suggestions?kind=document")
    }

    decided(alike, found["one", "two"], "distinct")
    assert decided(alike, found["three", "two"], "merge", into="three")["state"] == "merged"

    path = f"/v1/suggestions/{found['one', 'three']['id']}"
    assert alike.get(path)["state"] == "outdated"
    assert list(examine(store)) == []
    alike.post("/v1/documents/two/unmerge", "Ed", {"reason": WHY}, 200)
    assert alike.get(path)["state"] == "open"
    assert list(examine(store)) == []


@pytest.mark.parametrize("kind", list(PLACES))
def test_an_unmerge_declines_the_pair(alike: Desk, kind: str) -> None:
    found = suggestion(alike, kind)
    decided(alike, found, "merge")
    alike.unmerge(f"/v1/{PLACES[kind]}/one", "Eve")
    shown = alike.get(f"/v1/suggestions/{found['id']}")
    assert (shown["state"], shown["decided"]["by"], shown["score"]) == ("declined", "Eve", found["score"])
    assert alike.walk(f"/v1/suggestions?kind={kind}") == []


def test_an_unmerge_declines_a_pair_that_was_never_suggested(alike: Desk) -> None:
    alike.merge("/v1/sources/one", "x")
    alike.unmerge("/v1/sources/one")
    [shown] = alike.walk("/v1/suggestions?state=declined")
    assert [record["id"] for record in shown["records"]] == ["one", "x"]
    assert (shown["score"], shown["reasons"]) == (0, [])


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("source", {"decision": "collective"}, "/decision"),
        ("collective", {"decision": "merge"}, "/decision"),
        ("source", {"decision": "perhaps"}, "/decision"),
        ("source", {}, "/decision"),
        ("source", {"decision": "merge", "into": "x"}, "/into"),
        ("source", {"decision": "distinct", "into": "one"}, "/into"),
        ("source", {"decision": "merge", "reason": None}, "/reason"),
    ],
)
def test_decisions_that_make_no_sense(alike: Desk, kind: str, body: Json, field: str) -> None:
    path = f"/v1/suggestions/{suggestion(alike, kind)['id']}/decision"
    alike.refused(path, "Ed", {"reason": WHY, **body}, 422, field=field)


def test_only_editors_decide(alike: Desk) -> None:
    path = f"/v1/suggestions/{suggestion(alike)['id']}/decision"
    alike.refused(path, "Jane", {"decision": "merge", "reason": WHY}, 403)
    alike.refused(path, None, {"decision": "merge", "reason": WHY}, 401)
    alike.refused("/v1/suggestions/sg-nothing/decision", "Ed", {"decision": "merge", "reason": WHY}, 404)


def test_a_merge_that_is_refused_leaves_the_suggestion_open(alike: Desk) -> None:
    """Two that a link between merged claims parts: the write of the link has outdated the suggestion already."""
    found = suggestion(alike, "claim")
    alike.claim("old")
    alike.merge("/v1/claims/old", "one")
    alike.link("two", "contradicts", "one")
    body = {"decision": "merge", "reason": WHY}
    alike.refused(f"/v1/suggestions/{found['id']}/decision", "Ed", body, 409, "suggestion_outdated")


def test_a_repeated_decision_is_answered_once(alike: Desk) -> None:
    path, body = f"/v1/suggestions/{suggestion(alike)['id']}/decision", {"decision": "merge", "reason": WHY}
    first, again = (alike.call("POST", path, "Ed", body, {"Idempotency-Key": "d1"}) for _ in range(2))
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json()) == (200, first.get_json())


def test_of_two_editors_at_once_one_decides(alike: Desk) -> None:
    found, store = suggestion(alike)["id"], alike.store

    def attempt(name: str) -> str:
        decision = SuggestionDecision.MERGE if name == "Ed" else SuggestionDecision.DISTINCT
        try:
            decide(store, Caller(name, KeyRole.EDITOR, ""), found, decision, None, WHY)
        except Conflict as error:
            return error.code
        else:
            return "decided"
        finally:
            store.database.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, ("Ed", "Eve"))) == ["decided", "suggestion_decided"]


def test_a_changed_decision_is_found_by_the_audit_and_a_changed_state_by_the_doctor(alike: Desk, store: Store) -> None:
    found = suggestion(alike)["id"]
    decided(alike, suggestion(alike), "merge")
    store.database.run("UPDATE suggestion_decisions SET decision = 'distinct'")
    assert [line.partition(": ")[2] for line in audit(store)] == [f"suggestion:{found} differs in the tables: decision"]
    assert list(examine(store)) == [f"suggestion {found}: the stored score, reasons or state are out of date"]
    store.database.run("UPDATE suggestion_decisions SET decision = 'merge'")
