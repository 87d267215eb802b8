"""Every route says what it demands of whoever asks, and the guard around it keeps that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api import build_app
from service.model.actors import COMMAND_LINE, KeyRole
from service.use_cases.api_keys import create_key, revoke_key
from service.web.http.auth import Access, access_of
from tests.settings import make_settings
from tests.world import ADA, ANA, EDITH, ROLES, WRITES, Json, Request, World, aged_key, bearer, code_of

IMPLIED = {"HEAD", "OPTIONS"}
ACCESS = {
    "open": {
        "getHealth",
        "getReadiness",
        "getIndex",
        "getOpenapi",
        "getOpenapiJson",
        "getDocs",
        "getRobots",
        "getIcon",
    },
    "read": {
        "listClaims",
        "getClaim",
        "listMentions",
        "getCorroboration",
        "getProvenance",
        "getTimeline",
        "getBadge",
        "listCorroboration",
        "listConflicts",
        "listSources",
        "listSuggestions",
        "getSuggestion",
        "getSource",
        "getInfluence",
        "listSourceClaims",
        "listDocuments",
        "getDocument",
        "listDocumentClaims",
        "listTopics",
        "getMention",
        "getLink",
        "listClaimVerdicts",
        "listVerdicts",
        "getVerdict",
        "getVerdictAtAddress",
        "listEvents",
        "getHead",
        "proveConsistency",
        "getEvent",
        "proveInclusion",
        "listHistory",
        "matchTexts",
        "export",
        "getClaimReviewFeed",
        "getClaimsFeed",
        "getVerdictsFeed",
        "searchFactChecks",
        "searchFactChecksByImage",
        "listMarkupPages",
        "getMarkupPage",
    },
    "checker": {
        "listQueue",
        "getOwnWork",
        "getAssignment",
        "offerClaim",
        "acceptClaim",
        "declineClaim",
        "createVerdict",
        "reviewVerdict",
        "publishVerdict",
        "withdrawDraft",
        "assignClaim",
        "releaseClaim",
    },
    "editor": {
        "createSource",
        "changeSource",
        "mergeSource",
        "unmergeSource",
        "decideSuggestion",
        "mergeDocument",
        "unmergeDocument",
        "createDocument",
        "changeDocument",
        "createClaim",
        "createClaims",
        "changeClaim",
        "mergeClaim",
        "unmergeClaim",
        "addMention",
        "addMentions",
        "withdrawMention",
        "addQuote",
        "removeQuote",
        "addLink",
        "withdrawLink",
        "importReviews",
        "createMarkupPage",
        "updateMarkupPage",
        "deleteMarkupPage",
    },
    "admin": {"listKeys", "getKey", "createKey", "rotateKey", "revokeKey", "getBackup"},
}
KEYED_READS = ("listQueue", "getOwnWork", "getAssignment", "listKeys", "getKey", "getBackup")
NEEDS = {operation: KeyRole(access) for access in ("checker", "editor", "admin") for operation in ACCESS[access]}


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Every method of every rule, with its endpoint; static files are for everybody, pages have tests of their own."""
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(("static", "pages.")):
            for method in (rule.methods or set()) - IMPLIED:
                yield method, rule.rule, rule.endpoint


def _examples(app: Flask, wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Return a method and path of each operation, of things that need not be there."""
    return {
        endpoint.rsplit(".", 1)[-1]: (method, rule.replace("<int:seq>", "1").replace("<", "").replace("_id>", "-0"))
        for method, rule, endpoint in _routes(app)
        if endpoint.rsplit(".", 1)[-1] in wanted
    }


@pytest.fixture(scope="module")
def bad_keys(still_world: World) -> dict[str, str]:
    """Keys that are good for nothing."""
    store = still_world.store
    revoked, text = create_key(store, "Rita", KeyRole.ADMIN, None, COMMAND_LINE)
    revoke_key(store, revoked.id, COMMAND_LINE)
    good = still_world.keys[ADA]
    other = "b" if good[-1] == "a" else "a"
    return {
        "malformed": "cv_me",
        "empty": "",
        "parameters": "realm=claims",
        "two words": f"{good} {good}",
        "another case": good.upper(),
        "with more": good + "a",
        "wrong secret": good[:-1] + other,
        "unknown id": f"cv_{'a' * 12}_{good.rsplit('_', 1)[1]}",
        "secret of another": f"{good.rsplit('_', 1)[0]}_{still_world.keys[ANA].rsplit('_', 1)[1]}",
        "expired": aged_key(store, "Olga", KeyRole.ADMIN, dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)),
        "revoked": text,
    }


def test_every_method_of_every_rule_declares_its_access(still_world: World) -> None:
    app = still_world.app
    undeclared = [(m, rule) for m, rule, endpoint in _routes(app) if access_of(app.view_functions[endpoint]) is None]
    assert undeclared == []


def test_who_may_use_which_route_is_as_it_was_decided(still_world: World) -> None:
    app = still_world.app
    declared: dict[str, set[str]] = {access: set() for access in Access}
    for _, _, endpoint in _routes(app):
        declared[access_of(app.view_functions[endpoint]) or ""].add(endpoint.rsplit(".", 1)[-1])
    assert declared == ACCESS


def test_every_route_that_writes_is_tried(still_world: World) -> None:
    posting = {e.rsplit(".", 1)[-1] for method, _, e in _routes(still_world.app) if method != "GET"}
    assert posting - ACCESS["read"] == set(WRITES)


@pytest.mark.parametrize("operation", [*WRITES, *KEYED_READS])
def test_nobody_gets_past_the_guard_without_a_good_key(
    still_world: World, bad_keys: dict[str, str], operation: str
) -> None:
    [(method, path)] = _examples(still_world.app, {operation}).values()
    before = still_world.size()
    # A body that is not JSON, an id that is not one: the guard is asked first.
    sent: Json = {"method": method, "data": b"{", "content_type": "text/plain"}
    client = still_world.client()

    without = client.open(path, **sent)
    assert (without.status_code, code_of(without)) == (401, "unauthorized")
    assert without.headers["WWW-Authenticate"] == 'Bearer realm="claims"'
    basic = client.open(path, **sent, headers={"Authorization": "Basic YTpi"})
    assert basic.status_code == 401

    for kind, key in bad_keys.items():
        refused = client.open(path, **sent, headers=bearer(key))
        assert (kind, refused.status_code, code_of(refused)) == (kind, 401, "key_refused")
        assert refused.headers["WWW-Authenticate"] == 'Bearer realm="claims", error="invalid_token"'
        assert key[16:] == "" or key[16:] not in refused.get_data(as_text=True)
    assert still_world.size() == before


@pytest.mark.parametrize("operation", sorted(NEEDS))
def test_a_role_too_low_is_refused_and_the_right_one_is_let_through(still_world: World, operation: str) -> None:
    [(method, path)] = _examples(still_world.app, {operation}).values()
    client = still_world.client()
    before = still_world.size()
    for name, role in ROLES.items():
        headers = bearer(still_world.keys[name])
        sent: Json = {"method": method, "data": b"{", "content_type": "text/plain"}
        answer = client.open(path, **sent, headers=headers, buffered=True)
        if role.includes(NEEDS[operation]):
            assert answer.status_code not in (401, 403), (name, answer.get_data(as_text=True))
        else:
            assert (answer.status_code, code_of(answer)) == (403, "forbidden"), name
    assert still_world.size() == before


def test_a_key_is_taken_whatever_the_case_of_its_scheme(still_world: World) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        headers = {"Authorization": f"{scheme} {still_world.keys[ANA]}"}
        assert still_world.client().get("/v1/queue", headers=headers).status_code == 200


def test_a_bad_key_is_refused_where_none_is_needed(still_world: World, bad_keys: dict[str, str]) -> None:
    examples = _examples(still_world.app, ACCESS["read"] | ACCESS["open"] - {"getHealth", "getReadiness"})
    for kind, key in bad_keys.items():
        for operation, (method, path) in examples.items():
            refused = still_world.client().open(path, method=method, headers=bearer(key))
            assert (kind, operation, refused.status_code) == (kind, operation, 401)
            assert code_of(refused) == "key_refused"


def test_health_is_told_to_anyone_with_any_key(still_world: World, bad_keys: dict[str, str]) -> None:
    for key in bad_keys.values():
        for path in ("/healthz", "/readyz"):
            assert still_world.client().get(path, headers=bearer(key)).status_code == 200


@pytest.fixture(scope="module")
def closed(still_world: World) -> FlaskClient:
    """Return the same store, where reading takes a key."""
    settings = make_settings(f"sqlite:///{still_world.store.database.path}", reading_is_open=False)
    return build_app(still_world.store, settings).test_client()


def test_closed_reading_takes_a_key_for_all_but_the_service_itself(still_world: World, closed: FlaskClient) -> None:
    claim, mention = still_world.claim(), still_world.mention()
    for operation, (method, path) in _examples(still_world.app, ACCESS["read"]).items():
        path = path.replace("claim-0", claim).replace("mention-0", mention)
        path += {"proveConsistency": "?from=1", "searchFactChecks": "?query=ships"}.get(operation, "")
        asked: Json = {"method": method, "json": {"texts": ["15,000 troops"]} if method == "POST" else None}
        without = closed.open(path, **asked)
        assert (operation, without.status_code) == (operation, 401)
        assert without.headers["WWW-Authenticate"] == 'Bearer realm="claims"'
        assert closed.head(path).status_code == (401 if method == "GET" else 405)
        known = closed.open(path, **asked, headers=bearer(still_world.keys[ANA]))
        assert known.status_code in (200, 404, 501), (operation, known.get_data(as_text=True))
        if known.status_code == 200:
            assert known.headers["Cache-Control"].startswith("private" if method == "GET" else "no-store")
    for operation, (_, path) in _examples(still_world.app, ACCESS["open"]).items():
        assert (operation, closed.get(path).status_code) == (operation, 200)


def test_closed_reading_tells_nobody_how_many_claims_there_are(still_world: World, closed: FlaskClient) -> None:
    still_world.claim()
    assert closed.get("/").get_json()["claims"] == {}
    assert "unsupported" not in closed.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    known = closed.get("/", headers=bearer(still_world.keys[ANA]))
    assert known.get_json()["claims"]["unsupported"] > 0
    assert known.headers["Cache-Control"].startswith("private")


def test_what_is_read_with_a_key_is_kept_by_no_shared_cache(still_world: World) -> None:
    claim = still_world.claim()
    for path in ("/v1/claims", f"/v1/claims/{claim}", "/v1/events", "/v1/corroboration", "/v1/verdicts"):
        public = still_world.client().get(path)
        private = still_world.client().get(path, headers=bearer(still_world.keys[EDITH]))
        assert public.headers["Cache-Control"].startswith("public")
        assert private.headers["Cache-Control"].startswith("private")
        assert "Authorization" in public.headers["Vary"]


def test_the_preflight_of_a_browser_needs_no_key(still_world: World, closed: FlaskClient) -> None:
    asked = {
        "Origin": "https://checks.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,idempotency-key",
    }
    answer = closed.options("/v1/claims", headers=asked)
    assert answer.status_code == 200
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_what_somebody_may_not_do_is_not_done(world: World) -> None:
    """Each route for real: a checker changes nothing but verdicts and assignments, an editor no keys."""
    for operation, make in WRITES.items():
        request: Request = make(world)
        before = world.size()
        for name in [name for name, role in ROLES.items() if not role.includes(NEEDS[operation])]:
            assert world.send(request, name).status_code == 403, (operation, name)
        assert world.send(request, None).status_code == 401, operation
        assert world.size() == before
        world.done(request)
