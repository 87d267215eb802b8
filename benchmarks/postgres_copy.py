"""Copy a store from SQLite into an empty PostgreSQL database, row by row as it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from graphlib import TopologicalSorter
from pathlib import Path

import psycopg
from psycopg import sql

from service.storage.database import Database
from service.storage.migrations import migrate
from tests.settings import make_settings

_BATCH = 5000
# Made by the migrations, or by a trigger of what is copied.
_MADE = ("schema_migration", "search_index")
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position
"""
_REFERENCES = """
SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
WHERE contype = 'f' AND conrelid <> confrelid
"""
_SEQUENCES = """
SELECT table_name, column_name, pg_get_serial_sequence(table_name, column_name) FROM information_schema.columns
WHERE table_schema = 'public' AND pg_get_serial_sequence(table_name, column_name) IS NOT NULL
"""


def copy_store(source: Path, url: str) -> None:
    """Make the schema in the database at ``url``, and copy every row of the store into it."""
    database = Database(make_settings(url))
    migrate(database)
    database.close()
    columns: dict[str, list[tuple[str, str]]] = {}
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as store:
        with psycopg.connect(url) as target:
            for table, column, kind in target.execute(_COLUMNS):
                columns.setdefault(table, []).append((column, kind))
            tables = [table for table in _ordered(target) if table in columns and table not in _MADE]
            for table in tables:
                if target.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone():
                    target.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
                _copy(store, target, table, columns[table])
            for table, column, sequence in target.execute(_SEQUENCES).fetchall():
                last = sql.SQL("SELECT setval(%s, (SELECT COALESCE(MAX({}), 0) + 1 FROM {}), false)")
                target.execute(last.format(sql.Identifier(column), sql.Identifier(table)), (sequence,))
        with psycopg.connect(url, autocommit=True) as target:
            target.execute("VACUUM ANALYZE")


def _ordered(target: psycopg.Connection) -> Iterator[str]:
    """Yield the tables, each after those that it refers to."""
    tables: TopologicalSorter[str] = TopologicalSorter()
    for (table,) in target.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        tables.add(table)
    for table, referred in target.execute(_REFERENCES):
        tables.add(table, referred)
    yield from tables.static_order()


def _copy(store: sqlite3.Connection, target: psycopg.Connection, table: str, columns: list[tuple[str, str]]) -> None:
    names = [name for name, _ in columns]
    flags = [place for place, (_, kind) in enumerate(columns) if kind == "boolean"]
    rows = store.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - names of our schema
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with target.cursor() as cursor, cursor.copy(into) as copy:
        while batch := rows.fetchmany(_BATCH):
            for row in batch:
                values = list(row)
                for place in flags:
                    values[place] = None if values[place] is None else bool(values[place])
                copy.write_row(values)
