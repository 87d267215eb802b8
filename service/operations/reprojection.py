"""Rebuild derived data after an upgrade.

For example the claims' stored JSON: a member that is added to it must be added to every stored claim.
"""

from __future__ import annotations

from service.model.actors import MIGRATION
from service.store import Store, batches
from service.use_cases.unit_of_work import transaction, unit_of_work

# Increase it with every change of a claim's stored JSON, facets or search document.
CLAIMS_VERSION = 5


def is_due(store: Store) -> bool:
    """Return whether the derived data is that of another version of the code, so that ``renew`` will recompute it."""
    return store.projections.derived_version("claims") != CLAIMS_VERSION


def renew(store: Store) -> int:
    """Recompute the derived data of another version of the code; return the number of claims that changed.

    Each batch is a transaction of its own, so that other writers do not wait for all. If interrupted, it starts again.
    """
    if not is_due(store):
        return 0
    renewed = 0
    for keys in batches(store.claims.all_claim_keys()):
        with unit_of_work(store, MIGRATION) as work:
            work.touch(keys)
        renewed += work.recomputed
    with transaction(store):
        store.projections.set_derived_version("claims", CLAIMS_VERSION)
    return renewed
