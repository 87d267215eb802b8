"""A PostgreSQL that goes away, comes back, takes no writes or has no room: clean refusals, and then it goes on."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from service.api import build_app
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.long_forms import by_form
from tests.servers import NoPostgres, Postgres, fresh_database, own_postgres
from tests.settings import make_settings
from tests.survival.client import Client, Json
from tests.survival.conftest import Place, assert_reads_go_on, make_place, served
from tests.survival.load import Load, assert_kept, assert_sound, opened
from tests.survival.writers import SHARED

pytestmark = pytest.mark.postgres

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"
VERDICT: Json = {"claim_version": 1, "rating": "refuted", "draft": True}
# Writes between one failure and the next.
WRITES = by_form(10, 20)


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[Place]:
    """Yield a database on the server that the tests share."""
    with fresh_database(postgres_server) as url:
        yield make_place(url, writers=8)


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """Yield a server that the test may stop."""
    try:
        with own_postgres() as server:
            yield server
    except NoPostgres as error:
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(f"REQUIRE_POSTGRES=1, but {error}", pytrace=False)
        pytest.skip(f"no PostgreSQL: {error}")


def _tell(url: str, command: str) -> None:
    """Run an administrator's command; the name of the database stands for ``{}``."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(sql.SQL(command).format(sql.Identifier(urlsplit(url).path[1:])))


def _send_away(url: str) -> int:
    """End all other connections to the database; how many there were."""
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
    return len(ended)


def test_connections_ended_in_the_middle(postgres: Place, tmp_path: Path) -> None:
    with served(postgres, tmp_path, writers=len(postgres.keys)) as (service, _):
        with Load(service.url, postgres.keys, readers=2, patient=True) as load:
            for _ in range(by_form(3, 10)):
                load.wait_for(WRITES)
                assert _send_away(postgres.url) > 0
            load.wait_for(WRITES)
        assert "unhandled" not in service.log()
    with opened(postgres.url) as store:
        assert_kept(store, load)
        assert_sound(store)


def test_connections_ended_while_nothing_is_done_are_nobodys_concern(postgres: Place, tmp_path: Path) -> None:
    with served(postgres, tmp_path) as (_, client):
        for _ in range(by_form(2, 5)):
            assert_reads_go_on(client)
            assert _send_away(postgres.url) > 0
            for _ in range(10):
                assert client.post(VERDICTS, VERDICT).status_code == 201
            assert _send_away(postgres.url) > 0


def test_a_read_whose_connection_ends_in_the_middle_is_made_once_more(
    postgres: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(postgres.url)
    with closing(Database(settings)) as database:
        client = build_app(Store(database), settings).test_client()
        for headers in ({}, {"Authorization": f"Bearer {postgres.keys[0]}"}):
            assert client.get("/v1/claims", headers=headers).status_code == 200
            assert _send_away(postgres.url) == 1
            with monkeypatch.context() as patched:
                # As if the connection had been there when it was looked at.
                patched.setattr(database.peewee, "hung_up", lambda: False)
                assert client.get("/v1/claims", headers=headers).status_code == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_a_server_that_is_stopped_and_started_again(own_server: Postgres, tmp_path: Path, how: signal.Signals) -> None:
    place = make_place(own_server.url, writers=8)
    with served(place, tmp_path, writers=len(place.keys)) as (service, client):
        with Load(service.url, place.keys, readers=2, patient=True) as load:
            for _ in range(by_form(2, 3)):
                load.wait_for(WRITES)
                own_server.stop(how)
                for _ in range(3):
                    for path in ("/v1/claims", "/v1/events", "/v1/corroboration", "/readyz"):
                        assert client.get(path).status_code == 503
                    assert client.post(VERDICTS, VERDICT).status_code == 503
                    assert client.get("/healthz").status_code == 200
                own_server.start()
            load.wait_for(WRITES)
        assert_reads_go_on(client)
        assert "unhandled" not in service.log()
    with opened(place.url) as store:
        assert_kept(store, load)
        assert_sound(store)


def test_a_database_that_is_read_only(postgres: Place, tmp_path: Path) -> None:
    with served(postgres, tmp_path) as (service, client):
        # As on a server that has become a standby: for new connections.
        _tell(postgres.url, "ALTER DATABASE {} SET default_transaction_read_only = on")
        _send_away(postgres.url)
        for _ in range(10):
            assert client.post(VERDICTS, VERDICT, "the-same").status_code == 503
        # A key that is used for the first time is good, though that cannot be noted.
        with Client(service.url, postgres.keys[1]) as another:
            assert_reads_go_on(another)
        _tell(postgres.url, "ALTER DATABASE {} RESET default_transaction_read_only")
        _send_away(postgres.url)
        assert client.post(VERDICTS, VERDICT, "the-same").status_code == 201
        for _ in range(9):
            assert client.post(VERDICTS, VERDICT).status_code == 201
    with opened(postgres.url) as store:
        assert len(store.database.rows("SELECT 1 FROM verdicts")) == 10
        assert_sound(store)


def test_a_server_without_room(postgres: Place, tmp_path: Path) -> None:
    with served(postgres, tmp_path) as (_, client):
        _tell(
            postgres.url,
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$; "
            "CREATE TRIGGER no_room BEFORE INSERT ON events EXECUTE FUNCTION no_room()",
        )
        for _ in range(10):
            # Each time anew: nothing of the refused one stands in the way.
            assert client.post(VERDICTS, VERDICT, "the-same").status_code == 507
        assert_reads_go_on(client)
        _tell(postgres.url, "DROP TRIGGER no_room ON events")
        assert client.post(VERDICTS, VERDICT, "the-same").status_code == 201
        for _ in range(9):
            assert client.post(VERDICTS, VERDICT).status_code == 201
    with opened(postgres.url) as store:
        assert len(store.database.rows("SELECT 1 FROM verdicts")) == 10
        assert_sound(store)


def test_who_starts_while_another_migrates_waits_as_long_as_that_takes(postgres: Place) -> None:
    settings = make_settings(postgres.url, database_timeout_seconds=0.1)
    begun = threading.Event()

    def migrate_slowly() -> None:
        with closing(Database(settings)) as database, database.migrating():
            begun.set()
            time.sleep(0.5)

    thread = threading.Thread(target=migrate_slowly)
    thread.start()
    begun.wait()
    with closing(Database(settings)) as database:
        assert migrate(database) == []
    thread.join()
