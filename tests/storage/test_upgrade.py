"""The upgrade of a database of the version before writing keeps all of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import peewee
import pytest

from service.config import Settings
from service.identity.names import folded_name
from service.model.entities import Basis, Claim, ClaimLink, LinkType, Mark, Mention, Stance
from service.model.errors import Duplicate
from service.model.ids import stated_id
from service.model.verdicts import Rating, Verdict, VerdictState
from service.storage.database import Database
from service.storage.migrations import check_schema, migrate
from service.store import Store
from tests.storage import old_database
from tests.storage.old_database import LINKS, TABLES, rows

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def old(settings: Settings) -> Iterator[Database]:
    """Yield a database of the version before writing."""
    database = Database(settings)
    old_database.fill(database)
    yield database
    database.close()


@pytest.fixture
def upgraded(old: Database) -> Store:
    """Return a store over that database after the migration."""
    assert migrate(old)[0] == "0002_writing"
    return Store(old)


def test_nothing_is_lost(old: Database) -> None:
    before = {table: rows(old, table) for table in TABLES}
    assert all(before.values())

    migrate(old)

    check_schema(old)
    for table, earlier in before.items():
        names = set(earlier[0])
        kept = [{name: value for name, value in row.items() if name in names} for row in rows(old, table)]
        if table == "verdicts":  # what rested on nothing rests on an empty list
            earlier = [row | {"evidence": row["evidence"] or "[]"} for row in earlier]
        if table == "claim_facets":  # the sort keys have a table of their own
            names = {"claim_id", "updated_us", "origins", "mentions"}
            moved = {tuple(row[name] for name in sorted(names)) for row in earlier}
            assert {tuple(row[name] for name in sorted(names)) for row in rows(old, "claim_sort_keys")} == moved
            kept, earlier = (
                [{n: row[n] for n in ("facet_id", "claim_id")} for row in each] for each in (kept, earlier)
            )
        assert sorted(kept, key=repr) == sorted(earlier, key=repr), table


def test_links_have_the_ids_that_follow_from_what_they_say(upgraded: Store) -> None:
    stored = {row["public_id"] for row in rows(upgraded.database, "claim_links")}
    assert stored == {stated_id("l", *link) for link in LINKS}
    for claim, kind, other in LINKS:
        # The ids are in other stores and in links people keep: they must stay what they are.
        public_id = f"l-{sha256(f'{claim}|{kind}|{other}'.encode()).hexdigest()[:16]}"
        record = upgraded.merges.link(public_id)
        assert record is not None
        assert (record.claim, record.link.type, record.link.claim, record.withdrawn) == (claim, kind, other, None)


def test_sources_are_found_by_the_names_that_they_have(upgraded: Store) -> None:
    assert list(upgraded.source_names.misnamed()) == []
    assert upgraded.catalogue.misplaced_sources() == []
    records = upgraded.catalogue.sources(list(upgraded.events.public_ids("sources")))
    names = [name for record in records for name in (record.source.name, *record.source.aliases)]
    assert len(names) > len(records)
    for name in names:
        assert upgraded.source_names.called([folded_name(name)])


def test_verdicts_are_published_and_know_what_took_their_place(upgraded: Store) -> None:
    found = {name: upgraded.verdicts.verdict(name) for name in ("v-first", "v-second", "v-third", "v-other")}
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
        # Which constraint is violated first depends on the order of the rows.
        with pytest.raises((peewee.IntegrityError, Duplicate)), upgraded.write():
            database.run(f"UPDATE {table} SET {column} = 4711")  # noqa: S608
    for name in ("v-first", "v-second"):
        with pytest.raises(peewee.IntegrityError), upgraded.write():
            database.run("DELETE FROM verdicts WHERE public_id = ?", (name,))
    again = _verdict("v-again", supersedes="v-first")
    with pytest.raises(Duplicate), upgraded.write():
        upgraded.verdicts.insert_verdict(again)


def test_claims_are_found_by_their_words(upgraded: Store) -> None:
    assert list(upgraded.statements.outdated_keys()) == []
    assert [place.id for place in upgraded.statements.claims_with_words("statement of no-ships")] == ["no-ships"]


def test_mentions_of_every_stance_are_accepted_and_others_still_refused(upgraded: Store) -> None:
    for stance in Stance:
        with upgraded.write():
            upgraded.database.run("UPDATE mentions SET stance = ?", (stance,))
    with pytest.raises(peewee.IntegrityError), upgraded.write():
        upgraded.database.run("UPDATE mentions SET stance = 'denies'")


def test_what_was_withdrawn_may_be_said_again(upgraded: Store) -> None:
    mark = Mark(NOW, "Jane Doe", "Entered twice.")
    chains: tuple[tuple[str, tuple[str, ...]], ...] = (("m-copy", ("ministry",)), ("m-fee", ()))
    for name, chain in chains:
        mention, _ = upgraded.evidence.stated_mentions([name])[name]
        assert mention.attribution == chain
        for number in (1, 2):
            other = replace(mention, id=f"{name}-{number}")
            with pytest.raises(Duplicate), upgraded.write():
                upgraded.evidence_writes.insert_mentions([other], seeded=False)
            with upgraded.write():
                upgraded.evidence_writes.withdraw_mention(name if number == 1 else f"{name}-1", mark)
                upgraded.evidence_writes.insert_mentions([other], seeded=False)
    for claim, kind, other_claim in LINKS:
        link = ClaimLink(LinkType(kind), other_claim, "Again.")
        with pytest.raises(Duplicate), upgraded.write():
            upgraded.evidence_writes.insert_links([(claim, link)], seeded=False)
        with upgraded.write():
            upgraded.evidence_writes.withdraw_link(stated_id("l", claim, kind, other_claim), mark)
            upgraded.evidence_writes.insert_links([(claim, link)], seeded=False)
    with upgraded.write():
        upgraded.database.run("UPDATE verdicts SET state = 'withdrawn' WHERE public_id = 'v-second'")
        upgraded.verdicts.insert_verdict(_verdict("v-again", supersedes="v-first"))


def test_keys_go_on_after_those_that_were_copied(upgraded: Store) -> None:
    tables = ("claims", "mentions", "claim_links", "verdicts")
    last = {table: max(int(str(row["id"])) for row in rows(upgraded.database, table)) for table in tables}
    with upgraded.write():
        upgraded.evidence_writes.insert_claims([Claim("new", "New.", "the harbour", topics=("harbour",))], 0)
        mention = Mention("m-new", "new", "doc-copy", Stance.REFUTES, ("ministry",), Basis.EXPLICIT)
        upgraded.evidence_writes.insert_mentions([mention], seeded=False)
        upgraded.evidence_writes.insert_links([("new", ClaimLink(LinkType.REFINES, "no-ships"))], seeded=False)
        upgraded.verdicts.insert_verdict(_verdict("v-new"))
    for table in tables:
        assert max(int(str(row["id"])) for row in rows(upgraded.database, table)) == last[table] + 1, table


def test_a_first_verdict_after_the_upgrade_finds_no_key_taken(settings: Settings) -> None:
    """Keys start at 1 in a table without rows to copy."""
    database = Database(settings)
    old_database.fill(database, verdicts=False)
    migrate(database)
    with Store(database).write():
        Store(database).verdicts.insert_verdict(_verdict("v-new"))
    assert [row["id"] for row in rows(database, "verdicts")] == [1]
    database.close()


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
