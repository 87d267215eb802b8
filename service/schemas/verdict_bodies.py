"""Shapes of what checkers post: verdicts, reviews, assignments."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.verdicts import LABELS, Decision, EvidenceItem, Rating, VerdictDraft
from service.schemas.fields import OPTIONAL, Shape, WebAddress, choice, identifier, integer, many, words
from service.schemas.json_schema_rules import absent, all_of, any_of, empty, given, is_
from service.schemas.request_bodies import language
from service.schemas.verdicts import CHECKER

_NAME = 100


class GroundBody(Shape):
    """What a verdict rests on: exactly one of a mention, a document and a URL."""

    mention = identifier("A mention.", "m-3f0c9d2a7b41", **OPTIONAL)
    document = identifier("A document.", "doc-wsj-report", **OPTIONAL)
    url = WebAddress("An address.", "https://example.org/archive/1", **OPTIONAL)
    note = words("What it shows.", **OPTIONAL)

    RULES: ClassVar = any_of(
        all_of(given("mention"), absent("document", "url")),
        all_of(given("document"), absent("mention", "url")),
        all_of(given("url"), absent("mention", "document")),
    )

    @validates_schema
    def _one(self, data: dict[str, Any], **_: Any) -> None:
        if sum(data.get(name) is not None for name in ("mention", "document", "url")) != 1:
            raise ValidationError("Needs exactly one of mention, document and url.")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> EvidenceItem:
        return EvidenceItem(**data)


class VerdictBody(Shape):
    """A verdict as it is handed in.

    A correction `supersedes` an earlier one and gives the `reason`; a `retraction` too, and has no rating.
    """

    claim_version = integer(
        "The `version` of the claim that you judged.", 3, required=True, strict=True, validate=validate.Range(min=1)
    )
    rating = fields.String(
        validate=validate.OneOf([str(label) for label in LABELS]),
        metadata={"description": "What you found; not with a retraction.", "examples": [str(Rating.REFUTED)]},
        **OPTIONAL,
    )
    textual_rating = words("The same in your own scale.", "Mostly false", longest=200, **OPTIONAL)
    rationale = words("Why.", "The register has no such company.", longest=20000, **OPTIONAL)
    evidence = many(GroundBody, "What it rests on.", load_default=list, validate=validate.Length(max=100))
    url = WebAddress("Where the review was published.", "https://example.org/checks/1", **OPTIONAL)
    language = language("BCP 47 tag of the review.")
    supersedes = identifier("The verdict it takes the place of.", "v-99ab01c3d4e5", **OPTIONAL)
    reason = words("Why it takes that one's place.", "The ministry corrected its figure.", **OPTIONAL)
    retraction = fields.Boolean(
        truthy={True},
        falsy={False},
        load_default=False,
        metadata={"description": "Takes back the one it supersedes and gives no other.", "examples": [False]},
    )
    draft = fields.Boolean(
        truthy={True},
        falsy={False},
        load_default=False,
        metadata={"description": "Not yet to be published.", "examples": [False]},
    )
    despite_assignment = fields.Boolean(
        truthy={True},
        falsy={False},
        load_default=False,
        metadata={
            "description": "Although somebody else has taken the claim; without this that is a 409 `assigned`.",
            "examples": [False],
        },
    )
    reviewers = fields.List(
        words("A checker's name.", longest=_NAME),
        load_default=list,
        validate=validate.Length(max=10),
        metadata={
            "description": "Who shall see and review the draft.",
            "examples": [["John Roe, Example Checks"]],
            "uniqueItems": True,
        },
    )

    RULES: ClassVar = {
        "allOf": [
            any_of(
                all_of(given("rating"), is_("retraction", False, by_default=True)),
                all_of(is_("retraction", True), given("supersedes"), absent("rating")),
            ),
            any_of(absent("supersedes"), given("reason")),
            any_of(empty("reviewers"), is_("draft", True)),
        ]
    }

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if data["retraction"] == (data["rating"] is not None):
            needed = "Is not for a retraction." if data["retraction"] else "Is needed."
            raise ValidationError(needed, "rating")
        if data["retraction"] and data["supersedes"] is None:
            raise ValidationError("Is needed: what is retracted?", "supersedes")
        if data["supersedes"] is not None and data["reason"] is None:
            raise ValidationError("Is needed: why is the earlier one superseded?", "reason")
        if data["reviewers"] and not data["draft"]:
            raise ValidationError("Are for drafts.", "reviewers")
        if len(set(data["reviewers"])) < len(data["reviewers"]):
            raise ValidationError("Has the same name twice.", "reviewers")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> VerdictDraft:
        del data["retraction"]
        rating = None if data["rating"] is None else Rating(data["rating"])
        return VerdictDraft(
            **{**data, "rating": rating, "evidence": tuple(data["evidence"]), "reviewers": tuple(data["reviewers"])}
        )


class ReviewBody(Shape):
    """What a second checker thinks of a draft."""

    decision = choice(Decision, "Whether it can be published.", Decision.APPROVE, required=True)
    note = words("What to change; needed when you ask for changes.", **OPTIONAL)

    RULES: ClassVar = any_of(is_("decision", Decision.APPROVE), given("note"))

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("decision") is Decision.REQUEST_CHANGES and data.get("note") is None:
            raise ValidationError("Is needed: what is to be changed?", "note")


class AssignmentBody(Shape):
    """Who judges a claim."""

    checker = words(
        "Whose claim it is; yours when left out. Editors give claims to others.", CHECKER, longest=_NAME, **OPTIONAL
    )
    note = words("What to look at.", **OPTIONAL)
    hours = integer(
        "How long, in hours; the service's own time when left out.",
        24,
        strict=True,
        validate=validate.Range(min=1, max=24 * 90),
        **OPTIONAL,
    )
