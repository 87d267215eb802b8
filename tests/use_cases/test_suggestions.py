"""Records that look like one are found by the write that changes them, and leave the list when they are no longer."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Any

import pytest

from service.model.suggestions import SuggestionKind
from service.storage.queries import likely_pairs
from service.use_cases import suggesting
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

TITLE = "Ships sink in the harbour"


def pairs(desk: Desk, query: str = "") -> list[list[str]]:
    """Return the records of the suggestions, the best first."""
    return [[record["id"] for record in each["records"]] for each in desk.walk(f"/v1/suggestions?{query}")]


def only(desk: Desk, query: str = "") -> Json:
    """Return the one suggestion."""
    [found] = desk.walk(f"/v1/suggestions?{query}")
    return found


def test_a_source_that_is_created_is_compared_with_those_there(desk: Desk) -> None:
    desk.source("nih", name="NIH")
    assert pairs(desk) == []
    desk.source("institute", name="National Institute of Health")
    found = only(desk)
    assert (found["kind"], found["state"], found["score"]) == ("source", "open", 0.6)
    assert found["reasons"] == [{"code": "abbreviation", "text": "One name is the abbreviation of the other."}]
    assert [(each["name"], each["claims"], each["mentions"]) for each in found["records"]] == [
        ("National Institute of Health", 0, None),
        ("NIH", 0, None),
    ]
    assert (found["into"], found["decided"]) == ("nih", None), "the older one"
    assert dt.datetime.fromisoformat(found["found_at"]).tzinfo is not None


def test_a_change_of_a_name_finds_and_ends_suggestions(desk: Desk) -> None:
    desk.source("one", name="Harbour Board")
    desk.source("two", name="Dockers")
    desk.patch("/v1/sources/two", "Ed", {"aliases": ["Harbour-Board Northport"]})
    found = only(desk)
    assert [reason["code"] for reason in found["reasons"]] == ["word_more"]
    desk.patch("/v1/sources/two", "Ed", {"aliases": ["HarbourBoard"]})
    assert (only(desk)["id"], only(desk)["score"]) == (found["id"], 0.85)
    desk.patch("/v1/sources/two", "Ed", {"aliases": []})
    assert pairs(desk) == []
    assert only(desk, "state=outdated")["id"] == found["id"]
    desk.patch("/v1/sources/two", "Ed", {"name": "Northport Harbour Board"})
    assert only(desk)["id"] == found["id"], "open again"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LULA é presidente.", "Lula é presidente."),
        ("A Ministra mentiu.", "A ministra mentiu."),
        ("Lula é presidente.", "Lula e presidente."),
        ("15,000 workers came.", "15000 workers came."),
    ],
)
def test_claims_that_differ_only_in_writing_are_found(desk: Desk, one: str, other: str) -> None:
    desk.claim("one", text=one)
    desk.claim("two", text=other)
    assert pairs(desk) == [["one", "two"]]
    assert only(desk)["records"][0]["mentions"] == 0


def test_documents_of_one_publisher_and_title_are_found(desk: Desk) -> None:
    desk.source("gull", kind="outlet")
    desk.document("one", title=TITLE, publisher="gull", url="https://gull.example/1")
    desk.document("two", title=f"{TITLE}!", publisher="gull", url="https://gull.example/print/1")
    desk.document("three", title=TITLE, url="https://heron.example/1")
    assert pairs(desk) == [["one", "two"]]
    desk.patch("/v1/documents/two", "Ed", {"publisher": None})
    assert pairs(desk) == []


def test_the_name_of_a_host_suggests_a_collective(desk: Desk) -> None:
    desk.source("x", name="x.com", kind="person")
    found = only(desk, "kind=collective")
    assert (found["records"][0]["id"], found["into"]) == ("x", None)
    desk.patch("/v1/sources/x", "Ed", {"kind": "company"})
    assert pairs(desk) == []


# --- Never suggested


def test_sources_that_are_said_to_be_two_are_not_suggested(desk: Desk) -> None:
    desk.source("one", name="Harbour Board")
    desk.source("two", name="HarbourBoard", distinct_from=["one"])
    assert pairs(desk) == []
    desk.source("three", name="Harbourb Oard")
    desk.patch("/v1/sources/three", "Ed", {"distinct_from": ["one"]})
    assert pairs(desk) == [["three", "two"]]
    desk.patch("/v1/sources/two", "Ed", {"distinct_from": []})
    assert sorted(pairs(desk)) == [["one", "two"], ["three", "two"]]


def test_a_distinction_of_a_merged_source_parts_too(desk: Desk) -> None:
    desk.source("one", name="Harbour Board")
    desk.source("other", name="Dockers", distinct_from=["one"])
    desk.source("two", name="HarbourBoard")
    assert pairs(desk) == [["one", "two"]]
    desk.merge("/v1/sources/other", "two")
    assert pairs(desk) == []
    desk.unmerge("/v1/sources/other")
    assert pairs(desk) == [["one", "two"]]


@pytest.mark.parametrize("relation", ["distinct_from", "contradicts", "refines", "part_of"])
def test_linked_claims_are_not_suggested(desk: Desk, relation: str) -> None:
    desk.claim("one", text="ICE decides.")
    desk.claim("two", text="Ice decides.")
    link = desk.link("two", relation, "one")
    assert pairs(desk) == []
    desk.withdraw(f"/v1/links/{link['id']}")
    assert pairs(desk) == [["one", "two"]]


def test_merged_records_are_not_suggested(desk: Desk) -> None:
    desk.claim("one", text="ICE decides.")
    desk.claim("two", text="Ice decides.")
    desk.claim("three", text="ICE décides.")
    assert sorted(pairs(desk)) == [["one", "three"], ["one", "two"], ["three", "two"]]
    desk.merge("/v1/claims/two", "one")
    assert pairs(desk) == [["one", "three"]]
    assert sorted(pairs(desk, "state=outdated")) == [["one", "two"], ["three", "two"]]


def test_a_link_of_a_merged_claim_parts_too(desk: Desk) -> None:
    desk.claim("one", text="ICE decides.")
    desk.claim("other")
    desk.claim("two", text="Ice decides.")
    link = desk.link("other", "contradicts", "one")
    desk.merge("/v1/claims/other", "two")
    assert pairs(desk) == []
    desk.withdraw(f"/v1/links/{link['id']}")
    assert pairs(desk) == [["one", "two"]]


# --- Bounds


def test_a_key_that_many_share_says_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likely_pairs, "CROWD", 2)
    for number, text in enumerate(("ICE decides.", "Ice decides.", "ICE décides.", "Ice décides.")):
        desk.claim(f"c{number}", text=text)
    assert pairs(desk) == [["c0", "c1"]]


def test_a_crowded_key_does_not_hide_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        desk.source(f"s{number}", name=f"Ministry of Harbour {number}x")
    desk.source("nih", name="MOS")
    monkeypatch.setattr(likely_pairs, "CROWD", 3)
    desk.source("ships", name="Ministry of Ships", aliases=["Ministry of Harbour"])
    assert pairs(desk, "kind=source&record=ships") == [["nih", "ships"]]


def test_a_record_gets_a_bounded_number_of_suggestions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        desk.source(f"s{number}", name=f"Harbour {number}x", kind="outlet")
    monkeypatch.setattr(suggesting, "FOUND_AT_MOST", 3)
    desk.source("harbour", name="Harbour", kind="outlet")
    assert len(pairs(desk)) == 3


# --- The list


@pytest.fixture
def several(desk: Desk) -> Desk:
    """Return a desk with five suggestions on three sources, two claims, a collective."""
    desk.source("who", name="Harbour Board")
    desk.claim("who", text="ICE decides.")
    desk.source("two", name="Harbour Board Northport")
    desk.source("three", name="HarbourBoard")
    desk.claim("other", text="Ice decides.")
    desk.source("x", name="x.com", kind="person")
    return desk


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [["x"], ["three", "who"], ["other", "who"], ["two", "who"]]),
        ("&sort=newest", [["x"], ["other", "who"], ["three", "who"], ["two", "who"]]),
        ("&kind=source", [["three", "who"], ["two", "who"]]),
        ("&kind=source&sort=newest", [["three", "who"], ["two", "who"]]),
        ("&record=who", [["three", "who"], ["other", "who"], ["two", "who"]]),
        ("&record=who&sort=newest", [["other", "who"], ["three", "who"], ["two", "who"]]),
        ("&record=who&kind=claim", [["other", "who"]]),
        ("&record=nothing", []),
        ("&state=merged", []),
    ],
)
@pytest.mark.parametrize("limit", [1, 50])
def test_filters_and_orders_of_the_list(several: Desk, query: str, found: list[list[str]], limit: int) -> None:
    assert pairs(several, f"limit={limit}{query}") == found


@pytest.mark.parametrize("query", ["kind=page", "state=closed", "sort=name", "record=No", "unknown=1", "limit=0"])
def test_unknown_filters_are_refused(several: Desk, query: str) -> None:
    assert several.call("GET", f"/v1/suggestions?{query}").status_code == 422


def test_a_cursor_of_another_order_is_not_found(several: Desk) -> None:
    following = several.get("/v1/suggestions?limit=1")["next"]
    assert several.call("GET", following.replace("limit=1", "limit=1&sort=newest")).status_code == 404


def test_a_suggestion_has_the_same_id_in_every_store(several: Desk) -> None:
    ids = {tuple(r["id"] for r in each["records"]): each["id"] for each in several.walk("/v1/suggestions")}
    assert ids["three", "who"] == "sg-" + _hash("source", "three", "who")
    shown: Any = several.get(f"/v1/suggestions/{ids['other', 'who']}")
    assert shown["kind"] == SuggestionKind.CLAIM
    assert several.call("GET", "/v1/suggestions/sg-nothing").status_code == 404


def _hash(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:16]
