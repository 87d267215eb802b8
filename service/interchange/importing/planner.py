"""What a review item adds to a store: decided without one, from what the store is known to have. Pure: no I/O.

Sources, documents and claims that are there already are used as they are, and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import DeletedReview, Finding, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.deletions import Deleter
from service.interchange.importing.known_records import Known
from service.interchange.importing.mentions import Mentions
from service.interchange.importing.outcomes import Noted, Outcome, Taken
from service.interchange.importing.plan import Plan
from service.interchange.importing.review_versions import Versions
from service.interchange.importing.sources import Parties
from service.model.entities import Claim
from service.model.records import ClaimPlace
from service.model.verdicts import Verdict

TOPIC = "imported"
_SUBJECT = 80


class Planner:
    """Plans a batch of items, one after another. What it plans is added to ``known``.

    ``is_authoritative``: the items are the current state of their publisher, not possibly an old copy, and supersede
    whatever the publisher said later or took back.
    """

    def __init__(
        self, known: Known, collectives: Collectives, now: dt.datetime, *, is_authoritative: bool = False
    ) -> None:
        self.plan = Plan()
        self._known = known
        self._parties = Parties(known, self.plan, collectives)
        self._mentions = Mentions(known, self.plan, self._parties)
        self._versions = Versions(known, self.plan, now, is_authoritative=is_authoritative)
        self._deleter = Deleter(known, self.plan, now)

    def delete(self, item: DeletedReview) -> Taken:
        """Plan what it comes to that a review was deleted, and say what becomes of it."""
        return self._deleter.take(item)

    def take(self, item: ReviewItem) -> Taken:
        """Plan what an item adds, and say what becomes of it."""
        findings = list(item.warnings)
        own = self._known.verdicts.get(item.identifier or "")
        if own is not None and own.review is None:
            # A verdict that was given here, and comes home.
            return self._taken(item, Outcome.UNCHANGED, own, findings)
        if own is not None and not self._is_of(item, own):
            message = f"here {own.id} is a review of {own.claim}: the two may have been merged where it comes from"
            findings.append(Finding(Noted.CLAIM_DIFFERS, "claim", message))
            return self._taken(item, Outcome.UNCHANGED, own, findings)
        publisher = self._parties.publisher(item.publisher)
        claimants = list({source.id: source for source in map(self._parties.claimant, item.claimants)}.values())
        place = self._claim(item, findings)
        extended = self._mentions.take(item, place, claimants, findings)
        outcome, verdict = self._versions.take(item, place, publisher, findings)
        if outcome is Outcome.UNCHANGED and extended:
            outcome = Outcome.COMPLETED
        if outcome is not Outcome.UNCHANGED:
            self.plan.touched[place.standing] = None
        return self._taken(item, outcome, verdict, findings)

    def _is_of(self, item: ReviewItem, verdict: Verdict) -> bool:
        """Whether a verdict that has the id of an item is on the same claim here, or on one that stands for it."""
        place = self._known.claims.get(_claim_id(item))
        judged = self._known.claims.get(verdict.claim)
        return place is not None and judged is not None and place.standing == judged.standing

    def _taken(self, item: ReviewItem, outcome: Outcome, verdict: Verdict, findings: Sequence[Finding]) -> Taken:
        subject = f"verdict:{verdict.id}"
        return Taken(item.place, outcome, item.url, verdict.claim, subject, tuple(findings))

    def _claim(self, item: ReviewItem, findings: list[Finding]) -> ClaimPlace:
        own_id = _claim_id(item)
        place = self._known.claims.get(own_id)
        if place is None:
            subject = _beginning(item.claim)
            self.plan.claims.append(Claim(own_id, item.claim, subject, topics=(TOPIC,)))
            place = self._known.claims[own_id] = ClaimPlace(own_id, item.claim, own_id, 1)
        elif item.claim_identifier and stable_ids.folded(place.text) != stable_ids.folded(item.claim):
            findings.append(Finding(Noted.CLAIM_DIFFERS, "claim", f"here {own_id} is: {place.text}"))
        return place


def _claim_id(item: ReviewItem) -> str:
    return item.claim_identifier or stable_ids.claim_id(item.claim_reviewed, (p.name for p in item.claimants))


def _beginning(text: str) -> str:
    """The first words: what a claim is about is for an editor to say."""
    if len(text) <= _SUBJECT:
        return text
    kept = text[: _SUBJECT - 1]
    return f"{kept.rpartition(' ')[0] or kept}…"
