"""Correct, merge and unmerge records in a browser: what changes is said first, and no text is lost."""

from __future__ import annotations

from typing import Any

import pytest

from service.use_cases import recounts
from tests.web.pages.desk.browser import Person
from tests.web.pages.reading import text_of
from tests.world import EDITH, Json, Request, World

pytestmark = pytest.mark.one_engine


@pytest.fixture
def edith(world: World) -> Person:
    """Return an editor who is signed in."""
    return Person(world, EDITH)


def _two_origins(world: World) -> tuple[str, list[str]]:
    claim, sources = world.claim(), [world.source(), world.source()]
    for source in sources:
        world.mention(claim, attribution=[source], basis="explicit")
    return claim, sources


def _at_least(world: World, claim: str) -> int:
    number: int = world.get(f"/v1/claims/{claim}")["corroboration"]["origins"]["at_least"]
    return number


def test_a_claim_is_corrected_in_the_fields_that_were_changed_alone(world: World, edith: Person) -> None:
    body = {
        "text": "Twelve ships arrived.",
        "subject": "ships",
        "topics": ["harbour", "ships"],
        "quantity": {"low": 12, "high": 14.5, "unit": "ships", "qualifier": "between"},
        "time_frame": {"label": "by May", "end": "2026-05-31"},
        "note": "First.\n\nSecond.",
    }
    before = world.done(Request("POST", "/v1/claims", body, 201), EDITH)
    path = f"/desk/claims/{before['id']}/correction"
    edith.open(f"/claims/{before['id']}")
    assert path in edith.page.xpath("//main//a/@href")
    edith.open(path)
    edith.send()
    assert edith.path == f"/claims/{before['id']}"
    assert world.get(f"/v1/claims/{before['id']}")["version"] == before["version"]
    edith.open(path)
    edith.send("Save …", low="11")
    after = world.get(f"/v1/claims/{before['id']}")
    assert after["quantity"] == before["quantity"] | {"low": 11}
    names = ("text", "subject", "topics", "time_frame", "note")
    assert [after[name] for name in names] == [before[name] for name in names]
    edith.open(path)
    edith.send("Save …", 422, low="many", text="")
    assert {link.get("href") for link in edith.page.xpath("//div[@class='summary']//a")} == {"#text", "#low"}
    assert edith.value("low") == "many"


@pytest.mark.parametrize("kind", ["sources", "documents"])
def test_what_the_form_does_not_show_stays(world: World, edith: Person, kind: str) -> None:
    bodies: dict[str, Json] = {
        "sources": {
            "name": "Harbour Office",
            "kind": "government",
            "reliability": "B",
            "same_as": ["https://a.example/"],
        },
        "documents": {"title": "Ships", "sha256": "ab" * 32, "length": 900, "published_earliest": "2026-05-01"},
    }
    more = bodies[kind]
    before = world.done(Request("POST", f"/v1/{kind}", more, 201), EDITH)
    edith.open(f"/{kind}/{before['id']}")
    edith.open(edith.page.xpath("//main//a[contains(@href, '/correction')]/@href")[0])
    field = "note" if kind == "sources" else "author"
    typed: dict[str, Any] = {field: "Jane Doe"}
    edith.send("Save …", **typed)
    after = world.get(f"/v1/{kind}/{before['id']}")
    assert after[field] == "Jane Doe"
    assert {name: after[name] for name in more} == {name: before[name] for name in more}


def test_a_record_that_was_changed_meanwhile_is_shown_in_both_versions(world: World, edith: Person) -> None:
    claim = world.claim()
    edith.open(f"/desk/claims/{claim}/correction")
    world.done(Request("PATCH", f"/v1/claims/{claim}", {"subject": "boats", "place": "Oslo"}), EDITH)
    edith.send("Save …", 412, subject="vessels")
    assert edith.problems == ["The claim has changed since you opened it. Nothing was saved."]
    rows = [[text_of(cell) for cell in row] for row in edith.page.xpath("//table//tbody/tr")]
    assert rows == [["Subject", "boats", "vessels"], ["Place", "Oslo", "–"]]
    assert (edith.value("subject"), world.get(f"/v1/claims/{claim}")["subject"]) == ("vessels", "boats")
    edith.send("Save …", place="Oslo")
    after = world.get(f"/v1/claims/{claim}")
    assert (after["subject"], after["place"]) == ("vessels", "Oslo")


def test_a_correction_that_alters_a_count_says_so_first(world: World, edith: Person) -> None:
    claim, sources = _two_origins(world)
    edith.open(f"/desk/sources/{sources[0]}/correction")
    edith.send("Save …", part_of=sources[1])
    assert "2 origins become 1." in edith.says
    assert _at_least(world, claim) == 2
    edith.send("Back to the form")
    assert edith.value("part_of") == sources[1]
    edith.send("Save …")
    edith.send("Save it")
    assert edith.path == f"/sources/{sources[0]}"
    assert _at_least(world, claim) == 1


def test_two_sources_are_merged_and_unmerged_after_the_effect_was_said(world: World, edith: Person) -> None:
    claim, sources = _two_origins(world)
    edith.open(f"/sources/{sources[0]}")
    edith.open(edith.page.xpath("//main//a[contains(@href, '/merge')]/@href")[0])
    edith.send("Merge …", 422, into="Nobody", reason="One office.")
    assert edith.problems[0].startswith("“The one that stays”: There is no source called 'Nobody'.")
    assert edith.value("reason") == "One office."
    edith.send("Merge …", into=f"Harbour Office {sources[1]}")
    assert "2 origins become 1." in edith.says
    assert _at_least(world, claim) == 2
    edith.send("Merge them")
    assert edith.path == f"/sources/{sources[1]}"
    assert _at_least(world, claim) == 1
    edith.open(f"/desk/sources/{sources[1]}/merge")
    edith.open(edith.page.xpath("//main//a[contains(@href, '/unmerge')]/@href")[0])
    edith.send("Undo …", 422)
    edith.send("Undo …", reason="They are two.")
    assert "1 origin becomes 2." in edith.says
    edith.send("Undo the merge")
    assert (edith.path, _at_least(world, claim)) == (f"/sources/{sources[0]}", 2)
    edith.open(f"/desk/sources/{sources[0]}/unmerge")
    assert "It is not merged." in edith.says


def test_two_claims_and_two_documents_are_merged_and_unmerged(world: World, edith: Person) -> None:
    for kind, pair in (("claims", [world.claim(), world.claim()]), ("documents", [world.document(), world.document()])):
        edith.open(f"/{kind}/{pair[0]}")
        edith.open(edith.page.xpath("//main//a[contains(@href, '/merge')]/@href")[0])
        edith.send("Merge …", into=pair[1], reason="Entered twice.")
        edith.send("Merge them")
        assert edith.path == f"/{kind}/{pair[1]}"
        edith.open(f"/desk/{kind}/{pair[1]}/merge")
        edith.open(edith.page.xpath("//main//a[contains(@href, '/unmerge')]/@href")[0])
        edith.send("Undo …", reason="They are two.")
        edith.send("Undo the merge")
        assert edith.path == f"/{kind}/{pair[0]}"


def test_claims_that_are_kept_apart_are_not_merged(world: World, edith: Person) -> None:
    one, other = world.claim(), world.claim()
    world.done(Request("POST", f"/v1/claims/{one}/links", {"type": "contradicts", "claim": other}, 201), EDITH)
    edith.open(f"/desk/claims/{one}/merge")
    edith.send("Merge …", 409, into=f"http://localhost/claims/{other}", reason="Entered twice.")
    assert "contradict each other" in edith.problems[0]
    assert edith.value("reason") == "Entered twice."


def test_a_wide_edit_says_how_many_claims_are_counted_again(
    world: World, edith: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sources = _two_origins(world)
    monkeypatch.setattr(recounts, "NARROW", 0)
    edith.open(f"/desk/sources/{sources[0]}/merge")
    edith.send("Merge …", into=sources[1], reason="One office.")
    assert "at most 2 are counted again by turns afterwards" in edith.says
    assert world.store.recounts.claims_left() == 0
    edith.send("Merge them")
    assert edith.path == f"/sources/{sources[1]}"
    assert world.store.recounts.claims_left() > 0
