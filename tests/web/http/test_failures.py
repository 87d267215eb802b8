"""Failures of ours: an exception, a lost database. What the client is told, and that the service recovers."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import peewee
import psycopg
import pytest
from flask.testing import FlaskClient

from service import api
from service.api import build_app, create_app
from service.config import Settings
from service.model.actors import KeyRole
from service.model.entities import ClaimLink, LinkType
from service.model.errors import StoreUnavailable
from service.operations.startup import prepare
from service.storage.database import Database
from service.storage.migrations import check_schema
from service.store import Store
from service.web.http import request_log
from tests.furnished import PAIR, Reader, furnish
from tests.settings import make_settings
from tests.web.helpers import (
    a_claim,
    a_mention,
    a_source,
    assert_problem,
    example,
    load,
    rules,
    seeds_of,
    stated,
)

SECRET = "s3cret-in-the-message"


EXAMPLES = {"claim_id": "one", "source_id": "source", "document_id": "doc", "mention_id": "m-one-doc-0"}
EXAMPLES["link_id"] = stated("l", "one", "refines", "two")


@pytest.fixture
def small(client: FlaskClient, store: Store) -> Reader:
    """Return a client over a store with one of everything."""
    links = [("one", ClaimLink(LinkType.REFINES, "two"))]
    claims, mentions = [a_claim("one"), a_claim("two")], [a_mention("one", "doc", "source")]
    sources = [a_source(name) for name in ("source", *PAIR.records)]
    load(store, seeds_of(claims, mentions, sources, links=links))
    return Reader(client.application, furnish(store, "one")[KeyRole.ADMIN])


@pytest.mark.parametrize("lost", [1, 2])
def test_an_application_loads_although_connections_are_lost(
    schema: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    """The server would stop if a worker could not load it, even while others serve."""
    failures = iter([StoreUnavailable("terminated")] * lost)

    def interrupted(database: Database) -> None:
        for failure in failures:
            raise failure
        check_schema(database)

    monkeypatch.setattr(api, "check_schema", interrupted)
    monkeypatch.setattr(api, "_PAUSES", (0,))
    if lost > 1:
        with pytest.raises(StoreUnavailable):
            create_app(settings)
    else:
        app = create_app(settings)
        assert app.test_client().get("/readyz").status_code == 200
        app.extensions["store"].database.close()


def _stored_paths(client: FlaskClient) -> Iterator[str]:
    for rule in rules(client.application):
        if rule not in ("/healthz", "/openapi.yaml", "/openapi.json", "/docs", "/robots.txt", "/favicon.ico"):
            yield example(rule, **EXAMPLES)
    yield "/v1/claims/one?include=mentions,sources,documents,links"
    yield from ("/v1/corroboration?format=csv", "/v1/corroboration?format=ndjson")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Yield the log of the service, as configured for production."""
    logger = logging.getLogger("service")
    before = (logger.handlers, logger.level, logger.propagate)
    request_log.configure_logging("INFO")
    handler = logger.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield stream
    logger.handlers, logger.level, logger.propagate = before


def test_an_exception_gives_500_without_internals_and_the_log_has_them(
    small: Reader, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    with monkeypatch.context() as patched:
        for method in ("rows", "row", "all", "one"):
            patched.setattr(Database, method, fail)
        patched.setattr("service.web.resources.system.catalogue.status_counts", fail)
        for path in _stored_paths(small):
            if path != "/readyz":
                response = small.get(path)
                problem = assert_problem(response, 500, "internal_error")
                assert SECRET not in response.get_data(as_text=True)
                assert "RuntimeError" not in response.get_data(as_text=True)
                lines = [json.loads(line) for line in log.getvalue().splitlines()]
                [cause] = [x for x in lines if x.get("request_id") == problem["request_id"] and "exc_info" in x]
                assert SECRET in cause["exc_info"]
    assert small.get("/v1/claims").status_code == 200


@pytest.mark.parametrize("error", [peewee.OperationalError, peewee.InterfaceError])
def test_a_lost_database_gives_503_with_retry_after_until_it_is_back(
    small: Reader, store: Store, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise error(SECRET)

    with monkeypatch.context() as patched:
        patched.setattr(store.database.peewee, "execute_sql", lost)
        wrong = []
        for path in _stored_paths(small):
            response = small.get(path)
            if response.status_code != 503:
                wrong.append((path, response.status_code))
                continue
            assert_problem(response, 503, "unavailable")
            assert int(response.headers["Retry-After"]) > 0
            assert SECRET not in response.get_data(as_text=True)
        assert wrong == []
        assert small.get("/healthz").status_code == 200
        assert small.get("/docs").status_code == 200
    for path in _stored_paths(small):
        assert small.get(path).status_code == 200


@pytest.mark.one_engine
def test_a_database_with_another_schema_is_not_ready_and_says_what_to_run(
    client: FlaskClient, store: Store, settings: Settings
) -> None:
    assert client.get("/readyz").get_json()["status"] == "ok"
    for change, advice in (
        ("DELETE FROM schema_migration WHERE name >= '0018_recounts'", "has lost its record of a migration"),
        ("DROP TABLE recounts", "is older than this version of the service: .*`claims migrate`"),
        ("INSERT INTO schema_migration (name, applied) VALUES ('9999_later', CURRENT_TIMESTAMP)", "is newer than"),
    ):
        store.database.run(change)
        response = client.get("/readyz")
        assert re.search(advice, assert_problem(response, 503, "schema_mismatch")["detail"])
        assert "Retry-After" not in response.headers
        assert settings.database_url.partition("://")[2] not in response.get_data(as_text=True)


def test_the_service_recovers_when_the_server_ends_its_connections(
    small: Reader, settings: Settings, engine: str
) -> None:
    if engine != "postgres":
        pytest.skip("SQLite has no server that could end connections")
    for path in _stored_paths(small):
        assert small.get(path).status_code == 200
        with psycopg.connect(settings.database_url, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        first = small.get(path)
        assert first.status_code in (200, 503), path
        assert small.get(path).status_code == 200, path


def test_the_service_recovers_when_the_file_was_away(small: Reader, settings: Settings, engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("only SQLite is a file")
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    away = path.with_suffix(".away")
    assert small.get("/v1/claims").status_code == 200
    path.rename(away)
    assert small.get("/v1/claims").status_code in (200, 503)
    away.rename(path)
    assert small.get("/v1/claims").status_code == 200


def test_a_file_that_was_replaced_is_noticed(tmp_path: Path) -> None:
    """A backup is restored by renaming it into place while the service runs."""
    settings = make_settings(f"sqlite:///{tmp_path / 'claims.db'}")
    for folder in ("old", "new"):
        made = make_settings(f"sqlite:///{tmp_path / folder / 'claims.db'}", seed_on_start=folder == "new")
        prepare(made, lambda step: None)
    (tmp_path / "old" / "claims.db").rename(tmp_path / "claims.db")
    database = Database(settings)
    client = build_app(Store(database), settings).test_client()
    assert client.get("/v1/claims").get_json()["data"] == []

    (tmp_path / "new" / "claims.db").rename(tmp_path / "claims.db")
    assert len(client.get("/v1/claims").get_json()["data"]) == 50

    (tmp_path / "claims.db").unlink()
    assert_problem(client.get("/v1/claims"), 503, "unavailable")
    assert "There is no database" in assert_problem(client.get("/readyz"), 503, "schema_mismatch")["detail"]
    database.close()
