"""Merge the documents of one page that a store has from before pages were told by their address."""

from __future__ import annotations

from collections.abc import Iterator

from service.model.actors import MIGRATION
from service.operations.reprojection import recomputes_all
from service.store import Store
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.unit_of_work import transaction, unit_of_work

# Increase it when ``document_key`` makes another key of an address that may be stored.
PAGES_VERSION = 2
_BATCH = 500
PAGES = "pages of documents"
# So many documents of a page that are not merged have been parted.
_PARTED = 2


def merge_pages(store: Store) -> int:
    """Merge documents of one page, once in the life of a store; return the number of merged documents.

    The oldest stays. Each batch is a transaction of its own. If interrupted, it goes on at the next start; documents
    that are unmerged afterwards stay so, also when a later version tells by more addresses that they are of one page.
    """
    done = store.projections.derived_version(PAGES)
    if done == PAGES_VERSION:
        return 0
    merged, recomputes = 0, not recomputes_all(store)
    if done is None:
        for keys in _with_several_documents(store):
            with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
                merged += len(merge_same_pages(work, keys))
    after: int | None = 0
    while after is not None:
        with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
            pages, after = store.page_identity.renew_keys_after(after)
            merged += len(merge_same_pages(work, [page for page, before in pages.items() if len(before) < _PARTED]))
    with transaction(store):
        store.projections.set_derived_version(PAGES, PAGES_VERSION)
    return merged


def _with_several_documents(store: Store) -> Iterator[list[str]]:
    """Yield the keys of pages with several documents that are not merged, a batch at a time."""
    after = ""
    while keys := store.page_identity.with_several_documents(after, _BATCH):
        yield keys
        after = keys[-1]
