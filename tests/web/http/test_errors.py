"""Errors of clients on every route: one shape, the right status, and the field."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

from service.model.actors import KeyRole
from tests.web.helpers import (
    assert_problem,
    example,
    example_path,
    has_cursor,
    in_openapi,
    is_list,
    methods,
    openapi_document,
    raw_claims,
    raw_documents,
    routes,
    rules,
    url,
)

pytestmark = pytest.mark.one_engine

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
NOT_INSTANTS = [
    "",
    "x",
    "2026-1-1",
    "2026-02-30",
    "2026-01-01T00:00:00",
    "2026-02-30T00:00:00Z",
    "2026-01-01T25:00:00Z",
    "now",
]
NOT_RECORDED = [*NOT_DAYS, "2001-01-01", "9999-12-31", "2001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"]
NOT_INSTANTS += ["2026-02-30T00:00:00Z", "2026-01-01T00:00:00+25:00", "1767225600", "2026-01-01T00:00:00Z\0", OVER_LONG]


def _rules(app: Flask) -> list[tuple[str, str]]:
    """Return the routes that can be read, each with a path of it."""
    return [(rule, example_path(rule)) for rule in rules(app)]


def _writes(app: Flask) -> list[tuple[str, str]]:
    """Return the routes that write, each with its method."""
    return [(rule, method) for rule, method in routes(app) if method != "GET"]


def _shown(keys: dict[KeyRole, str], role: KeyRole = KeyRole.ADMIN) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys[role]}"}


def test_every_route_refuses_a_parameter_that_it_does_not_know(seeded: FlaskClient) -> None:
    for _, path in _rules(seeded.application):
        for name in ("no_such", "Limit", "limit[]", "\0", "a/b~c", "ü", "\u202e", OVER_LONG):
            pointer = "/" + name.replace("~", "~0").replace("/", "~1")
            problem = assert_problem(seeded.get(url(path, **{name: "1"})), 422, "invalid_request", pointer)
            [finding] = [each for each in problem["errors"] if each["pointer"] == pointer]
            assert finding["in"] == "query"
            assert finding["detail"].startswith("Unknown parameter ")
            assert len(finding["detail"]) < 400
            assert finding["detail"].isprintable()
            assert OVER_LONG not in problem["detail"]


def _mistyped(name: str) -> list[str]:
    """Return a name with a letter less, a letter more, two letters swapped, in capitals, and with hyphens."""
    return [name[:-1], f"{name}x", f"{name[:-2]}{name[:-3:-1]}", name.upper(), f"{name}s"]


def test_every_route_suggests_the_nearest_parameter(seeded: FlaskClient) -> None:
    tried = 0
    for rule, path in _rules(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)]["get"]
        known = [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"]
        for name in known:
            for wrong in _mistyped(name):
                if len(wrong) < 3 or wrong in known:
                    continue
                problem = assert_problem(seeded.get(url(path, **{wrong: "1"})), 422, "invalid_request", f"/{wrong}")
                [finding] = [each for each in problem["errors"] if each["pointer"] == f"/{wrong}"]
                assert finding["detail"] == f"Unknown parameter '{wrong}'. Did you mean '{name}'?"
                assert finding["detail"] in problem["detail"] or len(problem["errors"]) > 1
                tried += 1
        if not known:
            problem = assert_problem(seeded.get(url(path, limit="1")), 422, "invalid_request", "/limit")
            assert problem["detail"] == "Unknown parameter 'limit'. No parameters are allowed here."
    assert tried > 200


def test_every_parameter_suggests_the_nearest_of_its_values(seeded: FlaskClient) -> None:
    tried = 0
    for rule, path in _rules(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)]["get"]
        for parameter in operation.get("parameters", []):
            values = parameter.get("schema", {}).get("enum", [])
            for value in values:
                wrong = f"{value}x"
                problem = seeded.get(url(path, **{parameter["name"]: wrong})).get_json()
                [finding] = [each for each in problem["errors"] if each["pointer"] == f"/{parameter['name']}"]
                assert finding["detail"].endswith(f" Got '{wrong}'. Did you mean '{value}'?")
                assert f"`{parameter['name']}` must be one of" in problem["detail"] or len(problem["errors"]) > 1
                if len(values) <= 16:
                    assert f"Must be one of: {', '.join(values)}." in finding["detail"]
                tried += 1
    assert tried > 50


def test_every_route_that_writes_takes_no_parameters(seeded: FlaskClient, seeded_keys: dict[KeyRole, str]) -> None:
    for rule, method in _writes(seeded.application):
        path = url(example_path(rule), no_such="1")
        response = seeded.open(path, method=method, json={}, headers=_shown(seeded_keys))
        assert_problem(response, 422, "invalid_request", "/no_such")


def _fields_of(body: dict[str, Any]) -> list[str]:
    """Return the members of a request body in the OpenAPI document."""
    [reference] = {content["schema"]["$ref"] for content in body["content"].values()}
    schema = openapi_document()["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return list(schema["properties"])


# Routes whose bodies have no required member.
NEED_NOTHING = ("/documents", "/assignment", "/rotation", "/publication")


def test_every_route_that_takes_a_body_refuses_what_is_none_of_it(
    seeded: FlaskClient, seeded_keys: dict[KeyRole, str]
) -> None:
    """Each wrong field by its name; nothing of it is written, or the shared store would not be as it was."""
    taking = []
    for rule, method in _writes(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)][method.lower()]
        # An import may be anything: what it cannot read it refuses in its answer, item by item.
        if "requestBody" not in operation or rule == "/v1/imports":
            continue
        taking.append(rule)
        path, shown = example_path(rule), _shown(seeded_keys)
        if method == "PATCH":
            shown["If-Match"] = "*"

        def send(data: bytes, path: str = path, method: str = method, shown: dict[str, str] = shown) -> TestResponse:
            return seeded.open(path, method=method, data=data, content_type="application/json", headers=shown)

        for raw in (b"[]", b"1", b"null", b'"x"'):
            problem = assert_problem(send(raw), 422, "invalid_request")
            assert problem["errors"][0]["in"] == "body"
        problem = assert_problem(send(b'{"no/such":1}'), 422, "invalid_request", "/no~1such")
        [finding] = [each for each in problem["errors"] if each["pointer"] == "/no~1such"]
        assert finding["in"] == "body"
        assert finding["detail"].startswith("Unknown field 'no/such'.")
        for name in _fields_of(operation["requestBody"]):
            wrong = f"{name}x"
            problem = assert_problem(send(orjson.dumps({wrong: 1})), 422, "invalid_request", f"/{wrong}")
            [finding] = [each for each in problem["errors"] if each["pointer"] == f"/{wrong}"]
            assert finding["detail"] == f"Unknown field '{wrong}'. Did you mean '{name}'?"
        assert_problem(send(b'{"a":1,"a":1}'), 422, "invalid_request", "/a")
        assert_problem(send(b"{"), 400, "malformed_json")
        if method == "POST" and not rule.endswith(NEED_NOTHING):
            assert_problem(send(b"{}"), 422, "invalid_request")
        response = seeded.open(path, method=method, data=b"{}", content_type="text/plain", headers=shown)
        assert_problem(response, 415, "unsupported_media_type")
    assert len(taking) >= 17


def test_every_route_refuses_a_parameter_given_twice(seeded: FlaskClient) -> None:
    for rule, path in _rules(seeded.application):
        name = "limit" if is_list(rule) else "no_such"
        for query in (f"{name}=1&{name}=1", f"{name}=1&{name}=2", f"{name}&{name}"):
            assert_problem(seeded.get(f"{path}?{query}"), 422, "invalid_request", f"/{name}")


def test_every_route_refuses_a_form_that_it_does_not_have(seeded: FlaskClient) -> None:
    for _, path in _rules(seeded.application):
        for accept in (
            "image/png",
            "application/xml;q=0.5, text/turtle",
            "*/*;q=0",
            "application/problem+json;q=0",
            "application/problem+json, image/png",
        ):
            problem = assert_problem(seeded.get(path, headers={"Accept": accept}), 406, "not_acceptable", "/Accept")
            assert problem["errors"][0]["in"] == "header"


# The first is all that some generated clients send.
@pytest.mark.parametrize("accept", ["application/problem+json", "application/problem+json;q=0.3, image/png;q=0"])
def test_who_accepts_problems_alone_gets_the_default_form(seeded: FlaskClient, accept: str) -> None:
    for path in map(example, rules(seeded.application)):
        default, response = seeded.get(path), seeded.get(path, headers={"Accept": accept})
        assert response.status_code == 200, path
        assert response.content_type == default.content_type


def test_a_form_beside_problems_is_chosen_as_without_them(seeded: FlaskClient) -> None:
    path = f"/v1/claims/{next(iter(raw_claims()))}"
    for accept, media_type in {
        "application/problem+json, application/json": "application/json",
        "application/problem+json, application/ld+json": "application/ld+json",
        "application/problem+json;q=0.9, application/json;q=0.1, application/ld+json;q=0.2": "application/ld+json",
        "application/problem+json, */*;q=0.1": "application/json",
        "application/problem+json, application/json;q=0, application/*;q=0.1": "application/ld+json",
    }.items():
        assert seeded.get(path, headers={"Accept": accept}).mimetype == media_type, accept


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "FOO"])
def test_every_route_names_its_methods_when_asked_for_another(seeded: FlaskClient, method: str) -> None:
    refused = 0
    for rule in {rule for rule, _ in routes(seeded.application)}:
        own = methods(seeded.application, rule)
        if method in own:
            continue
        response = seeded.open(example_path(rule), method=method, data=b"{}")
        assert_problem(response, 405, "method_not_allowed")
        assert {name.strip() for name in response.headers["Allow"].split(",")} == own
        refused += 1
    assert refused >= 10


def test_every_path_that_is_no_route_is_not_found(seeded: FlaskClient) -> None:
    every = {rule for rule, _ in routes(seeded.application)}
    paths = [example_path(rule) + "/" for rule in every if rule != "/"]
    paths += [
        "/v1",
        "/v2/claims",
        "/V1/claims",
        "/v1/claim",
        "/static",
        "/static/",
        "/static/../api.py",
        "/icon.svg",
    ]
    paths += ["/static/%00", f"/static/{OVER_LONG}", "/%00", "/%ff%fe", f"/{OVER_LONG}", "/v1/claims/a/b/c", "/.env"]
    for path in paths:
        for method in ("GET", "POST"):
            response = seeded.open(path, method=method)
            if not (path.startswith("/static") and response.status_code == 405):
                assert_problem(response, 404, "not_found")


NO_IDS = ["no-such", "a" * 120, "%ff", "%00", "%0a", "a%0a", "a%00", "%2e%2e", "%F0%9F%98%80", "A", OVER_LONG]
NO_IDS += ["a" * 121]
NO_NUMBERS = [
    "0",
    "-1",
    "+1",
    "1.0",
    "1e0",
    "x",
    "%31%00",
    "٣",
    "01",
    str(2**31 - 1),
    str(2**63 - 1),
    str(2**63),
    "9" * 5000,
]


def test_an_id_that_does_not_or_cannot_exist_is_not_found(seeded: FlaskClient) -> None:
    for rule in rules(seeded.application):
        name = rule[rule.find("<") : rule.find(">") + 1]
        if name:
            for wrong in [*NO_IDS, *(NO_NUMBERS if name == "<int:seq>" else [])]:
                assert_problem(seeded.get(rule.replace(name, wrong)), 404, "not_found")


# What a write needs to be let through to where its id is looked up.
BODIES: dict[str, Any] = {
    "offer": {"checker": "John"},
    "PATCH": {},
    "mentions": {"document": next(iter(raw_documents())), "stance": "supports"},
    "links": {"type": "refines", "claim": CLAIM},
    "verdicts": {"claim_version": 1, "rating": "refuted"},
    "reviews": {"decision": "approve"},
    "assignment": {},
    "rotation": {},
    "decision": {"decision": "merge", "reason": "One."},
    "merge": {"into": CLAIM, "reason": "The same."},
    "unmerge": {"reason": "Not the same."},
    "withdrawal": {"reason": "Entered twice."},
    "quote": {"quote": "Twelve ships arrived."},
    "removal": {"reason": "Not ours to show."},
}


def test_a_write_to_an_id_that_does_not_or_cannot_exist_is_not_found(
    seeded: FlaskClient, seeded_keys: dict[KeyRole, str]
) -> None:
    tried = 0
    for rule, method in _writes(seeded.application):
        name = rule[rule.find("<") : rule.find(">") + 1]
        body = BODIES["PATCH"] if method == "PATCH" else BODIES.get(rule.rsplit("/", 1)[-1])
        if name:
            tried += 1
            for wrong in NO_IDS:
                headers = _shown(seeded_keys) | ({"If-Match": "*"} if method == "PATCH" else {})
                response = seeded.open(rule.replace(name, wrong), method=method, json=body, headers=headers)
                assert_problem(response, 404, "not_found")
    assert tried >= 17


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
        (
            f"/v1/claims/{CLAIM}/corroboration",
            "known_at",
            NOT_RECORDED,
        ),
        (f"/v1/claims/{CLAIM}/corroboration", "independence", ["", "person", "COUNTRY", "\0"]),
        (f"/v1/claims/{CLAIM}/corroboration", "quorum", [*NOT_WHOLE, "1", "0", "-2", "101", str(2**63)]),
        ("/v1/corroboration", "min_origins", [*NOT_WHOLE, "-1", "101"]),
        ("/v1/conflicts", "limit", NOT_LIMITS),
        ("/v1/sources", "kind", ["", "Government", "\0"]),
        ("/v1/sources", "country", ["", "kr", "K", "KOR", "KR\n", "K\0", "ÄÖ", OVER_LONG]),
        ("/v1/sources/ukraine-hur/claims", "role", ["", "origins", "\0"]),
        ("/v1/documents", "publisher", NOT_IDS),
        ("/v1/topics", "limit", NOT_LIMITS),
        ("/v1/claims", "agreement", ["", "Split", "none\n", "\0"]),
        ("/v1/claims", "rating", ["", "true", "REFUTED", "refuted,supported"]),
        ("/v1/verdicts", "limit", NOT_LIMITS),
        ("/v1/verdicts", "state", ["", "Draft", "published,draft"]),
        ("/v1/verdicts", "rating", ["", "false"]),
        ("/v1/verdicts", "checker", ["", "x" * 101]),
        ("/v1/verdicts", "since", NOT_INSTANTS),
        ("/v1/verdicts", "until", NOT_INSTANTS),
        ("/v1/verdicts", "current", ["", "True", "1", "yes", "null"]),
        ("/v1/queue", "limit", NOT_LIMITS),
        ("/v1/queue", "need", ["", "Stale", "unjudged,stale"]),
        ("/v1/queue", "everything", ["", "1", "TRUE"]),
        ("/v1/events", "limit", NOT_LIMITS),
        ("/v1/events", "type", ["", "verdict", "verdict.*"]),
        ("/v1/events", "subject", ["", "claim", "claim:", ":a", "claim:A", "claim:a:b", "claim:a\n", OVER_LONG]),
        ("/v1/events/consistency", "from", [*NOT_WHOLE, "-1", "1000000", str(2**63)]),
        ("/v1/events/1/proof", "size", [*NOT_WHOLE, "-1", "0", "1000000", str(2**63)]),
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


# Bytes that are no text.


def _raw(client: FlaskClient, path: str, query: str) -> TestResponse:
    """Return a request whose path and query reach the application as these bytes (as latin-1, as WSGI has it)."""
    environ = EnvironBuilder("/").get_environ()
    environ.update(PATH_INFO=path, QUERY_STRING=query, REQUEST_URI=f"{path}?{query}", RAW_URI=f"{path}?{query}")
    return client.open(environ)


@pytest.mark.parametrize("wrong", ["%ff", "%c3%28", "%ed%a0%80", "%", "%zz", "\xff", "\xc3(", "%00", "\x7f", "%u0041"])
def test_bytes_that_are_no_text_are_refused_and_never_a_failure(seeded: FlaskClient, wrong: str) -> None:
    for rule, path in _rules(seeded.application):
        assert_problem(_raw(seeded, path, f"{wrong}=1"), 422, "invalid_request")
        if is_list(rule):
            assert_problem(_raw(seeded, path, f"limit={wrong}"), 422, "invalid_request", "/limit")
        if has_cursor(rule):
            assert_problem(_raw(seeded, path, f"cursor={wrong}"), 422, "invalid_request", "/cursor")
    for path in (f"/v1/claims/{wrong}", f"/v1/sources/{wrong}/claims", f"/{wrong}"):
        assert_problem(seeded.get(path), 404, "not_found")
        assert_problem(_raw(seeded, path.replace("%ff", "\xff"), ""), 404, "not_found")


def test_a_header_that_is_no_text_is_never_a_failure(seeded: FlaskClient) -> None:
    for name in ("Accept", "If-None-Match", "Accept-Encoding", "X-Request-ID", "Origin", "If-Modified-Since", "Range"):
        for value in ("\xff", '"', ",", ";q=", "*" * 5000, "a/b;q=x", "W/", "bytes=0-1"):
            for path in ("/v1/claims", f"/v1/claims/{CLAIM}", "/v1/corroboration", "/docs"):
                assert seeded.get(path, headers={name: value}).status_code in (200, 304, 406)
