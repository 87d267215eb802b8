"""Schemas of the Google Fact Check Tools API: searches for claims, and their results. Empty members are left out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, pre_load, validate

from service.schemas.fields import Shape, integer, many, nested, string, without_nul
from service.schemas.proto_json import INT32, Answer

PAGE_SIZE, PAGE_SIZE_MAX = 10, 200
PAGE_TOKEN = "WyJzZWFyY2giLDEsMV0"  # noqa: S105 - an example
NEXT_PAGE = "The `pageToken` of the next page; absent on the last one."
# An offset costs as much as the rows that it skips; a page token costs nothing.
OFFSET_MAX = 10_000


class PublisherSchema(Answer):
    """The publisher of a review."""

    name = string("The name of the publisher.", "Example Checks")
    site = string("The host name of the publisher's site, without `www.`.", "example.org")


class FactCheckSchema(Answer):
    """A review of a claim."""

    publisher = nested(PublisherSchema, "The publisher of the review.")
    url = string("The URL of the review.", "https://example.org/checks/1")
    title = string("The title of the review.", "Fact check: North Korean workers in Russia")
    review_date = string(
        "The time of publication (RFC 3339), as the review gives it.", "2024-10-21T00:00:00Z", data_key="reviewDate"
    )
    textual_rating = string("The rating in the publisher's words.", "Mostly false", data_key="textualRating")
    language_code = string("The language of the review as a BCP 47 tag.", "en", data_key="languageCode")


class FactCheckedClaimSchema(Answer):
    """A claim that was reviewed."""

    text = string("The statement.", "About 15,000 North Korean workers have been sent to Russia.")
    claimant = string(
        "The names of the sources that make the claim, joined by commas.",
        "National Intelligence Service of South Korea",
    )
    claim_date = string(
        "The day by which the claim had certainly been made, as an RFC 3339 time.",
        "2024-10-18T00:00:00Z",
        data_key="claimDate",
    )
    claim_review = many(FactCheckSchema, "The reviews of the claim, the latest first.", data_key="claimReview")


class FactCheckedClaimsSchema(Answer):
    """The claims found. An empty object when there are none."""

    claims = many(FactCheckedClaimSchema, "The claims.")
    next_page_token = string(NEXT_PAGE, PAGE_TOKEN, data_key="nextPageToken")


class StandardQuery(Shape):
    """The standard parameters of every method of a Google API."""

    key = string("An API key of this service. It is used only where reading needs a key, and never for writing.")
    alt = string(
        "The format of the answer. Only `json` is supported, the default.",
        "json",
        validate=validate.OneOf(["json"], error="Only json is supported."),
    )
    fields_ = string(
        "The members of the answer to return, such as `claims(text,claimReview/url),nextPageToken`. Default: `*`, all.",
        "*",
        data_key="fields",
        attribute="mask",
    )
    pretty_print = fields.Boolean(
        data_key="prettyPrint",
        truthy={"true"},
        falsy={"false"},
        load_default=True,
        metadata={"description": "True for an indented answer. Default: true.", "examples": [False]},
    )
    quota_user = string("Accepted and ignored.", "user-1", data_key="quotaUser")
    callback = string(
        "Not supported: JSONP is refused.",
        validate=validate.Length(max=0, error="JSONP is not supported: leave `callback` out and send CORS requests."),
    )
    error_format = string(
        "The version of the error format, `1` or `2`. Accepted and ignored: there is only one.",
        "2",
        data_key="$.xgafv",
        validate=validate.OneOf(["1", "2"]),
    )
    upload_type = string("Accepted and ignored.", "media", data_key="uploadType")
    upload_protocol = string("Accepted and ignored.", "raw", data_key="upload_protocol")

    @pre_load
    def _empty_is_nothing(self, data: Any, **_: Any) -> dict[str, Any]:
        """Drop empty parameters: in proto3, the format of Google's messages, empty means absent."""
        known = {field.data_key or name for name, field in self.fields.items()}
        return {name: value for name, value in data.items() if value != "" or name not in known}


def _count(description: str, example: int, name: str, **kwargs: Any) -> Any:
    rule = validate.Range(min=0, max=kwargs.pop("most", INT32))
    return integer(description, example, data_key=name, validate=rule, load_default=0, **kwargs)


def asked(description: str, example: str, name: str) -> Any:
    """Make a parameter whose value the database searches for."""
    return string(description, example, data_key=name, validate=without_nul())


class PagedQuery(StandardQuery):
    """A page of a list."""

    page_size = _count(
        f"The largest number of items in a page. Default: {PAGE_SIZE}; more than {PAGE_SIZE_MAX} means "
        f"{PAGE_SIZE_MAX}.",
        PAGE_SIZE,
        "pageSize",
    )
    page_token = string(
        "The position to continue from: the `nextPageToken` of the page before. Default: the first page.",
        data_key="pageToken",
    )
    offset = _count(
        f"The number of items to skip, 0 to {OFFSET_MAX:,}. Ignored with a `pageToken`. Default: 0.",
        0,
        "offset",
        most=OFFSET_MAX,
    )

    @post_load
    def _paged(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        size = min(data["page_size"] or PAGE_SIZE, PAGE_SIZE_MAX)
        return data | {"page_size": size, "offset": 0 if data.get("page_token") else data["offset"]}


class SearchQuery(PagedQuery):
    """A search for claims with reviews."""

    query = string(
        "Free text: words, a headline or a whole article. Required unless `reviewPublisherSiteFilter` is given.",
        "North Korea workers",
    )
    language_code = asked(
        "Only reviews in this language, and those whose language is not known: a BCP 47 tag, of which the region is "
        "ignored.",
        "en-US",
        "languageCode",
    )
    site = asked(
        "Only reviews published on this site: its host name, with or without `www.`.",
        "example.org",
        "reviewPublisherSiteFilter",
    )
    max_age_days = _count(
        "Only reviews of which the newer date, of the review or of its claim, is within this number of days. Default: "
        "0, any age.",
        30,
        "maxAgeDays",
    )


class ImageQuery(PagedQuery):
    """A search by image, which is not supported."""

    image_uri = string("The URL of the image.", "https://example.org/1.png", data_key="imageUri")
    language_code = string("The language as a BCP 47 tag.", "en", data_key="languageCode")
