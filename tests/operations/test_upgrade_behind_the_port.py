"""A store of many claims is upgraded behind the open port: its answers are right meanwhile, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from threading import Event

import pytest
from playhouse.migrations import Runner

from benchmarks.synthetic import WIDE, fill
from service.config import Settings
from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import load_collectives
from service.model.entities import Status
from service.model.filters import ClaimFilters, Sort
from service.model.recounts import Recount
from service.operations.consistency_check import examine, faults, unfinished
from service.operations.log_audit import audit
from service.operations.recounting import LOCK, do_recounts
from service.operations.startup import prepare
from service.operations.upgrade import finish_upgrade, upgrade_left, upgrade_records
from service.storage.database import Database
from service.storage.migrations import DIRECTORY, migrate
from service.storage.queries import claim_pages
from service.storage.schema import deferred
from service.storage.tables import TABLES
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_claim
from service.use_cases.recounts import NARROW
from service.use_cases.unit_of_work import unit_of_work
from tests.operations.holding import held_elsewhere
from tests.settings import make_settings

CLAIMS = NARROW + 20
EARLIER = "0015_same_as"
STEPS = ["indexes", "first_seen", "imports", "addresses", "pages of documents", "suggestions"]
FILTERS = (ClaimFilters(), ClaimFilters(topic="topic-7"), ClaimFilters(source=WIDE, status=Status.SINGLE_ORIGIN))
_LISTING = """
SELECT f.claim_id, k.kind, k.value, s.updated_us, s.origins, s.mentions, s.named
FROM claim_facets f JOIN facets k ON k.id = f.facet_id JOIN claim_sort_keys s ON s.claim_id = f.claim_id
"""


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Yield a store of this version. For reading only."""
    url = f"sqlite:///{tmp_path_factory.mktemp('current') / 'claims.db'}"
    with closing(Database(make_settings(url))) as database:
        migrate(database)
        fill(Store(database), CLAIMS)
        yield Store(database)


@pytest.fixture
def older(current: Store, settings: Settings) -> Iterator[Store]:
    """Yield a store with the same rows in the schema of an earlier version, whose facets have the sort keys."""
    with closing(Database(settings)) as database:
        Runner(database.peewee, str(DIRECTORY)).up(EARLIER)
        listing = current.database.rows(_LISTING.replace("k.kind, k.value", "f.facet_id"))
        with database.write():
            database.run("DELETE FROM search_totals")
            for table in (table._meta.table_name for table in TABLES):
                if table not in ("claim_facets", "claim_sort_keys", "recounts", "derived"):
                    _copy(current.database, database, table)
            names = "claim_id, facet_id, updated_us, origins, mentions, named"
            database.run_many(f"INSERT INTO claim_facets ({names}) VALUES (?, ?, ?, ?, ?, ?)", listing)  # noqa: S608
            database.run("INSERT INTO derived (name, version) VALUES ('claims', 5)")
        yield Store(database)


def _copy(source: Database, target: Database, table: str) -> None:
    columns = target.peewee.get_columns(table)
    if not columns:
        return  # a table of a later version
    names = ", ".join(column.name for column in columns)
    flags = [column.data_type == "boolean" for column in columns]
    found = source.rows(f"SELECT {names} FROM {table} ORDER BY 1")  # noqa: S608 - names of ours
    values = [[bool(v) if flag else v for flag, v in zip(flags, row, strict=True)] for row in found]
    target.run_many(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", values)  # noqa: S608
    if target.engine == "postgresql" and columns[0].name == "id":
        # As if the sequence had numbered the rows.
        target.row(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")  # noqa: S608


def _same(store: Store, current: Store) -> None:
    """Assert that lists and claims are those of the current version."""
    for filters in FILTERS:
        for sort in Sort:
            pages = [each.claims.claims_page(filters, sort, None, 50) for each in (store, current)]
            assert [claim.json for claim in pages[0]] == [claim.json for claim in pages[1]]
            assert pages[0]
    assert get_claim(store, "claim-7").json == get_claim(current, "claim-7").json


def _finish(store: Store) -> None:
    assert finish_upgrade(store, load_collectives(), lambda step: None)
    assert do_recounts(store)


def _equal(store: Store, current: Store) -> None:
    """Assert that the store is as if this version had made it."""
    assert upgrade_left(store) == list(unfinished(store)) == list(faults(store)) == []
    assert list(examine(store)) == list(audit(store)) == []
    for query in (_LISTING, "SELECT * FROM claim_sort_keys", "SELECT id, version, updated_us, json FROM claims"):
        assert sorted(store.database.rows(query)) == sorted(current.database.rows(query))
    assert store.events.log_end() == current.events.log_end()


def test_the_port_opens_before_the_work_is_done_which_goes_on_where_it_was_interrupted(
    older: Store, current: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between two indexes, then between two steps, then between two turns of the recount."""
    monkeypatch.setattr(claim_pages, "SORTED_AT_MOST", 0)  # so that lists walk an order, by signatures
    said: list[str] = []
    prepare(settings, said.append)
    assert f"to be upgraded while the service answers (GET /readyz tells what is left): {', '.join(STEPS)}" in said
    assert upgrade_left(older) == STEPS
    assert older.recounts.claims_left() == CLAIMS
    assert list(faults(older)) == []
    assert [line.partition(":")[0] for line in unfinished(older)] == ["upgrading", "recounting"]
    _same(older, current)

    made: list[str] = []

    def killed(name: str) -> None:
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(name)
        deferred.make(older.database, name)

    with monkeypatch.context() as patch:
        patch.setattr(older.upgrades, "make", killed)
        with pytest.raises(KeyboardInterrupt):
            finish_upgrade(older, load_collectives(), lambda step: None)
    assert older.upgrades.deferred()
    assert not set(made) & set(older.upgrades.deferred())
    _same(older, current)
    stopping = Event()
    assert not finish_upgrade(older, load_collectives(), lambda step: stopping.set(), stopping)
    assert upgrade_left(older) == STEPS[1:]
    advance = older.recounts.advance

    def killed_later(recount: Recount, after: int, left: int) -> None:
        if left < CLAIMS - 20:
            raise KeyboardInterrupt
        advance(recount, after, left)

    assert finish_upgrade(older, load_collectives(), lambda step: None)
    with monkeypatch.context() as patch:
        patch.setattr(older.recounts, "advance", killed_later)
        with pytest.raises(KeyboardInterrupt):
            do_recounts(older)
    assert 0 < older.recounts.claims_left() < CLAIMS
    _same(older, current)

    _finish(older)

    _equal(older, current)


def test_a_write_before_the_work_is_done_is_kept(older: Store, settings: Settings) -> None:
    """A command leaves the work to a service that does it."""
    migrate(older.database)
    said: list[str] = []
    with held_elsewhere(older, LOCK):
        upgrade_records(older, load_collectives(), said.append)
    assert said[0] == "another process is upgrading the store, while it answers"
    assert upgrade_left(older) == STEPS
    key = older.claims.public_keys("claims", ["claim-7"])["claim-7"]
    [before] = older.claims.claim_states([key])
    with unit_of_work(older, "Ed") as work:
        changed = replace(before.claim, topics=("topic-new",))
        assert older.evidence_writes.update_claim(changed, 1)
        record_claim(work, EventType.CLAIM_CHANGED, changed, before)
        work.touch([key])
    new = ClaimFilters(topic="topic-new")
    assert [found.key for found in older.claims.claims_page(new, Sort.RECENCY, None, 50)] == [key]
    _finish(older)
    assert [found.key for found in older.claims.claims_page(new, Sort.RECENCY, None, 50)] == [key]
    assert list(examine(older)) == list(audit(older)) == list(faults(older)) == []
