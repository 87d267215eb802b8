"""A key is nowhere but in the Authorization header of a request: in no address, no log, no answer, no table."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests

from service.model.actors import COMMAND_LINE, KeyRole
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.api_keys import create_key, revoke_key, rotate_key
from service.web.http.request_log import configure_logging
from tests.processes import Service, running_service
from tests.settings import make_settings
from tests.world import ADA, ANA, WRITES, World, bearer

pytestmark = pytest.mark.one_engine


def _addresses(key: str) -> list[str]:
    encoded = "".join(f"%{ord(letter):02x}" for letter in key)
    return [
        f"/v1/claims?key={key}",
        f"/v1/claims?api_key={encoded}",
        f"/v1/claims?{key}",
        f"/v1/claims?{encoded}=1",
        f"/v1/claims?topic=a&x=%20Bearer+{key}%20",
        f"/v1/claims?cursor=x{key}x",
        f"/v1/claims/some-claim?access_token={key}",
        f"/healthz?token={key}",
        f"/static/docs.js?{key}",
        f"/nowhere?{key}",
        f"/v1/claims/{key}",
        f"/v1/claims/{encoded}/verdicts",
        f"/nowhere/{quote(key)}.html",
    ]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PATCH", "DELETE"])
def test_a_key_in_the_address_is_refused(still_world: World, method: str) -> None:
    key = still_world.keys[ANA]
    for address in _addresses(key):
        for headers in ({}, bearer(key)):
            answer = still_world.client().open(address, method=method, headers=headers)
            assert answer.status_code == 400, address
            assert answer.headers["Cache-Control"] == "no-store"
            if method != "HEAD":
                assert answer.get_json()["code"] == "key_in_address"
                assert key not in answer.get_data(as_text=True)


def test_so_is_one_that_is_unknown_or_was_revoked(still_world: World) -> None:
    for key in (f"cv_{'a' * 12}_{'b' * 52}", _revoked(still_world.store)):
        answer = still_world.client().get(f"/v1/claims?{key}")
        assert answer.get_json()["code"] == "key_in_address"


def test_an_address_that_leads_on_does_not_take_the_key_with_it(world: World) -> None:
    gone, stays = world.claim(), world.claim()
    world.client().post(
        f"/v1/claims/{gone}/merge", json={"into": stays, "reason": "Same."}, headers=bearer(world.keys[ADA])
    )
    assert world.client().get(f"/v1/claims/{gone}").status_code == 308
    answer = world.client().get(f"/v1/claims/{gone}?include=%6d{world.keys[ANA]}")
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_the_log_has_a_line_a_request_and_no_key(still_world: World, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    try:
        key = still_world.keys[ADA]
        sent = 0
        for address in _addresses(key):
            still_world.client().get(address, headers=bearer(key))
            sent += 1
        for operation in ("createClaim", "createVerdict", "publishVerdict"):
            request = WRITES[operation](still_world)
            still_world.send(request, ADA)
            still_world.send(request, ADA, Authorization=f"Bearer {key}x")
            sent += 2
    finally:
        configure_logging("CRITICAL")
    log = capfd.readouterr().err
    lines = [json.loads(line) for line in log.splitlines()]
    assert len([line for line in lines if line["message"] == "request"]) >= sent
    assert "Authorization" not in log
    assert "Bearer" not in log
    _nothing_of(still_world.keys, log)


def test_no_table_has_a_secret(world: World) -> None:
    keys = dict(world.keys)
    for operation, make in WRITES.items():
        answer = world.done(make(world), Idempotency_Key=world.new("try"))
        if answer.get("key"):
            keys[operation] = answer["key"]
    assert keys.keys() >= {"createKey", "rotateKey"}
    key, keys["made"] = create_key(world.store, "Zoe", KeyRole.EDITOR, None, COMMAND_LINE)
    _, keys["rotated"] = rotate_key(world.store, key.id, (key.created_at - key.created_at), COMMAND_LINE)
    database = world.store.database
    if database.engine == "sqlite":
        # The index of the search has its rows in ordinary tables, which are among these.
        found = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        found += " AND sql NOT LIKE 'CREATE VIRTUAL %'"
    else:
        found = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    tables = [row[0] for row in database.rows(found)]
    assert {"api_keys", "events", "answered_requests"} <= set(tables)
    text = "\n".join(repr(database.rows(f"SELECT * FROM {table}")) for table in tables)  # noqa: S608 - its own names
    for shown in keys.values():
        assert shown.split("_")[1] in text
    _nothing_of(keys, text)


def test_no_page_of_the_log_has_a_secret_or_its_hash(world: World) -> None:
    hashes = [key.secret_sha256 for key in world.store.api_keys.all()]
    shown = json.dumps(world.get("/v1/events?limit=200", ADA))
    assert '"key.created"' in shown
    assert not [value for value in hashes if value in shown]
    _nothing_of(world.keys, shown)


@pytest.fixture(scope="module")
def served_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """Yield a running service, and a key for it."""
    folder = tmp_path_factory.mktemp("served")
    settings = make_settings(f"sqlite:///{folder / 'claims.db'}")
    database = Database(settings)
    migrate(database)
    _, key = create_key(Store(database), ANA, KeyRole.CHECKER, None, COMMAND_LINE)
    database.close()
    environment = {"DATABASE_URL": settings.database_url, "SEED_ON_START": "false", "LOG_LEVEL": "DEBUG"}
    with running_service(folder, environment) as service:
        yield service, key


def test_the_server_logs_no_key_either(served_world: tuple[Service, str]) -> None:
    """Not even of requests that gunicorn refuses before the application sees them."""
    service, key = served_world
    for address in _addresses(key):
        assert requests.get(service.url + address, headers=bearer(key), timeout=20).status_code == 400
    assert requests.get(f"{service.url}/v1/queue", headers=bearer(key), timeout=20).status_code == 200
    secret = key.encode()
    for sent in (
        b"GET /v1/claims?key=" + secret + b"&" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/claims?key=" + secret + b" HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /v1/claims?key=" + secret + b"\r\nHost: x\r\n\r\n",
        b"get /v1/claims?key=" + secret + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret + b"\x00\r\n\r\n",
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret + b"\x7f\r\n\r\n",
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret + b"x" * 9000 + b"\r\n\r\n",
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nBearer " + secret + b"\r\n\r\n",
        b"POST /v1/claims HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + secret + b"\r\n\r\n",
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + secret + b"\r\n: none\r\n\r\n",
    ):
        assert _answer(service, sent)[9:12] in (b"400", b"414", b"431", b"501", b"505"), sent[:80]
    assert service.log().count('"message":"request"') >= len(_addresses(key))
    _nothing_of({"the": key}, service.log())


def _answer(service: Service, sent: bytes) -> bytes:
    address = ("127.0.0.1", int(service.url.rsplit(":", 1)[1]))
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(4096)


def _revoked(store: Store) -> str:
    key, text = create_key(store, "Rosa", KeyRole.CHECKER, None, COMMAND_LINE)
    revoke_key(store, key.id, COMMAND_LINE)
    return text


def _nothing_of(keys: dict[str, str], text: str) -> None:
    """No key, no secret, not even a good part of one."""
    for shown in keys.values():
        secret = shown.rsplit("_", 1)[1]
        assert secret[:20] not in text
        assert secret[-20:] not in text
