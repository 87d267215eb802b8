"""Slow requests are logged with their statements, without a value of a reader."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from service.web.http.observation import Environ, Observed


class _Rule:
    url_rule = type("Rule", (), {"rule": "/v1/claims/<claim_id>"})


def _run(slow_seconds: float | None, application: Callable[..., Any] | None = None) -> None:
    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        for _ in range(2):
            observed.note("SELECT 1 WHERE id = ?", 0.25, 1)
            observed.note("SELECT 1 WHERE id = ?", 0.25, 0)
        observed.note("SELECT 2", 0.5, 1)
        start_response("200 OK", [("X-Request-ID", "r1")])
        return [b""]

    observed = Observed(application or answer, (), slow_seconds)
    observed.note("SELECT 3", 1.0, 1)  # of no request
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/v1/claims/x", "werkzeug.request": _Rule()}
    environ["HTTP_TRACEPARENT"] = f"00-{'a' * 32}-{'b' * 16}-01"
    assert list(observed(environ, lambda *_: None)) == [b""]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return the records of the service's log."""
    monkeypatch.setattr(logging.getLogger("service"), "propagate", True)
    caplog.set_level(logging.INFO, "service")
    return caplog


def test_a_slow_request_is_logged_with_its_statements(logged: pytest.LogCaptureFixture) -> None:
    _run(0.0)
    [record] = logged.records
    fields = vars(record)
    assert (record.message, fields["route"], fields["status"]) == ("slow request", "/v1/claims/<claim_id>", 200)
    assert fields["database_ms"] == 1500
    assert (fields["request_id"], fields["trace_id"], fields["span_id"]) == ("r1", "a" * 32, "b" * 16)
    assert fields["statements"] == [
        {"sql": "SELECT 1 WHERE id = ?", "runs": 2, "ms": 1000.0},
        {"sql": "SELECT 2", "runs": 1, "ms": 500.0},
    ]


@pytest.mark.parametrize("slow_seconds", [None, 60.0])
def test_others_are_not(slow_seconds: float | None, logged: pytest.LogCaptureFixture) -> None:
    _run(slow_seconds)
    assert logged.records == []


def test_a_request_that_fails_is_one_with_status_500(logged: pytest.LogCaptureFixture) -> None:
    def fail(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _run(0.0, fail)
    assert [vars(record)["status"] for record in logged.records] == [500]
