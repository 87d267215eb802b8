"""Observe requests from outside of the application: their durations, statuses and statements.

For metrics, traces and the log of slow requests.

A request is known by its method and the template of its route, such as ``/v1/claims/<claim_id>``: no id, no key and no
value of a reader is kept. Its duration ends when the answer begins; what is streamed afterwards is not in it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from service.web.http.trace_context import trace_ids

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
_STATEMENTS_AT_MOST = 20
_LONGEST_SQL = 1000
_RUNS_KEPT = 100

log = logging.getLogger("service.slow")


class Run(NamedTuple):
    """One run of a statement, with the fetching of its rows; times are nanoseconds since 1970."""

    sql: str
    began_ns: int
    ended_ns: int


class Statements:
    """The statements of one request: how many there were, their seconds, and both by their SQL.

    With ``in_order`` each run of the first hundred is kept too, with the time at which it ended.
    """

    __slots__ = ("by_sql", "in_order", "runs", "seconds")

    def __init__(self, *, in_order: bool = False) -> None:
        self.runs = 0
        self.seconds = 0.0
        self.by_sql: dict[str, list[float]] = {}
        self.in_order: list[Run] | None = [] if in_order else None

    def add(self, sql: str, seconds: float, runs: int) -> None:
        """Add a run of a statement, or with ``runs=0`` the time to fetch its rows."""
        self.runs += runs
        self.seconds += seconds
        totals = self.by_sql.get(sql)
        if totals is None:
            totals = self.by_sql[sql] = [0, 0.0]
        totals[0] += runs
        totals[1] += seconds
        if self.in_order is not None:
            self._keep(self.in_order, sql, seconds, runs)

    def _keep(self, kept: list[Run], sql: str, seconds: float, runs: int) -> None:
        now = time.time_ns()
        if runs:
            if len(kept) < _RUNS_KEPT:
                kept.append(Run(sql[:_LONGEST_SQL], now - round(seconds * 1e9), now))
        elif kept and kept[-1].sql == sql[:_LONGEST_SQL]:
            kept[-1] = kept[-1]._replace(ended_ns=now)

    def slowest(self) -> list[dict[str, object]]:
        """Return the SQL, runs and milliseconds of the statements, the slowest first."""
        ordered = sorted(self.by_sql.items(), key=lambda item: -item[1][1])[:_STATEMENTS_AT_MOST]
        return [{"sql": sql[:_LONGEST_SQL], "runs": int(runs), "ms": _ms(seconds)} for sql, (runs, seconds) in ordered]


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that has been answered. ``route`` is the template of its route, or ``NO_ROUTE``."""

    method: str
    route: str
    status: str
    seconds: float
    statements: Statements


class Observer(Protocol):
    """Sees requests begin and end."""

    def begin(self, environ: Environ) -> None:
        """See a request that begins."""

    def end(self, environ: Environ, answered: Answered) -> None:
        """See its answer."""


class Observed:
    """The application with its requests shown to observers; those of at least ``slow_seconds`` are logged.

    With ``runs_in_order`` observers see each run of a statement.
    """

    def __init__(
        self,
        application: Application,
        observers: Sequence[Observer],
        slow_seconds: float | None,
        *,
        runs_in_order: bool = False,
    ) -> None:
        self._application = application
        self._observers = observers
        self._slow_seconds = slow_seconds
        self._runs_in_order = runs_in_order
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

        for observer in self._observers:
            observer.begin(environ)
        statements = self._thread.statements = Statements(in_order=self._runs_in_order)
        began = time.perf_counter()
        try:
            return self._application(environ, begin)
        finally:
            seconds = time.perf_counter() - began
            self._thread.statements = None
            method = environ["REQUEST_METHOD"]
            method = method if method in METHODS else "other"
            answered = Answered(method, route, status, seconds, statements)
            if self._slow_seconds is not None and seconds >= self._slow_seconds:
                _log(environ, answered, dict(headers).get("X-Request-ID"))
            for observer in self._observers:
                observer.end(environ, answered)


def _log(environ: Environ, answered: Answered, request_id: str | None) -> None:
    """Log a slow request."""
    ids = {"request_id": request_id, **trace_ids(environ)}
    answer = {"method": answered.method, "route": answered.route, "status": int(answered.status)}
    times = {"duration_ms": _ms(answered.seconds), "database_ms": _ms(answered.statements.seconds)}
    log.warning("slow request", extra=answer | times | ids | {"statements": answered.statements.slowest()})


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
