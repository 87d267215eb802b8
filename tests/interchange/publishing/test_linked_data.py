"""The JSON-LD of feeds as linked data: one node a claim, names that stay, and what search engines require."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.interchange.publishing import claim_reviews
from service.interchange.publishing.key_set import KeySet
from service.model.verdicts import Rating
from tests.interchange.publishing.reading import HERE, elsewhere, every_node, feed, furnished, identified, linked
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

pytestmark = pytest.mark.one_engine


def claim_nodes(document: Json) -> Counter[str]:
    """Return how many nodes of each claim a document has, without references."""
    return Counter(node["@id"] for node in every_node(document) if node.get("@type") == "Claim")


def reviews_in(document: Json) -> list[Json]:
    """Return the reviews of a feed, of a graph, or of a document of one."""
    elements = document.get("dataFeedElement")
    if elements is not None:
        return [element["item"] for element in elements if "dateDeleted" not in element]
    reviews: list[Json] = document.get("@graph", [document])
    return reviews


def unfit(review: Json) -> list[str]:
    """Return what Google's search requires of a ClaimReview that this one lacks or has wrong."""
    rating = review.get("reviewRating", {})
    lowest, highest = rating.get("worstRating", 1), rating.get("bestRating", 5)
    checks = {
        "claimReviewed": isinstance(review.get("claimReviewed"), str) and review["claimReviewed"] != "",
        "url": str(review.get("url")).startswith("http"),
        "author": bool(review.get("author", {}).get("name")),
        "itemReviewed": str(review.get("itemReviewed", {}).get("@id")).startswith(HERE),
        "reviewRating": bool(rating.get("alternateName")) or "ratingValue" in rating,
        "ratingValue": lowest <= rating.get("ratingValue", lowest) <= highest,
    }
    return [name for name, is_right in checks.items() if not is_right]


@pytest.mark.parametrize("read", [feed, lambda desk: feed(desk, since="2020-01-01T00:00:00Z")])
def test_a_feed_has_one_node_of_each_claim(desk: Desk, read: Callable[[Desk], Json]) -> None:
    furnished(desk)
    document = read(desk)
    claims = claim_nodes(document)
    assert claims[f"{HERE}/v1/claims/ships#claim"] == 1
    assert set(claims.values()) == {1}
    subjects = [review["itemReviewed"] for review in reviews_in(document)]
    assert Counter(len(subject) == 1 for subject in subjects) == {False: len(claims), True: len(subjects) - len(claims)}
    assert len(subjects) > len(claims)
    assert {subject["@id"] for subject in subjects} == set(claims)


def test_a_graph_has_one_node_of_the_claim(desk: Desk) -> None:
    furnished(desk)
    document = linked(desk, "/v1/claims/ships")
    assert len(reviews_in(document)) > 2
    assert list(claim_nodes(document).values()) == [1]


def test_a_node_has_the_same_name_in_every_document_and_no_other_has_it(desk: Desk) -> None:
    furnished(desk)
    documents = [feed(desk), linked(desk, "/v1/claims/ships"), linked(desk, "/v1/claims/empty")]
    documents += [linked(desk, f"/v1/verdicts/{verdict['id']}") for verdict in desk.walk("/v1/verdicts")]
    kinds: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for node in (node for document in documents for node in every_node(document) if "@type" in node):
        kinds.setdefault(node["@id"], set()).add(node["@type"])
        if "identifier" in node and node["@type"] != "CorrectionComment":
            names.setdefault(identified(node), set()).add(node["@id"])
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
    assert {name: found for name, found in names.items() if len(found) > 1} == {}
    assert f"{HERE}/v1/claims/ships#claim" in kinds


def test_the_addresses_in_names_lead_to_the_records(desk: Desk) -> None:
    furnished(desk)
    for node in every_node(feed(desk)):
        path = node["@id"].removeprefix(HERE).partition("#")[0]
        if path.startswith("/v1/") and "checker" not in str(node.get("identifier")):
            known = desk.call("GET", path).status_code
            # A checker who is not a source is one where the verdict is imported.
            assert known == 200 or (known, node["@type"]) in {(404, "Person"), (404, "PropertyValue")}, node


def test_every_review_of_a_feed_has_what_search_engines_require(desk: Desk) -> None:
    furnished(desk)
    assert [unfit(review) for review in reviews_in(feed(desk))] == [[]] * len(reviews_in(feed(desk)))
    assert "comment" not in feed(desk)


UNRATED: dict[str, Any] = {"rating": Rating.UNMAPPED, "textual_rating": None, "rationale": None}


def numbers(value: float | None, best: float | None, worst: float | None) -> dict[str, float | None]:
    """Return the numbers of a review."""
    return {"rating_value": value, "best_rating": best, "worst_rating": worst}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((3, 5, 1), (3, 5, 1)),
        ((5, 5, 1), (5, 5, 1)),
        ((9, 5, 1), None),
        ((0, 5, 1), None),
        ((0, 5, None), None),
        ((0, 5, 0), (0, 5, 0)),
        ((60, 100, None), (60, 100, None)),
        ((60, None, None), None),
        ((4, None, None), (4, None, None)),
        ((-1, 5, -5), (-1, 5, -5)),
        ((None, 5, 1), None),
    ],
)
def test_a_number_goes_out_if_it_is_on_its_scale(
    desk: Desk, given: tuple[float | None, ...], shown: tuple[float | None, ...] | None
) -> None:
    desk.claim("ships")
    desk.source("example-checks", kind="outlet")
    elsewhere(desk, "ships", review=numbers(*given))
    [review] = reviews_in(feed(desk))
    rating = review["reviewRating"]
    assert rating["alternateName"] == "Mostly false"
    names = ("ratingValue", "bestRating", "worstRating")
    assert tuple(rating.get(name) for name in names) == (shown or (None, None, None))
    assert unfit(review) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ((None, None, None), "the review states no rating, neither in words nor as a number."),
        ((None, 5, 1), "the review states no rating, neither in words nor as a number."),
        ((9, 5, 1), "the rating 9 is not on its scale from 1 to 5, and has no words."),
        ((7.5, None, None), "the rating 7.5 is not on its scale from 1 to 5, and has no words."),
    ],
)
def test_a_review_without_a_rating_is_left_out_with_the_reason(
    desk: Desk, given: tuple[float | None, ...], reason: str
) -> None:
    desk.claim("ships")
    desk.source("example-checks", kind="outlet")
    elsewhere(desk, "ships", **UNRATED, review=numbers(*given))
    own = desk.judge("ships", "Jane")["id"]
    for document in (feed(desk), feed(desk, since="2020-01-01T00:00:00Z")):
        assert [identified(review) for review in reviews_in(document)] == [own]
        [note] = document["comment"]
        assert note["about"] == {"@id": f"{HERE}/v1/verdicts/v-elsewhere#review"}
        assert (note["url"], note["text"]) == ("https://checks.example/ships", f"Left out: {reason}")
    # The document of the verdict itself has what there is.
    assert "ratingValue" not in linked(desk, "/v1/verdicts/v-elsewhere").get("reviewRating", {})


def test_a_number_without_words_is_a_rating(desk: Desk) -> None:
    desk.claim("ships")
    desk.source("example-checks", kind="outlet")
    elsewhere(desk, "ships", **UNRATED, review=numbers(2, 5, 1))
    [review] = reviews_in(feed(desk))
    assert unfit(review) == []


def test_the_number_of_notes_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_reviews, "NOTES_AT_MOST", 2)
    desk.source("example-checks", kind="outlet")
    for number in range(5):
        desk.claim(f"c-{number}")
        elsewhere(
            desk,
            f"c-{number}",
            f"v-{number}",
            url=f"https://e.example/{number}",
            **UNRATED,
            review=numbers(None, None, None),
        )
    notes = feed(desk)["comment"]
    assert [note.get("url") for note in notes] == ["https://e.example/0", "https://e.example/1", None]
    assert notes[-1]["text"] == "Left out: 3 more, for the same reasons."


def test_what_identifies_an_author_goes_out(desk: Desk) -> None:
    desk.claim("c")
    jane = {"type": "person", "name": "Jane", "same_as": ["https://e.example/q1", "https://e.example/q2"]}
    verdict = desk.judge("c", "Jane", authors=[jane])
    [creator] = linked(desk, f"/v1/verdicts/{verdict['id']}")["creator"]
    assert creator["sameAs"] == jane["same_as"]


@given(st.lists(st.integers(0, 300)))
def test_a_key_is_new_once(keys: list[int]) -> None:
    found, seen = KeySet(), set()
    for key in keys:
        assert found.add(key) == (key not in seen)
        seen.add(key)
