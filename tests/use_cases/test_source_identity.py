"""One name is one source, however it is spelled; and an editor can insist that two are two."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from service.model.actors import Caller, KeyRole
from service.model.entities import Source, SourceKind
from service.model.errors import Conflict
from service.operations.consistency_check import examine, rebuild
from service.store import Store
from service.use_cases.editing import create_source
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import ids

NAMED = {"name": "Harbour Board", "kind": "government"}


@pytest.fixture
def board(desk: Desk) -> Desk:
    """Return a desk with one source."""
    desk.source("board", name="The Harbour Board", aliases=["N.H.B."], country="NO")
    return desk


@pytest.mark.parametrize("name", ["harbour board", "Harbour-Board", "HARBOUR\u200b BOARD", "NHB", "“Harbour” Board"])
def test_a_source_is_not_created_twice(board: Desk, name: str) -> None:
    problem = board.refused("/v1/sources", "Ed", NAMED | {"name": name}, 409, "source_exists")
    assert "'board' (The Harbour Board)" in problem["detail"]
    board.refused("/v1/sources", "Ed", NAMED | {"name": "Other", "aliases": [name]}, 409, "source_exists")


def test_an_editor_can_insist(board: Desk) -> None:
    other = board.post("/v1/sources", "Ed", NAMED | {"id": "other", "distinct_from": ["board"]})
    assert (other["distinct_from"], other["similar"]) == (["board"], [])
    assert board.get("/v1/sources/other")["distinct_from"] == ["board"]
    # A third is one of the two until it says otherwise.
    third = NAMED | {"id": "third", "distinct_from": ["board"]}
    assert "'other'" in board.refused("/v1/sources", "Ed", third, 409, "source_exists")["detail"]
    board.post("/v1/sources", "Ed", third | {"distinct_from": ["other", "board"]})


def test_distinct_sources_cannot_be_merged(board: Desk) -> None:
    board.source("other", name="Harbour Board", distinct_from=["board"])
    board.source("branch", name="Branch of the Board")
    board.merge("/v1/sources/branch", "other")
    for source, into in (("other", "board"), ("board", "other")):
        board.refused(f"/v1/sources/{source}/merge", "Ed", {"into": into, "reason": WHY}, 409, "distinct")
    board.patch("/v1/sources/other", "Ed", {"distinct_from": []})
    assert board.merge("/v1/sources/other", "board")["id"] == "board"


def test_sources_merged_into_distinct_ones_are_distinct(board: Desk) -> None:
    board.source("other", name="Harbour Board", distinct_from=["board"])
    board.source("port", name="Port Office")
    board.merge("/v1/sources/other", "port")
    board.refused("/v1/sources/port/merge", "Ed", {"into": "board", "reason": WHY}, 409, "distinct")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"country": "SE"}, 201),
        ({"country": "NO"}, 409),
        ({}, 409),
        ({"country": "SE", "kind": "collective"}, 409),
    ],
)
def test_identifiable_namesakes_of_different_countries_are_two(
    board: Desk, changes: dict[str, str], status: int
) -> None:
    response = board.call("POST", "/v1/sources", "Ed", NAMED | changes)
    assert response.status_code == status
    assert status == 409 or response.get_json()["similar"] == []


def test_the_name_of_a_merged_source_is_that_of_the_other(board: Desk) -> None:
    board.source("port", name="Port Office")
    board.merge("/v1/sources/port", "board")
    problem = board.refused("/v1/sources", "Ed", NAMED | {"name": "Port office"}, 409, "source_exists")
    assert "'board'" in problem["detail"]
    board.post("/v1/sources", "Ed", NAMED | {"name": "Port Office", "distinct_from": ["board"]})


def test_a_change_makes_no_namesake(board: Desk) -> None:
    board.source("port", name="Port Office")
    board.refuses("PATCH", "/v1/sources/port", "Ed", {"aliases": ["Harbour board"]}, 409, "source_exists")
    board.refuses("PATCH", "/v1/sources/port", "Ed", {"name": "N. H. B."}, 409, "source_exists")
    changed = board.patch("/v1/sources/port", "Ed", {"name": "N. H. B.", "distinct_from": ["board"]})
    assert (changed["name"], changed["distinct_from"]) == ("N. H. B.", ["board"])
    # The one that is said to be distinct can change too.
    board.patch("/v1/sources/board", "Ed", {"aliases": ["NHB", "Board of the Harbour"]})


def test_namesakes_that_are_there_can_be_changed(board: Desk) -> None:
    board.source("other", name="Harbour Board", country="SE")
    with board.store.write():  # a store of an earlier version may have two
        board.store.database.run("UPDATE sources SET country = NULL WHERE public_id = 'other'")
    with board.store.write():
        assert board.store.catalogue.sources(["other"])[0].source.country is None
    assert board.patch("/v1/sources/other", "Ed", {"note": "Moved."})["note"] == "Moved."


@pytest.mark.parametrize("given", [["nobody"], ["port"], ["branch"], ["board", "board"]])
def test_what_a_source_cannot_be_distinct_from(board: Desk, given: list[str]) -> None:
    board.source("port", name="Port Office")
    board.source("branch", name="Branch")
    board.merge("/v1/sources/branch", "port")
    board.refuses("PATCH", "/v1/sources/port", "Ed", {"distinct_from": given}, 422, field="/distinct_from")


def test_a_similar_source_is_created_and_shown(board: Desk) -> None:
    created = board.post("/v1/sources", "Ed", NAMED | {"id": "near", "name": "Board, Harbour"})
    assert created["similar"] == [{"id": "board", "name": "The Harbour Board"}]
    assert "similar" not in board.get("/v1/sources/near")
    changed = board.patch("/v1/sources/near", "Ed", {"note": "At the pier."})
    assert (changed["note"], changed["similar"]) == ("At the pier.", created["similar"])
    assert ids(board.source("nhb", name="Northport Harbour Board")["similar"]) == ["board", "near"]
    # Left out are those of another country, and those that are said to be distinct.
    assert ids(board.source("far", name="Boards Harbour", country="SE")["similar"]) == ["near"]
    created = board.source("last", name="Harbour, Boards", country="SE", distinct_from=["near"])
    assert ids(created["similar"]) == ["far"]


@pytest.mark.one_engine
def test_a_name_that_identifies_nobody_is_a_finding(board: Desk) -> None:
    assert board.source("one", name="Pier Society")["findings"] == []
    created = board.post("/v1/sources", "Ed", {"id": "some", "name": "Several sources", "kind": "unspecified"})
    [finding] = created["findings"]
    assert (finding["code"], finding["field"]) == ("crowd_words", "kind")
    assert finding["message"].startswith(
        "The name 'Several sources' identifies nobody, but a source of the kind 'unspec"
    )
    assert board.patch("/v1/sources/some", "Ed", {"note": "As written."})["findings"] == [finding]
    # A body may be called so, and the kind that was meant is right.
    for kind in ("outlet", "collective"):
        assert board.patch("/v1/sources/some", "Ed", {"kind": kind})["findings"] == []


@pytest.mark.parametrize("table", ["source_names", "source_near_keys"])
def test_names_that_are_missing_are_reported_and_rebuilt(board: Desk, table: str) -> None:
    with board.store.write():
        board.store.database.run(f"DELETE FROM {table}")  # noqa: S608
    assert list(examine(board.store)) == [
        "source board: the stored names that it is found by are not those of its name and aliases"
    ]
    rebuild(board.store, dt.datetime.now(dt.UTC))
    assert list(examine(board.store)) == []


def test_of_two_writers_of_one_name_one_is_refused(store: Store) -> None:
    ed = Caller("Ed", KeyRole.EDITOR, "k-1")

    def write(number: int) -> str:
        spelling = ("Harbour Board", "HARBOUR BOARD", "The Harbour-Board")[number % 3]
        try:
            return create_source(store, ed, Source(f"s-{number}", spelling, SourceKind.GOVERNMENT))
        except Conflict as error:
            return error.code
        finally:
            store.database.close()

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(write, range(12)))
    assert outcomes.count("source_exists") == 11


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        ("harb", ["board", "other"]),
        ("THE HARBOUR-B", ["board"]),
        ("nhb", ["board"]),
        ("n.h", ["board"]),
        ("port", ["port"]),
        ("board", []),
        ("%", []),
    ],
)
def test_sources_are_found_by_the_beginning_of_a_name(board: Desk, beginning: str, expected: list[str]) -> None:
    board.source("other", name="Harbour Watch", aliases=["Harbour Watchers", "Gulls"], kind="ngo")
    board.source("port", name="Port Office")
    path = f"/v1/sources?q={quote(beginning)}"
    for limit in (1, 50):
        assert ids(board.walk(f"{path}&limit={limit}")) == expected
    assert ids(board.walk(f"{path}&kind=ngo")) == [i for i in expected if i == "other"]


def test_a_renamed_source_is_found_by_its_new_name(board: Desk) -> None:
    board.patch("/v1/sources/board", "Ed", {"name": "Quay Office"})
    assert ids(board.walk("/v1/sources?q=harbour")) == []
    assert ids(board.walk("/v1/sources?q=quay")) == ["board"]
