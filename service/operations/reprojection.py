"""Rebuild derived data after an upgrade.

For example the claims' stored JSON: a member that is added to it must be added to every stored claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from service.model.actors import MIGRATION
from service.model.recounts import RecountKind
from service.store import Store
from service.use_cases import recounts
from service.use_cases.unit_of_work import unit_of_work

# Increase it with every change of a claim's stored JSON, facets or search document.
CLAIMS_VERSION = 7


@dataclass(frozen=True, slots=True)
class Renewed:
    """The numbers of claims that changed, and of those that are left to be recomputed by turns."""

    claims: int = 0
    left: int = 0


def is_due(store: Store) -> bool:
    """Return whether the derived data is that of another version of the code, so that ``renew`` will recompute it."""
    return store.projections.derived_version("claims") != CLAIMS_VERSION


def recomputes_all(store: Store) -> bool:
    """Return whether all claims are going to be recomputed, so that an upgrade need not recompute those it touches."""
    waits = any(each.kind is RecountKind.ALL and each.after == 0 for each in store.recounts.pending())
    return is_due(store) or waits


def renew(store: Store) -> Renewed:
    """Recompute the derived data of another version of the code: a few claims at once, many by turns.

    The recount of many is put into the queue, and readers get what is not renewed yet worked out anew.
    """
    if not is_due(store):
        return Renewed()
    keys = list(islice(store.claims.all_claim_keys(), recounts.NARROW + 1))
    many = len(keys) > recounts.NARROW
    with unit_of_work(store, MIGRATION) as work:
        if many:
            work.queue_all()
        else:
            work.touch(keys)
        store.projections.set_derived_version("claims", CLAIMS_VERSION)
    return Renewed(work.recomputed, store.recounts.claims_left() if many else 0)
