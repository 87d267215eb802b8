"""One PostgreSQL database for many tests, one after another, emptied in between.

To create a database for each test takes ten times as long as to empty one of a few rows.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.servers import fresh_database

# Whatever a test may change of a schema shows in one of these.
_SCHEMA = """
SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_attribute WHERE NOT attisdropped),
       (SELECT string_agg(tgname || tgenabled::text, ',' ORDER BY tgrelid, tgname) FROM pg_trigger),
       (SELECT count(*) FROM pg_proc), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_db_role_setting)
"""
_OTHERS = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class ReusedDatabase:
    """A copy of the database at ``template``, brought back to what that has whenever it is asked for.

    A test that changed the schema gets the next one a new copy.
    """

    def __init__(self, template: str) -> None:
        self._template = urlsplit(template)
        self._server = self._template._replace(path="/postgres").geturl()
        self._open: ExitStack | None = None

    def close(self) -> None:
        """Drop the database."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def url(self) -> str:
        """Return the URL of the database, which has what the template has."""
        if self._open is None or not self._emptied():
            self.close()
            self._create()
        return self._url

    def _create(self) -> None:
        with ExitStack() as stack:
            made: AbstractContextManager[str] = fresh_database(self._server, template=self._template.path[1:])
            self._url = stack.enter_context(made)
            self._connection = stack.enter_context(psycopg.connect(self._url, autocommit=True))
            self._schema = self._connection.execute(_SCHEMA).fetchone()
            # Partitions are reached through the table that they are of.
            tables = (
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
                "AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname"
            )
            self._tables = [sql.Identifier(name) for (name,) in self._connection.execute(tables).fetchall()]
            self._rows = [(table, rows) for table in self._tables if (rows := self._copied(table))]
            sequences = "SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences"
            self._sequences = self._connection.execute(sequences).fetchall()
            self._open = stack.pop_all()

    def _copied(self, table: sql.Identifier) -> bytes:
        with self._connection.cursor().copy(sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(table)) as copy:
            return b"".join(bytes(block) for block in copy)

    def _emptied(self) -> bool:
        """Bring every row back; return false when that is not enough."""
        try:
            self._connection.execute(_OTHERS)
            if self._connection.execute(_SCHEMA).fetchone() != self._schema:
                return False
            with self._connection.transaction():
                # Neither triggers nor references are looked at.
                emptied = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(table) for table in self._tables)
                self._connection.execute(sql.SQL("SET LOCAL session_replication_role = replica; {}").format(emptied))
                for table, rows in self._rows:
                    with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                        copy.write(rows)
                for name, last in self._sequences:
                    self._connection.execute("SELECT setval(%s, %s, %s)", (name, last or 1, last is not None))
        except psycopg.Error:
            return False
        return True
