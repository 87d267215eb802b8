"""A database of the version before writing: all of it is there after the upgrade, and the log begins with it."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import peewee
import pytest

from service.actors import MIGRATION
from service.adoption import adopt
from service.api import build_app
from service.audit import audit
from service.config import Settings
from service.db import Database
from service.doctor import examine
from service.errors import Duplicate
from service.ids import stated_id
from service.judging import Rating, Verdict, VerdictState
from service.migrations import check_schema, migrate
from service.startup import prepare
from service.store import Store
from service.types import Basis, Claim, ClaimLink, LinkType, Mark, Mention, Stance
from tests import old_database

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
UNCHANGED = (
    "sources",
    "source_aliases",
    "documents",
    "claims",
    "claim_topics",
    "mentions",
    "attributions",
    "claim_links",
    "verdicts",
    "facets",
    "claim_facets",
)
LINKS = {
    ("ships-arrived", "contradicts", "no-ships"),
    ("no-ships", "contradicts", "ships-arrived"),
    ("ships-arrived", "distinct_from", "fee-doubled"),
    ("fee-doubled", "part_of", "ships-arrived"),
}


@pytest.fixture
def old(settings: Settings) -> Iterator[Database]:
    """A database of the version before writing."""
    database = Database(settings)
    old_database.fill(database)
    yield database
    database.close()


@pytest.fixture
def upgraded(old: Database) -> Store:
    """The same, after the migration."""
    assert migrate(old)[0] == "0002_writing"
    return Store(old)


def rows(database: Database, table: str) -> list[dict[str, object]]:
    """Every row of a table, by the names of its columns."""
    names = [column.name for column in database.peewee.get_columns(table)]
    found = database.rows(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
    return sorted((dict(zip(names, row, strict=True)) for row in found), key=repr)


def test_nothing_is_lost(old: Database) -> None:
    before = {table: rows(old, table) for table in UNCHANGED}
    assert all(before.values())

    migrate(old)

    check_schema(old)
    for table, earlier in before.items():
        names = set(earlier[0])
        kept = [{name: value for name, value in row.items() if name in names} for row in rows(old, table)]
        if table == "verdicts":  # what rested on nothing rests on an empty list
            earlier = [row | {"evidence": row["evidence"] or "[]"} for row in earlier]
        assert sorted(kept, key=repr) == sorted(earlier, key=repr), table


def test_links_have_the_ids_that_follow_from_what_they_say(upgraded: Store) -> None:
    stored = {row["public_id"] for row in rows(upgraded.database, "claim_links")}
    assert stored == {stated_id("l", *link) for link in LINKS}
    for claim, kind, other in LINKS:
        # The ids are in other stores and in links people keep: they must stay what they are.
        public_id = f"l-{sha256(f'{claim}|{kind}|{other}'.encode()).hexdigest()[:16]}"
        record = upgraded.link(public_id)
        assert record is not None
        assert (record.claim, record.link.type, record.link.claim, record.withdrawn) == (claim, kind, other, None)


def test_verdicts_are_published_and_know_what_took_their_place(upgraded: Store) -> None:
    found = {name: upgraded.verdict(name) for name in ("v-first", "v-second", "v-third", "v-other")}
    verdicts = {name: listed.verdict for name, listed in found.items() if listed is not None}
    chain = {name: (verdict.supersedes, verdict.superseded_by) for name, verdict in verdicts.items()}
    assert chain == {
        "v-first": (None, "v-second"),
        "v-second": ("v-first", "v-third"),
        "v-third": ("v-second", None),
        "v-other": (None, None),
    }
    for verdict in verdicts.values():
        assert verdict.state is VerdictState.PUBLISHED
        assert verdict.state_at == verdict.created_at
        assert (verdict.retraction, verdict.reviewers, verdict.withdrawn_by) == (False, (), None)
    assert [ground.mention for ground in verdicts["v-first"].evidence] == ["m-report"]
    assert verdicts["v-second"].reason == old_database.NOTED


def test_references_hold_and_what_may_stand_once_may_not_stand_twice(upgraded: Store) -> None:
    database = upgraded.database
    if database.engine == "sqlite":
        assert database.rows("PRAGMA foreign_key_check") == []
        assert database.rows("PRAGMA integrity_check") == [("ok",)]
    for table, column in (
        ("claim_links", "claim_id"),
        ("claim_links", "other_id"),
        ("verdicts", "claim_id"),
        ("verdicts", "supersedes_id"),
        ("verdicts", "superseded_by_id"),
        ("claims", "merged_into_id"),
        ("claims", "root_id"),
    ):
        with pytest.raises(peewee.IntegrityError), upgraded.write():
            database.run(f"UPDATE {table} SET {column} = 4711")  # noqa: S608
    for name in ("v-first", "v-second"):
        with pytest.raises(peewee.IntegrityError), upgraded.write():
            database.run("DELETE FROM verdicts WHERE public_id = ?", (name,))
    again = _verdict("v-again", supersedes="v-first")
    with pytest.raises(Duplicate), upgraded.write():
        upgraded.insert_verdict(again)


def test_what_was_withdrawn_may_be_said_again(upgraded: Store) -> None:
    mark = Mark(NOW, "Jane Doe", "Entered twice.")
    chains: tuple[tuple[str, tuple[str, ...]], ...] = (("m-copy", ("ministry",)), ("m-fee", ()))
    for name, chain in chains:
        mention, _ = upgraded.stated_mentions([name])[name]
        assert mention.attribution == chain
        for number in (1, 2):
            other = replace(mention, id=f"{name}-{number}")
            with pytest.raises(Duplicate), upgraded.write():
                upgraded.insert_mentions([other], seeded=False)
            with upgraded.write():
                upgraded.withdraw_mention(name if number == 1 else f"{name}-1", mark)
                upgraded.insert_mentions([other], seeded=False)
    for claim, kind, other_claim in LINKS:
        link = ClaimLink(LinkType(kind), other_claim, "Again.")
        with pytest.raises(Duplicate), upgraded.write():
            upgraded.insert_links([(claim, link)], seeded=False)
        with upgraded.write():
            upgraded.withdraw_link(stated_id("l", claim, kind, other_claim), mark)
            upgraded.insert_links([(claim, link)], seeded=False)
    with upgraded.write():
        upgraded.database.run("UPDATE verdicts SET state = 'withdrawn' WHERE public_id = 'v-second'")
        upgraded.insert_verdict(_verdict("v-again", supersedes="v-first"))


def test_keys_go_on_after_those_that_were_copied(upgraded: Store) -> None:
    tables = ("claims", "mentions", "claim_links", "verdicts")
    last = {table: max(int(str(row["id"])) for row in rows(upgraded.database, table)) for table in tables}
    with upgraded.write():
        upgraded.insert_claims([Claim("new", "New.", "the harbour", topics=("harbour",))], 0)
        mention = Mention("m-new", "new", "doc-copy", Stance.REFUTES, ("ministry",), Basis.EXPLICIT)
        upgraded.insert_mentions([mention], seeded=False)
        upgraded.insert_links([("new", ClaimLink(LinkType.REFINES, "no-ships"))], seeded=False)
        upgraded.insert_verdict(_verdict("v-new"))
    for table in tables:
        assert max(int(str(row["id"])) for row in rows(upgraded.database, table)) == last[table] + 1, table


def test_a_first_verdict_after_the_upgrade_finds_no_key_taken(settings: Settings) -> None:
    """Where there was none to copy, the keys begin at the beginning."""
    database = Database(settings)
    old_database.fill(database, verdicts=False)
    migrate(database)
    with Store(database).write():
        Store(database).insert_verdict(_verdict("v-new"))
    assert [row["id"] for row in rows(database, "verdicts")] == [1]
    database.close()


# The log.


@pytest.fixture
def started(old: Database, settings: Settings) -> Store:
    """The old database, after the new version was started over it."""
    said: list[str] = []
    prepare(settings, said.append)
    assert said == ["migrated: 0002_writing", "the log begins: what was there before it is in it now"]
    return Store(old)


def test_a_start_makes_the_log_begin_with_what_was_there(started: Store) -> None:
    assert list(audit(started)) == []
    assert list(examine(started)) == []
    events = list(started.all_events())
    assert {event.actor for event in events} == {MIGRATION}
    assert Counter(event.type for event in events) == {
        "source.created": 3,
        "document.created": 2,
        "claim.created": 3,
        "mention.added": 3,
        "link.added": 4,
        "verdict.published": 4,
        "agreement.changed": 1,
    }
    made = [event.subject for event in events if event.type != "agreement.changed"]
    assert len(made) == len(set(made)) == 19
    seen = {"source:ministry", "document:doc-copy", "claim:no-ships", "mention:m-fee", "verdict:v-second"}
    assert seen | {f"link:{stated_id('l', *link)}" for link in LINKS} <= set(made)


def test_the_log_begins_once(started: Store, settings: Settings) -> None:
    before = started.log_end(), {table: rows(started.database, table) for table in UNCHANGED}
    said: list[str] = []

    prepare(settings, said.append)

    assert said == []
    assert not adopt(started)
    assert (started.log_end(), {table: rows(started.database, table) for table in UNCHANGED}) == before


def test_of_two_that_start_at_once_one_begins_the_log(upgraded: Store, settings: Settings) -> None:
    looked = threading.Event()

    class Slow(Store):
        """Says when it has found the log empty."""

        def log_end(self) -> tuple[int, int, str | None]:
            found = super().log_end()
            looked.set()
            return found

    def start() -> bool:
        database = Database(settings)
        try:
            return adopt(Slow(database))
        finally:
            database.close()

    with ThreadPoolExecutor(1) as pool:
        with upgraded.write():
            other = pool.submit(start)
            assert looked.wait(10)
            assert adopt(upgraded)
        assert other.result(10) is False
    assert list(audit(upgraded)) == []


def test_an_empty_store_has_nothing_to_begin_a_log_with(store: Store) -> None:
    assert not adopt(store)
    assert store.log_end()[0] == 0
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


def _verdict(public_id: str, supersedes: str | None = None) -> Verdict:
    return Verdict(
        id=public_id,
        claim="ships-arrived",
        claim_version=3,
        checker="Jane Doe",
        created_at=NOW,
        state=VerdictState.PUBLISHED,
        state_at=NOW,
        rating=Rating.REFUTED,
        supersedes=supersedes,
        reason=supersedes and "Another one.",
    )
