"""Pages as answers of HTTP: who gets one, caches, policies, errors, access, merged records, and hostile text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from service.operations.consistency_check import rebuild
from service.web.http.auth import Access, access_of
from service.web.pages import sitemap
from service.web.pages.page_cache import PageCache
from tests.furnished import VERDICT
from tests.web.helpers import assert_problem, example_claim, example_path, walk
from tests.web.http.test_conventions import counted
from tests.web.pages.reading import BROWSER, assert_well_built, links, one, parsed, shown, text_of
from tests.world import ADA, ANA, EDITH, Request, World, bearer

pytestmark = pytest.mark.one_engine

CLAIM = f"/claims/{example_claim()}"
FORGED = "<script>alert(1)</script><img src=x onerror=alert(2)>'\"&amp; \u202etxt.exe"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def _rules(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        is_public = rule.endpoint.startswith("pages.") and not rule.endpoint.startswith("pages.desk.")
        if is_public and "GET" in (rule.methods or ()):
            yield rule.rule


def _html(client: FlaskClient) -> list[str]:
    """Return a path of every page, except those for frames, and the console, most of which is Swagger UI's own."""
    rules = [r for r in _rules(client.application) if "." not in r and r not in ("/docs/console", "/oembed")]
    pages = [example_path(rule) for rule in rules if not rule.startswith("/embed")]
    return ["/", "/docs", f"/verdicts/{VERDICT}", *pages]


# Who gets a page.


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (f"/v1{CLAIM}", CLAIM),
        (f"/v1{CLAIM}?include=links", f"{CLAIM}?include=links"),
        ("/v1/claims?q=workers&sort=origins", "/search?q=workers&sort=origins"),
        ("/v1/sources?q=gov", "/sources?q=gov"),
        ("/v1/sources/hngn", "/sources/hngn"),
        ("/v1/documents/doc-wsj-report", "/documents/doc-wsj-report"),
        ("/v1/conflicts", "/conflicts"),
        (f"/v1/verdicts/{VERDICT}", f"/verdicts/{VERDICT}"),
        ("/v1/suggestions?state=declined", "/suggestions?state=declined"),
    ],
)
def test_a_browser_is_sent_from_the_api_to_the_page(seeded: FlaskClient, path: str, page: str) -> None:
    for accept in (BROWSER, "text/html", "text/html, application/json;q=0.9"):
        sent = seeded.get(path, headers={"Accept": accept})
        assert (sent.status_code, sent.headers["Location"]) == (303, page)
        assert "Accept" in sent.headers["Vary"]
    shown(seeded, page)
    plain = f"{path}{'&' if '?' in path else '?'}format=json"
    asked = [(plain, accept) for accept in (BROWSER, "*/*", "text/html", "application/ld+json")]
    for other, accept in ((path, "*/*"), (path, "application/json"), (path, ""), *asked):
        response = seeded.get(other, headers={"Accept": accept})
        assert (response.status_code, response.mimetype) == (200, "application/json"), (other, accept)
        assert "Accept" in response.headers["Vary"]


def test_json_has_no_other_format_and_other_reads_no_format(seeded: FlaskClient) -> None:
    assert_problem(seeded.get(f"/v1{CLAIM}?format=html"), 422, field="/format")
    assert_problem(seeded.get(f"/v1{CLAIM}/mentions?format=json"), 422, field="/format")
    assert_problem(seeded.get(f"/v1{CLAIM}/mentions", headers={"Accept": "text/html"}), 406)


def test_the_next_page_of_json_is_json_for_a_browser_too(seeded: FlaskClient) -> None:
    following = seeded.get("/v1/claims?limit=1&format=json", headers={"Accept": BROWSER}).get_json()["next"]
    assert seeded.get(following, headers={"Accept": BROWSER}).mimetype == "application/json"


def test_a_page_is_html_alone(seeded: FlaskClient) -> None:
    assert seeded.get(CLAIM).mimetype == "text/html"
    assert_problem(seeded.get(CLAIM, headers={"Accept": "application/json"}), 406)
    assert seeded.get(f"/verdicts/{VERDICT}").mimetype == "application/json"
    assert (
        seeded.get(f"/verdicts/{VERDICT}", headers={"Accept": "application/ld+json"}).mimetype == "application/ld+json"
    )


# What a page may load, and how it is built.


def test_no_page_has_an_inline_style_a_script_or_anything_from_elsewhere(seeded: FlaskClient) -> None:
    for path in _html(seeded):
        response = seeded.get(path, headers={"Accept": BROWSER})
        assert response.status_code == 200, path
        assert response.headers["Content-Security-Policy"] == POLICY, path
        page = parsed(response.get_data(as_text=True))
        assert page.xpath("//style | //*[@style] | //@*[starts-with(name(), 'on')]") == [], path
        assert page.xpath("//script[not(@src) and not(@type='application/ld+json')]") == [], path
        loaded = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //*/@src | //form/@action")
        assert all(address.startswith("/") and not address.startswith("//") for address in loaded), path


def test_every_page_has_landmarks_a_language_and_headings_in_order(seeded: FlaskClient) -> None:
    for path in [*_html(seeded), "/no-such"]:
        assert_well_built(parsed(seeded.get(path, headers={"Accept": BROWSER}).get_data(as_text=True)), path)


def test_texts_in_another_language_say_so(world: World) -> None:
    document = {"id": "doc-uk", "title": "Робітники", "language": "uk"}
    world.done(Request("POST", "/v1/documents", document, 201), EDITH)
    page = shown(world.client(), "/documents/doc-uk")
    assert one(page, "//h1").get("lang") == "uk"


# Caches.


def test_a_page_is_not_made_again_until_something_is_written(world: World) -> None:
    path = f"/claims/{world.claim()}"
    client = world.client()
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"] == POLICY
    assert first.headers["ETag"] != client.get(f"{path}?independence=source").headers["ETag"]
    world.source()
    after = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200


def test_a_page_that_was_made_is_sent_again_at_the_cost_of_three_queries(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/claims/{world.claim()}"
    first = world.client().get(path)
    with counted(monkeypatch) as ran:
        again = world.client().get(path)
    assert len(ran) == 3
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    world.source()
    with counted(monkeypatch) as ran:
        assert world.client().get(path).data == first.data
    assert 1 < len(ran) < 60


def test_while_claims_are_counted_again_a_page_says_so_and_is_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shown(world.client(), "/search")
    assert first.xpath("//p[@class='notice']") == []
    monkeypatch.setattr(type(world.store.recounts), "claims_left", lambda _: 1200)
    for headers in ({}, bearer(world.keys[ADA])):
        page = parsed(world.client().get("/search", headers=headers).get_data(as_text=True))
        assert text_of(one(page, "//p[@class='notice']")).startswith("1,200 claims are being")


def test_a_rebuild_is_shown_though_it_has_no_event(world: World) -> None:
    world.claim()
    with world.store.write():
        world.store.database.run("UPDATE claims SET json = REPLACE(json, 'unsupported', 'corroborated')")
    damaged = world.client().get("/search?limit=9")
    assert b"corroborated" in damaged.data
    assert rebuild(world.store, dt.datetime.now(dt.UTC)) == 1
    assert b"corroborated" not in world.client().get("/search?limit=9").data
    assert world.client().get("/search?limit=9", headers={"If-None-Match": damaged.headers["ETag"]}).status_code == 200


def test_a_page_for_the_holder_of_a_key_is_kept_by_no_shared_cache(world: World) -> None:
    path = f"/claims/{world.claim()}"
    keyed = world.client().get(path, headers=bearer(world.keys[ADA]))
    assert keyed.headers["Cache-Control"].startswith("private")
    assert world.client().get(path).headers["Cache-Control"].startswith("public")


# Errors.


def test_an_error_is_a_page_for_a_browser_and_a_problem_for_a_program(seeded: FlaskClient) -> None:
    for path, status in (("/claims/no-such", 404), ("/no/such", 404), ("/search?limit=0", 422), ("/search?x=1", 422)):
        page = shown(seeded, path, status)
        assert text_of(one(page, "//p[@class='kicker']")) == f"Error {status}"
        assert one(page, "//form[@role='search']").get("action") == "/search"
        problem = assert_problem(seeded.get(path, headers={"Accept": "application/json, text/html;q=0.1"}), status)
        assert problem["detail"].replace("`", "") == text_of(one(page, "//p[@class='caution']"))
    assert_problem(seeded.get("/v1/claims/no-such/mentions", headers={"Accept": BROWSER}), 404)
    assert_problem(seeded.get("/no/such"), 404)
    assert seeded.post("/search", headers={"Accept": BROWSER}).status_code == 405


def test_a_page_names_the_nearest_record_and_every_wrong_parameter(seeded: FlaskClient) -> None:
    for path, meant in ((f"{CLAIM}x", CLAIM), ("/serch", "/search"), ("/sources/hngm", "/sources/hngn")):
        page = shown(seeded, path, 404)
        assert "Did you mean" in text_of(page)
        assert one(page, "//p[@class='next']/a").get("href") == meant
    page = shown(seeded, "/search?limit=0&status=open", 422)
    assert [text_of(name) for name in page.xpath("//li/code")] == ["limit", "status"]
    assert seeded.get("/search?limit=0").headers["Cache-Control"] == "no-store"


def test_a_store_that_does_not_answer_is_an_error_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("s3cret")

    monkeypatch.setattr(type(world.store.events), "log_end", broken)
    response = world.client().get("/search", headers={"Accept": BROWSER})
    assert (response.status_code, response.mimetype) == (500, "text/html")
    assert "s3cret" not in response.get_data(as_text=True)


# Access.


def test_every_page_declares_its_access(seeded: FlaskClient) -> None:
    app = seeded.application
    declared = {
        rule.endpoint: access_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and not rule.endpoint.startswith("pages.desk.")
    }
    for open_to_all in ("pages.styleProvenance", "pages.showConsole"):
        assert declared.pop(open_to_all) is Access.OPEN
    assert set(declared.values()) == {Access.READ}


def test_where_reading_is_closed_pages_are_too(seeded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, _ = seeded.application.extensions["access"]
    monkeypatch.setitem(seeded.application.extensions, "access", (keys, False))
    monkeypatch.setitem(seeded.application.extensions, "pages", PageCache())
    for path in (CLAIM, "/search", "/match", f"/verdicts/{VERDICT}", "/sitemap.xml", f"/v1{CLAIM}", f"/embed{CLAIM}"):
        response = seeded.get(path, headers={"Accept": BROWSER})
        assert response.status_code == 401, path
        assert "North Korea" not in response.get_data(as_text=True)
    assert "none that can be read without an API key" in text_of(shown(seeded, "/"))
    assert seeded.get("/static/provenance.css").status_code == 200


def test_a_draft_is_a_page_for_its_author_alone(world: World) -> None:
    verdict = world.verdict(draft=True)
    assert world.client().get(f"/verdicts/{verdict}", headers={"Accept": BROWSER}).status_code == 404
    own = world.client().get(f"/verdicts/{verdict}", headers={"Accept": BROWSER} | bearer(world.keys[ANA]))
    page = parsed(own.get_data(as_text=True))
    assert text_of(one(page, "//p[@class='kicker']")) == f"Verdict of {ANA}, draft"
    assert page.xpath("//script") == []
    assert own.headers["Cache-Control"].startswith("private")


# Merged records.


def test_the_page_of_a_merged_record_redirects_to_what_it_was_merged_into(world: World) -> None:
    gone, into = world.claim(), world.claim()
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": into, "reason": "The same."}), EDITH)
    sent = world.client().get(f"/claims/{gone}?as_of=2026-01-01")
    assert (sent.status_code, sent.headers["Location"]) == (308, f"/claims/{into}?as_of=2026-01-01")
    verdict = world.verdict(into)
    source, other = world.source(), world.source()
    world.done(Request("POST", f"/v1/sources/{source}/merge", {"into": other, "reason": "The same."}), EDITH)
    assert world.client().get(f"/sources/{source}").headers["Location"] == f"/sources/{other}"
    # A verdict on a claim that was merged later is shown with the claim that stands.
    further = world.claim()
    world.done(Request("POST", f"/v1/claims/{into}/merge", {"into": further, "reason": "The same."}), EDITH)
    assert f"/claims/{further}" in shown(world.client(), f"/verdicts/{verdict}").xpath("//h3/a/@href")


# Hostile text.


def test_hostile_names_titles_and_addresses_are_text(world: World) -> None:
    client = world.client()
    source = {"id": "forged", "name": FORGED, "kind": "outlet", "note": FORGED, "aliases": [f"{FORGED} 2"]}
    document = {
        "id": "forged",
        "title": FORGED,
        "author": FORGED,
        "publisher": "forged",
        "url": "https://a.example/?q='%3Cb%3E",
    }
    claim = {"id": "forged", "text": FORGED, "subject": FORGED, "note": FORGED, "topics": ["harbour"]}
    mention = {
        "document": "forged",
        "stance": "supports",
        "attribution": ["forged"],
        "basis": "explicit",
        "note": FORGED,
    }
    world.done(Request("POST", "/v1/sources", source, 201), EDITH)
    world.done(Request("POST", "/v1/documents", document, 201), EDITH)
    world.done(Request("POST", "/v1/claims", claim, 201), EDITH)
    world.done(Request("POST", "/v1/claims/forged/mentions", mention, 201), EDITH)
    verdict = world.verdict("forged", rationale=FORGED, textual_rating=FORGED)
    paths = ["/claims/forged", "/sources/forged", "/documents/forged", "/sources", "/search?q=alert", "/",
             f"/search?q={FORGED.replace('&', '%26')}", f"/verdicts/{verdict}", f"/{FORGED}"]  # fmt: skip
    for path in paths:
        text = client.get(path, headers={"Accept": BROWSER}).get_data(as_text=True)
        page = parsed(text)
        assert page.xpath("//img[@src='x'] | //@onerror") == [], path
        assert page.xpath("//script[not(@src) and not(@type='application/ld+json')]") == [], path
        assert "<script>alert" not in text, path
    matched = client.post("/match", data={"text": FORGED}).get_data(as_text=True)
    assert "<script>alert" not in matched


# Addresses.


def test_below_a_path_every_link_has_it(seeded: FlaskClient) -> None:
    for path in (CLAIM, "/", "/search?q=workers", "/conflicts", "/match", "/no-such"):
        response = seeded.get(path, headers={"Accept": BROWSER}, environ_overrides={"SCRIPT_NAME": "/facts"})
        page = parsed(response.get_data(as_text=True))
        assert all(link.startswith("/facts/") for link in links(page)), path
        for canonical in page.xpath("//link[@rel='canonical']/@href"):
            assert canonical == f"http://localhost/facts{path}"


def test_the_sitemap_has_every_claim_and_is_named_for_crawlers(seeded: FlaskClient) -> None:
    response = seeded.get("/sitemap.xml")
    assert response.mimetype == "application/xml"
    root = etree.fromstring(response.data)
    addresses = [text.text for text in root.iter("{*}loc")]
    claims = {f"http://localhost/claims/{claim['id']}" for claim in walk(seeded, "/v1/claims")}
    assert claims < set(addresses)
    assert len(addresses) == len(claims) + 5
    assert re.search(
        r"^Sitemap: http://localhost/sitemap\.xml$", seeded.get("/robots.txt").get_data(as_text=True), re.M
    )


def test_a_sitemap_of_many_claims_is_an_index_of_parts(seeded: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "CLAIMS", 100)
    index = etree.fromstring(seeded.get("/sitemap.xml").data)
    parts = [text.text.removeprefix("http://localhost") for text in index.iter("{*}loc")]
    assert index.tag.endswith("}sitemapindex")
    assert parts == [f"/sitemaps/{number}.xml" for number in range(1, len(parts) + 1)]
    pages = [[text.text for text in etree.fromstring(seeded.get(part).data).iter("{*}loc")] for part in parts]
    assert [len(page) for page in pages[1:-1]] == [100] * (len(parts) - 2)
    listed = [address for page in pages for address in page]
    assert len(listed) == len(set(listed))
    claims = {f"http://localhost/claims/{claim['id']}" for claim in walk(seeded, "/v1/claims")}
    assert set(listed) > claims
    for beyond in ("99", "9" * 19):
        assert etree.fromstring(seeded.get(f"/sitemaps/{beyond}.xml").data)[:] == []
    assert seeded.get("/sitemaps/0.xml").status_code == 404


def test_the_pictures_of_pages_have_rules_of_their_own(seeded: FlaskClient) -> None:
    sheet = seeded.get("/static/provenance.css")
    assert sheet.mimetype == "text/css"
    rules = re.findall(r"([^{}@]+)\{[^{}]*\}", sheet.get_data(as_text=True))
    assert len(rules) > 50
    assert all(selector.startswith(".provenance ") for rule in rules for selector in rule.split(","))
