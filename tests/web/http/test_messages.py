"""Error messages: each names what was wrong, gives an example or the nearest name, and says what to do next."""

from __future__ import annotations

import re
import time

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api import build_app
from service.config import Settings
from service.store import Store
from service.web.http.problem_details import Finding, summary
from service.web.http.quoting import LONGEST, quoted
from service.web.http.suggestions import nearest
from tests.settings import make_settings
from tests.web.helpers import assert_problem, example_claim, url
from tests.world import ADA, ANA, EDITH, VERDICT, World, bearer

CLAIM = example_claim()
SOURCE = "ukraine-hur"


@pytest.fixture(params=["sqlite"])
def engine(request: pytest.FixtureRequest) -> str:
    """SQLite alone: the messages are made without SQL."""
    name: str = request.param
    return name


def _detail(response: TestResponse, status: int) -> str:
    detail: str = assert_problem(response, status)["detail"]
    return detail


# Values.


@pytest.mark.parametrize(
    ("path", "name", "value", "detail"),
    [
        ("/v1/claims", "limit", "0", "`limit` must be between 1 and 200, for example 50. Got '0'."),
        ("/v1/claims", "limit", "x", "`limit` is not a valid integer, for example 50. Got 'x'."),
        (
            "/v1/claims",
            "status",
            "Contest",
            "`status` must be one of: unsupported, unattributed, single_origin, possibly_corroborated, corroborated, "
            "contested, refuted. Got 'Contest'. Did you mean 'contested'?",
        ),
        (
            "/v1/events",
            "type",
            "verdict.publish",
            "`type` must be one of 38 values, such as source.created, source.changed, source.merged. "
            "Got 'verdict.publish'. Did you mean 'verdict.published'?",
        ),
        ("/v1/corroboration", "format", "xml", "`format` must be one of: json, csv, ndjson. Got 'xml'."),
        (
            "/v1/corroboration",
            "format",
            "jsn",
            "`format` must be one of: json, csv, ndjson. Got 'jsn'. Did you mean 'json'?",
        ),
    ],
)
def test_a_value_is_quoted_with_the_rule_and_an_example(
    seeded: FlaskClient, path: str, name: str, value: str, detail: str
) -> None:
    problem = assert_problem(seeded.get(url(path, **{name: value})), 422, "invalid_request", f"/{name}")
    assert problem["detail"] == detail
    assert problem["errors"][0]["detail"] in (detail, re.sub(r"^`\w+` (is )?(\w)", lambda m: m[2].upper(), detail))


@pytest.mark.parametrize(
    ("path", "name", "example"),
    [
        ("/v1/claims", "updated_since", "2026-01-01T00:00:00Z|2026-03-01T09:30:00Z"),
        ("/v1/verdicts", "since", "2026-01-01T00:00:00Z|2026-03-01T09:30:00Z"),
        (f"/v1/claims/{CLAIM}/corroboration", "as_of", "2025-12-31"),
        (f"/v1/claims/{CLAIM}/corroboration", "known_at", "2026-03-01 or 2026-03-01T09:30:00Z"),
        ("/feeds/claimreview.json", "since", "2026-03-01T09:30:00"),
    ],
)
@pytest.mark.parametrize("value", ["yesterday", "01.03.2026", "2026-02-30", "2026-03-01T09:30:00", ""])
def test_a_date_or_time_has_an_example(seeded: FlaskClient, path: str, name: str, example: str, value: str) -> None:
    detail = _detail(seeded.get(url(path, **{name: value})), 422)
    assert re.search(example, detail), detail
    assert f"Got '{value}'." in detail


@pytest.mark.parametrize("offset", ["+02:00", "+0200", " 02:00", "%2002:00"])
def test_an_offset_whose_plus_became_a_space_names_its_encoding(seeded: FlaskClient, offset: str) -> None:
    detail = _detail(seeded.get(f"/v1/claims?updated_since=2026-03-01T09:30:00{offset}"), 422)
    assert "`updated_since` has a space before its offset: a `+` must be sent as `%2B`" in detail
    [example] = re.findall(r"'(.*)'", detail)
    assert seeded.get(f"/v1/claims?updated_since={example}").status_code == (200 if ":" in offset else 422)


def test_several_errors_are_counted(seeded: FlaskClient) -> None:
    first = "`limit` must be between 1 and 200, for example 50. Got '0'."
    assert _detail(seeded.get("/v1/claims?limit=0&topik=x"), 422) == f"{first} There is 1 more error: see `errors`."
    detail = _detail(seeded.get("/v1/claims?limit=0&topik=x&sort=y"), 422)
    assert detail == f"{first} There are 2 more errors: see `errors`."


@pytest.mark.parametrize(
    ("location", "pointer", "detail", "sentence"),
    [
        ("body", "/text", "Missing data for required field.", "`text` is required."),
        ("body", "/evidence/0/document", "Field may not be null.", "`evidence[0].document` must not be null."),
        ("query", "/limit", "Given more than once.", "`limit` is given more than once."),
        ("body", "/a~1b~0c", "Must be 1.", "`a/b~c` must be 1."),
        ("body", "", "Must be an object.", "The body must be an object."),
        ("body", "/into", "There is no claim 'x'.", "`into`: There is no claim 'x'."),
        ("body", "/x", "Not a valid list.", "`x` is not a valid list."),
        ("body", "/id", "`id` cannot be changed.", "`id` cannot be changed."),
        ("body", "/x`\n", "Longer than maximum length 3.", "`x'\\n` is longer than maximum length 3."),
        ("query", "/sort", "Only with a query (q).", "`sort` is allowed only with a query (q)."),
        ("query", "/query", "Needed unless `x` is given.", "`query` is needed unless `x` is given."),
    ],
)
def test_a_finding_is_a_sentence(location: str, pointer: str, detail: str, sentence: str) -> None:
    assert summary([Finding(location, pointer, detail)]) == sentence


# Bodies.


def _sent(world: World, body: object, path: str = "/v1/claims") -> TestResponse:
    return world.client().post(path, json=body, headers=bearer(world.keys[EDITH]))


def test_a_field_of_a_body_is_named_wherever_it_is(world: World) -> None:
    claim = {"text": "Ten ships.", "subject": "ships", "topics": ["ships"]}
    details = {
        _detail(_sent(world, claim | {"subjet": "x"}), 422): "Unknown field 'subjet'. Did you mean 'subject'?",
        _detail(_sent(world, {name: claim[name] for name in ("subject", "topics")}), 422): "`text` is required.",
        _detail(
            _sent(world, claim | {"quantity": {"unit": "ships", "lo": 3}}), 422
        ): "Unknown field 'lo'. Did you mean 'low'?",
        _detail(
            _sent(world, claim | {"quantity": {"unit": "ships", "low": 3, "qualifier": "abuot"}}), 422
        ): "Got 'abuot'. Did you mean 'about'?",
        _detail(_sent(world, claim | {"time_frame": {"label": "now", "start": 5}}), 422): (
            "`time_frame.start` is not a valid date"
        ),
        _detail(_sent(world, []), 422): "The body",
        _detail(_sent(world, claim | {"text": None}), 422): "`text` must not be null.",
    }
    for detail, expected in details.items():
        assert expected in detail
    evidence = {"document": world.document(), "sort": "x"}
    refused = _sent(world, VERDICT | {"evidence": [evidence]}, f"/v1/claims/{world.claim()}/verdicts")
    assert "Unknown field 'sort'." in _detail(refused, 422)


def test_a_body_full_of_errors_is_refused_at_once(world: World) -> None:
    """Looking for the nearest name of each would take seconds."""
    many = {f"subjec{number}": number for number in range(9_900)}
    began = time.process_time()
    problem = assert_problem(_sent(world, many), 422)
    assert time.process_time() - began < 10
    assert len(problem["errors"]) > 9_900
    assert problem["detail"].endswith(f" There are {len(problem['errors']) - 1} more errors: see `errors`.")


def test_a_patch_is_explained_like_a_body(world: World) -> None:
    path = f"/v1/claims/{world.claim()}"
    headers = bearer(world.keys[EDITH]) | {"If-Match": "*"}
    refused = world.client().patch(path, json={"subjet": "x"}, headers=headers)
    assert _detail(refused, 422) == "Unknown field 'subjet'. Did you mean 'subject'?"
    refused = world.client().patch(path, json={"time_frame": {"label": "x", "end": "soon"}}, headers=headers)
    assert "`time_frame.end` is not a valid date, for example 2025-05-31. Got 'soon'." in _detail(refused, 422)


def test_a_message_quotes_no_key_and_nothing_long_or_unprintable(world: World) -> None:
    key = world.keys[ADA]
    for text in (key, f"x{key}", key + "\x1b[31m", "\u202e" + key, "a" * 50 + key, "x" * 90_000, "\n\t\x00", "`'\""):
        for body in (
            {text: 1},
            {"text": "T.", "subject": text, "topics": [text], "language": text},
            {"quantity": {"unit": text, "low": text, text: text}},
        ):
            refused = _sent(world, body)
            problem = assert_problem(refused, 422)
            messages = [problem["detail"], *[each["detail"] for each in problem["errors"]]]
            assert not any(key in message or key[20:40] in message for message in messages)
        refused = _sent(world, VERDICT | {"rating": text}, f"/v1/claims/{world.claim()}/verdicts")
        assert key not in refused.get_data(as_text=True)


def test_quoting_is_bounded() -> None:
    assert quoted("x") == "'x'"
    assert quoted(True) == "true"
    assert quoted(None) == "null"
    assert quoted(1.5) == "1.5"
    assert quoted("x" * 100) == repr("x" * (LONGEST - 1) + "…")
    assert quoted("\ud800\u202e").isprintable()


# Routes.


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/v1/claim", "/v1/claims"),
        ("/v1/claims/", "/v1/claims"),
        ("/v1//claims", "/v1/claims"),
        ("/claims", "/v1/claims"),
        ("/claims/", "/v1/claims"),
        ("/V1/Claims", "/v1/claims"),
        ("/v2/claims", "/v1/claims"),
        (f"/claim/{CLAIM}", f"/v1/claims/{CLAIM}"),
        (f"/v1/claims/{CLAIM}/", f"/v1/claims/{CLAIM}"),
        (f"/v1/claims/{CLAIM}/mention", f"/v1/claims/{CLAIM}/mentions"),
        (f"/v1/source/{SOURCE}/claim", f"/v1/sources/{SOURCE}/claims"),
        ("/v1/event/1/prof", "/v1/events/1/proof"),
        ("/openapi.yml", "/openapi.yaml"),
        ("/health", "/healthz"),
        ("/doc", "/docs"),
        ("/feeds/verdicts.atm", "/feeds/verdicts.atom"),
    ],
)
def test_an_unknown_path_names_the_one_that_was_meant(seeded: FlaskClient, path: str, meant: str) -> None:
    problem = assert_problem(seeded.get(path), 404, "not_found")
    assert problem["detail"] == f"There is nothing at '{path}'. Did you mean '{meant}'?"
    assert seeded.get(meant).status_code == 200


@pytest.mark.parametrize(
    "path", ["/x", "/v1", "/.env", "/static/x.js", "/wp-admin/install.php", "/a/b/c/d/e/f/g/h/i/j", "/" + "a" * 5000]
)
def test_a_path_like_no_other_names_the_list_of_all(seeded: FlaskClient, path: str) -> None:
    detail = _detail(seeded.get(path), 404)
    assert detail.endswith(". All paths are listed at '/docs'.")
    assert len(detail) < 200


def test_a_suggested_path_is_never_longer_than_an_id_allows(seeded: FlaskClient) -> None:
    for path in ("/v1/claim/" + "a" * 121, "/v1/claim/%00", "/v1/claim/%E2%80%AE", "/v1/claim/A"):
        assert "Did you mean" not in _detail(seeded.get(path), 404)


def test_a_method_that_is_not_allowed_names_those_that_are(seeded: FlaskClient) -> None:
    response = seeded.put("/v1/claims", json={})
    detail = "'/v1/claims' does not support PUT. Allowed methods: GET, HEAD, OPTIONS, POST."
    assert _detail(response, 405) == detail
    assert {method.strip() for method in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS", "POST"}
    assert len(_detail(seeded.open("/v1/claims", method="X" * 5000), 405)) < 200


# Headers and bodies as a whole.


def test_a_body_that_is_too_large_names_the_limit(store: Store, settings: Settings) -> None:
    app = build_app(store, make_settings(settings.database_url, max_body_bytes=2000))
    refused = app.test_client().post("/v1/match", data=b" " * 2001, content_type="application/json")
    assert _detail(refused, 413) == "The body is too large: at most 2000 bytes are accepted, also uncompressed."


def test_a_content_type_that_is_not_accepted_names_those_that_are(world: World) -> None:
    def sent(path: str, content_type: str | None, method: str = "POST", **headers: str) -> str:
        refused = world.client().open(
            path, method=method, data=b"{}", content_type=content_type, headers=bearer(world.keys[ADA]) | headers
        )
        return _detail(refused, 415)

    to_send = "send the body as application/json in UTF-8."
    assert sent("/v1/claims", "text/plain") == f"The Content-Type 'text/plain' is not supported: {to_send}"
    assert sent("/v1/claims", None) == f"Content-Type is missing: {to_send}"
    latin = "application/json; charset=latin-1"
    assert sent("/v1/claims", latin) == f"The Content-Type '{latin}' is not supported: {to_send}"
    path = f"/v1/claims/{world.claim()}"
    patched = sent(path, "text/plain", "PATCH", If_Match="*")
    assert patched.endswith("send the body as application/json or application/merge-patch+json in UTF-8.")
    imported = sent("/v1/imports", "image/png")
    for media_type in ("application/ld+json", "application/x-ndjson", "text/html", "application/gzip"):
        assert media_type in imported
    packed = sent("/v1/claims", "application/json", Content_Encoding="gzip")
    assert packed == "The Content-Encoding 'gzip' is not supported: send the body uncompressed."


def test_an_accept_header_that_nothing_matches_names_the_forms(seeded: FlaskClient) -> None:
    detail = _detail(seeded.get("/v1/claims", headers={"Accept": "image/png"}), 406)
    assert detail == "This resource is available as application/json, none of which matches `Accept: image/png`."


def test_a_precondition_says_what_to_do_next(world: World) -> None:
    path = f"/v1/claims/{world.claim()}"
    tag = world.client().get(path).headers["ETag"]

    def patched(given: str | None, status: int) -> str:
        headers = bearer(world.keys[EDITH]) | ({} if given is None else {"If-Match": given})
        return _detail(world.client().patch(path, json={"note": "x"}, headers=headers), status)

    assert "GET the resource, and send its `ETag` as `If-Match`" in patched(None, 428)
    assert "GET it again, apply your change to it, and send its new `ETag`." in patched('"other"', 412)
    for weak in (f"W/{tag}", 'W/"x"', f'W/{tag}, W/"y"'):
        assert patched(weak, 412).startswith("`If-Match` has a weak ETag")
        assert _detail(world.client().get(path, headers={"If-Match": weak}), 412).startswith(
            "`If-Match` has a weak ETag"
        )
    assert "GET it again without `If-Match`." in _detail(world.client().get(path, headers={"If-Match": '"x"'}), 412)


def test_a_request_without_a_key_says_how_to_send_one(world: World) -> None:
    how = "Send a valid API key in the header `Authorization: Bearer KEY`."

    def posted(**headers: str) -> str:
        return _detail(world.client().post("/v1/claims", json={}, headers=headers), 401)

    assert posted() == f"This request needs an API key. {how}"
    other = f"This request needs an API key. `Authorization` has another scheme than Bearer. {how}"
    assert posted(Authorization="Basic dTpw") == other
    assert posted(Authorization="Bearer x").endswith(how)
    assert posted(Authorization=f"Bearer cv_{'a' * 12}_{'b' * 52}").endswith(how)


def test_a_role_that_is_too_low_is_named_with_the_one_that_is_needed(world: World) -> None:
    refused = world.client().post("/v1/claims", json={}, headers=bearer(world.keys[ANA]))
    assert _detail(refused, 403) == "This request needs the role editor; your API key has the role checker."


def test_too_many_requests_are_told_when_to_go_on(store: Store, settings: Settings) -> None:
    client = build_app(store, make_settings(settings.database_url, rate_limit_reads="2/hour")).test_client()
    for _ in range(2):
        assert client.get("/v1/topics").status_code == 200
    refused = client.get("/v1/topics")
    wait = refused.headers["Retry-After"]
    detail = f"Too many requests: the limit is 2 reads in 3600 seconds. Try again in {wait} seconds."
    assert _detail(refused, 429) == detail


def test_an_idempotency_key_that_is_malformed_has_an_example(world: World) -> None:
    headers = bearer(world.keys[EDITH]) | {"Idempotency-Key": "a b"}
    body = {"text": "T.", "subject": "s", "topics": ["t"]}
    refused = world.client().post("/v1/claims", json=body, headers=headers)
    assert _detail(refused, 422).endswith("must be 1 to 255 visible ASCII characters, for example a UUID.")


def test_a_key_in_the_url_says_where_it_belongs(world: World) -> None:
    refused = world.client().get(f"/v1/claims?key={world.keys[ANA]}")
    assert "revoke the key" in _detail(refused, 400)
    assert "`Authorization: Bearer KEY`" in _detail(refused, 400)


# Names.


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("topik", ["topic", "source"], "topic"),
        ("TOPIC", ["topic"], "topic"),
        ("page-size", ["page_size", "page_token"], "page_size"),
        ("pageSise", ["pageSize", "pageToken"], "pageSize"),
        ("x", ["topic"], None),
        ("", ["topic"], None),
        ("topic" * 100, ["topic"], None),
        ("topic", [], None),
    ],
)
def test_the_nearest_name(name: str, known: list[str], expected: str | None) -> None:
    assert nearest(name, known) == expected
