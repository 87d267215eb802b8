"""A guard over both engines: every query that a run of the tests sends to SQLite has to run on PostgreSQL too.

Most tests of HTTP run on one engine. So that no query is left out by that, the queries of both engines are recorded by
the SQL that they have on SQLite, and a whole run of the long forms fails when one of them
never ran on PostgreSQL. Queries written for one engine (text indexes, vectors, migrations) are left out, and so are
those of server processes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from types import FrameType
from typing import Any

import peewee
import pytest

from service.storage.database import Database
from service.storage.prepared import Compiled, PreparedWrite
from tests.long_forms import LONG

SQLITE, POSTGRESQL = "sqlite", "postgresql"
# These modules have queries for one engine each, or change the schema.
OF_ONE_ENGINE = re.compile(
    r"text_index|written_positions|pgvector|migrations|index_checks|backup|integrity|damage|storage/schema"
)
_PLUMBING = ("storage/database.py", "storage/prepared.py", "queries/base.py", "engine_guard.py")
_LIST = re.compile(r"\(\?(?:, \?)+\)")
_TEXT_METHODS = ("rows", "rows_planned_anew", "stream", "row", "run", "run_many")

ran: dict[str, set[str]] = {SQLITE: set(), POSTGRESQL: set()}
_reference = peewee.SqliteDatabase(None)


def install() -> None:
    """Record every query that this process runs from now on."""
    compiled = PreparedWrite.compiled

    def recorded(self: PreparedWrite, handle: peewee.Database) -> Compiled:
        if not _called_for_one_engine():
            own = vars(self)
            key = own.get("_key")
            if key is None:
                key = own["_key"] = _normal(Compiled(self.query, _reference).sql)
            ran[POSTGRESQL if isinstance(handle, peewee.PostgresqlDatabase) else SQLITE].add(key)
        return compiled(self, handle)

    setattr(PreparedWrite, "compiled", recorded)  # noqa: B010 - mypy lets no method be assigned
    for name in _TEXT_METHODS:
        setattr(Database, name, _recorded_text(getattr(Database, name)))


def _recorded_text(method: Any) -> Any:
    def run(self: Database, sql: str, *arguments: Any) -> Any:
        if not _called_for_one_engine():
            ran[self.engine].add(_normal(sql))
        return method(self, sql, *arguments)

    return run


def _called_for_one_engine() -> bool:
    """Return whether the caller in the storage room is for one engine, or the SQL is that of a test or a benchmark."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.endswith(_PLUMBING):
        frame = frame.f_back
    if frame is not None and re.search("/(tests|benchmarks)/", frame.f_code.co_filename):
        return True
    while frame is not None and "/service/storage/" in frame.f_code.co_filename:
        if OF_ONE_ENGINE.search(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


def _normal(sql: str) -> str:
    """Return ``sql`` with lists of any length as lists of one."""
    return _LIST.sub("(?)", sql.replace("%s", "?"))


def left_out(both: dict[str, Collection[str]]) -> list[str]:
    """Return the queries that ran on SQLite only."""
    return sorted(set(both[SQLITE]) - set(both[POSTGRESQL]))


class Guard:
    """Collects what the workers of a run recorded, and fails the run for what is left out."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.missing: list[str] = []

    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker recorded."""
        for engine, queries in getattr(node, "workeroutput", {}).get("queries", {}).items():
            ran[engine].update(queries)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what this worker recorded, or fail the run."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output["queries"] = {engine: sorted(queries) for engine, queries in ran.items()}
        elif self._is_whole_run() and ran[POSTGRESQL]:
            self.missing = left_out(dict(ran))
            if self.missing and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the queries that never ran on PostgreSQL."""
        if self.missing:
            terminalreporter.section("QUERIES THAT NEVER RAN ON POSTGRESQL", sep="!", red=True, bold=True)
            for query in self.missing:
                terminalreporter.line(query[:300])

    def _is_whole_run(self) -> bool:
        """Return whether every test was asked for, in its long form: no paths, no -k, -m or --lf."""
        options = self._config.option
        chosen = options.keyword or options.markexpr or getattr(options, "lf", False)
        return LONG and not chosen and self._config.args_source is not pytest.Config.ArgsSource.ARGS
