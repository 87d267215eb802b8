"""Recounts: a wide edit commits at once, and the claims that rest on it are recomputed by turns.

A wide edit changes more than ``NARROW`` claims: of a source, of a document, or of the code that derives their data. It
puts a recount into the queue (``Store.recounts``), which one worker does (``service.operations.recounting``). Until
then the stored data of these claims is out of date, and readers get it worked out anew (``worked_out``).

Which claims are queued follows from the stored facets, and from how far the recount has come. Facets change when a
claim is recomputed, and then nothing is left to be done for it. The answer may have claims too many, never too few:
working out a claim that is up to date changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from service.model.filters import FacetKind
from service.model.records import ListedClaim, Projection, QueuedClaim
from service.model.recounts import Recount, RecountKind
from service.model.timestamps import from_us
from service.store import Store
from service.use_cases.projections import recompute

C = TypeVar("C", ListedClaim, QueuedClaim)

NARROW = 100
"""The most claims that an edit recomputes in its own transaction."""
_KINDS = {FacetKind.SOURCE: RecountKind.SOURCE, FacetKind.DOCUMENT: RecountKind.DOCUMENT}
_FACETS = {recount: facet for facet, recount in _KINDS.items()}


def few_claims_on(store: Store, kind: FacetKind, value: str) -> set[int] | None:
    """Return the claims that rest on a source or document, or ``None`` if they are more than ``NARROW``."""
    return _few(_claims_on(store, kind, value))


def few_claims_judged_by(store: Store, source: str) -> set[int] | None:
    """Return the claims that a source and another one have reviewed, or ``None`` if these are more than ``NARROW``.

    Also ``None`` if it would take too long to find out.
    """
    publishers = list(store.evidence.sources_with_relatives([source]))
    if store.recounts.reviews(publishers, NARROW + 1) > NARROW:
        return None
    return _few(iter(store.recounts.reviewed_by_several(publishers)))


def _few(keys: Iterator[int]) -> set[int] | None:
    found: set[int] = set()
    while len(found) <= NARROW:
        more = list(islice(keys, NARROW + 1))
        if not more:
            return found
        found.update(more)
    return None


def recount_of(kind: FacetKind) -> RecountKind:
    """Return the kind of recount of the claims with a facet of this kind, ``SOURCE`` or ``DOCUMENT``."""
    return _KINDS[kind]


def claims_of(store: Store, recount: Recount) -> list[int]:
    """Return the keys of the claims that a recount has left, in order."""
    if recount.kind is RecountKind.ALL:
        keys = store.claims.all_claim_keys(recount.after)
    elif recount.kind is RecountKind.VOTES:
        publishers = list(store.evidence.sources_with_relatives([recount.value]))
        keys = iter(store.recounts.reviewed_by_several(publishers))
    else:
        keys = _claims_on(store, _FACETS[recount.kind], recount.value)
    return sorted({key for key in keys if key > recount.after})


def _claims_on(store: Store, kind: FacetKind, value: str) -> Iterator[int]:
    """Yield the claims that rest on a source or document, some of them several times.

    Claims also rest on it through copies of its documents, since a copy that names no origin counts as its original.
    """
    yield from store.claims.claim_keys((kind, value))
    is_source = kind is FacetKind.SOURCE
    copies = store.evidence.copies_from([value]) if is_source else store.evidence.derivatives([value])
    for document in copies:
        if document != value:
            yield from store.claims.claim_keys((FacetKind.DOCUMENT, document))


def queued(store: Store, claim_keys: Collection[int]) -> dict[int, int]:
    """Return those of some claims that are in the queue, each with the time of the last edit that it waits for."""
    pending = store.recounts.pending() if claim_keys else []
    found: dict[int, int] = {}
    # The latest comes last.
    for recount in sorted(pending, key=lambda each: each.created_us):
        left = [key for key in claim_keys if key > recount.after]
        found.update(dict.fromkeys(_concerned(store, recount, left), recount.created_us))
    return found


def _concerned(store: Store, recount: Recount, keys: Sequence[int]) -> Collection[int]:
    if recount.kind is RecountKind.ALL or not keys:
        return keys
    if recount.kind is RecountKind.VOTES:
        return store.recounts.with_several_publishers(keys)
    facet = (_FACETS[recount.kind], recount.value)
    return {key for key, _ in store.recounts.with_facets(keys, [facet])} | store.recounts.with_copies(keys)


def worked_out(store: Store, claim_keys: Collection[int]) -> dict[int, Projection]:
    """Return the new projections of those of some claims whose stored ones wait to be recomputed, and differ.

    They have the next version, and the time of the edit that they wait for. The stored state and this must be read in
    one snapshot.
    """
    found: dict[int, Projection] = {}
    waiting = queued(store, claim_keys)
    for since in sorted(set(waiting.values())):
        keys = [key for key, at in waiting.items() if at == since]
        for batch in recompute(store, sorted(keys), from_us(since)):
            found.update((projection.key, projection) for projection in batch.projections)
    return found


def current(store: Store, claims: Sequence[C]) -> list[C]:
    """Return claims with their JSON: as stored, or worked out anew for those in the queue."""
    shapes = current_json(store, {claim.key: claim.json for claim in claims})
    return [claim if shapes[claim.key] == claim.json else replace(claim, json=shapes[claim.key]) for claim in claims]


def current_json(store: Store, shapes: Mapping[int, str]) -> dict[int, str]:
    """Return the JSON of claims by key: as stored, or worked out anew for those in the queue."""
    return {**shapes, **{key: projection.json for key, projection in worked_out(store, shapes.keys()).items()}}
