"""Stores of earlier versions, with every kind of record in each of its states, and their log.

``last_version.json`` is of the version before ``first_seen``, ``version_0011.json`` of the one before suggestions, with
other keys of names and addresses. Each has its rows by table: the names of the columns, and a list of values a row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from playhouse.migrations import Runner

from service.storage.database import Database
from service.storage.migrations import DIRECTORY

# The schemas of the stores that are kept, with the name of the file.
STORES = {"0006_vectors": "last_version.json", "0011_policy_2": "version_0011.json"}


def fill(database: Database, schema: str = "0006_vectors") -> None:
    """Create the schema of a version in an empty database, with all rows of its store."""
    rows_of = orjson.loads(Path(__file__).with_name(STORES[schema]).read_bytes())
    Runner(database.peewee, str(DIRECTORY)).up(schema)
    with database.write():
        # The schema comes with rows.
        database.run("DELETE FROM search_totals")
        database.run("DELETE FROM derived")
        for table, (names, rows) in rows_of.items():
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
