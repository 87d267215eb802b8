"""The suggestions of a store from before there were any are found once, and by ``claims rebuild``."""

from __future__ import annotations

import datetime as dt

import pytest

from service.config import Settings
from service.interchange.claimreview.collective_names import load_collectives
from service.operations.consistency_check import examine, rebuild
from service.operations.startup import prepare
from service.operations.suggestion_search import suggest_once
from service.storage.queries import base, likely_pairs
from service.store import Store
from tests.use_cases.desk import Desk

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
PAIRS = {("source", "one", "two"), ("document", "one", "two"), ("claim", "one", "two"), ("collective", "x")}
CROWD = ("collective", "crowd")


@pytest.fixture
def before(desk: Desk) -> Store:
    """Return a store without suggestions, with a pair of each kind, and a crowd that an editor has changed."""
    desk.source("one", name="Harbour Board")
    desk.source("two", name="HarbourBoard")
    desk.source("x", name="x.com", kind="person")
    desk.source("crowd", name="Facebook users", kind="unspecified")
    desk.source("gone", name="Viral posts", kind="unspecified")
    desk.merge("/v1/sources/gone", "crowd")
    for name in ("one", "two"):
        desk.document(name, title="Ships sink in the harbour", publisher="one")
    desk.claim("one", text="ICE decides.")
    desk.claim("two", text="Ice decides.")
    for number in range(5):
        desk.claim(f"c{number}")
    desk.store.database.run("DELETE FROM suggestions")
    return desk.store


def found(store: Store) -> set[tuple[str, ...]]:
    """Return the records of all open suggestions, with their kinds."""
    every = store.suggestions.all_suggestions()
    return {(str(each.pair.kind), *each.pair.records) for each in every if each.state == "open"}


@pytest.mark.parametrize("size", [2, 500])
def test_they_are_found_once(before: Store, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "BATCH", size)
    monkeypatch.setattr(likely_pairs, "BATCH", size)
    assert suggest_once(before, load_collectives()) == 5
    assert found(before) == {*PAIRS, CROWD}
    assert list(examine(before)) == []
    before.database.run("DELETE FROM suggestions")
    assert suggest_once(before, load_collectives()) == 0
    assert found(before) == set()


def test_names_are_found_as_this_version_does(before: Store) -> None:
    """Near keys were those of whole names: no one was found without a title."""
    before.database.run("DELETE FROM source_near_keys")
    assert len(list(examine(before))) == 5
    assert suggest_once(before, load_collectives()) == 5
    assert list(examine(before)) == []


def test_a_start_says_what_it_found(before: Store, settings: Settings) -> None:
    steps: list[str] = []
    prepare(settings, steps.append)
    assert "found: 5 suggestions of records that may be one (claims suggestions)" in steps


def test_a_rebuild_finds_them_and_corrects_what_is_stored(before: Store) -> None:
    rebuild(before, NOW)
    assert found(before) == {*PAIRS, CROWD}
    before.database.run("UPDATE suggestions SET score = 7, state = 'outdated'")
    assert len(list(examine(before))) == len(PAIRS) + 1
    rebuild(before, NOW)
    assert found(before) == {*PAIRS, CROWD}
    assert list(examine(before)) == []


def test_a_crowd_stays_suggested_while_it_is_identifiable(before: Store, desk: Desk) -> None:
    suggest_once(before, load_collectives())
    desk.patch("/v1/sources/crowd", "Ed", {"note": "N."})
    assert CROWD in found(before)
    desk.patch("/v1/sources/crowd", "Ed", {"kind": "anonymous"})
    assert CROWD not in found(before)


@pytest.mark.parametrize(("table", "column"), [("claims", "near_key"), ("documents", "title_key")])
def test_a_stored_key_that_is_wrong_is_reported(before: Store, table: str, column: str) -> None:
    before.database.run(f"UPDATE {table} SET {column} = 'x' WHERE public_id = 'one'")  # noqa: S608
    [line] = examine(before)
    assert line.startswith(f"{table.removesuffix('s')} one: the stored key of its ")
    keys = {"claims": "SELECT near_key FROM claims", "documents": "SELECT title_key FROM documents"}
    [(right,)] = before.database.rows(f"{keys[table]} WHERE public_id = 'two'")
    before.database.run(f"UPDATE {table} SET {column} = ? WHERE public_id = 'one'", (right,))  # noqa: S608
