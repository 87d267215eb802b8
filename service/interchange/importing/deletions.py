"""Plan the retraction of reviews that a feed has deleted. Pure: no I/O.

Only imported verdicts are retracted; verdicts that people published here are kept. A review that was republished after
its deletion and an old copy of the deleted one may be equal word for word: only the dates tell them apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.interchange.claimreview.review_items import DeletedReview, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.claim_resolver import is_same_review
from service.interchange.importing.date_order import has_happened, is_after, possible_span, version_date
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportNote, ItemResult, Outcome
from service.interchange.importing.plan import Plan
from service.model.verdicts import Verdict

DELETED = "deleted from a feed"
"""The ``rating_basis`` of a retraction that an import has made."""


def is_deletion(verdict: Verdict) -> bool:
    """Return whether a verdict is a retraction made by an import; its review then has the date of the deletion."""
    return verdict.retraction and verdict.review is not None and verdict.review.rating_basis == DELETED


def is_republished(item: ReviewItem, deletion: Verdict, now: dt.datetime) -> bool:
    """Return whether a review is dated after its deletion, so that it is not an old copy.

    Our own feeds date a review by its arrival in their store, others by its publisher's dates.
    """
    if item.created_at is not None:
        return item.created_at >= deletion.state_at
    return (
        item.latest_stated is not None
        and has_happened(item.latest_stated, now)
        and is_after(item.latest_stated, version_date(deletion))
    )


class DeletionPlanner:
    """Plans retractions for deleted reviews that are among the ``known`` ones."""

    def __init__(self, known: KnownRecords, plan: Plan, now: dt.datetime) -> None:
        self._known = known
        self._plan = plan
        self._now = now

    def plan_deletion(self, item: DeletedReview) -> ItemResult:
        """Plan a retraction, or return a finding with the reason why there is none."""
        if not has_happened(item.deleted_at, self._now):
            message = f"the deletion is dated {item.deleted_at}, which is in the future: the review is kept until then"
            return _kept(item, ImportNote.NOT_DELETED_YET, message)
        versions = self._versions(item)
        if not versions:
            return _kept(item, ImportNote.NOT_HERE, "the deleted review is not in this store: nothing to retract")
        current = [version for version in versions if version.superseded_by is None]
        rating = [version for version in current if not version.retraction]
        if len({version.claim for version in rating}) > 1:
            message = (
                f"{len(rating)} reviews are published at this address, and the feed does not state which one was "
                "deleted: none was retracted"
            )
            return _kept(item, ImportNote.SEVERAL_REVIEWS, message)
        if not rating:
            return self._already_gone(item, (current or versions)[-1])
        latest = rating[-1]
        if latest.review is None or latest.id in self._known.on_pages:
            message = f"{latest.id} was published here, not imported: only its author can retract it"
            return _kept(item, ImportNote.KEPT_BY_PERSON, message, latest)
        if item.identifier is None and self._is_later(latest, item):
            message = f"{latest.id} is later than the deletion of {item.deleted_at}: it is kept"
            return _kept(item, ImportNote.OLDER_VERSION, message, latest)
        return self._retract(item, latest)

    def _versions(self, item: DeletedReview) -> list[Verdict]:
        """Return the stored versions of a review; one of our own ids means exactly one version."""
        if item.identifier is not None:
            own = self._known.verdicts.get(item.identifier)
            return [] if own is None else [own]
        found = self._known.reviews_at(item.url or "")
        if item.claim_reviewed is None:
            return found
        words = item.claim_reviewed
        return [v for v in found if v.review and is_same_review(v.review.claim_reviewed, words)]

    def _already_gone(self, item: DeletedReview, latest: Verdict) -> ItemResult:
        by = latest.superseded_by and self._known.verdicts.get(latest.superseded_by)
        if by and by.review is None and latest.review is not None:
            message = f"{latest.id} was superseded here by {by.id}: nothing to retract"
            return _kept(item, ImportNote.KEPT_BY_PERSON, message, latest)
        state = f"superseded by {latest.superseded_by}" if latest.superseded_by else "retracted"
        return _kept(item, ImportNote.GONE_ALREADY, f"{latest.id} is already {state}", latest)

    def _is_later(self, latest: Verdict, item: DeletedReview) -> bool:
        """Return whether the current version is dated after the deletion, or follows the same or a later deletion."""
        if is_after(version_date(latest), item.deleted_at):
            return True
        earlier = self._known.verdicts.get(latest.supersedes or "")
        while earlier is not None:
            date = version_date(earlier)
            if is_deletion(earlier) and date and possible_span(item.deleted_at)[0] <= possible_span(date)[0]:
                return True
            earlier = self._known.verdicts.get(earlier.supersedes or "")
        return False

    def _retract(self, item: DeletedReview, latest: Verdict) -> ItemResult:
        assert latest.review is not None  # noqa: S101 - verdicts without a review were excluded before
        own_id = stable_ids.verdict_id(latest.claim, latest.id, DELETED, item.deleted_at)
        # With one of our own ids: the time at which it happened in that store.
        at = (
            self._now
            if item.identifier is None
            else min(max(possible_span(item.deleted_at)[0], latest.state_at), self._now)
        )
        reason = f"Deleted from the publisher's feed on {item.deleted_at}"
        reason += f": {item.reason}" if item.reason else "."
        review = replace(latest.review, modified_at=None, rating_basis=DELETED)
        retraction = replace(latest.taken_back(own_id, at, reason), reviewed_at=item.deleted_at, review=review)
        superseded = self._plan.supersede(latest, retraction)
        self._known.add_verdict(retraction)
        self._known.add_verdict(superseded)
        self._plan.touched[self._known.claims[latest.claim].root] = None
        return _result(item, Outcome.RETRACTED, item.warnings, retraction)


def _kept(item: DeletedReview, code: ImportNote, message: str, verdict: Verdict | None = None) -> ItemResult:
    return _result(item, Outcome.UNCHANGED, (*item.warnings, Finding(code, "", message)), verdict)


def _result(item: DeletedReview, outcome: Outcome, findings: Sequence[Finding], verdict: Verdict | None) -> ItemResult:
    claim, subject = (verdict.claim, f"verdict:{verdict.id}") if verdict else (None, None)
    return ItemResult(item.place, outcome, item.url, claim, subject, tuple(findings))
