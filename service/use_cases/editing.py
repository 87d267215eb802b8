"""Use cases that make and change sources, documents and claims.

A change names the state it was made from (``check``, called with the tag of what is stored, raises when that is another
one); the UPDATE compares the version once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from service.eventlog.events import EventType
from service.model.actors import Caller
from service.model.entities import Claim, Document, Source
from service.model.errors import Conflict, InvalidInput, UnknownReference, VersionConflict
from service.model.filters import FacetKind
from service.model.ids import new_id
from service.store import Store
from service.use_cases.catalogue import existing_document, existing_source
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_claim, record_document, record_source
from service.use_cases.unit_of_work import unit_of_work

Check = Callable[[str], None]
# What of a source or document is shown with claims, finds them, or decides how they are weighed.
_WEIGHS = {
    "source": ("name", "aliases", "kind", "country", "part_of"),
    "document": ("publisher", "published_earliest", "published_latest", "derived_from"),
}


def create_source(store: Store, caller: Caller, source: Source) -> str:
    """Add a source, under its id or a new one, which is returned; raises ``InvalidInput`` or ``Conflict``."""
    source = source if source.id else replace(source, id=new_id("s"))
    with unit_of_work(store, caller.name) as write:
        _refuse_taken(store.catalogue.sources([source.id]), "source", source.id)
        _check_part_of(store, source)
        store.evidence_writes.insert_sources([source], write.now_us)
        record_source(write, EventType.SOURCE_CREATED, source)
    return source.id


def change_source(store: Store, caller: Caller, source_id: str, edit: Callable[[Source], Source], check: Check) -> None:
    """Replace what ``edit`` changes of a source.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``VersionConflict``, and whatever ``edit`` and ``check`` do.
    """
    with unit_of_work(store, caller.name) as write:
        record = existing_source(store, source_id)
        check(record.tag)
        source = edit(record.source)
        _refuse_other_id(source.id, source_id)
        if source == record.source:
            return
        _check_part_of(store, source)
        if _changed(record.source, source, "source"):
            write.touch_resting_on(FacetKind.SOURCE, [source_id])
        if not store.evidence_writes.update_source(source, record.version, write.now_us):
            raise VersionConflict(f"the source {source_id!r} has changed")
        record_source(write, EventType.SOURCE_CHANGED, source, record.source)


def create_document(store: Store, caller: Caller, document: Document) -> str:
    """Add a document, under its id or a new one, which is returned; raises ``InvalidInput`` or ``Conflict``."""
    document = document if document.id else replace(document, id=new_id("d"))
    with unit_of_work(store, caller.name) as write:
        _refuse_taken(store.catalogue.documents([document.id]), "document", document.id)
        _check_document(store, document)
        store.evidence_writes.insert_documents([document], write.now_us)
        record_document(write, EventType.DOCUMENT_CREATED, document)
    return document.id


def change_document(
    store: Store, caller: Caller, document_id: str, edit: Callable[[Document], Document], check: Check
) -> None:
    """Replace what ``edit`` changes of a document.

    Raises ``NotFound``, ``InvalidInput``, ``Conflict``, ``VersionConflict``, and whatever ``edit`` and ``check`` do.
    """
    with unit_of_work(store, caller.name) as write:
        record = existing_document(store, document_id)
        check(record.tag)
        document = edit(record.document)
        _refuse_other_id(document.id, document_id)
        if document == record.document:
            return
        _check_document(store, document)
        reach = store.catalogue.last_code_point(document_id)
        if document.length is not None and document.length < reach:
            raise InvalidInput("length", f"A mention reaches to code point {reach}.")
        if _changed(record.document, document, "document"):
            write.touch_resting_on(FacetKind.DOCUMENT, store.evidence.derivatives([document_id]))
        if not store.evidence_writes.update_document(document, record.version, write.now_us):
            raise VersionConflict(f"the document {document_id!r} has changed")
        record_document(write, EventType.DOCUMENT_CHANGED, document, record.document)


def create_claim(store: Store, caller: Caller, claim: Claim) -> str:
    """Add a claim, under its id or a new one, which is returned; raises ``Conflict`` for an id that is taken."""
    claim = claim if claim.id else replace(claim, id=new_id("c"))
    with unit_of_work(store, caller.name) as write:
        _refuse_taken(store.claims.by_ids([claim.id]), "claim", claim.id)
        store.evidence_writes.insert_claims([claim], write.now_us)
        record_claim(write, EventType.CLAIM_CREATED, claim)
        write.touch([get_claim(store, claim.id).key])
    return claim.id


def change_claim(store: Store, caller: Caller, claim_id: str, edit: Callable[[Claim], Claim], check: Check) -> None:
    """Replace what ``edit`` changes of a claim's own words.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``VersionConflict``, and whatever ``edit`` and ``check`` do.
    """
    with unit_of_work(store, caller.name) as write:
        stored = get_claim(store, claim_id)
        check(stored.tag)
        [state] = store.claims.claim_states([stored.key])
        claim = edit(state.claim)
        _refuse_other_id(claim.id, claim_id)
        if claim == state.claim:
            return
        if not store.evidence_writes.update_claim(claim, state.version):
            raise VersionConflict(f"the claim {claim_id!r} has changed")
        record_claim(write, EventType.CLAIM_CHANGED, claim, state)
        write.touch([stored.key])


def _changed(before: Source | Document, after: Source | Document, kind: str) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in _WEIGHS[kind])


def _refuse_taken(found: Sequence[object], kind: str, public_id: str) -> None:
    if found:
        raise Conflict("id_taken", f"There is a {kind} {public_id!r} already.")


def _refuse_other_id(given: str, own: str) -> None:
    if given != own:
        raise InvalidInput("id", "Stays what it is.")


def _check_part_of(store: Store, source: Source) -> None:
    if source.part_of is None:
        return
    kin = store.evidence.sources_with_relatives([source.part_of])
    if source.part_of not in kin:
        raise InvalidInput("part_of", f"There is no source {source.part_of!r}.")
    seen = {source.id}
    above: str | None = source.part_of
    while above is not None:
        if above in seen:
            raise InvalidInput("part_of", "Leads back to itself.")
        seen.add(above)
        above = kin[above].part_of


def _check_document(store: Store, document: Document) -> None:
    if document.publisher is not None and not store.catalogue.sources([document.publisher]):
        raise UnknownReference("publisher", "source", document.publisher)
    if document.derived_from is not None:
        if not store.catalogue.documents([document.derived_from]):
            raise UnknownReference("derived_from", "document", document.derived_from)
        if document.derived_from in {document.id, *store.evidence.derivatives([document.id])}:
            raise InvalidInput("derived_from", "Leads back to itself.")
    for name in ("url", "sha256"):
        other = store.catalogue.document_with(name, getattr(document, name))
        if other is not None and other != document.id:
            raise Conflict("document_exists", f"The document {other!r} has the same {name}.")
