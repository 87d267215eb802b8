"""Read claims: lists, single claims with related records, mentions, corroboration and conflicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.corroboration.corroborate import corroborate
from service.corroboration.explanation import explain
from service.corroboration.independence import UnitsAmong, origin_of
from service.corroboration.results import Corroboration
from service.model.entities import DEFAULT_POLICY, Claim, LinkType, Policy
from service.model.errors import Merged, NotFound
from service.model.filters import ClaimFilters, Sort
from service.model.records import (
    ClaimState,
    DocumentRecord,
    Evidence,
    ListedClaim,
    Projection,
    SourceRecord,
    StoredClaim,
    state_tag,
)
from service.storage.queries.claims import ClaimQueries
from service.storage.queries.evidence import EvidenceQueries
from service.store import Store
from service.use_cases.recorded import recorded_claim, recorded_until
from service.use_cases.recounts import current, current_json, worked_out


@dataclass(frozen=True, slots=True)
class IncludedRecords:
    """The records included with a claim; ``None`` if not requested. Linked claims are their stored JSON."""

    mentions: list[dict[str, Any]] | None = None
    sources: list[SourceRecord] | None = None
    documents: list[DocumentRecord] | None = None
    links: list[str] | None = None


@dataclass(frozen=True, slots=True)
class ExplainedCorroboration:
    """A corroboration of ``claim`` from ``evidence``, with its explanation in words.

    ``known_at`` is the time by which the evidence was recorded.
    """

    claim: Claim
    evidence: Evidence
    result: Corroboration
    explanation: str
    known_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimInConflict:
    """A claim in conflict. ``contradicts`` has the claims that a link says it contradicts, with the links' notes."""

    key: int
    position: int
    state: ClaimState
    result: Corroboration
    contradicts: list[tuple[ClaimState, Corroboration, str | None]]


@dataclass(frozen=True, slots=True)
class ConflictsPage:
    """A page of claims in conflict, and the position of the next page, if any.

    ``recounting`` is the number of claims that wait to be recomputed, and may be in conflict only then.
    """

    claims: list[ClaimInConflict]
    following: tuple[int, int] | None
    recounting: int


def list_claims(
    store: Store, filters: ClaimFilters, sort: Sort, after: tuple[int, int] | None, limit: int
) -> list[ListedClaim]:
    """Return a page of claims, and one more if there is a next page.

    Filters and order are by stored data: they may be behind while recounts are in the queue, but no claim shown is.
    """
    listed = store.claims.claims_page(filters, sort, after, limit + 1)
    if not any(claim.recounting for claim in listed[:1]):
        return listed
    with store.snapshot():
        return current(store, store.claims.claims_page(filters, sort, after, limit + 1))


def claim_tag(store: Store, claim_id: str) -> str:
    """Return the tag of a claim's state, for an ETag; raise ``NotFound`` or ``Merged``."""
    return store.claims.claim_tag(claim_id) or get_claim(store, claim_id).tag


def get_claim(store: Store, claim_id: str) -> StoredClaim:
    """Return a claim, worked out anew while it waits to be recomputed; raise ``NotFound`` or ``Merged``."""
    claim = _stored(store, claim_id)
    if not claim.recounting:
        return claim
    with store.snapshot():
        claim = _stored(store, claim_id)
        projection = worked_out(store, [claim.key]).get(claim.key)
    return claim if projection is None else _replaced(claim, projection)


def _stored(store: Store, claim_id: str) -> StoredClaim:
    claim = store.claims.get(claim_id)
    if claim is None:
        raise NotFound("claim", claim_id)
    if claim.merged_into is not None:
        raise Merged("claim", claim_id, claim.merged_into, store.merges.merge_mark("claims", claim_id))
    return claim


def _replaced(claim: StoredClaim, projection: Projection) -> StoredClaim:
    version = projection.counts.version
    return replace(
        claim,
        version=version,
        tag=state_tag(claim.id, version, projection.updated_us),
        json=projection.json,
        judged_version=projection.judged_version,
        judged_hash=projection.judged_hash,
    )


def get_claim_with(store: Store, claim_id: str, include: Iterable[str]) -> tuple[StoredClaim, IncludedRecords]:
    """Return a claim with the records that ``include`` names, from one snapshot; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        claim = get_claim(store, claim_id)
        wanted = set(include)
        evidence = store.evidence.of_claims([claim.key] if wanted - {"links"} else [])
        return claim, IncludedRecords(
            mentions=mention_views(evidence, claim_id) if "mentions" in wanted else None,
            sources=store.catalogue.sources(sorted(evidence.sources)) if "sources" in wanted else None,
            documents=store.catalogue.documents(sorted(evidence.documents)) if "documents" in wanted else None,
            links=_linked(store, claim.key) if "links" in wanted else None,
        )


def _linked(store: Store, key: int) -> list[str]:
    [state] = store.claims.claim_states([key])
    linked = store.claims.by_ids([link.claim for link in (*state.links, *state.linked_from)])
    shapes = current_json(store, {claim.key: claim.json for claim in linked})
    return [shapes[claim.key] for claim in linked]


def list_mentions(store: Store, claim_id: str, after: int, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of a claim's mentions, and the next page's position, if any; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        claim = get_claim(store, claim_id)
        keys, evidence = store.evidence.mentions_page(claim.key, after, limit + 1)
        views = mention_views(evidence, claim_id)[:limit]
        return views, keys[limit - 1] if len(keys) > limit else None


def mention_views(evidence: Evidence, claim_id: str) -> list[dict[str, Any]]:
    """Return a claim's mentions with their documents and sources, in the form that ``MentionSchema`` dumps."""
    return [
        {
            "mention": mention,
            "document": evidence.documents[mention.document],
            "attribution": [evidence.sources[source] for source in mention.attribution],
            "origin": origin_of(mention.attribution, evidence.sources),
        }
        for mention in evidence.mentions.get(claim_id, ())
    ]


def get_corroboration(
    store: Store,
    claim_id: str,
    policy: Policy,
    as_of: dt.date | None,
    known_at: dt.datetime | dt.date | None = None,
) -> ExplainedCorroboration:
    """Compute the corroboration under a policy, as of a day, from what was recorded by ``known_at`` (a day: its end).

    Raises ``NotFound``, ``Merged``, or ``InvalidInput`` for a ``known_at`` that the log does not have. With
    ``known_at`` a claim that was merged later is answered, and one that was merged by then is ``Merged``.
    """
    until, now = None, dt.datetime.now(dt.UTC)
    with store.snapshot():
        if known_at is None:
            claim, evidence = _present(store, claim_id)
        else:
            until = recorded_until(store.events, known_at, now)
            claim, evidence = recorded_claim(store.events, claim_id, until)
    mentions = evidence.mentions.get(claim_id, ())
    result = corroborate(claim, mentions, evidence.documents, evidence.sources, policy, as_of)
    return ExplainedCorroboration(claim, evidence, result, explain(result), until)


def _present(store: Store, claim_id: str) -> tuple[Claim, Evidence]:
    key = get_claim(store, claim_id).key
    [state] = store.claims.claim_states([key])
    return state.claim, store.evidence.of_claims([key])


def list_conflicts(store: Store, after: tuple[int, int] | None, limit: int, filters: ClaimFilters) -> ConflictsPage:
    """Return a page of the claims in conflict, the last changed first."""
    with store.snapshot():
        listed = store.claims.claims_page(filters, Sort.RECENCY, after, limit + 1)
        page = listed[:limit]
        states = {state.key: state for state in store.claims.claim_states([claim.key for claim in page])}
        others = _contradicted(store.claims, states.values())
        results = _corroborate_all(store.evidence, [*states.values(), *others.values()])
        recounting = listed[0].recounting if listed else store.recounts.claims_left()
    disputed = [
        ClaimInConflict(
            key=claim.key,
            position=claim.position,
            state=states[claim.key],
            result=results[claim.key],
            contradicts=[
                (others[link.claim], results[others[link.claim].key], link.note)
                for link in (*states[claim.key].links, *states[claim.key].linked_from)
                if link.type is LinkType.CONTRADICTS
            ],
        )
        for claim in page
    ]
    following = (page[-1].position, page[-1].key) if len(listed) > limit else None
    return ConflictsPage(disputed, following, recounting)


def _contradicted(claims: ClaimQueries, states: Iterable[ClaimState]) -> dict[str, ClaimState]:
    links = [link for state in states for link in (*state.links, *state.linked_from)]
    ids = {link.claim for link in links if link.type is LinkType.CONTRADICTS}
    keys = [claim.key for claim in claims.by_ids(sorted(ids))]
    return {state.claim.id: state for state in claims.claim_states(keys)}


def _corroborate_all(evidence_queries: EvidenceQueries, states: Sequence[ClaimState]) -> dict[int, Corroboration]:
    evidence = evidence_queries.of_claims(sorted({state.key for state in states}))
    among = UnitsAmong(evidence.sources, DEFAULT_POLICY.independence)
    return {
        state.key: corroborate(
            state.claim,
            evidence.mentions.get(state.claim.id, ()),
            evidence.documents,
            evidence.sources,
            units=among.of(evidence.named(state.claim.id)),
        )
        for state in states
    }
