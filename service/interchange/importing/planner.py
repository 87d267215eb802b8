"""Decide what a review item adds to a store, from the records that are known to be in it. Pure: no I/O.

Sources, documents and claims that exist already are used as they are, and never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.identity.names import folded_name, folded_names
from service.identity.statements import same_statement
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import DeletedReview, Finding, Party, ReviewItem
from service.interchange.importing.claim_resolver import ClaimResolver, old_id
from service.interchange.importing.deletions import DeletionPlanner
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.mentions import MentionPlanner
from service.interchange.importing.outcomes import ImportNote, ItemResult, Outcome
from service.interchange.importing.plan import Plan
from service.interchange.importing.possible_dates import with_possible_dates
from service.interchange.importing.review_versions import VersionPlanner
from service.interchange.importing.sources import SourceResolver
from service.model.entities import Source
from service.model.verdicts import Verdict


class Planner:
    """Plans a batch of items, one after another, and adds the planned records to ``known``.

    With ``is_authoritative`` the items are their publisher's current state, not possibly an old copy: they supersede
    later versions and the publisher's retractions.
    """

    def __init__(
        self, known: KnownRecords, collectives: Collectives, now: dt.datetime, *, is_authoritative: bool = False
    ) -> None:
        self.plan = Plan()
        self._now = now
        self._known = known
        self._sources = SourceResolver(known, self.plan, collectives)
        self._claims = ClaimResolver(known, self.plan)
        self._mentions = MentionPlanner(known, self.plan, self._sources)
        self._versions = VersionPlanner(known, self.plan, now, is_authoritative=is_authoritative)
        self._deletions = DeletionPlanner(known, self.plan, now)

    def plan_item(self, item: ReviewItem | DeletedReview) -> ItemResult:
        """Plan an item and return its result, with the records that it adds."""
        before = self.plan.size
        result = self._deletions.plan_deletion(item) if isinstance(item, DeletedReview) else self.plan_review(item)
        return replace(result, added=self.plan.added_since(before))

    def plan_review(self, item: ReviewItem) -> ItemResult:
        """Plan the records that a review adds, and return its result."""
        findings = list(item.warnings)
        own = self._known.verdicts.get(item.identifier or "")
        if own is not None and own.review is None:
            # A verdict that was published here first, and comes back from another store.
            return self._result(item, Outcome.UNCHANGED, own, findings)
        if own is not None and not self._is_same_claim(item, own):
            message = (
                f"{own.id} is a review of {own.claim} here: the claims may have been merged in the store that the "
                "review is from; left as it is"
            )
            findings.append(Finding(ImportNote.CLAIM_DIFFERS, "claim", message))
            return self._result(item, Outcome.UNCHANGED, own, findings)
        item, left_out = with_possible_dates(item, self._now)
        publisher = self._sources.resolve_publisher(item.publisher, findings)
        parties = self._others(item, publisher)
        claimants = self._claimants(item, parties, publisher, findings)
        place = self._claims.resolve_claim(item, publisher, claimants, findings)
        extended = self._mentions.plan_mentions(replace(item, claimants=parties), place, claimants, findings)
        outcome, verdict = self._versions.choose_version(item, place, publisher, findings)
        if outcome is Outcome.UNCHANGED and extended:
            outcome = Outcome.COMPLETED
        if outcome is not Outcome.UNCHANGED:
            self.plan.touched[place.root] = None
            findings += left_out
        return self._result(item, outcome, verdict, findings)

    def _others(self, item: ReviewItem, publisher: Source) -> tuple[Party, ...]:
        """Return the claimants of a review that do not have a name of its publisher."""
        own_names = folded_names((publisher.name, *publisher.aliases))
        return tuple(party for party in item.claimants if folded_name(party.name) not in own_names)

    def _claimants(
        self, item: ReviewItem, others: Sequence[Party], publisher: Source, findings: list[Finding]
    ) -> list[Source]:
        """Return the claimants of a review without its publisher, which reviews a claim and does not make it."""
        named = [self._sources.resolve_claimant(party, findings) for party in others]
        claimants = list({source.id: source for source in named if source.id != publisher.id}.values())
        if len(others) < len(item.claimants) or publisher in named:
            message = f"{publisher.name} reviews the claim, so it is not a claimant: left out"
            findings.append(Finding(ImportNote.OWN_CLAIMANT, "claimants", message))
        return claimants

    def _is_same_claim(self, item: ReviewItem, verdict: Verdict) -> bool:
        """Return whether an item and the verdict with its id are on the same claim here, merges included."""
        place = self._known.claims.get(item.claim_identifier or old_id(item))
        judged = self._known.claims.get(verdict.claim)
        if judged is None or place is None:
            # The claim may have another id here.
            return judged is not None and same_statement(judged.text, item.claim)
        return place.root == judged.root

    def _result(self, item: ReviewItem, outcome: Outcome, verdict: Verdict, findings: Sequence[Finding]) -> ItemResult:
        subject = f"verdict:{verdict.id}"
        return ItemResult(item.place, outcome, item.url, verdict.claim, subject, tuple(findings))
