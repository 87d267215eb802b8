"""Schemas of the request bodies of fact-checkers: verdicts, reviews of drafts, assignments."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.timestamps import PLACEHOLDER_DAYS
from service.model.verdicts import LABELS, Author, AuthorType, Decision, EvidenceItem, Rating, VerdictSubmission
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    OPTIONAL,
    Shape,
    WebAddress,
    addresses,
    choice,
    identifier,
    integer,
    many,
    matching,
    switch,
    words,
)
from service.schemas.json_schema_rules import absent, all_of, every, filled, given, is_, when
from service.schemas.request_bodies import language, refuse_repeated
from service.schemas.time_fields import DAY_OR_TIME, DAY_OR_TIME_FORM
from service.schemas.verdicts import CHECKER

_NAME = 100
_EXAMPLES = "such as 2024-10-21 or 2024-10-21T09:30:00Z"
_DAY_OR_TIME = matching(
    DAY_OR_TIME,
    f"Must be a date or an RFC 3339 time, {_EXAMPLES}.",
)


def is_past_day_or_time(text: str) -> None:
    """Raise ``ValidationError`` for a day or time that does not exist, or that has not come anywhere on Earth.

    A time such as 1970-01-01, which programs write for an unknown one, is refused too.
    """
    if _DAY_OR_TIME.regex.fullmatch(text) is None:
        return
    try:
        moment = dt.datetime.fromisoformat(text.upper())
        begins = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        is_future = begins - dt.timedelta(days=1) > dt.datetime.now(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError(f"Must be a date or an RFC 3339 time, {_EXAMPLES}.") from error
    if is_future:
        raise ValidationError(f"Must not be in the future, {_EXAMPLES}.")
    if moment.date() in PLACEHOLDER_DAYS:
        raise ValidationError(f"Must be the day of the review, {_EXAMPLES}: leave it out if that is not known.")


class GroundBody(Shape):
    """An item of evidence: exactly one of a mention, a document and a URL."""

    mention = identifier("The id of a mention.", "m-3f0c9d2a7b41", **OPTIONAL)
    document = identifier("The id of a document.", "doc-wsj-report", **OPTIONAL)
    url = WebAddress("An http or https URL.", "https://example.org/archive/1", **OPTIONAL)
    note = words("A remark on what the item shows.", "Page 3 has the figure.", **OPTIONAL)

    RULES: ClassVar = when(
        given("mention"),
        absent("document", "url"),
        otherwise=when(given("document"), absent("url"), otherwise=given("url")),
    )

    @validates_schema
    def _exactly_one(self, data: dict[str, Any], **_: Any) -> None:
        present = [name for name in ("mention", "document", "url") if data.get(name) is not None]
        if len(present) != 1:
            found = " and ".join(f"`{name}`" for name in present) or "none of them"
            raise ValidationError(f"Needs exactly one of `mention`, `document` and `url`, and has {found}.")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> EvidenceItem:
        return EvidenceItem(**data)


class AuthorBody(Shape):
    """An author of a review: a person or an organization."""

    type = choice(AuthorType, "The type of the author.", AuthorType.PERSON, required=True)
    name = words("The name.", "Jane Doe", longest=200, required=True)
    url = WebAddress("The URL of a page of the author or about them.", "https://example.org/staff/jane-doe", **OPTIONAL)
    same_as = addresses(
        "Other URLs that identify the author, such as a profile, at most 20. Default: none.",
        "https://www.wikidata.org/wiki/Q1",
        at_most=20,
    )

    @validates_schema
    def _distinct(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated(data.get("same_as", ()), "same_as")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Author:
        return Author(**{**data, "same_as": tuple(data["same_as"])})


class VerdictBody(Shape):
    """A verdict to submit.

    A correction names the verdict that it `supersedes` and the `reason`; so does a `retraction`, which has no rating.
    """

    claim_version = integer(
        "The `version` of the claim that was judged, as `GET /v1/claims/{id}` gives it.",
        3,
        required=True,
        strict=True,
        validate=validate.Range(min=1),
    )
    rating = fields.String(
        validate=validate.OneOf([str(label) for label in LABELS]),
        metadata={
            "description": "The rating, by the four labels of AVeriTeC. Required, except for a retraction, where it is "
            "not allowed.",
            "examples": [str(Rating.REFUTED)],
        },
        **OPTIONAL,
    )
    textual_rating = words("The rating in your own words or scale.", "Mostly false", longest=200, **OPTIONAL)
    rationale = words("The reasons for the rating.", "The register has no such company.", longest=20000, **OPTIONAL)
    evidence = many(
        GroundBody,
        "The evidence that the verdict rests on, at most 100 items. Default: empty.",
        load_default=list,
        validate=validate.Length(max=100),
    )
    url = WebAddress("The URL of the published review.", "https://example.org/checks/1", **OPTIONAL)
    language = language("The language of the review as a BCP 47 tag.")
    title = words("The title of the review.", "Fact check: North Korean workers in Russia", longest=500, **OPTIONAL)
    author = words("The byline of the review, as it is printed.", "Jane Doe and John Roe", longest=200, **OPTIONAL)
    authors = many(
        AuthorBody,
        "The authors of the review, at most 50: persons and organizations. Default: none.",
        load_default=list,
        validate=validate.Length(max=50),
    )
    reviewed_at = fields.String(
        validate=[_DAY_OR_TIME, is_past_day_or_time],
        metadata={
            "description": "The date (YYYY-MM-DD) or RFC 3339 time at which the review was published. Not in the "
            "future. Default: none, and the time of publication in this service counts.",
            "examples": ["2024-10-21"],
            "format": DAY_OR_TIME_FORM["format"],
        },
        **OPTIONAL,
    )
    supersedes = identifier("The id of the verdict that this one supersedes.", "v-99ab01c3d4e5", **OPTIONAL)
    reason = words(
        "The reason for superseding it; required with `supersedes`.",
        "The ministry corrected its figure.",
        **OPTIONAL,
    )
    retraction = switch(
        "True to take back the verdict that this one supersedes, without a new rating. Default: false.",
        False,
        load_default=False,
    )
    draft = switch("True to save a draft instead of publishing. Default: false.", False, load_default=False)
    despite_assignment = switch(
        "True to submit although another checker has taken the claim; false gives 409 `assigned` then. Default: false.",
        False,
        load_default=False,
    )
    reviewers = fields.List(
        words("A checker's name.", longest=_NAME),
        load_default=list,
        validate=validate.Length(max=10),
        metadata={
            "description": "The names of the checkers who may read and review the draft, at most 10; only for a draft. "
            "Default: none.",
            "examples": [["John Roe, Example Checks"]],
            "uniqueItems": True,
        },
    )

    RULES: ClassVar = every(
        when(is_("retraction", True), all_of(given("supersedes"), absent("rating")), otherwise=given("rating")),
        when(given("supersedes"), given("reason")),
        when(filled("reviewers"), is_("draft", True)),
    )

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if data["retraction"] and data["rating"] is not None:
            raise ValidationError("`rating` is not allowed with `retraction`: leave it out.", "rating")
        if not data["retraction"] and data["rating"] is None:
            raise ValidationError("`rating` is required, such as refuted, unless `retraction` is true.", "rating")
        if data["retraction"] and data["supersedes"] is None:
            message = "`supersedes` is required with `retraction`: the id of the verdict to retract."
            raise ValidationError(message, "supersedes")
        if data["supersedes"] is not None and data["reason"] is None:
            message = "`reason` is required with `supersedes`, such as: The ministry corrected its figure."
            raise ValidationError(message, "reason")
        if data["reviewers"] and not data["draft"]:
            raise ValidationError('`reviewers` is only allowed on drafts: add "draft": true.', "reviewers")
        refuse_repeated(data["reviewers"], "reviewers")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> VerdictSubmission:
        del data["retraction"]
        rating = None if data["rating"] is None else Rating(data["rating"])
        return VerdictSubmission(
            **{**data, "rating": rating, **{name: tuple(data[name]) for name in ("evidence", "reviewers", "authors")}}
        )


class PublicationBody(Shape):
    """The publication of a draft. The body can be left out."""

    MAY_BE_LEFT_OUT = True

    despite_request = switch(
        "True to publish although a reviewer's request for changes is open; false gives 409 `changes_requested` then. "
        "Default: false.",
        False,
        load_default=False,
    )


class ReviewBody(Shape):
    """The review of a draft by a second checker."""

    decision = choice(
        Decision,
        f"The decision. {values.REVIEW_DECISION}",
        Decision.APPROVE,
        required=True,
    )
    note = words(
        "Remarks, such as the changes to make; required with `request_changes`.",
        "Quote the register by its number.",
        **OPTIONAL,
    )

    RULES: ClassVar = when(is_("decision", Decision.REQUEST_CHANGES), given("note"))

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("decision") is Decision.REQUEST_CHANGES and data.get("note") is None:
            message = "`note` is required with `request_changes`, such as: Quote the register by its number."
            raise ValidationError(message, "note")


class OfferBody(Shape):
    """The offer of an assigned claim to a colleague."""

    checker = words("The name of the colleague.", "John Roe, Example Checks", longest=_NAME, required=True)


class AssignmentBody(Shape):
    """The assignment of a claim to a checker."""

    checker = words(
        "The name of the checker. Default: your own name. Only editors can name somebody else.",
        CHECKER,
        longest=_NAME,
        **OPTIONAL,
    )
    note = words("Instructions for the checker.", "Compare the ministry's figures.", **OPTIONAL)
    hours = integer(
        "The duration in hours. Default: the service's setting, 72 unless it was changed.",
        24,
        strict=True,
        validate=validate.Range(min=1, max=24 * 90),
        **OPTIONAL,
    )
