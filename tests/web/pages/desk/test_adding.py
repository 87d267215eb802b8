"""Add claims, sources, documents and mentions in a browser: what is there already is found first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.helpers import ids
from tests.web.pages.desk.browser import Person
from tests.web.pages.reading import text_of
from tests.world import ADA, EDITH, LOCATOR, QUOTE, Json, Request, World

pytestmark = pytest.mark.one_engine


@pytest.fixture
def edith(world: World) -> Person:
    """Return an editor who is signed in."""
    return Person(world, EDITH)


def _ships(**changes: Any) -> dict[str, Any]:
    return {"text": "Twelve ships arrived.", "subject": "ships", "topics": "harbour, ships", **changes}


def _all(world: World, kind: str) -> list[Json]:
    found: list[Json] = world.get(f"/v1/{kind}?limit=200", ADA)["data"]
    return found


def test_a_claim_is_added_with_its_number_and_time_and_then_its_mentions(world: World, edith: Person) -> None:
    edith.open("/desk/add/claim")
    edith.send(
        **_ships(qualifier="at_least", low="1,200", unit="ships", label="by May", end="2026-05-31", place="Oslo")
    )
    [claim] = _all(world, "claims")
    assert edith.path == f"/desk/claims/{claim['id']}/mentions"
    assert (claim["text"], claim["topics"], claim["place"]) == ("Twelve ships arrived.", ["harbour", "ships"], "Oslo")
    assert (claim["quantity"]["low"], claim["quantity"]["qualifier"]) == (1200, "at_least")
    assert claim["time_frame"] == {"label": "by May", "start": None, "end": "2026-05-31"}


def test_wrong_fields_of_a_claim_are_named(world: World, edith: Person) -> None:
    edith.open("/desk/add/claim")
    edith.send(status=422, **_ships(text="", low="many", unit="ships", start="2026-02-30"))
    wrong = {link.get("href") for link in edith.page.xpath("//div[@class='summary']//a")}
    assert wrong == {"#text", "#low", "#label", "#start"}
    assert edith.value("low") == "many"
    assert edith.value("subject") == "ships"
    assert _all(world, "claims") == []


def test_the_same_words_lead_to_the_claim_that_is_there(world: World, edith: Person) -> None:
    edith.open("/desk/add/claim")
    edith.send(**_ships())
    [there] = ids(_all(world, "claims"))
    edith.open("/desk/add/claim")
    edith.send(status=409, **_ships(text="Twelve ships arrived."))
    assert edith.problems == [f"The claim '{there}' has the same words: use it."]
    assert f"/claims/{there}" in edith.page.xpath("//div[@class='summary']//a/@href")
    edith.send(distinct_from=[there])
    edith.send("Add mine all the same")
    [other] = [claim for claim in _all(world, "claims") if claim["id"] != there]
    assert [(link["type"], link["claim"]) for link in other["links"]] == [("distinct_from", there)]


def test_similar_claims_are_shown_before_a_claim_is_kept(world: World, edith: Person) -> None:
    text = "About 15,000 North Korean workers have been sent to Russia."
    world.done(
        Request("POST", "/v1/claims", {"id": "workers", "text": text, "subject": "workers", "topics": ["labour"]}, 201),
        EDITH,
    )
    edith.open("/desk/add/claim")
    edith.send(**_ships(text="Some 15 000 North Korean workers were sent to Russia"))
    assert "Is one of these the same claim?" in edith.says
    assert "/claims/workers" in edith.page.xpath("//main//h3/a/@href")
    assert ids(_all(world, "claims")) == ["workers"]
    edith.send("Back to the form")
    assert edith.value("text") == "Some 15 000 North Korean workers were sent to Russia"
    edith.send()
    edith.send("Add mine all the same")
    assert len(_all(world, "claims")) == 2


def test_sources_with_the_same_or_a_similar_name_are_shown(world: World, edith: Person) -> None:
    world.done(Request("POST", "/v1/sources", {"id": "pilots", "name": "Harbour Pilots", "kind": "ngo"}, 201), EDITH)
    edith.open("/desk/add/source")
    edith.send(status=409, name="harbour  pilots", kind="ngo")
    assert "has the name 'harbour pilots' already" in edith.problems[0]
    assert "/sources/pilots" in edith.page.xpath("//div[@class='summary']//a/@href")
    edith.send(name="Old Harbour Pilots", aliases="OHP\r\nThe old ones")
    assert "Is one of these the same party?" in edith.says
    assert "One name is the other with a word more." in edith.says
    edith.send("Add mine all the same", distinct_from=["pilots"])
    [added] = [source for source in _all(world, "sources") if source["id"] != "pilots"]
    assert edith.path == f"/sources/{added['id']}"
    assert (added["aliases"], added["distinct_from"]) == (["OHP", "The old ones"], ["pilots"])
    assert world.get("/v1/suggestions")["data"] == []


def test_one_page_is_one_document(world: World, edith: Person) -> None:
    edith.open("/desk/add/document")
    edith.send("Look up and add", url="https://gull.example/news/1?utm_source=x", title="Ships")
    [there] = ids(_all(world, "documents"))
    edith.open("/desk/add/document")
    edith.send("Look up and add", 409, url="https://www.gull.example/news/1", title="Ships again")
    assert "is the same page: use that one." in edith.problems[0]
    assert f"/documents/{there}" in edith.page.xpath("//div[@class='summary']//a/@href")
    edith.send("Look up and add", 422, url="https://gull.example/2", publisher="The Gull")
    assert edith.problems == ["“Publisher”: There is no source called 'The Gull'. Add it, or name another one."]


def test_a_document_needs_an_address_or_a_title(world: World, edith: Person) -> None:
    edith.open("/desk/add/document")
    edith.send(status=422, author="Jo")
    assert edith.problems == ["Fill in “Address” or “Title”: nobody could tell it from others."]
    assert edith.value("author") == "Jo"
    edith.send(title="Twelve ships")
    assert world.get("/v1/documents")["data"][0]["author"] == "Jo"


def test_a_mention_says_what_it_does_to_the_count_first(world: World, edith: Person) -> None:
    claim, document = world.claim(), world.document()
    world.done(Request("POST", "/v1/sources", {"id": "nis", "name": "Spy Service", "kind": "government"}, 201), EDITH)
    edith.open(f"/desk/claims/{claim}/mentions")
    typed: dict[str, Any] = {
        "document": document,
        "stance": "supports",
        "attribution": "spy service",
        "basis": "explicit",
    }
    edith.send("Look up and add …", **typed)
    effects = [text_of(item) for item in edith.page.xpath("//div[@class='effect']//li")]
    assert effects == ["Unsupported becomes single origin.", "0 origins become 1.", "0 mentions become 1."]
    assert world.get(f"/v1/claims/{claim}/mentions")["data"] == []
    edith.send("Back to the form")
    assert edith.value("attribution") == "spy service"
    edith.send("Look up and add …")
    edith.send("Add it")
    [mention] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert [source["id"] for source in mention["attribution"]] == ["nis"]
    edith.send("Look up and add …", 409, **typed)
    assert edith.value("attribution") == "spy service"


def test_a_mention_of_what_is_not_there_yet_is_kept_while_that_is_added(world: World, edith: Person) -> None:
    claim = world.claim()
    edith.open(f"/desk/claims/{claim}/mentions")
    typed: dict[str, Any] = {
        "stance": "supports",
        "attribution": "Harbour Office",
        "basis": "explicit",
        "note": "Said twice.",
    }
    edith.send("Look up and add …", 422, document="https://gull.example/1", **typed)
    assert edith.problems == [
        "“Document”: There is no document at this address: add it, or give the address or id of another one."
    ]
    edith.send("Add the document first")
    assert edith.value("url") == "https://gull.example/1"
    edith.send("Add the publisher first", publisher="The Gull")
    assert edith.value("name") == "The Gull"
    edith.send(kind="outlet")
    edith.send("Back to my text")
    assert (edith.value("publisher"), edith.value("url")) == ("The Gull", "https://gull.example/1")
    edith.send("Look up and add")
    edith.send("Back to my text")
    assert edith.value("note") == "Said twice."
    edith.send("Look up and add …", 422)
    assert edith.problems == [
        "“Attributed to”: There is no source called 'Harbour Office'. Add it, or name another one."
    ]
    edith.send("Add the last source first")
    assert edith.value("name") == "Harbour Office"
    edith.send(kind="government")
    edith.send("Back to my text")
    edith.send("Look up and add …")
    edith.send("Add it")
    [mention] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert mention["note"] == "Said twice."
    [document] = _all(world, "documents")
    assert (mention["document"]["id"], document["url"]) == (document["id"], "https://gull.example/1")
    assert [source["name"] for source in mention["attribution"]] == ["Harbour Office"]


def test_a_mention_of_another_value_and_its_place(world: World, edith: Person) -> None:
    claim, document = world.claim(), world.document()
    edith.open(f"/desk/claims/{claim}/mentions")
    edith.send("Look up and add …", 422, document=document, stance="differs")
    assert [link.get("href") for link in edith.page.xpath("//div[@class='summary']//a")] == ["#reported"]
    edith.send("Look up and add …", 422, low="12", unit="ships", start="5", end="x", sha256="b" * 64)
    assert [link.get("href") for link in edith.page.xpath("//div[@class='summary']//a")] == ["#end"]
    edith.send("Look up and add …", end="9")
    edith.send("Add it")
    [mention] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert mention["reported"]["quantity"]["low"] == 12
    assert mention["locator"] == {"start": 5, "end": 9, "sha256": "b" * 64}


def test_a_mention_is_withdrawn_after_its_effect_was_said(world: World, edith: Person) -> None:
    claim = world.claim()
    source = world.source()
    mention = world.mention(claim, attribution=[source], basis="explicit")
    edith.open(f"/desk/claims/{claim}/mentions")
    [path] = [path for path in edith.page.xpath("//main//a/@href") if path.endswith("/withdrawal")]
    assert path == f"/desk/mentions/{mention}/withdrawal"
    edith.open(path)
    edith.send("Withdraw …", reason="Another ship.")
    assert "1 origin becomes 0." in edith.says
    edith.send("Withdraw it")
    assert world.get(f"/v1/mentions/{mention}", status=410)["withdrawn"]["reason"] == "Another ship."
    edith.open(path, 410)


def test_a_quote_is_the_text_of_its_place_and_is_removed_with_a_reason(world: World, edith: Person) -> None:
    claim = world.claim()
    mention = world.mention(claim, locator=LOCATOR)
    edith.open(f"/desk/claims/{claim}/mentions")
    edith.open(edith.page.xpath("//main//a[contains(@href, '/quote')]/@href")[0])
    edith.send(status=422, quote="Eleven ships came.")
    assert "whose SHA-256 is" in edith.problems[0]
    assert edith.value("quote").strip() == "Eleven ships came."
    edith.send(quote=QUOTE)
    assert edith.path == f"/claims/{claim}"
    assert QUOTE in edith.says
    edith.open(f"/desk/mentions/{mention}/quote")
    edith.send("Remove …", 422)
    edith.send("Remove …", reason="The publisher asks for it.")
    assert "The text is deleted for good." in edith.says
    assert world.get(f"/v1/mentions/{mention}")["quote"] == QUOTE
    edith.send("Remove it")
    assert world.get(f"/v1/mentions/{mention}")["quote"] is None
    assert QUOTE not in edith.says
