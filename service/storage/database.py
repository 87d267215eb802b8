"""Connections and transactions, with one interface for SQLite and PostgreSQL.

A connection lives as long as the thread that opened it: opening one costs more than most queries here. With replicas
a thread has one to each server that it uses (``service.storage.routing``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TypeVar

import peewee

from service.config import Settings
from service.model.errors import Duplicate, ServerLost, StoreDamaged, StoreUnavailable
from service.model.positions import NOWHERE
from service.storage.commits import CommitWatch
from service.storage.damage import DamageWatch
from service.storage.engines import (
    SQLITE_PRAGMAS,
    Handle,
    PostgresqlHandle,
    SqliteHandle,
    failure_of,
    place_of,
    postgresql_handle,
)
from service.storage.locks import FileLock, NameLocks
from service.storage.prepared import Prepared, PreparedWrite
from service.storage.replicas import POSITION
from service.storage.routing import Routing

R = TypeVar("R")
Row = tuple[Any, ...]
_DriverError = peewee.DatabaseError | peewee.InterfaceError

# Turns the driver's exceptions into Peewee's, as execute_sql does. Peewee's stubs leave it out.
_AS_PEEWEE = peewee.__exception_wrapper__  # type: ignore[attr-defined]
# Keys of advisory locks: any numbers that no other program uses on the same PostgreSQL database.
_MIGRATION_LOCK = 0x636C61696D73
_WRITE_LOCK = 0x636C61696D74


class Database:
    """One database.

    ``all``, ``one``, ``iterate`` and ``execute`` run prepared queries (``service.storage.prepared``). ``rows``, ``row``
    and ``run`` run SQL text, where the syntax of an engine is the point; its placeholders are ``?`` on either engine.
    ``routing`` says which server is read, if there are replicas.
    """

    def __init__(self, settings: Settings) -> None:
        url = settings.database_url
        self.timeout = settings.database_timeout_seconds
        self.engine: Literal["sqlite", "postgresql"]
        if url.startswith("sqlite:///"):
            self.engine = "sqlite"
            path = Path(url.removeprefix("sqlite:///"))
            self.path: Path | None = path
            self._file = str(path)
            lock_path = path.with_name(path.name + ".lock")
            self._write_lock: FileLock | None = FileLock(lock_path, settings.database_timeout_seconds)
            # A file of its own: closing any handle of a file drops the byte locks in it.
            self._name_locks = NameLocks(path.with_name(path.name + ".requests.lock"))
            self._commits = CommitWatch(path, self.timeout)
            primary: Handle = SqliteHandle(str(path), pragmas=SQLITE_PRAGMAS, timeout=self.timeout)
        else:
            self.engine = "postgresql"
            self.path = None
            self._write_lock = None
            self._url = url
            primary = postgresql_handle(url, self.timeout)
        self.routing = Routing(primary, settings)
        self._thread = threading.local()
        self._reachable = _Reachable(self)
        self._damage = DamageWatch()

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keep others from writing during the block, without a transaction: for writes that bypass this class."""
        with self._one_writer():
            yield

    @property
    def place(self) -> str:
        """The location of the database in words: its full path, or its server, without a password."""
        if self.path is not None:
            return f"at {self.path.resolve()}"
        from psycopg import conninfo  # of the extra `postgres`

        name = conninfo.conninfo_to_dict(self._url).get("dbname", "")
        return f"{str(name)!r} on PostgreSQL at {place_of(self._url)}"

    @property
    def peewee(self) -> peewee.Database:
        """Peewee's handle of the server that is used now."""
        return self.routing.handle

    def exists(self) -> bool:
        """Return whether there is a database to connect to: only the first migration creates an SQLite file."""
        return self.path is None or self.path.exists()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Return all rows of ``sql``."""
        self._renew_connection()
        with self.reachable():
            cursor = self.peewee.execute_sql(self._bound(sql), parameters)
            # SQLite runs the rest of the query while its rows are fetched.
            with _AS_PEEWEE:
                return list(cursor.fetchall())

    def rows_planned_anew(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Return all rows of ``sql``, planned for these values each time; see ``all_custom_plan``."""
        if self.engine == "sqlite":
            return self.rows(sql, parameters)
        self._renew_connection()
        with self.reachable(), _AS_PEEWEE:
            return list(self.peewee.connection().execute(self._bound(sql), parameters, prepare=False))

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Yield the rows of ``sql`` one by one, in constant memory, in a transaction of the caller's."""
        with self.reachable():
            if self.engine == "postgresql":
                with self.peewee.connection().cursor(name="stream") as cursor:
                    yield from cursor.execute(self._bound(sql), parameters)
            else:
                with _AS_PEEWEE:
                    yield from self.peewee.execute_sql(sql, parameters)

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """Return the first row of ``sql``, or ``None``."""
        self._renew_connection()
        with self.reachable():
            cursor = self.peewee.execute_sql(self._bound(sql), parameters)
            with _AS_PEEWEE:
                row: Row | None = cursor.fetchone()
            return row

    def run(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Execute a statement and return the number of rows it changed."""
        with self.reachable():
            count: int = self.peewee.execute_sql(self._bound(sql), parameters).rowcount
            return count

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement once for each row."""
        with self.reachable(), _AS_PEEWEE:
            self.peewee.cursor().executemany(self._bound(sql), rows)

    def all(self, query: Prepared[R], /, **values: Any) -> list[R]:
        """Return all rows of a prepared query."""
        self._renew_connection()
        with self.reachable():
            cursor = self.peewee.execute_sql(*query.compiled(self.peewee).bind(values))
            # SQLite runs the rest of the query while its rows are fetched.
            with _AS_PEEWEE:
                return list(query.make_all(cursor.fetchall()))

    def all_custom_plan(self, query: Prepared[R], /, **values: Any) -> list[R]:
        """Return all rows of a prepared query whose best plan depends on the values.

        PostgreSQL plans it for these values each time, instead of settling on one generic plan.
        """
        if self.engine == "sqlite":
            return self.all(query, **values)
        self._renew_connection()
        with self.reachable(), _AS_PEEWEE:
            sql, parameters = query.compiled(self.peewee).bind(values)
            return list(query.make_all(self.peewee.connection().execute(sql, parameters, prepare=False)))

    def one(self, query: Prepared[R], /, **values: Any) -> R | None:
        """Return the first row of a prepared query, or ``None``."""
        self._renew_connection()
        with self.reachable():
            cursor = self.peewee.execute_sql(*query.compiled(self.peewee).bind(values))
            with _AS_PEEWEE:
                row = cursor.fetchone()
            return None if row is None else query.make(row)

    def iterate(self, query: Prepared[R], /, **values: Any) -> Iterator[R]:
        """Yield the rows of a prepared query one by one, in constant memory, in a transaction of the caller's."""
        sql, parameters = query.compiled(self.peewee).bind(values)
        with self.reachable():
            if self.engine == "postgresql":
                with self.peewee.connection().cursor(name="stream") as cursor:
                    yield from query.make_all(cursor.execute(sql, parameters))
            else:
                with _AS_PEEWEE:
                    yield from query.make_all(self.peewee.execute_sql(sql, parameters))

    def execute(self, query: PreparedWrite, /, **values: Any) -> int:
        """Execute a prepared statement and return the number of rows it changed."""
        with self.reachable():
            count: int = self.peewee.execute_sql(*query.compiled(self.peewee).bind(values)).rowcount
            return count

    def execute_many(self, query: PreparedWrite, rows: Iterable[Mapping[str, Any]]) -> None:
        """Execute a prepared statement once for each row, a mapping with its values by name."""
        compiled = query.compiled(self.peewee)
        with self.reachable(), _AS_PEEWEE:
            self.peewee.cursor().executemany(compiled.sql, compiled.bind_many(rows))

    @contextmanager
    def write(self) -> Iterator[None]:
        """Open a transaction that writes. Only one is open at a time: derived data depends on all that is stored.

        Inside another transaction it is part of that one.
        """
        with self.routing.on_primary():
            if self.peewee.in_transaction():
                yield
                return
            self._renew_connection()
            # On PostgreSQL each statement must see what was committed while the transaction waited for its turn.
            begin = "IMMEDIATE" if self.engine == "sqlite" else "READ COMMITTED"
            try:
                with self.reachable(), self._one_writer(), self.peewee.atomic(begin):
                    if self.engine == "postgresql":
                        self.peewee.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_WRITE_LOCK,))
                    yield
            except ServerLost:
                # Another server may be the primary now.
                self._drop_connection()
                raise

    @contextmanager
    def write_if_free(self) -> Iterator[bool]:
        """Open a transaction for a write that is not worth waiting for; yield false if another one is open."""
        with self.routing.on_primary():
            self._renew_connection()
            with self.reachable():
                if self._write_lock is None:
                    with self.peewee.atomic():
                        # Without the lock: another transaction may hold the row until it commits.
                        sql = "SELECT pg_try_advisory_xact_lock(%s)"
                        [free] = self.peewee.execute_sql(sql, (_WRITE_LOCK,)).fetchone()
                        yield free
                    return
                with self._write_lock.held_if_free() as free:
                    if free:
                        with self.peewee.atomic("IMMEDIATE"):
                            yield True
                    else:
                        yield False

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Open a transaction whose reads all see the same state.

        Inside another transaction it is part of that one.
        """
        if self.peewee.in_transaction():
            yield
            return
        self._renew_connection()
        with self.reachable(), self.peewee.atomic():
            if self.engine == "postgresql":
                self.peewee.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield

    @contextmanager
    def try_hold(self, name: str) -> Iterator[bool]:
        """Hold the lock ``name`` during the block, on every machine; yield false if another holds it."""
        if self.engine == "sqlite":
            with self._name_locks.try_hold(name) as held:
                yield held
            return
        key = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
        with self.routing.on_primary():
            row = self.row("SELECT pg_try_advisory_lock(?)", (key,))
            if row is None or not row[0]:
                yield False
                return
            try:
                yield True
            finally:
                # A lost connection has released the lock already.
                with suppress(StoreUnavailable):
                    self.row("SELECT pg_advisory_unlock(?)", (key,))

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Keep other processes from migrating during the block. Each migration is a transaction of its own."""
        with self.reachable(), self._one_writer():
            self.peewee.connect(reuse_if_open=True)  # creates the file if there is none
            if self.engine == "postgresql":
                # Wait as long as another process takes to migrate and then to seed.
                self.peewee.execute_sql("SET lock_timeout = 0")
                self.peewee.execute_sql("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
            try:
                yield
            finally:
                if self.engine == "postgresql":
                    self.peewee.execute_sql("SELECT pg_advisory_unlock(%s)", (_MIGRATION_LOCK,))

    def close(self) -> None:
        """Close this thread's connections. The next query opens a new one."""
        if self.engine == "sqlite":
            self._commits.close()
        for handle in self.routing.handles:
            if not handle.is_closed():
                handle.close()

    def _renew_connection(self) -> None:
        """Close a connection that is out of date.

        The server has closed it; or the SQLite file was replaced (by a restored backup) or removed, which an open
        handle does not notice; or the file was read-only and no longer is.
        """
        if self.peewee.in_transaction():
            return
        if self.path is None:
            self.routing.check()
            if isinstance(self.peewee, PostgresqlHandle) and self.peewee.hung_up():
                self._drop_connection()
            return
        try:
            status = os.stat(self._file)  # noqa: PTH116 - for every query; a Path takes twice as long
        except OSError as error:
            self.close()
            raise StoreUnavailable(f"the database file cannot be found: {error.strerror}") from error
        identity = (status.st_dev, status.st_ino)
        thread = self._thread
        if getattr(thread, "file", identity) != identity:
            self.close()
            self._damage.forget()
        thread.file = identity
        # A connection to a read-only file stays read-only after the file becomes writable.
        if getattr(thread, "protected", False) and os.access(self._file, os.W_OK):
            self.close()
        if self.peewee.is_closed():
            thread.protected = not os.access(self._file, os.W_OK)

    def state(self) -> tuple[object, ...]:
        """Return a value that stays the same until something else can be read: a commit changes it.

        It must be called before the reads that it is kept for, and outside of a transaction.
        """
        self._renew_connection()
        with self.reachable(), _AS_PEEWEE:
            connection = self.peewee.connection()
            if self.engine == "postgresql":
                # On one server the same snapshot sees the same rows.
                row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
                return (self.routing.place, row[0])
            return self._commits.state(self._thread.file)

    def position(self) -> int:
        """Return the position in the log of PostgreSQL that the server has reached that is used now."""
        row = self.row(POSITION)
        return NOWHERE if row is None else int(row[0])

    def check_damage(self) -> None:
        """Raise ``StoreDamaged`` if the database is known to be damaged; a small file is examined for it."""
        self._renew_connection()
        with self.reachable():
            self._damage.check(self.peewee)

    def reachable(self) -> AbstractContextManager[None]:
        """Raise errors of our own for a database that is lost, locked, read-only or full, and drop its connection."""
        return self._reachable

    def note_failure(self, error: _DriverError) -> None:
        """Raise the error of our own for ``error``, if there is one, and drop a connection that is of no more use."""
        failure = failure_of(error)
        if failure is None:
            return
        if isinstance(failure, StoreDamaged):
            self._damage.note(failure)
        if isinstance(failure, ServerLost):
            self.routing.doubt()
        if not isinstance(failure, Duplicate) and not self.peewee.in_transaction():
            self._drop_connection()
        raise failure from error

    def _bound(self, sql: str) -> str:
        """Return ``sql`` with the placeholders of the engine."""
        return sql if self.engine == "sqlite" else _placeholders(sql)

    def _drop_connection(self) -> None:
        # Closing a lost connection may fail too.
        with suppress(peewee.DatabaseError, peewee.InterfaceError):
            if not self.peewee.is_closed():
                self.peewee.close()

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        """Hold the lock that SQLite's writers take before BEGIN IMMEDIATE: its busy handler starves some of them."""
        if self._write_lock is None:
            yield
        else:
            with self._write_lock.held():
                yield


class _Reachable(AbstractContextManager[None]):
    """``Database.reachable``. Without a state, so that every query can use the same one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Replace an error of the database."""
        if isinstance(error, (peewee.DatabaseError, peewee.InterfaceError)):
            self._database.note_failure(error)


@lru_cache(maxsize=512)
def _placeholders(sql: str) -> str:
    return sql.replace("?", "%s")
