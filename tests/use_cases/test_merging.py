"""Two claims are found to be one; and one call undoes it."""

from itertools import permutations

import pytest

from tests.use_cases.desk import WHY, Desk, catalogue, done, shown
from tests.web.helpers import Json, ids, url


def test_a_merge_keeps_every_mention_link_and_verdict(desk: Desk, claims: list[str]) -> None:
    mentions = [*desk.walk("/v1/claims/a/mentions"), *desk.walk("/v1/claims/b/mentions")]
    verdicts = [*desk.walk("/v1/claims/b/verdicts"), *desk.walk("/v1/claims/a/verdicts")]
    merged = desk.merge("/v1/claims/a", "b")
    assert merged == desk.get("/v1/claims/b")
    assert merged["merged_from"] == ["a"]
    assert merged["topics"] == ["general", "only-b"], "its own words stay its own"
    assert merged["corroboration"]["status"] == "corroborated"
    assert merged["corroboration"]["mentions"] == merged["corroboration"]["documents"] == 2
    assert [m | {"claim": "b"} for m in mentions] == desk.walk("/v1/claims/b/mentions")
    assert [v | {"stale": True} for v in verdicts] == desk.walk("/v1/claims/b/verdicts"), "each of the claim it judged"
    assert merged["verdicts"]["agreement"] == "split"
    assert sorted((link["type"], link["claim"]) for link in merged["links"]) == [("contradicts", "x"), ("refines", "x")]
    assert [(link["type"], link["claim"], link["direction"]) for link in desk.get("/v1/claims/x")["links"]] == [
        ("contradicts", "b", "incoming"),
        ("refines", "b", "incoming"),
    ]
    for mention in mentions:
        assert desk.get(f"/v1/mentions/{mention['id']}")["id"] == mention["id"]


def test_what_was_merged_leads_to_what_stands_for_it(desk: Desk, claims: list[str]) -> None:
    desk.merge("/v1/claims/a", "b")
    paths = ["", "/mentions?limit=3", "/corroboration?as_of=2026-01-01&quorum=3", "/verdicts?current=true", "/history"]
    for path in paths:
        response = desk.call("GET", f"/v1/claims/a{path}")
        told = done(response, 308)
        assert response.headers["Location"] == f"/v1/claims/b{path}"
        assert (told["id"], told["merged_into"]) == ("a", "b")
        assert (told["merged"]["by"], told["merged"]["reason"]) == ("Ed", WHY)
        assert desk.call("GET", response.headers["Location"]).status_code == 200
    tag = desk.call("GET", "/v1/claims/b").headers["ETag"]
    assert desk.call("GET", "/v1/claims/a", None, None, {"If-None-Match": tag}).status_code == 308


def test_who_writes_to_what_was_merged_is_sent_on(desk: Desk, claims: list[str]) -> None:
    """With the method and the body: 308 keeps both, and a client that follows has written to what stands for it."""
    desk.merge("/v1/claims/a", "b")
    mention = {"document": "d-c", "stance": "supports", "attribution": ["gov-c"], "basis": "explicit"}
    before = desk.rows()
    for method, path, who, body in [
        ("POST", "/mentions", "Ed", mention),
        ("POST", "/links", "Ed", {"type": "contradicts", "claim": "c"}),
        ("POST", "/assignment", "Jane", {}),
        ("POST", "/release", "Jane", None),
        ("PATCH", "", "Ed", {"note": "A note."}),
    ]:
        response = desk.call(method, f"/v1/claims/a{path}", who, body, {"If-Match": "*"})
        assert done(response, 308)["merged_into"] == "b"
        assert response.headers["Location"] == f"/v1/claims/b{path}"
    assert desk.rows() == before
    said = {"claim_version": 1, "rating": "refuted"}
    problem = desk.refused("/v1/claims/a/verdicts", "Jane", said, 409, "merged")
    assert "'b'" in problem["detail"], "what was judged is not what one is sent to: it is to be read first"


def test_one_call_undoes_a_merge(desk: Desk, claims: list[str]) -> None:
    before, everywhere = shown(desk, "a", "b", "x"), catalogue(desk)
    for own, into in (("a", "b"), ("b", "a"), ("x", "c")):
        desk.merge(f"/v1/claims/{own}", into)
        assert desk.unmerge(f"/v1/claims/{own}") == desk.get(f"/v1/claims/{own}")
        assert shown(desk, "a", "b", "x") == before
        assert catalogue(desk) == everywhere


@pytest.mark.parametrize("undone", list(permutations("ab")), ids="-".join)
def test_a_chain_of_merges_is_undone_in_any_order(desk: Desk, claims: list[str], undone: tuple[str, ...]) -> None:
    before, everywhere = shown(desk, *claims, "x"), catalogue(desk)
    desk.merge("/v1/claims/a", "b")
    one_step = shown(desk, "b", "c")
    desk.merge("/v1/claims/b", "c")
    whole = desk.get("/v1/claims/c")
    assert whole["merged_from"] == ["a", "b"]
    assert whole["corroboration"]["origins"] == {"named": 3, "at_least": 3, "at_most": 3}
    assert whole["verdicts"]["checkers"] == 3
    for claim in ("a", "b"):
        response = desk.call("GET", f"/v1/claims/{claim}/mentions")
        assert (response.status_code, response.headers["Location"]) == (308, "/v1/claims/c/mentions")
    desk.unmerge(f"/v1/claims/{undone[0]}")
    if undone[0] == "b":
        assert shown(desk, "b", "c") == one_step
    desk.unmerge(f"/v1/claims/{undone[1]}")
    assert shown(desk, *claims, "x") == before
    assert catalogue(desk) == everywhere


def test_what_came_while_they_were_one_stays_where_it_was_said(desk: Desk, claims: list[str]) -> None:
    desk.merge("/v1/claims/a", "b")
    desk.mention("b", "d-c", "gov-c")
    desk.judge("b", "Ed")
    desk.unmerge("/v1/claims/a")
    assert len(desk.walk("/v1/claims/a/mentions")) == 1
    assert len(desk.walk("/v1/claims/b/mentions")) == 2
    assert len(desk.walk("/v1/claims/b/verdicts")) == 2


def test_a_mention_of_a_merged_claim_can_be_withdrawn(desk: Desk, claims: list[str]) -> None:
    [mention] = desk.walk("/v1/claims/a/mentions")
    desk.merge("/v1/claims/a", "b")
    desk.withdraw(f"/v1/mentions/{mention['id']}")
    assert desk.status("b") == "single_origin"
    desk.unmerge("/v1/claims/a")
    assert desk.status("a") == "unsupported"


@pytest.mark.parametrize("kind", ["distinct_from", "contradicts"])
def test_claims_that_a_link_parts_are_not_merged(desk: Desk, claims: list[str], kind: str) -> None:
    """Whichever of them said so, of which of all that they stand for."""
    [before] = desk.get("/v1/claims/a")["links"]
    desk.withdraw(f"/v1/links/{before['id']}")
    link = desk.link("a", kind, "c")
    desk.refused("/v1/claims/a/merge", "Ed", {"into": "c", "reason": WHY}, 409, "distinct")
    desk.refused("/v1/claims/c/merge", "Ed", {"into": "a", "reason": WHY}, 409, "distinct")
    desk.merge("/v1/claims/a", "b")
    desk.refused("/v1/claims/b/merge", "Ed", {"into": "c", "reason": WHY}, 409, "distinct")
    problem = desk.refused("/v1/claims/c/merge", "Ed", {"into": "b", "reason": WHY}, 409, "distinct")
    assert link["id"] in problem["detail"], "it says what stands in the way"
    desk.merge("/v1/claims/x", "b")
    desk.withdraw(f"/v1/links/{link['id']}")
    assert desk.merge("/v1/claims/b", "c")["merged_from"] == ["a", "b", "x"]


def test_what_cannot_be_merged_is_refused(desk: Desk, claims: list[str]) -> None:
    path = "/v1/claims/a/merge"
    desk.refused(path, "Ed", {"into": "a", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "nothing", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "No id", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "b"}, 422, field="/reason")
    desk.refused(path, "Ed", {"into": "b", "reason": " "}, 422, field="/reason")
    desk.refused("/v1/claims/nothing/merge", "Ed", {"into": "b", "reason": WHY}, 404)
    desk.refused("/v1/claims/nothing/unmerge", "Ed", {"reason": WHY}, 404)
    desk.refused("/v1/claims/a/unmerge", "Ed", {"reason": WHY}, 409, "not_merged")
    for who, status in ((None, 401), ("Jane", 403)):
        desk.refused(path, who, {"into": "b", "reason": WHY}, status)
    desk.merge("/v1/claims/a", "b")
    desk.refused(path, "Ed", {"into": "c", "reason": WHY}, 409, "merged")
    desk.refused(path, "Ed", {"into": "b", "reason": WHY}, 409, "merged")
    desk.refused("/v1/claims/c/merge", "Ed", {"into": "a", "reason": WHY}, 422, field="/into")
    desk.refused("/v1/claims/b/merge", "Ed", {"into": "a", "reason": WHY}, 422, field="/into")
    desk.refused("/v1/claims/b/unmerge", "Ed", {"reason": WHY}, 409, "not_merged")
    desk.refused("/v1/claims/c/links", "Ed", {"type": "contradicts", "claim": "a"}, 422, field="/claim")


def test_no_list_no_count_and_no_filter_shows_a_merged_claim(desk: Desk, claims: list[str]) -> None:
    desk.merge("/v1/claims/a", "b")
    filters: list[Json] = [
        {"topic": "only-a"},
        {"topic": "general"},
        {"source": "gov-a"},
        {"origin": "gov-a"},
        {"document": "d-a"},
        {"status": "corroborated"},
        {"min_origins": 1},
        {"stance": "supports", "source": "gov-a"},
        {"agreement": "split"},
        {"rating": "supported"},
        {},
    ]
    for given in filters:
        for path in ("/v1/claims", "/v1/corroboration", "/v1/conflicts"):
            text = desk.call("GET", url(path, **given)).get_data(as_text=True)
            assert '"id":"a"' not in text, (path, given)
    for path in ("/v1/sources/gov-a/claims", "/v1/documents/d-a/claims"):
        assert ids(desk.walk(path)) == ["b"], "what rests on it is what stands for it now"
    assert {topic["id"]: topic["claims"] for topic in desk.walk("/v1/topics")} == {
        "general": 3,
        "only-b": 1,
        "only-c": 1,
    }
    assert desk.get("/v1/sources/gov-a")["claims"] == {"origin": 1, "relay": 0, "publisher": 1}
    assert desk.get("/v1/documents/d-a")["claims"] == 1
    waiting = {(item["need"], item["claim"]["id"]) for item in desk.walk("/v1/queue?everything=true", "Jane")}
    assert waiting == {("unjudged", "x"), ("stale", "b")}


def test_a_merged_claim_is_nobodys_duty(desk: Desk, claims: list[str]) -> None:
    desk.post("/v1/claims/a/assignment", "Jane", {})
    desk.post("/v1/claims/b/assignment", "John", {})
    desk.merge("/v1/claims/a", "b")
    assert desk.get("/v1/claims/b/assignment", "Jane")["checker"] == "John"
    desk.unmerge("/v1/claims/a")
    desk.refused("/v1/claims/a/release", "Jane", None, 404)


def test_a_verdict_of_a_merged_claim_is_superseded_with_the_one_that_stands_for_it(
    desk: Desk, claims: list[str]
) -> None:
    [first] = desk.walk("/v1/claims/a/verdicts")
    desk.merge("/v1/claims/a", "b")
    second = desk.judge("b", "Jane", "refuted", supersedes=first["id"])
    assert desk.judgement("b")["agreement"] == "unanimous"
    desk.refused("/v1/claims/c/verdicts", "Jane", desk.said("c", supersedes=second["id"]), 409, "another_claim")
    again = desk.said("b", supersedes=first["id"])
    desk.refused("/v1/claims/b/verdicts", "Jane", again, 409, "already_superseded")


def test_a_draft_does_not_supersede_a_verdict_on_what_became_another_claim(desk: Desk, claims: list[str]) -> None:
    [first] = desk.walk("/v1/claims/a/verdicts")
    desk.merge("/v1/claims/a", "b")
    draft = desk.judge("b", "Jane", supersedes=first["id"], draft=True)
    desk.unmerge("/v1/claims/a")
    desk.refused(f"/v1/verdicts/{draft['id']}/publication", "Jane", None, 409, "another_claim")
    assert ids(desk.judgement("a")["current"]) == [first["id"]]
    desk.withdraw(f"/v1/verdicts/{draft['id']}", "Jane")
    desk.judge("a", "Jane", None, supersedes=first["id"])


def test_a_draft_on_a_merged_claim_is_published_with_the_one_that_stands_for_it(desk: Desk, claims: list[str]) -> None:
    desk.post("/v1/claims/b/assignment", "Ed", {})
    draft = desk.judge("a", "Ed", "supported", draft=True)
    desk.merge("/v1/claims/a", "b")
    desk.post(f"/v1/verdicts/{draft['id']}/publication", "Ed", None, 200)
    assert draft["id"] in ids(desk.judgement("b")["current"])
    assert desk.call("GET", "/v1/claims/b/assignment", "Ed").status_code == 404, "what he took, he has judged"
    desk.unmerge("/v1/claims/a")
    assert draft["id"] in ids(desk.judgement("a")["current"])


def test_a_draft_on_a_merged_claim_is_replaced_by_one_on_what_stands_for_it(desk: Desk, claims: list[str]) -> None:
    [first] = desk.walk("/v1/claims/a/verdicts")
    draft = desk.judge("a", "Jane", "refuted", draft=True, supersedes=first["id"])
    desk.merge("/v1/claims/a", "b")
    said = {"claim_version": 1, "rating": "refuted", "supersedes": draft["id"], "reason": WHY}
    desk.refused("/v1/claims/a/verdicts", "Jane", said, 409, "merged")
    better = desk.judge("b", "Jane", "refuted", supersedes=draft["id"])
    assert (better["claim"], better["supersedes"]) == ("b", first["id"])
    assert ids(desk.judgement("b")["current"])[-1] == better["id"]
