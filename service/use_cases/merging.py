"""Merge and unmerge claims and sources.

A merge moves nothing: mentions, links and verdicts stay with the claim they were entered for, and the claim that it is
merged into shows them as its own. So one call undoes a merge.
"""

from __future__ import annotations

from dataclasses import replace

from service.eventlog.events import EventType
from service.model.actors import Caller
from service.model.entities import LinkType, Mark
from service.model.errors import Conflict, InvalidInput, Merged, NotFound, UnknownReference, VersionConflict
from service.model.filters import FacetKind
from service.model.records import SourceRecord
from service.model.suggestions import SuggestionKind
from service.store import Store
from service.use_cases.assignments import end_for_merge
from service.use_cases.catalogue import existing_source
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_claim, record_source
from service.use_cases.source_identity import refuse_distinct
from service.use_cases.suggestion_records import decline_unmerged
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

_PARTING = {LinkType.DISTINCT_FROM: "are distinct", LinkType.CONTRADICTS: "contradict each other"}
"""The links that part two claims, with what they say of them."""


def merge_claim(store: Store, caller: Caller, claim_id: str, into: str, reason: str) -> None:
    """Merge a claim, with its mentions, links and verdicts, into ``into``.

    Raises ``NotFound``, ``InvalidInput``, or ``Conflict`` if it is already merged, or if a link says that the two are
    distinct or contradict each other.
    """
    with unit_of_work(store, caller.name) as work:
        try:
            claim = get_claim(store, claim_id)
        except Merged as error:
            raise Conflict("merged", str(error)) from error
        if into == claim_id:
            raise InvalidInput("into", "A claim cannot be merged into itself.")
        target = store.claims.get(into)
        if target is None:
            raise UnknownReference("into", "claim", into)
        if target.merged_into is not None:
            raise InvalidInput("into", _was_merged("claim", into, target.merged_into))
        members, others = list(store.claims.members([claim.key])), list(store.claims.members([target.key]))
        for kind, relation in _PARTING.items():
            links = store.merges.links_between(members, others, kind)
            if links:
                raise Conflict(
                    "distinct", f"A link says that the two claims {relation}. Withdraw {', '.join(links)} first."
                )
        [state] = store.claims.claim_states([claim.key])
        store.merges.merge_claim(claim.key, target.key, Mark(work.now, caller.name, reason))
        end_for_merge(work, claim.key)
        record_claim(work, EventType.CLAIM_MERGED, state.claim, state, merged_into=into, reason=reason)
        work.touch([*members, target.key, *store.merges.linked_claims(members)])


def unmerge_claim(store: Store, caller: Caller, claim_id: str, reason: str) -> None:
    """Undo the merge of a claim; raise ``NotFound``, or ``Conflict`` if it is not merged."""
    with unit_of_work(store, caller.name) as work:
        claim = store.claims.get(claim_id)
        if claim is None:
            raise NotFound("claim", claim_id)
        [state] = store.claims.claim_states([claim.key])
        if state.merged_into is None:
            raise Conflict("not_merged", f"The claim {claim_id!r} is not merged.")
        work.touch(store.claims.roots([claim.key]))
        store.merges.unmerge_claim(claim.key)
        members = list(store.claims.members([claim.key]))
        record_claim(work, EventType.CLAIM_UNMERGED, state.claim, state, reason=reason)
        decline_unmerged(work, SuggestionKind.CLAIM, claim_id, state.merged_into, reason)
        work.touch([*members, *store.merges.linked_claims(members)])


def merge_source(store: Store, caller: Caller, source_id: str, into: str, reason: str) -> None:
    """Merge a source into ``into``: the two are the same party.

    Raises ``NotFound``, ``InvalidInput``, or ``Conflict`` if it is already merged or one is said to be distinct.
    """
    with unit_of_work(store, caller.name) as work:
        try:
            record = existing_source(store, source_id)
        except Merged as error:
            raise Conflict("merged", str(error)) from error
        if into == source_id:
            raise InvalidInput("into", "A source cannot be merged into itself.")
        try:
            target = existing_source(store, into)
        except NotFound as error:
            raise UnknownReference("into", "source", into) from error
        except Merged as error:
            raise InvalidInput("into", _was_merged("source", into, error.into)) from error
        refuse_distinct(store, source_id, into)
        _merge_source(work, record, target.source.id, reason)


def unmerge_source(store: Store, caller: Caller, source_id: str, reason: str) -> None:
    """Undo the merge of a source; raise ``NotFound``, or ``Conflict`` if it is not merged."""
    with unit_of_work(store, caller.name) as work:
        found = store.catalogue.sources([source_id])
        if not found:
            raise NotFound("source", source_id)
        if found[0].source.merged_into is None:
            raise Conflict("not_merged", f"The source {source_id!r} is not merged.")
        _merge_source(work, found[0], None, reason)
        decline_unmerged(work, SuggestionKind.SOURCE, source_id, found[0].source.merged_into, reason)


def _was_merged(kind: str, public_id: str, into: str) -> str:
    return f"The {kind} {public_id!r} was itself merged into {into!r}: merge into that one."


def _merge_source(work: UnitOfWork, record: SourceRecord, into: str | None, reason: str) -> None:
    store, before = work.store, record.source
    merged = replace(before, merged_into=into)
    sources = [i for i in (before.id, before.merged_into, into) if i is not None]
    work.touch_resting_on(FacetKind.SOURCE, sources)
    # A checker who is one party has one vote.
    work.touch_judged_by(before.id)
    keys = store.claims.public_keys("sources", sources)
    mark = None if into is None else Mark(work.now, work.actor, reason)
    if not store.merges.merge_source(keys[before.id], keys[into] if into else None, mark, record.version, work.now_us):
        raise VersionConflict(
            f"The source {before.id!r} has changed since you read it: read it again, and repeat your change."
        )
    event_type = EventType.SOURCE_UNMERGED if into is None else EventType.SOURCE_MERGED
    record_source(work, event_type, merged, before, reason=reason)
