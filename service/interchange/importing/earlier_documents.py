"""Take dates that cannot be true from documents that an earlier version imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from service.eventlog.events import EventType
from service.interchange.claimreview.review_items import DateInterval
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import DATE_OF_STATEMENT, statement_title
from service.interchange.importing.date_order import is_long_after, is_possible
from service.model.entities import Document, Mention
from service.model.filters import FacetKind
from service.model.records import DocumentRecord
from service.model.timestamps import PLACEHOLDER_DAYS
from service.model.verdicts import Verdict
from service.use_cases.event_payloads import record_document
from service.use_cases.unit_of_work import UnitOfWork

_REASON = "The date cannot be true."


def correct_documents(work: UnitOfWork, mentions: Sequence[Mention], reviews: Mapping[str, Sequence[Verdict]]) -> int:
    """Remove impossible dates from the documents of some imported mentions; return the number of changed documents.

    Impossible are the zero of a calendar of computers, a day that had not come when the document was imported, and a
    statement long after the ``reviews`` (by id of the mention) of it. Documents that somebody has edited stay.
    """
    corrected = 0
    mentioned = {mention.document: mention for mention in mentions}
    for record in work.store.catalogue.documents(sorted(mentioned)):
        mention = mentioned[record.document.id]
        if not _is_as_imported(record, mention) or _is_possible(record, reviews[mention.id]):
            continue
        document = _undated(record.document)
        work.touch_resting_on(FacetKind.DOCUMENT, [document.id])
        work.store.evidence_writes.update_document(document, record.version, work.now_us)
        record_document(work, EventType.DOCUMENT_CHANGED, document, record.document, reason=_REASON)
        corrected += 1
    return corrected


def is_corrected_document(stored: Document, imported: Document) -> bool:
    """Return whether ``stored`` is ``imported``, possibly corrected."""
    own = replace(stored, merged_into=imported.merged_into)
    if imported.url is None and all(_is_titled_statement(each) for each in (stored, imported)):
        own = replace(own, title=imported.title)
    return own in (imported, _undated(imported))


def _is_possible(record: DocumentRecord, reviews: Iterable[Verdict]) -> bool:
    """Return whether the date of a document can be true."""
    document = record.document
    earliest, latest = document.published_earliest, document.published_latest
    if earliest is None or latest is None:
        return True
    days = DateInterval(earliest, latest)
    if (earliest == latest and earliest in PLACEHOLDER_DAYS) or not is_possible(days, record.created_at):
        return False
    reviewed = [day for review in reviews if (day := _day_of(review)) is not None]
    stated = document.published_reason == DATE_OF_STATEMENT
    return not (stated and reviewed and all(is_long_after(days, DateInterval(day, day)) for day in reviewed))


def _is_titled_statement(document: Document) -> bool:
    return (document.title or "").startswith(statement_title(()))


def _day_of(verdict: Verdict) -> dt.date | None:
    return None if verdict.review is None else verdict.reviewed_by


def _undated(document: Document) -> Document:
    return replace(document, published_earliest=None, published_latest=None, published_reason=None)


def _is_as_imported(record: DocumentRecord, mention: Mention) -> bool:
    """Return whether an import has added a document with a mention, and nobody has changed it."""
    document = record.document
    ids = {stable_ids.statement_id(mention.claim), stable_ids.titled_id(mention.claim, document.title or "")}
    ids |= {stable_ids.document_id(document.url)} if document.url else set()
    return record.version == 1 and document.id in ids
