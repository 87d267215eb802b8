"""Back up a store in SQLite while others write, and restore it, with SQLite's online backup.

PostgreSQL has its own tools for this: ``pg_dump``, or archiving.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from service.model.errors import Conflict, InvalidInput, StoreFull, StoreUnavailable
from service.storage.database import Database

# Tables that every version of a store has, and no other database has all of.
_TABLES = {"schema_migration", "claims", "mentions", "sources", "documents"}


class _Damaged(InvalidInput):
    """A file is not an intact SQLite database."""


def back_up(database: Database, target: Path) -> int:
    """Copy the store, as it is at one moment, into the file ``target``, check it, and return its size in bytes.

    Waits for no writer and makes none wait. The file appears when it is complete. Raises ``InvalidInput`` for a target
    that exists or cannot be written, ``Conflict`` for a store that is not in SQLite, ``StoreFull`` or
    ``StoreUnavailable``.
    """
    source = _path(database)
    if target.exists():
        raise InvalidInput("target", f"{target} already exists: choose another name, or remove it.")
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
    """Return a copy of the store, open for reading, on the same disk as the store.

    The file has no name, so that the disk space is free again when it is closed or its process ends. Raises
    ``Conflict`` for a store that is not in SQLite, ``StoreFull`` or ``StoreUnavailable``.
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
        # The caller gave no input that could be wrong.
        raise StoreUnavailable(f"the database cannot be copied: {failure}") from error


def put_back(database: Database, copy: Path, keep: Path) -> Path | None:
    """Replace the content of the store with that of ``copy``, in one step, even while a service runs over it.

    Backs up the current store into a new file first, ``keep`` or if that is there ``keep-2``, ``keep-3`` ..., with no
    write between the two, so that every acknowledged write is in one of them; a damaged store is moved there as it is.
    Returns the file, or ``None`` if there was no store. Raises ``InvalidInput`` for a file that is not an intact store
    of this service, ``Conflict`` for a store that is not in SQLite, ``StoreFull`` or ``StoreUnavailable``.
    """
    target = _path(database)
    try:
        with closing(_connect(copy)) as stored:
            _check(stored, copy)
            tables = {row[0] for row in stored.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= _TABLES:
                raise InvalidInput("copy", f"{copy} is not a store of this service.")
            with database.exclusively():
                keep = _unused(keep)
                kept = keep if database.exists() else None
                try:
                    if kept:
                        back_up(database, keep)
                except _Damaged:
                    # A new file takes its place; open connections notice.
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


def _unused(path: Path) -> Path:
    """Return ``path``, or the first of ``path-2``, ``path-3`` ... that does not exist."""
    names = (path if number == 1 else path.with_name(f"{path.name}-{number}") for number in count(1))
    return next(name for name in names if not name.exists())


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy ``source`` into the file ``target``, which appears or is replaced when the copy is complete."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
            # A single file, without a write-ahead log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            _check(copy, target)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def _put_aside(target: Path, keep: Path) -> None:
    for ending in ("-shm", "-wal", ""):  # the log must not be left beside another database
        file = target.with_name(target.name + ending)
        if file.exists():
            file.rename(keep.with_name(keep.name + ending))


def _give_up_when_locked(status: int, remaining: int, total: int) -> None:
    """Stop a backup that finds the database locked: ``backup`` itself would try again for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise StoreUnavailable("another program has locked the database for too long")


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
        return _Damaged("file", "It is damaged, or not an SQLite database.")
    return StoreUnavailable(f"the copy failed: {error}")
