"""The state of an SQLite file, as all threads of a process see it."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.storage.commits import CommitWatch


def _made(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE numbers (number INTEGER)")
    return connection


def _file(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def test_a_commit_of_any_connection_changes_the_state_in_all_threads(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    writer, watch = _made(path), CommitWatch(path, 1)
    with ThreadPoolExecutor(1) as other:

        def states() -> set[tuple[int, int]]:
            return {watch.state(_file(path)), other.submit(watch.state, _file(path)).result()}

        before = states()
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO numbers VALUES (1)")
        during = states()
        writer.execute("COMMIT")
        after = states()
    assert (len(before), during, len(after)) == (1, before, 1)
    assert after != before
    watch.close()
    writer.close()
    assert list(tmp_path.iterdir()) == [path]  # the last connection took the write-ahead log with it


def test_another_file_and_another_process_have_another_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, other = tmp_path / "claims.db", tmp_path / "restored.db"
    watch = CommitWatch(path, 1)
    first, second = _made(path), _made(other)
    states = [watch.state(_file(path))]
    other.replace(path)
    states.append(watch.state(_file(path)))
    with monkeypatch.context() as forked:
        forked.setattr(os, "getpid", lambda: 1)
        states.append(watch.state(_file(path)))
    watch.close()
    states.append(watch.state(_file(path)))
    assert len(set(states)) == len(states)
    watch.close()
    first.close()
    second.close()


def test_a_file_that_is_no_database_raises_each_time(tmp_path: Path) -> None:
    path = tmp_path / "claims.db"
    path.write_bytes(b"no database" * 1000)
    watch = CommitWatch(path, 1)
    for _ in range(2):
        with pytest.raises(sqlite3.DatabaseError):
            watch.state(_file(path))
