"""What a claim adds up to, kept with it: counts, facets, JSON shape, what it is found by.

Runs inside the write that caused it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any

import orjson

from service.corroboration import corroborate
from service.events import EventType, Happening, canonical, subject
from service.filters import EVERY_CLAIM, IN_CONFLICT, JOINED_TO_STANCE, Facet, FacetKind
from service.independence import Units, UnitsAmong, origin_of
from service.indexing import SearchDocument, search_document
from service.judging import LABELS, Agreement, Judgement, Need, Rating, Verdict, judge
from service.records import UNSEEN, ClaimCounts, ClaimState, Evidence, Standing
from service.results import Corroboration
from service.schemas.claims import ClaimSchema
from service.store import Store, batches
from service.types import DEFAULT_POLICY, LinkType, Mention, Source, Stance, Status

_CLAIM_SCHEMA = ClaimSchema()
# Everybody who says so is in the mentions: a claim's own shape stays short.
CLAIMANTS = 20
# What of a claim's counts is no sum.
_NO_SUM = ("id", "policy", "version", "updated_at")


def refresh(
    store: Store, keys: Iterable[int], now: dt.datetime, actor: str, keeps: Callable[[str], bool] = lambda claim: False
) -> tuple[int, list[Happening]]:
    """Weigh claims afresh and store what changed, each such claim with its next version, unless it ``keeps`` its own.

    How many changed, and what of it belongs in the log: ``actor`` is who made it happen.
    """
    changed = 0
    happenings: list[Happening] = []
    for batch in recompute(store, keys, now, keeps):
        store.save_standings(batch.standings)
        store.save_search_documents(batch.documents)
        changed += len(batch.standings)
        before = {state.key: state for state in batch.states}
        for standing in batch.standings:
            happenings += changes(before[standing.key], standing, actor)
    return changed, happenings


@dataclass(frozen=True, slots=True)
class Recomputed:
    """Some claims as stored, and what of what follows differs: standings, and what they are found by by key."""

    states: list[ClaimState]
    standings: list[Standing]
    documents: dict[int, SearchDocument | None]


def recompute(
    store: Store, keys: Iterable[int], now: dt.datetime, keeps: Callable[[str], bool] = lambda claim: False
) -> Iterator[Recomputed]:
    """Batches of claims, and what differs of what is stored with them."""
    for batch in batches(keys):
        states = store.claim_states(batch)
        evidence = store.evidence(batch)
        facets = store.facets_of(batch)
        among = UnitsAmong(evidence.sources, DEFAULT_POLICY.independence)
        standings: list[Standing] = []
        for state in states:
            units = among.of(evidence.named(state.claim.id))
            standing = _changed(state, evidence, units, facets[state.key], now, keeps(state.claim.id))
            standings += [] if standing is None else [standing]
        yield Recomputed(states, standings, _documents(store, states, evidence))


def _documents(store: Store, states: Sequence[ClaimState], evidence: Evidence) -> dict[int, SearchDocument | None]:
    """What claims are found by, where something else is stored. A merged one is found by nothing."""
    stored = {document.key: document for document in store.search_documents([state.key for state in states])}
    true = {
        state.key: None if state.merged_into else search_document(state.key, state.claim, evidence) for state in states
    }
    return {key: document for key, document in true.items() if document != stored.get(key)}


def _changed(
    state: ClaimState,
    evidence: Evidence,
    units: Units,
    facets: Mapping[Facet, tuple[int, int, int]],
    now: dt.datetime,
    keeps: bool,
) -> Standing | None:
    """The claim's standing as its next version (or, if it ``keeps`` that, its own), unless what is stored is true."""
    if state.merged_into:
        return _merged(state, facets)
    result = weigh(state, evidence, units)
    judged = _judged_hash(state, result)
    found_by = frozenset(_facets(state, result, evidence, units))
    if state.json == UNSEEN and not keeps:
        return _standing(replace(state, judged_hash=judged), result, evidence, found_by, now)
    same = _standing(replace(state, judged_hash=judged), result, evidence, found_by, state.updated_at)
    sort_keys = (same.updated_us, same.counts.origins_at_least, same.counts.mentions)
    is_true = same.json == state.json and same.counts == state.counts and judged == state.judged_hash
    if is_true and facets == dict.fromkeys(same.facets, sort_keys):
        return None
    if keeps:
        return same
    version = state.version + 1
    judged_version = state.judged_version if judged == state.judged_hash else version
    following = replace(state, version=version, judged_version=judged_version, judged_hash=judged)
    return _standing(following, result, evidence, found_by, now)


def _merged(state: ClaimState, facets: Mapping[Facet, tuple[int, int, int]]) -> Standing | None:
    """A merged claim stays as it was, for when it stands for itself again; only nobody finds it meanwhile."""
    if not facets:
        return None
    judgement = judge(state.verdicts)
    return Standing(
        state.key, state.counts, state.json, frozenset(), state.judged_version, state.judged_hash, judgement
    )


def _judged_hash(state: ClaimState, result: Corroboration) -> str:
    """Of what a verdict is about: the statement, and what it rests on."""
    claim = state.claim
    said = [claim.text, claim.subject, claim.quantity, claim.time_frame, claim.place]
    sides = [
        (side.origins.at_least, side.origins.at_most) for side in (result.supports, result.differs, result.refutes)
    ]
    judged = [*said, result.status, *sides, result.mentions, result.documents]
    return sha256(canonical(judged).encode()).hexdigest()


def _shape(json: str) -> dict[str, Any]:
    """A stored shape; nothing when it is damaged: it differs from what it should be, which is for others to say."""
    try:
        shape = orjson.loads(json)
    except orjson.JSONDecodeError:
        return {}
    return shape if isinstance(shape, dict) else {}


def weigh(state: ClaimState, evidence: Evidence, units: Units) -> Corroboration:
    """What a claim adds up to under the default policy."""
    mentions = evidence.mentions.get(state.claim.id, ())
    return corroborate(state.claim, mentions, evidence.documents, evidence.sources, DEFAULT_POLICY, units=units)


def _standing(
    state: ClaimState, result: Corroboration, evidence: Evidence, facets: frozenset[Facet], updated_at: dt.datetime
) -> Standing:
    judgement = judge(state.verdicts, state.claim.id)
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
        version=state.version,
        updated_at=updated_at,
    )
    json = claim_json(state, result, judgement, evidence, updated_at)
    facets = facets.union(_judging_facets(state, result, judgement))
    return Standing(state.key, counts, json, facets, state.judged_version, state.judged_hash, judgement)


def claim_json(
    state: ClaimState, result: Corroboration, judgement: Judgement, evidence: Evidence, updated_at: dt.datetime
) -> str:
    """A claim's public shape, by its schema."""
    links = [("outgoing", link) for link in state.links] + [("incoming", link) for link in state.linked_from]
    shape = _CLAIM_SCHEMA.dump(
        {
            "claim": state.claim,
            "claimants": claimants(state.claim.id, evidence),
            "first_stated": first_stated(state.claim.id, evidence),
            "corroboration": result,
            "verdicts": {
                "agreement": judgement.agreement,
                "checkers": judgement.checkers,
                "tally": judgement.tally,
                "current": [{"verdict": verdict, "stale": is_stale(state, verdict)} for verdict in judgement.current],
            },
            "links": [
                {"id": link.id, "type": link.type, "direction": direction, "claim": link.claim, "note": link.note}
                for direction, link in links
            ],
            "merged_from": state.merged_from,
            "version": state.version,
            "created_at": state.created_at,
            "updated_at": updated_at,
        }
    )
    return orjson.dumps(shape).decode()


def claimants(claim_id: str, evidence: Evidence) -> list[Source]:
    """Who is named as saying so, in the order of the mentions; the first ones, where they are many."""
    origins = (
        origin_of(mention.attribution, evidence.sources)
        for mention in evidence.mentions.get(claim_id, ())
        if mention.stance is Stance.SUPPORTS
    )
    named = dict.fromkeys(origin for origin in origins if origin is not None)
    return [evidence.sources[name] for name in list(named)[:CLAIMANTS]]


def first_stated(claim_id: str, evidence: Evidence) -> dict[str, dt.date] | None:
    """The days within which the document that is known to be the first to support it was published."""
    supporting = (m for m in evidence.mentions.get(claim_id, ()) if m.stance is Stance.SUPPORTS)
    documents = [evidence.documents[mention.document] for mention in supporting]
    dated = [
        (document.published_latest, document.published_earliest or document.published_latest)
        for document in documents
        if document.published_latest is not None
    ]
    if not dated:
        return None
    latest, earliest = min(dated)
    return {"earliest": earliest, "latest": latest}


def is_stale(state: ClaimState, verdict: Verdict) -> bool:
    """Whether the claim says something else since it was judged, or was another one then.

    What was published elsewhere keeps the claim that it is about: it is never stale.
    """
    if verdict.review is not None:
        return False
    return verdict.claim != state.claim.id or verdict.judged_hash != state.judged_hash


def changes(state: ClaimState, standing: Standing, actor: str) -> Iterator[Happening]:
    """What of a claim's new standing belongs in the log."""
    claim = subject("claim", state.claim.id)
    before, after = summary_of(state.counts), summary_of(standing.counts)
    if before != after:
        yield Happening(EventType.CORROBORATION_CHANGED, actor, claim, {"from": before, "to": after})
    earlier, judged = judged_of(state.json), judged_of(standing.json)
    if judged != earlier:
        yield Happening(EventType.AGREEMENT_CHANGED, actor, claim, {"from": earlier, "to": judged})


def judged_of(json: str) -> dict[str, object]:
    """How far checkers agree, as an event has it, from a claim's stored shape."""
    shown = _shape(json).get("verdicts") or {}
    tally = shown.get("tally", dict.fromkeys(map(str, LABELS), 0))
    return {"agreement": shown.get("agreement", str(Agreement.NONE)), "tally": tally}


def summary_of(counts: ClaimCounts) -> dict[str, object]:
    """What a claim adds up to, as an event has it."""
    return {field.name: getattr(counts, field.name) for field in fields(counts) if field.name not in _NO_SUM}


NO_SUMS: Mapping[EventType, dict[str, object]] = {
    EventType.CORROBORATION_CHANGED: {
        field.name: 0 for field in fields(ClaimCounts) if field.name not in (*_NO_SUM, "status")
    }
    | {"status": str(Status.UNSUPPORTED)},
    EventType.AGREEMENT_CHANGED: judged_of("{}"),
}
"""What claims add up to before anything is said of them."""


def _judging_facets(state: ClaimState, result: Corroboration, judgement: Judgement) -> Iterator[Facet]:
    """Where a claim was judged and in which languages, how far checkers agree, and why it waits to be judged."""
    for verdict in judgement.current:
        if verdict.rating is Rating.UNMAPPED:
            yield FacetKind.RATING, Rating.UNMAPPED
        if verdict.site is not None:
            yield FacetKind.SITE, verdict.site
        if verdict.language is not None:
            yield FacetKind.LANGUAGE, verdict.language.partition("-")[0].lower()
    if judgement.agreement is Agreement.NONE:
        yield FacetKind.NEED, Need.UNJUDGED
        return
    yield FacetKind.AGREEMENT, judgement.agreement
    for rating, votes in judgement.tally.items():
        if votes:
            yield FacetKind.RATING, rating
    if any(is_stale(state, verdict) for verdict in judgement.votes):
        yield FacetKind.NEED, Need.STALE
    elif judgement.agreement is Agreement.SPLIT or (result.status is Status.CONTESTED and judgement.checkers < 2):
        yield FacetKind.NEED, Need.CONTESTED


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
