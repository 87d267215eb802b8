"""Backfill the log of a store from before the log existed, so that the two can be compared."""

from __future__ import annotations

from collections.abc import Sequence

from service.eventlog.events import EventType
from service.model.actors import MIGRATION
from service.store import Store, batches
from service.use_cases.event_payloads import (
    record_claim,
    record_document,
    record_link,
    record_mention,
    record_source,
    record_verdict,
)
from service.use_cases.projections import INITIAL_SUMMARIES, summary_of
from service.use_cases.unit_of_work import UnitOfWork, transaction, unit_of_work


def backfill_log(store: Store) -> bool:
    """Log all records of a store without a log; return whether there was anything to log."""
    if store.events.log_end()[0] or store.catalogue.is_empty():
        return False
    with transaction(store):
        if store.events.log_end()[0]:  # another process has done it
            return False
        for batch in batches(store.events.public_ids("sources")):
            with unit_of_work(store, MIGRATION) as work:
                for source in store.catalogue.sources(batch):
                    record_source(work, EventType.SOURCE_CREATED, source.source)
        for batch in batches(store.events.public_ids("documents")):
            with unit_of_work(store, MIGRATION) as work:
                for document in store.catalogue.documents(batch):
                    record_document(work, EventType.DOCUMENT_CREATED, document.document)
        # Each kind after the kinds it refers to; claims are recomputed once all of these are logged.
        for batch in batches(store.events.public_ids("claims")):
            with unit_of_work(store, MIGRATION) as work:
                _claims(work, batch)
        for batch in batches(store.events.public_ids("mentions")):
            with unit_of_work(store, MIGRATION) as work:
                for mention, _ in store.evidence.stated_mentions(batch).values():
                    record_mention(work, EventType.MENTION_ADDED, mention)
        with unit_of_work(store, MIGRATION) as work:
            _links_and_verdicts(work)
        for keys in batches(store.claims.all_claim_keys()):
            with unit_of_work(store, MIGRATION) as work:
                work.touch(keys)
    return True


def _claims(work: UnitOfWork, claim_ids: Sequence[str]) -> None:
    store = work.store
    for state in store.claims.claim_states([claim.key for claim in store.claims.by_ids(claim_ids)]):
        record_claim(work, EventType.CLAIM_CREATED, state.claim)
        initial, summary = INITIAL_SUMMARIES[EventType.CORROBORATION_CHANGED], summary_of(state.counts)
        if summary != initial:
            work.record_derived(EventType.CORROBORATION_CHANGED, state.claim.id, initial, summary)


def _links_and_verdicts(work: UnitOfWork) -> None:
    store = work.store
    for public_id in store.events.public_ids("claim_links"):
        record = store.merges.link(public_id)
        if record is not None:
            record_link(work, EventType.LINK_ADDED, record.claim, record.link)
    for public_id in store.events.public_ids("verdicts"):
        listed = store.verdicts.verdict(public_id)
        if listed is not None:
            record_verdict(work, EventType.VERDICT_PUBLISHED, listed.verdict)
