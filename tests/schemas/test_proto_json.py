"""Messages of Google's API are read as ProtoJSON: absent values, names, and forms of numbers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from marshmallow import ValidationError

from service.schemas.google_pages import ClaimReviewMarkupPageSchema

PAGE = ClaimReviewMarkupPageSchema()
URL = "https://facts.example/1"


def page(**rating: Any) -> dict[str, Any]:
    """Return a page with one review that has this rating."""
    return {"pageUrl": URL, "claimReviewMarkups": [{"claimReviewed": "Ten ships came.", "rating": rating}]}


def messages_of(error: ValidationError) -> Any:
    """Return the messages of an error by field."""
    return error.messages


def read(**rating: Any) -> dict[str, Any]:
    """Return the rating as it is read."""
    loaded: dict[str, Any] = PAGE.load(page(**rating))["claim_review_markups"][0]["rating"]
    return loaded


@pytest.mark.parametrize("value", [5, 5.0, "5", "5.0", "5e0", "50e-1", "0.5E+1"], ids=repr)
def test_a_number_has_several_forms(value: Any) -> None:
    assert read(ratingValue=value) == {"rating_value": 5}


@pytest.mark.parametrize(
    "value",
    [
        *("five", "5.5", 5.5, "", " 5", "5 ", "+5", "05", "0x5", "5.", ".5", "1e", "NaN", "Infinity", "1e999", "٥"),
        *(True, [5], {"value": 5}, "1" * 50),
    ],
    ids=repr,
)
def test_other_values_are_no_number(value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        read(ratingValue=value)
    assert list(messages_of(refused.value)["claimReviewMarkups"][0]["rating"]) == ["ratingValue"]


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, "2147483648", 1e300, "3e9"], ids=repr)
def test_a_number_of_more_than_32_bits_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError, match="Must be greater than or equal to -2147483648"):
        read(bestRating=value)


@pytest.mark.parametrize("value", [None, 0, 0.0, "0", "0.0", "-0", "0e5"], ids=repr)
def test_zero_and_null_mean_that_a_number_is_absent(value: Any) -> None:
    assert read(ratingValue=value, bestRating=5) == {"best_rating": 5}


def test_null_and_defaults_mean_that_a_field_is_absent() -> None:
    review = {"claimReviewed": "Ten ships came."}
    names = ("url", "claimDate", "claimLocation", "claimFirstAppearance")
    given: list[dict[str, Any]] = [dict.fromkeys(names), dict.fromkeys(names, ""), {"claimAppearances": []}]
    given.append(dict.fromkeys(("claimAuthor", "rating", "claimAppearances")))
    for more in given:
        body = {"pageUrl": URL, "publishDate": "", "versionId": None, "claimReviewMarkups": [review | more]}
        assert PAGE.load(body) == {"page_url": URL, "claim_review_markups": [{"claim_reviewed": "Ten ships came."}]}


@pytest.mark.parametrize(("member", "value"), [("pageUrl", ""), ("pageUrl", None), ("claimReviewMarkups", [])])
def test_a_required_field_is_not_absent(member: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        PAGE.load(page() | {member: value})
    assert messages_of(refused.value) == {member: ["Missing data for required field."]}


def test_names_may_be_those_of_the_definition() -> None:
    original = {
        "page_url": URL,
        "publish_date": "2024-11-05",
        "claim_review_author": {"name": "Facts", "image_url": "https://facts.example/logo.png"},
        "claim_review_markups": [
            {"claim_reviewed": "Ten ships came.", "claim_author": {"same_as": URL}, "rating": {"rating_value": "1"}}
        ],
    }
    camel = json.loads(
        json.dumps(original)
        .replace("page_url", "pageUrl")
        .replace("publish_date", "publishDate")
        .replace("claim_review_author", "claimReviewAuthor")
        .replace("image_url", "imageUrl")
        .replace("claim_review_markups", "claimReviewMarkups")
        .replace("claim_reviewed", "claimReviewed")
        .replace("claim_author", "claimAuthor")
        .replace("same_as", "sameAs")
        .replace("rating_value", "ratingValue")
    )
    assert PAGE.load(original) == PAGE.load(camel)
    assert PAGE.load({"page_url": URL} | {name: camel[name] for name in camel if name != "pageUrl"}) == PAGE.load(camel)


def test_a_field_with_both_names_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        PAGE.load(page() | {"page_url": URL})
    assert messages_of(refused.value) == {
        "pageUrl": ["Given more than once, as pageUrl and page_url: leave one of them out."]
    }


@pytest.mark.parametrize("member", ["pageURL", "page-url", "claim_reviews", "PageUrl", "page_Url"])
def test_an_unknown_field_is_refused_also_when_it_is_null(member: str) -> None:
    for value in (None, "x"):
        with pytest.raises(ValidationError) as refused:
            PAGE.load(page() | {member: value})
        assert list(messages_of(refused.value)) == [member]


@pytest.mark.parametrize("body", [[], "x", None, 5])
def test_what_is_no_object_is_refused(body: Any) -> None:
    with pytest.raises(ValidationError):
        PAGE.load(body)
