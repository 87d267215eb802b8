"""Claims by their words: the key that every write keeps, and the index."""

from __future__ import annotations

from dataclasses import replace

from service.config import Settings
from service.model.entities import Claim
from service.storage.database import Database
from service.store import Store
from tests.storage.recorded_queries import Recorder, findings

WORDS = "The canal was dug in 1790."


def found(store: Store, text: str) -> list[str]:
    """Return the claims with these words."""
    return [place.id for place in store.statements.claims_with_words(text)]


def test_every_write_of_a_claim_keeps_its_key(store: Store) -> None:
    claim = Claim("c1", WORDS, "canal", topics=("water",))
    with store.write():
        store.evidence_writes.insert_claims([claim], 0)
    assert found(store, "“the canal was dug in 1790”") == ["c1"]
    with store.write():
        assert store.evidence_writes.update_claim(replace(claim, text="The lock was dug."), 1)
    assert (found(store, WORDS), found(store, "the lock was dug")) == ([], ["c1"])


def test_a_key_that_is_wrong_is_seen_and_renewed(store: Store) -> None:
    with store.write():
        store.evidence_writes.insert_claims([Claim("c1", WORDS, "canal"), Claim("c2", "Other.", "canal")], 0)
        store.database.run("UPDATE claims SET statement_key = 'x' WHERE public_id = 'c1'")
    assert list(store.statements.outdated_keys()) == ["c1"]
    with store.write():
        store.statements.renew_keys()
    assert list(store.statements.outdated_keys()) == []
    assert found(store, WORDS) == ["c1"]


def test_words_are_looked_up_by_an_index(store: Store, settings: Settings) -> None:
    with store.write():
        store.evidence_writes.insert_claims([Claim("c1", WORDS, "canal")], 0)
    database = Database(settings)
    recorder = Recorder(database)
    again = Store(database)
    assert found(again, WORDS) == ["c1"]
    again.statements.stated_mentions(["c1"])
    assert len(recorder.statements()) >= 2
    assert list(findings(database, recorder.statements())) == []
    database.close()
