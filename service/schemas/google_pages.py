"""Shapes of pages of ClaimReview markup, as the Google Fact Check Tools API has them, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from service.model.timestamps import rfc3339
from service.schemas.fields import Day, Timestamp, WebAddress, integer, many, nested, string, words
from service.schemas.google_search import INT32, Answer, PagedQuery, asked

MARKUPS_AT_MOST = 100


class _Moment(fields.String):
    """A day or an RFC 3339 time, kept as it was written."""

    def __init__(self, description: str, example: str, **kwargs: Any) -> None:
        about = {"description": description, "examples": [example]}
        forms = [{"type": "string", "format": kind} for kind in ("date", "date-time")]
        super().__init__(validate=_is_moment, metadata=about | {"anyOf": forms}, **kwargs)


def _is_moment(value: str) -> None:
    try:
        Day().deserialize(value)
    except ValidationError:
        try:
            rfc3339(Timestamp().deserialize(value))
        except (ValidationError, OverflowError) as error:
            raise ValidationError("Must be a day, such as 2026-03-01, or an RFC 3339 time.") from error


def _number(description: str, example: int, name: str) -> Any:
    rule = validate.Range(min=-INT32 - 1, max=INT32)
    return integer(description, example, data_key=name, strict=True, validate=rule)


def _address(description: str, name: str, example: str = "https://example.org/1", **kwargs: Any) -> WebAddress:
    return WebAddress(description, example, data_key=name, **kwargs)


class ClaimAuthorSchema(Answer):
    """Who says so."""

    name = words("Their name.", "Mayor of Oldport", longest=200)
    job_title = words("What they are.", longest=200, data_key="jobTitle")
    image_url = _address("A picture of them.", "imageUrl")
    same_as = _address("An address that tells who they are.", "sameAs")


class ClaimRatingSchema(Answer):
    """What was found."""

    textual_rating = words("In words.", "Mostly false", longest=200, data_key="textualRating")
    rating_value = _number("As a number.", 2, "ratingValue")
    best_rating = _number("The best that the scale has.", 5, "bestRating")
    worst_rating = _number("The worst that the scale has.", 1, "worstRating")
    rating_explanation = words("Why.", longest=20_000, data_key="ratingExplanation")
    image_url = _address("A picture of it.", "imageUrl")


class ClaimReviewMarkupSchema(Answer):
    """One review."""

    url = WebAddress("The page's address, or that with an anchor; the page's when left out.", "https://example.org/1#a")
    claim_reviewed = words("The claim.", "Twelve ships came.", required=True, data_key="claimReviewed")
    claim_date = _Moment("When it was made.", "2024-10-18", data_key="claimDate")
    claim_location = words("Where it was made.", longest=200, data_key="claimLocation")
    claim_first_appearance = _address("Where it appeared first.", "claimFirstAppearance")
    claim_appearances = fields.List(
        WebAddress("Where it appeared.", "https://example.org/news/1"),
        data_key="claimAppearances",
        validate=validate.Length(max=50),
        metadata={"description": "Where else it appeared."},
    )
    claim_author = nested(ClaimAuthorSchema, "Who says so.", data_key="claimAuthor")
    rating = nested(ClaimRatingSchema, "What was found.")


class ClaimReviewAuthorSchema(Answer):
    """Who publishes the reviews."""

    name = words("Their name; the page's site when left out.", "Example Checks", longest=200)
    image_url = _address("Their logo.", "imageUrl")


class ClaimReviewMarkupPageSchema(Answer):
    """A page with reviews."""

    name = string("`pages/` and the page's id. Given by the service: not read.", "pages/p-3f0c9d2a7b41")
    page_url = _address("Its address.", "pageUrl", "https://example.org/checks/1", required=True)
    publish_date = _Moment("When it was published.", "2024-10-21", data_key="publishDate")
    claim_review_author = nested(ClaimReviewAuthorSchema, "Who publishes it.", data_key="claimReviewAuthor")
    claim_review_markups = fields.List(
        fields.Nested(ClaimReviewMarkupSchema),
        required=True,
        data_key="claimReviewMarkups",
        validate=validate.Length(min=1, max=MARKUPS_AT_MOST),
        metadata={"description": "The reviews on it."},
    )
    version_id = string(
        "Which version of it this is: needed for an update, given by the service otherwise.", "1", data_key="versionId"
    )


class ClaimReviewMarkupPagesSchema(Answer):
    """Pages that were found: nothing at all when there are none."""

    claim_review_markup_pages = many(
        ClaimReviewMarkupPageSchema, "The pages, the latest first.", data_key="claimReviewMarkupPages"
    )
    next_page_token = string("`pageToken` of the next page; not there on the last one.", data_key="nextPageToken")


class NothingSchema(Answer):
    """An empty object."""


class PagesQuery(PagedQuery):
    """Which pages."""

    url = asked("The one at this address.", "https://example.org/checks/1", "url")
    organization = asked("Those of this site; not together with `url`.", "example.org", "organization")
