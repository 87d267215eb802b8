"""What is stored and follows from the rest: made anew when the code that makes it is another one.

The claims' shapes are, for one: a new member in them has to be in every stored one.
"""

from __future__ import annotations

from service.model.actors import MIGRATION
from service.store import Store, batches
from service.use_cases.unit_of_work import transaction, unit_of_work

# To be counted up by whoever changes what is kept with a claim: its shape, its facets, what it is found by.
CLAIMS_VERSION = 3


def renew(store: Store) -> int:
    """Make anew what another version of the code has derived; how many claims changed by that.

    Each batch is a write of its own, so that others are not held up; cut short, it goes over all of them again.
    """
    if store.projections.derived_version("claims") == CLAIMS_VERSION:
        return 0
    renewed = 0
    for keys in batches(store.claims.all_claim_keys()):
        with unit_of_work(store, MIGRATION) as work:
            work.touch(keys)
        renewed += work.recomputed
    with transaction(store):
        store.projections.set_derived_version("claims", CLAIMS_VERSION)
    return renewed
