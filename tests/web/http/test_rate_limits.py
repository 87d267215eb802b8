"""Rate limits: whom they count, what they tell, and that nothing stops when their storage does."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fakeredis import TcpFakeServer
from flask import Flask, Response, request
from flask.testing import FlaskClient
from limits.errors import StorageError
from werkzeug.test import TestResponse

from service.api import build_app
from service.storage.database import Database
from service.store import Store
from service.web.http import error_handlers, rate_limits, request_log
from tests.servers import free_port
from tests.settings import make_settings
from tests.web.helpers import assert_problem, openapi_document
from tests.web.http.test_failures import log  # noqa: F401 - a fixture

RECOVERY_SECONDS = 30


def _app(reads: str = "3/hour", writes: str = "2/hour", storage: str = "memory://", body_weight: int = 1) -> Flask:
    """Return an application with these limits; the header ``X-Key`` stands for an API key."""
    app = Flask("limited")
    request_log.register(app, vary_origin=False)
    rate_limits.register(
        app,
        reads=reads,
        writes=writes,
        storage=storage,
        caller=lambda: request.headers.get("X-Key", type=str),
        body_weight=body_weight,
    )
    error_handlers.register(app)

    @app.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def answer() -> Response:
        return Response("here")

    def query() -> Response:
        return Response("here")

    query.only_reads = True  # type: ignore[attr-defined]
    app.post("/query")(query)

    @app.get("/unchanged")
    def unchanged() -> Response:
        return Response(status=304)

    return app


@pytest.fixture
def client() -> FlaskClient:
    """Return a client of an application with limits of 3 reads and 2 writes an hour."""
    return _app().test_client()


def _get(client: FlaskClient, address: str = "192.0.2.1", key: str | None = None) -> TestResponse:
    headers = {} if key is None else {"X-Key": key}
    return client.get("/", headers=headers, environ_overrides={"REMOTE_ADDR": address})


def _left(response: TestResponse) -> int:
    """Return the number of requests left, from the header of a response."""
    return int(response.headers["RateLimit"].split(";r=")[1].split(";")[0])


def _counts(app: Flask) -> rate_limits.Counts:
    counts = app.extensions["rate_limits"]
    assert isinstance(counts, rate_limits.Counts)
    return counts


# What is told.


def test_every_answer_tells_the_limit_and_what_is_left(client: FlaskClient) -> None:
    for left in (2, 1, 0):
        response = client.get("/")
        assert response.status_code == 200
        assert response.headers["RateLimit-Policy"] == '"reads";q=3;w=3600'
        name, remaining, reset = response.headers["RateLimit"].split(";")
        assert (name, remaining) == ('"reads"', f"r={left}")
        assert 1 <= int(reset.removeprefix("t=")) <= 3600
        assert "Retry-After" not in response.headers


def test_a_request_over_the_limit_is_refused_and_told_when_to_come_back(client: FlaskClient) -> None:
    for _ in range(3):
        client.get("/")
    for _ in range(2):
        response = client.get("/")
        assert_problem(response, 429, "too_many_requests")
        assert response.headers["RateLimit-Policy"] == '"reads";q=3;w=3600'
        wait = response.headers["Retry-After"]
        assert 1 <= int(wait) <= 3600
        assert response.headers["RateLimit"] == f'"reads";r=0;t={wait}'


def test_answers_without_a_body_and_errors_tell_it_too(client: FlaskClient) -> None:
    assert _left(client.get("/unchanged")) == 2
    assert _left(client.get("/no/such")) == 1
    assert _left(client.head("/")) == 0
    assert_problem(client.get("/no/such"), 429, "too_many_requests")


# What is counted, and for whom.


def test_reads_and_writes_are_counted_apart(client: FlaskClient) -> None:
    assert [client.open("/", method=method).status_code for method in ("GET", "HEAD", "GET", "GET")] == [200] * 3 + [
        429
    ]
    response = client.post("/")
    assert (response.status_code, response.headers["RateLimit-Policy"]) == (200, '"writes";q=2;w=3600')
    assert client.delete("/").status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE", "QUERY", "FOO"):
        assert_problem(client.open("/", method=method), 429, "too_many_requests")


def test_a_query_counts_by_its_length(client: FlaskClient) -> None:
    def ask(length: int) -> TestResponse:
        return client.post("/query", data=b"x" * length)

    assert _left(ask(rate_limits.QUERY_BYTES)) == 1
    assert _left(ask(rate_limits.QUERY_BYTES - 1)) == 0
    assert_problem(ask(0), 429, "too_many_requests")
    assert _left(_app().test_client().get(f"/?q={'x' * rate_limits.QUERY_BYTES}")) == 1
    weighed = _app(body_weight=2).test_client()
    assert _left(weighed.post("/query", data=b"x" * (rate_limits.QUERY_BYTES // 2))) == 1
    assert _left(weighed.get(f"/?q={'x' * (rate_limits.QUERY_BYTES // 2)}")) == 0
    other = _app().test_client()
    # No query is too long for the whole limit.
    assert other.post("/query", data=b"x" * 10_000).status_code == 200
    assert other.post("/", data=b"x" * 10_000).headers["RateLimit"].startswith('"writes";r=1;')


def test_another_address_has_a_count_of_its_own(client: FlaskClient) -> None:
    assert [_get(client, "192.0.2.1").status_code for _ in range(4)] == [200] * 3 + [429]
    assert _left(_get(client, "192.0.2.2")) == 2


def test_a_network_of_ipv6_counts_as_one_address(client: FlaskClient) -> None:
    assert [_left(_get(client, f"2001:db8:0:1:{host}")) for host in (":1", ":ffff:ffff", "a:b:c:d")] == [2, 1, 0]
    assert _left(_get(client, "2001:db8:0:2::1")) == 2


def test_an_ipv4_address_is_the_same_when_written_as_ipv6(client: FlaskClient) -> None:
    assert [_left(_get(client, address)) for address in ("192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201")] == [
        2,
        1,
        0,
    ]
    assert _left(_get(client, "::ffff:192.0.2.2")) == 2


@pytest.mark.parametrize("address", ["", "unix:", "192.0.2.1:4711"])
def test_what_is_no_address_is_counted_as_it_is(client: FlaskClient, address: str) -> None:
    assert [_get(client, address).status_code for _ in range(4)] == [200] * 3 + [429]


def test_a_key_is_counted_wherever_it_is_used(client: FlaskClient) -> None:
    assert [_left(_get(client, f"192.0.2.{host}", key="one")) for host in (1, 2, 3)] == [2, 1, 0]
    assert_problem(_get(client, "192.0.2.4", key="one"), 429, "too_many_requests")
    assert _left(_get(client, "192.0.2.1", key="two")) == 2
    assert _left(_get(client, "192.0.2.1")) == 2
    # A key cannot pass for an address.
    assert _left(_get(client, "192.0.2.1", key="192.0.2.1")) == 2


def test_without_a_limit_nothing_is_counted_or_told() -> None:
    for reads, writes in (("", ""), ("", "1/hour"), ("1/hour", "")):
        client = _app(reads, writes).test_client()
        for method, limit in (("GET", reads), ("POST", writes)):
            answers = [client.open("/", method=method) for _ in range(3)]
            assert [answer.status_code for answer in answers] == ([200, 429, 429] if limit else [200] * 3)
            assert all(("RateLimit" in answer.headers) == bool(limit) for answer in answers)


@contextmanager
def _service(folder: Path, **changes: Any) -> Iterator[FlaskClient]:
    """Yield the service itself, over a database that is not there."""
    settings = make_settings(f"sqlite:///{folder / 'claims.db'}", **changes)
    database = Database(settings)
    yield build_app(Store(database), settings).test_client()
    database.close()


def test_monitors_preflights_and_static_files_do_not_count(tmp_path: Path) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    with _service(tmp_path, rate_limit_reads="1/hour", rate_limit_writes="1/hour") as client:
        for _ in range(3):
            for path, status in (("/healthz", 200), ("/readyz", 503), ("/static/page.css", 200)):
                with client.get(path) as response:
                    assert response.status_code == status
                    assert "RateLimit" not in response.headers
            assert client.options("/docs", headers=asked).status_code == 200
        assert client.get("/docs").status_code == 200
        refused = client.get("/docs", headers={"Origin": "https://a.example"})
        assert_problem(refused, 429, "too_many_requests")
        exposed = {name.strip() for name in refused.headers["Access-Control-Expose-Headers"].split(",")}
        assert exposed >= {"RateLimit", "RateLimit-Policy", "Retry-After"}
        assert client.get("/healthz").status_code == 200


def test_the_refusal_of_every_operation_has_the_headers_of_a_limit() -> None:
    document = openapi_document()
    refusal = document["components"]["responses"]["4XX"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(refusal["headers"])
    assert list(refusal["content"]) == ["application/problem+json"]


# Counts in Redis.


@contextmanager
def _redis(port: int) -> Iterator[str]:
    """Yield the address of a Redis, in this process, for the time of the block."""
    server = TcpFakeServer(("127.0.0.1", port))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def redis_app() -> Iterator[Callable[[str], Flask]]:
    """Yield a factory of applications that count in Redis; close their connections afterwards."""
    made: list[Flask] = []

    def make(url: str) -> Flask:
        made.append(_app(storage=url))
        return made[-1]

    yield make
    for app in made:
        _connection(app).close()


def _connection(app: Flask) -> Any:
    return _counts(app).storage.storage  # type: ignore[attr-defined]


def test_applications_with_one_redis_count_together(redis_app: Callable[[str], Flask]) -> None:
    with _redis(free_port()) as url:
        one, two = (redis_app(url).test_client() for _ in range(2))
        assert [_left(_get(client, key="k")) for client in (one, two, one)] == [2, 1, 0]
        for client in (one, two):
            response = _get(client, key="k")
            assert_problem(response, 429, "too_many_requests")
            assert 1 <= int(response.headers["Retry-After"]) <= 3600
            assert _left(_get(client, key="other")) > 0


def test_without_its_redis_a_process_counts_for_itself_and_says_so_once(
    redis_app: Callable[[str], Flask],
    log: io.StringIO,  # noqa: F811
) -> None:
    port = free_port()
    with _redis(port) as url:
        client = redis_app(url).test_client()
        assert _left(_get(client)) == 2
    assert [_get(client).status_code for _ in range(5)] == [200] * 3 + [429] * 2
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [warning] = [line for line in lines if line["logger"] != "service.access"]
    assert (warning["logger"], warning["level"]) == ("service.web.http.rate_limits", "WARNING")
    assert "192.0.2.1" not in log.getvalue()

    with _redis(port):
        deadline = time.monotonic() + RECOVERY_SECONDS
        while not _connection(client.application).keys():
            assert time.monotonic() < deadline
            _get(client)
        assert _left(_get(client, key="k")) == 2


def test_a_redis_that_was_never_there_stops_nothing(
    redis_app: Callable[[str], Flask],
    log: io.StringIO,  # noqa: F811
) -> None:
    client = redis_app(f"redis://user:s3cret@127.0.0.1:{free_port()}").test_client()
    assert [_get(client).status_code for _ in range(4)] == [200] * 3 + [429]
    assert "storage unreachable" in log.getvalue()
    assert "s3cret" not in log.getvalue()


def test_requests_that_lose_the_redis_at_once_are_all_answered(
    redis_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = redis_app(f"redis://127.0.0.1:{free_port()}")
    both = threading.Barrier(2, timeout=30)

    def lost(*_: object, **__: object) -> int:
        both.wait()
        raise StorageError(ConnectionError())

    monkeypatch.setattr(_counts(app).storage, "incr", lost)
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(_get(app.test_client()).status_code)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200, 200]


def test_an_answer_does_not_fail_because_what_is_left_cannot_be_told(
    redis_app: Callable[[str], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> int:
        raise StorageError(ConnectionError())

    with _redis(free_port()) as url:
        app = redis_app(url)
        monkeypatch.setattr(_counts(app).storage, "get_expiry", lost)
        response = _get(app.test_client())
    assert response.status_code == 200
    assert "RateLimit" not in response.headers
