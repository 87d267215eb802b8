"""A wide edit commits at once, and readers get what rests on it worked out until it has been recomputed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from service.eventlog.events import DERIVED
from service.model.recounts import RecountKind
from service.operations.consistency_check import examine, unfinished
from service.operations.recounting import do_recounts
from service.use_cases import recounts
from tests.interchange.publishing.reading import elsewhere
from tests.use_cases.desk import Desk, shown, without
from tests.web.helpers import Json, ids

Edit = Callable[[Desk], object]
KIND = {"kind": "collective"}


@pytest.fixture
def wide(desk: Desk, claims: list[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a newsroom in which every edit of a source or document that a claim rests on is wide."""
    desk.mention("a", "d-b", "gov-b")
    monkeypatch.setattr(recounts, "NARROW", 0)
    return desk


def test_a_narrow_edit_queues_nothing(desk: Desk, claims: list[str]) -> None:
    desk.patch("/v1/sources/gov-a", "Ed", KIND)
    assert desk.store.recounts.pending() == []
    assert desk.status("a") == "unattributed"


def everything(desk: Desk) -> Json:
    """Return what all readers get of claims, but for the versions and times of changes."""
    return {
        "claims": shown(desk, "a", "b", "c", "x"),
        "list": {claim["id"]: without(claim) for claim in desk.walk("/v1/claims")},
        "found": {claim["id"]: without(claim, "search") for claim in desk.walk("/v1/claims?q=statement")},
        "counts": [without(row) for row in desk.get("/v1/corroboration")["data"]],
        "details": [without(row) for row in desk.get("/v1/corroboration?details=true")["data"]],
        "page": [without(row) for row in desk.get("/v1/corroboration?limit=9")["data"]],
        "links": [without(claim) for claim in desk.get("/v1/claims/x?include=links")["included"]["links"]],
        "queue": {item["claim"]["id"]: without(item["claim"]) for item in desk.walk("/v1/queue", "Ed")},
        "matches": [without(match["claim"]) for match in matches(desk)],
    }


def matches(desk: Desk) -> list[Json]:
    """Return the claims that a text repeats."""
    results = desk.post("/v1/match", "Ed", {"texts": ["Statement of a."]}, 200)["results"]
    found: list[Json] = results[0]["matches"]
    return found


def derived_since(desk: Desk, size: int) -> list[tuple[str, str, str]]:
    """Return the events on derived data after the first ``size``: their types, actors and subjects."""
    told = desk.walk(f"/v1/events?after={size}")
    return [(each["type"], each["actor"], each["subject"]) for each in told if each["type"] in DERIVED]


# Each is made of the state that those before it have left.
EDITS: tuple[Edit, ...] = (
    lambda desk: desk.patch("/v1/sources/gov-a", "Ed", {"part_of": "gov-b"}),
    lambda desk: desk.patch("/v1/sources/gov-a", "Ed", {"part_of": None}),
    lambda desk: desk.patch("/v1/sources/gov-a", "Ed", {"name": "Another Name"}),
    lambda desk: desk.merge("/v1/sources/gov-a", "gov-b"),
    lambda desk: desk.unmerge("/v1/sources/gov-a"),
    lambda desk: desk.merge("/v1/documents/d-a", "d-b"),
    lambda desk: desk.unmerge("/v1/documents/d-a"),
    lambda desk: desk.patch("/v1/documents/d-a", "Ed", {"derived_from": "d-b"}),
    lambda desk: desk.patch("/v1/sources/gov-a", "Ed", KIND),
)


def test_readers_get_at_once_what_is_stored_later(wide: Desk) -> None:
    earlier = everything(wide)
    for edit in EDITS:
        size = wide.store.events.log_end()[0]
        edit(wide)
        assert derived_since(wide, size) == []
        assert wide.get("/readyz")["recounting"] > 0
        assert any(line.startswith("recounting") for line in unfinished(wide.store))
        at_once = everything(wide)
        assert at_once != earlier
        listed = {claim["id"]: claim for claim in wide.walk("/v1/claims")}
        for row in wide.get("/v1/corroboration")["data"]:
            assert (row["version"], row["updated_at"]) == tuple(listed[row["id"]][n] for n in ("version", "updated_at"))
        assert do_recounts(wide.store)
        earlier = everything(wide)
        assert earlier == at_once
        assert wide.get("/readyz")["recounting"] == 0
        assert not any(line.startswith("recounting") for line in unfinished(wide.store))
        assert list(examine(wide.store)) == []


def test_a_copy_rests_on_the_publisher_of_its_original(wide: Desk) -> None:
    wide.source("outlet", kind="outlet")
    wide.document("original", publisher="outlet")
    wide.document("copy", derived_from="original")
    wide.mention("x", "copy")
    wide.mention("x", "d-c")
    assert do_recounts(wide.store)
    assert wide.get("/v1/claims/x")["corroboration"]["origins"]["at_most"] == 2
    wide.patch("/v1/sources/outlet", "Ed", {"part_of": "gov-c"})
    assert wide.get("/v1/claims/x")["corroboration"]["origins"]["at_most"] == 1
    assert do_recounts(wide.store)
    assert wide.get("/v1/claims/x")["corroboration"]["origins"]["at_most"] == 1


def test_two_publishers_that_are_merged_have_one_vote(wide: Desk) -> None:
    one, other = "daily-checks", "checks-daily"
    for publisher in (one, other):
        wide.source(publisher, kind="outlet")
        elsewhere(wide, "x", f"review-{publisher}", review={"publisher": publisher})
    assert sum(wide.judgement("x")["tally"].values()) == 2
    for act, votes in ((partial(wide.merge, into=other), 1), (wide.unmerge, 2)):
        act(f"/v1/sources/{one}")
        assert wide.store.recounts.claims_left() > 0
        assert sum(wide.judgement("x")["tally"].values()) == votes
        assert do_recounts(wide.store)
        assert sum(wide.judgement("x")["tally"].values()) == votes


def test_its_tag_is_that_of_what_is_read(wide: Desk) -> None:
    stored = wide.call("GET", "/v1/claims/a").headers["ETag"]
    wide.patch("/v1/sources/gov-a", "Ed", KIND)
    answer = wide.call("GET", "/v1/claims/a")
    tag, version = answer.headers["ETag"], answer.get_json()["version"]
    assert tag != stored
    assert wide.call("GET", "/v1/claims/a", headers={"If-None-Match": stored}).status_code == 200
    assert wide.call("GET", "/v1/claims/a", headers={"If-None-Match": tag}).status_code == 304
    # Not concerned by the edit.
    unconcerned = wide.store.claims.get("c")
    assert unconcerned is not None
    assert unconcerned.version == wide.get("/v1/claims/c")["version"]
    # An edit from what was read is another version, never seen with other content.
    assert wide.call("PATCH", "/v1/claims/a", "Ed", {"note": "Read."}, {"If-Match": stored}).status_code == 412
    edited = wide.call("PATCH", "/v1/claims/a", "Ed", {"note": "Read."}, {"If-Match": tag}).get_json()
    assert (edited["version"], edited["corroboration"]["status"]) == (version + 1, "possibly_corroborated")


def test_it_has_another_tag_when_an_edit_changes_what_is_worked_out_alone(wide: Desk) -> None:
    wide.source("gov-d")
    wide.merge("/v1/sources/gov-a", "gov-d")
    before = wide.call("GET", "/v1/claims/a")
    assert "Gov D" not in before.get_data(as_text=True)
    wide.patch("/v1/sources/gov-d", "Ed", {"name": "Gov D"})  # on which no claim rests by what is stored
    tag = before.headers["ETag"]
    after = wide.call("GET", "/v1/claims/a", headers={"If-None-Match": tag})
    assert (after.status_code, "Gov D" in after.get_data(as_text=True)) == (200, True)
    assert wide.call("PATCH", "/v1/claims/a", "Ed", {"note": "Read."}, {"If-Match": tag}).status_code == 412
    tag = after.headers["ETag"]
    assert wide.call("GET", "/v1/claims/a", headers={"If-None-Match": tag}).status_code == 304
    assert wide.call("PATCH", "/v1/claims/a", "Ed", {"note": "Read."}, {"If-Match": tag}).status_code == 200


def test_lists_say_that_they_may_be_behind(wide: Desk) -> None:
    paths = [
        "claims",
        "claims?q=statement",
        "claims?status=refuted",
        "corroboration",
        "corroboration?limit=1",
        "conflicts",
        "sources",
        "sources?q=gov",
        "sources/gov-b",
        "documents",
        "topics",
    ]
    for edit, told in ((False, None), (True, "2")):
        if edit:
            wide.patch("/v1/sources/gov-b", "Ed", KIND)
        answers = [wide.call("GET", f"/v1/{path}") for path in paths]
        assert [answer.headers.get("Claims-Recounting") for answer in answers] == [told] * len(paths)


def test_conflicts_may_be_behind_when_there_are_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.source("agency")
    desk.document("report", publisher="agency")
    desk.claim("a")
    desk.mention("a", "report")
    monkeypatch.setattr(recounts, "NARROW", 0)
    desk.patch("/v1/sources/agency", "Ed", KIND)
    answer = desk.call("GET", "/v1/conflicts")
    assert (answer.get_json()["data"], answer.headers["Claims-Recounting"]) == ([], "1")


def test_a_new_claim_has_the_first_version_while_all_claims_wait(desk: Desk) -> None:
    desk.store.recounts.add(RecountKind.ALL, "", "Ed", 0)
    new = {"id": "new", "text": "New.", "subject": "s", "topics": ["general"]}
    assert desk.post("/v1/claims", "Ed", new)["version"] == 1
    assert do_recounts(desk.store)
    assert desk.get("/v1/claims/new")["version"] == 1


def test_changes_are_logged_when_they_are_stored_by_who_made_the_edit(wide: Desk) -> None:
    wide.patch("/v1/sources/gov-a", "Eve", KIND)
    wide.patch("/v1/sources/gov-a", "Eve", {"name": "Twice"})
    assert len(wide.store.recounts.pending()) == 1
    size = wide.store.events.log_end()[0]
    assert ids(wide.walk("/v1/claims?status=corroborated")) == ["a"]  # by what is stored
    assert do_recounts(wide.store)
    assert derived_since(wide, size) == [("corroboration.changed", "Eve", "claim:a")]
    assert ids(wide.walk("/v1/claims?status=corroborated")) == []
    assert do_recounts(wide.store)
    assert wide.store.events.log_end()[0] == size + 1
