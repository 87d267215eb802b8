"""Verdicts and what they add up to: the words of judging, and a pure count of votes.

Ratings are the four labels of AVeriTeC. A verdict says what it says for ever: it is corrected by another one that
supersedes it, with a reason, and taken back by a retraction, which is a verdict without a rating.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.model.site_names import site_of


class Rating(StrEnum):
    """What a checker found.

    ``unmapped`` is only for reviews published elsewhere: their own wording is kept, and none of the four is sure.
    """

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    UNMAPPED = "unmapped"


LABELS = tuple(rating for rating in Rating if rating is not Rating.UNMAPPED)
"""What can be voted for."""


class VerdictState(StrEnum):
    """Where a verdict is on its way. Only a published one counts, and it stays published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What a second checker says of a draft."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"


class Agreement(StrEnum):
    """How far the checkers of a claim agree, one vote each."""

    NONE = "none"
    SINGLE = "single"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    SPLIT = "split"


class Outcome(StrEnum):
    """How an assignment ended."""

    JUDGED = "judged"
    RELEASED = "released"
    LAPSED = "lapsed"


class Need(StrEnum):
    """Why a claim waits to be judged, the most pressing first."""

    UNJUDGED = "unjudged"
    STALE = "stale"
    CONTESTED = "contested"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """What a verdict rests on: exactly one of a mention, a document and a URL."""

    mention: str | None = None
    document: str | None = None
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedReview:
    """What a review that somebody else published says of itself. ``publisher`` is a source, ``author`` a byline.

    ``claim_reviewed`` is the claim in the publisher's words, ``reviewed_at`` an ISO day or an RFC 3339 time, and so is
    ``modified_at`` where it was changed since. ``rating_basis`` says which rule made one of our ratings of the
    publisher's.
    """

    publisher: str
    site: str | None = None
    title: str | None = None
    author: str | None = None
    claim_reviewed: str | None = None
    reviewed_at: str | None = None
    modified_at: str | None = None
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    rating_basis: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One checker's rating of one claim at one version of it. ``rating`` is ``None`` for a retraction.

    ``judged_hash`` is of what the claim said and rested on then, ``None`` when that was not current any more.
    ``state_at`` is when it got into its state: the time of publication for a published one. ``superseded_by`` is the
    published verdict that took its place. With a ``review`` it was published elsewhere, and ``checker`` is the
    publisher's name: no key can speak for it.
    """

    id: str
    claim: str
    claim_version: int
    checker: str
    created_at: dt.datetime
    state: VerdictState
    state_at: dt.datetime
    rating: Rating | None = None
    textual_rating: str | None = None
    rationale: str | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    url: str | None = None
    language: str | None = None
    supersedes: str | None = None
    reason: str | None = None
    reviewers: tuple[str, ...] = ()
    superseded_by: str | None = None
    withdrawn_by: str | None = None
    withdrawn_reason: str | None = None
    judged_hash: str | None = None
    review: PublishedReview | None = None

    @property
    def voter(self) -> tuple[str, str]:
        """Whose vote it is: a publisher's, or that of whoever holds a key of this name."""
        return ("key", self.checker) if self.review is None else ("publisher", self.review.publisher)

    @property
    def site(self) -> str | None:
        """Where it was published, as a host name without ``www``."""
        return (self.review and self.review.site) or site_of(self.url)

    @property
    def reviewed_at(self) -> dt.datetime:
        """When the review was published: as it says itself, or else when it got into its state here."""
        said = self.review and self.review.reviewed_at
        if not said:
            return self.state_at
        moment = dt.datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)

    @property
    def dated(self) -> bool:
        """Whether it is known when it was published: of what was published elsewhere only if it says so."""
        return self.review is None or self.review.reviewed_at is not None

    @property
    def retraction(self) -> bool:
        """Whether it takes back the verdict it supersedes and puts no other in its place."""
        return self.rating is None

    @property
    def current(self) -> bool:
        """Whether it is published and nothing published has taken its place."""
        return self.state is VerdictState.PUBLISHED and self.superseded_by is None

    def taken_back(self, id: str, at: dt.datetime, reason: str) -> Verdict:  # noqa: A002 - as the field is called
        """The retraction of a published one, by whom it is."""
        return replace(
            self,
            id=id,
            created_at=at,
            state=VerdictState.PUBLISHED,
            state_at=at,
            rating=None,
            textual_rating=None,
            rationale=None,
            evidence=(),
            supersedes=self.id,
            reason=reason,
            judged_hash=None,
        )


@dataclass(frozen=True, slots=True)
class VerdictDraft:
    """What a checker hands in. A ``supersedes`` that is a draft is replaced by this one.

    ``despite_assignment``: although somebody else has taken the claim.
    """

    claim_version: int
    rating: Rating | None = None
    textual_rating: str | None = None
    rationale: str | None = None
    evidence: tuple[EvidenceItem, ...] = ()
    url: str | None = None
    language: str | None = None
    supersedes: str | None = None
    reason: str | None = None
    draft: bool = False
    reviewers: tuple[str, ...] = ()
    despite_assignment: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What a second checker thinks of a draft; ``note`` says what to change."""

    id: str
    verdict: str
    reviewer: str
    decision: Decision
    note: str | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """``checker`` has taken a claim, or was given it by ``assigned_by``, until ``until``."""

    id: str
    claim: str
    checker: str
    assigned_by: str
    note: str | None
    created_at: dt.datetime
    until: dt.datetime
    ended_at: dt.datetime | None = None
    ended_by: str | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checkers of a claim say together.

    ``current`` are the verdicts that stand, the oldest first; ``votes`` those of them that count, one a checker;
    ``tally`` counts these by rating.
    """

    agreement: Agreement
    tally: Mapping[Rating, int]
    current: tuple[Verdict, ...]
    votes: tuple[Verdict, ...]

    @property
    def checkers(self) -> int:
        """How many have a vote."""
        return sum(self.tally.values())


def judge(verdicts: Iterable[Verdict], claim: str | None = None) -> Judgement:
    """Count one vote a checker: the latest of the checker's current verdicts.

    Retractions are no votes, nor is what could not be mapped to a label.

    A verdict on ``claim`` itself goes before one on another that was merged into it.
    """
    standing = [verdict for verdict in verdicts if verdict.current and not verdict.retraction]
    standing.sort(key=lambda verdict: (verdict.state_at, verdict.id))
    latest = {verdict.voter: verdict for verdict in sorted(standing, key=lambda v: claim in (None, v.claim))}
    votes = [verdict for verdict in latest.values() if verdict.rating in LABELS]
    tally = Counter(verdict.rating for verdict in votes)
    return Judgement(
        agreement=_agreement(list(tally.values())),
        tally={rating: tally[rating] for rating in LABELS},
        current=tuple(standing),
        votes=tuple(votes),
    )


def _agreement(votes: Sequence[int]) -> Agreement:
    """From the votes for each rating that got any."""
    if sum(votes) < 2:
        return Agreement.SINGLE if votes else Agreement.NONE
    if len(votes) == 1:
        return Agreement.UNANIMOUS
    return Agreement.MAJORITY if max(votes) * 2 > sum(votes) else Agreement.SPLIT
