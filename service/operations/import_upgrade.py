"""Bring all records that earlier versions imported to the state in which this one would import them."""

from __future__ import annotations

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.importing.earlier_imports import Corrected, correct_imported_mentions
from service.interchange.importing.earlier_sources import correct_sources
from service.model.actors import MIGRATION
from service.operations.reprojection import recomputes_all
from service.store import Store, batches
from service.use_cases.unit_of_work import transaction, unit_of_work

# Increase it when imported records have to be upgraded again.
IMPORTS_VERSION = 3
IMPORTS = "imports"


def upgrade_imports(store: Store, collectives: Collectives) -> Corrected:
    """Correct all imported records, once; return how many changed.

    Each batch is a transaction of its own with an event for each change. If interrupted, it continues at the next call.
    """
    done = Corrected()
    if store.projections.derived_version(IMPORTS) == IMPORTS_VERSION:
        return done
    recomputes = not recomputes_all(store)
    for batch in batches(store.events.public_ids("sources")):
        with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
            done.sources += correct_sources(work, batch, collectives)
    for batch in batches(store.events.public_ids("mentions")):
        with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
            corrected = correct_imported_mentions(work, batch)
        done.documents += corrected.documents
        done.mentions += corrected.mentions
    with transaction(store):
        store.projections.set_derived_version(IMPORTS, IMPORTS_VERSION)
    return done
