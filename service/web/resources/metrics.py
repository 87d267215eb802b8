"""``/metrics`` for Prometheus: what the requests of all workers have cost, and the state of the store.

``prometheus_client`` chooses when it is imported how it keeps values: in files that the workers share, if
``PROMETHEUS_MULTIPROC_DIR`` names a folder, as ``service.gunicorn_settings`` sees to.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, request

from service.model.filters import FacetKind
from service.model.timestamps import from_us
from service.model.verdicts import Need
from service.store import Store
from service.use_cases import catalogue
from service.web.http.observation import Answered, Environ
from service.web.http.problems import problem

PATH = "/metrics"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="metrics"'}


class Metrics:
    """The metrics of one process; those of the store are read when they are asked for."""

    def __init__(self, store: Store, threads: int) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._store = store
        self._threads = threads
        self._requests = Histogram(
            "claims_http_request_duration_seconds",
            "Seconds until the answer to a request began.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._database = Counter(
            "claims_database_seconds", "Seconds that requests waited for the database.", registry=self._registry
        )
        self._statements = Counter(
            "claims_database_statements", "Statements that requests ran.", registry=self._registry
        )
        self._waits = Histogram(
            "claims_write_wait_seconds",
            "Seconds that a write waited for its turn.",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._active = Gauge(
            "claims_http_requests_in_progress",
            "Requests that are being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        reads = Counter("claims_database_reads", "Requests that read, by server.", ("server",), registry=self._registry)
        connections = Gauge(
            "claims_database_connections",
            "Open connections to servers of the database.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        store.routing.on_read = lambda place: reads.labels(place).inc()
        for handle in store.routing.handles:
            handle.on_connections = connections.inc
        self._series: dict[tuple[str, str, str], Any] = {}
        self.wait = self._waits.observe
        """Count the seconds that a write waited."""

    def begin(self, environ: Environ) -> None:
        """Count a request that begins."""
        self._active.inc()

    def end(self, environ: Environ, answered: Answered) -> None:
        """Count its answer."""
        self._active.dec()
        key = (answered.method, answered.route, answered.status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._requests.labels(*key)
        series.observe(answered.seconds)
        if answered.statements.runs:
            self._database.inc(answered.statements.seconds)
            self._statements.inc(answered.statements.runs)

    def exposition(self) -> tuple[bytes, str]:
        """Return the metrics of all workers and of the store in Prometheus' text format, and its media type."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        shown = self._registry
        if FOLDER in os.environ:
            shown = CollectorRegistry()
            MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        state = CollectorRegistry()
        state.register(self)
        return generate_latest(shown) + generate_latest(state), CONTENT_TYPE_LATEST

    def collect(self) -> Iterator[Any]:
        """Yield the metrics of the store."""
        from prometheus_client.metrics_core import GaugeMetricFamily

        with self._store.routing.primary_or_replica(), self._store.snapshot():
            statuses = catalogue.status_counts(self._store.catalogue)
            needs = dict(self._store.catalogue.facet_values(FacetKind.NEED, "", 10))
            events, last_us, _ = self._store.events.log_end()
            recounting = self._store.recounts.claims_left()
        by_status = GaugeMetricFamily("claims_by_status", "Claims by status of corroboration.", labels=("status",))
        for status, number in statuses.items():
            by_status.add_metric((status,), number)
        yield by_status
        yield GaugeMetricFamily(
            "claims_with_stale_verdicts", "Claims that have changed since a verdict.", needs.get(Need.STALE, 0)
        )
        yield GaugeMetricFamily("claims_recounting", "Claims that are left to be recounted.", recounting)
        yield GaugeMetricFamily("claims_log_events", "Events in the log.", events)
        yield GaugeMetricFamily(
            "claims_log_last_event_timestamp_seconds", "Time of the last event.", from_us(last_us).timestamp()
        )
        yield from self._servers()
        yield GaugeMetricFamily(
            "claims_worker_threads", "Threads that answer requests, of all workers of this machine.", self._threads
        )

    def _servers(self) -> Iterator[Any]:
        """Yield the metrics of the servers of the database."""
        from prometheus_client.metrics_core import GaugeMetricFamily

        replicas = self._store.routing.replicas
        writable = replicas is None or replicas.is_writable
        yield GaugeMetricFamily("claims_database_writable", "1 while the primary answers.", int(writable))
        lag = GaugeMetricFamily(
            "claims_replica_lag_seconds", "Seconds that a replica is behind the primary.", labels=("replica",)
        )
        used = GaugeMetricFamily("claims_replica_in_use", "1 while a replica is read.", labels=("replica",))
        for state in () if replicas is None else replicas.states():
            used.add_metric((state.place,), int(state.is_used))
            if state.lag_seconds is not None:
                lag.add_metric((state.place,), state.lag_seconds)
        yield from (lag, used)


def register(app: Flask, metrics: Metrics, token: str) -> None:
    """Answer ``/metrics`` to those who send the token. It is not part of the API, and not in its document."""
    expected = f"Bearer {token}".encode()

    @app.get(PATH)
    def get_metrics() -> Response:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
            detail = "The metrics need the header `Authorization: Bearer TOKEN` with the setting METRICS_TOKEN."
            return problem(401, detail, headers=_CHALLENGE)
        body, media_type = metrics.exposition()
        return Response(body, content_type=media_type, headers={"Cache-Control": "no-store"})
