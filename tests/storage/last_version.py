"""A store of the version before ``first_seen``, with every kind of record in each of its states, and their log.

``last_version.json`` has its rows by table: the names of the columns, and a list of values a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from playhouse.migrations import Runner

from service.storage.database import Database
from service.storage.migrations import DIRECTORY

ROWS: dict[str, tuple[list[str], list[list[Any]]]] = orjson.loads(
    Path(__file__).with_name("last_version.json").read_bytes()
)


def fill(database: Database) -> None:
    """Create the schema of that version in an empty database, with all rows."""
    Runner(database.peewee, str(DIRECTORY)).up("0006_vectors")
    with database.write():
        database.run("DELETE FROM search_totals")  # the schema comes with rows
        for table, (names, rows) in ROWS.items():
            _insert(database, table, names, rows)


def _insert(database: Database, table: str, names: list[str], rows: list[list[Any]]) -> None:
    """Insert all rows by one statement: they may refer to each other in any order."""
    kinds = {column.name: column.data_type for column in database.peewee.get_columns(table)}
    flags = [kinds[name] == "boolean" for name in names]
    values = [bool(value) if flag else value for row in rows for flag, value in zip(flags, row, strict=True)]
    marks = ", ".join([f"({', '.join('?' * len(names))})"] * len(rows))
    database.run(f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks}", values)  # noqa: S608
    if database.engine == "postgresql" and names[0] == "id":
        # As if the sequence had numbered the rows.
        database.row(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))")  # noqa: S608
