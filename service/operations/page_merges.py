"""Merge the documents of one page that a store has from before pages were told by their address."""

from __future__ import annotations

from service.model.actors import MIGRATION
from service.operations.reprojection import is_due
from service.store import Store
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.unit_of_work import transaction, unit_of_work

_BATCH = 500
_DONE = "pages of documents"


def merge_pages(store: Store) -> int:
    """Merge documents of one page, once in the life of a store; return the number of merged documents.

    The oldest stays. Each batch is a transaction of its own. If interrupted, it goes on at the next start; documents
    that are unmerged afterwards stay so.
    """
    if store.projections.derived_version(_DONE) is not None:
        return 0
    merged, after, recomputes = 0, "", not is_due(store)
    while keys := store.page_identity.with_several_documents(after, _BATCH):
        with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
            merged += len(merge_same_pages(work, keys))
        after = keys[-1]
    with transaction(store):
        store.projections.set_derived_version(_DONE, 1)
    return merged
