"""What it comes to that a feed has deleted a review: the verdict that stands for it is retracted. Pure: no I/O.

Only what was taken in from elsewhere is: what a person has said or done here stands. A review that is put out again is
told from an old copy of the one that was deleted by its dates alone, as it may say the very same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.interchange.claimreview.review_items import DeletedReview, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.date_order import comes_after, dated, has_come, span
from service.interchange.importing.known_records import Known
from service.interchange.importing.outcomes import Noted, Outcome, Taken
from service.interchange.importing.plan import Plan
from service.model.verdicts import Verdict

DELETED = "deleted from a feed"
"""The ``rating_basis`` of a retraction that an import has made."""


def is_deletion(verdict: Verdict) -> bool:
    """Whether it is a retraction that an import has made. Its review has the date of that."""
    return verdict.retraction and verdict.review is not None and verdict.review.rating_basis == DELETED


def is_put_out_again(item: ReviewItem, deletion: Verdict, now: dt.datetime) -> bool:
    """Whether a review is of later than its deletion, or an old copy of what was deleted.

    A feed of ours dates what it has by when that came into its store, others by what the publisher says.
    """
    if item.created_at is not None:
        return item.created_at >= deletion.state_at
    return item.dated is not None and has_come(item.dated, now) and comes_after(item.dated, dated(deletion))


class Deleter:
    """Plans what becomes of reviews that were deleted, among those that are ``known``."""

    def __init__(self, known: Known, plan: Plan, now: dt.datetime) -> None:
        self._known = known
        self._plan = plan
        self._now = now

    def take(self, item: DeletedReview) -> Taken:
        """Plan a retraction, or say why there is none."""
        if not has_come(item.deleted_at, self._now):
            return _left(item, Noted.NOT_DELETED_YET, f"it is to be deleted on {item.deleted_at}: until then it stands")
        versions = self._versions(item)
        if not versions:
            return _left(item, Noted.NOT_HERE, "it was deleted, and is not here")
        standing = [version for version in versions if version.superseded_by is None]
        rating = [version for version in standing if not version.retraction]
        if len({version.claim for version in rating}) > 1:
            message = f"{len(rating)} reviews stand at this address: which of them was deleted is not said"
            return _left(item, Noted.SEVERAL_REVIEWS, message)
        if not rating:
            return self._gone(item, (standing or versions)[-1])
        latest = rating[-1]
        if latest.review is None or latest.id in self._known.on_pages:
            return _left(item, Noted.KEPT_BY_PERSON, "it was published here: whoever did that takes it back", latest)
        if item.identifier is None and self._came_later(latest, item):
            return _left(item, Noted.OLDER_VERSION, f"{latest.id} is of later than {item.deleted_at}", latest)
        return self._retract(item, latest)

    def _versions(self, item: DeletedReview) -> list[Verdict]:
        """What the store has of the review. An id of ours is that of one version, and no other is meant by it."""
        if item.identifier is not None:
            own = self._known.verdicts.get(item.identifier)
            return [] if own is None else [own]
        found = self._known.reviews_at(item.url or "")
        if item.claim_reviewed is None:
            return found
        words = stable_ids.folded(item.claim_reviewed)
        return [v for v in found if v.review and stable_ids.folded(v.review.claim_reviewed or "") == words]

    def _gone(self, item: DeletedReview, latest: Verdict) -> Taken:
        by = latest.superseded_by and self._known.verdicts.get(latest.superseded_by)
        if by and by.review is None and latest.review is not None:
            return _left(item, Noted.KEPT_BY_PERSON, f"it was superseded here by {by.id}", latest)
        message = f"superseded by {latest.superseded_by}" if latest.superseded_by else "retracted"
        return _left(item, Noted.GONE_ALREADY, f"it stands no more: {message}", latest)

    def _came_later(self, latest: Verdict, item: DeletedReview) -> bool:
        """Whether what stands was put out after that; or was put out anew after a deletion that is none before that."""
        if comes_after(dated(latest), item.deleted_at):
            return True
        earlier = self._known.verdicts.get(latest.supersedes or "")
        while earlier is not None:
            of = dated(earlier)
            if is_deletion(earlier) and of and span(item.deleted_at)[0] <= span(of)[0]:
                return True
            earlier = self._known.verdicts.get(earlier.supersedes or "")
        return False

    def _retract(self, item: DeletedReview, latest: Verdict) -> Taken:
        assert latest.review is not None  # noqa: S101 - what was said here is left alone
        own_id = stable_ids.verdict_id(latest.claim, latest.id, DELETED, item.deleted_at)
        # As with what comes with an id of ours: when it happened there.
        at = self._now if item.identifier is None else min(max(span(item.deleted_at)[0], latest.state_at), self._now)
        reason = f"Deleted from the feed of who published it, {item.deleted_at}"
        reason += f": {item.reason}" if item.reason else "."
        review = replace(latest.review, reviewed_at=item.deleted_at, modified_at=None, rating_basis=DELETED)
        retraction = replace(latest.taken_back(own_id, at, reason), review=review)
        superseded = self._plan.supersede(latest, retraction)
        self._known.add_verdict(retraction)
        self._known.add_verdict(superseded)
        self._plan.touched[self._known.claims[latest.claim].standing] = None
        return _taken(item, Outcome.RETRACTED, item.warnings, retraction)


def _left(item: DeletedReview, code: Noted, message: str, verdict: Verdict | None = None) -> Taken:
    return _taken(item, Outcome.UNCHANGED, (*item.warnings, Finding(code, "", message)), verdict)


def _taken(item: DeletedReview, outcome: Outcome, findings: Sequence[Finding], verdict: Verdict | None) -> Taken:
    claim, subject = (verdict.claim, f"verdict:{verdict.id}") if verdict else (None, None)
    return Taken(item.place, outcome, item.url, claim, subject, tuple(findings))
