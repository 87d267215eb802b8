"""A verdict without a title leaves the evidence of its claim alone, and all that follows from it is up to date."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.model.records import Evidence
from service.model.recounts import RecountKind
from service.operations.consistency_check import examine
from service.use_cases import rejudging
from service.use_cases.unit_of_work import transaction
from tests.use_cases.desk import Desk

pytestmark = pytest.mark.one_engine


def test_the_claim_gets_a_version_a_time_and_its_verdict(desk: Desk, claims: list[str]) -> None:
    for rating in ("refuted", "supported"):
        before = desk.get("/v1/claims/a")
        verdict = desk.judge("a", "Joan" if rating == "refuted" else "Ed", rating)
        after = desk.get("/v1/claims/a")
        assert after["version"] == before["version"] + 1
        assert after["updated_at"] > before["updated_at"]
        assert after["evidence_version"] == before["evidence_version"]
        assert verdict["id"] in [each["id"] for each in after["verdicts"]["current"]]
        assert list(examine(desk.store)) == []
        assert after["id"] in [each["id"] for each in desk.walk(f"/v1/claims?rating={rating}")]


def test_a_claim_that_waits_for_a_recount_is_recomputed_as_a_whole(desk: Desk, claims: list[str]) -> None:
    with transaction(desk.store):
        desk.store.recounts.add(RecountKind.ALL, "", "Ed", 0)
    verdict = desk.judge("a", "Joan")
    stored = desk.store.claims.get("a")
    assert stored is not None
    assert verdict["id"] in stored.json


def test_the_evidence_is_not_read_unless_the_verdict_has_a_title(
    desk: Desk, claims: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Sequence[int]] = []
    of_claims = desk.store.evidence.of_claims

    def noted(keys: Sequence[int]) -> Evidence:
        read.append(keys)
        return of_claims(keys)

    monkeypatch.setattr(desk.store.evidence, "of_claims", noted)
    desk.judge("a", "Joan")
    assert read == []
    desk.judge("b", "Eve", title="Did they?")
    assert len(read) == 1
    monkeypatch.setattr(rejudging, "_is_current", lambda state, listing: False)
    desk.judge("c", "Eve")
    assert len(read) == 2
