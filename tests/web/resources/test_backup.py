"""The store as a file over HTTP: what an admin gets, and what is said when there is none to be had."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.web.helpers import assert_problem
from tests.world import ADA, World, bearer


@pytest.fixture
def sqlite_world(world: World, engine: str) -> World:
    """A store in a file."""
    if engine != "sqlite":
        pytest.skip("PostgreSQL has no file to be copied")
    return world


def ask(world: World, method: str = "GET") -> TestResponse:
    """The answer to an admin."""
    return world.client().open("/v1/backup", method=method, headers=bearer(world.keys[ADA]), buffered=True)


def beside(world: World) -> set[str]:
    """What is beside the store."""
    assert world.store.database.path is not None
    return {file.name for file in world.store.database.path.parent.iterdir()}


def test_a_copy_is_a_whole_store_and_leaves_nothing_behind(sqlite_world: World, tmp_path: Path) -> None:
    claim = sqlite_world.claim()
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    before = beside(sqlite_world)
    answer = ask(sqlite_world)
    assert (answer.status_code, answer.mimetype) == (200, "application/vnd.sqlite3")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="claims-')
    assert answer.content_length == len(answer.data)
    assert "ETag" not in answer.headers
    assert beside(sqlite_world) == before
    copy.write_bytes(answer.data)
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copied.execute("SELECT public_id FROM claims").fetchall() == [(claim,)]
        assert copied.execute("SELECT COUNT(*) FROM events").fetchone() == (sqlite_world.size(),)
    said = ask(sqlite_world, "HEAD")
    assert (said.status_code, said.content_length, said.data) == (200, len(answer.data), b"")
    assert beside(sqlite_world) == before


def test_postgresql_has_its_own_tools(world: World, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite is a file")
    problem = assert_problem(ask(world), 409, "not_in_a_file")
    assert "pg_dump" in problem["detail"]


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 507),
        (OSError(errno.EACCES, "Permission denied"), 503),
        (sqlite3.OperationalError("disk I/O error"), 503),
    ],
    ids=["full", "denied", "broken"],
)
def test_a_copy_that_cannot_be_made_is_told(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def fail(live: sqlite3.Connection, target: Path) -> None:
        target.write_bytes(b"half of it")
        raise failure

    before = beside(sqlite_world)
    with monkeypatch.context() as patched:
        patched.setattr("service.storage.backup._copy", fail)
        assert_problem(ask(sqlite_world), status)
    assert beside(sqlite_world) == before
    assert ask(sqlite_world).status_code == 200


def test_no_copy_is_given_of_what_is_damaged(sqlite_world: World) -> None:
    """In a place that nothing else reads. The request has nothing in it that could be wrong."""
    path = sqlite_world.store.database.path
    assert path is not None
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE ballast AS SELECT randomblob(400000) AS b")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(size - 40 * 4096)
        file.write(b"\xff" * 39 * 4096)
    before = beside(sqlite_world)
    assert_problem(ask(sqlite_world), 503, "unavailable")
    assert beside(sqlite_world) == before
