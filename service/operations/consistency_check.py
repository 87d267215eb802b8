"""Recompute everything that is stored but follows from something else, and say what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from service.model.actors import COMMAND_LINE
from service.store import Store
from service.use_cases.projections import recompute
from service.use_cases.unit_of_work import transaction, unit_of_work


def examine(store: Store) -> Iterator[str]:
    """One line for each difference between what is stored and what follows; nothing when all is well."""
    now = dt.datetime.now(dt.UTC)
    with store.snapshot():
        for batch in recompute(store, store.claims.all_claim_keys(), now):
            names = {state.key: state.claim.id for state in batch.states}
            for standing in batch.projections:
                yield f"claim {names[standing.key]}: stored counts, facets or shape differ from its mentions"
            for key in batch.documents:
                yield f"claim {names[key]}: what it is found by differs from what is said of it"
        for public_id in store.catalogue.misplaced_sources():
            yield f"source {public_id}: stored site is not that of its url"
        for public_id in store.verdicts.misplaced_verdicts():
            yield f"verdict {public_id}: stored site or time of its review is not what it says"
        stored, counted = store.catalogue.facet_totals(), store.catalogue.recounted_facets()
        for facet in sorted(stored.keys() | counted.keys()):
            have, true = stored.get(facet, 0), counted.get(facet, 0)
            if have != true:
                yield f"facet {facet[0]}={facet[1]}: {have} claims stored, {true} counted"
        yield from _search_differences(store)


def _search_differences(store: Store) -> Iterator[str]:
    """Of the full-text index and the counts beside it."""
    for name in store.index_checks.public_ids_of(store.index_checks.misindexed_claims()):
        yield f"claim {name}: the full-text index has it otherwise than it is found by"
    for what, have, true in zip(
        ("term", "total"), store.index_checks.counted_terms(), store.index_checks.recounted_terms(), strict=True
    ):
        for name in sorted(have.keys() | true.keys()):
            if have.get(name) != true.get(name):
                yield f"search {what} {name}: {have.get(name, 0)} stored, {true.get(name, 0)} counted"


def rebuild(store: Store, now: dt.datetime) -> int:
    """Renew every stored shape, count, facet and index from scratch; how many claims changed."""
    with transaction(store):
        with unit_of_work(store, COMMAND_LINE, now) as work:
            work.touch(store.claims.all_claim_keys())
        store.projections.set_facet_totals(store.catalogue.recounted_facets())
        store.index_checks.rebuild_search_index()
    return work.recomputed
