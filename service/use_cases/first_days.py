"""Keep the first days of documents that are merged: the earliest of a page while they are one, each its own after."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.eventlog.events import EventType, logged_state, subject
from service.model.entities import Document
from service.model.filters import FacetKind
from service.model.timestamps import to_us
from service.store import Store
from service.use_cases.event_payloads import record_document
from service.use_cases.recorded import first_seen_by_events
from service.use_cases.unit_of_work import UnitOfWork


def keep_earlier_day(work: UnitOfWork, into: str, first_seen: dt.date | None) -> None:
    """Let the document that another one was merged into have the earlier of the days on which they were first seen."""
    known = _document(work.store, into).first_seen
    if first_seen is not None and (known is None or first_seen < known):
        _set_day(work, into, first_seen)


def restore_own_day(work: UnitOfWork, document_id: str, given: dt.date | None) -> None:
    """Give a document that has its day from one unmerged from it, ``given``, its own again.

    If others are still merged into it, it has the earliest day of all. The same holds for what it is merged into. The
    own day is that of the log before the first merge; a document that was restored from an export together with its
    merges has none there, and keeps its day.
    """
    following: str | None = document_id
    while following is not None:
        document, own = _document(work.store, following), _own_day(work.store, following)
        if own is None or document.first_seen != given:
            return
        members = (d.first_seen for d in _merged_into(work.store, following) if d.first_seen is not None)
        _set_day(work, following, min((own, *members)))
        following = document.merged_into


def _own_day(store: Store, document_id: str) -> dt.date | None:
    log = store.events
    [first] = log.page(0, 1, subject=f"{EventType.DOCUMENT_MERGED}:{document_id}")
    before_us = to_us(dt.datetime.fromisoformat(first.at)) - 1
    states = {state["id"]: state for state in map(logged_state, log.states_by([_subject(document_id)], before_us))}
    states |= first_seen_by_events(log, states)
    return dt.date.fromisoformat(states[document_id]["first_seen"]) if document_id in states else None


def _subject(document_id: str) -> str:
    return subject("document", document_id)


def _merged_into(store: Store, document_id: str) -> list[Document]:
    """Return the documents that are merged into a document directly: these have the days of those merged into them."""
    records = store.catalogue.documents(store.evidence.derivatives([document_id]))
    return [record.document for record in records if record.document.merged_into == document_id]


def _document(store: Store, document_id: str) -> Document:
    [record] = store.catalogue.documents([document_id])
    return record.document


def _set_day(work: UnitOfWork, document_id: str, first_seen: dt.date) -> None:
    [record] = work.store.catalogue.documents([document_id])
    document = replace(record.document, first_seen=first_seen)
    work.touch_resting_on(FacetKind.DOCUMENT, [document_id])
    work.store.evidence_writes.update_document(document, record.version, work.now_us)
    record_document(work, EventType.DOCUMENT_CHANGED, document, record.document)
