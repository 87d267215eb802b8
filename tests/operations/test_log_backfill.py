"""A store from before the log: its log begins with what was there, and once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from service.api import build_app
from service.config import Settings
from service.eventlog.events import DERIVED
from service.model.actors import MIGRATION
from service.model.ids import stated_id
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.operations.log_backfill import backfill_log
from service.operations.startup import prepare
from service.storage.database import Database
from service.storage.migrations import migrate
from service.storage.queries.events import EventQueries
from service.store import Store
from tests.storage import old_database
from tests.storage.old_database import LINKS, TABLES, rows


@pytest.fixture
def old(settings: Settings) -> Iterator[Database]:
    """Yield a database of the version before writing."""
    database = Database(settings)
    old_database.fill(database)
    yield database
    database.close()


@pytest.fixture
def started(old: Database, settings: Settings) -> Store:
    """Return the old database, after the new version was started over it."""
    said: list[str] = []
    prepare(settings, said.append)
    began = said.index("log created: the existing records are in it")
    assert all(step.startswith("migrated: ") for step in said[:began])
    assert said[0] == "migrated: 0002_writing"
    return Store(old)


def test_a_start_makes_the_log_begin_with_what_was_there(started: Store) -> None:
    assert list(audit(started)) == []
    assert list(examine(started)) == []
    events = list(started.events.all_events())
    assert {event.actor for event in events} == {MIGRATION}
    assert Counter(event.type for event in events) == {
        "source.created": 3,
        "document.created": 2,
        "claim.created": 3,
        "mention.added": 3,
        "link.added": 4,
        "verdict.published": 4,
        "corroboration.changed": 3,
        "agreement.changed": 1,
    }
    made = [event.subject for event in events if event.type not in DERIVED]
    assert len(made) == len(set(made)) == 19
    seen = {"source:ministry", "document:doc-copy", "claim:no-ships", "mention:m-fee", "verdict:v-second"}
    assert seen | {f"link:{stated_id('l', *link)}" for link in LINKS} <= set(made)


def test_the_log_begins_once(started: Store, settings: Settings) -> None:
    before = started.events.log_end(), {table: rows(started.database, table) for table in TABLES}
    said: list[str] = []

    prepare(settings, said.append)

    assert [line for line in said if "log" in line or "migrated" in line] == []
    assert not backfill_log(started)
    assert (started.events.log_end(), {table: rows(started.database, table) for table in TABLES}) == before


def test_of_two_that_start_at_once_one_begins_the_log(old: Database, settings: Settings) -> None:
    migrate(old)
    upgraded = Store(old)
    looked = threading.Event()

    class Slow(EventQueries):
        """Says when it has found the log empty."""

        def log_end(self) -> tuple[int, int, str | None]:
            found = super().log_end()
            looked.set()
            return found

    def start() -> bool:
        database = Database(settings)
        try:
            store = Store(database)
            store.events = Slow(database)
            return backfill_log(store)
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        with upgraded.write():
            other = pool.submit(start)
            assert looked.wait(10)
            assert backfill_log(upgraded)
        assert other.result(10) is False
    assert list(audit(upgraded)) == []


def test_an_empty_store_has_nothing_to_begin_a_log_with(store: Store) -> None:
    assert not backfill_log(store)
    assert store.events.log_end()[0] == 0
    assert list(audit(store)) == []


def test_what_was_there_is_shown(started: Store, settings: Settings) -> None:
    client = build_app(started, settings).test_client()
    claim = client.get("/v1/claims/ships-arrived").get_json()
    assert claim["note"] == old_database.NOTED
    assert claim["quantity"] == {"low": 12, "high": 12, "unit": "ships", "qualifier": "exact"}
    judged = claim["verdicts"]
    assert (judged["agreement"], judged["checkers"], judged["tally"]["refuted"]) == ("unanimous", 2, 2)
    assert [verdict["id"] for verdict in judged["current"]] == ["v-other", "v-third"]
    shown = {(link["direction"], link["type"], link["claim"], link["id"]) for link in claim["links"]}
    assert shown == {
        (direction, kind, theirs, stated_id("l", stating, kind, other))
        for stating, kind, other in LINKS
        for direction, ours, theirs in (("outgoing", stating, other), ("incoming", other, stating))
        if ours == "ships-arrived"
    }
    verdicts = client.get("/v1/claims/ships-arrived/verdicts").get_json()["data"]
    assert [verdict["id"] for verdict in verdicts] == ["v-third", "v-other", "v-second", "v-first"]
    waiting = client.get("/v1/claims/ships-arrived/history").get_json()["data"]
    assert [entry["actor"] for entry in waiting] == [MIGRATION] * len(waiting)


@pytest.mark.parametrize("table", ["events", "event_subjects", "event_nodes"])
def test_a_line_of_the_log_is_written_once(started: Store, table: str) -> None:
    """Not by accident, that is: whoever owns the database can do anything, which is what the hashes are for."""
    database = started.database
    before = rows(database, table)
    assert len(before) > 1
    statements = [f"UPDATE {table} SET {column} = {column}" for column in before[0]]  # noqa: S608
    statements.append(f"DELETE FROM {table}")  # noqa: S608
    for statement in statements:
        with pytest.raises(peewee.DatabaseError, match="append only"), started.write():
            database.run(statement)
    assert rows(database, table) == before
    assert list(audit(started)) == []
