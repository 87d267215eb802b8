"""Log the first days of documents from before ``first_seen`` was logged, where the log means another day.

A logged state without ``first_seen`` means the day of the document's first event. That is the stored day too, unless
the document is older than its first event, as in a store that was restored from an export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from service.eventlog.events import EventType, logged_state, subject
from service.model.actors import MIGRATION
from service.model.timestamps import to_us
from service.store import Store, batches
from service.use_cases.event_payloads import record_document
from service.use_cases.recorded import first_seen_by_events
from service.use_cases.unit_of_work import UnitOfWork, transaction, unit_of_work

# The name of this step among the versions of derived data.
FIRST_SEEN, FIRST_SEEN_VERSION = "first_seen", 1


def log_first_seen(store: Store) -> int:
    """Log the stored ``first_seen`` of the documents whose log means another day; return their number.

    Done once in a store. Each batch is a transaction of its own; if interrupted, it starts again.
    """
    if store.projections.derived_version(FIRST_SEEN) == FIRST_SEEN_VERSION:
        return 0
    logged = 0
    for public_ids in batches(store.events.public_ids("documents")):
        with unit_of_work(store, MIGRATION) as work:
            logged += _log_batch(work, public_ids)
    with transaction(store):
        store.projections.set_derived_version(FIRST_SEEN, FIRST_SEEN_VERSION)
    return logged


def _log_batch(work: UnitOfWork, public_ids: Sequence[str]) -> int:
    log = work.store.events
    events = log.states_by([subject("document", public_id) for public_id in public_ids], to_us(work.now))
    meant = first_seen_by_events(log, {state["id"]: state for state in map(logged_state, events)})
    days = {public_id: dt.date.fromisoformat(state["first_seen"]) for public_id, state in meant.items()}
    records = work.store.catalogue.documents(sorted(days))
    differing = [r.document for r in records if r.document.first_seen != days[r.document.id]]
    for document in differing:
        before = replace(document, first_seen=days[document.id])
        record_document(work, EventType.DOCUMENT_CHANGED, document, before)
    return len(differing)
