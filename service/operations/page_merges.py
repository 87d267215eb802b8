"""Merge the documents of one page that a store has from before pages were told by their address."""

from __future__ import annotations

from collections.abc import Iterator

from service.model.actors import MIGRATION
from service.operations.reprojection import is_due
from service.store import Store
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.unit_of_work import transaction, unit_of_work

# Increase it when ``document_key`` makes another key of an address that may be stored.
PAGES_VERSION = 2
_BATCH = 500
_DONE = "pages of documents"


def merge_pages(store: Store) -> int:
    """Merge documents of one page, once in the life of a store; return the number of merged documents.

    The oldest stays. Each batch is a transaction of its own. If interrupted, it goes on at the next start; documents
    that are unmerged afterwards stay so, also when a later version tells by more addresses that they are of one page.
    """
    done = store.projections.derived_version(_DONE)
    if done == PAGES_VERSION:
        return 0
    merged, recomputes = 0, not is_due(store)
    if done is None:
        for keys in _with_several_documents(store):
            with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
                merged += len(merge_same_pages(work, keys))
    with transaction(store):
        parted = {key for keys in _with_several_documents(store) for key in keys}
        store.page_identity.renew_keys()
        for keys in _with_several_documents(store):
            with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
                merged += len(merge_same_pages(work, [key for key in keys if key not in parted]))
        store.projections.set_derived_version(_DONE, PAGES_VERSION)
    return merged


def _with_several_documents(store: Store) -> Iterator[list[str]]:
    """Yield the keys of pages with several documents that are not merged, a batch at a time."""
    after = ""
    while keys := store.page_identity.with_several_documents(after, _BATCH):
        yield keys
        after = keys[-1]
