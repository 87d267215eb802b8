"""Watch the statements that a database runs, with their durations and without their values."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

from service.storage.database import Database

Note = Callable[[str, float, int], None]
"""Takes the SQL with its placeholders, seconds spent on it, and 1 for a run or 0 for fetching more of its rows."""


def watch(database: Database, note: Note) -> None:
    """Call ``note`` for every statement of the connections that are opened from now on, and close this thread's.

    Copies of a whole database and rows that are streamed from PostgreSQL are not seen.
    """
    database.close()
    if database.engine == "sqlite":
        database.peewee.connect_params["factory"] = _sqlite_connection(note)
    else:
        factory = _postgresql_cursor(note)
        for handle in database.routing.handles:
            handle.connect_params["cursor_factory"] = factory


def _sqlite_connection(note: Note) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        """A cursor that notes what it runs. SQLite runs the rest of a query while its rows are fetched."""

        _sql = ""

        def execute(self, sql: str, *parameters: Any) -> Cursor:
            self._sql = sql
            began = time.perf_counter()
            try:
                return super().execute(sql, *parameters)
            finally:
                note(sql, time.perf_counter() - began, 1)

        def executemany(self, sql: str, *parameters: Any) -> Cursor:
            self._sql = sql
            began = time.perf_counter()
            try:
                return super().executemany(sql, *parameters)
            finally:
                note(sql, time.perf_counter() - began, 1)

        def fetchall(self) -> list[Any]:
            began = time.perf_counter()
            try:
                return super().fetchall()
            finally:
                note(self._sql, time.perf_counter() - began, 0)

    class Connection(sqlite3.Connection):
        """A connection with such cursors."""

        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    return Connection


def _postgresql_cursor(note: Note) -> type[Any]:
    from psycopg import Cursor as DriversCursor  # of the extra `postgres`

    class Cursor(DriversCursor[Any]):
        """A cursor that notes what it runs."""

        def execute(self, query: Any, *parameters: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return super().execute(query, *parameters, **options)
            finally:
                note(query, time.perf_counter() - began, 1)

        def executemany(self, query: Any, *parameters: Any, **options: Any) -> None:
            began = time.perf_counter()
            try:
                super().executemany(query, *parameters, **options)
            finally:
                note(query, time.perf_counter() - began, 1)

    return Cursor
