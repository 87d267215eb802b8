"""Find the suggestions of a whole store: once after the upgrade, and with ``claims rebuild``.

Afterwards each write finds its own. Records are found by walks along the indexes of their keys; they are never compared
pair by pair.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import chain

from service.identity.likeness import likeness
from service.interchange.claimreview.collective_names import Collectives
from service.model.record_kinds import Kind
from service.model.suggestions import (
    Pair,
    Reason,
    StoredSuggestion,
    SuggestionKind,
    SuggestionState,
)
from service.model.timestamps import to_us
from service.store import Store, batches
from service.use_cases.suggesting import assessed, corrected, refresh_suggestions
from service.use_cases.unit_of_work import transaction

# The name of this step among the versions of derived data. Increase the version when names get other near keys.
SUGGESTIONS, SUGGESTIONS_VERSION = "suggestions", 3


def suggest_once(store: Store, collectives: Collectives) -> int:
    """Find the suggestions of a store of an earlier version, once; return the number of open ones.

    Each batch is a transaction of its own. If interrupted, it starts again.
    """
    if store.projections.derived_version(SUGGESTIONS) == SUGGESTIONS_VERSION:
        return 0
    # Sources are found by the near keys of their names, which an earlier version made otherwise.
    after: int | None = 0
    while after is not None:
        with transaction(store):
            after = store.source_names.rebuild_names_after(after)
    find_suggestions(store, dt.datetime.now(dt.UTC), collectives)
    with transaction(store):
        store.projections.set_derived_version(SUGGESTIONS, SUGGESTIONS_VERSION)
    return store.suggestions.number_open()


def find_suggestions(store: Store, now: dt.datetime, collectives: Collectives) -> None:
    """Find the sources, documents and claims that may be one, and the sources that may be collectives."""
    for kind in ("source", "document", "claim"):
        for ids in _searched(store, kind):
            with transaction(store):
                refresh_suggestions(store, {kind: ids}, to_us(now))
    _find_collectives(store, collectives, now)


def outdated_suggestions(store: Store) -> Iterator[StoredSuggestion]:
    """Yield the stored suggestions that differ from what follows from their records, as they should be."""
    for batch in batches(store.suggestions.all_suggestions()):
        known = {each.pair: each for each in batch}
        decided = store.suggestions.decisions([each.pair.id for each in batch])
        yield from corrected(batch, assessed(store, known, known), decided)


def _searched(store: Store, kind: str) -> Iterator[list[str]]:
    """Yield the ids of the records of a kind that may have others alike, a batch at a time."""
    if kind == "source":
        return batches(store.events.public_ids("sources"))
    return batches(chain.from_iterable(store.likely_pairs.with_shared_keys(kind)))


def _find_collectives(store: Store, collectives: Collectives, now: dt.datetime) -> None:
    """Suggest that sources whose names are the words of a crowd are collectives.

    An import of this version makes them so; those of an earlier one that somebody has edited since are left to decide.
    """
    found = likeness([Reason.CROWD_WORDS])
    for ids in batches(store.events.public_ids("sources")):
        with transaction(store):
            pairs = [
                Pair(SuggestionKind.COLLECTIVE, source.id)
                for source in (stored.thing for stored in store.exports.kept_called(Kind.SOURCE, ids).values())
                if source.merged_into is None and collectives.kind_instead(source) is not None
            ]
            known = {each.pair for each in store.suggestions.of_records([pair.one for pair in pairs])}
            new = {pair: found for pair in pairs if pair not in known and found is not None}
            store.suggestions.add({p: (alike, SuggestionState.OPEN) for p, alike in new.items()}, to_us(now))
