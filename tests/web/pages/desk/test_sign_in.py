"""Sign-in: who gets a session, over what, for how long, and what its forms are guarded by."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api import build_app
from service.model.actors import COMMAND_LINE, KeyRole
from service.use_cases.api_keys import create_key, revoke_key, rotate_key
from service.web.http.auth import access_of
from tests.settings import make_settings
from tests.web.pages.desk.browser import HOST, Person, fields
from tests.web.pages.reading import BROWSER, assert_well_built, one, parsed, shown, text_of
from tests.world import ADA, ANA, BEN, EDITH, LOCATOR, ROLES, World, bearer, suggestion

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def _rules(app: Flask) -> dict[str, str]:
    """Return the rules of the desk with their methods, by endpoint."""
    return {rule.endpoint: rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("pages.desk.")}


def _methods(app: Flask, endpoint: str) -> set[str]:
    [rule] = app.url_map.iter_rules(endpoint)
    return rule.methods or set()


def _cookie(person: Person) -> str | None:
    cookie = person.client.get_cookie("desk", path="/desk")
    return None if cookie is None else cookie.value


@pytest.mark.one_engine
def test_a_key_signs_in_and_the_cookie_is_of_the_desk_alone(world: World) -> None:
    ana = Person(world)
    ana.open("/desk/queue")
    assert ana.path == "/desk/sign-in"
    answer = ana.client.post("/desk/sign-in", data={"key": world.keys[ANA], "next": "/desk/queue"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/queue")
    [cookie] = answer.headers.getlist("Set-Cookie")
    parts = {part.strip().partition("=")[0].lower(): part.partition("=")[2] for part in cookie.split(";")}
    assert TOKEN.fullmatch(parts["desk"])
    assert {"httponly", "expires"} <= parts.keys()
    assert (parts["path"], parts["samesite"]) == ("/desk", "Lax")
    assert "secure" not in parts  # over plain HTTP, from this machine
    ana.open("/desk/queue")
    assert f"{ANA}, checker" in ana.says


def test_over_https_the_cookie_is_secure_and_over_http_nobody_signs_in(still_world: World) -> None:
    client, key = still_world.client(), still_world.keys[ANA]
    safe = client.post("/desk/sign-in", data={"key": key}, base_url="https://claims.example")
    assert "; Secure" in safe.headers["Set-Cookie"]
    assert safe.headers["Set-Cookie"].startswith("__Secure-desk=")
    assert client.get("/desk", base_url="https://claims.example").status_code == 200
    for host in ("http://claims.example", "http://10.0.0.1:8000", "http://localhost.example", "http://127.example"):
        page = parsed(client.get("/desk/sign-in", base_url=host).get_data(as_text=True))
        assert page.xpath("//input[@name='key']") == []
        assert "PUBLIC_URL or TRUSTED_PROXIES" in text_of(page)
        refused = client.post("/desk/sign-in", data={"key": key}, base_url=host)
        assert (refused.status_code, "Set-Cookie" in refused.headers) == (403, False), host
    for host in ("http://localhost:8000", "http://127.0.0.1", "http://127.1.2.3:80", "http://[::1]:8000"):
        signed = still_world.client().post("/desk/sign-in", data={"key": key}, base_url=host)
        assert signed.status_code == 303, host


def test_a_bad_key_says_what_is_wrong_and_is_counted_as_a_write(still_world: World) -> None:
    ana = Person(still_world)
    ana.open("/desk/sign-in?next=/desk/queue")
    ana.send(status=401, key="cv_me")
    assert ana.problems == ["Malformed API key: a key of this service looks like `cv_<12 characters>_<52 characters>`."]
    assert one(ana.page, "//input[@name='key']").get("value") is None
    assert ana.value("next") == "/desk/queue"
    settings = make_settings(f"sqlite:///{still_world.store.database.path}", rate_limit_writes="2/hour")
    limited = build_app(still_world.store, settings).test_client()
    statuses = [limited.post("/desk/sign-in", data={"key": "cv_me"}).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]


def test_nobody_is_sent_elsewhere_after_signing_in(still_world: World) -> None:
    for path in (
        "//evil.example",
        "/desk//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/v1/me",
        "/desk/sign-in",
    ):
        answer = still_world.client().post("/desk/sign-in", data={"key": still_world.keys[ANA], "next": path})
        assert answer.headers["Location"] == "/desk", path


def test_the_store_has_no_token_and_no_more_sessions_than_are_open(world: World) -> None:
    ana, ben = Person(world, ANA), Person(world, BEN)
    [(digest,)] = world.store.database.rows(
        "SELECT token_sha256 FROM sessions s JOIN api_keys k ON k.id = s.api_key_id WHERE k.name = ?", (ANA,)
    )
    token = _cookie(ana)
    assert token is not None
    assert digest == sha256(token.encode()).hexdigest()
    with world.store.write():
        world.store.database.run("UPDATE sessions SET created_us = 1, expires_us = 2 WHERE token_sha256 = ?", (digest,))
    ana.open("/desk")
    assert ana.path == "/desk/sign-in"
    ben.open("/desk")
    assert ben.path == "/desk"
    Person(world, EDITH)
    assert world.store.database.rows("SELECT COUNT(*) FROM sessions") == [(2,)]


def test_a_session_ends_with_sign_out_and_with_its_key(world: World) -> None:
    ana = Person(world, ANA)
    ana.send("Sign out")
    assert ana.path == "/desk/sign-in"
    assert _cookie(ana) is None
    keys = {key.name: key.id for key in world.store.api_keys.all()}
    ben = Person(world, BEN)
    revoke_key(world.store, keys[BEN], COMMAND_LINE)
    ben.open("/desk")
    assert ben.path == "/desk/sign-in"
    assert world.store.database.rows("SELECT COUNT(*) FROM sessions") == [(0,)]
    edith = Person(world, EDITH)
    world.store.database.run("UPDATE api_keys SET expires_us = 1 WHERE public_id = ?", (keys[EDITH],))
    edith.open("/desk")
    assert edith.path == "/desk/sign-in"


def test_all_sessions_of_a_person_end_at_once_and_nobody_elses(world: World) -> None:
    first, second, ben = Person(world, ANA), Person(world, ANA), Person(world, BEN)
    key, _ = create_key(world.store, "Cora", KeyRole.CHECKER, None, COMMAND_LINE)
    _, rotated = rotate_key(world.store, key.id, key.created_at - key.created_at, COMMAND_LINE)
    cora = Person(world)
    cora.sign_in(rotated)
    first.open("/desk/sessions")
    assert "You are signed in 2 times" in first.says
    first.send("Sign out everywhere")
    second.open("/desk")
    assert (first.path, second.path) == ("/desk/sign-in", "/desk/sign-in")
    for other in (ben, cora):
        other.open("/desk")
        assert other.path == "/desk"


# What the cookie opens.


def test_the_cookie_opens_nothing_of_the_api(still_world: World) -> None:
    ana = Person(still_world, ADA)
    token = _cookie(ana)
    assert token is not None
    client = still_world.client()
    client.set_cookie("desk", token)
    assert client.get("/v1/me").status_code == 401
    assert client.post("/v1/claims", json={}).status_code == 401
    assert client.get("/desk").status_code == 200


def test_a_key_in_a_header_opens_no_page_of_the_desk(still_world: World) -> None:
    answer = still_world.client().get("/desk", headers=bearer(still_world.keys[ADA]))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/sign-in?next=%2Fdesk")


def test_every_page_of_the_desk_declares_its_role_and_keeps_to_it(still_world: World) -> None:
    people = {name: Person(still_world, name) for name in (ANA, EDITH, ADA)}
    nobody = Person(still_world)
    tried = 0
    for endpoint, rule in _rules(still_world.app).items():
        access = access_of(still_world.app.view_functions[endpoint])
        assert access is not None, endpoint
        if access.role is None:
            continue
        tried += 1
        path, methods = re.sub("<[a-z_]+>", "no-such", rule), _methods(still_world.app, endpoint)
        if "POST" in methods:
            without = nobody.client.post(path, data={"note": "Typed."}, headers={"Accept": BROWSER})
            assert (without.status_code, "Typed." in without.get_data(as_text=True)) == (401, True), path
        else:
            assert nobody.client.get(path).headers["Location"].startswith("/desk/sign-in"), path
        for name, person in people.items():
            method = "POST" if "POST" in methods else "GET"
            answer = person.client.open(path, method=method, headers={"Accept": BROWSER})
            refused = answer.status_code == 403 and "needs the role" in answer.get_data(as_text=True)
            assert refused is not ROLES[name].includes(access.role), (path, name)
    assert tried > 5


def test_where_reading_is_closed_the_session_lets_its_holder_read(still_world: World) -> None:
    settings = make_settings(f"sqlite:///{still_world.store.database.path}", reading_is_open=False)
    client, claim = build_app(still_world.store, settings).test_client(), still_world.claim()
    assert client.get(f"/claims/{claim}").status_code == 401
    client.post("/desk/sign-in", data={"key": still_world.keys[ANA]})
    for path in ("/", f"/claims/{claim}", f"/v1/claims/{claim}", f"/v1/claims/{claim}/badge.svg"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"].startswith("private")
    assert client.post("/v1/match", json={"texts": ["Ships."]}).status_code == 401
    assert client.post(f"/v1/claims/{claim}/assignment", json={}).status_code == 401


# The guard of forms.


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"{HOST}:8080"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(still_world: World, headers: dict[str, str]) -> None:
    ana = Person(still_world, ANA)
    ana.open("/desk/sessions")
    token = ana.page.xpath("//form[@action='/desk/sessions']//input[@name='form_token']/@value")[0]
    answer = ana.client.post("/desk/sessions", data={"form_token": token}, headers=headers)
    assert answer.status_code == 403
    assert "was not sent from this page" in answer.get_data(as_text=True)
    ana.open("/desk")
    assert ana.path == "/desk"
    attacker = still_world.client().post("/desk/sign-in", data={"key": still_world.keys[BEN]}, headers=headers)
    assert (attacker.status_code, "Set-Cookie" in attacker.headers) == (403, False)


def test_a_form_without_the_token_of_its_session_does_nothing(still_world: World) -> None:
    ana, ben = Person(still_world, ANA), Person(still_world, BEN)
    tokens = []
    for person in (ana, ben):
        person.open("/desk/sessions")
        tokens.append(person.page.xpath("//form[@action='/desk/sessions']//input[@name='form_token']/@value")[0])
    own, of_another = tokens
    for token in ("", ".", of_another, own[:-1] + ("0" if own[-1] != "0" else "1"), f"x{own}"):
        answer = ana.client.post("/desk/sessions", data={"form_token": token}, headers={"Origin": HOST})
        assert answer.status_code == 403, token
    assert ana.client.post("/desk/sessions", data={"form_token": own}).status_code == 303


def test_every_form_of_the_desk_has_a_token_that_differs_each_time(still_world: World) -> None:
    ada = Person(still_world, ADA)
    seen: list[str] = []
    for endpoint, rule in _rules(still_world.app).items():
        if "<" in rule or "GET" not in _methods(still_world.app, endpoint):
            continue
        ada.open(rule)
        for form in ada.page.xpath("//form[@method='post']"):
            [token] = form.xpath(".//input[@name='form_token']/@value")
            seen.append(token)
        assert len(ada.page.xpath("//form[@method='post']")) > 0
    assert len(seen) == len(set(seen)) > 4


# Caches, and what others see.


@pytest.mark.one_engine
def test_pages_of_the_desk_are_kept_by_nobody_and_public_pages_stay_public(world: World) -> None:
    ana, claim = Person(world, ANA), world.claim()
    for path in ("/desk", "/desk/queue", f"/desk/claims/{claim}", "/desk/sign-in"):
        answer = ana.client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store", path
        assert "ETag" not in answer.headers
    public = ana.client.get(f"/claims/{claim}")
    assert public.headers["Cache-Control"].startswith("public")
    assert public.data == world.client().get(f"/claims/{claim}").data
    page = shown(world.client(), f"/claims/{claim}")
    assert f"/desk/claims/{claim}" in page.xpath("//main//a/@href")
    assert "/desk" in page.xpath("//header//a/@href")


@pytest.mark.one_engine
def test_a_page_of_the_desk_loads_nothing_from_elsewhere_and_says_where_forms_come_from(world: World) -> None:
    answer = Person(world, ANA).client.get("/desk")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    client: FlaskClient = world.client()
    assert client.get("/robots.txt").get_data(as_text=True).splitlines()[1:].count("Disallow: /desk") == 1


@pytest.mark.one_engine
def test_every_page_of_the_desk_is_well_built(world: World) -> None:
    claim, suggested = world.claim(), suggestion(world)
    mention = world.mention(claim, attribution=[world.source()], basis="explicit", locator=LOCATOR)
    ids = {
        "claim_id": claim,
        "verdict_id": world.verdict(None, ADA, draft=True, reviewers=[ANA]),
        "mention_id": mention,
        "source_id": world.source(),
        "document_id": world.document(),
        "suggestion_id": suggested,
        "key_id": world.key(),
    }
    ada, ana = Person(world, ADA), Person(world, ANA)
    ends = ("pages.desk.signIn", "pages.desk.endSessions")
    seen = 0
    for endpoint, rule in _rules(world.app).items():
        if "GET" in _methods(world.app, endpoint):
            path = re.sub("<([a-z_]+)>", lambda found: ids[found[1]], rule)
            person = ana if "/reviews/" in path else ada
            assert_well_built(person.open(path), path)
            assert person.path == path or endpoint == "pages.desk.signIn"
            if "POST" in _methods(world.app, endpoint) and endpoint not in ends:
                # Sent as it is: refused, or about to be agreed to.
                forms = person.page.xpath("//main//form[@method='post' and not(@action='/desk/sign-out')]")
                for form in forms[:1]:
                    answer = person.client.post(path, data=fields(form), headers={"Origin": HOST})
                    if answer.status_code != 303:
                        assert_well_built(parsed(answer.get_data(as_text=True)), path)
                        seen += 1
    assert seen > 10


def test_behind_a_path_every_address_leads_there(still_world: World) -> None:
    settings = make_settings(f"sqlite:///{still_world.store.database.path}", public_url="https://facts.example/claims")
    client = build_app(still_world.store, settings).test_client()
    first = client.get("/desk/queue", headers={"Accept": BROWSER})
    assert first.headers["Location"] == "/claims/desk/sign-in?next=%2Fdesk%2Fqueue"
    page = parsed(client.get("/desk/sign-in?next=%2Fdesk%2Fqueue").get_data(as_text=True))
    assert one(page, "//form[@class='sign-in']").get("action") == "/claims/desk/sign-in"
    signed = client.post("/desk/sign-in", data={"key": still_world.keys[ANA], "next": "/desk/queue"})
    assert signed.headers["Location"] == "/claims/desk/queue"
    assert "; Path=/claims/desk;" in f"{signed.headers['Set-Cookie']};"
    assert "Secure" in signed.headers["Set-Cookie"]
