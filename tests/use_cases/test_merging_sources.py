"""Two sources are found to be one; and one call undoes it."""

from itertools import permutations

import pytest

from tests.use_cases.desk import WHY, Desk, catalogue, done, shown, without
from tests.web.helpers import ids


def test_merged_sources_are_one_origin_and_one_call_undoes_it(desk: Desk, claims: list[str]) -> None:
    desk.mention("a", "d-b", "gov-b")
    before = (shown(desk, *claims), catalogue(desk), without(desk.get("/v1/sources/gov-a")))
    assert desk.status("a") == "corroborated"
    merged = desk.merge("/v1/sources/gov-a", "gov-b")
    assert merged == desk.get("/v1/sources/gov-b")
    assert merged["claims"]["origin"] == 2
    assert desk.status("a") == "single_origin"
    assert [source["merged_into"] for source in desk.walk("/v1/sources") if source["id"] == "gov-a"] == ["gov-b"]
    assert desk.unmerge("/v1/sources/gov-a") == desk.get("/v1/sources/gov-a")
    assert (shown(desk, *claims), catalogue(desk), without(desk.get("/v1/sources/gov-a"))) == before


@pytest.mark.parametrize("undone", list(permutations("ab")), ids="-".join)
def test_a_chain_of_merged_sources_is_undone_in_any_order(
    desk: Desk, claims: list[str], undone: tuple[str, ...]
) -> None:
    desk.mention("a", "d-b", "gov-b")
    desk.mention("a", "d-c", "gov-c")
    before = (shown(desk, *claims), catalogue(desk))
    desk.merge("/v1/sources/gov-a", "gov-b")
    assert desk.get("/v1/claims/a")["corroboration"]["origins"] == {"named": 2, "at_least": 2, "at_most": 2}
    desk.merge("/v1/sources/gov-b", "gov-c")
    assert desk.get("/v1/claims/a")["corroboration"]["origins"] == {"named": 1, "at_least": 1, "at_most": 1}
    followed = desk.client.get("/v1/sources/gov-a/claims?role=origin", follow_redirects=True)
    assert followed.request.path == "/v1/sources/gov-c/claims"
    assert followed.request.query_string == b"role=origin"
    for claim in undone:
        desk.unmerge(f"/v1/sources/gov-{claim}")
    assert (shown(desk, *claims), catalogue(desk)) == before


def test_a_merged_source_leads_to_the_other_one(desk: Desk, claims: list[str]) -> None:
    desk.merge("/v1/sources/gov-a", "gov-b")
    for method, path in (("GET", ""), ("GET", "/claims?role=origin&limit=3"), ("PATCH", "")):
        response = desk.call(
            method, f"/v1/sources/gov-a{path}", "Ed", {} if method == "PATCH" else None, {"If-Match": "*"}
        )
        told = done(response, 308)
        assert response.headers["Location"] == f"/v1/sources/gov-b{path}"
        assert (told["merged_into"], told["merged"]["reason"]) == ("gov-b", WHY)


def test_sources_that_cannot_be_merged(desk: Desk, claims: list[str]) -> None:
    path = "/v1/sources/gov-a/merge"
    desk.refused(path, "Ed", {"into": "gov-a", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "nothing", "reason": WHY}, 422, field="/into")
    desk.refused(path, "Ed", {"into": "gov-b"}, 422, field="/reason")
    desk.refused("/v1/sources/nothing/merge", "Ed", {"into": "gov-b", "reason": WHY}, 404)
    desk.refused("/v1/sources/gov-a/unmerge", "Ed", {"reason": WHY}, 409, "not_merged")
    desk.refused(path, "Jane", {"into": "gov-b", "reason": WHY}, 403)
    desk.merge("/v1/sources/gov-a", "gov-b")
    desk.refused(path, "Ed", {"into": "gov-c", "reason": WHY}, 409, "merged")
    desk.refused("/v1/sources/gov-c/merge", "Ed", {"into": "gov-a", "reason": WHY}, 422, field="/into")
    desk.refused("/v1/sources/gov-b/merge", "Ed", {"into": "gov-a", "reason": WHY}, 422, field="/into")
    desk.refused("/v1/sources/gov-b/unmerge", "Ed", {"reason": WHY}, 409, "not_merged")


def test_a_source_merged_into_what_it_is_part_of_is_no_circle(desk: Desk, claims: list[str]) -> None:
    desk.patch("/v1/sources/gov-a", "Ed", {"part_of": "gov-b"})
    desk.merge("/v1/sources/gov-b", "gov-a")
    assert ids(desk.walk("/v1/sources/gov-a/claims")) == ["b", "a"]
    desk.unmerge("/v1/sources/gov-b")
