"""Decide suggestions, and make and revoke keys in a browser: what changes is said first."""

from __future__ import annotations

import re

import pytest

from service.use_cases.api_keys import KEY_PATTERN
from tests.web.pages.desk.browser import Person
from tests.web.pages.reading import section, text_of
from tests.world import ADA, ANA, EDITH, Json, Request, World, suggestion

pytestmark = pytest.mark.one_engine


def _stored(world: World, suggested: str) -> Json:
    return world.get(f"/v1/suggestions/{suggested}")


def _resting(world: World, suggested: str) -> tuple[str, list[str]]:
    """Return a claim with one mention from each source of a suggestion, and their ids."""
    records = [record["id"] for record in _stored(world, suggested)["records"]]
    claim = world.claim()
    for record in records:
        world.mention(claim, attribution=[record], basis="explicit")
    return claim, records


def test_two_sources_become_one_after_the_effect_was_said(world: World) -> None:
    suggested = suggestion(world)
    claim, records = _resting(world, suggested)
    edith = Person(world, EDITH)
    edith.open("/desk/suggestions?kind=")
    assert f"/desk/suggestions/{suggested}" in section(edith.page, "list").xpath(".//h3/a/@href")
    edith.open(f"/desk/suggestions/{suggested}")
    assert "2 named origins become 1" in edith.says
    edith.send("Decide …", 422, decision="merge")
    assert edith.problems == ["“Reason” is required."]
    edith.send("Decide …", reason="One party.", into=records[0])
    assert "2 origins become 1." in edith.says
    assert world.get(f"/v1/claims/{claim}")["corroboration"]["origins"]["at_least"] == 2
    edith.send("Decide so")
    assert "Your decision is stored." in edith.says
    assert (_stored(world, suggested)["state"], _stored(world, suggested)["into"]) == ("merged", records[0])
    assert world.get(f"/v1/claims/{claim}")["corroboration"]["origins"]["at_least"] == 1
    edith.open(f"/desk/suggestions/{suggested}")
    assert f"Merge, by {EDITH} on" in edith.says


def test_an_effect_that_changed_meanwhile_is_said_anew(world: World) -> None:
    suggested = suggestion(world)
    _, records = _resting(world, suggested)
    edith = Person(world, EDITH)
    edith.open(f"/desk/suggestions/{suggested}")
    edith.send("Decide …", decision="merge", reason="One party.")
    claim = world.claim()
    for record in records:
        world.mention(claim, attribution=[record], basis="explicit")
    edith.send("Decide so")
    assert "Something has changed meanwhile" in edith.says
    assert _stored(world, suggested)["state"] == "open"
    edith.send("Decide so")
    assert _stored(world, suggested)["state"] == "merged"


def test_two_that_stay_two_are_decided_at_once_and_only_once(world: World) -> None:
    suggested = suggestion(world)
    edith, ada = Person(world, EDITH), Person(world, ADA)
    for person in (edith, ada):
        person.open(f"/desk/suggestions/{suggested}")
    edith.send("Decide …", decision="distinct", reason="Two parties.")
    assert _stored(world, suggested)["state"] == "declined"
    ada.send("Decide …", 409, decision="merge", reason="One party.")
    assert f"{EDITH} has decided the suggestion at" in ada.problems[0]
    assert "Two parties." in ada.says


def test_a_key_is_made_shown_once_and_signs_in(world: World) -> None:
    ada = Person(world, ADA)
    ada.open("/desk/keys")
    ada.send("Make the key", 409, name=ANA)
    assert f"'{ANA}' has the active key" in ada.problems[0]
    ada.send("Make the key", name="Cora, Example Checks", role="checker", expires_at="2999-12-31")
    key = text_of(ada.page.xpath("//p[@id='secret']")[0])
    assert KEY_PATTERN.fullmatch(key)
    ada.open("/desk/keys")
    assert key.split("_")[2] not in text_of(ada.page)
    assert "31 Dec 2999" in ada.says
    cora = Person(world)
    cora.sign_in(key)
    assert "Cora, Example Checks, checker" in cora.says


def test_a_key_is_revoked_with_its_sessions_after_what_that_does_was_said(world: World) -> None:
    ada, ana = Person(world, ADA), Person(world, ANA)
    ada.open("/desk/keys")
    [path] = [each.get("href") for each in ada.page.xpath("//tbody//a") if text_of(each) == ANA]
    ada.open(path)
    assert "The key stops working at once, for good, and 1 session ends. Its holder has no other key." in ada.says
    ada.send("Revoke it")
    assert "The key is revoked, and its sessions have ended." in ada.says
    ana.open("/desk")
    assert ana.path == "/desk/sign-in"
    ada.open(path)
    assert "it is revoked" in ada.says
    own = next(each.get("href") for each in ada.open("/desk/keys").xpath("//tbody//a") if text_of(each) == ADA)
    ada.open(own)
    assert "It is your own key: you will be signed out." in ada.says
    assert "It is the last key of an admin" in ada.says


def test_a_key_is_rotated(world: World) -> None:
    ada = Person(world, ADA)
    ada.open("/desk/keys")
    [path] = [each.get("href") for each in ada.page.xpath("//tbody//a") if text_of(each) == ANA]
    ada.open(path)
    ada.send("Rotate it", 422, grace_hours="soon")
    ada.send("Rotate it", grace_hours="0")
    new = text_of(ada.page.xpath("//p[@id='secret']")[0])
    ana = Person(world)
    ana.sign_in(new)
    assert ana.path == "/desk"
    ana.open("/desk/sign-in", 200)
    old = world.client().post("/desk/sign-in", data={"key": world.keys[ANA]})
    assert old.status_code == 401
    assert re.search("has expired", old.get_data(as_text=True))


def test_a_decision_of_the_api_is_that_of_the_desk(world: World) -> None:
    suggested = suggestion(world)
    edith = Person(world, EDITH)
    edith.open(f"/desk/suggestions/{suggested}")
    body = {"decision": "distinct", "reason": "Two."}
    world.done(Request("POST", f"/v1/suggestions/{suggested}/decision", body), EDITH)
    edith.send("Decide …", 409, decision="distinct", reason="Two parties.")
    edith.open(f"/desk/suggestions/{suggested}")
    assert "Distinct, by" in edith.says
