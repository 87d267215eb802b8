"""Recompute all derived data, and report or repair what differs from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from service.model.actors import COMMAND_LINE
from service.store import Store
from service.use_cases.projections import recompute
from service.use_cases.unit_of_work import transaction, unit_of_work


def examine(store: Store) -> Iterator[str]:
    """Yield one line for each difference between stored and recomputed derived data; none if they are equal."""
    now = dt.datetime.now(dt.UTC)
    outdated: set[str] = set()
    with store.snapshot():
        for batch in recompute(store, store.claims.all_claim_keys(), now):
            names = {state.key: state.claim.id for state in batch.states}
            outdated.update(names[projection.key] for projection in batch.projections)
            for projection in batch.projections:
                yield f"claim {names[projection.key]}: the stored counts, facets or JSON are out of date"
            for key in batch.documents:
                yield f"claim {names[key]}: the stored search document is out of date"
        for public_id in store.catalogue.misplaced_sources():
            yield f"source {public_id}: the stored site or house is not that of its url and name"
        for public_id in store.source_names.misnamed():
            yield f"source {public_id}: the stored names that it is found by are not those of its name and aliases"
        for public_id in store.page_identity.misplaced_documents():
            yield f"document {public_id}: the stored key of its page is not that of its url"
        for public_id in store.pages.misplaced_pages():
            yield f"page {public_id}: the stored key of its page is not that of its url"
        for public_id in store.verdicts.misplaced_verdicts():
            yield f"verdict {public_id}: the stored site, page or time of its review differs from the review"
        for public_id in store.statements.outdated_keys():
            if public_id not in outdated:
                yield f"claim {public_id}: the stored key of its words is out of date"
        stored, counted = store.catalogue.facet_totals(), store.catalogue.recounted_facets()
        for facet in sorted(stored.keys() | counted.keys()):
            have, true = stored.get(facet, 0), counted.get(facet, 0)
            if have != true:
                yield f"facet {facet[0]}={facet[1]}: {have} claims stored, {true} counted"
        yield from _search_differences(store)


def doubts(store: Store) -> Iterator[str]:
    """Yield one line for each stored value that cannot be right, and that only a person can correct."""
    for document in store.evidence.dated_late():
        if document.dated_after_first_seen:
            yield (
                f"document {document.id}: `published_earliest` ({document.published_earliest}) is after `first_seen` "
                f"({document.first_seen}), the day on which the service first had it"
            )


def _search_differences(store: Store) -> Iterator[str]:
    """Yield the differences of the full-text index and of its term counts."""
    for name in store.index_checks.public_ids_of(store.index_checks.misindexed_claims()):
        yield f"claim {name}: the full-text index differs from the search document"
    for kind, have, true in zip(
        ("term", "total"), store.index_checks.counted_terms(), store.index_checks.recounted_terms(), strict=True
    ):
        for name in sorted(have.keys() | true.keys()):
            if have.get(name) != true.get(name):
                yield f"search {kind} {name}: {have.get(name, 0)} stored, {true.get(name, 0)} counted"


def rebuild(store: Store, now: dt.datetime) -> int:
    """Recompute and store all derived data from scratch; return the number of claims that changed."""
    with transaction(store):
        with unit_of_work(store, COMMAND_LINE, now) as work:
            work.touch(store.claims.all_claim_keys())
        store.statements.renew_keys()
        store.projections.set_facet_totals(store.catalogue.recounted_facets())
        store.index_checks.rebuild_search_index()
        store.source_names.rebuild_names()
    return work.recomputed
