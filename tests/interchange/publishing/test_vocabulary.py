"""The check of JSON-LD against schema.org finds errors, so that the tests that use it can fail."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.interchange.publishing.vocabulary import findings


def with_ids(value: Any, place: str = "https://checks.example/#") -> Any:
    """Return a document with an ``@id`` in each node."""
    if isinstance(value, list):
        return [with_ids(each, f"{place}-{number}") for number, each in enumerate(value)]
    if not isinstance(value, dict):
        return value
    own = {} if "@graph" in value else {"@id": place}
    return own | {name: with_ids(inner, f"{place}-{name}") for name, inner in value.items()}


GOOD: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/1",
    "claimReviewed": "Twelve ships came.",
    "datePublished": "2024-05",
    "author": [{"@type": "Organization", "name": "Example Checks"}, {"@type": "Person", "name": "Jane Doe"}],
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "alternateName": "False"},
    "itemReviewed": {"@type": "Claim", "appearance": {"@type": "NewsArticle", "headline": "Ships"}},
}


def test_a_valid_document_has_no_errors() -> None:
    assert findings(with_ids(GOOD)) == []
    nodes = [{name: value for name, value in GOOD.items() if name != "@context"}] * 2
    assert findings(with_ids({"@context": "https://schema.org", "@graph": nodes})) == []
    assert findings(with_ids(GOOD) | {"itemReviewed": {"@id": "https://checks.example/claim"}}) == []


@pytest.mark.parametrize(
    ("path", "value", "finding"),
    [
        ("@context", "https://other.example", "/@context"),
        ("@context", None, "/@context"),
        ("@type", "ClaimCheck", "/@type"),
        ("@type", None, "/@type"),
        ("@id", "checks.example", "/@id"),
        ("@id", None, "/@id"),
        ("itemReviewed/@id", None, "/itemReviewed/@id"),
        ("@graph", [], "/@graph"),
        ("verdict", "False", "/verdict"),
        ("firstAppearance", {"@type": "CreativeWork"}, "/firstAppearance"),  # of a Claim, not of its review
        ("ratingValue", 1, "/ratingValue"),
        ("claimReviewed", 12, "/claimReviewed"),
        ("claimReviewed", {"@type": "Claim", "text": "Twelve ships came."}, "/claimReviewed"),
        ("url", "checks.example", "/url"),
        ("datePublished", "yesterday", "/datePublished"),
        ("datePublished", "2024-13-01", "/datePublished"),
        ("datePublished", "2024-05-01T12:00:00", "/datePublished"),
        ("author", [{"@type": "Organization"}, {"@type": "Place", "name": "Here"}], "/author/1"),
        ("reviewRating/ratingValue", {"@type": "Person"}, "/reviewRating/ratingValue"),
        ("reviewRating/alternateName", 5, "/reviewRating/alternateName"),
        ("reviewRating/bestRating", True, "/reviewRating/bestRating"),
        ("reviewRating/stars", 5, "/reviewRating/stars"),
        ("itemReviewed/appearance/headline", {"@type": "Rating"}, "/itemReviewed/appearance/headline"),
        ("itemReviewed/appearance/@type", "Person", "/itemReviewed/appearance"),
    ],
)
def test_errors_are_found_with_their_place(path: str, value: Any, finding: str) -> None:
    document = with_ids(copy.deepcopy(GOOD))
    *above, name = path.split("/")
    node = document
    for step in above:
        node = node[step]
    node[name] = with_ids(value)
    assert [said.split(": ")[0] for said in findings(document)][-1] == finding
