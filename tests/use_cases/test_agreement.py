"""Agreement: one vote per checker, the latest; as a pure count, and as claims show it."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.model.verdicts import LABELS, Agreement, Rating, Verdict, VerdictState, judge
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
    expected = ["single", "single", "split", "majority", "split", "majority", "unanimous"]
    seen, given_ids = [], []
    for who, rating in [
        ("Jane", "supported"),
        ("Jane", "refuted"),
        ("John", "supported"),
        ("Joan", "refuted"),
        ("Ed", "not_enough_evidence"),
    ]:
        given_ids.append(desk.judge("c1", who, rating)["id"])
        seen.append(desk.judgement("c1")["agreement"])
    assert ids(desk.judgement("c1")["current"]) == given_ids, "with both of Jane's"
    desk.judge("c1", "Ed", "refuted", supersedes=given_ids[-1])
    seen.append(desk.judgement("c1")["agreement"])
    desk.judge("c1", "John", None, supersedes=given_ids[2])
    seen.append(desk.judgement("c1")["agreement"])
    assert seen == expected
    assert desk.judgement("c1")["tally"] == dict.fromkeys(map(str, LABELS), 0) | {"refuted": 3}
    assert desk.judgement("c1")["checkers"] == 3


def test_who_takes_back_the_latest_word_falls_back_on_the_one_before(desk: Desk) -> None:
    desk.claim("c1")
    first = desk.judge("c1", "Jane", "supported")
    second = desk.judge("c1", "Jane", "refuted")
    desk.judge("c1", "Jane", None, supersedes=second["id"])
    assert ids(desk.judgement("c1")["current"]) == [first["id"]]
    assert desk.judgement("c1")["tally"]["supported"] == 1


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
