"""The pairs that matching is measured on, and the intervals of its error rates."""

from __future__ import annotations

import pytest

from benchmarks.match_relations import rows
from benchmarks.truth import SETS, interval, rates
from service.search.matching.differences import Kind
from service.store import Store
from tests.web.helpers import raw_claims

EXPECTED = {"same", "contradicts", "differs", "broader", "narrower", "none"}


def test_every_pair_names_a_seeded_claim_and_known_kinds() -> None:
    claims, kinds = raw_claims(), {str(kind) for kind in Kind}
    seen = set()
    for name, paths in SETS.items():
        for path in paths:
            for row in rows(path):
                assert row["text"].strip()
                assert row["expected"] in EXPECTED
                assert (row["claim"] in claims) == (row["expected"] != "none"), row
                differs = set(filter(None, row["differs"].split(",")))
                assert differs <= kinds
                assert not differs or row["expected"] not in ("same", "none"), row
                seen.add((name, row["text"]))
    assert len({text for _, text in seen}) == len(seen), "a text is both tuned on and kept apart"
    assert len(seen) > 600


@pytest.mark.parametrize(
    ("faults", "texts", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)]
)
def test_the_interval_is_wilsons(faults: int, texts: int, low: float, high: float) -> None:
    assert interval(faults, texts) == pytest.approx((low, high), abs=0.001)


@pytest.mark.one_engine
def test_an_empty_store_confirms_nothing_and_finds_nothing(store: Store) -> None:
    found = rates(store, SETS["tuned on"][:1])
    assert found["distortions, confirmed"].faults == found["statements of nobody, confirmed"].faults == 0
    assert found["paraphrases not found"].faults == found["paraphrases not found"].texts > 0
