"""Choose the current version of a review: a new review, an unchanged one, a newer or an older version. Pure: no I/O.

A review is identified by its page, publisher and claim; at the very same address the publisher may differ. A newer
version with other content supersedes the one before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.identity.web_addresses import document_key
from service.interchange.claimreview.review_items import Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.change_reasons import change_reason
from service.interchange.importing.claim_resolver import is_same_review
from service.interchange.importing.date_order import has_happened, is_newer, version_date
from service.interchange.importing.deletions import is_deletion, is_republished
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportNote, Outcome
from service.interchange.importing.plan import Plan
from service.model.entities import Source
from service.model.records import ClaimPlace
from service.model.site_names import site_of
from service.model.verdicts import EvidenceItem, PublishedReview, Verdict, VerdictState


class VersionPlanner:
    """Finds the ``known`` versions of reviews, and adds new current ones to the ``plan``.

    With ``is_authoritative`` a review is its publisher's current state: it supersedes later versions and the
    publisher's retractions.
    """

    def __init__(self, known: KnownRecords, plan: Plan, now: dt.datetime, *, is_authoritative: bool) -> None:
        self._known = known
        self._plan = plan
        self._now = now
        self._is_authoritative = is_authoritative

    def choose_version(
        self, item: ReviewItem, place: ClaimPlace, publisher: Source, findings: list[Finding]
    ) -> tuple[Outcome, Verdict]:
        """Plan the version that a review is, and return the outcome and the version that is current then."""
        given = self._verdict(item, place, publisher, findings)
        versions = self._versions(item, place, publisher)
        if not versions:
            return Outcome.CREATED, self._publish(item, given)
        same = [version for version in versions if self._compared(version) == self._compared(given)]
        current = [version for version in versions if version.superseded_by is None]
        repeated = next((version for version in same if version in current), None)
        # Feeds update the dates of unchanged elements: only a later date of the review itself is a new version.
        if repeated and not (item.modified_at and is_newer(version_date(given), version_date(repeated))):
            return Outcome.UNCHANGED, repeated
        latest = repeated or (current or versions)[-1]
        deleted = is_deletion(latest) and bool(current)
        retracted = bool(current) and latest.retraction and not deleted
        if not current or (retracted and not (self._is_authoritative and latest.review is not None)):
            by = latest.superseded_by or latest.id
            findings.append(Finding(ImportNote.KEPT_BY_PERSON, "", f"the review was superseded here by {by}"))
            return Outcome.UNCHANGED, latest
        if deleted and not self._is_authoritative and not is_republished(item, latest, self._now):
            message = (
                f"the review was deleted, and no date shows that it was published again after that: {latest.id} is kept"
            )
            findings.append(Finding(ImportNote.OLDER_VERSION, "", message))
            return Outcome.UNCHANGED, latest
        known_before = any(
            self._published(version) == self._published(given) for version in versions if version != latest
        )
        older = None if self._is_authoritative or deleted else _older(given, latest, known_before=known_before)
        if older:
            findings.append(Finding(ImportNote.OLDER_VERSION, "", older))
            return Outcome.UNCHANGED, latest
        before = self._compared(latest)
        if before.get("publisher") != publisher.id:
            message = f"{latest.id} has the publisher {latest.checker}; the review is taken as that of {publisher.name}"
            findings.append(Finding(ImportNote.PUBLISHER_DIFFERS, "publisher", message))
        reason = change_reason(
            given, latest, [name for name, value in self._compared(given).items() if value != before.get(name)]
        )
        if deleted:
            reason = "The review was published again after it was deleted."
        verdict = self._publish(item, replace(given, supersedes=latest.id, reason=reason), latest)
        return Outcome.SUPERSEDED, verdict

    def _versions(self, item: ReviewItem, place: ClaimPlace, publisher: Source) -> list[Verdict]:
        """Return the stored versions of a review, the first version first.

        If claims were merged, a page may have reviewed several of them: the wording of the claim decides. Reviews
        without an address are matched by publisher; in our own exports every version has its own id.
        """
        found = self._known.reviews(item.url, place.root)
        if item.url is None:
            found = [] if item.identifier else [v for v in found if self._content(v)["publisher"] == publisher.id]
        same = [v for v in found if v.review and is_same_review(v.review.claim_reviewed, item.claim_reviewed)]
        if item.url is not None:
            found, same = (self._known.at_address(some, item.url, publisher.id) for some in (found, same))
        own = self._known.verdicts.get(item.identifier or "")
        if not same and item.claim_identifier:
            same = found
        if own is not None and own not in same and own.claim in self._known.claims:
            same = [own] if self._known.claims[own.claim].root == place.root else same
        return self._with_successors(same)

    def _with_successors(self, versions: Sequence[Verdict]) -> list[Verdict]:
        """Return the versions together with the reviews that superseded them."""
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
            claim=place.root,
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
            title=item.title,
            author=item.byline,
            authors=item.authors,
            reviewed_at=self._past_date(item.reviewed_at, "reviewed_at", findings),
            review=PublishedReview(
                publisher=publisher.id,
                site=site_of(item.url) or item.publisher.site,
                claim_reviewed=item.claim_reviewed,
                modified_at=self._past_date(item.modified_at or item.entry_modified_at, "modified_at", findings),
                rating_value=item.rating_value,
                best_rating=item.best_rating,
                worst_rating=item.worst_rating,
                rating_basis=item.rating_basis,
            ),
        )

    def _past_date(self, stated: str | None, field: str, findings: list[Finding]) -> str | None:
        """Return a stated date, or ``None`` with a finding if it is in the future."""
        if stated is None or has_happened(stated, self._now):
            return stated
        findings.append(Finding(ImportNote.FUTURE_DATE, field, f"{stated} is in the future: left out"))
        return None

    def _publish(self, item: ReviewItem, verdict: Verdict, earlier: Verdict | None = None) -> Verdict:
        content = [value for value in self._content(verdict).values() if value is not None]
        own_id = stable_ids.verdict_id(verdict.claim, verdict.supersedes, *map(str, content))
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

    def _compared(self, verdict: Verdict) -> dict[str, object]:
        """Return the fields of a review without spaces, in which no reader sees a change, and its page.

        The rule that gave our label changes with the table of ratings: it makes no version as long as the label stays.
        """
        content = self._content(verdict) | {"url": document_key(verdict.url)}
        return {name: _unspaced(value) for name, value in content.items() if name != "rating_basis"}

    def _published(self, verdict: Verdict) -> dict[str, object]:
        """Return the compared fields that are the publisher's: without our label."""
        return self._compared(replace(verdict, rating=None))

    def _content(self, verdict: Verdict) -> dict[str, object]:
        """Return the fields of a review in which two versions can differ, by name."""
        review = verdict.review
        if review is None:
            return {}
        publisher = self._known.source(review.publisher)
        # A number that is not on its scale rates nothing, and our own feed leaves it out.
        numbers = (review.rating_value, review.best_rating, review.worst_rating) if review.is_on_scale else (None,) * 3
        return {
            "publisher": publisher.id if publisher else review.publisher,
            "rating": (verdict.rating, verdict.textual_rating, numbers),
            "rating_basis": review.rating_basis,
            "rationale": verdict.rationale,
            "evidence": verdict.evidence,
            "title": verdict.title,
            "author": verdict.author,
            "reviewed_at": verdict.reviewed_at,
            "claim_reviewed": review.claim_reviewed,
            "language": verdict.language,
            "url": verdict.url,
        }


def _older(given: Verdict, latest: Verdict, *, known_before: bool) -> str | None:
    """Return the reason why a version does not supersede the current one; ``None`` if it does.

    Dates decide where they are certain. Otherwise the version that arrives last is the newest, unless its content was
    stored before.
    """
    ours, theirs = version_date(given), version_date(latest)
    if is_newer(theirs, ours):
        return f"the review is dated {ours}, {latest.id} is dated {theirs}: the later version is kept"
    if known_before and not is_newer(ours, theirs):
        return f"equal to an earlier version, and no date shows that it is later than {latest.id}: {latest.id} is kept"
    return None


def _unspaced(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_unspaced, value))
    return "".join(value.split()) if isinstance(value, str) else value
