"""Mentions and links are added, withdrawn with a reason, and may be said again."""

import datetime as dt
from itertools import product

import pytest

from tests.use_cases.desk import WHY, Desk, done, without
from tests.web.helpers import Json, ids

LOCATOR = {"start": 10, "end": 20, "sha256": "b" * 64}


@pytest.fixture
def claim(desk: Desk) -> str:
    """Return a claim, two sources, a document of 100 code points, and another claim."""
    desk.source("kr")
    desk.source("wsj")
    desk.document("d1", length=100, publisher="wsj")
    desk.claim("c1")
    desk.claim("c2")
    return "c1"


# Mentions.


def test_a_mention_is_kept_as_it_was_said_and_counts_at_once(desk: Desk, claim: str) -> None:
    said = {
        "document": "d1",
        "stance": "differs",
        "attribution": ["wsj", "kr"],
        "basis": "carried_over",
        "passage": "headline",
        "locator": LOCATOR,
        "reported": {
            "quantity": {"low": 1, "high": None, "unit": "ships", "qualifier": "at_least"},
            "time_frame": None,
            "text": None,
        },
        "note": "A note.",
    }
    response = desk.call("POST", f"/v1/claims/{claim}/mentions", "Ed", said)
    kept = done(response, 201)
    assert response.headers["Location"] == f"/v1/mentions/{kept['id']}"
    assert desk.get(response.headers["Location"]) == kept
    assert desk.walk(f"/v1/claims/{claim}/mentions") == [kept]
    assert kept["document"] == {"id": "d1", "title": None, "publisher": "wsj"}
    assert ids(kept["attribution"]) == ["wsj", "kr"]
    assert kept["origin"] == "kr"
    for name in ("stance", "basis", "passage", "locator", "reported", "note"):
        assert kept[name] == said[name]
    shown = desk.get(f"/v1/claims/{claim}")
    assert shown["version"] == 2
    assert shown["corroboration"]["differing"] == {"named": 1, "at_least": 1, "at_most": 1}
    assert ids(desk.walk("/v1/claims?origin=kr&stance=differs")) == [claim]


@pytest.mark.parametrize(
    ("stance", "rule"), [("partly_supports", "partial_support"), ("partly_refutes", "partial_refutation")]
)
def test_a_mention_of_a_part_is_shown_and_not_counted(desk: Desk, claim: str, stance: str, rule: str) -> None:
    before = desk.get(f"/v1/claims/{claim}")["corroboration"]
    mention = desk.mention(claim, "d1", "kr", stance=stance)
    assert desk.walk(f"/v1/claims/{claim}/mentions")[0]["stance"] == stance
    assert desk.get(f"/v1/claims/{claim}")["corroboration"] == before | {"mentions": 1, "documents": 1}
    [left_out] = desk.get(f"/v1/claims/{claim}/corroboration")["not_counted"]
    assert (left_out["mention"], left_out["rule"]) == (mention["id"], rule)
    assert ids(desk.walk(f"/v1/claims?stance={stance}")) == [claim]


UNUSABLE: list[tuple[Json, str]] = [
    ({"document": "d9"}, "/document"),
    ({"document": None}, "/document"),
    ({"attribution": ["kr", "nobody"]}, "/attribution/1"),
    ({"attribution": ["kr", "kr"]}, "/attribution"),
    ({"attribution": []}, "/basis"),
    ({"basis": None}, "/basis"),
    ({"basis": "guessed"}, "/basis"),
    ({"stance": "likes"}, "/stance"),
    ({"stance": "differs"}, "/reported"),
    ({"stance": "differs", "reported": {}}, "/reported/text"),
    ({"locator": LOCATOR | {"end": 101}}, "/locator/end"),
    ({"locator": LOCATOR | {"end": 10}}, "/locator/end"),
    ({"locator": LOCATOR | {"start": -1}}, "/locator/start"),
    ({"locator": LOCATOR | {"sha256": "B" * 64}}, "/locator/sha256"),
    ({"locator": LOCATOR | {"text": "The words."}}, "/locator/text"),
    ({"id": "m-1"}, "/id"),
    ({"claim": "c2"}, "/claim"),
]


def test_a_mention_that_cannot_be_is_refused(desk: Desk, claim: str, subtests: pytest.Subtests) -> None:
    good = {"document": "d1", "stance": "supports", "attribution": ["kr"], "basis": "explicit"}
    path = f"/v1/claims/{claim}/mentions"
    for change, field in UNUSABLE:
        with subtests.test(change=change):
            desk.refused(path, "Ed", good | change, 422, "invalid_request", field)
    desk.refused("/v1/claims/c9/mentions", "Ed", good, 404, "not_found")
    desk.refused(path, "Jane", good, 403)
    desk.refused(path, None, good, 401)


def test_the_same_words_are_counted_once(desk: Desk, claim: str) -> None:
    """The same place with the same chain is the same mention, whatever is made of it."""
    path = f"/v1/claims/{claim}/mentions"
    said = {"document": "d1", "stance": "supports", "attribution": ["kr"], "basis": "explicit"}
    for place in ({}, {"locator": LOCATOR}):
        desk.post(path, "Ed", said | place)
        desk.refused(path, "Eve", said | place | {"stance": "refutes", "note": "B."}, 409, "already_exists")
    desk.post(path, "Ed", said | {"locator": LOCATOR | {"end": 21}})
    desk.post(path, "Ed", said | {"attribution": ["wsj", "kr"]})
    desk.post("/v1/claims/c2/mentions", "Ed", said)
    assert desk.get(f"/v1/claims/{claim}")["corroboration"]["mentions"] == 4


def test_a_withdrawn_mention_counts_no_more_and_says_why(desk: Desk, claim: str) -> None:
    before = without(desk.get(f"/v1/claims/{claim}"))
    mention = desk.mention(claim, "d1", "kr")
    path = f"/v1/mentions/{mention['id']}"
    assert desk.status(claim) == "single_origin"
    start = dt.datetime.now(dt.UTC)
    told = desk.withdraw(path, "Eve")
    assert told["id"] == mention["id"]
    assert (told["withdrawn"]["by"], told["withdrawn"]["reason"]) == ("Eve", WHY)
    assert start <= dt.datetime.fromisoformat(told["withdrawn"]["at"]) <= dt.datetime.now(dt.UTC)

    gone = done(desk.call("GET", path), 410)
    assert (gone["code"], gone["withdrawn"]) == ("withdrawn", told["withdrawn"])
    assert without(desk.get(f"/v1/claims/{claim}")) == before
    assert desk.walk(f"/v1/claims/{claim}/mentions") == []
    assert desk.walk("/v1/claims?source=kr") == []
    assert desk.get("/v1/documents/d1")["claims"] == 0


def test_what_was_withdrawn_is_not_withdrawn_again_and_may_be_said_again(desk: Desk, claim: str) -> None:
    mention = desk.mention(claim, "d1", "kr", locator=LOCATOR)
    path = f"/v1/mentions/{mention['id']}"
    desk.refused(f"{path}/withdrawal", "Jane", {"reason": WHY}, 403)
    desk.refused(f"{path}/withdrawal", "Ed", {}, 422, field="/reason")
    desk.refused(f"{path}/withdrawal", "Ed", {"reason": "\t"}, 422, field="/reason")
    told = desk.withdraw(path)
    problem = desk.refused(f"{path}/withdrawal", "Eve", {"reason": "Twice."}, 410, "withdrawn")
    assert problem["withdrawn"] == told["withdrawn"]
    again = desk.mention(claim, "d1", "kr", locator=LOCATOR)
    assert again["id"] != mention["id"]
    desk.refused(
        f"/v1/claims/{claim}/mentions",
        "Ed",
        {"document": "d1", "stance": "supports", "attribution": ["kr"], "basis": "explicit", "locator": LOCATOR},
        409,
        "already_exists",
    )
    desk.withdraw(f"/v1/mentions/{again['id']}")
    desk.mention(claim, "d1", "kr", locator=LOCATOR)
    desk.refused("/v1/mentions/m-nothing/withdrawal", "Ed", {"reason": WHY}, 404)


def test_a_verdict_keeps_the_mention_it_rests_on(desk: Desk, claim: str) -> None:
    mention = desk.mention(claim, "d1", "kr")
    verdict = desk.judge(claim, "Jane", evidence=[{"mention": mention["id"]}])
    desk.withdraw(f"/v1/mentions/{mention['id']}")
    assert desk.get(f"/v1/verdicts/{verdict['id']}")["evidence"] == verdict["evidence"]


# Links.


@pytest.mark.parametrize("kind", ["contradicts", "refines", "part_of", "distinct_from"])
def test_a_link_is_shown_with_both_claims_until_it_is_withdrawn(desk: Desk, claim: str, kind: str) -> None:
    before = [without(desk.get(f"/v1/claims/{one}")) for one in (claim, "c2")]
    response = desk.call("POST", f"/v1/claims/{claim}/links", "Ed", {"type": kind, "claim": "c2", "note": "Why."})
    link = done(response, 201)
    assert response.headers["Location"] == f"/v1/links/{link['id']}"
    assert link == {"id": link["id"], "claim": claim, "type": kind, "other": "c2", "note": "Why."}
    assert desk.get(f"/v1/links/{link['id']}") == link
    for one, other, direction in ((claim, "c2", "outgoing"), ("c2", claim, "incoming")):
        shown = {"id": link["id"], "type": kind, "direction": direction, "claim": other, "note": "Why."}
        assert desk.get(f"/v1/claims/{one}")["links"] == [shown]
    assert sorted(entry["claim"] for entry in desk.walk("/v1/conflicts")) == [claim, "c2"] * (kind == "contradicts")

    told = desk.withdraw(f"/v1/links/{link['id']}", "Eve")
    gone = done(desk.call("GET", f"/v1/links/{link['id']}"), 410)
    assert gone["withdrawn"] == told["withdrawn"]
    assert (gone["withdrawn"]["by"], gone["withdrawn"]["reason"]) == ("Eve", WHY)
    assert [without(desk.get(f"/v1/claims/{one}")) for one in (claim, "c2")] == before
    assert desk.walk("/v1/conflicts") == []
    desk.refused(f"/v1/links/{link['id']}/withdrawal", "Ed", {"reason": WHY}, 410, "withdrawn")
    assert desk.link(claim, kind, "c2")["id"] != link["id"]


def test_what_is_said_between_two_claims_is_said_once(desk: Desk, claim: str) -> None:
    kinds = ("contradicts", "refines", "part_of", "distinct_from")
    for kind in kinds:
        desk.link(claim, kind, "c2")
    for kind, note in product(kinds, (None, "A note.")):
        desk.refused(f"/v1/claims/{claim}/links", "Eve", {"type": kind, "claim": "c2", "note": note}, 409, "linked")
    for kind in ("contradicts", "distinct_from"):
        desk.refused("/v1/claims/c2/links", "Ed", {"type": kind, "claim": claim}, 409, "linked")
    assert len(desk.get(f"/v1/claims/{claim}")["links"]) == 4


def test_what_is_said_of_a_merged_claim_is_said_of_what_stands_for_it(desk: Desk, claim: str) -> None:
    desk.claim("c3")
    link = desk.link(claim, "contradicts", "c3")
    desk.merge(f"/v1/claims/{claim}", "c2")
    desk.refused("/v1/claims/c2/links", "Ed", {"type": "contradicts", "claim": "c3"}, 409, "linked")
    desk.refused("/v1/claims/c3/links", "Ed", {"type": "contradicts", "claim": "c2"}, 409, "linked")
    desk.withdraw(f"/v1/links/{link['id']}")
    assert desk.get("/v1/claims/c2")["links"] == desk.get("/v1/claims/c3")["links"] == []
    desk.link("c3", "contradicts", "c2")
    desk.unmerge(f"/v1/claims/{claim}")
    assert desk.get(f"/v1/claims/{claim}")["links"] == []


def test_claims_that_are_merged_are_not_linked_to_each_other(desk: Desk, claim: str) -> None:
    desk.link(claim, "refines", "c2")
    desk.merge(f"/v1/claims/{claim}", "c2")
    assert desk.get("/v1/claims/c2")["links"] == []
    desk.unmerge(f"/v1/claims/{claim}")
    assert len(desk.get("/v1/claims/c2")["links"]) == 1


def test_a_link_that_cannot_be_is_refused(desk: Desk, claim: str, subtests: pytest.Subtests) -> None:
    path = f"/v1/claims/{claim}/links"
    cases: list[tuple[Json, str]] = [
        ({"claim": claim}, "/claim"),
        ({"claim": "c9"}, "/claim"),
        ({"claim": None}, "/claim"),
        ({"type": "likes"}, "/type"),
        ({"note": " "}, "/note"),
        ({"other": "c2"}, "/other"),
    ]
    for change, field in cases:
        with subtests.test(change=change):
            desk.refused(path, "Ed", {"type": "refines", "claim": "c2"} | change, 422, "invalid_request", field)
    desk.refused("/v1/claims/c9/links", "Ed", {"type": "refines", "claim": "c2"}, 404)
    desk.refused(path, "Jane", {"type": "refines", "claim": "c2"}, 403)
    link = desk.link(claim, "refines", "c2")
    desk.refused(f"/v1/links/{link['id']}/withdrawal", "Jane", {"reason": WHY}, 403)
    desk.refused(f"/v1/links/{link['id']}/withdrawal", "Ed", {}, 422, field="/reason")
    desk.refused("/v1/links/l-nothing/withdrawal", "Ed", {"reason": WHY}, 404)
