"""The address of the service as clients know it, and theirs as a proxy saw it."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import replace
from http.client import HTTPResponse
from pathlib import Path

import pytest
import requests
import yaml
from flask.testing import FlaskClient

from service.config import Settings
from service.store import Store
from service.web.http import cors
from service.web.http.public_address import client_address, is_prefix
from tests.application import application
from tests.processes import running_service, wait_until_ready
from tests.settings import make_settings
from tests.web.helpers import assert_problem

ALL_TOLD = {"X-Forwarded-Host": "e.example:8443", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/claims"}


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4001", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4001", "2001:db8::1"),
        ('"[2001:DB8:0::1]:4001"', "2001:db8::1"),
        ("::ffff:203.0.113.7", "::ffff:cb00:7107"),
        ("[fe80::1%eth0]:80", "fe80::1%eth0"),
        ("203.0.113.7:http", None),
        ("203.0.113.7:123456", None),
        ("[2001:db8::1", None),
        ("[203.0.113]:1", None),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("203.0.113.700", None),
        ("for=203.0.113.7", None),
    ],
)
def test_the_address_of_a_client_has_no_port_and_no_brackets(given: str, address: str | None) -> None:
    assert client_address(given) == address


@pytest.mark.parametrize(
    ("path", "good"),
    [("/claims", True), ("/a/b.c/~d", True), ("/..b", True)]
    + [
        (path, False) for path in ("", "/", "claims", "//evil.example", "/a//b", "/a/", "/..", "/a/./b", "/a b", "/a\n")
    ],
)
def test_a_prefix_is_a_path_of_plain_steps(path: str, good: bool) -> None:
    assert is_prefix(path) is good


def _limited(store: Store, settings: Settings, proxies: int) -> FlaskClient:
    return application(
        store, make_settings(settings.database_url, trusted_proxies=proxies, rate_limit_reads="1/hour")
    ).test_client()


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        (1, ["203.0.113.1:1", "203.0.113.1:2", "203.0.113.1"], [200, 429, 429]),
        (1, ["[2001:db8:1::1]:1", "[2001:db8:1::1]:2", "2001:db8:1::2"], [200, 429, 429]),
        (1, ["203.0.113.2, 203.0.113.3:9", "203.0.113.4, 203.0.113.3:8"], [200, 429]),
        (2, ["203.0.113.5:1, 10.0.0.1", "203.0.113.5:2, 10.0.0.2", "203.0.113.6:2, 10.0.0.2"], [200, 429, 200]),
    ],
)
def test_a_client_is_counted_by_its_address_alone(
    store: Store, settings: Settings, proxies: int, forwarded: list[str], statuses: list[int]
) -> None:
    client = _limited(store, settings, proxies)
    got = [client.get("/docs", headers={"X-Forwarded-For": value}).status_code for value in forwarded]
    assert got == statuses


@pytest.mark.one_engine
def test_what_is_no_address_is_counted_under_the_proxy(store: Store, settings: Settings) -> None:
    """Else each invented value would have a count of its own."""
    client = _limited(store, settings, 1)
    for number, value in enumerate(("unknown", "_a", "x" * 300, "1.2.3.4, garbage")):
        peer = {"REMOTE_ADDR": "192.0.2.77"}
        response = client.get("/docs", headers={"X-Forwarded-For": value}, environ_base=peer)
        assert response.status_code == (429 if number else 200), value


# The address of the service.


def _links(client: FlaskClient, headers: Mapping[str, str]) -> tuple[str, str]:
    """Return the address of the claims by the index, and that of the Atom feed by itself."""
    index = client.get("/", headers=headers)
    atom = client.get("/feeds/verdicts.atom", headers=headers)
    return index.get_json()["links"]["claims"], atom.get_data(as_text=True).split('rel="self"')[1].split('"')[3]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("changes", "headers", "links"),
    [
        ({}, ALL_TOLD, ("/v1/claims", "http://localhost/feeds/verdicts.atom")),
        ({"trusted_proxies": 1}, {}, ("/v1/claims", "http://localhost/feeds/verdicts.atom")),
        (
            {"trusted_proxies": 1},
            ALL_TOLD,
            ("/claims/v1/claims", "https://e.example:8443/claims/feeds/verdicts.atom"),
        ),
        (
            {"trusted_proxies": 1},
            {"X-Forwarded-Prefix": "/claims/"},
            ("/claims/v1/claims", "http://localhost/claims/feeds/verdicts.atom"),
        ),
        (
            {"trusted_proxies": 1},
            {"X-Forwarded-Host": "evil.example, e.example"},
            ("/v1/claims", "http://e.example/feeds/verdicts.atom"),
        ),
        (
            {"trusted_proxies": 2},
            {"X-Forwarded-Host": "e.example, inner", "X-Forwarded-Proto": "https,http"},
            ("/v1/claims", "https://e.example/feeds/verdicts.atom"),
        ),
        ({"trusted_proxies": 2}, ALL_TOLD, ("/v1/claims", "http://localhost/feeds/verdicts.atom")),
        *(
            (
                {"trusted_proxies": 1},
                {f"X-Forwarded-{name}": value},
                ("/v1/claims", "http://localhost/feeds/verdicts.atom"),
            )
            for name, value in [
                ("Host", "e.example/path"),
                ("Host", "a@e.example"),
                ("Proto", "javascript"),
                ("Prefix", "//evil.example"),
                ("Prefix", "/a?b"),
                ("Prefix", "/../a"),
            ]
        ),
        (
            {"trusted_proxies": 1, "public_url": "https://p.example/x/y"},
            ALL_TOLD,
            ("/x/y/v1/claims", "https://p.example/x/y/feeds/verdicts.atom"),
        ),
        ({"public_url": "http://p.example:81"}, {}, ("/v1/claims", "http://p.example:81/feeds/verdicts.atom")),
    ],
)
def test_addresses_are_those_that_a_trusted_proxy_or_the_setting_says(
    store: Store, settings: Settings, changes: dict[str, object], headers: dict[str, str], links: tuple[str, str]
) -> None:
    client = application(store, make_settings(settings.database_url, **changes)).test_client()
    assert _links(client, headers) == links


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("mounted", "prefix", "path"),
    [
        ("/claims", "", "/claims/v1/claims"),
        ("/claims", "/claims", "/claims/v1/claims"),
        ("/claims", "/outer", "/outer/claims/v1/claims"),
        ("/claims", "/outer/claims", "/outer/claims/v1/claims"),
    ],
)
def test_a_path_of_the_server_comes_after_that_of_the_proxy(
    store: Store, settings: Settings, mounted: str, prefix: str, path: str
) -> None:
    client = application(store, make_settings(settings.database_url, trusted_proxies=1)).test_client()
    response = client.get("/", headers={"X-Forwarded-Prefix": prefix}, environ_overrides={"SCRIPT_NAME": mounted})
    assert response.get_json()["links"]["claims"] == path


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("prefix", "path", "leads_to"),
    [
        ("/claims", "/claims/v1/claims", "claims"),
        ("/claims", "/v1/claims", "claims"),
        ("/claims", "/claims", "index"),
        ("/claims", "/claims/", "index"),
        ("/claims", "/", "index"),
        ("/claims", "/claimsx", None),
        ("/claims", "/claims/claims/v1/claims", None),
        ("/v1", "/v1/v1/claims", "claims"),
        ("/v1", "/v1/claims", "claims"),
        ("/v1", "/v1/", "index"),
        ("/docs", "/docs", "docs"),
        ("/docs", "/docs/docs", "docs"),
    ],
)
@pytest.mark.parametrize("public", ["", "https://p.example"])
def test_a_prefix_is_cut_off_where_a_proxy_kept_it(
    store: Store, settings: Settings, public: str, prefix: str, path: str, leads_to: str | None
) -> None:
    public_url = f"{public}{prefix}" if public else ""
    client = application(
        store, make_settings(settings.database_url, trusted_proxies=1, public_url=public_url)
    ).test_client()
    response = client.get(path, headers={} if public else {"X-Forwarded-Prefix": prefix})
    assert response.status_code == (200 if leads_to else 404)
    marks = {"claims": '"data":', "index": f'"docs":"{prefix}/docs"', "docs": f'href="{prefix}/docs/console"'}
    if leads_to:
        assert marks[leads_to] in response.get_data(as_text=True)


@pytest.mark.one_engine
def test_without_any_host_there_are_no_links(store: Store, settings: Settings) -> None:
    client = application(store, settings).test_client()
    received = {"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1.0"}
    assert_problem(client.get("/feeds/verdicts.atom", environ_overrides=received), 400, "invalid_host")
    assert client.get("/v1/claims", environ_overrides=received).status_code == 200


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [
        (("*",), "*"),
        (("https://a.example:8443",), "https://a.example:8443"),
        (("https://a.example", "https://b.example"), None),
        ((r"https://.*\.example",), None),
        ((), None),
    ],
)
def test_an_answer_to_nobody_in_particular_is_for_one_origin_or_all(
    origins: tuple[str, ...], allowed: str | None
) -> None:
    headers = cors.headers_for_any(origins)
    assert headers.get("Access-Control-Allow-Origin") == allowed
    assert ("Vary" in headers) == (allowed not in ("*", None))


@pytest.mark.one_engine
def test_the_served_document_has_the_address_of_the_service(store: Store, settings: Settings) -> None:
    for public, headers, address in (
        ("", {}, "/"),
        ("", {"X-Forwarded-Prefix": "/claims"}, "/claims"),
        ("https://p.example/x", {}, "https://p.example/x"),
    ):
        client = application(
            store, make_settings(settings.database_url, trusted_proxies=1, public_url=public)
        ).test_client()
        written = client.get("/openapi.yaml", headers=headers).get_data(as_text=True)
        as_yaml = yaml.load(written, Loader=yaml.CSafeLoader)
        as_json = json.loads(client.get("/openapi.json", headers=headers).data)
        assert as_yaml == as_json
        assert list(as_yaml) == list(as_json)
        assert [server["url"] for server in as_yaml["servers"]] == [address]


@pytest.mark.one_engine
def test_crawlers_and_browsers_find_their_files(store: Store, settings: Settings) -> None:
    client = application(store, make_settings(settings.database_url, trusted_proxies=1)).test_client()
    robots = client.get("/robots.txt", headers={"X-Forwarded-Prefix": "/claims"})
    assert robots.content_type == "text/plain; charset=utf-8"
    assert robots.get_data(as_text=True).splitlines()[:2] == ["User-agent: *", "Disallow: /claims/desk"]
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon.mimetype) == (200, "image/svg+xml")
    assert icon.get_data(as_text=True).startswith("<svg ")
    for path in ("/", "/docs"):
        page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        assert '<link rel="icon" type="image/svg+xml" href="/favicon.ico">' in page


# The Host of a request.


@pytest.mark.one_engine
@pytest.mark.parametrize("changes", [{}, {"trusted_proxies": 1}, {"public_url": "https://p.example"}])
@pytest.mark.parametrize(
    ("host", "protocol", "status"),
    [
        ("e.example", "HTTP/1.1", 200),
        ("e_x.example:8000", "HTTP/1.1", 200),
        ("[2001:db8::1]:80", "HTTP/1.1", 200),
        ("e.example:", "HTTP/1.1", 200),
        ("", "HTTP/1.0", 200),
        ("", "HTTP/1.1", 400),
        ("e.example,f.example", "HTTP/1.1", 400),
        ("a@e.example", "HTTP/1.1", 400),
        ("e.example/x", "HTTP/1.1", 400),
        ("e.example:x", "HTTP/1.1", 400),
        ("e example", "HTTP/1.0", 400),
        ('"><script>', "HTTP/1.1", 400),
    ],
)
def test_a_request_names_one_host(
    store: Store, settings: Settings, changes: dict[str, object], host: str, protocol: str, status: int
) -> None:
    client = application(store, make_settings(settings.database_url, **changes)).test_client()
    headers = {"X-Forwarded-Host": "e.example"} if "trusted_proxies" in changes else {}
    received = {"HTTP_HOST": host, "SERVER_PROTOCOL": protocol}
    response = client.get("/healthz", headers=headers, environ_overrides=received)
    assert response.status_code == status
    if status == 400:
        assert_problem(response, 400, "invalid_host")


RECEIVED = {
    b"GET /healthz HTTP/1.1\r\n": 400,
    b"GET /healthz HTTP/1.1\r\nHost:\r\n": 400,
    b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n": 400,
    b"GET http://e.example/healthz HTTP/1.1\r\n": 400,
    b"GET /healthz HTTP/1.1\r\nHost: e.example\r\n": 200,
    b"GET /healthz HTTP/1.0\r\n": 200,
}


def test_below_a_path_of_the_server_there_is_everything_and_beside_it_nothing(tmp_path: Path) -> None:
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}",
        "SEED_ON_START": "0",
        "SCRIPT_NAME": "/claims",
    }
    with running_service(tmp_path, environment | {"PUBLIC_URL": "https://e.example/claims"}, wait=False) as service:
        mounted = replace(service, url=f"{service.url}/claims")
        wait_until_ready(mounted)
        assert requests.get(f"{mounted.url}/", timeout=10).json()["links"]["docs"] == "/claims/docs"
        beside = requests.get(f"{service.url}/healthz", timeout=10)
        assert (beside.status_code, beside.json()["code"]) == (404, "not_found")
        assert "begin with /claims." in beside.json()["detail"]
        assert f"docs          {mounted.url}/docs" in service.log()
        assert "public        https://e.example/claims" in service.log()


@pytest.mark.parametrize(
    ("origins", "allowed"),
    [("*", "*"), ("https://a.example", "https://a.example"), ("https://a.example,https://b.example", None)],
)
def test_the_server_itself_refuses_so_that_a_page_can_read_why(
    tmp_path: Path, origins: str, allowed: str | None
) -> None:
    """The application never sees these requests, and the server may give up before it has read their ``Origin``."""
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}", "SEED_ON_START": "0", "CORS_ORIGINS": origins}
    refused = {
        b"GET /v1/claims?q=%s HTTP/1.1\r\nHost: x\r\n" % (b"a" * 9000): 414,
        b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nX: %s\r\n" % (b"a" * 9000): 431,
        b"GET /v1/claims HTTP/9.9\r\nHost: x\r\n": 400,
    }
    with running_service(tmp_path, environment) as service:
        address = ("127.0.0.1", int(service.url.rsplit(":", 1)[1]))
        for request, status in (refused | RECEIVED).items():
            with socket.create_connection(address, timeout=10) as connection:
                connection.sendall(request + b"Origin: https://a.example\r\nConnection: close\r\n\r\n")
                response = HTTPResponse(connection)
                response.begin()
                response.read()
            assert response.status == status, request[:60]
            if request in refused:
                assert response.getheader("Access-Control-Allow-Origin") == allowed
                assert ("X-Request-ID" in response.getheader("Access-Control-Expose-Headers", "")) == bool(allowed)
