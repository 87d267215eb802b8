"""``/metrics``: requests, the database and the state of the store, and nothing of a reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from service.api import build_app
from service.config import Settings
from service.model.actors import KeyRole
from service.store import Store
from service.use_cases.api_keys import create_key

TOKEN = "a-token-of-24-characters"
CLAIM = {"id": "the-ships", "text": "Ships arrived.", "subject": "ships", "topics": ["shipping"]}
DURATIONS = "claims_http_request_duration_seconds_count"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples_of(text: str) -> Samples:
    """Return the values of metrics in Prometheus' text format, by name and labels."""
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def _metrics(client: FlaskClient) -> str:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.content_type.startswith("text/plain; version=")
    return response.text


def _labels(method: str, route: str, status: str) -> frozenset[tuple[str, str]]:
    return frozenset({"method": method, "route": route, "status": status}.items())


def test_requests_and_the_store_are_counted(store: Store, settings: Settings) -> None:
    client = build_app(store, replace(settings, metrics_token=TOKEN)).test_client()
    _, key = create_key(store, "Ed", KeyRole.EDITOR, None, "tests")
    before = samples_of(_metrics(client))
    assert client.post("/v1/claims", json=CLAIM, headers={"Authorization": f"Bearer {key}"}).status_code == 201
    for path in ("/v1/claims/the-ships", "/v1/claims/none-such", "/nowhere", "/v1/claims/the-ships?include=x"):
        client.get(path)
    client.open("/v1/claims", method="MADE-UP")
    text = _metrics(client)
    after = samples_of(text)
    assert [
        after[DURATIONS, _labels(*labels)]
        for labels in (
            ("POST", "/v1/claims", "201"),
            ("GET", "/v1/claims/<claim_id>", "200"),
            ("GET", "/v1/claims/<claim_id>", "404"),
            ("GET", "/v1/claims/<claim_id>", "422"),
            ("GET", "none", "404"),
            ("other", "none", "405"),
            ("GET", "/metrics", "200"),
        )
    ] == [1.0] * 7
    nothing: frozenset[tuple[str, str]] = frozenset()
    grown = {name: after[name, nothing] - before[name, nothing] for name, labels in after if not labels}
    assert grown["claims_log_events"] == 1
    assert grown["claims_database_statements_total"] > 5
    assert grown["claims_database_seconds_total"] > 0
    assert grown["claims_write_wait_seconds_count"] >= 1
    assert grown["claims_http_requests_in_progress"] == 0
    assert after["claims_by_status", frozenset({("status", "unsupported")})] == 1
    assert after["claims_with_stale_verdicts", nothing] == 0
    for secret in ("the-ships", "none-such", "nowhere", "Ed", "include", key.split("_")[1], TOKEN):
        assert secret not in text


@pytest.mark.one_engine
def test_the_token_is_needed(store: Store, settings: Settings, client: FlaskClient) -> None:
    observed = build_app(store, replace(settings, metrics_token=TOKEN)).test_client()
    for header in ("", f"Bearer {TOKEN}x", TOKEN, "Bearer \u00e9"):
        refused = observed.get("/metrics", headers={"Authorization": header} if header else {})
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="metrics"'
        assert "METRICS_TOKEN" in refused.get_json()["detail"]
    assert client.get("/metrics").status_code == 404
