"""Claims in frames of other pages, and oEmbed, by which editors find them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from tests.web.helpers import assert_problem, get
from tests.web.pages.reading import one, parsed, shown, text_of
from tests.world import EDITH, WHY, Request, World

pytestmark = pytest.mark.one_engine

CLAIM = "nk-15000-workers-in-russia"
PAGE = f"http://localhost/claims/{CLAIM}"


@pytest.mark.parametrize("query", ["", "?as_of=2025-05-31&independence=source"])
def test_a_frame_has_the_standing_of_the_claim_and_leads_to_its_page(seeded: FlaskClient, query: str) -> None:
    made, kept = (seeded.get(f"/embed/claims/{CLAIM}{query}") for _ in range(2))
    for response in (made, kept):
        assert response.headers["Content-Security-Policy"].split("; ")[-1] == "frame-ancestors *"
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert not {"X-Frame-Options", "Set-Cookie"} & set(response.headers.keys())
    page = parsed(kept.get_data(as_text=True))
    counted = get(seeded, f"/v1/claims/{CLAIM}/corroboration{query}")
    words = text_of(one(page, "//main"))
    assert "Single origin, 1 origin" in words
    assert counted["summary"].split(";")[0] in words
    assert {link.get("href") for link in page.xpath("//main//a")} == {PAGE + query}
    assert {link.get("target") for link in page.xpath("//main//a")} == {"_blank"}
    assert page.xpath("//script | //style | //@style | //img") == []
    again = seeded.get(f"/embed/claims/{CLAIM}{query}", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Content-Security-Policy"] == kept.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in again.headers


def test_nothing_else_can_be_framed(seeded: FlaskClient) -> None:
    for path in (f"/claims/{CLAIM}", f"/v1/claims/{CLAIM}", "/embed/claims/none-such"):
        response = seeded.get(path)
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["", "?as_of=2025-05-31"])
def test_the_page_of_a_claim_leads_to_its_description(seeded: FlaskClient, query: str) -> None:
    page = shown(seeded, f"/claims/{CLAIM}{query}")
    json_at = one(page, "//link[@type='application/json+oembed']/@href")
    told = seeded.get(json_at.removeprefix("http://localhost")).get_json()
    assert (told["version"], told["type"], told["provider_name"]) == ("1.0", "rich", "Claim verification")
    assert told["title"] == get(seeded, f"/v1/claims/{CLAIM}")["text"]
    # The page offers the same HTML to copy.
    assert one(page, "//textarea[@id='frame']").text == told["html"]
    [frame] = parsed(told["html"]).xpath("//iframe")
    assert (frame.get("width"), frame.get("height")) == (str(told["width"]), str(told["height"]))
    assert frame.get("src") == f"http://localhost/embed/claims/{CLAIM}{query}"
    assert seeded.get(frame.get("src").removeprefix("http://localhost")).status_code == 200
    xml_at = one(page, "//link[@type='text/xml+oembed']/@href")
    answer = seeded.get(xml_at.removeprefix("http://localhost"))
    assert answer.content_type == "text/xml; charset=utf-8"
    root = ET.fromstring(answer.data)  # noqa: S314 - our own output
    assert {child.tag: child.text for child in root} == {name: str(value) for name, value in told.items()}


def _oembed(client: FlaskClient, **parameters: str) -> dict[str, object]:
    told: dict[str, object] = client.get("/oembed", query_string={"url": PAGE, **parameters}).get_json()
    return told


def test_a_frame_is_no_larger_than_asked_for(seeded: FlaskClient) -> None:
    small = _oembed(seeded, maxwidth="320", maxheight="120", dnt="true")
    assert (small["width"], small["height"]) == (320, 120)
    large = _oembed(seeded, maxwidth="2000", maxheight="2000")
    assert (large["width"], large["height"]) == (600, 240)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/claims/none-such",
        "http://localhost/claims/",
        "http://localhost/claims/../v1/keys",
        "http://localhost/sources/hngn",
        f"https://elsewhere.example/claims/{CLAIM}",
        f"http://localhost.evil.example/claims/{CLAIM}",
        f"{PAGE}?as_of=never",
    ],
)
def test_another_address_is_not_found(seeded: FlaskClient, url: str) -> None:
    assert_problem(seeded.get("/oembed", query_string={"url": url}), 404)


def test_another_form_is_not_implemented_and_a_wrong_parameter_is_named(seeded: FlaskClient) -> None:
    assert_problem(seeded.get("/oembed", query_string={"url": PAGE, "format": "yaml"}), 501)
    assert_problem(seeded.get("/oembed", query_string={"url": PAGE, "maxwidth": "wide"}), 422, None, "/maxwidth")
    assert_problem(seeded.get("/oembed"), 422, None, "/url")


def test_a_merged_claim_is_shown_as_the_one_that_it_is(world: World) -> None:
    gone, kept = world.claim(), world.claim()
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": kept, **WHY}), EDITH)
    told = world.client().get("/oembed", query_string={"url": f"http://localhost/claims/{gone}"}).get_json()
    assert f"/embed/claims/{kept}" in told["html"]
    moved = world.client().get(f"/embed/claims/{gone}")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/embed/claims/{kept}")
