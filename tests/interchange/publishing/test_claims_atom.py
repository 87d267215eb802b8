"""The Atom feed of changed claims: what has changed, from which status to which, and what was merged."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interchange.publishing.reading import HERE, furnished
from tests.interchange.publishing.test_atom import deleted, pages, parsed
from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import assert_problem

pytestmark = pytest.mark.one_engine

PATH = "/feeds/claims.atom"
STATUS, BEFORE = "urn:claim-verification:status", "urn:claim-verification:status-before"


def entries(desk: Desk, query: str = "") -> list[Any]:
    """Return the entries of the first page."""
    read: list[Any] = parsed(desk.call("GET", f"{PATH}?{query}").data).entries
    return read


def address(entry: Any) -> str:
    """Return the address of the claim of an entry."""
    [found] = [link["href"] for link in entry.links if link["rel"] == "alternate"]
    return str(found)


def terms(entry: Any, scheme: str) -> list[str]:
    """Return the categories of an entry in a scheme."""
    return [tag["term"] for tag in entry.tags if tag["scheme"] == scheme]


def test_every_claim_is_one_entry_the_last_changed_first(desk: Desk) -> None:
    furnished(desk)
    walked = [entry for page in pages(desk, f"{PATH}?limit=2") for entry in page.entries]
    listed = desk.walk("/v1/claims")
    assert [address(entry) for entry in walked] == [f"{HERE}/v1/claims/{claim['id']}" for claim in listed]
    assert [(entry.updated, entry.published) for entry in walked] == [
        (claim["updated_at"], claim["created_at"]) for claim in listed
    ]
    assert [terms(entry, STATUS) for entry in walked] == [[claim["corroboration"]["status"]] for claim in listed]
    assert parsed(desk.call("GET", PATH).data).feed.updated == listed[0]["updated_at"]


def test_an_entry_tells_the_status_before_and_after(desk: Desk) -> None:
    desk.source("ministry")
    desk.document("d-1", title="Ships")
    desk.claim("ships", text="Twelve ships came.", topics=["ships", "navy"])
    [before] = entries(desk)
    assert before.title == "Twelve ships came."
    assert terms(before, BEFORE) == []
    assert before.summary.startswith("Ed entered the claim.\nNow: ")

    desk.mention("ships", "d-1", "ministry", who="Eve")
    [after] = entries(desk)
    assert (after.id, after.published, after.author) == (before.id, before.published, "Eve")
    assert after.updated > before.updated
    assert (terms(after, BEFORE), terms(after, STATUS)) == (["unsupported"], ["single_origin"])
    assert terms(after, "urn:claim-verification:topic") == ["ships", "navy"]
    first, second, *_ = after.summary.split("\n")
    assert first == "Status: unsupported → single origin."
    assert second == "Eve added a mention: “Ships” supports it, attributed to Ministry."


def test_an_entry_tells_of_a_change_of_the_words_and_of_a_verdict(desk: Desk) -> None:
    desk.claim("a", text="Twelve ships came.")
    desk.patch("/v1/claims/a", "Ed", {"text": "Ten ships came."})
    [entry] = entries(desk)
    assert entry.title == "Ten ships came."
    assert "Ed changed the claim: text from “Twelve ships came.” to “Ten ships came.”." in entry.summary
    verdict = desk.judge("a", "Jane")
    [entry] = entries(desk)
    assert entry.summary.startswith("Agreement: none → single.\nJane judged version 2 of it: refuted.")
    desk.judge("a", "Jane", "supported", supersedes=verdict["id"])
    [entry] = entries(desk)
    assert "Status" not in entry.summary
    assert f"Jane corrected the verdict {verdict['id']}: now supported. Reason: {WHY}" in entry.summary


def test_a_draft_is_not_told_of(desk: Desk) -> None:
    desk.claim("a")
    before = desk.call("GET", PATH)
    desk.judge("a", "Jane", draft=True)
    after = desk.call("GET", PATH, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 304


def test_a_change_that_the_log_of_the_claim_does_not_tell_of_has_an_entry(desk: Desk) -> None:
    desk.source("ministry")
    desk.claim("a")
    desk.document("d-1")
    desk.mention("a", "d-1", "ministry")
    desk.patch("/v1/sources/ministry", "Ed", {"name": "Ministry of Ships"})
    [entry] = entries(desk)
    assert entry.summary.startswith("A source or document of the claim has changed.\nNow: Ministry of Ships")
    assert entry.author == "claim-verification"


def test_a_merged_claim_has_a_tombstone(desk: Desk) -> None:
    desk.claim("a")
    desk.claim("b")
    [gone] = [entry for entry in entries(desk) if address(entry).endswith("/b")]
    desk.merge("/v1/claims/b", "a")
    document = desk.call("GET", PATH).data
    [entry] = parsed(document).entries
    assert f"Reason: {WHY}" in entry.summary
    assert deleted(document) == [(gone.id, entry.updated, "Ed", f"Merged into a: {WHY}")]


def test_the_feed_of_a_topic(desk: Desk) -> None:
    for claim, topic in (("a", "ships"), ("b", "rain"), ("c", "ships")):
        desk.claim(claim, topics=[topic])
    assert [address(entry).rsplit("/", 1)[1] for entry in entries(desk, "topic=ships")] == ["c", "a"]
    assert entries(desk, "topic=none") == []


def test_a_cursor_of_another_feed_is_refused(desk: Desk) -> None:
    for claim in "ab":
        desk.claim(claim)
    following = parsed(desk.call("GET", f"{PATH}?limit=1").data).feed.links
    [path] = [link["href"].removeprefix(HERE) for link in following if link["rel"] == "next"]
    assert_problem(desk.call("GET", path.replace("claims.atom", "verdicts.atom")), 404)
    assert_problem(desk.call("GET", f"{PATH}?status=contested"), 422)
