"""Record the SELECTs that a database runs, and find table scans and sorts in their plans."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Self

import psycopg

from service.storage.database import Database

SCAN, SORT = "table scan", "sort"
READ_WHOLE = frozenset({"recounts"})
"""Tables that are small in every store, and are read as a whole: the queue has one row an edit that is not done yet."""
_ROOM = "/service/storage/"
# Methods that run the queries of other classes.
_GENERAL = ("Database.", "Queries.")
_WALK = re.compile(r"\bORDER BY\b.*\bLIMIT\b", re.IGNORECASE | re.DOTALL)
_RELATION = re.compile(r'(?:\bFROM|\bJOIN|,)\s+"?(\w+)"?(?:\s+(?:AS\s+)?"?(\w+)"?)?', re.IGNORECASE)
_LIST = re.compile(r"\((?:\?|%s)(?:, ?(?:\?|%s))*\)")


@dataclass(frozen=True)
class Statement:
    """A SELECT that was run, with the public method of the storage package that ran it."""

    method: str
    sql: str
    parameters: tuple[object, ...]


@dataclass(frozen=True)
class Finding:
    """A fault of a plan: ``kind`` is ``SCAN`` or ``SORT``."""

    method: str
    kind: str


class Recorder:
    """The distinct SELECTs that ran on the connections of a database, by method and text.

    It watches the cursors of the driver, so it sees a statement however it was written. Lists of values of different
    lengths count as one statement.
    """

    def __init__(self, database: Database) -> None:
        """Watch ``database``, which must not be connected yet."""
        self._statements: dict[tuple[str, str], Statement] = {}
        if database.engine == "sqlite":
            database.peewee.connect_params["factory"] = _sqlite_connection(self)
        else:
            database.peewee.connect_params["cursor_factory"] = _postgresql_cursor(self)

    def note(self, sql: str, parameters: Iterable[object]) -> None:
        """Keep a statement if it is a SELECT."""
        if sql.lstrip(" (").startswith(("SELECT", "WITH")):
            method = _method()
            self._statements.setdefault((method, _LIST.sub("(...)", sql)), Statement(method, sql, tuple(parameters)))

    def statements(self) -> list[Statement]:
        """Return the statements that were recorded so far."""
        return list(self._statements.values())


def findings(database: Database, statements: Sequence[Statement]) -> Iterator[tuple[Finding, str]]:
    """Yield the faults in the plans of ``statements``, each with the SQL and its plan."""
    if database.engine == "sqlite":
        tables = {name for (name,) in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables -= READ_WHOLE
        yield from _sqlite_findings(database, statements, tables)
        return
    connection: Any = database.peewee.connection()
    # The tables of a test are so small that a scan or a sort costs less than an index.
    for setting in ("enable_seqscan", "enable_sort", "enable_incremental_sort"):
        connection.execute(f"SET {setting} = off")
    for statement in statements:
        explained = connection.execute(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters).fetchone()[0]
        for kind in {fault for node in _nodes(explained[0]["Plan"]) if (fault := _fault(node))}:
            yield Finding(statement.method, kind), f"{statement.sql}\n{explained}"


def _sqlite_findings(
    database: Database, statements: Sequence[Statement], tables: set[str]
) -> Iterator[tuple[Finding, str]]:
    for statement in statements:
        plan = [row[3] for row in database.rows(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)]
        stored = {alias or name for name, alias in _RELATION.findall(statement.sql) if name in tables} | tables
        scanned = [step for step in plan if step.startswith("SCAN ") and step.split()[1] in stored]
        sorts = any("USE TEMP B-TREE" in step for step in plan)
        # A table is in the order of its key: reading the first rows in that order is not a scan.
        walks = not sorts and _WALK.search(statement.sql)
        # An automatic index is built from a scan.
        if any(" INDEX " not in step and not walks for step in scanned) or any("AUTOMATIC" in step for step in plan):
            yield Finding(statement.method, SCAN), f"{statement.sql}\n{plan}"
        if sorts:
            yield Finding(statement.method, SORT), f"{statement.sql}\n{plan}"


def _fault(node: dict[str, Any]) -> str | None:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in READ_WHOLE:
        return SCAN
    return SORT if node["Node Type"] in ("Sort", "Incremental Sort") else None


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _method() -> str:
    """Return the name of the innermost public method on the stack that has queries of its own."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        code = frame.f_code
        ours = _ROOM in code.co_filename and not code.co_name.startswith(("_", "<"))
        if ours and not code.co_qualname.startswith(_GENERAL):
            return code.co_qualname
        frame = frame.f_back
    return "outside of the storage room"


def _sqlite_connection(recorder: Recorder) -> type[sqlite3.Connection]:
    class RecordingCursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> Self:
            recorder.note(sql, parameters)
            return super().execute(sql, parameters)

    class RecordingConnection(sqlite3.Connection):
        def cursor(self, factory: Any = RecordingCursor) -> Any:
            return super().cursor(factory)

    return RecordingConnection


def _postgresql_cursor(recorder: Recorder) -> type[psycopg.Cursor[Any]]:
    class RecordingCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            recorder.note(str(query), params or ())
            return super().execute(query, params, **options)

    return RecordingCursor
