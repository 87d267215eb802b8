"""A disk that is full or write-protected, a file that is locked or damaged: clean refusals, and then it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api import build_app
from service.store import Store
from tests.conftest import make_settings
from tests.processes import Service, running_service
from tests.survival.client import Client, Json
from tests.survival.conftest import Place, make_place
from tests.survival.load import LISTS, assert_sound, opened
from tests.survival.mounts import fill, small_disk, write_protected
from tests.survival.writers import SHARED, furnish
from tests.web.helpers import assert_problem

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"


def _verdict(mark: object, length: int = 10_000) -> Json:
    return {"claim_version": 1, "rating": "refuted", "textual_rating": str(mark), "rationale": "x" * length}


@contextmanager
def _served(folder: Path, place: Place) -> Iterator[tuple[Service, Client]]:
    """A service over that place, with something to write about, and a client of it."""
    with running_service(folder, place.environment) as service, Client(service.url, place.keys[0]) as client:
        furnish(client, 0)
        yield service, client


def _assert_reads_go_on(client: Client) -> None:
    for path in [*LISTS, "/v1/events", "/readyz"] * 4:
        client.read(path)


def _assert_nothing_is_lost(place: Place, acknowledged: list[str]) -> None:
    with opened(place.url) as store:
        assert_sound(store)
        kept = [row[0] for row in store.database.rows("SELECT textual_rating FROM verdicts ORDER BY id")]
    assert kept == acknowledged


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        acknowledged = []
        with _served(tmp_path, place) as (service, client):
            for round in range(3):
                filler = fill(disk)
                statuses = set()
                for number in range(40):
                    answer = client.post(VERDICTS, _verdict(f"{round}-{number}"))
                    statuses.add(answer.status_code)
                    if answer.status_code == 201:
                        acknowledged.append(f"{round}-{number}")
                    _assert_reads_go_on(client) if number % 10 == 0 else None
                assert statuses <= {201, 507}
                assert answer.status_code == 507, "the disk was not full"
                _assert_reads_go_on(client)
                filler.unlink()
                for number in range(5):
                    assert client.post(VERDICTS, _verdict(f"{round}-again-{number}")).status_code == 201
                    acknowledged.append(f"{round}-again-{number}")
            assert "unhandled" not in service.log()
        _assert_nothing_is_lost(place, acknowledged)


def test_a_write_protected_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        with _served(tmp_path, place) as (_, client):
            assert client.post(VERDICTS, _verdict("before", 1)).status_code == 201
            with write_protected(disk):
                for _ in range(20):
                    assert client.post(VERDICTS, _verdict("never", 1)).status_code == 503
                _assert_reads_go_on(client)
            for number in range(10):
                assert client.post(VERDICTS, _verdict(number, 1)).status_code == 201
        _assert_nothing_is_lost(place, ["before", *map(str, range(10))])


@pytest.fixture
def local(tmp_path: Path) -> Iterator[tuple[Store, FlaskClient, Place]]:
    """The application in this process, so that its connections can be reached."""
    place = make_place(f"sqlite:///{tmp_path / 'claims.db'}", writers=1)
    with opened(place.url) as store:
        client = build_app(store, make_settings(place.url)).test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {place.keys[0]}"
        claim = {"id": SHARED[0], "text": "A statement.", "subject": "a subject", "topics": ["general"]}
        assert client.post("/v1/claims", json=claim).status_code == 201
        yield store, client, place


def _post(client: FlaskClient, body: Json) -> TestResponse:
    return client.post(VERDICTS, json=body)


def test_a_quota_of_pages(local: tuple[Store, FlaskClient, Place]) -> None:
    store, client, place = local
    acknowledged: list[str] = []
    for room in (20, 40):
        [(pages,)] = store.database.rows("PRAGMA page_count")
        _pragma(store, "max_page_count", pages + room)
        refusals = 0
        for number in range(room):
            answer = _post(client, _verdict(f"{room}-{number}"))
            if answer.status_code == 201:
                acknowledged.append(f"{room}-{number}")
                continue
            assert_problem(answer, 507, "insufficient_storage")
            refusals += 1
            assert client.get("/v1/claims").status_code == 200
            assert client.get(VERDICTS).status_code == 200
        assert refusals > 1
        assert client.get("/v1/events").status_code == 200
    _pragma(store, "max_page_count", 10**6)
    for number in range(3):
        assert _post(client, _verdict(number)).status_code == 201
        acknowledged.append(str(number))
    _assert_nothing_is_lost(place, acknowledged)


def test_connections_that_may_only_read(local: tuple[Store, FlaskClient, Place]) -> None:
    store, client, place = local
    _pragma(store, "query_only", 1)
    for _ in range(3):
        answer = _post(client, _verdict("never", 1))
        assert_problem(answer, 503, "unavailable")
        assert answer.headers["Retry-After"]
        assert client.get(VERDICTS).status_code == 200
    _pragma(store, "query_only", 0)
    assert _post(client, _verdict("again", 1)).status_code == 201
    _assert_nothing_is_lost(place, ["again"])


def _pragma(store: Store, name: str, value: int) -> None:
    """For this connection and those that are opened after it."""
    store.database.peewee.pragma(name, value, permanent=True)
    store.database.close()


def test_a_damaged_page_is_refused_and_the_rest_is_served(local: tuple[Store, FlaskClient, Place]) -> None:
    store, client, place = local
    for number in range(100):
        assert _post(client, _verdict(number)).status_code == 201
    # The page of a leaf that a long read comes to after it has begun.
    [(page,)] = store.database.rows(
        "SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf' ORDER BY pageno DESC LIMIT 1"
    )
    [(size,)] = store.database.rows("PRAGMA page_size")
    store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    store.database.close()
    with (Path(place.url.removeprefix("sqlite:///"))).open("rb+") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert_problem(client.get("/v1/events?limit=200&after=50"), 503, "unavailable")
    assert client.get(VERDICTS).status_code == 200
