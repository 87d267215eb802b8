"""Verdicts are corrected and taken back by further verdicts; nothing that was said is ever edited or deleted."""

import pytest

from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import ids

# What of a verdict's row tells where it is on its way. All the rest is what it says.
STATE = {"state", "state_us", "reviewed_us", "superseded_by_id", "published_by", "withdrawn_by", "withdrawn_reason"}


@pytest.fixture
def claim(desk: Desk) -> str:
    """Return a claim without any mention."""
    desk.claim("c1")
    return "c1"


def test_a_correction_takes_the_place_of_what_it_corrects(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane", "supported")
    second = desk.judge(claim, "Jane", "refuted", supersedes=first["id"], reason="The ministry corrected its figure.")
    assert (second["supersedes"], second["reason"]) == (first["id"], "The ministry corrected its figure.")
    assert desk.get(f"/v1/verdicts/{first['id']}") == first | {"superseded_by": second["id"]}
    assert ids(desk.judgement(claim)["current"]) == [second["id"]]
    assert desk.judgement(claim)["tally"]["supported"] == 0


def test_a_correction_needs_a_reason(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane")
    path, said = f"/v1/claims/{claim}/verdicts", desk.said(claim, supersedes=first["id"])
    desk.refused(path, "Jane", said | {"reason": None}, 422, field="/reason")
    desk.refused(path, "Jane", said | {"reason": " "}, 422, field="/reason")
    del said["reason"]
    desk.refused(path, "Jane", said, 422, field="/reason")


@pytest.mark.parametrize("rating", ["supported", None], ids=["correction", "retraction"])
def test_only_its_author_or_an_admin_corrects_a_verdict_or_takes_it_back(
    desk: Desk, claim: str, rating: str | None
) -> None:
    path, first = f"/v1/claims/{claim}/verdicts", desk.judge(claim, "Jane")
    for who in ("John", "Ed"):
        for draft in (False, True):
            desk.refused(path, who, desk.said(claim, rating, supersedes=first["id"], draft=draft), 403, "forbidden")
    by_jane = desk.judge(claim, "Jane", rating, supersedes=first["id"])
    by_ann = desk.judge(claim, "Ann", rating, supersedes=by_jane["id"])
    assert by_ann["checker"] == "Ann", "an admin speaks for herself, not for somebody else"
    assert desk.get(f"/v1/verdicts/{by_jane['id']}")["checker"] == "Jane"


def test_a_verdict_is_superseded_once(desk: Desk, claim: str) -> None:
    path, first = f"/v1/claims/{claim}/verdicts", desk.judge(claim, "Jane")
    desk.judge(claim, "Jane", "supported", supersedes=first["id"])
    for who in ("Jane", "Ann"):
        for rating in ("refuted", None):
            for draft in (False, True):
                said = desk.said(claim, rating, supersedes=first["id"], draft=draft)
                desk.refused(path, who, said, 409, "already_superseded")


def test_a_draft_holds_the_place_until_it_is_withdrawn(desk: Desk, claim: str) -> None:
    path, first = f"/v1/claims/{claim}/verdicts", desk.judge(claim, "Jane")
    draft = desk.judge(claim, "Jane", "supported", supersedes=first["id"], draft=True)
    assert ids(desk.judgement(claim)["current"]) == [first["id"]], "a draft takes nobody's place yet"
    desk.refused(path, "Ann", desk.said(claim, supersedes=first["id"]), 409, "already_superseded")
    desk.refused(path, "Jane", desk.said(claim, None, supersedes=first["id"]), 409, "already_superseded")
    desk.withdraw(f"/v1/verdicts/{draft['id']}", "Jane")
    second = desk.judge(claim, "Jane", None, supersedes=first["id"])
    assert desk.get(f"/v1/verdicts/{first['id']}")["superseded_by"] == second["id"]


def test_two_drafts_do_not_both_supersede_one_verdict(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane")
    desk.judge(claim, "Jane", supersedes=first["id"], draft=True)
    said = desk.said(claim, supersedes=first["id"], draft=True)
    desk.refused(f"/v1/claims/{claim}/verdicts", "Jane", said, 409, "already_superseded")


def test_a_verdict_on_one_claim_does_not_supersede_one_on_another(desk: Desk, claim: str) -> None:
    desk.claim("c2")
    path, first = "/v1/claims/c2/verdicts", desk.judge(claim, "Jane")
    draft = desk.judge(claim, "Jane", draft=True)
    for superseded in (first, draft):
        for rating in ("refuted", None):
            desk.refused(path, "Jane", desk.said("c2", rating, supersedes=superseded["id"]), 409, "another_claim")
            drafted = desk.said("c2", rating, supersedes=superseded["id"], draft=True)
            desk.refused(path, "Jane", drafted, 409, "another_claim")


def test_a_retraction_is_a_verdict_that_rates_nothing(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane", "supported")
    retraction = desk.judge(claim, "Jane", None, supersedes=first["id"], reason="The photograph was of another port.")
    assert (retraction["retraction"], retraction["rating"]) == (True, None)
    assert retraction["reason"] == "The photograph was of another port."
    judged = desk.judgement(claim)
    assert (judged["agreement"], judged["checkers"], judged["current"]) == ("none", 0, [])
    assert ids(desk.walk("/v1/claims?agreement=none")) == [claim]
    assert desk.walk("/v1/claims?rating=supported") == []
    assert ids(desk.walk(f"/v1/claims/{claim}/verdicts")) == [retraction["id"], first["id"]]


def test_after_a_retraction_one_may_judge_again(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane", "supported")
    retraction = desk.judge(claim, "Jane", None, supersedes=first["id"])
    again = desk.judge(claim, "Jane", "refuted")
    assert ids(desk.judgement(claim)["current"]) == [again["id"]]
    path, restored = f"/v1/claims/{claim}/verdicts", desk.said(claim, "supported", supersedes=retraction["id"])
    assert again["id"] in desk.refused(path, "Jane", restored, 409, "already_judged")["detail"]
    desk.judge(claim, "Jane", None, supersedes=again["id"])
    restored = desk.judge(claim, "Jane", supersedes=retraction["id"])
    assert ids(desk.judgement(claim)["current"]) == [restored["id"]]
    desk.refused(
        f"/v1/claims/{claim}/verdicts", "Jane", desk.said(claim, supersedes=first["id"]), 409, "already_superseded"
    )


def test_nothing_is_retracted_without_saying_what_and_why(desk: Desk, claim: str) -> None:
    path, first = f"/v1/claims/{claim}/verdicts", desk.judge(claim, "Jane")
    desk.refused(path, "Jane", desk.said(claim, None), 422, field="/supersedes")
    desk.refused(path, "Jane", desk.said(claim, None, supersedes=first["id"], reason=None), 422, field="/reason")


def test_nothing_that_was_said_is_ever_edited_or_deleted(desk: Desk, claim: str) -> None:
    """Through a verdict's whole life, all that changes in any row that is there is its state."""
    names = [column.name for column in desk.store.database.peewee.get_columns("verdicts")]
    kept: dict[str, dict[str, object]] = {}
    reviews: dict[int, tuple[object, ...]] = {}

    def look() -> None:
        rows = [dict(zip(names, row, strict=True)) for row in desk.store.database.rows("SELECT * FROM verdicts")]
        now = {row["public_id"]: {k: v for k, v in row.items() if k not in STATE} for row in rows}
        assert {name: now.get(name) for name in kept} == kept
        kept.update(now)
        said = {row[0]: row for row in desk.store.database.rows("SELECT * FROM reviews")}
        assert {key: said.get(key) for key in reviews} == reviews
        reviews.update(said)

    first = desk.judge(claim, "Jane", "supported", rationale="One.", evidence=[{"url": "https://example.org/"}])
    look()
    draft = desk.judge(claim, "Jane", "refuted", supersedes=first["id"], draft=True, reviewers=["John"])
    look()
    ask = {"decision": "request_changes", "note": "Say which register."}
    desk.post(f"/v1/verdicts/{draft['id']}/reviews", "John", ask)
    look()
    better = desk.judge(claim, "Jane", "refuted", supersedes=draft["id"], draft=True, rationale="The trade register.")
    look()
    desk.post(f"/v1/verdicts/{better['id']}/reviews", "Ed", {"decision": "approve"})
    look()
    desk.post(f"/v1/verdicts/{better['id']}/publication", "Ed", None, 200)
    look()
    given_up = desk.judge(claim, "Jane", draft=True)
    desk.withdraw(f"/v1/verdicts/{given_up['id']}", "Jane")
    look()
    desk.patch(f"/v1/claims/{claim}", "Ed", {"text": "Another statement."})
    desk.claim("c2")
    desk.merge(f"/v1/claims/{claim}", "c2")
    look()
    desk.judge("c2", "Ann", None, supersedes=better["id"])
    look()
    desk.unmerge(f"/v1/claims/{claim}")
    look()
    assert len(kept) == 5
    assert len(reviews) == 2
    assert WHY in {row["reason"] for row in kept.values()}
