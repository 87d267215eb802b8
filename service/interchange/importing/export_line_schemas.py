"""Schemas of the lines of an export (``publishing.export_format``) for reading one back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate, validates_schema

from service.model.entities import LinkType, Mark
from service.model.records import EVIDENCE_HASH, MarkupPage, StatedLink
from service.model.suggestions import DecidedSuggestion, Pair, SuggestionDecision, SuggestionKind
from service.model.verdicts import (
    STATED,
    Assignment,
    Author,
    AuthorType,
    Decision,
    Outcome,
    PublishedReview,
    Rating,
    Review,
    Verdict,
    VerdictState,
)
from service.schemas.fields import (
    OPTIONAL,
    Number,
    Shape,
    WebAddress,
    choice,
    day,
    identifier,
    integer,
    nested,
    words,
)
from service.schemas.fields import timestamp as _timestamp
from service.schemas.google_pages import ClaimReviewMarkupPageSchema
from service.schemas.mention_and_link_bodies import MentionBody
from service.schemas.request_bodies import ClaimValue, DocumentBody, SourceBody, language
from service.schemas.verdict_bodies import GroundBody

_NAME = 200
_LONG = 20_000


def _text(longest: int = 2000, **kwargs: Any) -> fields.String:
    return words("As exported.", longest=longest, **kwargs)


def _name(**kwargs: Any) -> fields.String:
    return identifier("As exported.", "example", **kwargs)


def _time(**kwargs: Any) -> fields.AwareDateTime:
    return _timestamp("As exported.", **kwargs)


def _day_or_time() -> fields.String:
    return fields.String(validate=[validate.Length(max=40), _is_day_or_time], **OPTIONAL)


def _is_day_or_time(text: str) -> None:
    try:
        dt.datetime.fromisoformat(text) + dt.timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise ValidationError("Must be a day or a time, such as 2025-05-02 or 2025-05-02T09:30:00Z.") from error


def _flag() -> fields.Boolean:
    return fields.Boolean(truthy={True}, falsy={False}, required=True)


def _version() -> fields.Integer:
    return integer("As exported.", 1, required=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1))


# A hash of a statement with its evidence or, in verdicts from before policy version 2, with its counts.
_JUDGED_PATTERN = rf"^({EVIDENCE_HASH})?[0-9a-f]{{64}}$"


class MarkLine(Shape):
    """The time, author and reason of a mark."""

    at = _time(required=True)
    by = _text(_NAME, required=True)
    reason = _text(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Mark:
        return Mark(**data)


class StampsLine(Shape):
    """The members beside a page: its version and times."""

    version = _version()
    created_at = _time(required=True)
    updated_at = _time(required=True)


class SourceBeside(StampsLine):
    """The members beside a source: its version and times, and the mark of its merge."""

    merged = nested(MarkLine, "As exported.", allow_none=True, required=True)


class DocumentBeside(StampsLine):
    """The members beside a document: as of a source, but exports from before documents were merged have no mark."""

    merged = nested(MarkLine, "As exported.", allow_none=True)


class DocumentLine(DocumentBody):
    """A document. Exports of versions before ``first_seen`` do not have that member."""

    first_seen = day("As exported.", "2025-06-03", **OPTIONAL)


class ClaimBeside(SourceBeside):
    """The members beside a claim; ``judged_hash`` is computed anew unless the claim was merged."""

    merged_into = _name(allow_none=True, required=True)
    judged_version = _version()
    judged_hash = fields.String(required=True)
    judged_before = fields.String()


class StatedBeside(Shape):
    """The members beside a mention or a link."""

    seeded = _flag()
    withdrawn = nested(MarkLine, "As exported.", allow_none=True, required=True)


class LinkLine(Shape):
    """A claim link."""

    id = _name(required=True)
    claim = _name(required=True)
    type = choice(LinkType, "As exported.", LinkType.DISTINCT_FROM, required=True)
    other = _name(required=True)
    note = _text(**OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> StatedLink:
        return StatedLink(**data)


class PublishedReviewLine(Shape):
    """The publication data of an imported review."""

    publisher = _name(required=True)
    site = _text(_NAME, **OPTIONAL)
    claim_reviewed = _text(**OPTIONAL)
    modified_at = _day_or_time()
    rating_value = Number(**OPTIONAL)
    best_rating = Number(**OPTIONAL)
    worst_rating = Number(**OPTIONAL)
    rating_basis = _text(_LONG, **OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> PublishedReview:
        return PublishedReview(**data)


class AuthorLine(Shape):
    """An author of a review. Of some the type is unknown."""

    type = choice(AuthorType, "As exported.", AuthorType.PERSON, **OPTIONAL)
    name = _text(_NAME, required=True)
    url = WebAddress("As exported.", "https://example.org/staff/1", **OPTIONAL)
    same_as = fields.List(WebAddress("As exported.", "https://example.org/1"), load_default=list)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Author:
        return Author(**{**data, "same_as": tuple(data["same_as"])})


class VerdictLine(Shape):
    """A verdict with its state. In older exports ``review`` has the title, the byline and the date."""

    id = _name(required=True)
    claim = _name(required=True)
    claim_version = _version()
    checker = _text(_NAME, required=True)
    created_at = _time(required=True)
    state = choice(VerdictState, "As exported.", VerdictState.PUBLISHED, required=True)
    state_at = _time(required=True)
    rating = choice(Rating, "As exported.", Rating.REFUTED, **OPTIONAL)
    textual_rating = _text(_NAME, **OPTIONAL)
    rationale = _text(_LONG, **OPTIONAL)
    evidence = fields.List(fields.Nested(GroundBody), load_default=list)
    url = WebAddress("As exported.", "https://example.org/checks/1", **OPTIONAL)
    language = language("As exported.")
    supersedes = _name(**OPTIONAL)
    reason = _text(**OPTIONAL)
    reviewers = fields.List(_text(_NAME), load_default=list)
    superseded_by = _name(**OPTIONAL)
    withdrawn_by = _text(_NAME, **OPTIONAL)
    withdrawn_reason = _text(**OPTIONAL)
    judged_hash = fields.String(validate=validate.Regexp(_JUDGED_PATTERN), **OPTIONAL)
    review = nested(PublishedReviewLine, "As exported.", **OPTIONAL)
    title = _text(500, **OPTIONAL)
    author = _text(_NAME, **OPTIONAL)
    authors = fields.List(fields.Nested(AuthorLine), load_default=list)
    reviewed_at = _day_or_time()
    published_by = _text(_NAME, **OPTIONAL)

    @pre_load
    def _from_review(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        review = data.get("review")
        if not isinstance(review, dict):
            return data
        stated = {name: review[name] for name in STATED if name in review}
        review = {name: value for name, value in review.items() if name not in STATED}
        return {**data, "review": review, **stated}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Verdict:
        return Verdict(**{**data, **{name: tuple(data[name]) for name in ("evidence", "reviewers", "authors")}})


class PageLine(Shape):
    """A page with ClaimReview markup; its ``url`` is also in the markup."""

    id = _name(required=True)
    url = WebAddress("As exported.", "https://example.org/checks/1", required=True)
    content = fields.Nested(ClaimReviewMarkupPageSchema(exclude=("name", "version_id")), required=True)
    verdicts = fields.List(_name(), required=True)
    withdrawn = nested(MarkLine, "As exported.", allow_none=True, required=True)

    @validates_schema
    def _one_address(self, data: dict[str, Any], **_: Any) -> None:
        if data["url"] != data["content"]["page_url"]:
            raise ValidationError("Must equal `pageUrl` of `content`.", "url")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> MarkupPage:
        return MarkupPage(**{**data, "verdicts": tuple(data["verdicts"])})


class ReviewLine(Shape):
    """A second checker's review of a draft."""

    id = _name(required=True)
    verdict = _name(required=True)
    reviewer = _text(_NAME, required=True)
    decision = choice(Decision, "As exported.", Decision.APPROVE, required=True)
    note = _text(**OPTIONAL)
    created_at = _time(required=True)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Review:
        return Review(**data)


class AssignmentLine(Shape):
    """The assignment of a claim to a checker."""

    id = _name(required=True)
    claim = _name(required=True)
    checker = _text(_NAME, required=True)
    assigned_by = _text(_NAME, required=True)
    note = _text(**OPTIONAL)
    created_at = _time(required=True)
    until = _time(required=True)
    ended_at = _time(**OPTIONAL)
    ended_by = _text(_NAME, **OPTIONAL)
    outcome = choice(Outcome, "As exported.", Outcome.JUDGED, **OPTIONAL)
    offered_to = _text(_NAME, **OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Assignment:
        return Assignment(**data)


class SuggestionLine(Shape):
    """The decision on a suggestion."""

    id = _name(required=True)
    suggestion_kind = choice(SuggestionKind, "As exported.", SuggestionKind.SOURCE, required=True)
    records = fields.List(_name(), required=True, validate=validate.Length(min=1, max=2))
    decision = choice(SuggestionDecision, "As exported.", SuggestionDecision.MERGE, required=True)
    into = _name(**OPTIONAL)
    decided = nested(MarkLine, "As exported.", required=True)

    @validates_schema
    def _of_its_records(self, data: dict[str, Any], **_: Any) -> None:
        kind, records = data["suggestion_kind"], data["records"]
        if len(records) != (1 if kind is SuggestionKind.COLLECTIVE else 2) or records != sorted(set(records)):
            raise ValidationError("Must be the two records in the order of their ids, or one collective.", "records")
        if Pair(kind, *records).id != data["id"]:
            raise ValidationError("Must be the id of the suggestion of its kind on its records.", "id")
        if not data["decision"].fits(kind):
            raise ValidationError("Must be a decision on a suggestion of its kind.", "decision")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> DecidedSuggestion:
        return DecidedSuggestion(**{**data, "records": tuple(data["records"])})


# For each kind: the schema of the record, that of the members beside it, and members missing from the first schema.
SHAPES: dict[str, tuple[Shape, Shape | None, tuple[str, ...]]] = {
    "source": (SourceBody(), SourceBeside(), ("merged_into",)),
    "document": (DocumentLine(), DocumentBeside(), ("merged_into",)),
    "claim": (ClaimValue(), ClaimBeside(), ()),
    "mention": (MentionBody(), StatedBeside(), ("id", "claim")),
    "link": (LinkLine(), StatedBeside(), ()),
    "verdict": (VerdictLine(), None, ()),
    "page": (PageLine(), StampsLine(), ()),
    "review": (ReviewLine(), None, ()),
    "assignment": (AssignmentLine(), None, ()),
    "suggestion": (SuggestionLine(), None, ()),
}
ID = identifier("As exported.", "example", required=True)
