"""A primary and its streaming replica, both real: who has written reads that, and either may lag, die and return."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api import build_app
from service.model.actors import KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.servers import NoPostgres, Postgres, own_postgres, replica_of
from tests.settings import make_settings
from tests.web.helpers import READY, assert_problem
from tests.web.resources.test_metrics import samples_of

pytestmark = pytest.mark.postgres

HEADER = "Claims-Position"
MOST_LAG = 1.5
PATIENCE = 15
TOKEN = "a-token-of-24-characters"
_numbers = count()


@dataclass
class Pair:
    """A service over a primary and a replica, with the places of its reads as they are made."""

    primary: Postgres
    replica: Postgres
    store: Store
    client: FlaskClient
    key: dict[str, str]
    places: list[str] = field(default_factory=list)

    def write(self, **headers: str) -> tuple[str, TestResponse]:
        """Write a claim; return its path, and the answer."""
        name = f"a-claim-{next(_numbers)}"
        body = {"id": name, "text": f"The claim {name}.", "subject": "ships", "topics": ["shipping"]}
        return f"/v1/claims/{name}", self.client.post("/v1/claims", json=body, headers=self.key | headers)

    def get(self, path: str, address: str = "192.0.2.1", **headers: str) -> TestResponse:
        """Read."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.get(path, headers=given, environ_base={"REMOTE_ADDR": address})
        response.get_data()  # to the end, so that what is streamed is over
        return response

    def on_replica(self, path: str, **headers: str) -> bool:
        """Return whether the replica answers a read, which succeeds."""
        self.places.clear()
        assert self.get(path, **headers).status_code == 200
        return self.places[-1:] == [_place(self.replica)]

    def state(self) -> Any:
        """Return what ``/readyz`` says."""
        response = self.get("/readyz")
        assert response.status_code == 200
        return response.get_json()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep the replica from replaying what is written."""
        _tell(self.replica, "SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            _tell(self.replica, "SELECT pg_wal_replay_resume()")

    def caught_up(self, in_use: int = 1) -> None:
        """Wait until the replica is in use and has all that was written."""
        [(target,)] = _tell(self.primary, "SELECT pg_current_wal_insert_lsn()::text")
        until(lambda: _tell(self.replica, f"SELECT pg_last_wal_replay_lsn() >= '{target}'") == [(True,)])
        until(lambda: self.state()["replicas_in_use"] == in_use)


def until(happens: Callable[[], bool]) -> None:
    """Wait for something."""
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def stopped(server: Postgres) -> Iterator[None]:
    """Stop a server at once, for the time of the block."""
    server.stop()
    try:
        yield
    finally:
        server.start()


def _tell(server: Postgres, sql: str) -> list[Any]:
    with psycopg.connect(server.url, autocommit=True) as connection:
        return connection.execute(sql.encode()).fetchall()


def _place(server: Postgres) -> str:
    return server.url.rpartition("@")[2].partition("/")[0]


def _send_away(server: Postgres) -> int:
    """End the connections of the service to a server; return how many there were."""
    ended = _tell(
        server,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )
    return len(ended)


@contextmanager
def _servers() -> Iterator[tuple[Postgres, Postgres]]:
    """Yield a primary with the schema, and its replica."""
    with ExitStack() as stack:
        try:
            primary = stack.enter_context(own_postgres())
            database = Database(make_settings(primary.url))
            migrate(database)
            database.close()
            replica = stack.enter_context(replica_of(primary))
        except NoPostgres as error:
            if os.environ.get("REQUIRE_POSTGRES") == "1":
                pytest.fail(f"REQUIRE_POSTGRES=1, but {error}", pytrace=False)
            pytest.skip(f"no PostgreSQL: {error}")
        yield primary, replica


@contextmanager
def _served(primary: Postgres, replica: Postgres, writes: str, *reads: str) -> Iterator[Pair]:
    """Yield them with a service over both."""
    settings = make_settings(
        writes,
        read_database_urls=reads,
        replica_max_lag_seconds=MOST_LAG,
        database_timeout_seconds=2.0,
        metrics_token=TOKEN,
    )
    store = Store(Database(settings))
    _, key = create_key(store, f"Ed {next(_numbers)}", KeyRole.EDITOR, None, "tests")
    client = build_app(store, settings).test_client()
    pair = Pair(primary, replica, store, client, {"Authorization": f"Bearer {key}"})
    counted = store.routing.on_read

    def noted(place: str) -> None:
        counted(place)
        pair.places.append(place)

    store.routing.on_read = noted
    yield pair
    assert store.routing.replicas is not None
    store.routing.replicas.stop()
    store.database.close()


@pytest.fixture(scope="module")
def service() -> Iterator[Pair]:
    """Yield a service that writes to a primary and reads its replica."""
    with _servers() as (primary, replica), _served(primary, replica, primary.url, replica.url) as pair:
        yield pair


@pytest.fixture
def pair(service: Pair) -> Pair:
    """Return it, with a replica that is in use."""
    service.caught_up()
    return service


def test_reads_go_to_the_replica_and_writes_to_the_primary(pair: Pair) -> None:
    path, written = pair.write()
    assert written.status_code == 201
    pair.caught_up()
    for read in (path, "/v1/claims?limit=1", "/", "/v1/export", "/feeds/claims.atom", "/v1/events/head"):
        assert pair.on_replica(read)
    pair.places.clear()
    assert pair.client.post("/v1/match", json={"texts": ["The claim."]}).status_code == 200
    assert pair.places == [_place(pair.replica)]
    # A condition on the state of a resource is for the primary.
    assert pair.get(path, If_Match=written.headers["ETag"]).status_code == 200
    assert len(pair.places) == 1


def test_who_has_written_reads_that(pair: Pair) -> None:
    with pair.paused():
        path, written = pair.write()
        position = written.headers[HEADER]
        # Everyone else reads the replica, which does not have it yet.
        assert pair.get(path).status_code == 404
        # By the header, and by the session of the key, which any process finds in the store.
        shown = pair.get(path, Claims_Position=position)
        assert shown.status_code == 200
        assert pair.get(path, **pair.key).status_code == 200
        assert path.rpartition("/")[2] in pair.get("/v1/claims?limit=200", Claims_Position=position).text
        # The primary has shown a later state, which the client does not fall behind again.
        assert int(shown.headers[HEADER].partition("/")[2], 16) >= int(position.partition("/")[2], 16)
        # A patch from what was read, and a repeated write.
        changed = pair.client.patch(
            path, json={"place": "Oslo"}, headers={**pair.key, "If-Match": shown.headers["ETag"]}
        )
        assert changed.status_code == 200
        assert pair.get(path, **pair.key).get_json()["place"] == "Oslo"
    pair.caught_up()
    assert pair.on_replica(path, Claims_Position=changed.headers[HEADER])
    assert pair.on_replica(path, **pair.key)


def test_a_replica_that_is_a_moment_behind_is_waited_for(pair: Pair) -> None:
    for _ in range(5):
        path, written = pair.write()
        pair.places.clear()
        assert pair.get(path, Claims_Position=written.headers[HEADER]).status_code == 200
        assert len(pair.places) == 1


def test_an_answer_that_is_kept_is_of_one_server(pair: Pair) -> None:
    pair.get("/v1/claims?limit=200")
    with pair.paused():
        path, written = pair.write()
        name = path.rpartition("/")[2]
        for _ in range(2):
            assert name not in pair.get("/v1/claims?limit=200").text
            assert name in pair.get("/v1/claims?limit=200", Claims_Position=written.headers[HEADER]).text
    pair.caught_up()
    assert name in pair.get("/v1/claims?limit=200").text


def test_a_replica_that_lags_drops_out_and_comes_back(pair: Pair) -> None:
    with pair.paused():
        path, written = pair.write()
        assert written.status_code == 201
        assert pair.get(path).status_code == 404
        until(lambda: pair.state()["replicas_in_use"] == 0)
        assert pair.get(path).status_code == 200
        samples = samples_of(pair.get("/metrics", Authorization=f"Bearer {TOKEN}").text)
        labels = frozenset({("replica", _place(pair.replica))})
        assert samples["claims_replica_in_use", labels] == 0
        assert samples["claims_replica_lag_seconds", labels] > MOST_LAG
        assert samples["claims_database_writable", frozenset()] == 1
        assert samples["claims_database_connections", frozenset()] >= 1
        assert samples["claims_database_reads_total", frozenset({("server", _place(pair.primary))})] >= 1
    pair.caught_up()
    assert pair.on_replica(path)
    assert pair.state() | {"upgrading": []} == READY | {"replicas_in_use": 1, "replica_lag_seconds": 0.0}


def test_connections_that_are_ended_fail_no_read(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    path, written = pair.write()
    assert written.status_code == 201
    pair.caught_up()
    for server in (pair.replica, pair.primary):
        for hidden in (False, True):
            assert pair.get(path).status_code == 200
            assert pair.get(path, **pair.key).status_code == 200
            assert _send_away(server) > 0
            with monkeypatch.context() as patched:
                if hidden:
                    # The connection ends after it was looked at: with the statement.
                    for handle in pair.store.routing.handles:
                        patched.setattr(handle, "hung_up", lambda: False)
                assert pair.get(path).status_code == 200
                assert pair.get(path, **pair.key).status_code == 200
            # Nothing is in flight: nor does a write fail.
            assert pair.write()[1].status_code == 201
            pair.caught_up()


def test_a_replica_that_dies_is_left_out_until_it_is_back(pair: Pair) -> None:
    path, _ = pair.write()
    pair.caught_up()
    assert pair.on_replica(path)
    with stopped(pair.replica):
        for _ in range(20):
            assert not pair.on_replica(path)
            assert pair.write()[1].status_code == 201
        assert pair.state()["replicas_in_use"] == 0
    pair.caught_up()
    assert pair.on_replica(path)


def test_without_the_primary_reads_go_on_and_writes_are_told_to_wait(pair: Pair) -> None:
    path, written = pair.write()
    pair.caught_up()
    with stopped(pair.primary):
        _assert_reads_alone_go_on(pair, path, written.headers[HEADER])
    # Both servers come back, and neither at once.
    until(lambda: pair.get("/readyz").get_json().get("writable") is True)
    path, written = pair.write()
    assert written.status_code == 201
    assert pair.get(path, Claims_Position=written.headers[HEADER]).status_code == 200


def _assert_reads_alone_go_on(pair: Pair, path: str, position: str) -> None:
    for _ in range(10):
        assert pair.get(path).status_code == 200
        assert pair.get(path, **pair.key).status_code == 200
        assert pair.get(path, Claims_Position=position).status_code == 200
        refused = pair.write()[1]
        assert_problem(refused, 503)
        assert refused.headers["Retry-After"] == "1"
    until(lambda: not pair.state()["writable"])
    # What no server that answers has, nobody is told is not there.
    assert_problem(pair.get(path, Claims_Position="FFFFFF/0"), 503)
    assert_problem(pair.get(path, If_Match="*"), 503)
    samples = samples_of(pair.get("/metrics", Authorization=f"Bearer {TOKEN}").text)
    assert samples["claims_database_writable", frozenset()] == 0
    assert pair.client.options("/v1/claims").status_code == 200
    with stopped(pair.replica):
        until(lambda: pair.get("/readyz").status_code == 503)
        assert_problem(pair.get(path), 503)
        assert_problem(pair.get(path, **pair.key), 503)
        for needs_none in ("/openapi.yaml", "/healthz", "/static/page.css"):
            assert pair.get(needs_none).status_code == 200


def test_a_position_that_is_none_is_refused(pair: Pair) -> None:
    for given in ("yesterday", "0/", "1"):
        refused = pair.get("/v1/claims", Claims_Position=given)
        body = assert_problem(refused, 422)
        assert "16/B374D848" in body["detail"]


def _either(primary: Postgres, replica: Postgres) -> str:
    """Return the URL of that one of two servers that takes writes."""
    first, second = urlsplit(primary.url), urlsplit(replica.url)
    places = f"{first.netloc},{second.netloc.rpartition('@')[2]}"
    return first._replace(netloc=places, query="target_session_attrs=read-write").geturl()


def test_a_replica_that_is_promoted_takes_the_writes() -> None:
    with (
        _servers() as (primary, replica),
        _served(primary, replica, _either(primary, replica), primary.url, replica.url) as pair,
    ):
        until(lambda: pair.state()["replicas_in_use"] == 2)
        before = [pair.write() for _ in range(5)]
        assert {answer.status_code for _, answer in before} == {201}
        pair.caught_up(2)
        primary.stop()
        assert pair.write(**{"Idempotency-Key": "one"})[1].status_code == 503
        for path, answer in before:
            assert pair.get(path, Claims_Position=answer.headers[HEADER]).status_code == 200
            assert pair.get(path, **pair.key).status_code == 200
        _tell(replica, "SELECT pg_promote()")
        until(lambda: pair.state()["writable"] is True)
        path, written = pair.write()
        assert written.status_code == 201
        # What was promoted is read as before, now without any lag.
        assert pair.on_replica(path, Claims_Position=written.headers[HEADER])
        assert pair.on_replica(path, **pair.key)
        assert pair.client.get("/v1/events/head").get_json()["size"] == len(before) + 2
