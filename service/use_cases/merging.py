"""Use cases that find two claims or two sources to be one, and take that back.

Nothing moves: mentions, links and verdicts stay with the claim they were entered for, and the one that stands for it
shows them as its own. So one call undoes it.
"""

from __future__ import annotations

from dataclasses import replace

from service.eventlog.events import EventType
from service.model.actors import Caller
from service.model.entities import LinkType, Mark
from service.model.errors import Conflict, InvalidInput, Merged, NotFound, UnknownReference, VersionConflict
from service.model.filters import FacetKind
from service.model.records import SourceRecord
from service.store import Store
from service.use_cases.assignments import end_for_merge
from service.use_cases.catalogue import existing_source
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_claim, record_source
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work


def merge_claim(store: Store, caller: Caller, claim_id: str, into: str, reason: str) -> None:
    """Let ``into`` stand for a claim, with every mention, link and verdict.

    Raises ``NotFound``, ``InvalidInput``, ``Conflict`` when it is merged already or a link says the two are distinct.
    """
    with unit_of_work(store, caller.name) as write:
        try:
            claim = get_claim(store, claim_id)
        except Merged as error:
            raise Conflict("merged", str(error)) from error
        if into == claim_id:
            raise InvalidInput("into", "A claim is not merged into itself.")
        target = store.claims.get(into)
        if target is None:
            raise UnknownReference("into", "claim", into)
        if target.merged_into is not None:
            raise InvalidInput("into", f"It was itself merged, into {target.merged_into!r}.")
        some, others = list(store.claims.members([claim.key])), list(store.claims.members([target.key]))
        distinct = store.merges.links_between(some, others, LinkType.DISTINCT_FROM)
        if distinct:
            raise Conflict("distinct", f"The two are said to be distinct: withdraw {', '.join(distinct)} first.")
        [state] = store.claims.claim_states([claim.key])
        store.merges.merge_claim(claim.key, target.key, Mark(write.now, caller.name, reason))
        end_for_merge(write, claim.key)
        record_claim(write, EventType.CLAIM_MERGED, state.claim, state, merged_into=into, reason=reason)
        write.touch([*some, target.key, *store.merges.linked_claims(some)])


def unmerge_claim(store: Store, caller: Caller, claim_id: str, reason: str) -> None:
    """Let a merged claim stand for itself again; raises ``NotFound``, or ``Conflict`` when it was not merged."""
    with unit_of_work(store, caller.name) as write:
        claim = store.claims.get(claim_id)
        if claim is None:
            raise NotFound("claim", claim_id)
        [state] = store.claims.claim_states([claim.key])
        if state.merged_into is None:
            raise Conflict("not_merged", f"The claim {claim_id!r} stands for itself.")
        write.touch(store.claims.roots([claim.key]))
        store.merges.unmerge_claim(claim.key)
        own = list(store.claims.members([claim.key]))
        record_claim(write, EventType.CLAIM_UNMERGED, state.claim, state, reason=reason)
        write.touch([*own, *store.merges.linked_claims(own)])


def merge_source(store: Store, caller: Caller, source_id: str, into: str, reason: str) -> None:
    """Declare a source to be the same as ``into``.

    Raises ``NotFound``, ``InvalidInput``, or ``Conflict`` when it is merged already.
    """
    with unit_of_work(store, caller.name) as write:
        try:
            record = existing_source(store, source_id)
        except Merged as error:
            raise Conflict("merged", str(error)) from error
        if into == source_id:
            raise InvalidInput("into", "A source is not merged into itself.")
        try:
            target = existing_source(store, into)
        except NotFound as error:
            raise UnknownReference("into", "source", into) from error
        except Merged as error:
            raise InvalidInput("into", f"It was itself merged, into {error.into!r}.") from error
        _merge_source(write, record, target.source.id, reason)


def unmerge_source(store: Store, caller: Caller, source_id: str, reason: str) -> None:
    """Let a merged source be itself again; raises ``NotFound``, or ``Conflict`` when it was not merged."""
    with unit_of_work(store, caller.name) as write:
        found = store.catalogue.sources([source_id])
        if not found:
            raise NotFound("source", source_id)
        if found[0].source.merged_into is None:
            raise Conflict("not_merged", f"The source {source_id!r} stands for itself.")
        _merge_source(write, found[0], None, reason)


def _merge_source(write: UnitOfWork, record: SourceRecord, into: str | None, reason: str) -> None:
    store, before = write.store, record.source
    merged = replace(before, merged_into=into)
    ends = [i for i in (before.id, before.merged_into, into) if i is not None]
    write.touch_resting_on(FacetKind.SOURCE, ends)
    keys = store.claims.public_keys("sources", ends)
    mark = None if into is None else Mark(write.now, write.actor, reason)
    if not store.merges.merge_source(keys[before.id], keys[into] if into else None, mark, record.version, write.now_us):
        raise VersionConflict(f"the source {before.id!r} has changed")
    what = EventType.SOURCE_UNMERGED if into is None else EventType.SOURCE_MERGED
    record_source(write, what, merged, before, reason=reason)
