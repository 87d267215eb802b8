"""A store of the last version is upgraded: its log stays as it was, and agrees with the tables afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import orjson
import pytest

from claim_verification.proofs.verification import Head
from service.config import Settings
from service.eventlog.events import Event, EventType, logged_state
from service.model.actors import MIGRATION, Caller, KeyRole
from service.model.entities import DEFAULT_POLICY, Mention, Policy, Stance
from service.model.errors import NotRecordedYet
from service.model.timestamps import from_us, to_us
from service.operations.consistency_check import doubts, examine
from service.operations.first_seen_backfill import log_first_seen
from service.operations.log_audit import audit
from service.operations.startup import prepare
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases import events
from service.use_cases.claims import get_corroboration
from service.use_cases.event_payloads import record_mention
from service.use_cases.mentions_and_links import withdraw_mention
from service.use_cases.unit_of_work import unit_of_work
from tests.storage import last_version

FILLED = dt.date(2026, 11, 30)
EARLIER = dt.datetime(2026, 11, 27, 23, 59, 59, tzinfo=dt.UTC)


@pytest.fixture
def old(settings: Settings) -> Iterator[Database]:
    """Yield a database of the last version."""
    database = Database(settings)
    last_version.fill(database)
    yield database
    database.close()


def _head(store: Store) -> Head:
    return events.head(store)


def _upgraded(old: Database, settings: Settings) -> tuple[Store, list[str], list[Event]]:
    """Start this version over the database; return the store, the steps, and the events that the upgrade logged."""
    store, steps = Store(old), list[str]()
    head = _head(store)
    prepare(settings, steps.append)
    assert list(audit(store, [(head.size, head.root_hash)])) == []
    assert list(examine(store)) == list(doubts(store)) == []
    return store, steps, store.events.page(head.size, 1000)


def test_the_first_day_of_a_document_is_that_of_its_creation(old: Database, settings: Settings) -> None:
    store, _, logged = _upgraded(old, settings)

    records = store.catalogue.documents(["copy", "original"])
    assert [record.document.first_seen for record in records] == [FILLED, FILLED]
    assert [event for event in logged if event.subject.startswith("document:")] == []


def test_a_document_older_than_its_log_has_an_event_with_its_first_day(old: Database, settings: Settings) -> None:
    """As in a store that was restored from an export, which keeps the times of creation."""
    old.run("UPDATE documents SET created_us = ? WHERE public_id = 'copy'", (to_us(EARLIER),))

    store, steps, logged = _upgraded(old, settings)

    assert "logged: the first days of 1 documents" in steps
    [event] = [event for event in logged if event.subject.startswith("document:")]
    assert (event.subject, event.type, event.actor) == ("document:copy", "document.changed", MIGRATION)
    assert logged_state(event)["first_seen"] == "2026-11-27"
    [record] = store.catalogue.documents(["copy"])
    assert record.document.first_seen == EARLIER.date()
    size = _head(store).size
    assert log_first_seen(store) == 0
    prepare(settings, steps.append)
    assert _head(store).size == size


def test_a_change_of_a_first_day_is_seen_although_the_log_has_none(old: Database, settings: Settings) -> None:
    store, _, _ = _upgraded(old, settings)
    old.run("UPDATE documents SET first_seen = '2020-01-01' WHERE public_id = 'copy'")
    [finding] = audit(store)
    assert finding.endswith("document:copy differs in the tables: first_seen")


def test_earlier_answers_come_from_the_log_of_that_version(old: Database, settings: Settings) -> None:
    """At each of its events, for the claims of that time; the last answer is the present one."""
    store, _, _ = _upgraded(old, settings)
    times = sorted({at_us for (at_us,) in old.rows("SELECT at_us FROM events")})
    mentions = [_mentions(store, at_us) for at_us in times]
    assert mentions == sorted(mentions)
    assert (mentions[0], mentions[-1]) == (0, 2)
    now = get_corroboration(store, "ships", DEFAULT_POLICY, None)
    then = get_corroboration(store, "ships", DEFAULT_POLICY, None, dt.datetime.now(dt.UTC))
    assert then.result == now.result


def _mentions(store: Store, at_us: int) -> int:
    try:
        return get_corroboration(store, "ships", DEFAULT_POLICY, None, from_us(at_us)).result.mentions
    except NotRecordedYet:
        return 0


def test_no_verdict_becomes_stale_until_the_evidence_changes(old: Database, settings: Settings) -> None:
    old.run(
        "UPDATE verdicts SET judged_hash = (SELECT judged_hash FROM claims c WHERE c.id = claim_id) "
        "WHERE review IS NULL AND state = 'published'"
    )
    own = "SELECT v.public_id, c.public_id FROM verdicts v JOIN claims c ON c.id = v.claim_id WHERE review IS NULL"
    fresh: dict[str, str] = dict(old.rows(f"{own} AND v.judged_hash = c.judged_hash AND c.root_id IS NULL"))
    assert fresh
    store = Store(old)
    prepare(settings, lambda step: None)

    def stale() -> set[str]:
        listed = (store.verdicts.verdict(name) for (name, _) in old.rows(own))
        return {each.verdict.id for each in listed if each is not None and each.stale}

    assert not stale() & fresh.keys()
    for claim in set(fresh.values()):
        store_mention(store, claim)
    assert fresh.keys() <= stale()
    for claim in set(fresh.values()):
        withdraw_mention(store, Caller("Ed", KeyRole.EDITOR, "k"), f"m-new-{claim}", "An error.")
    assert not stale() & fresh.keys(), "what is undone leaves no verdict stale"
    assert list(examine(store)) == []


def store_mention(store: Store, claim: str) -> None:
    """Add a mention of a claim."""
    with unit_of_work(store, "Ed") as work:
        mention = Mention(f"m-new-{claim}", claim, "copy", Stance.REFUTES)
        store.evidence_writes.insert_mentions([mention], seeded=False)
        record_mention(work, EventType.MENTION_ADDED, mention)
        work.touch(store.claims.public_keys("claims", [claim]).values())


def test_each_changed_count_has_one_event_that_says_why(old: Database, settings: Settings) -> None:
    certain = "SELECT public_id, status, origins_at_least, origins_at_most, origins_at_least FROM claims"
    before = {name: tuple(counts) for name, *counts in old.rows(certain)}
    _, steps, logged = _upgraded(old, settings)
    named = "SELECT public_id, status, origins_at_least, origins_at_most, origins_named FROM claims"
    after = {name: tuple(counts) for name, *counts in old.rows(named)}
    changed = sorted(f"claim:{name}" for name in before if before[name] != after[name])
    assert changed
    events_of = [event for event in logged if event.type == "corroboration.changed"]
    assert sorted(event.subject for event in events_of) == changed
    assert {orjson.loads(event.payload)["reason"] for event in events_of} == {"policy v1 to v2"}
    assert [step for step in steps if step.startswith("rebuilt: ")]


def test_version_1_answers_as_before(old: Database, settings: Settings) -> None:
    columns = "status, origins_at_least, origins_at_most, differing_at_least, differing_at_most, refuting_at_least, "
    columns += "refuting_at_most, mentions, documents"
    stored = old.rows(f"SELECT public_id, {columns} FROM claims WHERE root_id IS NULL")  # noqa: S608
    store, _, _ = _upgraded(old, settings)
    policy = Policy.named("v1-organisation-2")
    for name, *counts in stored:
        result = get_corroboration(store, name, policy, None).result
        sides = (result.supports.origins, result.differs.origins, result.refutes.origins)
        bounds = [bound for side in sides for bound in (side.at_least, side.at_most)]
        assert [result.status, *bounds, result.mentions, result.documents] == counts


def test_the_migration_alone_leaves_a_store_that_can_be_audited(old: Database) -> None:
    migrate(old)
    assert list(audit(Store(old))) == []


def test_what_the_version_before_derived_otherwise_is_derived_anew(settings: Settings) -> None:
    """Names that sources are found by, and the page of a login; with no event but for what changes."""
    with closing(Database(settings)) as database:
        last_version.fill(database, "0011_policy_2")
        _, steps, logged = _upgraded(database, settings)
        assert "merged: 1 documents, each of a page that another document has under another address" in steps
        assert [(event.type, event.subject) for event in logged] == [("document.merged", "document:post")]
        size = _head(Store(database)).size
        prepare(settings, steps.append)
        assert _head(Store(database)).size == size
