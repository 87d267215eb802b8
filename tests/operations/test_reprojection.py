"""Data derived by another version of the code is rebuilt, once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import orjson
import pytest

from service.config import Settings
from service.operations.consistency_check import examine, rebuild
from service.operations.log_audit import audit
from service.operations.recounting import do_recounts
from service.operations.reprojection import Renewed, renew
from service.operations.startup import prepare
from service.store import Store
from service.use_cases import recounts
from service.use_cases.claims import get_claim
from tests.operations.seeding.made_up import SeedFolder

LATER = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def older(store: Store, tmp_path: Path) -> Store:
    """Return a store whose claims another version has kept, without some of what this one shows."""
    SeedFolder(tmp_path / "seeds").load(store)
    with store.write():
        for key, json in store.database.rows("SELECT id, json FROM claims"):
            shape = orjson.loads(json)
            del shape["claimants"]
            store.database.run("UPDATE claims SET json = ? WHERE id = ?", (orjson.dumps(shape).decode(), key))
        store.database.run("DELETE FROM derived")
    return store


def test_a_start_renews_them_once(older: Store, settings: Settings) -> None:
    assert list(examine(older)) != []
    tags = {name: older.claims.claim_tag(name) for name in older.events.public_ids("claims")}
    events = older.events.log_end()[0]
    said: list[str] = []

    prepare(settings, said.append)

    assert f"rebuilt: {len(tags)} claims, in the form of this version" in said
    assert list(examine(older)) == []
    assert list(audit(older)) == []
    assert all("claimants" in orjson.loads(claim.json) for claim in older.claims.by_ids(sorted(tags)))
    # Who has the claim in a cache sees that it is another one, and nothing happened to what it says.
    assert all(older.claims.claim_tag(name) != tag for name, tag in tags.items())
    assert older.events.log_end()[0] == events
    assert renew(older) == Renewed()


def test_many_are_renewed_by_turns_and_worked_out_until_then(
    older: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounts, "NARROW", 1)
    tags = {name: older.claims.claim_tag(name) for name in older.events.public_ids("claims")}
    events = older.events.log_end()[0]
    said: list[str] = []

    prepare(settings, said.append)

    told = f"to be rebuilt: {len(tags)} claims, by turns while the service answers (GET /readyz counts them)"
    assert told in said
    read = {name: orjson.loads(get_claim(older, name).json) for name in tags}
    assert all("claimants" in shape for shape in read.values())
    assert list(examine(older)) == []
    assert renew(older) == Renewed()
    assert do_recounts(older)
    assert older.recounts.claims_left() == 0
    for name, tag in tags.items():
        assert older.claims.claim_tag(name) not in (None, tag)
        stored = orjson.loads(get_claim(older, name).json)
        assert {**stored, "updated_at": None} == {**read[name], "updated_at": None}
    assert list(examine(older)) == []
    assert older.events.log_end()[0] == events


def test_a_rebuild_leaves_nothing_to_recount(older: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounts, "NARROW", 1)
    assert renew(older).left > 0
    assert rebuild(older, LATER) > 0
    assert older.recounts.pending() == []
