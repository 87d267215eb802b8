"""Copies of a store in SQLite, taken while others write, and put back. By SQLite's online backup.

PostgreSQL has tools of its own for this: ``pg_dump``, or archiving.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from service.db import Database
from service.errors import InvalidInput, StoreFull, StoreUnavailable


def back_up(database: Database, target: Path) -> int:
    """Copy the store as it is at one moment into ``target``, one file, and check it; its size in bytes.

    Waits for no writer and keeps none waiting. The file appears when it is whole. Raises ``InvalidInput`` for a target
    that is there or cannot be made, or a store that is not in SQLite, ``StoreFull`` or ``StoreUnavailable``.
    """
    source = _path(database)
    if target.exists():
        raise InvalidInput("target", f"{target} is there already.")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with closing(_connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
            live.backup(copy)
            # One file that needs no other beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
            _check(copy, target)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.rename(target)
        return target.stat().st_size
    except sqlite3.Error as error:
        raise _failure(error) from error
    except OSError as error:
        raise InvalidInput("target", f"{target} cannot be written: {error.strerror}.") from error
    finally:
        partial.unlink(missing_ok=True)


def put_back(database: Database, copy: Path) -> None:
    """Make the store what ``copy`` has, in one step, whether or not a service is running over it.

    Raises ``InvalidInput`` for a file that is no whole store, or a store that is not in SQLite.
    """
    target = _path(database)
    try:
        with closing(_connect(copy)) as stored:
            _check(stored, copy)
            if not stored.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
                raise InvalidInput("copy", f"{copy} is not a store of this service.")
            with database.exclusively(), closing(sqlite3.connect(target, timeout=database.timeout)) as live:
                stored.backup(live)
    except sqlite3.Error as error:
        raise _failure(error) from error


def _path(database: Database) -> Path:
    if database.path is None:
        raise InvalidInput("database", "PostgreSQL has its own tools for copies: pg_dump and pg_restore.")
    return database.path


def _connect(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise InvalidInput("file", f"There is no file {path}.")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check(connection: sqlite3.Connection, path: Path) -> None:
    [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise InvalidInput("file", f"{path} is damaged: {found}.")


def _failure(error: sqlite3.Error) -> Exception:
    name = getattr(error, "sqlite_errorname", None)
    if name == "SQLITE_FULL":
        return StoreFull("there is no room left for the copy")
    if name in ("SQLITE_NOTADB", "SQLITE_CORRUPT"):
        return InvalidInput("file", "It is damaged, or no SQLite database.")
    return StoreUnavailable(f"the copy failed: {error}")
