"""Observe requests from outside of the application: durations, statuses and database time, for metrics and the log.

A request is known by its method and the template of its route, such as ``/v1/claims/<claim_id>``: no id, no key and no
value of a reader is kept. Its duration ends when the answer begins; what is streamed afterwards is not in it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from service.web.http.trace_context import trace_ids

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
_STATEMENTS_AT_MOST = 20
_LONGEST_SQL = 1000

log = logging.getLogger("service.slow")


class Statements:
    """The statements of one request: how many there were, their seconds, and both by their SQL."""

    __slots__ = ("by_sql", "runs", "seconds")

    def __init__(self) -> None:
        self.runs = 0
        self.seconds = 0.0
        self.by_sql: dict[str, list[float]] = {}

    def add(self, sql: str, seconds: float, runs: int) -> None:
        """Add a run of a statement, or with ``runs=0`` the time to fetch its rows."""
        self.runs += runs
        self.seconds += seconds
        totals = self.by_sql.get(sql)
        if totals is None:
            totals = self.by_sql[sql] = [0, 0.0]
        totals[0] += runs
        totals[1] += seconds

    def slowest(self) -> list[dict[str, object]]:
        """Return the SQL, runs and milliseconds of the statements, the slowest first."""
        ordered = sorted(self.by_sql.items(), key=lambda item: -item[1][1])[:_STATEMENTS_AT_MOST]
        return [{"sql": sql[:_LONGEST_SQL], "runs": int(runs), "ms": _ms(seconds)} for sql, (runs, seconds) in ordered]


class Counters(Protocol):
    """Counts requests."""

    def begin(self) -> None:
        """Count a request that begins."""

    def end(self, method: str, route: str, status: str, seconds: float, statements: Statements) -> None:
        """Count its answer."""


class Observed:
    """The application with requests counted; those of at least ``slow_seconds`` are logged with their statements."""

    def __init__(self, application: Application, counters: Counters | None, slow_seconds: float | None) -> None:
        self._application = application
        self._counters = counters
        self._slow_seconds = slow_seconds
        self._thread = threading.local()

    def note(self, sql: str, seconds: float, runs: int) -> None:
        """Add a statement to the request of this thread."""
        statements: Statements | None = getattr(self._thread, "statements", None)
        if statements is not None:
            statements.add(sql, seconds, runs)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        status, route = "500", NO_ROUTE
        headers: Sequence[tuple[str, str]] = ()

        def begin(line: str, given: Sequence[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status, route, headers
            status, headers = line[:3], given
            # Flask takes the request out of the environment when it is done.
            rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
            route = NO_ROUTE if rule is None else rule.rule
            return start_response(line, given, *rest)

        if self._counters is not None:
            self._counters.begin()
        statements = self._thread.statements = Statements()
        began = time.perf_counter()
        try:
            return self._application(environ, begin)
        finally:
            seconds = time.perf_counter() - began
            self._thread.statements = None
            method = environ["REQUEST_METHOD"]
            method = method if method in METHODS else "other"
            if self._counters is not None:
                self._counters.end(method, route, status, seconds, statements)
            if self._slow_seconds is not None and seconds >= self._slow_seconds:
                ids = {"request_id": dict(headers).get("X-Request-ID"), **trace_ids(environ)}
                answer = {"method": method, "route": route, "status": int(status)}
                times = {"duration_ms": _ms(seconds), "database_ms": _ms(statements.seconds)}
                log.warning("slow request", extra=answer | times | ids | {"statements": statements.slowest()})


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
