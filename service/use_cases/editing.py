"""Create and change sources, documents and claims.

A change is checked against the state it was made from: ``check`` is called with the tag of the stored state and raises
if that is another one. The UPDATE compares the version once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from service.eventlog.events import EventType
from service.identity.statements import same_statement
from service.model.actors import Caller
from service.model.entities import Claim, Document, Source
from service.model.errors import Conflict, InvalidInput, UnknownReference, VersionConflict
from service.model.filters import FacetKind
from service.model.ids import new_id
from service.storage.queries.evidence import EvidenceQueries
from service.store import Store
from service.use_cases.catalogue import existing_document, existing_source
from service.use_cases.claims import get_claim
from service.use_cases.distinct_claims import check_distinct, link_distinct, refuse_same_words
from service.use_cases.document_merging import refuse_known_page
from service.use_cases.event_payloads import record_claim, record_document, record_source
from service.use_cases.source_identity import check_distinct_from, refuse_namesake
from service.use_cases.unit_of_work import unit_of_work

Check = Callable[[str], None]
Thing = TypeVar("Thing", Source, Document, Claim)
# Fields that claims show, are found by, or are corroborated by: a change of one recomputes the claims.
_SOURCE_FIELDS = ("name", "aliases", "kind", "country", "part_of", "url")
_DOCUMENT_FIELDS = ("url", "publisher", "published_earliest", "published_latest", "derived_from")


def create_source(store: Store, caller: Caller, source: Source) -> str:
    """Add a source under its id, or a new one; return the id.

    Raises ``InvalidInput``, or ``Conflict`` for an id or a name that is taken.
    """
    source = source if source.id else replace(source, id=new_id("s"))
    with unit_of_work(store, caller.name) as work:
        _refuse_taken(store.catalogue.sources([source.id]), "source", source.id)
        _check_part_of(store.evidence, source)
        check_distinct_from(store, source)
        refuse_namesake(store, source)
        store.evidence_writes.insert_sources([source], work.now_us)
        record_source(work, EventType.SOURCE_CREATED, source)
    return source.id


def change_source(store: Store, caller: Caller, source_id: str, edit: Callable[[Source], Source], check: Check) -> None:
    """Store what ``edit`` makes of a source.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``Conflict`` for a name that is taken, ``VersionConflict``, and
    whatever ``edit`` and ``check`` raise.
    """
    with unit_of_work(store, caller.name) as work:
        record = existing_source(store, source_id)
        source = _edited(record.source, edit, record.tag, check)
        if source is None:
            return
        _check_part_of(store.evidence, source)
        check_distinct_from(store, source)
        refuse_namesake(store, source, record.source)
        if _any_differs(record.source, source, _SOURCE_FIELDS):
            work.touch_resting_on(FacetKind.SOURCE, [source_id])
        _refuse_stale(store.evidence_writes.update_source(source, record.version, work.now_us), "source", source_id)
        record_source(work, EventType.SOURCE_CHANGED, source, record.source)


def create_document(store: Store, caller: Caller, document: Document) -> str:
    """Add a document under its id, or a new one; return the id. Raises ``InvalidInput`` or ``Conflict``."""
    document = document if document.id else replace(document, id=new_id("d"))
    with unit_of_work(store, caller.name) as work:
        document = replace(document, first_seen=work.today)
        _refuse_taken(store.catalogue.documents([document.id]), "document", document.id)
        _check_document(store, document)
        refuse_known_page(store, document)
        _refuse_later_date(document)
        store.evidence_writes.insert_documents([document], work.now_us)
        record_document(work, EventType.DOCUMENT_CREATED, document)
    return document.id


def change_document(
    store: Store, caller: Caller, document_id: str, edit: Callable[[Document], Document], check: Check
) -> None:
    """Store what ``edit`` makes of a document.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``Conflict``, ``VersionConflict``, and whatever ``edit`` and
    ``check`` raise.
    """
    with unit_of_work(store, caller.name) as work:
        record = existing_document(store, document_id)
        first_seen = record.document.first_seen
        document = _edited(record.document, lambda was: replace(edit(was), first_seen=first_seen), record.tag, check)
        if document is None:
            return
        _check_document(store, document)
        refuse_known_page(store, document, record.document)
        if document.published_earliest != record.document.published_earliest:
            _refuse_later_date(document)
        last = store.catalogue.last_code_point(document_id)
        if document.length is not None and document.length < last:
            reason = (
                f"Must be at least {last}, not {document.length}: a mention of the document ends at code point {last}."
            )
            raise InvalidInput("length", reason)
        if _any_differs(record.document, document, _DOCUMENT_FIELDS):
            work.touch_resting_on(FacetKind.DOCUMENT, [document_id])
        updated = store.evidence_writes.update_document(document, record.version, work.now_us)
        _refuse_stale(updated, "document", document_id)
        record_document(work, EventType.DOCUMENT_CHANGED, document, record.document)


def create_claim(store: Store, caller: Caller, claim: Claim, distinct_from: Sequence[str] = ()) -> str:
    """Add a claim under its id, or a new one, with links to the claims that it is distinct from; return the id.

    Raises ``InvalidInput``, or ``Conflict`` for an id that is taken, or if another claim has the same words.
    """
    claim = claim if claim.id else replace(claim, id=new_id("c"))
    with unit_of_work(store, caller.name) as work:
        _refuse_taken(store.claims.by_ids([claim.id]), "claim", claim.id)
        check_distinct(store, claim.id, distinct_from)
        refuse_same_words(store, claim, distinct_from)
        store.evidence_writes.insert_claims([claim], work.now_us)
        record_claim(work, EventType.CLAIM_CREATED, claim)
        work.touch([get_claim(store, claim.id).key])
        link_distinct(work, claim.id, distinct_from)
    return claim.id


def change_claim(
    store: Store,
    caller: Caller,
    claim_id: str,
    edit: Callable[[Claim], Claim],
    check: Check,
    distinct_from: Sequence[str] = (),
) -> None:
    """Store what ``edit`` makes of a claim's own fields, and links to the claims that it is distinct from.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``VersionConflict``, ``Conflict`` if another claim has the same
    words, and whatever ``edit`` and ``check`` raise.
    """
    with unit_of_work(store, caller.name) as work:
        stored = get_claim(store, claim_id)
        [state] = store.claims.claim_states([stored.key])
        claim = _edited(state.claim, edit, stored.tag, check)
        check_distinct(store, claim_id, distinct_from)
        if claim is not None:
            if not same_statement(claim.text, state.claim.text):
                refuse_same_words(store, claim, distinct_from, state)
            _refuse_stale(store.evidence_writes.update_claim(claim, state.version), "claim", claim_id)
            record_claim(work, EventType.CLAIM_CHANGED, claim, state)
            work.touch([stored.key])
        link_distinct(work, claim_id, distinct_from, state)


def _edited(before: Thing, edit: Callable[[Thing], Thing], tag: str, check: Check) -> Thing | None:
    """Return what ``edit`` makes of the state ``before`` with this tag, or ``None`` if nothing changes."""
    check(tag)
    after = edit(before)
    if after.id != before.id:
        raise InvalidInput("id", f"`id` cannot be changed: it is {before.id!r}, not {after.id!r}.")
    return None if after == before else after


def _any_differs(before: Source | Document, after: Source | Document, names: Sequence[str]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _refuse_stale(updated: bool, kind: str, public_id: str) -> None:
    if not updated:
        raise VersionConflict(
            f"The {kind} {public_id!r} has changed since you read it: read it again, and repeat your change."
        )


def _refuse_taken(found: Sequence[object], kind: str, public_id: str) -> None:
    if found:
        raise Conflict(
            "id_taken",
            f"There is a {kind} {public_id!r} already: choose another id, or leave `id` out to get a new one.",
        )


def _check_part_of(evidence: EvidenceQueries, source: Source) -> None:
    if source.part_of is None:
        return
    relatives = evidence.sources_with_relatives([source.part_of])
    if source.part_of not in relatives:
        raise UnknownReference("part_of", "source", source.part_of)
    seen = {source.id}
    above: str | None = source.part_of
    while above is not None:
        if above in seen:
            raise InvalidInput("part_of", _cycle(source.id, source.part_of, "is part of"))
        seen.add(above)
        above = relatives[above].part_of


def _check_document(store: Store, document: Document) -> None:
    if document.publisher is not None and not store.catalogue.sources([document.publisher]):
        raise UnknownReference("publisher", "source", document.publisher)
    if document.derived_from is not None:
        if not store.catalogue.documents([document.derived_from]):
            raise UnknownReference("derived_from", "document", document.derived_from)
        if document.derived_from in {document.id, *store.evidence.derivatives([document.id])}:
            raise InvalidInput("derived_from", _cycle(document.id, document.derived_from, "is derived from"))
    other = store.catalogue.document_with_text(document.sha256)
    if other is not None and other != document.id:
        reason = f"The document {other!r} has the same sha256: use that one."
        raise Conflict("document_exists", reason, others=[other])


def _refuse_later_date(document: Document) -> None:
    if document.dated_after_first_seen:
        reason = (
            f"Must not be after {document.first_seen}, the day on which the service first had the document, "
            f"not {document.published_earliest}."
        )
        raise InvalidInput("published_earliest", reason)


def _cycle(own: str, other: str, relation: str) -> str:
    if own == other:
        return f"Would create a cycle: {own!r} is the same as `id`."
    return f"Would create a cycle: {other!r} {relation} {own!r} already."
