"""Verdicts, reviews and assignments, and the agreement of checkers.

Ratings are the four labels of AVeriTeC. A published verdict never changes: it is corrected by another one that
supersedes it with a reason, and taken back by a retraction, a verdict without a rating.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from service.model.site_names import site_of
from service.model.timestamps import PLACEHOLDER_DAYS

_EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)


STATED = ("title", "author", "reviewed_at")
"""The members that a verdict states of itself. In the log a review published elsewhere has it in its ``review``."""


class Rating(StrEnum):
    """The rating of a verdict.

    ``unmapped`` is only for reviews published elsewhere whose own wording maps to none of the four for certain.
    """

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    CONFLICTING_EVIDENCE = "conflicting_evidence"
    UNMAPPED = "unmapped"


LABELS = tuple(rating for rating in Rating if rating is not Rating.UNMAPPED)
"""The ratings that count as votes."""


class VerdictState(StrEnum):
    """The state of a verdict. Only published ones count, and they stay published."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """The decision of a review."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"


class Agreement(StrEnum):
    """The agreement of a claim's checkers, one vote each."""

    NONE = "none"
    SINGLE = "single"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    SPLIT = "split"


class Outcome(StrEnum):
    """The outcome of an assignment."""

    JUDGED = "judged"
    RELEASED = "released"
    LAPSED = "lapsed"
    HANDED_OVER = "handed_over"


class Need(StrEnum):
    """The reasons for a claim to be in the queue, the most pressing first.

    ``REVIEW`` is that of a draft, which not everybody may see: only a queue of this need alone has it.
    """

    UNJUDGED = "unjudged"
    STALE = "stale"
    CONTESTED = "contested"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One item of a verdict's evidence: exactly one of a mention, a document and a URL."""

    mention: str | None = None
    document: str | None = None
    url: str | None = None
    note: str | None = None


class AuthorType(StrEnum):
    """The type of an author, as schema.org names it."""

    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Author:
    """An author of a review: a person or an organization, ``None`` if that is unknown.

    ``same_as`` are addresses that identify the author, such as a profile or a page of an encyclopedia.
    """

    type: AuthorType | None
    name: str
    url: str | None = None
    same_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedReview:
    """The metadata that only a review published elsewhere has. ``publisher`` is the id of a source.

    ``claim_reviewed`` is the claim in the publisher's words. ``modified_at``, if the review was changed, is an ISO day
    or an RFC 3339 time. ``rating_basis`` names the rule that mapped the publisher's rating.
    """

    publisher: str
    site: str | None = None
    claim_reviewed: str | None = None
    modified_at: str | None = None
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    rating_basis: str | None = None

    @property
    def scale(self) -> tuple[float, float]:
        """The worst and the best rating, from 1 to 5 where it is not stated (https://schema.org/Rating)."""
        worst, best = self.worst_rating, self.best_rating
        return 1 if worst is None else worst, 5 if best is None else best

    @property
    def is_on_scale(self) -> bool:
        """True if it has a number, and that is between the bounds of its scale."""
        worst, best = self.scale
        return self.rating_value is not None and worst <= self.rating_value <= best


@dataclass(frozen=True, slots=True)
class Verdict:
    """One checker's rating of one version of a claim. ``rating`` is ``None`` for a retraction.

    ``judged_hash`` is that of the claim at ``claim_version``, ``None`` if it was out of date. ``state_at`` is the time
    of the last change of state, for a published verdict that of publication. ``superseded_by`` is the published
    verdict that took its place. A verdict with a ``review`` was published elsewhere; its ``checker`` is the
    publisher's name, and no key is its author.

    ``title``, ``author`` (the byline), ``authors`` and ``reviewed_at`` (its publication: an ISO day or an RFC 3339
    time) are those that the review states. ``published_by`` is the holder of the key that published the checker's
    draft, ``None`` if that was the checker.
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
    title: str | None = None
    author: str | None = None
    authors: tuple[Author, ...] = ()
    reviewed_at: str | None = None
    published_by: str | None = None

    def voter(self, publishers: Mapping[str, str]) -> tuple[str, str]:
        """Return the holder of the vote: a publisher, or the holder of the key with the checker's name.

        ``publishers`` has the ids of the sources that merged publishers were merged into.
        """
        if self.review is None:
            return "key", self.checker
        return "publisher", publishers.get(self.review.publisher, self.review.publisher)

    @property
    def age(self) -> tuple[bool, dt.datetime, dt.datetime, str]:
        """The key that orders the verdicts of one checker, the latest last, in whatever order they came.

        The review's own date decides, then that of its last change, then the id. A stated day begins at 00:00 UTC. A
        review published elsewhere without a date is older than every dated one.
        """
        modified = _instant(self.review.modified_at) if self.review else None
        published = self.reviewed_time if self.dated else _EARLIEST
        return self.dated, published, modified or _EARLIEST, self.id

    @property
    def site(self) -> str | None:
        """The site of publication, as a host name without ``www.``: that of its address, else that of the publisher."""
        return site_of(self.url) or (self.review.site if self.review else None)

    @property
    def reviewed_time(self) -> dt.datetime:
        """The time of publication according to the review itself, or else ``state_at``. A day begins at 00:00 UTC."""
        return _instant(self.reviewed_at) or self.state_at

    @property
    def dated(self) -> bool:
        """True if its time of publication is known: for a review published elsewhere, if it states one."""
        return self.review is None or self.reviewed_at is not None

    @property
    def reviewed_by(self) -> dt.date | None:
        """The first day by which it was published, in its own time zone and in UTC; ``None`` when not stated.

        A day that stands for no date is none.
        """
        texts = (self.reviewed_at, self.review and self.review.modified_at)
        stated = [dt.datetime.fromisoformat(text) for text in texts if text]
        days = [{moment.date(), (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()} for moment in stated]
        return min((day for each in days if each.isdisjoint(PLACEHOLDER_DAYS) for day in each), default=None)

    @property
    def elsewhere(self) -> Verdict | None:
        """The verdict itself if it was published elsewhere, else ``None``."""
        return self if self.review is not None else None

    def address(self, base: str) -> str:
        """Return the address of the review: its own, else the one in this service, whose address is ``base``."""
        return self.url or f"{base}/verdicts/{self.id}"

    @property
    def retraction(self) -> bool:
        """True if it takes back the verdict that it supersedes without another rating."""
        return self.rating is None

    @property
    def current(self) -> bool:
        """True if it is published and not superseded."""
        return self.state is VerdictState.PUBLISHED and self.superseded_by is None

    def taken_back(self, id: str, at: dt.datetime, reason: str) -> Verdict:  # noqa: A002 - the name of the field
        """Return the retraction of this published verdict, by the same checker."""
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
class VerdictSubmission:
    """A verdict as a checker submits it. If ``supersedes`` is a draft, this one replaces it.

    ``despite_assignment``: submit it even if the claim is assigned to somebody else.
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
    title: str | None = None
    author: str | None = None
    authors: tuple[Author, ...] = ()
    reviewed_at: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A second checker's review of a draft; ``note`` says what to change."""

    id: str
    verdict: str
    reviewer: str
    decision: Decision
    note: str | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The assignment of a claim to ``checker`` until ``until``.

    ``assigned_by`` is the checker, an editor, or the colleague who handed it over. ``offered_to`` is the checker to
    whom it is offered; of an ended one, was offered last.
    """

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
    offered_to: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The current verdicts on a claim and their agreement.

    ``current`` are the verdicts that are neither superseded nor retracted, the oldest first; ``votes`` are those that
    count, one per checker; ``tally`` counts the votes by rating.
    """

    agreement: Agreement
    tally: Mapping[Rating, int]
    current: tuple[Verdict, ...]
    votes: tuple[Verdict, ...]

    @property
    def checkers(self) -> int:
        """The number of checkers with a vote."""
        return sum(self.tally.values())


def judge(verdicts: Iterable[Verdict], publishers: Mapping[str, str] = MappingProxyType({})) -> Judgement:
    """Count one vote per checker: the latest of the checker's current verdicts, by ``Verdict.age``.

    Retractions and unmapped ratings are no votes. ``publishers`` is as for ``Verdict.voter``.
    """
    effective = [verdict for verdict in verdicts if verdict.current and not verdict.retraction]
    effective.sort(key=lambda verdict: (verdict.state_at, verdict.id))
    latest = {verdict.voter(publishers): verdict for verdict in sorted(effective, key=lambda verdict: verdict.age)}
    votes = [verdict for verdict in latest.values() if verdict.rating in LABELS]
    tally = Counter(verdict.rating for verdict in votes)
    return Judgement(
        agreement=_agreement(list(tally.values())),
        tally={rating: tally[rating] for rating in LABELS},
        current=tuple(effective),
        votes=tuple(votes),
    )


def _instant(stated: str | None) -> dt.datetime | None:
    """Return the first instant of a stated day or time."""
    if not stated:
        return None
    moment = dt.datetime.fromisoformat(stated)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _agreement(votes: Sequence[int]) -> Agreement:
    """Return the agreement for the numbers of votes of the ratings that have any."""
    if sum(votes) < 2:
        return Agreement.SINGLE if votes else Agreement.NONE
    if len(votes) == 1:
        return Agreement.UNANIMOUS
    return Agreement.MAJORITY if max(votes) * 2 > sum(votes) else Agreement.SPLIT
