"""Data derived by another version of the code is rebuilt, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from service.config import Settings
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.operations.reprojection import renew
from service.operations.startup import prepare
from service.store import Store
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
    assert renew(older) == 0


def test_cut_short_it_goes_on(older: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.storage.queries.base.BATCH", 1)
    keys = list(older.claims.all_claim_keys())
    monkeypatch.setattr(older.claims, "all_claim_keys", lambda: _broken_off(keys))
    with pytest.raises(KeyboardInterrupt):
        renew(older)
    monkeypatch.undo()
    assert list(examine(older)) != []

    assert 0 < renew(older) < len(keys)
    assert list(examine(older)) == []


def _broken_off(keys: list[int]) -> Iterator[int]:
    yield keys[0]
    raise KeyboardInterrupt
