"""Security headers of every response, and trust in proxies about the origin of a request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from service.api import build_app
from service.storage.database import Database
from service.store import Store
from tests.processes import running_service
from tests.settings import make_settings
from tests.web.helpers import example, routes

HTTPS = "Strict-Transport-Security"
STRICT = "default-src 'none'; frame-ancestors 'none'"


def _assert_protected(response: Response) -> None:
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    [policy] = response.headers.getlist("Content-Security-Policy")
    directives = [directive.strip() for directive in policy.split(";")]
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(directives)
    if response.mimetype != "text/html":
        assert policy == STRICT


def test_every_answer_protects_whoever_opens_it(seeded: FlaskClient) -> None:
    paths = {example(rule) for rule, _ in routes(seeded.application)}
    for path in [*paths, "/no/such", "/v1/claims?limit=0", "/static/page.css", "/static/no-such"]:
        for method in ("GET", "HEAD", "POST", "PATCH", "OPTIONS"):
            with seeded.open(path, method=method) as response:
                _assert_protected(response)


def test_a_page_that_the_browser_has_keeps_its_policy(seeded: FlaskClient) -> None:
    """The headers of a 304 replace those that were kept: another policy would stop the page from loading its styles."""
    for path in ("/", "/docs", "/docs/console"):
        page = seeded.get(path, headers={"Accept": "text/html"})
        again = seeded.get(path, headers={"Accept": "text/html", "If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304
        policy = page.headers["Content-Security-Policy"]
        assert policy == again.headers["Content-Security-Policy"] != STRICT
        assert "style-src 'self'" in policy
        assert "script-src 'self'" in policy
        assert ("unsafe" in policy) == (path == "/docs/console")
    unchanged = seeded.get("/v1/topics", headers={"If-None-Match": seeded.get("/v1/topics").headers["ETag"]})
    assert unchanged.status_code == 304
    _assert_protected(unchanged)


# Whom to believe.


@contextmanager
def _behind(folder: Path, proxies: int) -> Iterator[FlaskClient]:
    """Yield the service behind this many proxies, with one read an hour for each address."""
    url = f"sqlite:///{folder / 'claims.db'}"
    settings = make_settings(url, trusted_proxies=proxies, rate_limit_reads="1/hour")
    database = Database(settings)
    yield build_app(Store(database), settings).test_client()
    database.close()


def _allowed(client: FlaskClient, *forwarded: str) -> list[bool]:
    """For each ``X-Forwarded-For``: whether its address had a read left."""
    return [client.get("/docs", headers={"X-Forwarded-For": value}).status_code == 200 for value in forwarded]


def test_without_proxies_nobody_chooses_an_address(tmp_path: Path) -> None:
    with _behind(tmp_path, 0) as client:
        assert _allowed(client, "192.0.2.1", "192.0.2.2", "192.0.2.3, 192.0.2.4") == [True, False, False]
        for header in ("Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP"):
            assert client.get("/docs", headers={header: "for=192.0.2.5"}).status_code == 429


@pytest.mark.parametrize("proxies", [1, 2, 3])
def test_the_address_is_what_the_outermost_proxy_saw(tmp_path: Path, proxies: int) -> None:
    """Entries of the client itself come before it, and are not trusted."""
    inner = "".join(f", 10.0.0.{number}" for number in range(1, proxies))
    with _behind(tmp_path, proxies) as client:
        assert _allowed(client, f"192.0.2.1{inner}", f"192.0.2.2{inner}") == [True, True]
        spoofed = [f"203.0.113.{host}, 192.0.2.1{inner}" for host in range(3)]
        assert _allowed(client, *spoofed, f"unknown, 203.0.113.9,192.0.2.1{inner}") == [False] * 4
        assert _allowed(client, f"192.0.2.3{inner.replace('10.0.0', '10.0.1')}") == [True]


def test_fewer_entries_than_proxies_are_not_believed(tmp_path: Path) -> None:
    with _behind(tmp_path, 2) as client:
        assert _allowed(client, "192.0.2.1", "192.0.2.2") == [True, False]


@pytest.mark.parametrize(
    ("proxies", "scheme", "secure"),
    [(0, "https", False), (1, "https", True), (1, "http", False), (1, "https, http", False), (2, "https, http", True)],
)
def test_the_scheme_is_what_the_outermost_proxy_saw(tmp_path: Path, proxies: int, scheme: str, secure: bool) -> None:
    with _behind(tmp_path, proxies) as client:
        response = client.get("/healthz", headers={"X-Forwarded-Proto": scheme})
    assert (HTTPS in response.headers) == secure
    if secure:
        assert response.headers[HTTPS] == "max-age=31536000"


@pytest.mark.parametrize("proxies", [0, 1])
def test_the_server_believes_no_more_than_the_application(tmp_path: Path, proxies: int) -> None:
    """Left to itself, gunicorn would, of a peer on the same machine."""
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}", "SEED_ON_START": "0"}
    environment |= {"TRUSTED_PROXIES": str(proxies), "FORWARDED_ALLOW_IPS": "*"}
    with running_service(tmp_path, environment) as service:
        response = requests.get(f"{service.url}/docs", headers={"X-Forwarded-Proto": "https"}, timeout=10)
        assert (HTTPS in response.headers) == (proxies == 1)
        for header in ("X-Forwarded-Protocol", "X-Forwarded-Ssl"):
            for value in ("ssl", "on"):
                claimed = requests.get(f"{service.url}/docs", headers={header: value}, timeout=10)
                assert HTTPS not in claimed.headers
        moved = {
            "Script-Name": "/evil",
            "Script_Name": "/evil",
            "X-Forwarded-Prefix": "/evil",
            "X-Forwarded-Host": "evil",
        }
        response = requests.get(f"{service.url}/docs", headers=moved, timeout=10)
        assert response.status_code == 200
        # Its own proxy says where the service is. Nobody else does.
        assert ("evil" in response.text) == (proxies == 1)
        for header in ("Script-Name", "Script_Name"):
            assert "evil" not in requests.get(f"{service.url}/docs", headers={header: "/evil"}, timeout=10).text
