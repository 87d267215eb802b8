"""Shapes of the Google Fact Check Tools API: searches for claims and what they find. What is empty is left out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_dump, post_load, pre_load, validate

from service.schemas.fields import Shape, integer, many, nested, string, without_nul

INT32 = 2**31 - 1
PAGE_SIZE, PAGE_SIZE_MAX = 10, 200
# Skipping is counting: whoever wants what comes later goes on from page to page.
OFFSET_MAX = 10_000
NOT_HERE = "JSON is all that there is here."


class Answer(Shape):
    """A shape that says nothing of what is empty."""

    @post_dump
    def _leave_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value not in (None, "", [], {})}


class PublisherSchema(Answer):
    """Who published a review."""

    name = string("Its name.", "Example Checks")
    site = string("Its site, without scheme and `www`.", "example.org")


class FactCheckSchema(Answer):
    """A review of a claim."""

    publisher = nested(PublisherSchema, "Who published it.")
    url = string("Where it stands.", "https://example.org/checks/1")
    title = string("Its title.")
    review_date = string("When it was published.", "2024-10-21T00:00:00Z", data_key="reviewDate")
    textual_rating = string("What it found, in its own words.", "Mostly false", data_key="textualRating")
    language_code = string("BCP 47 tag of its language.", "en", data_key="languageCode")


class FactCheckedClaimSchema(Answer):
    """A claim that was checked."""

    text = string("The statement.", "About 15,000 North Korean workers have been sent to Russia.")
    claimant = string("Who says so; several joined by commas.", "National Intelligence Service of South Korea")
    claim_date = string("The day by which it had been said.", "2024-10-18T00:00:00Z", data_key="claimDate")
    claim_review = many(FactCheckSchema, "Its reviews, the latest first.", data_key="claimReview")


class FactCheckedClaimsSchema(Answer):
    """Claims that were found: nothing at all when there are none."""

    claims = many(FactCheckedClaimSchema, "The claims.")
    next_page_token = string("`pageToken` of the next page; not there on the last one.", data_key="nextPageToken")


class StandardQuery(Shape):
    """What every method of Google's takes."""

    key = string("An API key. Looked at only where reading takes one, and never for writing.")
    alt = string("The form of the answer.", "json", validate=validate.OneOf(["json"], error=NOT_HERE))
    fields_ = string(
        "Which members of the answer to send: `claims(text,claimReview/url),nextPageToken`.",
        "*",
        data_key="fields",
        attribute="mask",
    )
    pretty_print = fields.Boolean(
        data_key="prettyPrint",
        truthy={"true"},
        falsy={"false"},
        load_default=True,
        metadata={"description": "Whether the answer is indented.", "examples": [False]},
    )
    quota_user = string("Any text; no quota depends on it.", data_key="quotaUser")
    callback = string("JSONP is refused.", validate=validate.Length(max=0, error="There is no JSONP here."))
    error_format = string(
        "The format of errors: there is one only.",
        "2",
        data_key="$.xgafv",
        validate=validate.OneOf(["1", "2"]),
    )
    upload_type = string("Nothing is uploaded.", data_key="uploadType")
    upload_protocol = string("Nothing is uploaded.", data_key="upload_protocol")

    @pre_load
    def _empty_is_nothing(self, data: Any, **_: Any) -> dict[str, Any]:
        """As in proto3, which Google's messages are."""
        known = {field.data_key or name for name, field in self.fields.items()}
        return {name: value for name, value in data.items() if value != "" or name not in known}


def _count(description: str, example: int, name: str, **kwargs: Any) -> Any:
    rule = validate.Range(min=0, max=kwargs.pop("most", INT32))
    return integer(description, example, data_key=name, validate=rule, load_default=0, **kwargs)


def asked(description: str, example: str, name: str) -> Any:
    """A parameter that is looked for as it is."""
    return string(description, example, data_key=name, validate=without_nul())


class PagedQuery(StandardQuery):
    """Which part of a list."""

    page_size = _count(
        f"Most items in one page, {PAGE_SIZE_MAX} at the most; {PAGE_SIZE} when not given.", PAGE_SIZE, "pageSize"
    )
    page_token = string("Where to go on: the `nextPageToken` of the page before.", data_key="pageToken")
    offset = _count("How many to pass over, without a `pageToken`.", 0, "offset", most=OFFSET_MAX)

    @post_load
    def _paged(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        size = min(data["page_size"] or PAGE_SIZE, PAGE_SIZE_MAX)
        return data | {"page_size": size, "offset": 0 if data.get("page_token") else data["offset"]}


class SearchQuery(PagedQuery):
    """Which claims."""

    query = string("Words that they share; needed unless `reviewPublisherSiteFilter` is there.", "North Korea workers")
    language_code = asked("Only with reviews in this language, whatever the region.", "en-US", "languageCode")
    site = asked("Only with reviews published on this site.", "example.org", "reviewPublisherSiteFilter")
    max_age_days = _count("Only with reviews published within so many days; 0 for any.", 30, "maxAgeDays")


class ImageQuery(PagedQuery):
    """Which image."""

    image_uri = string("Where the image is.", "https://example.org/1.png", data_key="imageUri")
    language_code = string("The language.", "en", data_key="languageCode")
