"""Traces as a collector gets them from the real server: spans of requests and statements, and nothing of a reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import requests
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span

from tests.processes import running_service

TRACE, CALLER = "a" * 32, "b" * 16
QUERY = "a-word-of-a-reader"


@contextmanager
def _collector() -> Iterator[tuple[str, list[ResourceSpans]]]:
    """Yield the address of a collector, and what it has received."""
    received: list[ResourceSpans] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = 200 if self.path == "/v1/traces" else 404
            if status == 200:
                received.extend(ExportTraceServiceRequest.FromString(body).resource_spans)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", received
        finally:
            server.shutdown()
            thread.join()


def _attributes(span: Span) -> dict[str, str | int]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_requests_and_statements_are_spans(tmp_path: Path) -> None:
    with _collector() as (address, received):
        environment = {"DATABASE_URL": f"sqlite:///{tmp_path}/claims.db", "OTEL_EXPORTER_OTLP_ENDPOINT": f"{address}/"}
        with running_service(tmp_path, environment) as service:
            first = requests.get(f"{service.url}/v1/claims?limit=1", timeout=20).json()["data"][0]["id"]
            answer = requests.get(
                f"{service.url}/v1/claims/{first}/history?limit=2",
                headers={"traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-ID": "r1"},
                timeout=20,
            )
            assert answer.status_code == 200
            assert requests.get(f"{service.url}/{QUERY}?q={QUERY}", timeout=20).status_code == 404
            assert requests.request("MADE-UP", f"{service.url}/v1/claims", timeout=20).status_code == 405
            assert service.stop() == 0
            log = service.log()
    spans = [span for group in received for scope in group.scope_spans for span in scope.spans]
    [ours] = [span for span in spans if span.parent_span_id.hex() == CALLER]
    assert (ours.name, ours.trace_id.hex(), ours.kind) == (
        "GET /v1/claims/<claim_id>/history",
        TRACE,
        Span.SPAN_KIND_SERVER,
    )
    assert _attributes(ours) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/v1/claims/<claim_id>/history",
    }
    inside = [span for span in spans if span.parent_span_id == ours.span_id]
    assert inside
    for span in inside:
        assert span.trace_id == ours.trace_id
        assert ours.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.end_time_unix_nano <= ours.end_time_unix_nano
        assert _attributes(span)["db.system.name"] == "sqlite"
    assert any("FROM" in str(_attributes(span)["db.query.text"]) for span in inside)
    assert {"GET", "HTTP"} <= {span.name for span in spans}  # of no route, and of a method that is made up
    [line] = [fields for fields in map(_fields, log.splitlines()) if fields.get("request_id") == "r1"]
    assert (line["trace_id"], line["span_id"]) == (TRACE, ours.span_id.hex())
    [name] = {a.value.string_value for group in received for a in group.resource.attributes if a.key == "service.name"}
    assert name == "claim-verification"
    everything = b"".join(group.SerializeToString() for group in received)
    for secret in (first, QUERY, "MADE-UP", "127.0.0.1"):
        assert secret.encode() not in everything


def test_a_collector_that_is_away_costs_no_request(tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/claims.db",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "OTEL_EXPORTER_OTLP_TIMEOUT": "1",
        "OTEL_BSP_SCHEDULE_DELAY": "50",
    }
    with running_service(tmp_path, environment) as service:
        for _ in range(5):
            assert requests.get(f"{service.url}/v1/claims", timeout=5).status_code == 200
        assert service.stop() == 0
        lines = [fields for fields in map(_fields, service.log().splitlines()) if fields]
    assert any(str(fields["logger"]).startswith("opentelemetry.") for fields in lines)


def _fields(line: str) -> dict[str, object]:
    return dict(orjson.loads(line)) if line.startswith("{") else {}
