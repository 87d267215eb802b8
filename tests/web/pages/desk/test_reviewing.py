"""Work together in a browser: review drafts, publish them, hand claims over, and walk the queue."""

from __future__ import annotations

import pytest

from service.api import build_app
from tests.settings import make_settings
from tests.web.pages.desk.browser import Person
from tests.web.pages.desk.verdicts import assert_kept, typed, verdicts
from tests.web.pages.reading import section, text_of
from tests.world import ADA, ANA, BEN, EDITH, Request, World

pytestmark = pytest.mark.one_engine


def test_a_colleague_reviews_a_draft(world: World) -> None:
    claim = world.claim()
    mention = world.mention(claim)
    draft = world.verdict(claim, draft=True, reviewers=[BEN], evidence=[{"mention": mention}], rationale="Why not.")
    ben = Person(world, BEN)
    assert f"/desk/reviews/{draft}" in section(ben.page, "reviews").xpath(".//a/@href")
    ben.open(f"/desk/reviews/{draft}")
    assert "Why not." in ben.says
    ben.send("Give the review", 422, decision="request_changes")
    assert ben.problems == [
        "“Changes to make” is required with “request_changes”, such as: Quote the register by its number."
    ]
    ben.send("Give the review", note="Name the register.")
    assert "Your review is given." in ben.says
    ana = Person(world, ANA)
    assert "Name the register." in text_of(section(ana.page, "drafts"))
    ana.open(f"/desk/verdicts/{draft}")
    ana.send("Publish …", 409)
    assert f"{BEN} has requested changes" in ana.problems[0]
    ana.send("Publish …", despite_request="1")
    ana.send("Publish it")
    assert len(verdicts(world, claim)) == 1


def test_an_editor_publishes_a_draft_under_the_name_of_its_author(world: World) -> None:
    claim = world.claim()
    draft = world.verdict(claim, draft=True, reviewers=[BEN])
    edith, ben = Person(world, EDITH), Person(world, BEN)
    ben.open(f"/desk/reviews/{draft}")
    assert ben.page.xpath("//button[@value='publish']") == []
    ben.send("Give the review", decision="request_changes", note="Why?")
    edith.open(f"/desk/reviews/{draft}")
    edith.send("Publish …", 409, note="Typed.")
    assert f"{BEN} has requested changes" in edith.problems[0]
    assert edith.value("note") == "Typed."
    edith.send("Publish …", despite_request="1")
    assert f"It is public at once, under the name of {ANA}." in edith.says
    edith.send("Publish it")
    [verdict] = verdicts(world, claim)
    assert (verdict["checker"], verdict["published_by"]) == (ANA, EDITH)


def test_a_draft_that_was_replaced_is_reviewed_as_it_is_now(world: World) -> None:
    claim = world.claim()
    draft = world.verdict(claim, draft=True, reviewers=[BEN], rationale="The first text.")
    ben = Person(world, BEN)
    ben.open(f"/desk/reviews/{draft}")
    later = world.verdict(
        claim, draft=True, reviewers=[BEN], rationale="The second text.", supersedes=draft, reason="B."
    )
    ben.send("Give the review", 409, decision="request_changes", note="Say more.")
    before, now = [text_of(side) for side in section(ben.page, "newer").xpath(".//li")]
    assert "The first text." in before
    assert "The second text." in now
    assert ben.value("note") == "Say more."
    ben.send("Give the review")
    [reviewed] = verdicts(world, claim, BEN, state="draft")
    assert (reviewed["id"], reviewed["reviews"][0]["note"]) == (later, "Say more.")


def test_where_reviews_are_required_a_draft_is_published_after_one(world: World) -> None:
    settings = make_settings(f"sqlite:///{world.store.database.path}", review_required=True)
    world.app = build_app(world.store, settings)
    claim = world.claim()
    ana, ben = Person(world, ANA), Person(world, BEN)
    ana.open(f"/desk/claims/{claim}")
    ana.send("Publish …", 409, **typed())
    assert ana.problems == ["Verdicts are reviewed before they are published."]
    assert_kept(ana)
    ana.send("Save as a draft", reviewers=[BEN])
    ana.send("Publish …", 409)
    assert ana.problems == ["Another checker has to approve the draft, with no later request for changes."]
    ben.open("/desk")
    ben.open(ben.page.xpath("//section[@aria-labelledby='reviews']//h3/a/@href")[0])
    ben.send("Give the review", decision="approve")
    ana.open("/desk")
    assert "approved it: ready to publish." in ana.says
    ana.open(f"/desk/claims/{claim}")
    ana.send("Publish …")
    ana.send("Publish it")
    assert len(verdicts(world, claim)) == 1


def test_a_claim_is_taken_handed_over_and_handed_back_with_all_that_is_typed(world: World) -> None:
    claim = world.claim()
    ana, ben, edith = (Person(world, name) for name in (ANA, BEN, EDITH))
    ana.open(f"/desk/claims/{claim}")
    ana.send("Take it", **typed())
    assert "You have it until" in ana.says
    assert_kept(ana)
    ana.send("Offer it", colleague=BEN)
    assert f"It is offered to {BEN}." in ana.says
    assert_kept(ana)
    ben.open("/desk")
    assert f"{ANA} offers it to you." in ben.says
    ben.open(f"/desk/claims/{claim}")
    ben.send("Take it over")
    assert world.get(f"/v1/claims/{claim}/assignment", ADA)["checker"] == BEN
    ana.send("Publish …", 409)
    assert ana.problems[0].startswith(f"The claim is assigned to {BEN} until ")
    assert "Send" not in ana.problems[0]
    assert_kept(ana)
    ana.send("Publish …", despite_assignment="1")
    assert "Publish this verdict?" in ana.says
    ben.send("Hand it back")
    assert "Nobody has taken it." in ben.says
    edith.open(f"/desk/claims/{claim}")
    edith.send("Assign it", colleague=ANA)
    assert f"{ANA} has it until" in edith.says
    edith.send("Release it")
    assert "Nobody has taken it." in edith.says
    ana.open(f"/desk/claims/{claim}")
    ana.send("Take it")
    world.done(Request("POST", f"/v1/claims/{claim}/release"), EDITH)
    ana.send("Hand it back", 409, **typed())
    assert_kept(ana)


def test_the_queue_has_pages_and_shows_what_colleagues_have_if_asked(world: World) -> None:
    claims = [world.claim() for _ in range(3)]
    world.done(Request("POST", f"/v1/claims/{claims[0]}/assignment", {}, 201), BEN)
    draft = world.verdict(claims[1], BEN, draft=True, reviewers=[ANA])
    ana = Person(world, ANA)
    ana.open("/desk/queue?limit=1")
    [first] = section(ana.page, "list").xpath(".//h3/a/@href")
    ana.open(ana.page.xpath("//a[@rel='next']/@href")[0])
    [second] = section(ana.page, "list").xpath(".//h3/a/@href")
    assert {first, second} == {f"/desk/claims/{claim}" for claim in claims[1:]}
    ana.open("/desk/queue?need=&everything=true")
    assert f"{BEN} has it until" in ana.says
    ana.open("/desk/queue?need=review")
    assert section(ana.page, "list").xpath(".//h3/a/@href") == [f"/desk/reviews/{draft}"]
    ana.open("/desk/queue?need=no", 422)
