"""What a claim adds up to, kept with it: counts, facets, JSON shape. Runs inside the write that caused it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import orjson

from service.corroboration import corroborate
from service.independence import Units, origin_of
from service.records import (
    EVERY_CLAIM,
    IN_CONFLICT,
    JOINED_TO_STANCE,
    UNSEEN,
    ClaimCounts,
    ClaimState,
    Evidence,
    Facet,
    FacetKind,
    Standing,
)
from service.results import Corroboration
from service.schemas.claims import ClaimSchema
from service.store import Store, batches
from service.types import DEFAULT_POLICY, LinkType, Mention

_CLAIM_SCHEMA = ClaimSchema()


def refresh(store: Store, keys: Iterable[int], now: dt.datetime) -> int:
    """Weigh claims afresh and store what changed, each such claim with its next version; how many changed."""
    changed = 0
    for _, standing in recompute(store, keys, now):
        store.save_standings(standing)
        changed += len(standing)
    return changed


def recompute(store: Store, keys: Iterable[int], now: dt.datetime) -> Iterator[tuple[list[ClaimState], list[Standing]]]:
    """Batches of claims, and the standings among them that differ from what is stored."""
    for batch in batches(keys):
        states = store.claim_states(batch)
        evidence = store.evidence(batch)
        facets = store.facets_of(batch)
        units = Units(evidence.sources, DEFAULT_POLICY.independence)
        yield (
            states,
            [standing for state in states if (standing := _changed(state, evidence, units, facets[state.key], now))],
        )


def _changed(
    state: ClaimState, evidence: Evidence, units: Units, facets: Mapping[Facet, tuple[int, int, int]], now: dt.datetime
) -> Standing | None:
    """The claim's standing as its next version, unless what is stored is true."""
    result, found_by = weigh(state, evidence, units)
    is_new = state.json == UNSEEN
    if not is_new:
        same = _standing(state, result, found_by, state.version, state.updated_at)
        sort_keys = (same.updated_us, same.counts.origins_at_least, same.counts.mentions)
        if same.json == state.json and facets == dict.fromkeys(found_by, sort_keys) and same.counts == state.counts:
            return None
    return _standing(state, result, found_by, state.version + (not is_new), now)


def weigh(state: ClaimState, evidence: Evidence, units: Units) -> tuple[Corroboration, frozenset[Facet]]:
    """What a claim adds up to under the default policy, and the facets it is found by."""
    mentions = evidence.mentions.get(state.claim.id, ())
    result = corroborate(state.claim, mentions, evidence.documents, evidence.sources, DEFAULT_POLICY, units=units)
    return result, frozenset(_facets(state, result, evidence, units))


def _standing(
    state: ClaimState, result: Corroboration, facets: frozenset[Facet], version: int, updated_at: dt.datetime
) -> Standing:
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
    )
    return Standing(state.key, counts, claim_json(state, result, version, updated_at), facets)


def claim_json(state: ClaimState, result: Corroboration, version: int, updated_at: dt.datetime) -> str:
    """A claim's public shape, by its schema."""
    links = [("outgoing", link) for link in state.links] + [("incoming", link) for link in state.linked_from]
    shape = _CLAIM_SCHEMA.dump(
        {
            "claim": state.claim,
            "corroboration": result,
            "links": [
                {"type": link.type, "direction": direction, "claim": link.claim, "note": link.note}
                for direction, link in links
            ],
            "version": version,
            "created_at": state.created_at,
            "updated_at": updated_at,
        }
    )
    return orjson.dumps(shape).decode()


def _facets(state: ClaimState, result: Corroboration, evidence: Evidence, units: Units) -> Iterator[Facet]:
    yield EVERY_CLAIM
    yield FacetKind.STATUS, result.status
    for topic in state.claim.topics:
        yield FacetKind.TOPIC, topic
    for origins in range(1, min(result.supports.origins.at_least, 100) + 1):
        yield FacetKind.MIN_ORIGINS, str(origins)
    if result.conflicts or any(link.type is LinkType.CONTRADICTS for link in (*state.links, *state.linked_from)):
        yield IN_CONFLICT
    for mention in evidence.mentions.get(state.claim.id, ()):
        yield FacetKind.STANCE, mention.stance
        for kind, value in _whose(mention, evidence, units):
            yield kind, value
            if kind in JOINED_TO_STANCE:
                yield JOINED_TO_STANCE[kind], f"{value} {mention.stance}"


def _whose(mention: Mention, evidence: Evidence, units: Units) -> Iterator[tuple[FacetKind, str]]:
    """The document of a mention, and everyone behind it, each with all that it stands for."""
    yield FacetKind.DOCUMENT, mention.document
    origin = origin_of(mention.attribution, evidence.sources)
    roles = [(FacetKind.RELAY, source) for source in mention.attribution if source != origin]
    if origin is not None:
        roles.append((FacetKind.ORIGIN, origin))
    publisher = evidence.documents[mention.document].publisher
    if publisher is not None:
        roles.append((FacetKind.PUBLISHER, publisher))
    for role, source in roles:
        for whole in units.stands_for(source):
            yield role, whole
            yield FacetKind.SOURCE, whole
