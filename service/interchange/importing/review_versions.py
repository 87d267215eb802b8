"""What becomes of a review that may be known in other versions: it is new, the same, a newer or an older one.

What tells a review from others is its address and the claim. One that says something else than the version before
supersedes that. Pure: no I/O.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.interchange.claimreview.review_items import Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.change_reasons import reason_for
from service.interchange.importing.date_order import dated, has_come, is_newer
from service.interchange.importing.deletions import is_deletion, is_put_out_again
from service.interchange.importing.known_records import Known
from service.interchange.importing.outcomes import Noted, Outcome
from service.interchange.importing.plan import Plan
from service.model.entities import Source
from service.model.records import ClaimPlace
from service.model.site_names import site_of
from service.model.verdicts import EvidenceItem, PublishedReview, Verdict, VerdictState


class Versions:
    """Finds the versions that are ``known``, and adds those that are to stand to the ``plan``.

    With ``is_authoritative`` they are what their publisher says now, whatever the publisher said later, or took back.
    """

    def __init__(self, known: Known, plan: Plan, now: dt.datetime, *, is_authoritative: bool) -> None:
        self._known = known
        self._plan = plan
        self._now = now
        self._insists = is_authoritative

    def take(
        self, item: ReviewItem, place: ClaimPlace, publisher: Source, findings: list[Finding]
    ) -> tuple[Outcome, Verdict]:
        """Plan a version, and say what becomes of it and which one stands."""
        given = self._verdict(item, place, publisher, findings)
        versions = self._versions(item, place, publisher)
        if not versions:
            return Outcome.CREATED, self._publish(item, given)
        same = [version for version in versions if self._said(version) == self._said(given)]
        standing = [version for version in versions if version.superseded_by is None]
        repeated = next((version for version in same if version in standing), None)
        # Feeds date their elements anew with nothing else in them; what a review says of itself is kept.
        if repeated and not (item.modified_at and is_newer(dated(given), dated(repeated))):
            return Outcome.UNCHANGED, repeated
        latest = repeated or (standing or versions)[-1]
        deleted = is_deletion(latest) and bool(standing)
        taken_back = bool(standing) and latest.retraction and not deleted
        if not standing or (taken_back and not (self._insists and latest.review is not None)):
            by = latest.superseded_by or latest.id
            findings.append(Finding(Noted.KEPT_BY_PERSON, "", f"it was superseded here by {by}"))
            return Outcome.UNCHANGED, latest
        if deleted and not self._insists and not is_put_out_again(item, latest, self._now):
            message = f"it was deleted, and nothing says that this was put out after that: {latest.id} stands"
            findings.append(Finding(Noted.OLDER_VERSION, "", message))
            return Outcome.UNCHANGED, latest
        older = None if self._insists or deleted else _older(given, latest, known_before=bool(same))
        if older:
            findings.append(Finding(Noted.OLDER_VERSION, "", older))
            return Outcome.UNCHANGED, latest
        said = self._said(latest)
        reason = reason_for(
            given, latest, [name for name, value in self._said(given).items() if value != said.get(name)]
        )
        if deleted:
            reason = "The review was published anew after it was deleted."
        verdict = self._publish(item, replace(given, supersedes=latest.id, reason=reason), latest)
        return Outcome.SUPERSEDED, verdict

    def _versions(self, item: ReviewItem, place: ClaimPlace, publisher: Source) -> list[Verdict]:
        """What the store has of this review, the first version first.

        Where a claim stands for others, a page may have reviewed several of them: the words tell which. Of what has no
        address the publisher tells; or the id of our own exports, under which every version stands for itself.
        """
        found = self._known.reviews(item.url, place.standing)
        if item.url is None:
            found = [] if item.identifier else [v for v in found if self._said(v)["publisher"] == publisher.id]
        words = stable_ids.folded(item.claim_reviewed)
        same = [v for v in found if v.review and stable_ids.folded(v.review.claim_reviewed or "") == words]
        own = self._known.verdicts.get(item.identifier or "")
        if not same and item.claim_identifier:
            same = found
        if own is not None and own not in same and own.claim in self._known.claims:
            same = [own] if self._known.claims[own.claim].standing == place.standing else same
        return self._with_successors(same)

    def _with_successors(self, versions: Sequence[Verdict]) -> list[Verdict]:
        """And the reviews that came after them."""
        found = {version.id: version for version in versions}
        for version in versions:
            following = self._known.verdicts.get(version.superseded_by or "")
            while following is not None and following.id not in found and following.review is not None:
                found[following.id] = following
                following = self._known.verdicts.get(following.superseded_by or "")
        return list(found.values())

    def _verdict(self, item: ReviewItem, place: ClaimPlace, publisher: Source, findings: list[Finding]) -> Verdict:
        return Verdict(
            id="",
            claim=place.standing,
            claim_version=place.version,
            checker=publisher.name,
            created_at=self._now,
            state=VerdictState.PUBLISHED,
            state_at=self._now,
            rating=item.rating,
            textual_rating=item.textual_rating,
            rationale=item.explanation,
            evidence=tuple(EvidenceItem(url=citation.url, note=citation.note) for citation in item.citations),
            url=item.url,
            language=item.language,
            review=PublishedReview(
                publisher=publisher.id,
                site=item.publisher.site or site_of(item.url),
                title=item.title,
                author=", ".join(author.name for author in item.authors)[:200] or None,
                claim_reviewed=item.claim_reviewed,
                reviewed_at=self._come(item.reviewed_at, "reviewed_at", findings),
                modified_at=self._come(item.modified_at or item.entry_modified_at, "modified_at", findings),
                rating_value=item.rating_value,
                best_rating=item.best_rating,
                worst_rating=item.worst_rating,
                rating_basis=item.rating_basis,
            ),
        )

    def _come(self, stated: str | None, field: str, findings: list[Finding]) -> str | None:
        """A day or an instant that is not still to come."""
        if stated is None or has_come(stated, self._now):
            return stated
        findings.append(Finding(Noted.FUTURE_DATE, field, f"{stated} has not come yet: it is left out"))
        return None

    def _publish(self, item: ReviewItem, verdict: Verdict, earlier: Verdict | None = None) -> Verdict:
        said = [value for value in self._said(verdict).values() if value is not None]
        own_id = stable_ids.verdict_id(verdict.claim, verdict.supersedes, *map(str, said))
        if item.identifier and item.identifier not in self._known.verdicts:
            own_id = item.identifier
        at = min(item.created_at, self._now) if item.identifier and item.created_at else self._now
        published = replace(verdict, id=own_id, created_at=at, state_at=at)
        self._known.add_verdict(published)
        if earlier is None:
            self._plan.verdicts.append(published)
        else:
            self._known.add_verdict(self._plan.supersede(earlier, published))
        return published

    def _said(self, verdict: Verdict) -> dict[str, object]:
        """What a review says, by the names of what can differ between two versions."""
        review = verdict.review
        if review is None:
            return {}
        publisher = self._known.source(review.publisher)
        numbers = (review.rating_value, review.best_rating, review.worst_rating)
        return {
            "publisher": publisher.id if publisher else review.publisher,
            "rating": (verdict.rating, verdict.textual_rating, numbers),
            "rating_basis": review.rating_basis,
            "rationale": verdict.rationale,
            "evidence": verdict.evidence,
            "title": review.title,
            "author": review.author,
            "reviewed_at": review.reviewed_at,
            "claim_reviewed": review.claim_reviewed,
            "language": verdict.language,
            "url": verdict.url,
        }


def _older(given: Verdict, latest: Verdict, *, known_before: bool) -> str | None:
    """Why a version does not take the place of the one that stands; ``None`` when it does.

    Dates decide where they are certain. Else the last one that comes is the newest, unless it was there before.
    """
    ours, theirs = dated(given), dated(latest)
    if is_newer(theirs, ours):
        return f"it is of {ours}, and {latest.id} of {theirs}: that stands"
    if known_before and not is_newer(ours, theirs):
        return f"an earlier version said the same, and no date says that this one came after {latest.id}: that stands"
    return None
