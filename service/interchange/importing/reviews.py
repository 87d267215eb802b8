"""Import review items into the store, batch by batch.

A batch is one write: look up, plan, store, recount and log. Other writers get their turn between two batches. The items
of a batch that fails are tried one by one, so that one bad item never stops the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import DeletedReview, Finding, Refused, ReviewItem
from service.interchange.importing.known_loading import known_for_reviews
from service.interchange.importing.outcomes import ImportRefusal, ItemResult, Outcome
from service.interchange.importing.plan import Plan
from service.interchange.importing.planner import Planner
from service.interchange.tables.row_items import SourceRow, StatedRow
from service.model.errors import StoreFailure
from service.store import Store
from service.use_cases.event_payloads import (
    record_claim,
    record_document,
    record_mention,
    record_source,
    record_verdict,
)
from service.use_cases.unit_of_work import UnitOfWork, transaction, unit_of_work

BATCH = 200

Item = ReviewItem | DeletedReview
AnyItem = Item | StatedRow | SourceRow
Act = Callable[[UnitOfWork, Sequence[Any], Collectives], list[ItemResult]]
"""Imports a batch of items of a kind in a unit of work."""

log = logging.getLogger(__name__)


class _DryRun(Exception):
    """Raised to roll a dry run back."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports as ``actor``; with ``dry_run`` every batch is written and rolled back."""

    store: Store
    actor: str
    collectives: Collectives
    dry_run: bool = False

    def import_reviews(self, entries: Iterable[Item | Refused]) -> Iterator[list[ItemResult]]:
        """Import reviews, like ``import_items``."""
        return self.import_items(entries, import_batch)

    def import_items(self, entries: Iterable[AnyItem | Refused], act: Act) -> Iterator[list[ItemResult]]:
        """Import entries with ``act``, and yield the results of each batch in their order, once it is stored.

        After an interruption whole batches are stored, and the same import continues there. Raises ``StoreFailure``.
        """
        iterator = iter(entries)
        while batch := list(islice(iterator, BATCH)):
            items = [entry for entry in batch if not isinstance(entry, Refused)]
            results = iter(self._attempt_batch(items, act))
            yield [refusal(entry) if isinstance(entry, Refused) else next(results) for entry in batch]

    def _attempt_batch(self, items: Sequence[AnyItem], act: Act) -> list[ItemResult]:
        try:
            return self.in_one_write(lambda work: act(work, items, self.collectives)) if items else []
        except StoreFailure:
            raise
        except Exception as error:
            if len(items) == 1:
                log.exception("an item could not be stored")
                return [store_refusal(items[0], error)]
            return [result for item in items for result in self._attempt_batch([item], act)]

    def in_one_write(self, act: Callable[[UnitOfWork], list[ItemResult]]) -> list[ItemResult]:
        """Run ``act`` in one unit of work, all or nothing, and return its results."""
        results: list[ItemResult] = []
        with suppress(_DryRun), transaction(self.store):
            with unit_of_work(self.store, self.actor) as work:
                results = act(work)
            if self.dry_run:
                raise _DryRun
        return results


def import_batch(
    work: UnitOfWork, items: Sequence[Item], collectives: Collectives, *, is_authoritative: bool = False
) -> list[ItemResult]:
    """Plan items against the store, write the plan, and return the results in the order of the items.

    With ``is_authoritative`` the items are their publisher's current state, not possibly an old copy.
    """
    planner = Planner(known_for_reviews(work.store, items), collectives, work.now, is_authoritative=is_authoritative)
    results = [planner.plan_item(item) for item in items]
    save(work, planner.plan)
    return results


def save(work: UnitOfWork, plan: Plan) -> None:
    """Write a plan and its events."""
    store = work.store
    store.evidence_writes.insert_sources(plan.sources, work.now_us)
    documents = [replace(document, first_seen=work.today) for document in plan.documents]
    store.evidence_writes.insert_documents(documents, work.now_us)
    store.evidence_writes.insert_claims(plan.claims, work.now_us)
    store.evidence_writes.insert_mentions(plan.mentions, seeded=False)
    for source in plan.sources:
        record_source(work, EventType.SOURCE_CREATED, source)
    for document in documents:
        record_document(work, EventType.DOCUMENT_CREATED, document)
    for claim in plan.claims:
        record_claim(work, EventType.CLAIM_CREATED, claim)
    for mention in plan.mentions:
        record_mention(work, EventType.MENTION_ADDED, mention)
    superseded = {verdict.superseded_by: verdict for verdict in plan.superseded}
    final_state = {verdict.id: verdict for verdict in plan.superseded}
    store.verdicts.insert_verdicts([final_state.pop(verdict.id, verdict) for verdict in plan.verdicts])
    store.verdicts.save_verdict_states(list(final_state.values()))
    for verdict in plan.verdicts:
        record_verdict(work, EventType.VERDICT_PUBLISHED, verdict)
        if verdict.id in superseded:
            record_verdict(work, EventType.VERDICT_SUPERSEDED, superseded[verdict.id])
    work.touch(store.claims.public_keys("claims", plan.touched).values())


def refusal(entry: Refused) -> ItemResult:
    """Return the result for an entry that could not be read."""
    return ItemResult(
        entry.place, Outcome.REFUSED, entry.url, findings=(Finding(entry.code, entry.field, entry.message),)
    )


def store_refusal(item: AnyItem, error: Exception) -> ItemResult:
    """Return the result for an item that the store rejects; details of the error are only in the service's log."""
    message = f"the item could not be stored ({type(error).__name__}): see the log of the service"
    return ItemResult(item.place, Outcome.REFUSED, item.url, findings=(Finding(ImportRefusal.NOT_STORED, "", message),))
