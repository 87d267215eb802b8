"""A disk that is full or write-protected, a file that is locked or damaged: clean refusals, and then it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from peewee import SqliteDatabase
from werkzeug.test import TestResponse

from service.api import build_app
from service.storage.backup import back_up, put_back
from service.storage.prepared import Prepared
from service.store import Store
from tests.settings import make_settings
from tests.survival.client import Json
from tests.survival.commands import done
from tests.survival.conftest import Place, assert_reads_go_on, make_place, served
from tests.survival.load import assert_sound, opened
from tests.survival.mounts import fill, small_disk, write_protected
from tests.survival.writers import SHARED
from tests.web.helpers import assert_problem

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"


DRAFT: Json = {"claim_version": 1, "rating": "refuted", "draft": True}


def _verdict(mark: object, length: int = 10_000) -> Json:
    return {**DRAFT, "textual_rating": str(mark), "rationale": "x" * length}


def _assert_nothing_is_lost(place: Place, acknowledged: list[str]) -> None:
    with opened(place.url) as store:
        assert_sound(store)
        kept = [row[0] for row in store.database.rows("SELECT textual_rating FROM verdicts ORDER BY id")]
    assert kept == acknowledged


def test_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "16m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        acknowledged: list[str] = []
        with served(place, tmp_path) as (service, client):
            for turn in range(3):
                filler = fill(disk)
                marks = [f"{turn}-{number}" for number in range(40)]
                statuses = [client.post(VERDICTS, _verdict(mark)).status_code for mark in marks]
                # What the files have reserved already can still be used.
                assert set(statuses) <= {201, 507}
                assert statuses[-1] == 507, "the disk was not full"
                acknowledged += [mark for mark, status in zip(marks, statuses, strict=True) if status == 201]
                assert_reads_go_on(client)
                filler.unlink()
                for mark in (f"{turn}-again-{number}" for number in range(5)):
                    assert client.post(VERDICTS, _verdict(mark)).status_code == 201
                    acknowledged.append(mark)
            assert "unhandled" not in service.log()
        _assert_nothing_is_lost(place, acknowledged)


def test_a_write_protected_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        with served(place, tmp_path) as (_, client):
            assert client.post(VERDICTS, _verdict("before", 1)).status_code == 201
            with write_protected(disk):
                for _ in range(20):
                    assert client.post(VERDICTS, _verdict("refused at first", 1), "the-same").status_code == 503
                assert_reads_go_on(client)
            assert client.post(VERDICTS, _verdict("refused at first", 1), "the-same").status_code == 201
            for number in range(10):
                assert client.post(VERDICTS, _verdict(number, 1)).status_code == 201
        _assert_nothing_is_lost(place, ["before", "refused at first", *map(str, range(10))])


def test_a_copy_on_a_read_only_disk_is_audited_and_read(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "32m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        done("backup", str(disk / "copy.db"), environment=place.environment)
        copy = place.environment | {"DATABASE_URL": f"sqlite:///{disk / 'copy.db'}"}
        with write_protected(disk):
            files = sorted(disk.iterdir())
            for environment in (copy, place.environment):
                assert "the log is complete" in done("audit", environment=environment)
                assert "all stored counts are true" in done("doctor", environment=environment)
            with opened(copy["DATABASE_URL"]) as store:
                reader = build_app(store, make_settings(copy["DATABASE_URL"])).test_client()
                assert [reader.get(path).status_code for path in ("/v1/claims", "/v1/claims", "/v1/sources")] == [
                    200
                ] * 3
            assert sorted(disk.iterdir()) == files


@pytest.fixture
def local(tmp_path: Path) -> Iterator[tuple[Store, FlaskClient, Place]]:
    """Yield the application in this process, so that its connections can be reached."""
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


def test_a_connection_from_when_the_file_was_protected_is_renewed(
    local: tuple[Store, FlaskClient, Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps it read-only for good: each thread would refuse one more write after the file can be written to."""
    store, client, place = local
    store.database.close()
    with monkeypatch.context() as protected:
        protected.setattr("os.access", lambda *_: False)
        assert client.get(VERDICTS).status_code == 200
    # As SQLite opens it where it may not write.
    store.database.peewee.connection().close()
    only_reads = sqlite3.connect(f"file:{store.database.path}?mode=ro", uri=True, isolation_level=None)
    store.database.peewee._state.set_connection(only_reads)  # type: ignore[attr-defined]
    assert _post(client, _verdict("at once", 1)).status_code == 201
    _assert_nothing_is_lost(place, ["at once"])
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        only_reads.execute("SELECT 1")


def _pragma(store: Store, name: str, value: int) -> None:
    """For this connection and those that are opened after it."""
    handle = store.database.peewee
    assert isinstance(handle, SqliteDatabase)
    handle.pragma(name, value, permanent=True)
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
    assert_problem(client.get("/v1/events?limit=200&after=50"), 503, "store_damaged")
    assert client.get(VERDICTS).status_code == 200
    assert_problem(client.get("/readyz"), 503, "store_damaged")
    assert client.get("/healthz").status_code == 200


def test_readiness_finds_a_damaged_page_that_no_request_has_met(local: tuple[Store, FlaskClient, Place]) -> None:
    store, client, place = local
    path = Path(place.url.removeprefix("sqlite:///"))
    back_up(store.database, path.with_name("copy.db"))
    [(page,)] = store.database.rows("SELECT pageno FROM dbstat WHERE name = 'source_aliases' LIMIT 1")
    [(size,)] = store.database.rows("PRAGMA page_size")
    store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    store.database.close()
    with path.open("rb+") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)

    assert_problem(client.get("/readyz"), 503, "store_damaged")

    put_back(store.database, path.with_name("copy.db"), path.with_name("damaged.db"))
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("form", ["json", "csv", "ndjson"])
def test_a_file_that_goes_away_between_two_queries_of_a_streamed_answer(
    local: tuple[Store, FlaskClient, Place], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    store, client, place = local
    file, read = Path(place.url.removeprefix("sqlite:///")), store.database.all

    def rows_and_gone(query: Prepared[Any], /, **values: object) -> list[Any]:
        found = read(query, **values)
        if "limit" in values:  # the first page of rows; another one is asked for
            file.rename(file.with_suffix(".away"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(store.database, "all", rows_and_gone)
        assert_problem(client.get(f"/v1/corroboration?format={form}"), 503, "unavailable")
    file.with_suffix(".away").rename(file)
    assert SHARED[0] in client.get(f"/v1/corroboration?format={form}").get_data(as_text=True)
