"""The page of a claim has every fact of its JSON, and nothing that the JSON does not say."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.furnished import VERDICT
from tests.web.helpers import example_claim, get, ids, walk
from tests.web.pages.reading import numbers, one, section, shown, text_of

pytestmark = pytest.mark.one_engine

LABOUR, CONTESTED, DENIED = "nk-15000-workers-in-russia", "nk-12000-troops-sent", "russia-breaches-un-labour-ban"
CLAIMS = (LABOUR, CONTESTED, DENIED, "nk-personnel-deployed", example_claim())


def _bounds(counted: dict[str, Any]) -> str:
    low, high = counted["at_least"], counted["at_most"]
    return f"{low}" if low == high else f"{low} to {high}"


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_opening_says_what_the_json_says(seeded: FlaskClient, claim: str) -> None:
    shape, page = get(seeded, f"/v1/claims/{claim}"), shown(seeded, f"/claims/{claim}")
    counts = shape["corroboration"]
    assert text_of(one(page, "//h1")) == shape["text"]
    assert text_of(one(page, "//p[@class='standing']")) == counts["status"].replace("_", " ").capitalize()
    sentence = text_of(one(page, "//p[contains(@class, 'sentence')]"))
    assert re.sub(r"31 May 2025", "2025-05-31", sentence) == shape["summary"]
    beside = numbers(page)
    assert beside["Origins"].split(",")[0].removesuffix(" in support") == _bounds(counts["origins"])
    assert beside["Documents"] == str(counts["documents"])
    assert beside["Mentions"] == str(counts["mentions"])
    for label, side in (("Other value", "differing"), ("Denied by", "refuting")):
        assert beside.get(label, "0").split(",")[0] == _bounds(counts[side])


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_mention_document_and_origin_is_there_once(seeded: FlaskClient, claim: str) -> None:
    page = shown(seeded, f"/claims/{claim}")
    mentions = walk(seeded, f"/v1/claims/{claim}/mentions")
    linked = section(page, "mentions").xpath(".//ul[@class='places']//a[starts-with(@href, '/v1/mentions/')]/@href")
    assert sorted(linked) == sorted(f"/v1/mentions/{mention['id']}" for mention in mentions)
    for mention in mentions:
        [place] = section(page, "mentions").xpath(f".//li[a/@href='/v1/mentions/{mention['id']}']")
        chain = [link["id"] for link in mention["attribution"]]
        assert [p.removeprefix("/sources/") for p in place.xpath("./a/@href[starts-with(., '/sources/')]")] == chain
        if mention["locator"]:
            assert f"{mention['locator']['start']:,}–{mention['locator']['end']:,}" in text_of(place)
        if mention["note"]:
            assert mention["note"] in text_of(place)
    rows = get(seeded, f"/v1/claims/{claim}/provenance")["rows"]
    table = one(section(page, "from"), ".//table")
    assert [text_of(row[0]) for row in table.xpath("./tbody/tr")] == [f"{r['mark']} {r['origin']}" for r in rows]
    assert [text_of(row[-1]) for row in table.xpath("./tbody/tr")] == [str(len(r["mentions"])) for r in rows]
    drawn = set(" ".join(page.xpath("//svg[contains(@class, 'columns')]//@data-mentions")).split())
    assert drawn == set(ids(mentions))


def test_a_dispute_stands_before_the_picture_and_tells_named_from_possible_origins(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/claims/{CONTESTED}")
    order = page.xpath("//main/section/@aria-labelledby")
    assert order.index("dispute") < order.index("from")
    sides = [text_of(side) for side in section(page, "dispute").xpath(".//ul[@class='sides']/li")]
    assert len(sides) == 2
    assert sides[0].startswith("2024 As claimed Named: Government of South Korea")
    assert sides[1].startswith("2023 Another value: A year sooner. Nobody named; perhaps The Wall Street Journal")
    assert "Remark: No source; clashes with the other text, probably an error." in sides[1]
    denied = [text_of(side) for side in section(shown(seeded, f"/claims/{DENIED}"), "dispute").xpath(".//li[p]")]
    assert denied[1].startswith("Denied Named: Government of Russia Others name nobody; perhaps")


def test_a_claim_without_dispute_has_no_section_of_it(seeded: FlaskClient) -> None:
    assert "dispute" not in shown(seeded, f"/claims/{LABOUR}").xpath("//section/@aria-labelledby")


def test_the_status_has_a_paragraph_on_what_it_does_not_mean(seeded: FlaskClient) -> None:
    cautions = {claim: text_of(one(shown(seeded, f"/claims/{claim}"), "//p[@class='caution']")) for claim in CLAIMS}
    assert cautions[LABOUR].startswith("This is one report told in 3 documents, not 3 confirmations.")
    assert cautions[CONTESTED].startswith("Nothing here decides which side is right.")
    assert "does not prove the claim" in cautions["nk-personnel-deployed"]


def test_the_count_as_of_a_day_is_that_of_the_corroboration(seeded: FlaskClient) -> None:
    counted = get(seeded, f"/v1/claims/{LABOUR}/corroboration", as_of="2025-05-31", independence="source")
    page = shown(seeded, f"/claims/{LABOUR}?as_of=2025-05-31&independence=source&include=")
    assert text_of(one(page, "//p[@class='sentence']")).startswith(counted["summary"][:40])
    assert numbers(page)["Origins"].startswith(_bounds(counted["origins"]))
    assert numbers(page)["Not counted"] == f"{len(counted['not_counted'])} mention"
    assert numbers(page)["Counted"] == "as of 31 May 2025; each source by itself"
    assert one(page, "//option[@selected]").get("value") == "source"
    assert page.xpath(f"//form//a[@href='/claims/{LABOUR}']")


def test_a_verdict_has_its_words_its_checker_and_its_page(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/claims/{example_claim()}")
    verdict = get(seeded, f"/v1/verdicts/{VERDICT}")
    words = text_of(section(page, "verdicts"))
    assert "Refuted: Mostly false" in words
    assert verdict["checker"] in words
    assert section(page, "verdicts").xpath(f".//a[@href='/verdicts/{VERDICT}']")
    linked_data = json.loads(one(page, "//script").text)
    assert linked_data["@type"] == "ClaimReview"
    assert linked_data == json.loads(one(page, "//textarea[@id='linked-data']").text)


def test_without_a_verdict_the_page_says_so_and_has_no_review_for_crawlers(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/claims/{LABOUR}")
    assert "No fact-checker has judged this claim yet." in text_of(section(page, "verdicts"))
    assert page.xpath("//script") == []
    assert json.loads(one(page, "//textarea[@id='linked-data']").text)["@type"] == "Claim"


def test_related_claims_stand_with_their_status_and_the_reason(seeded: FlaskClient) -> None:
    shape, page = get(seeded, f"/v1/claims/{LABOUR}"), shown(seeded, f"/claims/{LABOUR}")
    related = section(page, "related")
    assert [text_of(title) for title in related.xpath(".//h3")] == ["Not the same as"]
    assert {path.removeprefix("/claims/") for path in related.xpath(".//h4/a/@href")} == {
        entry["claim"] for entry in shape["links"]
    }
    assert all(entry["note"] in text_of(related) for entry in shape["links"])
    assert len(related.xpath(".//span[contains(@class, 'status')]")) == len(shape["links"])


def test_what_changed_is_told_in_words_the_latest_first(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/claims/{example_claim()}")
    history = walk(seeded, f"/v1/claims/{example_claim()}/history")
    told = [text_of(line) for line in section(page, "changes").xpath(".//li/div//p")]
    assert told[0] == history[-1]["text"]
    assert "An editor judged version 1 of it: refuted (“Mostly false”)." in told


def test_it_can_be_cited_followed_and_embedded(seeded: FlaskClient) -> None:
    page = shown(seeded, f"/claims/{LABOUR}")
    address = f"http://localhost/claims/{LABOUR}"
    cite = section(page, "cite")
    assert text_of(one(cite, ".//blockquote")).endswith(f"policy v2-organisation-2-2. {address}")
    assert one(cite, ".//img").get("src") == f"/v1/claims/{LABOUR}/badge.svg"
    code = one(cite, ".//textarea[@id='embed']").text
    assert code == (
        f'<a href="{address}"><img src="http://localhost/v1/claims/{LABOUR}/badge.svg" alt="Single origin"></a>'
    )
    assert one(page, "//link[@rel='canonical']").get("href") == address
    assert one(page, "//meta[@property='og:url']").get("content") == address


@pytest.mark.parametrize("query", ["", "?as_of=2026-01-01&independence=source"])
def test_what_changed_has_each_point_of_the_timeline_as_a_picture_and_in_a_table(
    seeded: FlaskClient, query: str
) -> None:
    changes = section(shown(seeded, f"/claims/{CLAIMS[3]}{query}"), "changes")
    timeline = get(seeded, f"/v1/claims/{CLAIMS[3]}/timeline{query}")
    for name in ("published", "recorded"):
        points = timeline[name]["points"]
        assert points
        drawn = changes.xpath(f".//svg[contains(@class, 'rows')]//g[@data-axis='{name}']//g[@data-at]/@data-at")
        assert drawn == [point["at"] for point in points]
        rows = changes.xpath(f".//div[@aria-labelledby='axis-{name}']//tbody/tr")
        assert [text_of(row[1]).lower() for row in rows] == [point["text"] for point in reversed(points)]
        assert [text_of(row[3]) for row in rows if not len(row[3])][-1].startswith(points[0]["causes"][0]["text"])
