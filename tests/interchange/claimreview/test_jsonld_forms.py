"""Types and properties in the forms that JSON-LD allows."""

from typing import Any

import pytest

from tests.interchange.claimreview.samples import item, review


@pytest.mark.parametrize(
    "type_",
    [
        "ClaimReview",
        ["ClaimReview"],
        ["Review", "ClaimReview", None],
        "schema:ClaimReview",
        "http://schema.org/ClaimReview",
        "https://schema.org/ClaimReview",
        "claimReview",
    ],
)
def test_types(type_: Any) -> None:
    assert item(review(**{"@type": type_})).warnings == ()


def test_aliases_of_keywords() -> None:
    named = {"type": "ClaimReview", "id": "https://checks.example.org/x"}

    assert item({**review(), "@type": None, **named}).warnings == ()


@pytest.mark.parametrize("prefix", ["schema:", "http://schema.org/", "https://schema.org/"])
def test_properties_with_their_prefix(prefix: str) -> None:
    def prefixed(value: Any) -> Any:
        if isinstance(value, list):
            return [prefixed(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {key if key.startswith("@") else prefix + key: prefixed(inner) for key, inner in value.items()}

    assert item(prefixed(review(1))) == item(review(1))


def test_expanded_json_ld() -> None:
    expanded = {
        "@type": ["http://schema.org/ClaimReview"],
        "http://schema.org/claimReviewed": [{"@value": "Expanded", "@language": "en"}],
        "http://schema.org/url": [{"@id": "https://checks.example.org/reviews/1"}],
        "http://schema.org/author": [
            {"@type": ["http://schema.org/Organization"], "http://schema.org/name": [{"@value": "D"}]}
        ],
        "http://schema.org/reviewRating": [{"http://schema.org/alternateName": [{"@value": "False"}]}],
    }
    found = item([expanded])

    assert (found.claim, found.publisher.name, found.textual_rating) == ("Expanded", "D", "False")
    assert found.url == "https://checks.example.org/reviews/1"
