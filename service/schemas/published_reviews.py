"""Schemas of the statements that published reviews make about themselves: authors, ratings and dates."""

from __future__ import annotations

from service.model.verdicts import AuthorType
from service.schemas.fields import (
    Shape,
    choice,
    identifier,
    number,
    string,
    strings,
)

_AUTHOR_PAGE, _AUTHOR_PROFILE = "https://example.org/staff/jane-doe", "https://www.wikidata.org/wiki/Q1"


class AuthorSchema(Shape):
    """An author of a review."""

    type = choice(
        AuthorType,
        "The type; null when the markup of an imported review does not give it.",
        AuthorType.PERSON,
        allow_none=True,
        required=True,
    )
    name = string("The name.", "Jane Doe", required=True)
    url = string("A page of the author or about them, or null.", _AUTHOR_PAGE, allow_none=True, required=True)
    same_as = strings("Other URLs that identify the author.", [_AUTHOR_PROFILE])


class PublishedReviewSchema(Shape):
    """The statements of an imported review about itself, beside its URL, title and date."""

    publisher = identifier(
        "The id of the source that published the review.", "example-checks", required=True, attribute="review.publisher"
    )
    author = string(
        "The byline, or null: the same as `author` of the verdict.", "Jane Doe", allow_none=True, required=True
    )
    claim_reviewed = string(
        "The claim in the publisher's words, or null.",
        "15,000 North Koreans work in Russia.",
        allow_none=True,
        required=True,
        attribute="review.claim_reviewed",
    )
    modified_at = string(
        "The date (YYYY-MM-DD) or RFC 3339 time of its last change, or null.",
        "2024-10-22",
        allow_none=True,
        required=True,
        attribute="review.modified_at",
    )
    rating_value = number(
        "The rating as a number, or null.", 1, allow_none=True, required=True, attribute="review.rating_value"
    )
    best_rating = number(
        "The best rating of the publisher's scale, or null.",
        5,
        allow_none=True,
        required=True,
        attribute="review.best_rating",
    )
    worst_rating = number(
        "The worst rating of the publisher's scale, or null.",
        1,
        allow_none=True,
        required=True,
        attribute="review.worst_rating",
    )
    rating_basis = string(
        "The rule that mapped the publisher's rating to `rating`, or null.",
        "our own word: Refuted",
        allow_none=True,
        required=True,
        attribute="review.rating_basis",
    )
