"""Recompute all derived data, and report or repair what differs from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial

from service.interchange.claimreview.collective_names import Collectives, load_collectives
from service.interchange.claimreview.text import shortened
from service.model.actors import COMMAND_LINE
from service.model.timestamps import to_us
from service.operations.log_audit import SEEDED_IN_LOG
from service.operations.stored_addresses import raw_addresses
from service.operations.suggestion_search import find_suggestions, outdated_suggestions
from service.operations.upgrade import upgrade_left
from service.provenance.wording import number
from service.store import Store, batches
from service.use_cases.projections import recompute
from service.use_cases.recounts import queued
from service.use_cases.unit_of_work import transaction, unit_of_work


def faults(store: Store) -> Iterator[str]:
    """Yield one line for each fault of the database itself, which ``rebuild`` cannot repair."""
    yield from _carefully("the schema", lambda: store.integrity.schema_faults())
    yield from _carefully("the database file", lambda: store.integrity.damage())
    yield from _carefully("the table `derived`", lambda: _emptied(store))


def examine(store: Store) -> Iterator[str]:
    """Yield one line for each difference between stored and recomputed derived data; none if they are equal.

    Claims that wait to be recomputed are left out: ``unfinished`` tells how many there are.
    Data that is too damaged to be read is a difference too, and the other checks go on.
    """
    # With damaged pages even the end of the transaction can fail.
    yield from _carefully("derived data", lambda: _examined(store))


def _examined(store: Store) -> Iterator[str]:
    now = dt.datetime.now(dt.UTC)
    outdated: set[str] = set()
    with store.snapshot():
        yield from _carefully("claims", lambda: _all_claims(store, now, outdated))
        for name, differences in _CHECKS.items():
            yield from _carefully(name, partial(differences, store))
        yield from _carefully("words of claims", lambda: _statements(store, outdated))


def _carefully(name: str, lines: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Yield lines; if they cannot be made, because something is damaged, a line that says so."""
    try:
        yield from lines()
    except Exception as error:
        yield f"{name}: cannot be checked: {error}"


def _emptied(store: Store) -> Iterator[str]:
    if store.projections.derived_version(SEEDED_IN_LOG) is None:
        yield "the table `derived` has lost its rows: the versions of derived data are unknown"


def _all_claims(store: Store, now: dt.datetime, outdated: set[str]) -> Iterator[str]:
    for keys in batches(store.claims.all_claim_keys()):
        yield from _claims(store, keys, now, outdated)


def _statements(store: Store, outdated: Collection[str]) -> Iterator[str]:
    for public_id in store.statements.outdated_keys():
        if public_id not in outdated:
            yield f"claim {public_id}: the stored key of its words is out of date"


def _claims(store: Store, keys: list[int], now: dt.datetime, outdated: set[str]) -> Iterator[str]:
    """Yield the differences of claims, and note those with any in ``outdated``."""
    try:
        recomputed = list(recompute(store, keys, now))
    except Exception as error:
        if len(keys) == 1:
            [name] = store.index_checks.public_ids_of(keys)
            outdated.add(name)
            yield f"claim {name}: cannot be recomputed: {error}"
            return
        middle = len(keys) // 2
        yield from _claims(store, keys[:middle], now, outdated)
        yield from _claims(store, keys[middle:], now, outdated)
        return
    waiting = queued(store, keys)
    for batch in recomputed:
        names = {state.key: state.claim.id for state in batch.states}
        outdated.update(names[projection.key] for projection in batch.projections)
        for projection in batch.projections:
            if projection.key not in waiting:
                yield f"claim {names[projection.key]}: the stored counts, facets or JSON are out of date"
        for key in batch.documents:
            if key not in waiting:
                yield f"claim {names[key]}: the stored search document is out of date"


def _sources(store: Store) -> Iterator[str]:
    for public_id in store.catalogue.misplaced_sources():
        yield f"source {public_id}: the stored site or house is not that of its url and name"


def _source_names(store: Store) -> Iterator[str]:
    for public_id in store.source_names.misnamed():
        yield f"source {public_id}: the stored names that it is found by are not those of its name and aliases"


def _documents(store: Store) -> Iterator[str]:
    for public_id in store.page_identity.misplaced_documents():
        yield f"document {public_id}: the stored key of its page or title is not that of its url or title"


def _verdicts(store: Store) -> Iterator[str]:
    for public_id in store.verdicts.misplaced_verdicts():
        yield f"verdict {public_id}: the stored site, page, time of review or reviewers are not those of the verdict"


def _pages(store: Store) -> Iterator[str]:
    for public_id in store.pages.misplaced_pages():
        yield f"page {public_id}: the stored site or key of its page is not that of its url"


def _quotes(store: Store) -> Iterator[str]:
    for public_id in store.evidence.misquoted_mentions():
        yield f"mention {public_id}: the stored quote is not the text of its span, by its hash: remove it"


def _suggestions(store: Store) -> Iterator[str]:
    for public_id in store.suggestions.misnamed():
        yield f"suggestion {public_id}: the stored id is not that of its records"
    for suggestion in outdated_suggestions(store):
        yield f"suggestion {suggestion.pair.id}: the stored score, reasons or state are out of date"


def _facets(store: Store) -> Iterator[str]:
    stored, counted = store.catalogue.facet_totals(), store.catalogue.recounted_facets()
    for facet in sorted(stored.keys() | counted.keys()):
        have, true = stored.get(facet, 0), counted.get(facet, 0)
        if have != true:
            yield f"facet {facet[0]}={facet[1]}: {have} claims stored, {true} counted"


def unfinished(store: Store) -> Iterator[str]:
    """Yield a line if an upgrade has steps left, and one if claims wait to be recomputed by turns."""
    steps = upgrade_left(store)
    if steps:
        yield f"upgrading: left to a running service, or `claims migrate`, are {', '.join(steps)}"
    left = store.recounts.claims_left()
    if left:
        yield f"recounting: {left} claims are left to be recomputed by turns, and were not compared"


def leftovers(store: Store) -> Iterator[str]:
    """Yield a line for each key that has ended and has sessions of the desk, which open nothing any more."""
    for key in store.sessions.of_ended_keys(to_us(dt.datetime.now(dt.UTC))):
        yield (
            f"sessions: the key {key.public_id} of {key.name!r} has ended, with {number(key.number, 'session')} of it "
            "at the desk left. They open nothing; the next sign-in of anybody, or `claims rebuild`, removes them"
        )


def doubts(store: Store) -> Iterator[str]:
    """Yield one line for each stored value that cannot be right, and that only a person can correct."""
    yield from _carefully("the days of documents", lambda: _dated_late(store))
    yield from _carefully("addresses", lambda: _raw_addresses(store))


def _dated_late(store: Store) -> Iterator[str]:
    for document in store.evidence.dated_late():
        if document.dated_after_first_seen:
            yield (
                f"document {document.id}: `published_earliest` ({document.published_earliest}) is after `first_seen` "
                f"({document.first_seen}), the day on which the service first had it"
            )


def _raw_addresses(store: Store) -> Iterator[str]:
    for kind, public_id, address in raw_addresses(store):
        yield f"{kind} {public_id}: the address {shortened(address, 200)!r} has characters that an address may not have"


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


# The checks of derived data beside that of claims, by what they check.
_CHECKS: Mapping[str, Callable[[Store], Iterator[str]]] = {
    "sources": _sources,
    "names of sources": _source_names,
    "documents": _documents,
    "verdicts": _verdicts,
    "pages": _pages,
    "quotes": _quotes,
    "suggestions": _suggestions,
    "facets": _facets,
    "the search index": _search_differences,
}


def rebuild(store: Store, now: dt.datetime, collectives: Collectives | None = None) -> int:
    """Recompute and store all derived data from scratch; return the number of claims that changed.

    ``collectives`` recognises the names of collectives, by default by the shipped table.
    """
    with transaction(store):
        with unit_of_work(store, COMMAND_LINE, now) as work:
            work.touch(store.claims.all_claim_keys())
        store.statements.renew_keys()
        store.page_identity.renew_keys()
        store.projections.set_facet_totals(store.catalogue.recounted_facets())
        store.index_checks.rebuild_search_index()
        store.source_names.rebuild_names()
        store.suggestions.replace(list(outdated_suggestions(store)))
        find_suggestions(store, now, collectives or load_collectives())
        store.recounts.clear()
        store.sessions.remove_ended(to_us(now))
        store.projections.count_rebuild()
    return work.recomputed
