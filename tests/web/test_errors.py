"""Whatever a client gets wrong, on whichever route: one shape, the right status, and the field it is about."""

from __future__ import annotations

import base64
import random
import re
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from tests.web.helpers import assert_problem, example_path, get, is_list, raw_claims, rules, url

CLAIM = next(iter(raw_claims()))
OVER_LONG = "a" * 5000
NOT_IDS = ["", "A", "a b", "a--b", "-a", "a-", "ä", "a\0b", "a\n", "\na", "..", "%", "' OR 1=1 --", OVER_LONG]
NOT_WHOLE = ["", "x", "1.5", "1e1", "0x1", "nan", "inf", "null", "true", "9" * 30, "9" * 5000, "1\0", "1_0", "٣"]
NOT_LIMITS = [*NOT_WHOLE, "0", "-1", "201", str(2**31), str(2**63), str(-(2**63) - 1)]
NOT_DAYS = [
    "",
    "x",
    "2026-02-30",
    "2026-13-01",
    "0000-01-01",
    "10000-01-01",
    "2026-1-1",
    "20260101",
    "2026-01-01T00:00",
]
NOT_DAYS += ["2026-W01-1", "2026-001", "2026-01-0١", "1767225600", "2026-01-01\0", OVER_LONG]
NOT_INSTANTS = ["", "x", "2026-01-01", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "now"]
NOT_INSTANTS += ["2026-01-01T00:00:00+25:00", "1767225600", "2026-01-01T00:00:00Z\0", OVER_LONG]


def _rules(app: Flask) -> list[tuple[str, str]]:
    return [(rule, example_path(rule)) for rule in rules(app)]


def test_every_route_refuses_a_parameter_that_it_does_not_know(seeded: FlaskClient) -> None:
    for _, path in _rules(seeded.application):
        for name in ("no_such", "Limit", "limit[]", "\0", "a/b~c", "ü", OVER_LONG):
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            assert_problem(seeded.get(url(path, **{name: "1"})), 422, "invalid_request", pointer)


def test_every_route_refuses_a_parameter_given_twice(seeded: FlaskClient) -> None:
    for rule, path in _rules(seeded.application):
        name = "limit" if is_list(rule) else "no_such"
        for query in (f"{name}=1&{name}=1", f"{name}=1&{name}=2", f"{name}&{name}"):
            assert_problem(seeded.get(f"{path}?{query}"), 422, "invalid_request", f"/{name}")


def test_every_route_refuses_a_form_that_it_does_not_have(seeded: FlaskClient) -> None:
    for _, path in _rules(seeded.application):
        for accept in ("image/png", "application/xml;q=0.5, text/turtle", "*/*;q=0"):
            problem = assert_problem(seeded.get(path, headers={"Accept": accept}), 406, "not_acceptable", "/Accept")
            assert problem["errors"][0]["in"] == "header"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "FOO"])
def test_every_route_names_its_methods_when_asked_for_another(seeded: FlaskClient, method: str) -> None:
    for _, path in _rules(seeded.application):
        response = seeded.open(path, method=method, data=b"{}")
        assert_problem(response, 405, "method_not_allowed")
        assert {name.strip() for name in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


def test_every_path_that_is_no_route_is_not_found(seeded: FlaskClient) -> None:
    paths = [path.rstrip("/") + "/" for rule, path in _rules(seeded.application) if rule != "/"]
    paths += [
        "/v1",
        "/v2/claims",
        "/V1/claims",
        "/v1/claim",
        "/static",
        "/static/",
        "/static/../api.py",
        "/favicon.ico",
    ]
    paths += ["/static/%00", f"/static/{OVER_LONG}", "/%00", "/%ff%fe", f"/{OVER_LONG}", "/v1/claims/a/b/c", "/.env"]
    for path in paths:
        for method in ("GET", "POST"):
            response = seeded.open(path, method=method)
            if not (path.startswith("/static") and response.status_code == 405):
                assert_problem(response, 404, "not_found")


def test_an_id_that_does_not_or_cannot_exist_is_not_found(seeded: FlaskClient) -> None:
    for rule in rules(seeded.application):
        name = rule[rule.find("<") : rule.find(">") + 1]
        if name:
            for wrong in ["no-such", "a" * 120, "%ff", "%00", "%0a", "a%0a", "a%00", "%2e%2e", "%F0%9F%98%80", "A"]:
                assert_problem(seeded.get(rule.replace(name, wrong)), 404, "not_found")
            for wrong in [OVER_LONG, "a" * 121]:
                assert_problem(seeded.get(rule.replace(name, wrong)), 404, "not_found")


VALUES = {
    "limit": NOT_LIMITS,
    "min_origins": [*NOT_WHOLE, "-1", "101", str(2**63)],
    "topic": NOT_IDS,
    "source": NOT_IDS,
    "origin": NOT_IDS,
    "document": NOT_IDS,
    "status": ["", "Contested", "contested\n", "no-such", "contested,refuted", "\0", OVER_LONG],
    "stance": ["", "SUPPORTS", "no-such", "\0", OVER_LONG],
    "updated_since": NOT_INSTANTS,
    "sort": ["", "id", "-recency", "recency,origins", "\0", OVER_LONG],
}


@pytest.mark.parametrize("name", VALUES)
def test_the_list_of_claims_refuses_a_value_that_cannot_be_used(seeded: FlaskClient, name: str) -> None:
    accepted = []
    for value in VALUES[name]:
        response = seeded.get(url("/v1/claims", **{name: value}))
        if response.status_code == 200:
            accepted.append(value)
        else:
            assert_problem(response, 422, "invalid_request", f"/{name}")
    assert accepted == []


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        (
            f"/v1/claims/{CLAIM}",
            "include",
            ["x", ",", "mentions,", "mentions,,links", "Mentions", "links\n", OVER_LONG],
        ),
        (f"/v1/claims/{CLAIM}/mentions", "limit", NOT_LIMITS),
        (f"/v1/claims/{CLAIM}/corroboration", "as_of", NOT_DAYS),
        (f"/v1/claims/{CLAIM}/corroboration", "independence", ["", "person", "COUNTRY", "\0"]),
        (f"/v1/claims/{CLAIM}/corroboration", "quorum", [*NOT_WHOLE, "1", "0", "-2", "101", str(2**63)]),
        ("/v1/corroboration", "min_origins", [*NOT_WHOLE, "-1", "101"]),
        ("/v1/conflicts", "limit", NOT_LIMITS),
        ("/v1/sources", "kind", ["", "Government", "\0"]),
        ("/v1/sources", "country", ["", "kr", "K", "KOR", "KR\n", "K\0", "ÄÖ", OVER_LONG]),
        ("/v1/sources/ukraine-hur/claims", "role", ["", "origins", "\0"]),
        ("/v1/documents", "publisher", NOT_IDS),
        ("/v1/topics", "limit", NOT_LIMITS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_that_cannot_be_used_is_refused_and_named(
    seeded: FlaskClient, path: str, name: str, values: list[str]
) -> None:
    accepted = []
    for value in values:
        response = seeded.get(url(path, **{name: value}))
        if response.status_code == 200:
            accepted.append(value)
        else:
            assert_problem(response, 422, "invalid_request", f"/{name}")
    assert accepted == []


def test_every_wrong_parameter_is_named_at_once(seeded: FlaskClient) -> None:
    problem = assert_problem(seeded.get("/v1/claims?limit=0&status=x&topic=A&updated_since=x"), 422, "invalid_request")
    pointers = sorted(finding["pointer"] for finding in problem["errors"])
    assert pointers == ["/limit", "/status", "/topic", "/updated_since"]
    assert {finding["in"] for finding in problem["errors"]} == {"query"}


# Cursors.


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()


def _forged(order: str) -> list[str]:
    """Cursors of this order whose position is not one."""
    positions: list[list[Any]] = [[], [1], [1, 2, 3], [1.0, 2], [1, 2.0], [True, 1], [1, False], ["1", 1], [None, 1]]
    positions += [[[1], 2], [{"a": 1}, 2], [2**63, 1], [1, 2**63], [-(2**63), 1], [1, 2**64 - 1], [""], ["a\0b"]]
    forged = [_encoded([order, *position]) for position in positions]
    for number in ("9" * 40, "1e3", "1e400", "-9" * 1, "NaN", "9223372036854775808"):
        text = f'["{order}",{number},{number}]'
        forged.append(base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode())
    return forged[:-3] + forged[-2:]


NO_POSITIONS: list[Any] = [[], {}, "claims-recency", [[]], [1, 2, 3], [None], ["nope", 1, 2], 1, None]
NOISE = random.Random(20260301)
GARBAGE = [base64.urlsafe_b64encode(NOISE.randbytes(n)).rstrip(b"=").decode() for n in (1, 2, 3, 8, 30, 200, 370)]
GARBAGE += [
    "",
    " ",
    "x",
    "A",
    "=",
    "====",
    "a" * 500,
    "a" * 501,
    OVER_LONG,
    "%",
    "ä",
    "\0",
    "W10",
    "W10\n",
    "bnVsbA",
    "e30",
]
GARBAGE += [_encoded(value) for value in NO_POSITIONS]
GARBAGE += [base64.urlsafe_b64encode(b"[" * 370).rstrip(b"=").decode()]


def test_every_list_refuses_a_cursor_that_it_did_not_give_out(seeded: FlaskClient) -> None:
    claim = max(raw_claims().values(), key=lambda raw: len(raw["mentions"]))["id"]
    lists = [path for rule, path in _rules(seeded.application) if is_list(rule) and not rule.startswith("/v1/claims/<")]
    for path in [*lists, f"/v1/claims/{claim}/mentions"]:
        following = get(seeded, path, limit=1)["next"]
        order = "documents" if following is None else _order(following)
        for cursor in GARBAGE + _forged(order):
            response = seeded.get(url(path, cursor=cursor))
            ours = order in ("sources", "documents", "topics") and cursor == _encoded([order, ""])
            single = order.startswith("mentions-of-") and cursor == _encoded([order, 1])
            if not ours and not single:
                form = re.fullmatch("[A-Za-z0-9_-]{1,500}", cursor)
                expected = (404, "unknown_cursor") if form else (422, "invalid_request")
                assert_problem(response, *expected, "/cursor")
            assert response.status_code < 500


def _order(following: str) -> str:
    cursor = following.split("cursor=")[1].split("&")[0]
    order: str = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    return order


@pytest.mark.parametrize("key", [2**63 - 1, -(2**63 - 1), 0, -1])
def test_a_position_beyond_every_claim_is_no_failure(seeded: FlaskClient, key: int) -> None:
    for sort in ("recency", "origins", "mentions"):
        response = seeded.get(url("/v1/claims", sort=sort, cursor=_encoded([f"claims-{sort}", key, key])))
        assert response.status_code == 200


# Bytes that are no text.


def _raw(client: FlaskClient, path: str, query: str) -> TestResponse:
    """A request whose path and query reach the application as these bytes (as latin-1, as WSGI has it)."""
    environ = EnvironBuilder("/").get_environ()
    environ.update(PATH_INFO=path, QUERY_STRING=query, REQUEST_URI=f"{path}?{query}", RAW_URI=f"{path}?{query}")
    return client.open(environ)


@pytest.mark.parametrize("wrong", ["%ff", "%c3%28", "%ed%a0%80", "%", "%zz", "\xff", "\xc3(", "%00", "\x7f", "%u0041"])
def test_bytes_that_are_no_text_are_refused_and_never_a_failure(seeded: FlaskClient, wrong: str) -> None:
    for rule, path in _rules(seeded.application):
        assert_problem(_raw(seeded, path, f"{wrong}=1"), 422, "invalid_request")
        if is_list(rule):
            assert_problem(_raw(seeded, path, f"limit={wrong}"), 422, "invalid_request", "/limit")
            assert_problem(_raw(seeded, path, f"cursor={wrong}"), 422, "invalid_request", "/cursor")
    for path in (f"/v1/claims/{wrong}", f"/v1/sources/{wrong}/claims", f"/{wrong}"):
        assert_problem(seeded.get(path), 404, "not_found")
        assert_problem(_raw(seeded, path.replace("%ff", "\xff"), ""), 404, "not_found")


def test_a_header_that_is_no_text_is_never_a_failure(seeded: FlaskClient) -> None:
    for name in ("Accept", "If-None-Match", "Accept-Encoding", "X-Request-ID", "Origin", "If-Modified-Since", "Range"):
        for value in ("\xff", '"', ",", ";q=", "*" * 5000, "a/b;q=x", "W/", "bytes=0-1"):
            for path in ("/v1/claims", f"/v1/claims/{CLAIM}", "/v1/corroboration", "/docs"):
                assert seeded.get(path, headers={name: value}).status_code in (200, 304, 406)
