"""Recompute claims whose verdicts alone have changed, without reading their evidence again.

The counts of origins, the facets of the evidence and the search document stay as they are stored. The result is what
``service.use_cases.projections`` computes from everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import orjson

from service.eventlog.events import PendingEvent
from service.model.entities import DEFAULT_POLICY
from service.model.records import NOT_PROJECTED, SAME, ClaimState, Projection
from service.model.verdicts import Verdict, judge
from service.storage.queries.projections import Listing
from service.store import Store
from service.use_cases.claim_facets import JUDGED, verdict_facets
from service.use_cases.claim_shape import claim_json, judged_shape
from service.use_cases.projections import changes


def tells_more(verdict: Verdict) -> bool:
    """Return whether a verdict changes more of its claim than its verdicts.

    The date of a review published elsewhere may show when the claim was first stated; by its title a claim is found.
    """
    return verdict.review is not None or verdict.title is not None


def rejudge(
    store: Store, keys: Iterable[int], now: dt.datetime, actor: str
) -> tuple[set[int], int, list[PendingEvent]]:
    """Store the judgements of claims, with the next version of each that changed.

    Return the keys of claims to be recomputed as a whole instead, the number of changed claims, and the events of the
    changes, by ``actor``.
    """
    ordered = sorted(keys)
    if not ordered:
        return set(), 0, []
    states = store.claims.claim_states(ordered)
    listings = store.projections.listings(ordered)
    whole = {state.key for state in states if not _is_current(state, listings[state.key])}
    before = {state.key: state for state in states if state.key not in whole}
    judged = (_rejudged(state, listings[key], now) for key, state in before.items())
    projections = [projection for projection in judged if projection is not None]
    store.projections.save_projections(projections, listings)
    events = [event for each in projections for event in changes(before[each.key], each, actor)]
    return whole, len(projections), events


def _is_current(state: ClaimState, listing: Listing) -> bool:
    """Return whether everything else that is stored of a claim is as this version computes it."""
    return (
        state.merged_into is None
        and state.json != NOT_PROJECTED
        and state.judged_hash != ""
        and not (state.judged_before or "").endswith(SAME)
        and state.counts.policy == DEFAULT_POLICY.id
        and listing.sort_keys is not None
    )


def _rejudged(state: ClaimState, listing: Listing, now: dt.datetime) -> Projection | None:
    """Return the new projection, or ``None`` if the stored one is up to date."""
    judgement = judge(state.verdicts, state.publishers)
    facets = frozenset(
        (
            *(facet for facet in listing.facets if facet[0] not in JUDGED),
            *verdict_facets(state, state.counts.status, judgement),
        )
    )
    shape = {**orjson.loads(state.json), "verdicts": judged_shape(state, judgement)}
    unchanged = claim_json(shape, state.version, state.judged_version, state.updated_at) == state.json
    if unchanged and facets == listing.facets.keys():
        return None
    # Facets alone are no change of what the claim shows.
    version, updated_at = (state.version, state.updated_at) if unchanged else (state.version + 1, now)
    return Projection(
        key=state.key,
        counts=replace(state.counts, version=version, updated_at=updated_at),
        json=claim_json(shape, version, state.judged_version, updated_at),
        facets=facets,
        judged_version=state.judged_version,
        judged_hash=state.judged_hash,
        judged_before=state.judged_before,
        judgement=judgement,
    )
