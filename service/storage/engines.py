"""What SQLite and PostgreSQL do in their own ways: handles that outlive a lost transaction, and what errors mean."""

from __future__ import annotations

import select
from contextlib import suppress
from typing import Any

import peewee

from service.model.errors import Duplicate, ServiceError, StoreFull, StoreUnavailable

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "cache_size": -64 * 1024,
    "mmap_size": 256 * 1024 * 1024,
    "temp_store": "memory",
}
# A peer that is gone without a word is found out in about a minute rather than in hours.
POSTGRESQL_PEER: dict[str, Any] = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# What is left of Peewee's errors is lost, locked, or (a bare DatabaseError of SQLite) no database or a damaged one.
_OUR_FAULT = (
    peewee.DataError,
    peewee.IntegrityError,
    peewee.InternalError,
    peewee.NotSupportedError,
    peewee.ProgrammingError,
)


class _Handle(peewee.Database):
    """Takes a transaction that cannot be rolled back as ended, and tells what went wrong before.

    SQLite may end it by itself when the disk is full, and a lost connection has.
    """

    def rollback(self) -> None:
        try:
            super().rollback()
        except (peewee.DatabaseError, peewee.InterfaceError):
            if self.in_transaction():
                raise
            # Whatever may be left of it ends with the connection.
            with suppress(peewee.DatabaseError, peewee.InterfaceError):
                self.close()


class SqliteHandle(_Handle, peewee.SqliteDatabase):
    pass


class PostgresqlHandle(_Handle, peewee.PostgresqlDatabase):
    """On connections that wait for a lock no longer than ``lock_seconds``: by default they wait for ever."""

    lock_seconds: float

    def _initialize_connection(self, conn: Any) -> None:
        conn.execute("SELECT set_config('lock_timeout', %s, false)", (str(round(self.lock_seconds * 1000)),))
        # No query here runs as long as it takes to compile one.
        conn.execute("SELECT set_config('jit', 'off', false)")
        # A process that stands still in a write keeps all others waiting: the server ends it.
        conn.execute("SELECT set_config('idle_in_transaction_session_timeout', '60s', false)")

    def hung_up(self) -> bool:
        """Whether the server has closed the connection while it was idle."""
        if self.is_closed():
            return False
        connection: Any = self.connection()  # type: ignore[no-untyped-call]
        if connection.closed:
            return True
        # Whoever is asked nothing says nothing, but that they go.
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        return bool(poll.poll(0))


def failure_of(error: Exception) -> ServiceError | None:
    """What a driver's error means for us; ``None`` for a fault of our own."""
    driver = error.__cause__ or error.__context__
    name, state = getattr(driver, "sqlite_errorname", None) or "", getattr(driver, "sqlstate", None) or ""
    if name == "SQLITE_FULL" or state == "53100":  # disk_full
        return StoreFull("the database has no room left")
    if name.startswith("SQLITE_READONLY") or state == "25006":  # read_only_sql_transaction
        return StoreUnavailable("the database cannot be written to")
    if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY") or state == "23505":  # unique_violation
        return Duplicate("the same is there already")
    if isinstance(error, _OUR_FAULT):
        return None
    return StoreUnavailable(f"the database does not answer: {error}")
