"""Handing in a verdict, and reading verdicts: one claim's, everybody's, one by one."""

import datetime as dt

import pytest

from tests.use_cases.desk import WHY, Desk, done
from tests.web.helpers import Json, ids, url

RATINGS = ["supported", "refuted", "not_enough_evidence", "conflicting_evidence"]


@pytest.fixture
def claim(desk: Desk) -> str:
    """Return a claim that one document states."""
    desk.source("kr")
    desk.document("d1")
    desk.claim("c1")
    desk.mention("c1", "d1", "kr")
    return "c1"


@pytest.mark.parametrize("rating", RATINGS)
def test_a_verdict_is_kept_as_it_was_said(desk: Desk, claim: str, rating: str) -> None:
    [mention] = desk.walk(f"/v1/claims/{claim}/mentions")
    before = desk.get(f"/v1/claims/{claim}")
    said = {
        "claim_version": before["version"],
        "rating": rating,
        "textual_rating": "Halb wahr",
        "rationale": "The register has no such company.\nNor has the ministry.",
        "evidence": [
            {"mention": mention["id"], "note": "It says so."},
            {"document": "d1"},
            {"url": "https://example.org/archive/1"},
        ],
        "url": "https://example.org/checks/1",
        "language": "de",
        "title": "Arbeiten sie dort?",
        "author": "Jane Doe für Example Checks",
        "authors": [
            {"type": "person", "name": "Jane Doe", "url": None, "same_as": ["https://www.wikidata.org/wiki/Q1"]},
            {"type": "organization", "name": "Data Desk", "url": "https://example.org/data", "same_as": []},
        ],
        "reviewed_at": "2024-10-21",
    }
    response = desk.call("POST", f"/v1/claims/{claim}/verdicts", "Jane", said)
    kept = done(response, 201)

    assert response.headers["Location"] == f"/v1/verdicts/{kept['id']}"
    assert desk.get(response.headers["Location"]) == kept
    blank = {"mention": None, "document": None, "url": None, "note": None}
    assert kept["evidence"] == [blank | ground for ground in said.pop("evidence")]
    assert {name: kept[name] for name in said} == said
    assert (kept["checker"], kept["claim"], kept["state"], kept["stale"]) == ("Jane", claim, "published", False)
    assert (kept["retraction"], kept["supersedes"], kept["superseded_by"], kept["reviews"]) == (False, None, None, [])
    assert kept["published_at"] == kept["created_at"]

    after = desk.get(f"/v1/claims/{claim}")
    assert after["version"] == before["version"] + 1
    assert after["corroboration"] == before["corroboration"]
    [shown] = after["verdicts"]["current"]
    assert {name: kept[name] for name in shown} == shown
    assert after["verdicts"]["tally"] == dict.fromkeys(RATINGS, 0) | {rating: 1}


UNUSABLE: list[tuple[Json, str]] = [
    ({"claim_version": 0}, "/claim_version"),
    ({"claim_version": 99}, "/claim_version"),
    ({"claim_version": 2**63}, "/claim_version"),
    ({"claim_version": "1"}, "/claim_version"),
    ({"claim_version": 1.5}, "/claim_version"),
    ({"claim_version": True}, "/claim_version"),
    ({"rating": None}, "/rating"),
    ({"rating": "false"}, "/rating"),
    ({"rating": "SUPPORTED"}, "/rating"),
    ({"evidence": [{"mention": "m-nothing"}]}, "/evidence/0/mention"),
    ({"evidence": [{"document": "d1"}, {"document": "d-nothing"}]}, "/evidence/1/document"),
    ({"evidence": [{"document": "d1", "url": "https://example.org/"}]}, "/evidence/0"),
    ({"evidence": [{"note": "Of nothing."}]}, "/evidence/0"),
    ({"evidence": [{"url": "javascript:alert(1)"}]}, "/evidence/0/url"),
    ({"url": "example.org"}, "/url"),
    ({"language": "German"}, "/language"),
    ({"rationale": "  "}, "/rationale"),
    ({"rationale": "a\0b"}, "/rationale"),
    ({"textual_rating": "x" * 201}, "/textual_rating"),
    ({"title": "x" * 501}, "/title"),
    ({"author": ""}, "/author"),
    ({"authors": [{"name": "Jane Doe"}]}, "/authors/0/type"),
    ({"authors": [{"type": "robot", "name": "Jane Doe"}]}, "/authors/0/type"),
    ({"authors": [{"type": "person", "name": "Jane Doe", "same_as": ["Q1"]}]}, "/authors/0/same_as/0"),
    (
        {"authors": [{"type": "person", "name": "J", "same_as": ["https://e.org", "https://e.org"]}]},
        "/authors/0/same_as",
    ),
    ({"authors": [{"type": "person", "name": "Jane Doe"}] * 51}, "/authors"),
    ({"reviewed_at": "2024"}, "/reviewed_at"),
    ({"reviewed_at": "21.10.2024"}, "/reviewed_at"),
    ({"reviewed_at": "2024-02-30"}, "/reviewed_at"),
    ({"reviewed_at": "2024-10-21T09:30:00"}, "/reviewed_at"),
    ({"reviewed_at": "0001-01-01T00:00:00+14:00"}, "/reviewed_at"),
    ({"reviewed_at": "9999-12-31"}, "/reviewed_at"),
    ({"checker": "John"}, "/checker"),
    ({"supersedes": "v-nothing", "reason": WHY}, "/supersedes"),
    ({"retraction": True}, "/rating"),
    ({"retraction": True, "rating": None}, "/supersedes"),
    ({"draft": "yes"}, "/draft"),
]


def test_what_cannot_be_used_is_refused_with_a_pointer(desk: Desk, claim: str, subtests: pytest.Subtests) -> None:
    for change, field in UNUSABLE:
        with subtests.test(change=change):
            path = f"/v1/claims/{claim}/verdicts"
            desk.refused(path, "Jane", desk.said(claim) | change, 422, "invalid_request", field)


def test_who_judges_says_which_version(desk: Desk, claim: str) -> None:
    """The version before is one that somebody may well have judged; one that is not there yet nobody has."""
    version = desk.get(f"/v1/claims/{claim}")["version"]
    desk.refused(f"/v1/claims/{claim}/verdicts", "Jane", {"rating": "refuted"}, 422, field="/claim_version")
    assert desk.judge(claim, "Jane", claim_version=version - 1)["claim_version"] == version - 1
    path, future = f"/v1/claims/{claim}/verdicts", desk.said(claim, claim_version=version + 2)
    desk.refused(path, "John", future, 422, field="/claim_version")


def test_a_claim_that_is_not_there_cannot_be_judged(desk: Desk, claim: str) -> None:
    desk.refused("/v1/claims/c9/verdicts", "Jane", desk.said(claim), 404, "not_found")


def test_nobody_judges_without_a_key(desk: Desk, claim: str) -> None:
    desk.refused(f"/v1/claims/{claim}/verdicts", None, desk.said(claim), 401)


def test_a_claims_verdicts_are_listed_the_latest_first_with_all_that_was_taken_back(desk: Desk, claim: str) -> None:
    first = desk.judge(claim, "Jane", "supported")
    other = desk.judge(claim, "John", "refuted")
    second = desk.judge(claim, "Jane", "refuted", supersedes=first["id"])
    taken_back = desk.judge(claim, "John", None, supersedes=other["id"])
    desk.judge(claim, "Joan", draft=True)
    path = f"/v1/claims/{claim}/verdicts"

    assert ids(desk.walk(path)) == ids([taken_back, second, other, first])
    assert ids(desk.walk(path + "?current=true")) == ids([taken_back, second])
    assert ids(desk.walk(path + "?current=false")) == ids([other, first])
    listed = {verdict["id"]: verdict for verdict in desk.walk(path)}
    assert listed[first["id"]]["superseded_by"] == second["id"]
    assert listed[other["id"]] | {"superseded_by": None} == other
    assert listed == {verdict_id: desk.get(f"/v1/verdicts/{verdict_id}") for verdict_id in listed}


def test_verdicts_of_all_claims_are_found_by_rating_checker_and_time(desk: Desk, claim: str) -> None:
    desk.claim("c2")
    given = [
        desk.judge(on, who, rating)
        for on, who, rating in [
            (claim, "Jane", "refuted"),
            ("c2", "John", "refuted"),
            ("c2", "Jane", "supported"),
            (claim, "Joan", "refuted"),
        ]
    ]
    latest_first = ids(given[::-1])
    times = [verdict["published_at"] for verdict in given]

    def found(**filters: object) -> list[str]:
        return ids(desk.walk(url("/v1/verdicts", **filters)))

    def position(*numbers: int) -> list[str]:
        return [given[number]["id"] for number in numbers]

    assert found() == latest_first
    assert found(rating="refuted") == position(3, 1, 0)
    assert found(checker="Jane") == position(2, 0)
    assert found(checker="Jane", rating="refuted") == position(0)
    assert found(checker="Jan") == []
    assert found(checker="%") == []
    # From this instant on, and before that one.
    assert found(since=times[1]) == position(3, 2, 1)
    assert found(until=times[2]) == position(1, 0)
    assert found(since=times[1], until=times[3]) == position(2, 1)
    assert found(since=times[1], until=times[1]) == []
    assert found(rating="conflicting_evidence") == []


def test_a_filter_that_cannot_be_used_is_refused(desk: Desk, subtests: pytest.Subtests) -> None:
    for query in ("rating=false", "since=yesterday", "since=2026-01-01T00:00:00", "current=1", "by=x", "checker=%00"):
        with subtests.test(query):
            done(desk.call("GET", f"/v1/verdicts?{query}"), 422)


@pytest.mark.parametrize("path", ["/v1/verdicts", "/v1/claims/c1/verdicts"])
def test_pages_stay_as_they_are_while_others_judge(desk: Desk, claim: str, path: str) -> None:
    given = [desk.judge(claim, who) for who in ("Ann", "Eve", "Joan", "Jane", "John")]
    before: Json = {}
    seen: list[Json] = []
    for page in desk.pages(f"{path}?limit=2"):
        seen += page
        # One more on top, and one of those that were seen is superseded: nothing moves.
        before = {"supersedes": desk.judge(claim, "Ed", **before)["id"]}
        if len(seen) == 2:
            desk.judge(claim, seen[0]["checker"], supersedes=seen[0]["id"])
    assert ids(seen) == ids(given[::-1])


def test_a_draft_is_listed_from_when_it_was_published(desk: Desk, claim: str) -> None:
    drafts = [desk.judge(claim, who, draft=True) for who in ("Jane", "John", "Joan")]
    at_once = desk.judge(claim, "Ed")
    out = [desk.post(f"/v1/verdicts/{d['id']}/publication", d["checker"], None, 200) for d in (drafts[2], drafts[0])]
    for limit in (1, 2, 50):
        assert ids(desk.walk(f"/v1/verdicts?limit={limit}")) == ids([*out[::-1], at_once])
    assert ids(desk.walk(url("/v1/verdicts", since=out[0]["published_at"]))) == ids(out[::-1])
    assert ids(desk.judgement(claim)["current"]) == ids([at_once, *out])


def test_the_cursor_of_one_list_does_not_go_on_in_another(desk: Desk, claim: str) -> None:
    for who in ("Jane", "John"):
        desk.judge(claim, who)
    desk.claim("c2")
    following = desk.get(f"/v1/claims/{claim}/verdicts?limit=1")["next"]
    assert desk.get(following)["next"] is None
    assert desk.call("GET", following.replace(claim, "c2")).status_code == 404
    assert desk.call("GET", following.replace("verdicts?", "verdicts?state=draft&"), "Jane").status_code == 404


def test_a_verdict_has_the_time_it_was_published_at(desk: Desk, claim: str) -> None:
    before = dt.datetime.now(dt.UTC)
    verdict = desk.judge(claim, "Jane")
    after = dt.datetime.now(dt.UTC)
    assert before <= dt.datetime.fromisoformat(verdict["published_at"]) <= after


def test_there_is_no_way_to_change_or_delete_a_verdict(desk: Desk, claim: str) -> None:
    verdict = desk.judge(claim, "Jane")
    for path in (f"/v1/verdicts/{verdict['id']}", f"/v1/claims/{claim}", f"/v1/claims/{claim}/verdicts"):
        for method in ("PUT", "DELETE"):
            assert desk.call(method, path, "Ann", {}).status_code == 405
    assert desk.call("PATCH", f"/v1/verdicts/{verdict['id']}", "Ann", {}).status_code == 405
    assert desk.get(f"/v1/verdicts/{verdict['id']}") == verdict


def test_a_claim_is_found_by_its_ratings_and_by_how_far_checkers_agree(desk: Desk, claim: str) -> None:
    desk.claim("c2")
    desk.judge(claim, "Jane", "refuted")
    desk.judge("c2", "Jane", "refuted")
    desk.judge("c2", "John", "supported")

    def found(**filters: object) -> list[str]:
        return sorted(ids(desk.walk(url("/v1/claims", **filters))))

    assert found(rating="refuted") == ["c1", "c2"]
    assert found(rating="supported") == ["c2"]
    assert found(rating="conflicting_evidence") == []
    assert found(agreement="single") == ["c1"]
    assert found(agreement="split") == ["c2"]
    assert found(agreement="none") == []
    assert found(agreement="split", rating="refuted", topic="general") == ["c2"]


def test_a_verdict_has_an_address_of_its_own(desk: Desk, claim: str) -> None:
    verdict = desk.judge(claim, "Jane")
    assert desk.get(f"/verdicts/{verdict['id']}") == desk.get(f"/v1/verdicts/{verdict['id']}")
    draft = desk.judge(claim, "John", draft=True)
    assert desk.call("GET", f"/verdicts/{draft['id']}").status_code == 404
    assert desk.get(f"/verdicts/{draft['id']}", "John") == draft


def test_a_date_that_is_none_has_one_message(desk: Desk, claim: str) -> None:
    for date in ("soon", "2024-02-30", "9999-12-31"):
        said = desk.said(claim, reviewed_at=date)
        [error] = desk.refused(f"/v1/claims/{claim}/verdicts", "Jane", said, 422, field="/reviewed_at")["errors"]
        assert "such as 2024-10-21 or" in error["detail"]


@pytest.mark.parametrize("moment", ["2024-10-21T09:30:00Z", "2024-10-21t09:30:00.123+05:30", "2024-10-21"])
def test_the_date_of_a_review_is_kept_as_it_was_said(desk: Desk, claim: str, moment: str) -> None:
    assert desk.judge(claim, "Jane", reviewed_at=moment)["reviewed_at"] == moment
