"""The pages of searches, sources, documents, disputes, verdicts and suggestions show what the API answers."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.furnished import PAIR, VERDICT
from tests.web.helpers import example_claim, get, ids, walk
from tests.web.pages.reading import Element, links, numbers, one, section, shown, text_of

pytestmark = pytest.mark.one_engine

WSJ, REPORT = "wall-street-journal", "doc-wsj-report"


def _claims(page: Element) -> list[str]:
    """Return the ids of the claims that headings link to, in their order."""
    found = page.xpath(".//*[self::h2 or self::h3 or self::h4]/a[starts-with(@href, '/claims/')]/@href")
    return [path.removeprefix("/claims/") for path in found]


def _following(page: Element) -> str | None:
    found = page.xpath("//a[@rel='next']/@href")
    return found[0] if found else None


# Home.


def test_the_home_page_has_the_numbers_and_the_claims_that_changed_last(seeded: FlaskClient) -> None:
    page, index = shown(seeded, "/"), get(seeded, "/")
    standings = section(page, "standing").xpath(".//li")
    named = {
        text_of(one(item, ".//span[contains(@class, 'status')]")): int(one(item, ".//b").text) for item in standings
    }
    assert named == {name.replace("_", " ").capitalize(): number for name, number in index["claims"].items()}
    latest = ids(get(seeded, "/v1/claims", limit=8)["data"])
    assert _claims(section(page, "latest")) == latest
    assert {len(time) for time in page.xpath("//time/@datetime")} == {len("2025-05-31T12:00:00Z")}
    assert one(page, "//form[@role='search']").get("action") == "/search"


# Search.


@pytest.mark.parametrize(
    "parameters",
    [
        "q=workers",
        "q=workers&sort=origins&status=single_origin",
        "topic=sanctions&sort=mentions",
        "origin=russia-government&stance=refutes",
        "named=false&q=",
        "",
    ],
)
def test_a_search_finds_what_the_api_finds_page_by_page(seeded: FlaskClient, parameters: str) -> None:
    given = {name: value for name, value in parse_qsl(parameters) if value}
    page = shown(seeded, f"/search?{parameters}")
    expected = ids(walk(seeded, "/v1/claims", **given))
    assert _claims(page) == expected[:20]
    number = "1 claim" if len(expected) == 1 else f"{len(expected)} claims"
    assert text_of(one(page, "//h2[@id='found']")) == number
    following = _following(page)
    assert (following is None) == (len(expected) <= 20)
    if following:
        assert _claims(shown(seeded, following)) == expected[20:40]


def test_the_counts_of_a_search_are_those_of_the_searches_that_they_lead_to(seeded: FlaskClient) -> None:
    page = shown(seeded, "/search?q=workers")
    nav = one(page, "//nav[@id='narrow']")
    titles = [text_of(title) for title in nav.xpath("./h2")]
    assert titles[:5] == ["Status", "Origin named", "Topic", "Origin", "Source, in any role"]
    for group in nav.xpath("./ul"):
        entry = group.xpath("./li")[0]
        path, number = one(entry, "./a").get("href"), one(entry, "./span").text
        assert len(walk(seeded, f"/v1/claims?{urlsplit(path).query}")) == int(number)


def test_a_filter_that_is_set_can_be_taken_back(seeded: FlaskClient) -> None:
    page = shown(seeded, "/search?q=workers&origin=ukraine-hur&status=single_origin&sort=named")
    chosen = {text_of(link): link.get("href") for link in page.xpath("//ul[@class='chosen']//a")}
    origin = "Origin: Ukrainian military intelligence (HUR / DIU)"
    assert chosen == {
        f"Take back: {origin} ×": "/search?q=workers&status=single_origin&sort=named",
        "Take back: Status: Single origin ×": "/search?q=workers&origin=ukraine-hur&sort=named",
    }
    [alone] = shown(seeded, "/search?sole_origin=ukraine-hur").xpath("//ul[@class='chosen']//a")
    assert text_of(alone) == f"Take back: {origin.replace('Origin', 'Rests alone on')} ×"
    kept = {field.get("name"): field.get("value") for field in page.xpath("//form//input[@type='hidden']")}
    assert kept == {"origin": "ukraine-hur", "status": "single_origin"}
    assert one(page, "//select[@name='sort']/option[@selected]").get("value") == "named"


def test_the_words_that_were_found_are_marked(seeded: FlaskClient) -> None:
    page = shown(seeded, "/search?q=workers")
    marked = {text_of(mark).lower() for mark in page.xpath("//main//mark")}
    assert marked
    assert all(word.startswith("worker") for word in marked)


def test_a_search_without_a_hit_says_what_to_do(seeded: FlaskClient) -> None:
    page = shown(seeded, "/search?q=zzyzx")
    assert text_of(one(page, "//h2[@id='found']")) == "No claim"
    assert "/match" in one(page, "//div[@class='empty']").xpath(".//a/@href")


# Sources.


def test_sources_are_listed_with_their_counts_and_found_by_name(seeded: FlaskClient) -> None:
    asked: dict[str, dict[str, object]] = {
        "?limit=5": {"limit": 5},
        "?q=gov&kind=&country=": {"q": "gov"},
        "?kind=outlet": {"kind": "outlet"},
    }
    for query, parameters in asked.items():
        page, data = shown(seeded, f"/sources{query}"), get(seeded, "/v1/sources", **parameters)
        rows = [[text_of(cell) for cell in row] for row in page.xpath("//tbody/tr")]
        assert [(row[0], *row[3:]) for row in rows] == [
            (record["name"], *(str(record["claims"][role]) for role in ("origin", "relay", "publisher")))
            for record in data["data"]
        ]
        assert (_following(page) is None) == (data["next"] is None)
    assert _following(shown(seeded, "/sources?limit=5")) is not None
    assert "No source on record has such a name." in text_of(one(shown(seeded, "/sources?q=zzyzx"), "//main"))


def test_a_source_shows_what_rests_on_it_alone_and_who_repeats_it(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/sources/{WSJ}")
    alone = ids(walk(seeded, "/v1/claims", sole_origin=WSJ, sort="mentions"))
    assert _claims(section(page, "alone")) == alone
    for claim in alone:
        assert "The Wall Street Journal is the only origin" in get(seeded, f"/v1/claims/{claim}")["summary"]
    relayed = {
        claim["id"]
        for claim in walk(seeded, f"/v1/sources/{WSJ}/claims")
        for mention in walk(seeded, f"/v1/claims/{claim['id']}/mentions")
        if mention["document"]["publisher"] == "hngn" and WSJ in [link["id"] for link in mention["attribution"]]
    }
    rows = [[text_of(cell) for cell in row] for row in section(page, "repeats").xpath(".//tbody/tr")]
    assert rows == [["HNGN", "Outlet", str(len(relayed))]]
    copies = section(page, "documents").xpath(".//ul")[0].xpath(".//a/@href")
    assert copies == ["/documents/doc-workers-flood", f"/documents/{REPORT}"]


def test_a_source_shows_what_it_denies_and_its_parts(seeded: FlaskClient) -> None:
    page = shown(seeded, "/sources/russia-government")
    denied = ids(walk(seeded, "/v1/claims", origin="russia-government", stance="refutes", sort="mentions"))
    assert denied
    assert _claims(section(page, "denied")) == denied[:10]
    parts = get(seeded, "/v1/sources/russia-government")["parts"]
    assert {f"/sources/{part}" for part in parts} <= set(page.xpath("//div[@class='opening']//a/@href"))
    part = shown(seeded, f"/sources/{parts[0]}")
    assert "/sources/russia-government" in part.xpath("//div[@class='opening']//a/@href")


def test_a_source_that_nobody_can_identify_says_so(seeded: FlaskClient) -> None:
    [crowd, *_] = get(seeded, "/v1/sources", kind="collective")["data"]
    page = shown(seeded, f"/sources/{crowd['id']}")
    assert "never counted as an origin" in text_of(page)
    assert "No claim on record has it as its single origin." in text_of(page)


# Documents.


def test_a_document_shows_what_it_states_and_what_it_was_copied_from(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/documents/{REPORT}?limit=200")
    stated = walk(seeded, f"/v1/documents/{REPORT}/claims", sort="mentions")
    assert _claims(section(page, "states")) == ids(stated)
    for claim in stated[:5]:
        mentions = walk(seeded, f"/v1/claims/{claim['id']}/mentions")
        own = {f"/v1/mentions/{m['id']}" for m in mentions if m["document"]["id"] == REPORT}
        [item] = section(page, "states").xpath(f".//li[h3/a/@href='/claims/{claim['id']}']")
        assert set(item.xpath(".//a/@href[starts-with(., '/v1/mentions/')]")) == own
    opening = one(page, "//div[@class='opening']")
    assert "Derived from a document of The Wall Street Journal" in text_of(opening)
    assert numbers(page)["States"] == f"{len(stated)} claims"
    original = shown(seeded, "/documents/doc-wsj-original")
    copies = section(original, "copies").xpath(".//a[starts-with(@href, '/documents/')]/@href")
    assert copies == ["/documents/doc-workers-flood", f"/documents/{REPORT}"]
    assert "No claim on record is stated in it." in text_of(original)


def test_a_document_of_many_claims_has_pages(seeded: FlaskClient) -> None:
    first = shown(seeded, f"/documents/{REPORT}?limit=10")
    following = _following(first)
    assert following is not None
    stated = ids(walk(seeded, f"/v1/documents/{REPORT}/claims", sort="mentions"))
    assert _claims(first) + _claims(shown(seeded, following)) == stated[:20]


# Disputes.


def test_all_disputes_stand_with_their_sides(seeded: FlaskClient) -> None:
    page, conflicts = shown(seeded, "/conflicts"), walk(seeded, "/v1/conflicts")
    with_sides = {item["claim"]: len(item["conflicts"]) for item in conflicts if item["conflicts"]}
    assert set(_claims(one(page, "//main"))) >= set(with_sides)
    for claim, number in with_sides.items():
        assert len(section(page, f"claim-{claim}").xpath("./ul[@class='sides']")) == number
    pairs = {frozenset((item["claim"], other["id"])) for item in conflicts for other in item["contradicts"]}
    drawn = [frozenset(_claims(pair)) for pair in section(page, "contradictions").xpath("./ul")]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == pairs
    assert _following(shown(seeded, "/conflicts?limit=2")) is not None


# Verdicts.


def test_a_verdict_at_its_address_is_a_page_for_a_browser_and_json_for_a_program(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/verdicts/{VERDICT}")
    verdict = get(seeded, f"/verdicts/{VERDICT}")
    assert text_of(one(page, "//h1")) == "Refuted: Mostly false"
    assert numbers(page)["Checker"] == verdict["checker"]
    assert numbers(page)["Judged"] == f"version {verdict['claim_version']} of the claim"
    assert _claims(page) == [example_claim()]
    linked = json.loads(one(page, "//script[@type='application/ld+json']").text)
    assert (linked["@type"], linked["reviewRating"]["alternateName"]) == ("ClaimReview", "Mostly false")
    assert "The checker names no evidence." in text_of(page)


# Suggestions.


def test_suggestions_are_listed_with_their_reasons_and_decisions(seeded: FlaskClient) -> None:
    page = shown(seeded, "/suggestions?state=declined&kind=")
    [item] = section(page, "list").xpath("./ul/li")
    assert set(item.xpath("./h3/a/@href")) == {f"/sources/{record}" for record in PAIR.records}
    assert "Distinct, by An editor on" in text_of(item)
    assert "One name is the other with a word more." in text_of(item)
    opened = get(seeded, "/v1/suggestions")["data"]
    assert len(section(shown(seeded, "/suggestions"), "list").xpath("./ul/li")) == len(opened)


# All of them.


def test_every_link_of_every_kind_of_page_leads_somewhere(seeded: FlaskClient) -> None:
    """One of each kind: of the same path but for ids, with the same parameters."""
    there = [f"/sources/{WSJ}", f"/documents/{REPORT}", f"/verdicts/{VERDICT}", f"/claims/{example_claim()}"]
    lists = ["/", "/search?q=workers", "/sources?limit=3", "/conflicts", "/match", "/suggestions?state=declined"]
    pages = dict.fromkeys((*there, *lists), 200) | {"/no-such": 404}
    kinds = {_kind(path): path for page, status in pages.items() for path in links(shown(seeded, page, status))}
    assert len(kinds) > 20
    for path in kinds.values():
        # The desk sends those who are not signed in to sign in.
        assert seeded.get(path, follow_redirects=path.startswith("/desk")).status_code == 200, path


def _kind(path: str) -> tuple[object, ...]:
    parts = urlsplit(path)
    steps = parts.path.split("/")
    place = 3 if steps[1] == "v1" else 2
    return (*steps[:place], len(steps), *steps[place + 1 :], *sorted(name for name, _ in parse_qsl(parts.query)))
