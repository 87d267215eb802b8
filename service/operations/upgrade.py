"""Bring the records and the derived data of an earlier version to this one, once its schema has been migrated.

A small store is upgraded before the service answers. In a large one only the recount of all claims is queued by then,
so that each is worked out anew when it is read; the steps follow behind the open port, and the recount after them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from service.interchange.claimreview.collective_names import Collectives
from service.operations.first_seen_backfill import FIRST_SEEN, FIRST_SEEN_VERSION, log_first_seen
from service.operations.import_upgrade import IMPORTS, IMPORTS_VERSION, upgrade_imports
from service.operations.log_backfill import backfill_log
from service.operations.page_merges import PAGES, PAGES_VERSION, merge_pages
from service.operations.recounting import LOCK
from service.operations.reprojection import renew
from service.operations.stored_addresses import ADDRESSES, ADDRESSES_VERSION, encode_stored_addresses
from service.operations.suggestion_search import SUGGESTIONS, SUGGESTIONS_VERSION, suggest_once
from service.store import Store
from service.use_cases import recounts

SMALL = 10_000
"""The most events of a store that is upgraded before the service answers."""
INDEXES = "indexes"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Step:
    """A step that a store has once: its name and version among those of derived data. ``run`` says what it changed."""

    name: str
    version: int
    run: Callable[[Store, Collectives, Say], None]


def upgrade_left(store: Store) -> list[str]:
    """Return the names of the steps that the store has not had yet, in their order."""
    versions = store.projections.derived_versions([step.name for step in _STEPS])
    indexes = [INDEXES] if store.upgrades.deferred() else []
    return [*indexes, *(step.name for step in _STEPS if versions.get(step.name) != step.version)]


def upgrade_records(store: Store, collectives: Collectives, say: Say) -> None:
    """Run every step that the store has not had yet; each says what it changed.

    Claims are recomputed by the last step, so that each has one event for everything that changes. Another process
    that is upgrading the store goes on with it.
    """
    _log_everything(store, say)
    if not finish_upgrade(store, collectives, say):
        say("another process is upgrading the store, while it answers")
    _renew(store, say)


def begin_upgrade(store: Store, collectives: Collectives, say: Say) -> None:
    """Upgrade a small store. Of a large one leave the steps to ``finish_upgrade``."""
    if _is_small(store):
        upgrade_records(store, collectives, say)
        return
    _log_everything(store, say)
    _renew(store, say)
    left = upgrade_left(store)
    if left:
        say(f"to be upgraded while the service answers (GET /readyz tells what is left): {', '.join(left)}")


def finish_upgrade(store: Store, collectives: Collectives, say: Say, stopping: threading.Event | None = None) -> bool:
    """Run the steps that are left; return false if another process does, or if ``stopping`` is set before the end.

    If interrupted, a step starts again at the next call, and changes what is left to be changed.
    """
    with store.try_hold(LOCK) as held:
        if not held:
            return not upgrade_left(store)
        for name in upgrade_left(store):
            if stopping is not None and stopping.is_set():
                return False
            _RUN[name](store, collectives, say)
    return True


def _is_small(store: Store) -> bool:
    claims = islice(store.claims.all_claim_keys(), recounts.NARROW + 1)
    return sum(1 for _ in claims) <= recounts.NARROW and store.events.log_end()[0] <= SMALL


def _log_everything(store: Store, say: Say) -> None:
    if backfill_log(store):
        say("log created: the existing records are in it")


def _make_indexes(store: Store, collectives: Collectives, say: Say) -> None:
    left = store.upgrades.deferred()
    for name in left:
        store.upgrades.make(name)
    say(f"made: {len(left)} indexes in the form of this version")


def _date_documents(store: Store, collectives: Collectives, say: Say) -> None:
    dated = log_first_seen(store)
    if dated:
        say(f"logged: the first days of {dated} documents")


def _correct_imports(store: Store, collectives: Collectives, say: Say) -> None:
    corrected = upgrade_imports(store, collectives)
    if corrected:
        counts = f"{corrected.sources} sources, {corrected.documents} documents and {corrected.mentions} mentions"
        say(f"imports corrected: {counts}, as this version would import them")


def _encode_addresses(store: Store, collectives: Collectives, say: Say) -> None:
    encoded = encode_stored_addresses(store)
    if encoded:
        say(f"percent-encoded: addresses of {encoded} records, with characters that an address may not have")


def _merge_pages(store: Store, collectives: Collectives, say: Say) -> None:
    merged = merge_pages(store)
    if merged:
        say(f"merged: {merged} documents, each of a page that another document has under another address")


def _suggest(store: Store, collectives: Collectives, say: Say) -> None:
    suggested = suggest_once(store, collectives)
    if suggested:
        say(f"found: {suggested} suggestions of records that may be one (claims suggestions)")


def _renew(store: Store, say: Say) -> None:
    renewed = renew(store)
    if renewed.claims:
        say(f"rebuilt: {renewed.claims} claims, in the form of this version")
    if renewed.left:
        say(f"to be rebuilt: {renewed.left} claims, by turns while the service answers (GET /readyz counts them)")


_STEPS: Sequence[_Step] = (
    _Step(FIRST_SEEN, FIRST_SEEN_VERSION, _date_documents),
    # Before those that change the versions of records that nobody has edited.
    _Step(IMPORTS, IMPORTS_VERSION, _correct_imports),
    _Step(ADDRESSES, ADDRESSES_VERSION, _encode_addresses),
    _Step(PAGES, PAGES_VERSION, _merge_pages),
    _Step(SUGGESTIONS, SUGGESTIONS_VERSION, _suggest),
)
_RUN = {INDEXES: _make_indexes} | {step.name: step.run for step in _STEPS}
