"""Shapes of verdicts, reviews, assignments and the queue, as they go out."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from service.model.verdicts import Agreement, Decision, Outcome, Rating, VerdictState
from service.schemas.fields import Shape, choice, count, identifier, integer, many, nested, number, string, timestamp

CHECKER = "Jane Doe, Example Checks"


def _flag(description: str, example: bool, **kwargs: Any) -> fields.Boolean:
    return fields.Boolean(required=True, metadata={"description": description, "examples": [example]}, **kwargs)


_RATING = "`unmapped`: published elsewhere in words that none of the four labels is sure to mean; it is no vote."


class PublishedReviewSchema(Shape):
    """What a review that was published elsewhere says of itself, beside its address, title and date."""

    publisher = identifier("The source that published it.", "example-checks", required=True)
    author = string("Its byline.", allow_none=True, required=True)
    claim_reviewed = string("The claim in the publisher's words.", allow_none=True, required=True)
    modified_at = string(
        "The day, or the time, that it gives for its last change.", "2024-10-22", allow_none=True, required=True
    )
    rating_value = number("The rating as a number.", 1, allow_none=True, required=True)
    best_rating = number("The best that the scale has.", 5, allow_none=True, required=True)
    worst_rating = number("The worst that the scale has.", 1, allow_none=True, required=True)
    rating_basis = string("Which rule made one of our labels of its rating.", allow_none=True, required=True)


class CurrentVerdictSchema(Shape):
    """A verdict that stands, in short. `GET /v1/verdicts/{id}` has its rationale and evidence."""

    id = identifier("The verdict.", "v-3f0c9d2a7b41", required=True, attribute="verdict.id")
    checker = string("Who says so.", CHECKER, required=True, attribute="verdict.checker")
    rating = choice(
        Rating, f"What the checker found. {_RATING}", Rating.REFUTED, required=True, attribute="verdict.rating"
    )
    textual_rating = string(
        "The same in the checker's own scale.",
        "Mostly false",
        allow_none=True,
        required=True,
        attribute="verdict.textual_rating",
    )
    url = string(
        "Where the review was published.",
        "https://example.org/checks/1",
        allow_none=True,
        required=True,
        attribute="verdict.url",
    )
    site = string(
        "The site where it was published, without `www`.",
        "example.org",
        allow_none=True,
        required=True,
        attribute="verdict.site",
    )
    title = string(
        "The title of a review published elsewhere.",
        allow_none=True,
        required=True,
        attribute="verdict.review.title",
        dump_default=None,
    )
    reviewed_at = string(
        "The day, or the time, that a review published elsewhere gives for itself.",
        "2024-10-21",
        allow_none=True,
        required=True,
        attribute="verdict.review.reviewed_at",
        dump_default=None,
    )
    language = string("BCP 47 tag of the review.", "en", allow_none=True, required=True, attribute="verdict.language")
    claim_version = integer(
        "The version of the claim that was judged.", 3, required=True, attribute="verdict.claim_version"
    )
    stale = _flag("Whether what the claim says, or what it rests on, has changed since.", False)
    published_at = timestamp("When it was published.", required=True, attribute="verdict.state_at")


class TallySchema(Shape):
    """Votes by rating, one a checker."""

    supported = count("Votes for `supported`.", 0)
    refuted = count("Votes for `refuted`.", 1)
    not_enough_evidence = count("Votes for `not_enough_evidence`.", 0)
    conflicting_evidence = count("Votes for `conflicting_evidence`.", 0)


class JudgementSchema(Shape):
    """What checkers say of the claim. It never changes the corroboration, nor the corroboration this."""

    agreement = choice(
        Agreement,
        "How far they agree: `majority` when more than half of several votes are the same, else `split`.",
        Agreement.SINGLE,
        required=True,
    )
    checkers = count("How many have a vote.", 1)
    tally = nested(TallySchema, "Their votes: the latest current verdict of each.", required=True)
    current = many(CurrentVerdictSchema, "The verdicts that stand, the oldest first.", required=True)


class GroundSchema(Shape):
    """What a verdict rests on: one of a mention, a document and a URL."""

    mention = identifier("A mention.", "m-3f0c9d2a7b41", allow_none=True, required=True)
    document = identifier("A document.", "doc-wsj-report", allow_none=True, required=True)
    url = string("An address.", "https://example.org/archive/1", allow_none=True, required=True)
    note = string("What it shows.", allow_none=True, required=True)


class ReviewSchema(Shape):
    """What a second checker thinks of a draft."""

    id = identifier("The review's id.", "r-3f0c9d2a7b41", required=True)
    reviewer = string("Who.", "John Roe, Example Checks", required=True)
    decision = choice(Decision, "Whether it can be published.", Decision.APPROVE, required=True)
    note = string("What to change, or what is good.", allow_none=True, required=True)
    created_at = timestamp("When.", required=True)


class VerdictSchema(Shape):
    """One checker's rating of one claim. What it says never changes: a later one supersedes it."""

    id = identifier("The verdict's id.", "v-3f0c9d2a7b41", required=True, attribute="verdict.id")
    claim = identifier(
        "The claim that was judged.", "nk-15000-workers-in-russia", required=True, attribute="verdict.claim"
    )
    claim_version = integer("The version of it that was judged.", 3, required=True, attribute="verdict.claim_version")
    stale = _flag("Whether what the claim says, or what it rests on, has changed since.", False)
    checker = string("Who says so.", CHECKER, required=True, attribute="verdict.checker")
    state = choice(
        VerdictState,
        "Only `published` ones count. A `draft` is for its author, its reviewers and editors.",
        VerdictState.PUBLISHED,
        required=True,
        attribute="verdict.state",
    )
    retraction = _flag(
        "Whether it takes back the verdict it supersedes and gives no other.", False, attribute="verdict.retraction"
    )
    rating = choice(
        Rating,
        f"What the checker found; null for a retraction. {_RATING}",
        Rating.REFUTED,
        allow_none=True,
        required=True,
        attribute="verdict.rating",
    )
    textual_rating = string(
        "The same in the checker's own scale.",
        "Mostly false",
        allow_none=True,
        required=True,
        attribute="verdict.textual_rating",
    )
    rationale = string("Why.", allow_none=True, required=True, attribute="verdict.rationale")
    evidence = many(GroundSchema, "What it rests on.", required=True, attribute="verdict.evidence")
    url = string("Where the review was published.", allow_none=True, required=True, attribute="verdict.url")
    site = string(
        "The site where it was published, without `www`.",
        "example.org",
        allow_none=True,
        required=True,
        attribute="verdict.site",
    )
    title = string(
        "The title of a review published elsewhere.",
        allow_none=True,
        required=True,
        attribute="verdict.review.title",
        dump_default=None,
    )
    reviewed_at = string(
        "The day, or the time, that a review published elsewhere gives for itself.",
        "2024-10-21",
        allow_none=True,
        required=True,
        attribute="verdict.review.reviewed_at",
        dump_default=None,
    )
    language = string("BCP 47 tag of the review.", "en", allow_none=True, required=True, attribute="verdict.language")
    review = nested(
        PublishedReviewSchema,
        "What a review published elsewhere says of itself besides; then `checker` is the publisher's name.",
        allow_none=True,
        required=True,
        attribute="verdict.review",
    )
    supersedes = identifier(
        "The verdict it takes the place of, or null.",
        "v-99ab01c3d4e5",
        allow_none=True,
        required=True,
        attribute="verdict.supersedes",
    )
    reason = string("Why it takes that one's place.", allow_none=True, required=True, attribute="verdict.reason")
    superseded_by = identifier(
        "The published verdict that took its place, or null.",
        "v-99ab01c3d4e5",
        allow_none=True,
        required=True,
        attribute="verdict.superseded_by",
    )
    reviewers = fields.List(
        fields.String(),
        required=True,
        attribute="verdict.reviewers",
        metadata={"description": "Who was asked to review the draft.", "examples": [["John Roe, Example Checks"]]},
    )
    reviews = many(ReviewSchema, "What they said; only for those who may see drafts, else empty.", required=True)
    created_at = timestamp("When it was written.", required=True, attribute="verdict.created_at")
    published_at = timestamp("When it was published; null for one that is not.", allow_none=True, required=True)


class AssignmentSchema(Shape):
    """Who has taken a claim."""

    id = identifier("The assignment's id.", "a-3f0c9d2a7b41", required=True)
    claim = identifier("The claim.", "nk-15000-workers-in-russia", required=True)
    checker = string("Who judges it.", CHECKER, required=True)
    assigned_by = string("Who said so.", CHECKER, required=True)
    note = string("What to look at.", allow_none=True, required=True)
    created_at = timestamp("Since when.", required=True)
    until = timestamp("It lapses then.", required=True)
    ended_at = timestamp("When it ended, or null.", allow_none=True, required=True)
    outcome = choice(Outcome, "How it ended, or null.", Outcome.JUDGED, allow_none=True, required=True)
