"""Compute and store the projections of claims, and their search documents.

Runs in the transaction of the write that changes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any

import orjson

from service.corroboration.corroborate import corroborate
from service.corroboration.independence import Units, UnitsAmong
from service.corroboration.results import Corroboration, Interval
from service.eventlog.events import EventType, PendingEvent, canonical, subject
from service.model.actors import MIGRATION
from service.model.entities import DEFAULT_POLICY, Status
from service.model.filters import Facet
from service.model.records import (
    EVIDENCE_HASH,
    NOT_PROJECTED,
    SAME,
    ClaimCounts,
    ClaimState,
    Evidence,
    Projection,
)
from service.model.verdicts import LABELS, Agreement, Judgement, judge
from service.search.search_document import SearchDocument, search_document
from service.storage.queries.projections import Listing, sort_keys_of
from service.store import Store, batches
from service.use_cases.claim_facets import evidence_facets, verdict_facets
from service.use_cases.claim_shape import claim_json, claim_shape

# Fields of a claim's counts that are not logged with a change of its corroboration.
_NOT_LOGGED = ("id", "policy", "version", "updated_at")
# The reason in the events of an upgrade that counts votes anew.
_VOTES_BY_DATE = {"reason": "of several reviews of one publisher, the later by its own date is the vote"}
# Added later, with the field that they are equal to by default: left out then, as in the events from before.
_NAMED = {
    "origins_named": "origins_at_least",
    "differing_named": "differing_at_least",
    "refuting_named": "refuting_at_least",
}


def refresh(
    store: Store,
    keys: Iterable[int],
    now: dt.datetime,
    actor: str,
    keep_version: Callable[[str], bool] = lambda claim: False,
) -> tuple[int, list[PendingEvent]]:
    """Recompute claims and store the projections that changed, with the next version unless ``keep_version`` of the id.

    Return the number of changed claims, and the events of the changes, by ``actor``.
    """
    changed = 0
    pending: list[PendingEvent] = []
    for batch in recompute(store, keys, now, keep_version):
        store.projections.save_projections(batch.projections, batch.listings)
        store.search_index.save_search_documents(batch.documents, batch.indexed)
        changed += len(batch.projections)
        before = {state.key: state for state in batch.states}
        for projection in batch.projections:
            pending += changes(before[projection.key], projection, actor)
    return changed, pending


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Claims whose derived data is out of date, with their new projections and search documents.

    ``states`` are all claims of a batch as stored, ``listings`` their stored facets and sort keys by key. ``indexed``
    are their stored search documents; ``documents`` are by key, ``None`` to remove one.
    """

    states: list[ClaimState]
    listings: dict[int, Listing]
    projections: list[Projection]
    indexed: dict[int, SearchDocument]
    documents: dict[int, SearchDocument | None]


def recompute(
    store: Store, keys: Iterable[int], now: dt.datetime, keep_version: Callable[[str], bool] = lambda claim: False
) -> Iterator[Recomputed]:
    """Yield batches of claims with the projections and search documents that differ from the stored ones."""
    for batch in batches(keys):
        states = store.claims.claim_states(batch)
        evidence = store.evidence.of_claims(batch)
        listings = store.projections.listings(batch)
        among = UnitsAmong(evidence.sources, DEFAULT_POLICY.independence)
        projections: list[Projection] = []
        for state in states:
            units = among.of(evidence.named(state.claim.id))
            projection = _changed(state, evidence, units, listings[state.key], now, keep_version(state.claim.id))
            projections += [] if projection is None else [projection]
        indexed = {document.key: document for document in store.search_index.search_documents(batch)}
        yield Recomputed(states, listings, projections, indexed, _documents(states, evidence, indexed))


def _documents(
    states: Sequence[ClaimState], evidence: Evidence, stored: Mapping[int, SearchDocument]
) -> dict[int, SearchDocument | None]:
    """Return the search documents that differ from the stored ones. A merged claim has none."""
    current = {
        state.key: None if state.merged_into else search_document(state.key, state.claim, evidence, state.verdicts)
        for state in states
    }
    return {key: document for key, document in current.items() if document != stored.get(key)}


def _changed(
    state: ClaimState,
    evidence: Evidence,
    units: Units,
    listing: Listing,
    now: dt.datetime,
    keep_version: bool,
) -> Projection | None:
    """Return the new projection, or ``None`` if the stored one is up to date.

    It has the next version of the claim, or with ``keep_version`` the current one.
    """
    if state.merged_into:
        return _merged(state, listing)
    result = corroborate_claim(state, evidence, units)
    judged = _judged_hash(state, evidence)
    if state.judged_before is not None and state.judged_before.endswith(SAME) and (state.verdicts or not keep_version):
        state = replace(state, judged_before=f"{state.judged_before}{judged}")
    derived = _derive(replace(state, judged_hash=judged), result, evidence, units)
    if state.json == NOT_PROJECTED and not keep_version:
        return _projection(derived, state.version, state.judged_version, now)
    same = _projection(derived, state.version, state.judged_version, state.updated_at)
    unchanged = same.json == state.json and same.counts == state.counts and judged == state.judged_hash
    is_listed = listing.facets.keys() == same.facets and listing.sort_keys == sort_keys_of(same, listing.facets)
    if unchanged and is_listed:
        return None
    # Facets alone are no change of what the claim shows.
    if keep_version or unchanged:
        return same
    version = state.version + 1
    judged_version = state.judged_version if judged == state.judged_hash or not state.judged_hash else version
    return _projection(derived, version, judged_version, now)


def _merged(state: ClaimState, listing: Listing) -> Projection | None:
    """Return the stored projection of a merged claim without its facets, or ``None`` if it has none already.

    The rest is kept for when the claim is unmerged.
    """
    if not listing.facets and listing.sort_keys is None:
        return None
    judgement = judge(state.verdicts, state.publishers)
    return Projection(
        key=state.key,
        counts=state.counts,
        json=state.json,
        facets=frozenset(),
        judged_version=state.judged_version,
        judged_hash=state.judged_hash,
        judged_before=state.judged_before,
        judgement=judgement,
    )


def _judged_hash(state: ClaimState, evidence: Evidence) -> str:
    """Return the hash of what a verdict is about: the statement, and the mentions with their stances and chains.

    How origins are counted is no part of it, so that no verdict becomes stale by another policy.
    """
    claim = state.claim
    statement = [claim.text, claim.subject, claim.quantity, claim.time_frame, claim.place]
    mentions = [
        canonical([mention.document, mention.stance, mention.attribution, mention.reported])
        for mention in evidence.mentions.get(claim.id, ())
    ]
    return EVIDENCE_HASH + sha256(canonical([*statement, sorted(mentions)]).encode()).hexdigest()


def _shape(json: str) -> dict[str, Any]:
    """Parse stored JSON; return an empty shape if it is damaged, since it is then reported as different anyway."""
    try:
        shape = orjson.loads(json)
    except orjson.JSONDecodeError:
        return {}
    return shape if isinstance(shape, dict) else {}


def corroborate_claim(state: ClaimState, evidence: Evidence, units: Units) -> Corroboration:
    """Compute the corroboration of a claim under the default policy."""
    mentions = evidence.mentions.get(state.claim.id, ())
    return corroborate(state.claim, mentions, evidence.documents, evidence.sources, DEFAULT_POLICY, units=units)


@dataclass(frozen=True, slots=True)
class _Derived:
    """The derived data of a claim that does not depend on its version; ``state`` has the new ``judged_hash``."""

    state: ClaimState
    result: Corroboration
    judgement: Judgement
    facets: frozenset[Facet]
    shape: dict[str, Any]


def _derive(state: ClaimState, result: Corroboration, evidence: Evidence, units: Units) -> _Derived:
    judgement = judge(state.verdicts, state.publishers)
    facets = frozenset(
        (*evidence_facets(state, result, evidence, units), *verdict_facets(state, result.status, judgement))
    )
    return _Derived(state, result, judgement, facets, claim_shape(state, result, judgement, evidence))


def _projection(derived: _Derived, version: int, judged_version: int, updated_at: dt.datetime) -> Projection:
    state, result = derived.state, derived.result
    counts = ClaimCounts(
        id=state.claim.id,
        status=result.status,
        policy=result.policy.id,
        origins_at_least=result.supports.origins.at_least,
        origins_at_most=result.supports.origins.at_most,
        differing_at_least=result.differs.origins.at_least,
        differing_at_most=result.differs.origins.at_most,
        refuting_at_least=result.refutes.origins.at_least,
        refuting_at_most=result.refutes.origins.at_most,
        mentions=result.mentions,
        documents=result.documents,
        version=version,
        updated_at=updated_at,
        origins_named=_named(result.supports.origins),
        differing_named=_named(result.differs.origins),
        refuting_named=_named(result.refutes.origins),
    )
    return Projection(
        key=state.key,
        counts=counts,
        json=claim_json(derived.shape, version, judged_version, updated_at),
        facets=derived.facets,
        judged_version=judged_version,
        judged_hash=state.judged_hash,
        judged_before=state.judged_before,
        judgement=derived.judgement,
    )


def _named(interval: Interval) -> int:
    return interval.at_least if interval.named is None else interval.named


def changes(state: ClaimState, projection: Projection, actor: str) -> Iterator[PendingEvent]:
    """Yield the events for the differences between a stored claim and its new projection."""
    claim = subject("claim", state.claim.id)
    before, after = summary_of(state.counts), summary_of(projection.counts)
    if before != after:
        payload = {"from": before, "to": after} | _reason(state.counts.policy, projection.counts.policy)
        yield PendingEvent(EventType.CORROBORATION_CHANGED, actor, claim, payload)
    earlier, judged = judged_of(state.json), judged_of(projection.json)
    if judged != earlier:
        because = (
            _VOTES_BY_DATE if actor == MIGRATION and earlier != INITIAL_SUMMARIES[EventType.AGREEMENT_CHANGED] else {}
        )
        yield PendingEvent(EventType.AGREEMENT_CHANGED, actor, claim, {"from": earlier, "to": judged, **because})


def judged_of(json: str) -> dict[str, object]:
    """Return the agreement and tally of a claim's stored JSON, as events have them."""
    shown = _shape(json).get("verdicts") or {}
    tally = shown.get("tally", dict.fromkeys(map(str, LABELS), 0))
    return {"agreement": shown.get("agreement", str(Agreement.NONE)), "tally": tally}


def summary_of(counts: ClaimCounts) -> dict[str, object]:
    """Return the corroboration in a claim's counts, as events have it."""
    summary = {field.name: getattr(counts, field.name) for field in fields(counts) if field.name not in _NOT_LOGGED}
    return {name: value for name, value in summary.items() if value != summary.get(_NAMED.get(name, ""))}


def _reason(before: str, after: str) -> dict[str, str]:
    """Return the reason of a change of corroboration, if it is another version of the policy."""
    versions = [policy.partition("-")[0] for policy in (before, after)]
    return {"reason": f"policy {versions[0]} to {versions[1]}"} if versions[0] and versions[0] != versions[1] else {}


INITIAL_SUMMARIES: Mapping[EventType, dict[str, object]] = {
    EventType.CORROBORATION_CHANGED: {
        field.name: 0 for field in fields(ClaimCounts) if field.name not in (*_NOT_LOGGED, *_NAMED, "status")
    }
    | {"status": str(Status.UNSUPPORTED)},
    EventType.AGREEMENT_CHANGED: judged_of("{}"),
}
"""The summaries, by type of event, of a claim before any mention or verdict."""
