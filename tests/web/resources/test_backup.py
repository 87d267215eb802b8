"""The backup over HTTP: the copy that an admin gets, and the errors when it cannot be made."""

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
    """Return a world whose database is a file."""
    if engine != "sqlite":
        pytest.skip("PostgreSQL has no file to be copied")
    return world


def ask(world: World, method: str = "GET") -> TestResponse:
    """Return the answer to an admin."""
    return world.client().open("/v1/backup", method=method, headers=bearer(world.keys[ADA]), buffered=True)


def files_beside(world: World) -> set[str]:
    """Return the names of the files in the folder of the database."""
    assert world.store.database.path is not None
    return {file.name for file in world.store.database.path.parent.iterdir()}


def test_a_copy_is_a_whole_store_and_leaves_nothing_behind(sqlite_world: World, tmp_path: Path) -> None:
    claim = sqlite_world.claim()
    copy = tmp_path / "elsewhere" / "copy.db"
    copy.parent.mkdir()
    before = files_beside(sqlite_world)
    answer = ask(sqlite_world)
    assert (answer.status_code, answer.mimetype) == (200, "application/vnd.sqlite3")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="claims-')
    assert answer.content_length == len(answer.data)
    assert "ETag" not in answer.headers
    assert files_beside(sqlite_world) == before
    copy.write_bytes(answer.data)
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copied.execute("SELECT public_id FROM claims").fetchall() == [(claim,)]
        assert copied.execute("SELECT COUNT(*) FROM events").fetchone() == (sqlite_world.size(),)
    head = ask(sqlite_world, "HEAD")
    assert (head.status_code, head.content_length, head.data) == (200, len(answer.data), b"")
    assert files_beside(sqlite_world) == before


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
def test_a_copy_that_cannot_be_made_is_an_error(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    def fail(live: sqlite3.Connection, target: Path) -> None:
        target.write_bytes(b"half of it")
        raise failure

    before = files_beside(sqlite_world)
    with monkeypatch.context() as patched:
        patched.setattr("service.storage.backup._copy", fail)
        assert_problem(ask(sqlite_world), status)
    assert files_beside(sqlite_world) == before
    assert ask(sqlite_world).status_code == 200


def test_a_damaged_database_is_not_copied(sqlite_world: World) -> None:
    """The damage is in a table that nothing reads, and only the copy can find it."""
    path = sqlite_world.store.database.path
    assert path is not None
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE ballast AS SELECT randomblob(400000) AS b")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = path.stat().st_size
    with path.open("rb+") as file:
        file.seek(size - 40 * 4096)
        file.write(b"\xff" * 39 * 4096)
    before = files_beside(sqlite_world)
    assert_problem(ask(sqlite_world), 503, "unavailable")
    assert files_beside(sqlite_world) == before
