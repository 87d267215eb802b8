"""Copies of a store in SQLite, taken while others write, and put back. By SQLite's online backup.

PostgreSQL has tools of its own for this: ``pg_dump``, or archiving.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from service.model.errors import Conflict, InvalidInput, StoreFull, StoreUnavailable
from service.storage.database import Database

# What every version of a store has, and nothing else has all of.
_TABLES = {"schema_migration", "claims", "mentions", "sources", "documents"}


class _Damaged(InvalidInput):
    """A file is no whole SQLite database."""


def back_up(database: Database, target: Path) -> int:
    """Copy the store as it is at one moment into ``target``, one file, and check it; its size in bytes.

    Waits for no writer and keeps none waiting. The file appears when it is whole. Raises ``InvalidInput`` for a target
    that is there or cannot be made, ``Conflict`` for a store that is not in SQLite, ``StoreFull`` or
    ``StoreUnavailable``.
    """
    source = _path(database)
    if target.exists():
        raise InvalidInput("target", f"{target} is there already.")
    if not database.exists():
        raise InvalidInput("DATABASE_URL", f"There is no database {database.place}.")
    try:
        with closing(_connect(source)) as live:
            _copy(live, target)
        return target.stat().st_size
    except sqlite3.Error as error:
        raise _failure(error) from error
    except OSError as error:
        raise InvalidInput("target", f"{target} cannot be written: {error.strerror}.") from error


def open_copy(database: Database) -> BinaryIO:
    """Such a copy, open for reading: made beside the store, and gone from the disk when it is closed.

    It has no name any more, so that nothing is left of it however its reader ends. Raises ``Conflict`` for a store that
    is not in SQLite, ``StoreFull`` or ``StoreUnavailable``.
    """
    source = _path(database)
    try:
        with TemporaryDirectory(prefix=f".{source.name}.", dir=source.parent) as folder:
            copy = Path(folder) / source.name
            with closing(_connect(source)) as live:
                _copy(live, copy)
            return copy.open("rb")
    except (sqlite3.Error, OSError, InvalidInput) as error:
        failure = _failure(error) if isinstance(error, sqlite3.Error) else error
        if isinstance(failure, StoreFull) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull("there is no room left for the copy") from error
        # Whoever asked has given nothing that could be wrong.
        raise StoreUnavailable(f"the database cannot be copied: {failure}") from error


def put_back(database: Database, copy: Path, keep: Path) -> bool:
    """Make the store what ``copy`` has, in one step, whether or not a service is running over it.

    What is there is kept in the new file ``keep`` first, if anything is, which is the answer: with no write between the
    two, all that was acknowledged is in the one or the other. What is damaged is put there as it is. Raises
    ``InvalidInput`` for a file that is no whole store of this service, ``Conflict`` for a store that is not in SQLite,
    ``StoreFull`` or ``StoreUnavailable``.
    """
    target = _path(database)
    try:
        with closing(_connect(copy)) as stored:
            _check(stored, copy)
            tables = {row[0] for row in stored.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= _TABLES:
                raise InvalidInput("copy", f"{copy} is not a store of this service.")
            with database.exclusively():
                kept = database.exists()
                try:
                    if kept:
                        back_up(database, keep)
                except _Damaged:
                    # Another file takes its place, which connections notice.
                    _put_aside(target, keep)
                    _copy(stored, target)
                else:
                    with closing(sqlite3.connect(target, timeout=database.timeout)) as live:
                        stored.backup(live, progress=_give_up_when_locked)
            return kept
    except sqlite3.Error as error:
        raise _failure(error) from error
    except OSError as error:
        raise StoreUnavailable(f"the database file cannot be replaced: {error.strerror}") from error


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """All of ``source`` in the file ``target``, which appears, or is replaced, when it is whole."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
            # One file that needs no other beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            _check(copy, target)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _put_aside(target: Path, keep: Path) -> None:
    for ending in ("-shm", "-wal", ""):  # never may another file have its log beside it
        file = target.with_name(target.name + ending)
        if file.exists():
            file.rename(keep.with_name(keep.name + ending))


def _give_up_when_locked(status: int, remaining: int, total: int) -> None:
    """The connection has waited already: ``backup`` itself would try again for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise StoreUnavailable("another program has kept the database for too long")


def _path(database: Database) -> Path:
    if database.path is None:
        raise Conflict("not_in_a_file", "PostgreSQL has its own tools for copies: pg_dump and pg_restore.")
    return database.path


def _connect(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise InvalidInput("file", f"There is no file {path}.")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise _Damaged("file", f"{path} is damaged: {found}.")


def _failure(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", None)
    if name == "SQLITE_FULL":
        return StoreFull("there is no room left for the copy")
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return _Damaged("file", "It is damaged, or no SQLite database.")
    return StoreUnavailable(f"the copy failed: {error}")
