"""A checker has one current verdict on a claim: another has to supersede it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.interchange.publishing.reading import elsewhere
from tests.use_cases.desk import Desk
from tests.web.helpers import Json, ids


@pytest.fixture
def path(desk: Desk) -> str:
    """Return the path of the verdicts of a claim."""
    desk.claim("c1")
    return "/v1/claims/c1/verdicts"


def test_a_second_verdict_without_supersedes_is_refused(desk: Desk, path: str) -> None:
    first = desk.judge("c1", "Jane")
    problem = desk.refused(path, "Jane", desk.said("c1", "supported"), 409, "already_judged")
    assert f'"supersedes": "{first["id"]}"' in problem["detail"]
    desk.judge("c1", "John")
    second = desk.judge("c1", "Jane", "supported", supersedes=first["id"])
    desk.judge("c1", "Jane", None, supersedes=second["id"])
    desk.judge("c1", "Jane")


def test_a_draft_is_refused_when_it_is_published(desk: Desk, path: str) -> None:
    draft = desk.judge("c1", "Jane", draft=True)
    first = desk.judge("c1", "Jane", "supported")
    for who in ("Jane", "Ed"):
        problem = desk.refused(f"/v1/verdicts/{draft['id']}/publication", who, None, 409, "already_judged")
        assert first["id"] in problem["detail"]
    better = desk.judge("c1", "Jane", draft=True, supersedes=first["id"])
    assert desk.post(f"/v1/verdicts/{better['id']}/publication", "Jane", None, 200)["state"] == "published"
    assert ids(desk.judgement("c1")["current"]) == [better["id"]]


def test_to_supersede_anothers_verdict_is_no_way_to_have_two(desk: Desk, path: str) -> None:
    by_jane, by_ann = desk.judge("c1", "Jane"), desk.judge("c1", "Ann")
    problem = desk.refused(path, "Ann", desk.said("c1", supersedes=by_jane["id"]), 409, "already_judged")
    assert by_ann["id"] in problem["detail"]
    desk.judge("c1", "Ann", None, supersedes=by_jane["id"])
    assert ids(desk.judgement("c1")["current"]) == [by_ann["id"]]


def test_a_review_published_elsewhere_is_none_of_the_checkers_here(desk: Desk, path: str) -> None:
    desk.source("jane", name="Jane", kind="outlet")
    elsewhere(desk, "c1", review={"publisher": "jane"})
    desk.judge("c1", "Jane")
    assert desk.judgement("c1")["checkers"] == 2


def test_of_two_at_once_one_wins(desk: Desk, path: str) -> None:
    said = desk.said("c1")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: _post(desk, path, said), range(4)))
    assert sorted(answers) == [201, 409, 409, 409]
    assert len(desk.judgement("c1")["current"]) == 1


def _post(desk: Desk, path: str, said: Json) -> int:
    headers = {"Authorization": f"Bearer {desk.keys['Jane']}"}
    try:
        return desk.client.application.test_client().post(path, json=said, headers=headers).status_code
    finally:
        desk.store.database.close()


def test_publishers_that_are_one_party_have_one_vote(desk: Desk, path: str) -> None:
    for name in ("checks-a", "checks-b"):
        desk.source(name, kind="outlet")
    late, early = {"reviewed_at": "2024-01-02"}, {"reviewed_at": "2024-01-01", "rating": "supported"}
    elsewhere(desk, "c1", "v-a", review={"publisher": "checks-a"}, url="https://a.example/1", **early)
    elsewhere(desk, "c1", "v-b", review={"publisher": "checks-b"}, url="https://b.example/1", **late)
    before = desk.get("/v1/claims/c1")
    assert (before["verdicts"]["checkers"], before["verdicts"]["agreement"]) == (2, "split")
    desk.merge("/v1/sources/checks-b", "checks-a")
    desk.assert_whole()
    assert _tally(desk) == {"refuted": 1}
    desk.unmerge("/v1/sources/checks-b")
    desk.assert_whole()
    assert desk.judgement("c1") == before["verdicts"]
    desk.source("checks-c", kind="outlet")
    desk.merge("/v1/sources/checks-a", "checks-c")
    desk.merge("/v1/sources/checks-b", "checks-c")
    desk.assert_whole()
    assert _tally(desk) == {"refuted": 1}


def _tally(desk: Desk) -> Json:
    return {rating: votes for rating, votes in desk.judgement("c1")["tally"].items() if votes}
