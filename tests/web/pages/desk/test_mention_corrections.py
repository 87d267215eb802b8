"""Correct a mention in a browser: what changes is said first, and one that is gone is shown beside what was typed."""

from __future__ import annotations

import pytest

from tests.web.pages.desk.browser import Person
from tests.web.pages.reading import section, text_of
from tests.world import EDITH, LOCATOR, QUOTE, World

pytestmark = pytest.mark.one_engine
REPORTED = {
    "text": "Twelve.",
    "quantity": {"low": 1500000, "high": None, "unit": "ships", "qualifier": "exact"},
    "time_frame": {"label": "in May", "start": None, "end": None},
}


@pytest.fixture
def edith(world: World) -> Person:
    return Person(world, EDITH)


def test_the_corrected_mention_takes_the_place_of_the_former(world: World, edith: Person) -> None:
    claim = world.claim()
    source = world.source()
    mention = world.mention(claim, locator=LOCATOR, quote=QUOTE)
    edith.open(f"/desk/claims/{claim}/mentions")
    path = f"/desk/mentions/{mention}/correction"
    assert path in edith.page.xpath("//main//a/@href")
    edith.open(path)
    assert edith.value("document") == world.get(f"/v1/mentions/{mention}")["document"]["id"]
    edith.send("Look up and correct …", 422, attribution=source, basis="explicit")
    assert edith.problems == ["“Reason” is required."]
    edith.send("Look up and correct …", reason="It names the service.")
    assert "Unattributed becomes single origin." in edith.says
    assert "stays at its address, marked as withdrawn" in edith.says
    assert world.get(f"/v1/mentions/{mention}")["attribution"] == []
    edith.send("Correct it")
    assert "The mention is corrected." in edith.says
    gone = world.get(f"/v1/mentions/{mention}", status=410)
    assert gone["withdrawn"]["reason"] == "It names the service."
    [now] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert ([each["id"] for each in now["attribution"]], now["quote"], now["locator"]) == ([source], QUOTE, LOCATOR)
    edith.open(path, 410)


def test_a_correction_without_a_difference_does_nothing_and_one_of_a_remark_keeps_the_rest(
    world: World, edith: Person
) -> None:
    claim = world.claim()
    mention = world.mention(claim, stance="differs", reported=REPORTED)
    edith.open(f"/desk/mentions/{mention}/correction")
    edith.send("Look up and correct …", 409, reason="No reason.")
    assert edith.problems == ["Nothing differs from the mention that is there."]
    edith.send("Look up and correct …", note="Said twice.")
    edith.send("Correct it")
    [now] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert (now["note"], now["reported"]) == ("Said twice.", REPORTED)


def test_a_mention_that_was_withdrawn_meanwhile_is_shown_beside_what_was_typed(world: World, edith: Person) -> None:
    claim = world.claim()
    mention = world.mention(claim, note="Once.")
    edith.open(f"/desk/mentions/{mention}/correction")
    other = Person(world, EDITH)
    other.open(f"/desk/mentions/{mention}/withdrawal")
    other.send("Withdraw …", reason="Another ship.")
    other.send("Withdraw it")
    edith.send("Look up and correct …", 412, note="Said twice.", reason="It says so.")
    assert edith.problems == [
        f"The mention was withdrawn since you opened it, by {EDITH}: Another ship. Nothing was saved."
    ]
    rows = section(edith.page, "versions").xpath(".//tbody/tr")
    assert [[text_of(cell) for cell in row] for row in rows] == [["Remark", "Once.", "Said twice."]]
    edith.send("Add it as a new mention …")
    assert edith.path == f"/desk/claims/{claim}/mentions"
    edith.send("Look up and add …")
    edith.send("Add it")
    [now] = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert now["note"] == "Said twice."
