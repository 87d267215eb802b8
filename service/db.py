"""Connections and transactions, the same face for SQLite and PostgreSQL.

A connection lives as long as the thread that opened it: opening one costs more than most queries here.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import peewee

from service.config import Settings
from service.errors import StoreUnavailable

Row = tuple[Any, ...]

_SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -64 * 1024,
    "mmap_size": 256 * 1024 * 1024,
    "temp_store": "memory",
}
_OUR_FAULT = (
    peewee.DataError,
    peewee.IntegrityError,
    peewee.InternalError,
    peewee.NotSupportedError,
    peewee.ProgrammingError,
)
# Any constants that no other program uses on the same PostgreSQL database.
_MIGRATION_LOCK = 0x636C61696D73
_WRITE_LOCK = 0x636C61696D74


class Database:
    """One store. ``peewee`` is the handle for models; ``rows`` and ``row`` run SQL text built once and bound."""

    def __init__(self, settings: Settings) -> None:
        url = settings.database_url
        self.engine: Literal["sqlite", "postgresql"]
        if url.startswith("sqlite:///"):
            self.engine = "sqlite"
            path = Path(url.removeprefix("sqlite:///"))
            self._path: Path | None = path
            self._lock_path: Path | None = path.with_name(path.name + ".lock")
            self.peewee: peewee.Database = peewee.SqliteDatabase(
                str(path), pragmas=_SQLITE_PRAGMAS, timeout=settings.database_timeout_seconds
            )
        else:
            self.engine = "postgresql"
            self._path = None
            self._lock_path = None
            self.peewee = peewee.PostgresqlDatabase(
                url.replace("postgres://", "postgresql://", 1),
                prefer_psycopg3=True,
                connect_timeout=max(1, round(settings.database_timeout_seconds)),
            )
        self._thread = threading.local()

    def exists(self) -> bool:
        """Whether there is anything to connect to: an SQLite file is made by the first migration only."""
        return self._path is None or self._path.exists()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of ``sql``, whose placeholders are ``?`` on either engine."""
        self._open_the_right_file()
        with self.reachable():
            cursor = self.peewee.execute_sql(_placeholders(sql, self.engine), parameters)
            return list(cursor.fetchall())

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of ``sql`` or ``None``."""
        self._open_the_right_file()
        with self.reachable():
            row: Row | None = self.peewee.execute_sql(_placeholders(sql, self.engine), parameters).fetchone()
            return row

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Execute a statement that returns nothing; the number of rows it touched."""
        with self.reachable():
            count: int = self.peewee.execute_sql(_placeholders(sql, self.engine), parameters).rowcount
            return count

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row."""
        # What execute_sql uses itself: the driver's exceptions as Peewee's. Its stubs leave it out.
        with self.reachable(), peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            self.peewee.cursor().executemany(_placeholders(sql, self.engine), rows)

    @contextmanager
    def write(self) -> Iterator[None]:
        """A transaction that writes, one at a time: what is derived follows from what is there before and after."""
        self._open_the_right_file()
        with self.reachable(), self._file_lock():
            options = ("IMMEDIATE",) if self.engine == "sqlite" else ()
            with self.peewee.atomic(*options):
                if self.engine == "postgresql":
                    self.peewee.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITE_LOCK,))
                yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Several reads of one and the same state."""
        self._open_the_right_file()
        with self.reachable(), self.peewee.atomic():
            if self.engine == "postgresql":
                self.peewee.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Keeps a second process from migrating at the same time; each migration is its own transaction."""
        with self.reachable(), self._file_lock():
            self.peewee.connect(reuse_if_open=True)  # makes the file when there is none
            if self.engine == "postgresql":
                self.peewee.execute_sql("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
            try:
                yield
            finally:
                if self.engine == "postgresql":
                    self.peewee.execute_sql("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))

    def close(self) -> None:
        """Close this thread's connection. The next query opens a new one."""
        if not self.peewee.is_closed():
            self.peewee.close()

    def _open_the_right_file(self) -> None:
        """Notice that the SQLite file was replaced (a restored backup) or removed: an open handle keeps the old one."""
        if self._path is None or self.peewee.in_transaction():
            return
        try:
            status = self._path.stat()
        except OSError as error:
            self.close()
            raise StoreUnavailable(f"the database file cannot be found: {error.strerror}") from error
        identity = (status.st_dev, status.st_ino)
        if getattr(self._thread, "file", identity) != identity:
            self.close()
        self._thread.file = identity

    @contextmanager
    def reachable(self) -> Iterator[None]:
        """Turn a lost or locked database into ``StoreUnavailable``, and start afresh with the next query."""
        try:
            yield
        except (peewee.DatabaseError, peewee.InterfaceError) as error:
            # What is left is lost, locked, full, or (a bare DatabaseError of SQLite) no database or a damaged one.
            if isinstance(error, _OUR_FAULT):
                raise
            if not self.peewee.in_transaction():
                self.close()
            raise StoreUnavailable(f"the database does not answer: {error}") from error

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        """A blocking lock before BEGIN IMMEDIATE: SQLite's own busy handler sleeps, and starves some writers."""
        if self._lock_path is None or getattr(self._thread, "writing", False):
            yield
            return
        with _locked(self._lock_path):
            self._thread.writing = True
            try:
                yield
            finally:
                self._thread.writing = False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(f"the lock file beside the database cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@lru_cache(maxsize=512)
def _placeholders(sql: str, engine: str) -> str:
    return sql if engine == "sqlite" else sql.replace("?", "%s")
