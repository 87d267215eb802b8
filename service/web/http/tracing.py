"""Spans of OpenTelemetry: one a request, and one in it for each run of a statement, sent to a collector by OTLP.

A request is named by its method and the template of its route; a statement has placeholders. No id, no key, no query
string and no value of a reader is in a span.
"""

from __future__ import annotations

import logging

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service import __version__
from service.web.http.observation import METHODS, NO_ROUTE, Answered, Environ

_HEADER, _STATE = "HTTP_TRACEPARENT", "HTTP_TRACESTATE"
_SPAN = "claims.span"
_context = TraceContextTextMapPropagator()


class Tracing:
    """Sends the spans of one process to the collector at ``endpoint``; ``system`` is the database's name there.

    Sampling, headers, limits and the pauses between batches are read from OpenTelemetry's own variables. A collector
    that does not answer costs spans, never a request.
    """

    def __init__(self, endpoint: str, system: str) -> None:
        named = Resource({SERVICE_NAME: "claim-verification", SERVICE_VERSION: __version__})
        named = Resource.create(named.merge(OTELResourceDetector().detect()).attributes)
        self._provider = TracerProvider(resource=named)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint)))
        self._tracer = self._provider.get_tracer("service", __version__)
        self._system = system
        # Failures to send are lines of the service's own log.
        library = logging.getLogger("opentelemetry")
        library.handlers, library.propagate = logging.getLogger("service").handlers, False

    def begin(self, environ: Environ) -> None:
        """Begin the span of a request: a child of the caller's. From now on the request has the ids of this one."""
        carrier = {"traceparent": environ.get(_HEADER, ""), "tracestate": environ.get(_STATE, "")}
        span = self._tracer.start_span("request", _context.extract(carrier), SpanKind.SERVER)
        environ[_SPAN] = span
        ids = span.get_span_context()
        environ[_HEADER] = f"00-{ids.trace_id:032x}-{ids.span_id:016x}-{ids.trace_flags:02x}"

    def end(self, environ: Environ, answered: Answered) -> None:
        """End it, with the statements that it ran."""
        span: Span = environ.pop(_SPAN)
        if span.is_recording():
            status = int(answered.status)
            is_known = answered.method in METHODS
            name = answered.method if is_known else "HTTP"
            span.set_attribute("http.request.method", answered.method if is_known else "_OTHER")
            span.set_attribute("http.response.status_code", status)
            if answered.route != NO_ROUTE:
                span.set_attribute("http.route", answered.route)
                name = f"{name} {answered.route}"
            span.update_name(name)
            if status >= 500:
                span.set_attribute("error.type", answered.status)
                span.set_status(StatusCode.ERROR)
            self._add_statements(span, answered)
        span.end()

    def _add_statements(self, span: Span, answered: Answered) -> None:
        inside = set_span_in_context(span)
        for sql, began_ns, ended_ns in answered.statements.in_order or ():
            operation = sql.split(None, 1)[0]
            attributes = {"db.system.name": self._system, "db.operation.name": operation, "db.query.text": sql}
            run = self._tracer.start_span(operation, inside, SpanKind.CLIENT, attributes, start_time=began_ns)
            run.end(ended_ns)
