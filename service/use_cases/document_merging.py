"""Merge and unmerge documents, and find the document of a page.

One page is one document, whichever of its addresses it comes with (``document_key`` in
``service.identity.web_addresses``). Two that are found to be one are merged as sources are: one points to the other,
nothing is moved, and one call undoes it. The earlier of the days on which the two were first seen holds as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from service.eventlog.events import EventType
from service.identity.web_addresses import document_key
from service.model.actors import Caller
from service.model.entities import Document, Mark
from service.model.errors import Conflict, InvalidInput, Merged, NotFound, UnknownReference, VersionConflict
from service.model.filters import FacetKind
from service.model.records import DocumentRecord
from service.model.suggestions import SuggestionKind
from service.store import Store
from service.use_cases.catalogue import existing_document
from service.use_cases.event_payloads import record_document
from service.use_cases.first_days import keep_earlier_day, restore_own_day
from service.use_cases.suggestion_records import decline_unmerged
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

SAME_PAGE = "The same page under another address."


def merge_document(store: Store, caller: Caller, document_id: str, into: str, reason: str) -> None:
    """Merge a document into ``into``: the two are the same page.

    Raises ``NotFound``, ``InvalidInput``, or ``Conflict`` if it is already merged.
    """
    with unit_of_work(store, caller.name) as work:
        try:
            record = existing_document(store, document_id)
        except Merged as error:
            raise Conflict("merged", str(error)) from error
        if into == document_id:
            raise InvalidInput("into", "A document cannot be merged into itself.")
        try:
            target = existing_document(store, into)
        except NotFound as error:
            raise UnknownReference("into", "document", into) from error
        except Merged as error:
            was_merged = f"The document {into!r} was itself merged into {error.into!r}: merge into that one."
            raise InvalidInput("into", was_merged) from error
        _merge(work, record, target.document.id, reason)


def unmerge_document(store: Store, caller: Caller, document_id: str, reason: str) -> None:
    """Undo the merge of a document; raise ``NotFound``, or ``Conflict`` if it is not merged."""
    with unit_of_work(store, caller.name) as work:
        found = store.catalogue.documents([document_id])
        if not found:
            raise NotFound("document", document_id)
        if found[0].document.merged_into is None:
            raise Conflict("not_merged", f"The document {document_id!r} is not merged.")
        _merge(work, found[0], None, reason)
        decline_unmerged(work, SuggestionKind.DOCUMENT, document_id, found[0].document.merged_into, reason)


def refuse_known_page(store: Store, document: Document, before: Document | None = None) -> None:
    """Raise ``Conflict`` if the page of ``document`` has a document already, under whichever address.

    ``before`` is the document before a change, which may keep its address.
    """
    key = document_key(document.url)
    if key is None or (before is not None and document_key(before.url) == key):
        return
    roots = [root.public_id for root in store.page_identity.roots_of_pages([key]).get(key, ())]
    for record in store.catalogue.documents([root for root in roots if root != document.id][:1]):
        there = record.document
        if there.url == document.url:
            reason = f"The document {there.id!r} has the same url: use that one."
        else:
            reason = f"The document {there.id!r}, at {there.url}, is the same page: use that one."
        raise Conflict("document_exists", reason, others=[there.id])


def merge_same_pages(work: UnitOfWork, keys: Iterable[str], only: Collection[str] | None = None) -> dict[str, str]:
    """Merge the documents of each page, given by its key, into the oldest of them, with an event each.

    With ``only`` no other documents than these are merged. Return the merged ones with what they were merged into.
    """
    into: dict[str, str] = {}
    for oldest, *others in work.store.page_identity.roots_of_pages(keys).values():
        merged = (other.public_id for other in others if only is None or other.public_id in only)
        into.update(dict.fromkeys(merged, oldest.public_id))
    for name in sorted(into):
        [record] = work.store.catalogue.documents([name])  # as the merges before left it
        _merge(work, record, into[name], SAME_PAGE)
    return into


def _merge(work: UnitOfWork, record: DocumentRecord, into: str | None, reason: str) -> None:
    store, before = work.store, record.document
    merged = replace(before, merged_into=into)
    work.touch_resting_on(FacetKind.DOCUMENT, [before.id])
    keys = store.claims.public_keys("documents", [name for name in (before.id, into) if name is not None])
    mark = None if into is None else Mark(work.now, work.actor, reason)
    key, into_key = keys[before.id], keys[into] if into else None
    if not store.merges.merge_document(key, into_key, mark, record.version, work.now_us):
        raise VersionConflict(
            f"The document {before.id!r} has changed since you read it: read it again, and repeat your change."
        )
    event_type = EventType.DOCUMENT_UNMERGED if into is None else EventType.DOCUMENT_MERGED
    record_document(work, event_type, merged, before, reason=reason)
    if into is not None:
        keep_earlier_day(work, into, before.first_seen)
    elif before.merged_into is not None:
        restore_own_day(work, before.merged_into, before.first_seen)
