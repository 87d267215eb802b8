"""Headers of all responses, and ids of requests."""

from __future__ import annotations

import os
from copy import copy
from typing import Any

import pytest

from service.web.http.fixed_headers import FixedHeaders
from service.web.http.request_log import RequestIds


@pytest.mark.parametrize(
    ("scheme", "own", "sent"),
    [
        ("http", [], [("A", "1"), ("B", "2")]),
        ("https", [("X", "y")], [("X", "y"), ("A", "1"), ("B", "2"), ("C", "3")]),
        ("http", [("B", "own")], [("B", "own"), ("A", "1")]),
        ("https", [("C", "own")], [("C", "own"), ("A", "1"), ("B", "2")]),
    ],
)
def test_a_response_keeps_its_own_headers_and_gets_the_others(
    scheme: str, own: list[tuple[str, str]], sent: list[tuple[str, str]]
) -> None:
    started: list[Any] = []

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", own)
        return [b"body"]

    app = FixedHeaders(application, {"A": "1", "B": "2"}, {"C": "3"})
    assert app({"wsgi.url_scheme": scheme}, lambda *given: started.append(given)) == [b"body"]  # type: ignore[arg-type]
    assert started == [("200 OK", sent, None)]


def test_ids_of_requests_differ_also_in_a_forked_process(monkeypatch: pytest.MonkeyPatch) -> None:
    hooks: list[dict[str, Any]] = []
    monkeypatch.setattr(os, "register_at_fork", lambda **given: hooks.append(given))
    one, other = RequestIds(), RequestIds()
    made = {one.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in made)
    other._numbers = copy(one._numbers)
    assert one.new() == other.new()
    hooks[1]["after_in_child"]()
    assert one.new() != other.new()
