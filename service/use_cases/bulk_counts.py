"""Counts of many claims: as stored, or as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from math import inf
from operator import attrgetter
from typing import Any, TypeVar

import orjson

from service.corroboration.corroborate import corroborate
from service.corroboration.independence import UnitsAmong
from service.corroboration.results import Corroboration, Interval
from service.corroboration.visibility import visible_mentions
from service.model.earlier_verdicts import current_on
from service.model.entities import DEFAULT_POLICY
from service.model.errors import UnknownReference
from service.model.filters import ClaimFilters
from service.model.records import ClaimCounts, Projection
from service.model.timestamps import rfc3339, rfc3339_of_us
from service.model.verdicts import Verdict, judge
from service.store import Store
from service.use_cases.claim_shape import claimants
from service.use_cases.recounts import current_json, worked_out

R = TypeVar("R")

BATCH = 500
_NAMES = tuple(field.name for field in fields(ClaimCounts))
_VALUES = attrgetter(*_NAMES)
_TIME = _NAMES.index("updated_at")


@dataclass(frozen=True, slots=True)
class CountsPage:
    """Claims as in a list. ``last`` is the id of the last one if there is another page."""

    claims: list[dict[str, Any]]
    last: str | None


def bulk_counts(store: Store, filters: ClaimFilters, after: int = 0, until: float = inf) -> Iterator[ClaimCounts]:
    """Yield the counts of all claims that match the filters, in order of creation, in constant memory.

    Those with keys above ``after``, up to ``until``.
    """
    for rows, projections in _batches(store, partial(store.claims.counts_page, filters), after):
        for key, counts in rows:
            if key > until:
                return
            yield projections[key].counts if key in projections else counts


def stored_counts(store: Store, filters: ClaimFilters) -> Iterator[Sequence[str | int]]:
    """Yield what ``bulk_counts`` yields as values, in the order of their fields; times are text.

    Making an object of each of a million rows takes longer than reading and writing it.
    """
    for rows, projections in _batches(store, partial(store.claims.stored_counts_page, filters)):
        for key, values in rows:
            if key in projections:
                counts = projections[key].counts
                values = _VALUES(counts)
                shown = rfc3339(counts.updated_at)
            else:
                shown = rfc3339_of_us(values[_TIME])
            yield (*values[:_TIME], shown, *values[_TIME + 1 :])


def bulk_claims(store: Store, filters: ClaimFilters) -> Iterator[dict[str, Any]]:
    """Yield all claims that match the filters, as in a list, in order of creation, in constant memory."""
    for rows, projections in _batches(store, partial(store.claims.claims_by_key_page, filters)):
        for key, json in rows:
            yield orjson.loads(projections[key].json if key in projections else json)


def _batches(
    store: Store, page: Callable[[int, int], Sequence[tuple[int, R]]], after: int = 0
) -> Iterator[tuple[Sequence[tuple[int, R]], Mapping[int, Projection]]]:
    """Yield all rows that ``page`` returns after a key, with the projections of those that wait to be recomputed.

    Each batch is read on its own, so that a slow reader holds no transaction open.
    """
    while True:
        if store.recounts.claims_left():
            with store.snapshot():
                rows = page(after, BATCH)
                projections = worked_out(store, [key for key, _ in rows])
        else:
            rows, projections = page(after, BATCH), {}
        if not rows:
            return
        yield rows, projections
        after = rows[-1][0]


def counts_page(store: Store, filters: ClaimFilters, day: dt.date | None, after: str | None, limit: int) -> CountsPage:
    """Return at most ``limit`` claims, in order of creation after the claim ``after``, perhaps counted as of a day.

    The filters select by what the claims are now. Raises ``UnknownReference``.
    """
    with store.snapshot():
        begin = None if after is None else store.claims.get(after)
        if after is not None and begin is None:
            raise UnknownReference("after", "claim", after)
        rows = store.claims.claims_by_key_page(filters, begin.key if begin else 0, limit + 1)
        shapes = current_json(store, {row.key: row.json for row in rows[:limit]})
        listed = {key: orjson.loads(json) for key, json in shapes.items()}
        if day is not None:
            listed = _counted(store, listed, day)
    claims = list(listed.values())
    return CountsPage(claims, claims[-1]["id"] if len(rows) > limit else None)


def _counted(store: Store, listed: Mapping[int, dict[str, Any]], day: dt.date) -> dict[int, dict[str, Any]]:
    """Return claims by their keys, with the corroboration, the claimants and the ratings of a day."""
    evidence = store.evidence.of_claims(list(listed))
    published = store.verdicts.published_verdicts(store.claims.members(list(listed)))
    publishers = store.publishers.merged_into(_publishers(published.values()))
    among = UnitsAmong(evidence.sources, DEFAULT_POLICY.independence)
    counted = {}
    for state in store.claims.claim_states(list(listed)):
        claim = state.claim
        mentions = evidence.mentions.get(claim.id, ())
        units = among.of(evidence.named(claim.id))
        result = corroborate(claim, mentions, evidence.documents, evidence.sources, DEFAULT_POLICY, day, units=units)
        visible, _ = visible_mentions(mentions, evidence.documents, day)
        origins = claimants(claim.id, replace(evidence, mentions={claim.id: tuple(visible)}))
        named = [{"id": origin.id, "name": origin.name} for origin in origins]
        judgement = judge(current_on(published.get(state.key, ()), day), publishers)
        counted[state.key] = listed[state.key] | {
            "corroboration": _summary(result),
            "claimants": named,
            "verdicts": {
                "agreement": judgement.agreement,
                "current": [{"rating": verdict.rating} for verdict in judgement.current],
            },
        }
    return counted


def _publishers(verdicts: Iterable[Sequence[Verdict]]) -> set[str]:
    """Return the ids of the publishers of these verdicts of claims."""
    return {verdict.review.publisher for own in verdicts for verdict in own if verdict.review}


def _summary(result: Corroboration) -> dict[str, Any]:
    """Return the corroboration of a claim as its JSON has it."""
    return {
        "status": result.status,
        "policy": result.policy.id,
        "origins": _bounds(result.supports.origins),
        "differing": _bounds(result.differs.origins),
        "refuting": _bounds(result.refutes.origins),
        "mentions": result.mentions,
        "documents": result.documents,
    }


def _bounds(interval: Interval) -> dict[str, int]:
    bounds = asdict(interval)
    return bounds | ({"named": interval.at_least} if interval.named is None else {})
