"""Schemas of pages with ClaimReview markup, in the format of the Google Fact Check Tools API, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from service.model.timestamps import rfc3339
from service.schemas.fields import WebAddress, many, nested, string, words
from service.schemas.google_search import NEXT_PAGE, PAGE_TOKEN, PagedQuery, asked
from service.schemas.proto_json import Answer, Int32, Message
from service.schemas.time_fields import DAY_OR_TIME_FORM, Day, Timestamp

MARKUPS_AT_MOST = 100


class _Moment(fields.String):
    """A date or an RFC 3339 time, kept as it was written."""

    def __init__(self, description: str, example: str, **kwargs: Any) -> None:
        about = {"description": description, "examples": [example]}
        super().__init__(validate=_is_moment, metadata=about | DAY_OR_TIME_FORM, **kwargs)


def _is_moment(value: str) -> None:
    try:
        Day().deserialize(value)
    except ValidationError:
        try:
            rfc3339(Timestamp().deserialize(value))
        except (ValidationError, OverflowError) as error:
            message = "Must be a date, such as 2026-03-01, or an RFC 3339 time, such as 2026-03-01T09:30:00Z."
            raise ValidationError(message) from error


def _number(description: str, example: int, name: str) -> Int32:
    return Int32(f"{description} 0 means that it is not given.", example, data_key=name)


def _address(description: str, name: str, example: str = "https://example.org/1", **kwargs: Any) -> WebAddress:
    return WebAddress(description, example, data_key=name, **kwargs)


class ClaimAuthorSchema(Message):
    """The person or organisation that makes the claim."""

    name = words("The name of the author.", "Mayor of Oldport", longest=200)
    job_title = words("The job title of the author.", "Mayor", longest=200, data_key="jobTitle")
    image_url = _address("The URL of a picture of the author.", "imageUrl")
    same_as = _address("The URL of a page that identifies the author.", "sameAs")


class ClaimRatingSchema(Message):
    """The rating of a claim."""

    textual_rating = words("The rating in words.", "Mostly false", longest=200, data_key="textualRating")
    rating_value = _number("The rating as a number.", 2, "ratingValue")
    best_rating = _number("The best rating of the scale.", 5, "bestRating")
    worst_rating = _number("The worst rating of the scale.", 1, "worstRating")
    rating_explanation = words(
        "The reasons for the rating.", "The harbour log has two ships.", longest=20_000, data_key="ratingExplanation"
    )
    image_url = _address("The URL of a picture of the rating.", "imageUrl")


class ClaimReviewMarkupSchema(Message):
    """The markup of one review."""

    url = WebAddress(
        "The URL of the review: that of the page, with or without an anchor. Default: the URL of the page.",
        "https://example.org/checks/1#a",
    )
    claim_reviewed = words(
        "The claim in the publisher's words.", "Twelve ships came.", required=True, data_key="claimReviewed"
    )
    claim_date = _Moment(
        "The date (YYYY-MM-DD) or RFC 3339 time when the claim was made.", "2024-10-18", data_key="claimDate"
    )
    claim_location = words("The place where the claim was made.", "Oldport", longest=200, data_key="claimLocation")
    claim_first_appearance = _address(
        "The URL of the first document with the claim.", "claimFirstAppearance", "https://example.org/news/1"
    )
    claim_appearances = fields.List(
        WebAddress("The URL of a document with the claim.", "https://example.org/news/1"),
        data_key="claimAppearances",
        validate=validate.Length(max=50),
        metadata={
            "description": "The URLs of other documents with the claim, at most 50.",
            "examples": [["https://example.org/news/2"]],
        },
    )
    claim_author = nested(ClaimAuthorSchema, "The person or organisation that makes the claim.", data_key="claimAuthor")
    rating = nested(ClaimRatingSchema, "The rating of the claim.")


class ClaimReviewAuthorSchema(Message):
    """The publisher of the reviews on a page."""

    name = words("The name of the publisher. Default: the host name of the page.", "Example Checks", longest=200)
    image_url = _address("The URL of the publisher's logo.", "imageUrl")


class ClaimReviewMarkupPageSchema(Message):
    """A page with the markup of its reviews."""

    name = string(
        "The name of the page: `pages/` and its id. Set by the service and ignored in requests.",
        "pages/p-3f0c9d2a7b41",
    )
    page_url = _address("The URL of the page.", "pageUrl", "https://example.org/checks/1", required=True)
    publish_date = _Moment(
        "The date (YYYY-MM-DD) or RFC 3339 time of publication.", "2024-10-21", data_key="publishDate"
    )
    claim_review_author = nested(ClaimReviewAuthorSchema, "The publisher of the reviews.", data_key="claimReviewAuthor")
    claim_review_markups = fields.List(
        fields.Nested(ClaimReviewMarkupSchema),
        required=True,
        data_key="claimReviewMarkups",
        validate=validate.Length(min=1, max=MARKUPS_AT_MOST),
        metadata={"description": f"The reviews on the page, 1 to {MARKUPS_AT_MOST}."},
    )
    version_id = string(
        "The version of the page. Set by the service; an update must repeat the version that it changes.",
        "1",
        data_key="versionId",
    )


class ClaimReviewMarkupPagesSchema(Answer):
    """The pages found. An empty object when there are none."""

    claim_review_markup_pages = many(
        ClaimReviewMarkupPageSchema, "The pages, the latest first.", data_key="claimReviewMarkupPages"
    )
    next_page_token = string(NEXT_PAGE, PAGE_TOKEN, data_key="nextPageToken")


class NothingSchema(Answer):
    """An empty object."""


class PagesQuery(PagedQuery):
    """A page of the list of pages, filtered."""

    url = asked(
        "Only the page with this URL. Not allowed together with `organization`.", "https://example.org/checks/1", "url"
    )
    organization = asked(
        "Only pages of this site: its host name. Not allowed together with `url`.", "example.org", "organization"
    )
