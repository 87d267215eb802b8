"""A store from before the log: what is in it gets its events, so that the log can be held against it."""

from __future__ import annotations

from service.actors import MIGRATION
from service.events import EventType
from service.recording import record_claim, record_document, record_link, record_mention, record_source, record_verdict
from service.standing import NO_SUMS, summary_of
from service.store import Store, batches
from service.writing import Writing, writing


def adopt(store: Store) -> bool:
    """Log everything that is there, once; whether there was anything to log."""
    if store.log_end()[0] or store.is_empty():
        return False
    with writing(store, MIGRATION) as write:
        if store.log_end()[0]:  # another process was faster
            return False
        _statements(write)
        write.touch(store.all_claim_keys())
    return True


def _statements(write: Writing) -> None:
    """Each kind after what it refers to."""
    store = write.store
    for batch in batches(store.public_ids("sources")):
        for source in store.sources(batch):
            record_source(write, EventType.SOURCE_CREATED, source.source)
    for batch in batches(store.public_ids("documents")):
        for document in store.documents(batch):
            record_document(write, EventType.DOCUMENT_CREATED, document.document)
    for batch in batches(store.public_ids("claims")):
        for state in store.claim_states([claim.key for claim in store.claims(batch)]):
            record_claim(write, EventType.CLAIM_CREATED, state.claim)
            none, sums = NO_SUMS[EventType.CORROBORATION_CHANGED], summary_of(state.counts)
            if sums != none:
                write.sums(EventType.CORROBORATION_CHANGED, state.claim.id, none, sums)
    for batch in batches(store.public_ids("mentions")):
        for mention, _ in store.stated_mentions(batch).values():
            record_mention(write, EventType.MENTION_ADDED, mention)
    for public_id in store.public_ids("claim_links"):
        record = store.link(public_id)
        if record is not None:
            record_link(write, EventType.LINK_ADDED, record.claim, record.link)
    for public_id in store.public_ids("verdicts"):
        listed = store.verdict(public_id)
        if listed is not None:
            record_verdict(write, EventType.VERDICT_PUBLISHED, listed.verdict)
