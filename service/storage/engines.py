"""The differences between SQLite and PostgreSQL: connection settings, lost transactions, and their errors as ours."""

from __future__ import annotations

import os
import select
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import peewee

from service.model.errors import Duplicate, ServerLost, ServiceError, StoreDamaged, StoreFull, StoreUnavailable

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    # Of each connection, in KiB. The system keeps the file in memory once for all of them.
    "cache_size": -4 * 1024,
    # A large write keeps its pages until it is committed, up to this number, rather than writing some of them twice.
    "cache_spill": 16 * 1024,
    "temp_store": "memory",
}
# A peer that is gone without closing its connection is noticed in about a minute rather than in hours.
# Seconds, but for the last: milliseconds in which what was sent has to arrive.
_PEER: dict[str, Any] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}
# Statements that the server keeps planned for a connection: all that a thread runs again and again, about 150.
_PREPARED_AT_MOST = 400
# The classes of PostgreSQL's states for a connection that is lost, and for a server that ends it or starts.
_LOST = ("08", "57P")
# Errors of our own code. Peewee's others mean that the database is lost, locked, damaged, or not a database.
_OUR_FAULT = (
    peewee.DataError,
    peewee.IntegrityError,
    peewee.InternalError,
    peewee.NotSupportedError,
    peewee.ProgrammingError,
)


def _ignore(change: int) -> None:
    """Ignore a change of the number of connections."""


class Handle(peewee.Database):
    """A handle that calls ``on_connections`` with each change of the number of its connections.

    It regards a transaction that cannot be rolled back as ended, so that the first error is raised. SQLite may end a
    transaction by itself when the disk is full, and a lost connection has ended it.
    """

    on_connections: Callable[[int], None] = staticmethod(_ignore)

    def _initialize_connection(self, conn: Any) -> None:
        super()._initialize_connection(conn)  # type: ignore[misc]
        self.on_connections(1)

    def _close(self, conn: Any) -> None:
        self.on_connections(-1)
        super()._close(conn)  # type: ignore[misc]

    def rollback(self) -> None:
        try:
            super().rollback()
        except (peewee.DatabaseError, peewee.InterfaceError):
            if self.in_transaction():
                raise
            # Anything left of the transaction ends with the connection.
            with suppress(peewee.DatabaseError, peewee.InterfaceError):
                self.close()


def address_to_read(path: Path) -> str:
    """Return the address by which SQLite only reads a file."""
    # A write-ahead log belongs to a file in use. Without one, nothing has to be written to read the file.
    in_use = os.access(path, os.W_OK) or path.with_name(f"{path.name}-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'' if in_use else '&immutable=1'}"


class SqliteHandle(Handle, peewee.SqliteDatabase):
    """A handle of an SQLite file. One that may not be written, such as a copy on a read-only disk, is only read."""

    def _connect(self) -> sqlite3.Connection:
        path = Path(self.database)
        if not path.exists() or os.access(path, os.W_OK):
            # Peewee's stubs leave out what a driver's handle implements.
            connection: sqlite3.Connection = super()._connect()  # type: ignore[misc]
            return connection
        return sqlite3.connect(address_to_read(path), uri=True, timeout=self.timeout, isolation_level=None)


class PostgresqlHandle(Handle, peewee.PostgresqlDatabase):
    """A handle whose connections wait for a lock at most ``lock_seconds``; by default they would wait for ever."""

    lock_seconds: float = 10.0
    read_only: bool = False
    """True for a handle that is for reading alone, whatever the server becomes."""

    def _initialize_connection(self, conn: Any) -> None:
        super()._initialize_connection(conn)
        conn.execute("SELECT set_config('lock_timeout', %s, false)", (str(round(self.lock_seconds * 1000)),))
        # Just-in-time compilation takes longer than any query here.
        conn.execute("SELECT set_config('jit', 'off', false)")
        # A process that is stuck in a write makes all others wait: the server ends its transaction.
        conn.execute("SELECT set_config('idle_in_transaction_session_timeout', '60s', false)")
        conn.prepared_max = _PREPARED_AT_MOST
        if self.read_only:
            conn.execute("SELECT set_config('default_transaction_read_only', 'on', false)")

    def hung_up(self) -> bool:
        """Return whether the server has closed the connection while it was idle."""
        if self.is_closed():
            return False
        connection: Any = self.connection()  # type: ignore[no-untyped-call]
        if connection.closed:
            return True
        # An idle server sends nothing except the end of the connection.
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return bool(poll.poll(0))


def postgresql_handle(url: str, timeout: float, *, read_only: bool = False) -> PostgresqlHandle:
    """Return a handle of a PostgreSQL server, which waits for a lock or a connection at most ``timeout`` seconds."""
    handle = PostgresqlHandle(
        url.replace("postgres://", "postgresql://", 1),
        prefer_psycopg3=True,
        connect_timeout=max(1, round(timeout)),
        **_PEER,
    )
    handle.lock_seconds, handle.read_only = timeout, read_only
    return handle


def place_of(url: str) -> str:
    """Return the host and port of a PostgreSQL server."""
    from psycopg import conninfo  # of the extra `postgres`

    parts = conninfo.conninfo_to_dict(url)
    return ":".join(str(parts[name]) for name in ("host", "port") if name in parts) or "the local socket"


def failure_of(error: Exception) -> ServiceError | None:
    """Return the service's error for an error of the driver; ``None`` if our own code is at fault."""
    driver = error.__cause__ or error.__context__
    name, state = getattr(driver, "sqlite_errorname", None) or "", getattr(driver, "sqlstate", None) or ""
    if name == "SQLITE_FULL" or state == "53100":  # disk_full
        return StoreFull("the database has no room left")
    if name.startswith("SQLITE_READONLY"):
        return StoreUnavailable("the database cannot be written to")
    if state == "25006":  # read_only_sql_transaction: the server has become a replica
        return ServerLost("the database cannot be written to")
    if name.startswith("SQLITE_CORRUPT") or name == "SQLITE_NOTADB" or state in ("XX001", "XX002"):
        return StoreDamaged(f"the database is damaged: {error}")
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY") or state == "23505":  # unique_violation
        return Duplicate("a row with the same unique value already exists")
    if isinstance(error, _OUR_FAULT):
        return None
    message = f"the database does not answer: {error}"
    lost = not name and (not state or state.startswith(_LOST))
    return ServerLost(message) if lost else StoreUnavailable(message)
