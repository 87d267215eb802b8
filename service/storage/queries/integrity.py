"""Look for damage of the database itself: its schema, its file, references to nothing, values of the wrong type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import peewee as pw

from service.storage.prepared import Prepared, prepared
from service.storage.queries.base import Queries
from service.storage.schema import schema_faults
from service.storage.schema.deferred import deferred
from service.storage.tables import TABLES

# The first problems that SQLite names: a damaged page can make a million of them.
_MOST = 100
# Columns that are all set or all empty.
_TOGETHER = (
    ("merged_us", "merged_by", "merged_reason"),
    ("withdrawn_us", "withdrawn_by", "withdrawn_reason"),
    ("start_offset", "end_offset", "span_sha256"),
    ("ended_us", "ended_by", "outcome"),
)
_NUMBERS = (pw.IntegerField, pw.BooleanField, pw.ForeignKeyField)


class _Id(NamedTuple):
    public_id: str


def _half_set(table: type[pw.Model], columns: Sequence[str]) -> Prepared[_Id]:
    """Return the query of the rows in which some of these columns are set and others are not."""
    first, *others = (table._meta.columns[name].is_null() for name in columns)
    differing = reduce(or_, (first != other for other in others))
    return prepared(table.select(table._meta.fields["public_id"]).where(differing).limit(_MOST), _Id)


_HALF_SET = tuple(
    (_half_set(table, columns), columns)
    for table in TABLES
    for columns in _TOGETHER
    if table._meta.columns.keys() >= set(columns)
)


class IntegrityQueries(Queries):
    """Checks of the whole database, for the command line."""

    def schema_faults(self) -> list[str]:
        """Return one line for each difference from the schema of the migrations."""
        return list(schema_faults(self.database, deferred(self.database)))

    def damage(self) -> Iterator[str]:
        """Yield one line for each damaged page or index, broken constraint, dangling reference, or impossible row.

        PostgreSQL guards its constraints, references and types by itself, and has its own tools for its pages.
        """
        if self.database.engine == "sqlite":
            yield from self._damaged_file()
        for query, columns in _HALF_SET:
            for row in self.database.all(query):
                yield f"{row.public_id}: of {', '.join(columns)} some are set and others are not"

    def _damaged_file(self) -> Iterator[str]:
        for (found,) in self.database.rows(f"PRAGMA integrity_check({_MOST})"):
            if found != "ok":
                yield f"database file: {found}"
        for table, row, parent, _ in self.database.rows("PRAGMA foreign_key_check"):
            yield f"row {row} of {table} refers to a row of {parent} that is not there"
        for table in TABLES:
            yield from self._mistyped(table)

    def _mistyped(self, table: type[pw.Model]) -> Iterator[str]:
        """Yield the numbers of a table that are none. SQLite stores text in a column of integers."""
        name = table._meta.table_name
        columns = [column for column, field in table._meta.columns.items() if isinstance(field, _NUMBERS)]
        wrong = [f"typeof({column}) NOT IN ('integer', 'null')" for column in columns]
        if not wrong:
            return
        named = ", ".join(f"CASE WHEN {test} THEN '{column}' END" for test, column in zip(wrong, columns, strict=True))
        query = f"SELECT {named} FROM {name} WHERE {' OR '.join(wrong)} LIMIT {_MOST}"  # noqa: S608 - names of ours
        for row in self.database.rows(query):
            yield f"{name}: {', '.join(filter(None, row))} has a value that is no number"
