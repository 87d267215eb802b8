"""Corners of HTTP: codings that are refused, parts of files, tags of static files and of stores made afresh."""

import json
import socket
from http.client import HTTPResponse
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from service.api import build_app
from service.operations.startup import prepare
from service.storage.database import Database
from service.store import Store
from tests.processes import running_service
from tests.settings import make_settings
from tests.web.helpers import PROBLEM_MEMBERS

pytestmark = pytest.mark.one_engine

CLAIM = "/v1/claims/nk-15000-workers-in-russia"
STYLES = "/static/swagger-ui/swagger-ui.css"


@pytest.mark.parametrize("codings", ["gzip;q=0", "br;q=0.0", "gzip;q=0, br;q=0", "zstd; q=0", "identity", ""])
def test_a_coding_that_is_refused_is_not_used(seeded: FlaskClient, codings: str) -> None:
    response = seeded.get("/v1/claims", headers={"Accept-Encoding": codings})
    assert "Content-Encoding" not in response.headers
    assert len(response.get_json()["data"]) == 50


def test_a_coding_beside_a_refused_one_is_used(seeded: FlaskClient) -> None:
    response = seeded.get("/v1/claims", headers={"Accept-Encoding": "gzip, br;q=0"})
    assert response.headers["Content-Encoding"] == "gzip"


def test_a_static_file_is_sent_whole_and_not_again(tmp_path: Path) -> None:
    """A range of the plain form inside a compressed body would spoil what is put together from parts."""
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}", "SEED_ON_START": "0"}
    with running_service(tmp_path, environment) as service:
        for codings in ("identity", "gzip"):
            asked = {"Accept-Encoding": codings}
            first = requests.get(service.url + STYLES, headers=asked, timeout=10)
            again = requests.get(
                service.url + STYLES, headers=asked | {"If-None-Match": first.headers["ETag"]}, timeout=10
            )
            part = requests.get(service.url + STYLES, headers=asked | {"Range": "bytes=9999-"}, timeout=10)
            assert first.headers.get("Content-Encoding", "identity") == codings
            assert (again.status_code, again.content) == (304, b"")
            assert (part.status_code, part.content) == (200, first.content)


def test_any_page_may_read_and_no_answer_depends_on_which(seeded: FlaskClient) -> None:
    response = seeded.get(CLAIM, headers={"Origin": "https://a.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in response.headers["Vary"]


@pytest.mark.parametrize(
    "wanted",
    [
        "authorization, content-type, if-match, idempotency-key, x-request-id",
        "traceparent, tracestate",
        "baggage, sentry-trace",
        "X-Requested-With",
        "cache-control, pragma",
        "x-goog-api-key, x-goog-api-client, x-http-method-override",
    ],
)
def test_a_page_may_send_what_its_libraries_add(seeded: FlaskClient, wanted: str) -> None:
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "PATCH"}
    response = seeded.options(CLAIM, headers=asked | {"Access-Control-Request-Headers": wanted})
    allowed = {name.strip().lower() for name in response.headers["Access-Control-Allow-Headers"].split(",")}
    assert {name.strip().lower() for name in wanted.split(",")} <= allowed
    other = seeded.options(CLAIM, headers=asked | {"Access-Control-Request-Headers": "x-anything"})
    assert "x-anything" not in other.headers.get("Access-Control-Allow-Headers", "").lower()


def test_what_can_be_patched_says_with_what(seeded: FlaskClient) -> None:
    for method in ("OPTIONS", "GET", "HEAD", "PATCH"):
        response = seeded.open(CLAIM, method=method)
        assert response.headers["Accept-Patch"] == "application/json, application/merge-patch+json", method
    for path in ("/v1/claims", f"{CLAIM}/mentions", "/no/such", "/static/page.css"):
        with seeded.options(path) as other:
            assert "Accept-Patch" not in other.headers, path


@pytest.mark.parametrize("path", [CLAIM, f"{CLAIM}?include=links", "/v1/claims?limit=2", STYLES, "/robots.txt"])
def test_a_tag_of_another_form_is_that_of_another_answer(seeded: FlaskClient, path: str) -> None:
    """A 304 has the tag that the 200 would have (RFC 9110, 15.4.5): a client that has the other form gets this one."""
    tags: dict[str, str] = {}
    for coding in ("identity", "gzip", "br"):
        with seeded.get(path, headers={"Accept-Encoding": coding}) as response:
            tags[coding] = response.headers["ETag"]
    for coding, own in tags.items():
        for given in tags.values():
            with seeded.get(path, headers={"Accept-Encoding": coding, "If-None-Match": f"W/{given}"}) as response:
                assert response.headers["ETag"] == own
                assert response.status_code == (304 if given == own else 200)
        with seeded.get(path, headers={"Accept-Encoding": coding, "If-None-Match": "*"}) as any_tag:
            assert (any_tag.status_code, any_tag.headers["ETag"]) == (304, own)


@pytest.mark.parametrize(
    ("codings", "chosen"),
    [
        ("", None),
        ("identity", None),
        ("compress", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("gzip, *;q=0", "gzip"),
        ("gzip;q=0.5, br;q=0.9", "br"),
        ("identity, gzip;q=0.1", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("GZIP", "gzip"),
    ],
)
def test_the_coding_is_the_one_that_the_client_prefers(seeded: FlaskClient, codings: str, chosen: str | None) -> None:
    response = seeded.get("/v1/claims", headers={"Accept-Encoding": codings})
    assert response.headers.get("Content-Encoding") == chosen


def test_a_claim_of_another_store_has_another_tag(tmp_path: Path) -> None:
    """Both are the first version; a client that kept the one must not be told that the other is the same."""
    tags = []
    for name in ("one", "two"):
        settings = make_settings(f"sqlite:///{tmp_path / name / 'claims.db'}")
        prepare(settings, lambda step: None)
        database = Database(settings)
        tags.append(build_app(Store(database), settings).test_client().get(CLAIM).headers["ETag"])
        database.close()
    assert tags[0] != tags[1]


REFUSED = {
    "a long address": (b"GET /v1/claims?topic=%s HTTP/1.1" % (b"a" * 9000), b"", 414, "uri_too_long"),
    "a long header": (b"GET / HTTP/1.1", b"X: %s\r\n" % (b"a" * 9000), 431, "request_header_fields_too_large"),
    "many headers": (b"GET / HTTP/1.1", b"X: a\r\n" * 200, 431, "request_header_fields_too_large"),
    "no method": (b"G\x00T / HTTP/1.1", b"", 400, "bad_request"),
    "another protocol": (b"GET / HTTP/9.9", b"", 400, "bad_request"),
    "no header": (b"GET / HTTP/1.1", b"what is this\r\n", 400, "bad_request"),
    "an unknown coding": (b"POST /v1/claims HTTP/1.1", b"Transfer-Encoding: rot13\r\n", 501, None),
}


def test_what_the_server_itself_refuses_is_a_problem_too(tmp_path: Path) -> None:
    """It never comes to the application. Whoever reads the answer knows nothing of that."""
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}", "SEED_ON_START": "0"}
    with running_service(tmp_path, environment) as service:
        host, port = service.url.removeprefix("http://").split(":")
        for name, (line, headers, status, code) in REFUSED.items():
            with socket.create_connection((host, int(port)), timeout=10) as connection:
                connection.sendall(line + b"\r\nHost: x\r\n" + headers + b"\r\n")
                response = HTTPResponse(connection)
                response.begin()
                problem = json.loads(response.read())
            assert (response.status, response.getheader("Content-Type")) == (status, "application/problem+json"), name
            assert list(problem) == PROBLEM_MEMBERS, name
            assert problem["status"] == status
            assert problem["code"] == code or code is None, name
            assert problem["request_id"] == response.getheader("X-Request-ID")
            assert problem["title"]
            assert problem["detail"]
            assert response.getheader("X-Content-Type-Options") == "nosniff"
        for path, accept, is_page in [
            ("/search?q=", "text/html,*/*;q=0.8", True),
            ("/v1/claims?q=", "text/html,*/*;q=0.8", False),
            ("/search?q=", "application/json, text/html", False),
        ]:
            refused = requests.get(f"{service.url}{path}{'a' * 9000}", headers={"Accept": accept}, timeout=10)
            assert (refused.status_code, "text/html" in refused.headers["Content-Type"]) == (414, is_page)
            assert ('href="/search"' in refused.text, refused.headers["X-Request-ID"] in refused.text) == (
                is_page,
                True,
            )
        longest = requests.get(f"{service.url}/v1/claims?topic={'a' * 8000}", timeout=10)
        assert (longest.status_code, longest.json()["errors"][0]["pointer"]) == (422, "/topic")
