"""The constraints of the database itself."""

import datetime as dt
from dataclasses import replace
from typing import Any

import peewee
import pytest

from service.model.entities import (
    Basis,
    Claim,
    ClaimLink,
    Document,
    LinkType,
    Locator,
    Mark,
    Mention,
    Source,
    SourceKind,
    Stance,
)
from service.model.errors import Duplicate
from service.model.verdicts import Assignment, Decision, Rating, Review, Verdict, VerdictState
from service.store import Store

A, B = "a" * 64, "b" * 64
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with two claims, documents and sources, one of each in use by a mention."""
    with store.write():
        store.evidence_writes.insert_sources([Source(i, i, SourceKind.OUTLET) for i in ("gull", "office", "unused")], 0)
        url = "https://gull.example/1"
        store.evidence_writes.insert_documents(
            [Document("doc", url=url, publisher="gull", sha256=A, length=9), Document("bare")], 0
        )
        store.evidence_writes.insert_claims(
            [Claim("first", "First.", "x", topics=("x",)), Claim("second", "Second.", "x")], 0
        )
        store.evidence_writes.insert_mentions([mention("m-1")], seeded=False)
        store.evidence_writes.insert_links([("first", ClaimLink(LinkType.REFINES, "second", id="l-1"))], seeded=False)
    return store


@pytest.fixture
def judged(filled: Store) -> Store:
    """Return the filled store with a verdict on the second claim, a review of it, and an assignment."""
    with filled.write():
        filled.verdicts.insert_verdict(verdict("v-1"))
        filled.verdicts.insert_review(Review("r-1", "v-1", "Joe", Decision.APPROVE, None, NOON))
        [claim] = filled.claims.by_ids(["second"])
        filled.assignments.insert_assignment(assignment("a-1"), claim.key)
    return filled


def verdict(name: str, **changes: Any) -> Verdict:
    """Return a published verdict on the second claim."""
    values: dict[str, Any] = {"rating": Rating.REFUTED, "created_at": NOON, "state_at": NOON}
    return Verdict(name, "second", 1, "Jane", **({"state": VerdictState.PUBLISHED} | values | changes))


def assignment(name: str) -> Assignment:
    """Return an assignment of the second claim."""
    return Assignment(name, "second", "Jane", "Jane", None, NOON, NOON)


def mention(name: str, chain: tuple[str, ...] = ("office",), **changes: Any) -> Mention:
    """Return the mention of the fixture with another id and these changes."""
    basis = Basis.EXPLICIT if chain else None
    values: dict[str, Any] = {"document": "doc", "locator": Locator(0, 5, B), "attribution": chain, "basis": basis}
    return Mention(id=name, claim="first", stance=Stance.SUPPORTS, **(values | changes))


def refuse(store: Store, sql: str, *parameters: object) -> None:
    """Assert that a constraint refuses a statement, and that the store can still be used."""
    try:
        with store.write():
            store.database.run(sql, parameters)
    except peewee.IntegrityError:
        store.database.row("SELECT 1")
    else:
        pytest.fail(f"the database accepts: {sql}")


def test_foreign_keys_are_enforced_on_every_reference(judged: Store) -> None:
    references = (
        ("sources", "part_of_id"),
        ("sources", "merged_into_id"),
        ("source_aliases", "source_id"),
        ("documents", "publisher_id"),
        ("documents", "derived_from_id"),
        ("documents", "merged_into_id"),
        ("claim_topics", "claim_id"),
        ("mentions", "claim_id"),
        ("mentions", "document_id"),
        ("claim_links", "claim_id"),
        ("claim_links", "other_id"),
        ("claims", "merged_into_id"),
        ("claims", "root_id"),
        ("verdicts", "claim_id"),
        ("verdicts", "superseded_by_id"),
        ("reviews", "verdict_id"),
        ("assignments", "claim_id"),
    )
    with judged.write():
        assert judged.evidence_writes.update_source(
            Source("unused", "Unused", SourceKind.OUTLET, aliases=("alias",)), 1, 0
        )
    for table, column in references:
        refuse(judged, f"UPDATE {table} SET {column} = 4711")  # noqa: S608


@pytest.mark.parametrize("chain", [("office",), ()])
def test_the_same_mention_twice_is_refused(filled: Store, chain: tuple[str, ...]) -> None:
    if not chain:
        with filled.write():
            filled.evidence_writes.insert_mentions([mention("m-2", chain)], seeded=False)

    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_mentions([mention("m-3", chain)], seeded=True)


def test_the_same_mention_without_a_span_twice_is_refused(filled: Store) -> None:
    with filled.write():
        filled.evidence_writes.insert_mentions([mention("m-2", locator=None)], seeded=False)

    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_mentions([mention("m-3", locator=None)], seeded=False)


def test_another_span_document_or_chain_is_another_mention(filled: Store) -> None:
    others = [
        mention("m-2", locator=Locator(0, 6, B)),
        mention("m-3", locator=Locator(1, 5, B)),
        mention("m-4", document="bare"),
        mention("m-5", ("gull", "office")),
        mention("m-6", ("office", "gull")),
        mention("m-7", ()),
    ]
    with filled.write():
        filled.evidence_writes.insert_mentions(others, seeded=False)

    assert filled.catalogue.sizes()["mentions"] == 7


def test_a_second_document_with_the_same_id_or_hash_is_refused(filled: Store) -> None:
    for double in (Document("doc"), Document("other", sha256=A)):
        with pytest.raises(Duplicate), filled.write():
            filled.evidence_writes.insert_documents([double], 0)

    assert filled.catalogue.sizes()["documents"] == 2


def test_documents_without_hash_and_address_are_many(filled: Store) -> None:
    with filled.write():
        filled.evidence_writes.insert_documents([Document("bare-2"), Document("bare-3")], 0)

    assert filled.catalogue.sizes()["documents"] == 4


def test_a_second_source_or_claim_with_the_same_id_is_refused(filled: Store) -> None:
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_sources([Source("gull", "Other", SourceKind.OUTLET)], 0)
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_claims([Claim("first", "Other.", "x")], 0)


def test_a_claim_linked_to_itself_is_refused(filled: Store) -> None:
    with pytest.raises(peewee.IntegrityError), filled.write():
        filled.evidence_writes.insert_links([("first", ClaimLink(LinkType.CONTRADICTS, "first"))], seeded=False)


def test_the_same_link_twice_is_refused(filled: Store) -> None:
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_links([("first", ClaimLink(LinkType.REFINES, "second", "again"))], seeded=False)


def test_what_was_withdrawn_may_be_said_again_and_then_does_not_come_back(filled: Store) -> None:
    mark = Mark(NOON, "Jane", "Entered twice.")
    link = ClaimLink(LinkType.REFINES, "second", id="l-2")
    with filled.write():
        filled.evidence_writes.withdraw_mention("m-1", mark)
        filled.evidence_writes.insert_mentions([mention("m-2")], seeded=False)
        filled.evidence_writes.withdraw_link("l-1", mark)
        filled.evidence_writes.insert_links([("first", link)], seeded=False)

    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_mentions([mention("m-3")], seeded=False)
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.withdraw_mention("m-1", None)
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.insert_links([("first", replace(link, id="l-3"))], seeded=False)
    with pytest.raises(Duplicate), filled.write():
        filled.evidence_writes.withdraw_link("l-1", None)


def test_a_verdict_is_superseded_once_unless_that_was_given_up(judged: Store) -> None:
    with judged.write():
        judged.verdicts.insert_verdict(verdict("v-2", supersedes="v-1", reason="Why.", state=VerdictState.WITHDRAWN))
        judged.verdicts.insert_verdict(verdict("v-3", supersedes="v-1", reason="Why.", state=VerdictState.DRAFT))

    with pytest.raises(Duplicate), judged.write():
        judged.verdicts.insert_verdict(verdict("v-4", supersedes="v-1", reason="Why."))


def test_a_claim_is_taken_by_one_at_a_time(judged: Store) -> None:
    [claim] = judged.claims.by_ids(["second"])
    with pytest.raises(Duplicate), judged.write():
        judged.assignments.insert_assignment(assignment("a-2"), claim.key)
    with judged.write():
        judged.database.run("UPDATE assignments SET ended_us = 1")
        judged.assignments.insert_assignment(assignment("a-2"), claim.key)


SENSELESS = (
    "UPDATE mentions SET stance = 'denies'",
    "UPDATE mentions SET stance = NULL",
    "UPDATE mentions SET chain = ''",
    "UPDATE mentions SET basis = NULL",
    "UPDATE mentions SET start_offset = -1",
    "UPDATE mentions SET end_offset = start_offset",
    "UPDATE mentions SET end_offset = start_offset - 1",
    "UPDATE claim_links SET type = 'like'",
    "UPDATE documents SET length = -1",
    "UPDATE documents SET published_earliest = '2025-02-02', published_latest = '2025-02-01'",
    "UPDATE documents SET derived_from_id = id",
    "UPDATE documents SET merged_into_id = id",
    "UPDATE sources SET part_of_id = id",
    "UPDATE sources SET merged_into_id = id",
    "UPDATE sources SET reliability = 'G'",
    "UPDATE claims SET origins_at_least = origins_at_most + 1",
    "UPDATE claims SET text = NULL",
    "UPDATE verdicts SET rating = 'true'",
    "UPDATE verdicts SET rating = NULL",
    "UPDATE verdicts SET retraction = NOT retraction",
    "UPDATE verdicts SET supersedes_id = id",
    "UPDATE verdicts SET state = 'deleted'",
    "UPDATE reviews SET decision = 'reject'",
    "UPDATE assignments SET outcome = 'done'",
    "INSERT INTO event_subjects (subject, seq) VALUES ('claim:first', 4711)",
    "INSERT INTO api_keys (public_id, name, role, secret_sha256, created_us) VALUES ('k', 'Joe', 'root', '', 0)",
)


def test_a_value_that_makes_no_sense_is_refused(judged: Store) -> None:
    for statement in SENSELESS:
        refuse(judged, statement)


def test_what_is_in_use_cannot_be_deleted(judged: Store) -> None:
    used = [("documents", "doc"), ("claims", "first"), ("claims", "second")]
    for table, name in [*used, ("verdicts", "v-1")]:
        refuse(judged, f"DELETE FROM {table} WHERE public_id = ?", name)  # noqa: S608


def test_a_source_with_parts_and_an_original_with_copies_cannot_be_deleted(filled: Store) -> None:
    with filled.write():
        filled.evidence_writes.insert_sources([Source("part", "Part", SourceKind.OUTLET, part_of="unused")], 0)
        filled.evidence_writes.insert_documents([Document("copy", derived_from="bare")], 0)

    refuse(filled, "DELETE FROM sources WHERE public_id = ?", "unused")
    refuse(filled, "DELETE FROM documents WHERE public_id = ?", "bare")


def test_what_nothing_rests_on_can_be_deleted_and_takes_its_own_with_it(filled: Store) -> None:
    with filled.write():
        for table, name in (
            ("mentions", "m-1"),
            ("claims", "first"),
            ("documents", "doc"),
            ("sources", "gull"),
            ("sources", "unused"),
        ):
            filled.database.run(f"DELETE FROM {table} WHERE public_id = ?", (name,))  # noqa: S608

    assert filled.catalogue.sizes() == {"sources": 1, "documents": 1, "claims": 1, "mentions": 0}
    for table in ("claim_topics", "claim_links"):
        assert filled.database.rows(f"SELECT * FROM {table}") == []  # noqa: S608


def test_a_write_that_is_refused_undoes_what_came_before_it(filled: Store) -> None:
    def add_both() -> None:
        with filled.write():
            filled.evidence_writes.insert_sources([Source("new", "New", SourceKind.OUTLET)], 0)
            filled.evidence_writes.insert_documents([Document("doc")], 0)

    with pytest.raises(Duplicate):
        add_both()
    assert filled.catalogue.sources(["new"]) == []
