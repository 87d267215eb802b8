"""Look-ups of records that share a key read a bounded number of entries, and a crowded key hides no other."""

from __future__ import annotations

import pytest

from service.model.entities import Claim, Source, SourceKind
from service.storage.queries import likely_pairs
from service.store import Store


def sources(store: Store, **names: str) -> None:
    """Add sources with these names by id."""
    every = [Source(name, called, SourceKind.UNSPECIFIED) for name, called in names.items()]
    with store.write():
        store.evidence_writes.insert_sources(every, 1)


@pytest.mark.parametrize("crowd", [1, 2, 3])
def test_a_crowded_key_hides_no_other(store: Store, monkeypatch: pytest.MonkeyPatch, crowd: int) -> None:
    monkeypatch.setattr(likely_pairs, "CROWD", crowd)
    sources(store, **{f"s{number}": f"Ministry of Ships {number}x" for number in range(40)})
    sources(store, mos="MOS", ships="Ministry of Ships")
    assert store.likely_pairs.candidates("source", ["ships"]) == ([("ships", "mos")] if crowd > 1 else [])


def test_those_with_most_common_keys_come_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sources(store, one="Harbour Board", two="Board Harbour", three="Harbour Board Oslo", four="HarbourBoard")
    found = store.likely_pairs.candidates("source", ["one"])
    assert found == [("one", "four"), ("one", "two"), ("one", "three")]
    monkeypatch.setattr(likely_pairs, "PAIRS_AT_MOST", 2)
    assert store.likely_pairs.candidates("source", ["one"]) == found[:2]


def test_claims_with_shared_keys_are_walked_in_batches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likely_pairs, "BATCH", 2)
    texts = {f"{name}{number}": f"{name * 3}." for name in "abc" for number in range(2)} | {"d": "Alone."}
    with store.write():
        store.evidence_writes.insert_claims([Claim(name, text, "s") for name, text in texts.items()], 1)
    batches = [sorted(batch) for batch in store.likely_pairs.with_shared_keys("claim")]
    assert sorted(batches) == [["a0", "a1"], ["b0", "b1"], ["c0", "c1"]]
