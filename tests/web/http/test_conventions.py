"""Conventions of every route: request ids, CORS, compression, caching, the log, a bounded number of queries."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.api import build_app
from service.model.actors import KeyRole
from service.storage.database import Database
from service.store import Store
from tests.furnished import KEY
from tests.settings import make_settings
from tests.web.helpers import (
    GOOGLE,
    assert_problem,
    example,
    example_claim,
    example_path,
    get,
    in_openapi,
    is_list,
    needed,
    openapi_document,
    raw_claims,
    routes,
    rules,
    url,
)
from tests.web.http.test_failures import log  # noqa: F401 - a fixture

pytestmark = pytest.mark.one_engine

ORIGIN = "https://reader.example"
UNCACHED = ("/healthz", "/readyz")
STREAMED = ("/v1/corroboration", "/v1/export", "/feeds/claimreview.json")
NEVER_KEPT = ("/v1/keys", f"/v1/keys/{KEY}")
KEYED = ("/v1/queue", "/v1/me", f"/v1/claims/{example_claim()}/assignment")


def _paths(client: FlaskClient) -> list[str]:
    """Return a path of every route that can be read."""
    return [example(rule) for rule in rules(client.application)]


def _everywhere(client: FlaskClient) -> list[str]:
    """Paths of every route, and of answers that no route makes."""
    written = {rule for rule, method in routes(client.application) if method != "GET"}
    return [
        *_paths(client),
        *map(example_path, sorted(written)),
        "/no/such/path",
        "/v1/claims/no-such",
        "/v1/claims?limit=0",
    ]


def test_a_harmless_request_id_is_kept(seeded: FlaskClient) -> None:
    for path in _everywhere(seeded):
        for given in ("a", "A-b_c.9", "7f9c2ba4e88f827d", "x" * 64, "0b6f6f0e-5d0a-4c3e-8f0a-3d1d2d6c9f11"):
            response = seeded.get(path, headers={"X-Request-ID": given})
            assert response.headers["X-Request-ID"] == given
            if response.is_json and response.status_code >= 400:
                assert response.get_json()["request_id"] == given


def test_a_harmful_or_missing_request_id_is_replaced(seeded: FlaskClient) -> None:
    made = set()
    for path in _everywhere(seeded):
        for given in (None, "", "x" * 65, "a b", "<script>", "ä"):
            response = seeded.get(path, headers={"X-Request-ID": given} if given is not None else {})
            own = response.headers["X-Request-ID"]
            assert own != given
            assert 8 <= len(own) <= 64
            assert own.isalnum()
            assert own not in made
            made.add(own)


def test_every_answer_forbids_sniffing_and_may_be_read_from_any_origin(seeded: FlaskClient) -> None:
    for path in _everywhere(seeded):
        for method in ("GET", "HEAD", "POST"):
            response = seeded.open(path, method=method, headers={"Origin": ORIGIN})
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
            assert "Access-Control-Allow-Credentials" not in response.headers
            exposed = {name.strip() for name in response.headers["Access-Control-Expose-Headers"].split(",")}
            assert exposed >= {"ETag", "Link", "Location", "Retry-After", "WWW-Authenticate", "X-Request-ID"}


def test_a_preflight_lets_a_page_send_whatever_a_route_takes(seeded: FlaskClient) -> None:
    for rule, method in routes(seeded.application):
        asked = {"Origin": ORIGIN, "Access-Control-Request-Method": method}
        wanted = {"if-none-match", "x-request-id", "authorization"}
        wanted |= {"content-type", "idempotency-key"} if method == "POST" else set()
        wanted |= {"content-type", "if-match"} if method == "PATCH" else set()
        asked["Access-Control-Request-Headers"] = ", ".join(sorted(wanted))
        response = seeded.options(example_path(rule), headers=asked)
        assert response.status_code in (200, 204)
        assert response.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
        allowed = {name.strip() for name in response.headers["Access-Control-Allow-Methods"].split(",")}
        assert {"GET", "HEAD", method} <= allowed <= {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"}
        assert wanted <= {name.strip() for name in response.headers["Access-Control-Allow-Headers"].lower().split(",")}
        assert int(response.headers["Access-Control-Max-Age"]) > 0


def test_only_the_origins_of_the_setting_are_let_in(seeded_url: str, seeded_store: Store) -> None:
    settings = make_settings(seeded_url, cors_origins=(ORIGIN,))
    client = build_app(seeded_store, settings).test_client()
    let_in = client.get("/v1/topics", headers={"Origin": ORIGIN})
    assert let_in.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "Origin" in let_in.headers["Vary"]
    for other in ("https://evil.example", f"{ORIGIN}.evil.example", "null"):
        response = client.get("/v1/topics", headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in response.headers


def test_every_answer_says_whether_a_cache_may_keep_it(seeded: FlaskClient, seeded_keys: dict[KeyRole, str]) -> None:
    """Responses to the holder of a key are not for shared caches: others may not see all of them."""
    shown = {"Authorization": f"Bearer {seeded_keys[KeyRole.ADMIN]}"}
    for path in _paths(seeded):
        control = seeded.get(path).headers["Cache-Control"]
        keyed = seeded.get(path, headers=shown)
        if path in UNCACHED + NEVER_KEPT:
            assert control == keyed.headers["Cache-Control"] == "no-store"
        else:
            assert control == ("private, no-cache" if path in KEYED else "public, no-cache")
            assert keyed.headers["Cache-Control"] == "private, no-cache"
            assert {"Accept", "Authorization"} <= {name.strip() for name in keyed.headers["Vary"].split(",")}


def test_every_answer_of_some_length_is_compressed_on_request(seeded: FlaskClient) -> None:
    for path in _paths(seeded):
        plain = seeded.get(path)
        for coding in ("gzip", "br", "zstd"):
            response = seeded.get(path, headers={"Accept-Encoding": coding})
            assert "Accept-Encoding" in response.headers["Vary"]
            if len(plain.data) > 1000:
                assert response.headers["Content-Encoding"] == coding, path
                assert len(response.data) < len(plain.data)


def test_every_conditional_route_has_a_strong_etag(seeded: FlaskClient) -> None:
    for path in _paths(seeded):
        etag, weak = seeded.get(path).get_etag()
        if path in UNCACHED + STREAMED:
            assert etag is None
        else:
            assert etag
            assert not weak
            assert seeded.get(path, headers={"If-None-Match": f'"{etag}"'}).status_code == 304


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_read_may_ask_for_one_state_only(seeded: FlaskClient, coding: str) -> None:
    for path in _paths(seeded):
        plain = {"Accept-Encoding": coding}
        tag = seeded.get(path, headers=plain).headers.get("ETag")
        for wanted in ("*", tag, f'"other", {tag}'):
            if tag or wanted == "*":
                assert seeded.get(path, headers=plain | {"If-Match": str(wanted)}).status_code == 200, (path, wanted)
        for wanted in ('"other"', f"W/{tag}"):
            if tag:
                assert_problem(seeded.get(path, headers=plain | {"If-Match": wanted}), 412, "precondition_failed")
    with seeded.get("/static/page.css", headers={"If-Match": "*"}) as response:
        assert response.status_code == 200


def test_the_log_has_one_json_line_a_request_without_its_query(seeded: FlaskClient, log: io.StringIO) -> None:  # noqa: F811
    requests = [(method, path) for path in _everywhere(seeded) for method in ("GET", "HEAD", "OPTIONS")]
    for method, path in requests:
        log.truncate(0)
        log.seek(0)
        separator = "&" if "?" in path else "?"
        headers = {"Authorization": "Bearer s3cret", "Cookie": "s3cret=1", "X-Request-ID": "mine"}
        headers["traceparent"] = f"00-{'a' * 32}-{'b' * 16}-01"
        status = seeded.open(f"{path}{separator}token=s3cret", method=method, headers=headers).status_code
        assert "s3cret" not in log.getvalue()
        [line] = [json.loads(text) for text in log.getvalue().splitlines()]
        assert line["method"] == method
        assert line["path"] == path.split("?")[0]
        assert line["status"] == status
        assert (line["request_id"], line["trace_id"], line["span_id"]) == ("mine", "a" * 32, "b" * 16)
        assert line["level"] == "INFO"
        assert line["timestamp"]
        assert 0 <= line["duration_ms"] < 60_000


def test_a_line_break_in_a_path_makes_no_second_line(seeded: FlaskClient, log: io.StringIO) -> None:  # noqa: F811
    seeded.get("/v1/claims/a%0a%7b%22level%22%3a%22INFO%22%7d%0d")
    assert len(log.getvalue().splitlines()) == 1


# The OpenAPI document.


def test_every_route_is_in_the_openapi_document_and_no_other(seeded: FlaskClient) -> None:
    made = {(in_openapi(rule), method.lower()) for rule, method in routes(seeded.application)}
    written = {
        (path, method)
        for path, item in openapi_document()["paths"].items()
        for method in item
        if method != "parameters" and not path.startswith(GOOGLE)
    }
    assert written == made


def test_every_answer_declares_its_headers(seeded: FlaskClient) -> None:
    for rule in rules(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)]["get"]
        response = seeded.get(url(example(rule), **({"limit": 1} if is_list(rule) else {})))
        assert response.status_code == 200, rule
        # The head of the document describes those of every response, and says which ones have a tag.
        assert ("ETag" in response.headers) == ("304" in operation["responses"]), rule
        assert {"X-Request-ID", "Cache-Control"} <= set(response.headers.keys()), rule
        assert ("Link" in response.headers) <= ("Link" in operation["responses"]["200"].get("headers", {})), rule


def test_every_documented_parameter_exists_and_is_accepted(seeded: FlaskClient) -> None:
    for rule in rules(seeded.application):
        operation = openapi_document()["paths"][in_openapi(rule)]["get"]
        for parameter in operation.get("parameters", []):
            for value in parameter["schema"].get("examples", []):
                shown = str(value).lower() if isinstance(value, bool) else value
                if parameter["name"] == "known_at":  # of a store that is older than this one
                    shown = dt.datetime.now(dt.UTC).isoformat()
                path = url(example_path(rule), **(needed(rule) | {parameter["name"]: shown}))
                assert seeded.get(path).status_code == 200, path


# Queries.


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Yield a list of the queries that run inside the block: prepared ones and SQL texts."""
    ran: list[object] = []

    def count(method: Callable[..., Any]) -> Callable[..., Any]:
        def counting(self: Database, query: object, /, *values: object, **named: object) -> Any:
            ran.append(query)
            return method(self, query, *values, **named)

        return counting

    with monkeypatch.context() as patched:
        for name in ("rows", "row", "all", "one"):
            patched.setattr(Database, name, count(getattr(Database, name)))
        yield ran


def test_a_page_costs_as_many_queries_however_long_it_is(seeded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in rules(seeded.application):
        if is_list(rule):
            costs = []
            for limit in (2, 20, 200):
                with counted(monkeypatch) as ran:
                    get(seeded, example_path(rule), limit=limit)
                costs.append(len(ran))
            # Claims are walked or sorted, as is cheaper; a short history may have no names to look up.
            assert max(costs) <= min(costs[1:]) + 2, rule
            assert 0 < max(costs) <= 22, rule


def test_a_page_of_claims_costs_two_queries_and_one_claim_two(
    seeded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (
        "/v1/claims?limit=200",
        "/v1/claims?topic=sanctions&stance=supports",
        f"/v1/claims/{next(iter(raw_claims()))}",
    ):
        with counted(monkeypatch) as ran:
            assert seeded.get(path).status_code == 200
        assert len(ran) <= 2, path


def test_what_a_claim_includes_costs_a_bounded_number_of_queries(
    seeded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_size = sorted(raw_claims().values(), key=lambda raw: len(raw["mentions"]))
    costs = []
    for raw in (by_size[0], by_size[-1]):
        with counted(monkeypatch) as ran:
            get(seeded, f"/v1/claims/{raw['id']}", include="mentions,sources,documents,links")
        costs.append(len(ran))
    assert max(costs) <= 25
    assert abs(costs[0] - costs[1]) <= 2
