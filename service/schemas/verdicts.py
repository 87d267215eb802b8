"""Schemas of verdicts and reviews, as the API answers them."""

from __future__ import annotations

from service.model.verdicts import Agreement, Decision, Rating, VerdictState
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    Shape,
    choice,
    count,
    flag,
    identifier,
    integer,
    many,
    nested,
    string,
    strings,
    timestamp,
)
from service.schemas.published_reviews import AuthorSchema, PublishedReviewSchema

CHECKER = "Jane Doe, Example Checks"
_VERDICT_ID, _CLAIM_ID = "v-3f0c9d2a7b41", "nk-15000-workers-in-russia"
_REVIEW_TITLE = "Fact check: North Korean workers in Russia"

# Fields that a verdict has in full and in short.
_ID = identifier("The id of the verdict.", _VERDICT_ID, required=True, attribute="verdict.id")
_CHECKER = string(
    "The name of the checker. For an imported review, the name of its publisher.",
    CHECKER,
    required=True,
    attribute="verdict.checker",
)
_CLAIM_VERSION = integer(
    "The version of the claim that was judged.", 3, required=True, attribute="verdict.claim_version"
)
_STALE = flag("True when the claim, or the evidence behind it, has changed since it was judged.", False)
_TEXTUAL_RATING = string(
    "The rating in the checker's own words, or null.",
    "Mostly false",
    allow_none=True,
    required=True,
    attribute="verdict.textual_rating",
)
_URL = string(
    "The URL of the published review, or null.",
    "https://example.org/checks/1",
    allow_none=True,
    required=True,
    attribute="verdict.url",
)
_SITE = string(
    "The host name of the site that published the review, without `www.`; or null.",
    "example.org",
    allow_none=True,
    required=True,
    attribute="verdict.site",
)
_TITLE = string(
    "The title of the review, or null.",
    _REVIEW_TITLE,
    allow_none=True,
    required=True,
    attribute="verdict.title",
)
_REVIEWED_AT = string(
    "The date (YYYY-MM-DD) or RFC 3339 time that the review gives for its publication, or null.",
    "2024-10-21",
    allow_none=True,
    required=True,
    attribute="verdict.reviewed_at",
)
_LANGUAGE = string(
    "The language of the review as a BCP 47 tag, or null.",
    "en",
    allow_none=True,
    required=True,
    attribute="verdict.language",
)


class VerdictSummarySchema(Shape):
    """The members of every verdict, in full or in short."""

    id = _ID
    checker = _CHECKER
    textual_rating = _TEXTUAL_RATING
    url = _URL
    site = _SITE
    title = _TITLE
    reviewed_at = _REVIEWED_AT
    language = _LANGUAGE
    claim_version = _CLAIM_VERSION
    stale = _STALE


class CurrentVerdictSchema(Shape):
    """A current verdict in short. `GET /v1/verdicts/{id}` gives its rationale and evidence."""

    EXTENDS = VerdictSummarySchema
    id = _ID
    checker = _CHECKER
    rating = choice(Rating, f"The rating. {values.LABELS}", Rating.REFUTED, required=True, attribute="verdict.rating")
    textual_rating = _TEXTUAL_RATING
    url = _URL
    site = _SITE
    title = _TITLE
    reviewed_at = _REVIEWED_AT
    language = _LANGUAGE
    claim_version = _CLAIM_VERSION
    stale = _STALE
    published_at = timestamp("The time when the verdict was published.", required=True, attribute="verdict.state_at")


class TallySchema(Shape):
    """The number of votes for each rating. Every checker has one vote."""

    supported = count("Votes for `supported`.", 0)
    refuted = count("Votes for `refuted`.", 1)
    not_enough_evidence = count("Votes for `not_enough_evidence`.", 0)
    conflicting_evidence = count("Votes for `conflicting_evidence`.", 0)


class JudgementSchema(Shape):
    """The current verdicts on a claim and their tally. Verdicts and corroboration never change each other."""

    agreement = choice(Agreement, f"The agreement of the checkers. {values.AGREEMENT}", Agreement.SINGLE, required=True)
    checkers = count("The number of checkers with a vote.", 1)
    tally = nested(TallySchema, "The votes: the latest current verdict of each checker.", required=True)
    current = many(CurrentVerdictSchema, "The current verdicts, the oldest first.", required=True)


class GroundSchema(Shape):
    """An item of evidence: exactly one of a mention, a document and a URL."""

    mention = identifier("The id of a mention, or null.", "m-3f0c9d2a7b41", allow_none=True, required=True)
    document = identifier("The id of a document, or null.", "doc-wsj-report", allow_none=True, required=True)
    url = string("A URL, or null.", "https://example.org/archive/1", allow_none=True, required=True)
    note = string("A remark on what the item shows, or null.", "Page 3 has the figure.", allow_none=True, required=True)


class ReviewSchema(Shape):
    """The review of a draft by a second checker."""

    id = identifier("The id of the review.", "r-3f0c9d2a7b41", required=True)
    reviewer = string("The name of the reviewer.", "John Roe, Example Checks", required=True)
    decision = choice(
        Decision,
        f"The decision. {values.REVIEW_DECISION}",
        Decision.APPROVE,
        required=True,
    )
    note = string(
        "The reviewer's remarks, or null.", "Quote the register by its number.", allow_none=True, required=True
    )
    created_at = timestamp("The time of the review.", required=True)


class VerdictSchema(Shape):
    """The rating of a claim by a fact-checker. A verdict never changes; a later one can supersede it."""

    EXTENDS = VerdictSummarySchema
    id = _ID
    claim = identifier("The id of the claim.", _CLAIM_ID, required=True, attribute="verdict.claim")
    claim_version = _CLAIM_VERSION
    stale = _STALE
    checker = _CHECKER
    state = choice(
        VerdictState,
        f"The state. {values.VERDICT_STATE}",
        VerdictState.PUBLISHED,
        required=True,
        attribute="verdict.state",
    )
    retraction = flag(
        "True when the verdict takes back the one that it supersedes, without a new rating.",
        False,
        attribute="verdict.retraction",
    )
    rating = choice(
        Rating,
        f"The rating; null for a retraction. {values.LABELS}",
        Rating.REFUTED,
        allow_none=True,
        required=True,
        attribute="verdict.rating",
    )
    textual_rating = _TEXTUAL_RATING
    rationale = string(
        "The reasons for the rating, or null.",
        "The register has no such company.",
        allow_none=True,
        required=True,
        attribute="verdict.rationale",
    )
    evidence = many(
        GroundSchema, "The evidence that the verdict rests on.", required=True, attribute="verdict.evidence"
    )
    url = _URL
    site = _SITE
    title = _TITLE
    author = string(
        "The byline of the review, or null.", "Jane Doe", allow_none=True, required=True, attribute="verdict.author"
    )
    authors = many(AuthorSchema, "The authors of the review.", required=True, attribute="verdict.authors")
    reviewed_at = _REVIEWED_AT
    language = _LANGUAGE
    review = nested(
        PublishedReviewSchema,
        "For an imported review, its statements about itself; else null.",
        allow_none=True,
        required=True,
        attribute="verdict.elsewhere",
    )
    supersedes = identifier(
        "The id of the verdict that this one supersedes, or null.",
        "v-99ab01c3d4e5",
        allow_none=True,
        required=True,
        attribute="verdict.supersedes",
    )
    reason = string(
        "The reason for superseding it, or null.",
        "The ministry corrected its figure.",
        allow_none=True,
        required=True,
        attribute="verdict.reason",
    )
    superseded_by = identifier(
        "The id of the published verdict that superseded this one, or null.",
        "v-99ab01c3d4e5",
        allow_none=True,
        required=True,
        attribute="verdict.superseded_by",
    )
    reviewers = strings(
        "The names of the checkers who were asked to review the draft.",
        ["John Roe, Example Checks"],
        attribute="verdict.reviewers",
    )
    reviews = many(ReviewSchema, "The reviews of the draft. Empty for callers who may not read drafts.", required=True)
    created_at = timestamp("The time when the verdict was submitted.", required=True, attribute="verdict.created_at")
    published_at = timestamp("The time of publication; null when it is not published.", allow_none=True, required=True)
    published_by = string(
        "The name of the editor who published the checker's draft; null when the checker did, or nobody.",
        "Ed Itor, Example Checks",
        allow_none=True,
        required=True,
        attribute="verdict.published_by",
    )
