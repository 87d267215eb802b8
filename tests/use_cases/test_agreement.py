"""Agreement: one vote per checker, the latest; as a pure count, and as claims show it."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.model.actors import MIGRATION
from service.model.verdicts import LABELS, Agreement, PublishedReview, Rating, Verdict, VerdictState, judge
from service.use_cases.projections import changes
from tests.use_cases.desk import Desk
from tests.web.helpers import ids

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
S, R, N, C = LABELS
RATINGS = st.sampled_from([*LABELS, None])


def verdict(number: int, checker: str, rating: Rating | None, **changes: object) -> Verdict:
    """Return a verdict published some minutes after noon."""
    at = NOON + dt.timedelta(minutes=number)
    made = Verdict(f"v-{number}", "c1", 1, checker, at, VerdictState.PUBLISHED, at, rating)
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("votes", "agreement"),
    [
        ([], Agreement.NONE),
        ([S], Agreement.SINGLE),
        ([S, S], Agreement.UNANIMOUS),
        ([N, N, N], Agreement.UNANIMOUS),
        ([S, R], Agreement.SPLIT),
        ([S, S, R], Agreement.MAJORITY),
        ([S, S, R, R], Agreement.SPLIT),
        ([S, R, N], Agreement.SPLIT),
        # The most votes are no majority when they are not more than half of them.
        ([S, S, R, N], Agreement.SPLIT),
        ([S, S, S, R, N], Agreement.MAJORITY),
        ([S, S, R, R, N], Agreement.SPLIT),
        ([C, C, C, R, R, R, S], Agreement.SPLIT),
    ],
)
def test_agreement(votes: list[Rating], agreement: Agreement) -> None:
    judged = judge(verdict(number, f"checker {number}", rating) for number, rating in enumerate(votes))
    assert judged.agreement is agreement
    assert judged.checkers == len(votes)
    assert judged.tally == {rating: votes.count(rating) for rating in LABELS}


def test_the_latest_verdict_of_a_checker_is_the_vote() -> None:
    earlier, later = verdict(1, "Jane", S), verdict(2, "Jane", R)
    for order in ([earlier, later], [later, earlier]):
        judged = judge(order)
        assert judged.current == (earlier, later), "both stand, the oldest first"
        assert (judged.agreement, judged.tally[R], judged.tally[S]) == (Agreement.SINGLE, 1, 0)


def test_the_time_of_publication_decides_which_is_the_latest() -> None:
    slow = verdict(1, "Jane", S, state_at=NOON + dt.timedelta(hours=1))
    assert judge([slow, verdict(2, "Jane", R)]).tally[S] == 1


def review(number: int, rating: Rating, **dates: str | None) -> Verdict:
    """Return a review of one publisher, in the order of their arrival."""
    published = PublishedReview("checks", modified_at=dates.pop("modified_at", None))
    return verdict(number, "Checks", rating, review=published, **dates)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"reviewed_at": "2019-05-01"}, {"reviewed_at": "2023-05-01"}),
        ({"reviewed_at": None}, {"reviewed_at": "1999-05-01"}),
        ({"reviewed_at": None, "modified_at": "2024-01-01"}, {"reviewed_at": "2019-05-01"}),
        # The date of publication counts before that of a change, a day as its first instant in UTC.
        ({"reviewed_at": "2019-05-01", "modified_at": "2024-01-01"}, {"reviewed_at": "2019-05-02"}),
        ({"reviewed_at": "2019-05-01"}, {"reviewed_at": "2019-05-01", "modified_at": "2019-05-01"}),
        ({"reviewed_at": "2019-05-01", "modified_at": "2019-06-01"}, {"reviewed_at": "2019-05-01T09:00:00Z"}),
        ({"reviewed_at": "2019-05-02T00:30:00+09:00"}, {"reviewed_at": "2019-05-01T23:30:00Z"}),
        ({"reviewed_at": "2019-05-01T20:00:00-05:00"}, {"reviewed_at": "2019-05-02T01:30:00+00:00"}),
        ({"reviewed_at": "2019-05-02T08:00:00+09:00"}, {"reviewed_at": "2019-05-02"}),
    ],
)
def test_the_later_review_by_its_own_dates_is_the_vote(older: dict[str, str], newer: dict[str, str]) -> None:
    for first, second in ((1, 2), (2, 1)):
        reviews = [review(first, R, **older), review(second, S, **newer)]
        assert judge(reviews).votes == judge(reversed(reviews)).votes == (reviews[1],)


def test_of_reviews_of_one_date_the_id_decides() -> None:
    reviews = [review(1, R, reviewed_at="2019-05-01"), review(2, S, reviewed_at="2019-05-01")]
    assert judge(reviews).votes == judge(reversed(reviews)).votes == (reviews[1],)


def test_merged_publishers_have_one_vote() -> None:
    reviews = [verdict(n, f"Checks {n}", rating, review=PublishedReview(f"p{n}")) for n, rating in enumerate([R, S, N])]
    assert judge(reviews).checkers == 3
    assert judge(reviews, {"p0": "p1"}).votes == (reviews[1], reviews[2])


def test_what_does_not_stand_has_no_vote() -> None:
    none = [
        verdict(1, "Jane", S, state=VerdictState.DRAFT),
        verdict(2, "John", S, state=VerdictState.WITHDRAWN),
        verdict(3, "Joan", S, superseded_by="v-9"),
        verdict(4, "Ann", None, supersedes="v-0", reason="Wrong."),
    ]
    assert judge(none) == judge([])


@given(st.lists(st.tuples(st.integers(0, 5), RATINGS, st.booleans())))
def test_votes_are_counted_whatever_their_order(said: list[tuple[int, Rating | None, bool]]) -> None:
    """The count is that of the last word of each checker, and no order of the rows changes it."""
    verdicts = [
        verdict(number, f"checker {who}", rating, superseded_by="v-x" if gone else None)
        for number, (who, rating, gone) in enumerate(said)
    ]
    votes = {who: rating for who, rating, gone in said if rating is not None and not gone}
    judged = judge(verdicts)
    assert judge(reversed(verdicts)) == judged
    assert judged.checkers == sum(judged.tally.values()) == len(votes)
    assert {rating: n for rating, n in judged.tally.items() if n} == Counter(votes.values())
    most = max(judged.tally.values())
    assert (judged.agreement is Agreement.NONE) == (not votes)
    assert (judged.agreement is Agreement.SINGLE) == (len(votes) == 1)
    assert (judged.agreement is Agreement.UNANIMOUS) == (len(votes) > 1 and most == len(votes))
    assert (judged.agreement is Agreement.MAJORITY) == (len(votes) / 2 < most < len(votes))


def test_a_claim_shows_all_current_verdicts_and_what_they_add_up_to(desk: Desk) -> None:
    desk.claim("c1")
    assert desk.judgement("c1") == {
        "agreement": "none",
        "checkers": 0,
        "tally": dict.fromkeys(map(str, LABELS), 0),
        "current": [],
    }
    expected = ["single", "split", "majority", "split", "majority", "unanimous"]
    seen, given_ids = [], []
    for who, rating in [
        ("Jane", "refuted"),
        ("John", "supported"),
        ("Joan", "refuted"),
        ("Ed", "not_enough_evidence"),
    ]:
        given_ids.append(desk.judge("c1", who, rating)["id"])
        seen.append(desk.judgement("c1")["agreement"])
    assert ids(desk.judgement("c1")["current"]) == given_ids
    desk.judge("c1", "Ed", "refuted", supersedes=given_ids[-1])
    seen.append(desk.judgement("c1")["agreement"])
    desk.judge("c1", "John", None, supersedes=given_ids[1])
    seen.append(desk.judgement("c1")["agreement"])
    assert seen == expected
    assert desk.judgement("c1")["tally"] == dict.fromkeys(map(str, LABELS), 0) | {"refuted": 3}
    assert desk.judgement("c1")["checkers"] == 3


def test_who_takes_back_the_latest_word_falls_back_on_the_one_before(desk: Desk) -> None:
    """Two current verdicts of one checker come together by a merge, whichever of the claims the later one was on."""
    for later, earlier in (("c1", "c2"), ("c4", "c3")):
        for claim in sorted((later, earlier)):
            desk.claim(claim)
        first = desk.judge(earlier, "Jane", "supported")
        second = desk.judge(later, "Jane", "refuted")
        into = min(later, earlier)
        desk.merge(f"/v1/claims/{max(later, earlier)}", into)
        assert ids(desk.judgement(into)["current"]) == [first["id"], second["id"]]
        assert (desk.judgement(into)["checkers"], desk.judgement(into)["tally"]["refuted"]) == (1, 1)
        path, said = f"/v1/claims/{into}/verdicts", desk.said(into)
        assert second["id"] in desk.refused(path, "Jane", said, 409, "already_judged")["detail"]
        desk.judge(into, "Jane", None, supersedes=second["id"])
        assert ids(desk.judgement(into)["current"]) == [first["id"]]
        assert desk.judgement(into)["tally"]["supported"] == 1


def test_a_verdict_changes_no_corroboration_and_corroboration_no_verdict(desk: Desk) -> None:
    desk.claim("c1")
    desk.source("kr")
    desk.document("d1")
    before = desk.get("/v1/claims/c1")
    desk.judge("c1", "Jane", "refuted")
    after = desk.get("/v1/claims/c1")
    assert after["corroboration"] == before["corroboration"]
    desk.mention("c1", "d1", "kr")
    shown = desk.get("/v1/claims/c1")
    assert shown["corroboration"]["status"] == "single_origin"
    assert shown["verdicts"]["tally"] == after["verdicts"]["tally"]
    assert shown["verdicts"]["agreement"] == "single"


def test_an_upgrade_says_why_the_votes_changed(desk: Desk) -> None:
    desk.claim("c1")
    desk.judge("c1", "Jane")
    [state] = desk.store.claims.claim_states(list(desk.store.claims.all_claim_keys()))
    counted: Any = SimpleNamespace(counts=state.counts, json=state.json.replace('"single"', '"split"'))
    [by_upgrade], [by_person] = (list(changes(state, counted, actor)) for actor in (MIGRATION, "Ed"))
    assert by_upgrade.payload["to"]["agreement"] == by_person.payload["to"]["agreement"] == "split"
    assert "the later by its own date" in by_upgrade.payload["reason"]
    assert "reason" not in by_person.payload
