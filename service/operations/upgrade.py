"""Bring the records and the derived data of an earlier version to this one, once its schema has been migrated."""

from __future__ import annotations

from collections.abc import Callable

from service.interchange.claimreview.collective_names import Collectives
from service.operations.first_seen_backfill import log_first_seen
from service.operations.import_upgrade import upgrade_imports
from service.operations.log_backfill import backfill_log
from service.operations.page_merges import merge_pages
from service.operations.reprojection import renew
from service.operations.stored_addresses import encode_stored_addresses
from service.operations.suggestion_search import suggest_once
from service.store import Store


def upgrade_records(store: Store, collectives: Collectives, progress: Callable[[str], None]) -> None:
    """Run every step that the store has not had yet; each says through ``progress`` what it changed.

    Claims are recomputed by the last step, so that each has one event for everything that changes.
    """
    if backfill_log(store):
        progress("log created: the existing records are in it")
    dated = log_first_seen(store)
    if dated:
        progress(f"logged: the first days of {dated} documents")
    # First of all: later steps change the versions of records that nobody has edited.
    corrected = upgrade_imports(store, collectives)
    if corrected:
        counts = f"{corrected.sources} sources, {corrected.documents} documents and {corrected.mentions} mentions"
        progress(f"imports corrected: {counts}, as this version would import them")
    encoded = encode_stored_addresses(store)
    if encoded:
        progress(f"percent-encoded: addresses of {encoded} records, with characters that an address may not have")
    merged = merge_pages(store)
    if merged:
        progress(f"merged: {merged} documents, each of a page that another document has under another address")
    suggested = suggest_once(store, collectives)
    if suggested:
        progress(f"found: {suggested} suggestions of records that may be one (claims suggestions)")
    renewed = renew(store)
    if renewed.claims:
        progress(f"rebuilt: {renewed.claims} claims, in the form of this version")
    if renewed.left:
        progress(f"to be rebuilt: {renewed.left} claims, by turns while the service answers (GET /readyz counts them)")
