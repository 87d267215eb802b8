"""JSON bodies: what is read, what is refused and where, and that nothing makes reading them slow or fail."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from service.model.actors import COMMAND_LINE, KeyRole
from service.operations.startup import prepare
from service.storage.database import Database
from service.store import Store
from service.use_cases.api_keys import create_key
from service.web.http import error_handlers, request_log
from service.web.http.json_bodies import (
    MAX_DEPTH,
    MAX_STRING_LENGTH,
    MAX_VALUES,
    BodyError,
    MalformedBody,
    load_body,
    parse_json,
)
from tests.processes import Service, running_service
from tests.settings import make_settings
from tests.web.helpers import Json, assert_problem

MIB = 1024 * 1024
LIMIT = 4096


def _refused(raw: bytes) -> BodyError:
    with pytest.raises(BodyError) as caught:
        parse_json(raw)
    return caught.value


# Reading.

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_what_json_writes_is_read_as_json_reads_it(value: object, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    read = parse_json(text.encode())
    assert read == json.loads(text)
    assert repr(read) == repr(json.loads(text))


@given(st.binary() | st.text(alphabet='[]{}",:\\u0123456789dDeE+-.truefalsn \n').map(str.encode))
def test_no_bytes_are_anything_but_read_or_refused(raw: bytes) -> None:
    try:
        value = parse_json(raw)
    except BodyError:
        return
    assert value == json.loads(raw.decode())


def test_what_is_just_within_the_limits_is_read() -> None:
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert json.dumps(parse_json(deep)).encode() == deep
    members = '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert parse_json(members.encode()) == json.loads(members)
    wide: list[object] = [[]] * 1000
    assert parse_json(json.dumps(wide).encode()) == wide
    most: list[object] = [1] * (MAX_VALUES - 1)
    assert parse_json(json.dumps(most).encode()) == most
    commas = "," * MAX_VALUES
    assert parse_json(json.dumps([commas]).encode()) == [commas]
    for integer in (2**63 - 1, -(2**63), 0):
        assert parse_json(b"%d" % integer) == integer
    text = "😀" * MAX_STRING_LENGTH
    assert parse_json(json.dumps({text: text}).encode()) == {text: text}
    brackets = '[{\\"' * 1000
    assert parse_json(json.dumps([brackets]).encode()) == [brackets]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1 2]",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e400",
        b"01",
        b"// no\n1",
        b"1 1",
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\x01"',
        b'"[',
        b'"\\',
        b"\xef\xbb\xbf1",
        "[1]".encode("utf-16"),
        "[1]".encode("utf-32-le"),
        b"1\0",
    ],
    ids=repr,
)
def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    error = _refused(raw)
    assert isinstance(error, MalformedBody)
    assert error.pointer == ""


@pytest.mark.parametrize(
    ("raw", "pointer"),
    [
        (b'{"a":1,"a":1}', "/a"),
        (b'{"a":1,"b":{"c":[0,{"d~/e":1,"x":2,"d~/e":3}]}}', "/b/c/1/d~0~1e"),
        (b'{"a":1,"\\u0061":1}', "/a"),
        (b'{"a":{"b":1,"b":2},"a":1}', "/a/b"),
        (b'{"":1,"":2}', "/"),
        (b"[1,9223372036854775808]", "/1"),
        (b'{"n":-9223372036854775809}', "/n"),
        (b"1" * 300, ""),
        (b"[" + b"1," * MAX_VALUES + b"1]", ""),
        (b'{"texts":[' + b"{}," * MAX_VALUES + b"{}]}", ""),
        (b"{" + b",".join(b'"%d":0' % number for number in range(MAX_VALUES + 1)) + b"}", ""),
        (b'["' + b"a" * (MAX_STRING_LENGTH + 1) + b'"]', "/0"),
        (b'{"a":{"' + b"a" * (MAX_STRING_LENGTH + 1) + b'":1}}', "/a"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), ""),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), ""),
        # The depth is in a member that only the second one of its name would hide.
        (b'{"a":' + b"[" * 900 + b"]" * 900 + b',"a":1}', ""),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_be_used_is_refused_where_it_is(raw: bytes, pointer: str) -> None:
    error = _refused(raw)
    assert not isinstance(error, MalformedBody)
    assert error.pointer == pointer
    assert len(error.detail) < 100


@pytest.mark.parametrize(
    "unit", [b"[", b'{"a":', b'[{"a":', b"]", b'"', b"\\", b'"\\', b'"a', b'"a\\"', b'""', b"1", b'{"a":1,', b"\xff"]
)
def test_a_mebibyte_of_anything_is_refused_at_once(unit: bytes) -> None:
    """Quadratic time would be minutes, and recursion an error of another kind."""
    _refused((unit * MIB)[:MIB])
    _refused(b'["' + (unit * MIB)[:MIB])


def test_a_mebibyte_of_small_values_under_long_names_is_read() -> None:
    """A pointer to each of them, made in advance, would be gigabytes."""
    name = "n" * MAX_STRING_LENGTH
    many = [0] * (MAX_VALUES - 20)
    value: Any = {name: {name: {name: {name: {name: many}}}}}
    assert parse_json(json.dumps(value, separators=(",", ":")).encode()) == value


# Over HTTP.


@pytest.fixture
def client() -> FlaskClient:
    """Return a client of an application that answers with what it read."""
    app = Flask("echo")
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    request_log.register(app, vary_origin=False)
    error_handlers.register(app)

    @app.route("/", methods=["POST", "PATCH", "PUT"])
    def echo() -> Response:
        return jsonify(load_body())

    @app.patch("/patch")
    def patch() -> Response:
        return jsonify(load_body(("application/merge-patch+json", "application/json")))

    return app.test_client()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_is_read_however_it_is_named(client: FlaskClient, content_type: str) -> None:
    response = client.post("/", data='{"a": "ü"}'.encode(), content_type=content_type)
    assert response.get_json() == {"a": "ü"}
    assert client.patch("/patch", data=b"1", content_type=content_type).get_json() == 1


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonx",
        "*/*",
        ";",
    ],
)
def test_another_type_is_refused_and_told_which(client: FlaskClient, content_type: str | None) -> None:
    for method, name in (("POST", "Accept-Post"), ("PATCH", "Accept-Patch"), ("PUT", "Accept")):
        response = client.open("/", method=method, data=b"{}", content_type=content_type)
        assert_problem(response, 415, "unsupported_media_type")
        assert response.headers[name] == "application/json"


def test_every_type_that_a_route_takes_is_named(client: FlaskClient) -> None:
    response = client.patch("/patch", data=b"{}", content_type="text/plain")
    assert response.headers["Accept-Patch"] == "application/merge-patch+json, application/json"
    accepted = client.patch("/patch", data=b"{}", content_type="application/merge-patch+json")
    assert accepted.get_json() == {}


def test_a_compressed_body_is_refused(client: FlaskClient) -> None:
    response = client.post("/", data=b"\x1f\x8b", content_type="application/json", headers={"Content-Encoding": "gzip"})
    assert_problem(response, 415, "unsupported_media_type")
    assert response.headers["Accept-Encoding"] == "identity"


def _post(client: FlaskClient, raw: bytes) -> TestResponse:
    return client.post("/", data=raw, content_type="application/json")


def test_a_body_that_cannot_be_used_is_a_problem(client: FlaskClient) -> None:
    for raw in (b"", b"{", b"NaN", b'"\xff"'):
        problem = assert_problem(_post(client, raw), 400, "malformed_json")
        assert "errors" not in problem
    problem = assert_problem(_post(client, b'{"a":{"b":1,"b":1}}'), 422, "invalid_request", "/a/b")
    assert problem["errors"][0]["in"] == "body"
    assert_problem(_post(client, b"[" * 100 + b"]" * 100), 422, "invalid_request", "")


def test_the_limit_is_the_longest_body_that_is_read(client: FlaskClient) -> None:
    body = json.dumps("a" * (LIMIT - 2)).encode()
    assert _post(client, body).status_code == 200
    assert_problem(_post(client, body + b" "), 413, "content_too_large")


# Under the real server.


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, str]]:
    """Yield the running service, and the key of an editor."""
    folder = tmp_path_factory.mktemp("bodies")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}", "SEED_ON_START": "0", "WEB_CONCURRENCY": "1"}
    environment |= {"MAX_BODY_BYTES": str(LIMIT)}
    settings = make_settings(environment["DATABASE_URL"], seed_on_start=False)
    prepare(settings, lambda step: None)
    database = Database(settings)
    _, key = create_key(Store(database), "Edith", KeyRole.EDITOR, None, COMMAND_LINE)
    database.close()
    with running_service(folder, environment) as running:
        yield running, key


_NUMBERS = count(1)


def _source(length: int = 0) -> bytes:
    """Return a body that makes a source, so many bytes long."""
    name = f"Harbour Office {next(_NUMBERS):04}"
    return json.dumps({"name": name, "kind": "government"}).encode().ljust(length)


def _chunked(*chunks: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def _sent(service: tuple[Service, str], length: bytes, body: bytes) -> tuple[int, Json]:
    """Return the status and JSON of the answer to a POST with these bytes after its header."""
    running, key = service
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        header = b"POST /v1/sources HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
        header += b"Authorization: Bearer %s\r\n" % key.encode()
        connection.sendall(header + length + b"\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, content = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content)


def test_a_body_in_chunks_is_read_and_limited_like_any_other(service: tuple[Service, str]) -> None:
    body = _source()
    status, made = _sent(service, b"Transfer-Encoding: chunked", _chunked(body[:9], body[9:]))
    assert (status, made["name"]) == (201, json.loads(body)["name"])

    text = _source(LIMIT)
    pieces = [text[start : start + 1000] for start in range(0, LIMIT, 1000)]
    assert _sent(service, b"Transfer-Encoding: chunked", _chunked(*pieces))[0] == 201
    for too_long in ([*pieces, b" "], [text + b" "], [b" " * 1000] * 10):
        status, problem = _sent(service, b"Transfer-Encoding: chunked", _chunked(*too_long))
        assert (status, problem["code"]) == (413, "content_too_large")


def test_a_length_over_the_limit_is_refused_before_the_body_comes(service: tuple[Service, str]) -> None:
    status, problem = _sent(service, b"Content-Length: %d" % (LIMIT + 1), b"")
    assert (status, problem["code"]) == (413, "content_too_large")


@pytest.mark.parametrize(
    ("length", "body"),
    [
        (b"Content-Length: 1000", _source()),
        (b"Transfer-Encoding: chunked", _chunked(_source())[:-5]),
        (b"Transfer-Encoding: chunked", b"zz" + _chunked(_source())[2:]),
        (b"Transfer-Encoding: chunked", b"%x\r\n%sxx0\r\n\r\n" % (len(_source()), _source())),
        (b"Transfer-Encoding: chunked", _chunked(_source())[:9]),
    ],
    ids=["short", "no last chunk", "no size", "no end", "half a chunk"],
)
def test_a_body_that_ends_too_early_is_the_clients_fault(
    service: tuple[Service, str], length: bytes, body: bytes
) -> None:
    status, problem = _sent(service, length, body)
    assert (status, problem["code"]) == (400, "bad_request")
    assert _sent(service, b"Content-Length: %d" % len(_source()), _source())[0] == 201
