"""The stores of the benchmarks are as those that real data makes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks import stores
from benchmarks.stores import build, is_current, open_database
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.storage.migrations import migrate
from service.store import Store

_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"


def test_a_built_store_is_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ROUND", 2)
    monkeypatch.setattr(stores, "_PART", 3)
    monkeypatch.setattr("benchmarks.synthetic.BATCH", 8)
    path = tmp_path / "built.db"
    assert not is_current(path)
    build(path, 30, 1, ThreadPoolExecutor)
    assert is_current(path)
    built, empty = open_database(path), open_database(tmp_path / "empty.db")
    migrate(empty)
    assert not is_current(tmp_path / "empty.db")
    assert list(audit(Store(built))) == []
    assert list(examine(Store(built))) == []
    assert built.rows(_INDEXES) == empty.rows(_INDEXES)
    built.close()
    empty.close()
