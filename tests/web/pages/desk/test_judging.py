"""Judge, correct and retract in a browser; whatever goes wrong, no typed text is lost."""

from __future__ import annotations

import pytest

from service.model.actors import COMMAND_LINE
from service.use_cases.api_keys import revoke_key
from tests.web.pages.desk.browser import Person
from tests.web.pages.desk.verdicts import WHY, assert_kept, typed, verdicts
from tests.web.pages.reading import section, text_of
from tests.world import ADA, ANA, BEN, EDITH, Request, World

pytestmark = pytest.mark.one_engine


def test_a_claim_is_judged_with_evidence_of_its_mentions_and_other_evidence(world: World) -> None:
    claim = world.claim()
    mention = world.mention(claim, attribution=[world.source()], basis="explicit")
    other, document = world.mention(claim), world.document()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    origins = [text_of(legend) for legend in ana.page.xpath("//fieldset[@class='origin-of']/legend")]
    assert len(origins) == 2
    assert "named origin" in origins[0]
    assert set(ana.page.xpath("//input[@name='mentions']/@value")) == {mention, other}
    ana.send(
        "Publish …",
        **typed(
            mentions=[mention],
            other=f"https://example.org/register Page 3 has the figure.\r\n\r\n{document}",
            url="https://ana.example/41",
            language="en",
            reviewed_at="2026-03-01",
        ),
    )
    assert verdicts(world, claim) == []
    assert "Verdicts that count: none; then 1 refuted." in ana.says
    ana.send("Publish it")
    assert (ana.path, "Your verdict is published." in ana.says) == ("/desk", True)
    [verdict] = verdicts(world, claim)
    assert verdict["evidence"] == [
        {"mention": mention, "document": None, "url": None, "note": None},
        {"mention": None, "document": None, "url": "https://example.org/register", "note": "Page 3 has the figure."},
        {"mention": None, "document": document, "url": None, "note": None},
    ]
    assert (verdict["rating"], verdict["textual_rating"], verdict["rationale"]) == ("refuted", "No ships", WHY)
    assert (verdict["url"], verdict["language"], verdict["reviewed_at"]) == (
        "https://ana.example/41",
        "en",
        "2026-03-01",
    )
    assert (verdict["checker"], verdict["claim_version"]) == (ANA, world.get(f"/v1/claims/{claim}")["version"] - 1)


def test_a_dry_run_leaves_nothing_behind(world: World) -> None:
    claim = world.claim()
    world.mention(claim)
    ana, size, shape = Person(world, ANA), world.size(), world.get(f"/v1/claims/{claim}")
    ana.open(f"/desk/claims/{claim}")
    ana.send("Publish …", **typed())
    assert world.size() == size
    assert world.get(f"/v1/claims/{claim}") == shape
    ana.send("Back to the form")
    assert_kept(ana)
    assert world.size() == size


def test_wrong_fields_are_named_beside_the_field_and_in_a_summary_that_leads_there(still_world: World) -> None:
    ana = Person(still_world, ANA)
    ana.open(f"/desk/claims/{still_world.claim()}")
    ana.send(
        "Save as a draft",
        422,
        **typed(url="not an address", other="https://example.org/a\r\nno-such-document And why.", language="x"),
    )
    wrong = {link.get("href"): text_of(link) for link in ana.page.xpath("//div[@class='summary']//a")}
    assert wrong.keys() == {"#url", "#language"}
    assert "“Your published review” must be an http or https URL" in wrong["#url"]
    for target in wrong:
        [field] = ana.page.xpath(f"//*[@id='{target[1:]}']")
        assert field.get("aria-invalid") == "true" or field.tag == "fieldset"
        assert text_of(ana.page.xpath(f"//*[@id='{target[1:]}-wrong']")[0]) == wrong[target]
    assert ana.value("rationale").replace("\r\n", "\n") == WHY
    ana.send("Save as a draft", 422, rating=[], url="", language="")
    assert [link.get("href") for link in ana.page.xpath("//div[@class='summary']//a")] == ["#rating"]
    ana.send("Save as a draft", 422, rating="refuted")
    assert ana.problems == ["“Evidence”: There is no document 'no-such-document'."]
    assert ana.page.xpath("//textarea[@name='other']/@aria-invalid") == ["true"]


def test_a_draft_is_saved_continued_and_published(world: World) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    ana.send("Save as a draft", **typed(reviewers=[BEN]))
    assert "Your draft is saved." in ana.says
    [draft] = verdicts(world, claim, state="draft")
    assert ana.path == f"/desk/verdicts/{draft['id']}"
    assert draft["reviewers"] == [BEN]
    ana.open("/desk")
    assert f"/desk/verdicts/{draft['id']}" in section(ana.page, "drafts").xpath(".//a/@href")
    ana.open(f"/desk/claims/{claim}")
    assert ana.path == f"/desk/verdicts/{draft['id']}"
    assert_kept(ana)
    assert ana.values("reviewers") == [BEN]
    ana.send("Save as a draft", rationale="Another reason.", reviewers=[])
    [later] = verdicts(world, claim, state="draft")
    assert (later["rationale"], later["textual_rating"], later["reviewers"]) == ("Another reason.", "No ships", [])
    ana.open(f"/desk/verdicts/{draft['id']}")
    assert ana.path == f"/desk/verdicts/{later['id']}"
    ana.send("Publish …")
    ana.send("Publish it")
    [verdict] = verdicts(world, claim)
    assert (verdict["id"], verdict["rationale"]) == (later["id"], "Another reason.")


def test_a_button_pressed_twice_makes_one_verdict(world: World) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    form = ana.open(f"/desk/claims/{claim}")
    for _ in range(2):
        ana.page = form
        ana.send("Save as a draft", **typed())
        assert "Your draft is saved." in ana.says
    assert len(verdicts(world, claim, state="draft")) == 1
    confirm = ana.send("Publish …")
    for _ in range(2):
        ana.page = confirm
        ana.send("Publish it")
        assert "Your verdict is published." in ana.says
    assert len(verdicts(world, claim)) == 1


def test_two_windows_on_one_claim_show_both_versions(world: World) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    form = ana.open(f"/desk/claims/{claim}")
    ana.send("Save as a draft", **typed(rationale="From the first window."))
    ana.page = form
    ana.send("Save as a draft", 409, **typed())
    versions = [text_of(side) for side in section(ana.page, "meanwhile").xpath(".//li")]
    assert "From the first window." in versions[0]
    assert "The register has no such ship." in versions[1]
    assert_kept(ana)
    ana.send("Save as a draft")
    [draft] = verdicts(world, claim, state="draft")
    assert draft["rationale"] == WHY
    assert len(verdicts(world, claim, state="withdrawn")) == 1


def test_a_claim_that_changed_meanwhile_is_shown_as_it_was_and_as_it_is(world: World) -> None:
    claim = world.claim()
    world.mention(claim)
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    world.mention(claim, attribution=[world.source()], basis="explicit")
    world.done(Request("PATCH", f"/v1/claims/{claim}", {"text": "Twelve ships arrived in May."}), EDITH, If_Match="*")
    ana.send("Publish …", 412, **typed())
    before, now = [text_of(side) for side in section(ana.page, "changed").xpath(".//li")]
    assert f"Ships arrived: {claim}." in before
    assert "1 mention in 1 document" in before
    assert "Twelve ships arrived in May." in now
    assert "2 mentions in 2 documents" in now
    assert_kept(ana)
    ana.send("Publish …")
    ana.send("Publish it")
    [verdict] = verdicts(world, claim)
    assert not verdict["stale"]


def test_what_was_agreed_to_is_done_or_nothing(world: World) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    ana.send("Publish …", **typed())
    world.verdict(claim, BEN)
    ana.send("Publish it")
    assert "Something has changed meanwhile" in ana.says
    assert "Verdicts that count: 1 supported; then 1 supported, 1 refuted." in ana.says
    assert len(verdicts(world, claim)) == 1
    ana.send("Publish it")
    assert len(verdicts(world, claim)) == 2


def test_a_session_that_ends_takes_no_text_with_it(world: World) -> None:
    claim = world.claim()
    mention = world.mention(claim)
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    world.store.database.run("DELETE FROM sessions")
    ana.send("Publish …", 401, **typed(mentions=[mention], other='https://example.org/a "Quoted" & <b>'))
    assert "Your session has ended" in ana.says
    ana.send(status=401, key="cv_me")
    ana.send(key=world.keys[ANA])
    assert "You are signed in again" in ana.says
    ana.send("Back to my text")
    assert_kept(ana)
    assert ana.values("mentions") == [mention]
    assert ana.value("other") == 'https://example.org/a "Quoted" & <b>'
    assert verdicts(world, claim) == []
    ana.send("Publish …")
    ana.send("Publish it")
    assert len(verdicts(world, claim)) == 1


def test_an_error_that_has_no_form_keeps_the_text_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    with monkeypatch.context() as broken:
        broken.setattr(type(world.store.verdicts), "insert_verdict", lambda *_: 1 / 0)
        ana.send("Save as a draft", 500, **typed())
    assert "The register has no such ship." in ana.says
    ana.send("Back to my text")
    assert_kept(ana)
    ana.send("Save as a draft")
    assert len(verdicts(world, claim, state="draft")) == 1


def test_a_verdict_is_corrected_with_a_reason(world: World) -> None:
    claim = world.claim()
    first = world.verdict(
        claim, authors=[{"type": "person", "name": "Ana"}], evidence=[{"url": "https://e.example/", "note": "See."}]
    )
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    assert ana.path == f"/desk/verdicts/{first}"
    ana.send("Publish the correction …", 422, rating="refuted")
    assert ana.problems == [
        "“The change, and its reason” is required with “supersedes”, such as: The ministry corrected its figure."
    ]
    ana.send("Publish the correction …", reason="The ministry corrected its figure.")
    assert "Verdicts that count: 1 supported; then 1 refuted." in ana.says
    ana.send("Publish it")
    [later, _] = verdicts(world, claim)
    assert (later["supersedes"], later["reason"], later["rating"]) == (
        first,
        "The ministry corrected its figure.",
        "refuted",
    )
    assert later["authors"][0]["name"] == "Ana"
    assert later["evidence"][0]["note"] == "See."


def test_a_verdict_is_retracted_and_a_draft_withdrawn(world: World) -> None:
    claim = world.claim()
    verdict = world.verdict(claim)
    ana = Person(world, ANA)
    ana.open(f"/desk/verdicts/{verdict}/withdrawal")
    ana.send("Retract …", 422)
    assert ana.problems == ["“Reason” is required with “supersedes”, such as: The ministry corrected its figure."]
    ana.send("Retract …", reason="Another ship.")
    assert "Verdicts that count: 1 supported; then none." in ana.says
    assert len(verdicts(world, claim)) == 1
    ana.send("Retract it")
    assert "Your verdict is retracted." in ana.says
    assert verdicts(world, claim)[0]["rating"] is None
    draft = world.verdict(claim, draft=True)
    ana.open(f"/desk/verdicts/{draft}/withdrawal")
    ana.send("Withdraw …", reason="Not needed.")
    ana.send("Withdraw it")
    assert [each["id"] for each in verdicts(world, claim, state="withdrawn")] == [draft]
    for path in (f"/desk/verdicts/{verdict}", f"/desk/verdicts/{verdict}/withdrawal"):
        Person(world, BEN).open(path, 404)


def test_an_admin_takes_back_the_verdict_of_another(world: World) -> None:
    claim = world.claim()
    verdict = world.verdict(claim)
    ada = Person(world, ADA)
    ada.open(f"/verdicts/{verdict}")
    ada.open(ada.page.xpath("//main//a[contains(@href, '/withdrawal')]/@href")[0])
    assert f"It was written by {ANA}." in ada.says
    ada.send("Retract …", reason="The register was misread.")
    assert "Verdicts that count: 1 supported; then none." in ada.says
    ada.send("Retract it")
    retraction = verdicts(world, claim)[0]
    assert (retraction["rating"], retraction["supersedes"], retraction["checker"]) == (None, verdict, ADA)


def test_a_form_asks_for_what_was_not_chosen_in_its_own_words(world: World) -> None:
    claim = world.claim()
    ana, edith = Person(world, ANA), Person(world, EDITH)
    ana.open(f"/desk/claims/{claim}")
    ana.send("Publish …", 422, rationale=WHY)
    assert ana.problems == ["Choose a rating."]
    edith.open(f"/desk/claims/{claim}/mentions")
    edith.send(status=422)
    assert edith.problems == ["Name the document, by its address or id.", "Choose a stance."]


def test_a_claim_that_was_merged_leads_to_the_other_with_the_text_kept(world: World) -> None:
    gone, into = world.claim(), world.claim()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{gone}")
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": into, "reason": "Same."}), EDITH)
    ana.send("Save as a draft", 409, **typed())
    assert "was merged into" in ana.says
    assert "The register has no such ship." in ana.says
    ana.open(f"/desk/claims/{gone}")
    assert ana.path == f"/desk/claims/{into}"


def test_a_key_that_is_revoked_while_somebody_types_loses_nothing(world: World) -> None:
    claim = world.claim()
    ana = Person(world, ANA)
    ana.open(f"/desk/claims/{claim}")
    [key] = [key for key in world.store.api_keys.all() if key.name == ANA]
    revoke_key(world.store, key.id, COMMAND_LINE)
    ana.send("Save as a draft", 401, **typed())
    ana.send(key=world.keys[EDITH])
    ana.send("Back to my text")
    assert_kept(ana)
