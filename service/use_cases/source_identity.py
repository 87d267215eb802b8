"""One name is one party: refuse a second source of a name that is there, and find those with a similar name."""

from __future__ import annotations

from collections.abc import Sequence

from service.identity.names import folded_names, sought_keys
from service.identity.parties import may_share_a_name
from service.model.entities import Source
from service.model.errors import Conflict, InvalidInput, UnknownReference
from service.store import Store
from service.use_cases.catalogue import existing_source

SIMILAR_AT_MOST = 10


def refuse_namesake(store: Store, source: Source, before: Source | None = None) -> None:
    """Raise ``Conflict`` (``source_exists``) if another source has a name of ``source`` and is not said to be distinct.

    Those that had a name of its state ``before`` already are accepted, so that a change of something else is possible.
    The caller has the lock for writing, so that of two writers of one name the second finds the first.
    """
    known = {other.id for other in namesakes(store, before)} if before else set()
    found = [other for other in namesakes(store, source) if other.id not in known]
    if found:
        other, name = found[0], _common_name(source, found[0])
        raise Conflict(
            "source_exists",
            f"The source {other.id!r} ({other.name}) has the name {name!r} already: use that one.",
            f'If the two are different parties, say so with "distinct_from": ["{other.id}"].',
            [other.id for other in found],
        )


def namesakes(store: Store, source: Source) -> list[Source]:
    """Return the sources that are one party with ``source`` by their names, the oldest first.

    Merged sources count as what they were merged into. Left out are those of which a source says that it is distinct,
    and identifiable ones of another country.
    """
    called = store.source_names.called(folded_names((source.name, *source.aliases)))
    found = [_root(store, i) for ids in called.values() for i in ids if i != source.id]
    others = {other.id: other for other in found if other.id != source.id and not may_share_a_name(source, other)}
    own = store.source_names.with_merged(source.id)
    return [other for other in others.values() if not _are_distinct(store, source, own, other)]


def _root(store: Store, source_id: str) -> Source:
    [record] = store.catalogue.sources([source_id])
    return record.source if record.source.merged_into is None else _root(store, record.source.merged_into)


def _are_distinct(store: Store, source: Source, own: Sequence[str], other: Source) -> bool:
    theirs = store.source_names.with_merged(other.id)
    # Those that are stored count too, though a change may take them back: it has to come before a merge.
    return bool({*source.distinct_from} & {*theirs} or store.source_names.distinct_between(own, theirs))


def _common_name(source: Source, other: Source) -> str:
    theirs = set(folded_names((other.name, *other.aliases)))
    return next((n for n in (source.name, *source.aliases) if folded_names([n])[0] in theirs), source.name)


def check_distinct_from(store: Store, source: Source) -> None:
    """Raise ``InvalidInput`` unless ``distinct_from`` names sources that exist and that ``source`` is not one with."""
    have = {record.source.id for record in store.catalogue.sources(source.distinct_from)}
    own = store.source_names.with_merged(source.id)
    for other in source.distinct_from:
        if other == source.id:
            raise InvalidInput("distinct_from", f"Must be other sources: {other!r} is the source itself.")
        if other in own:
            reason = f"Must be other sources: {other!r} was merged into {source.id!r}. Unmerge it first."
            raise InvalidInput("distinct_from", reason)
        if other not in have:
            raise UnknownReference("distinct_from", "source", other)


def refuse_distinct(store: Store, source_id: str, into: str) -> None:
    """Raise ``Conflict`` (``distinct``) if a source, or one merged into it, is said to be distinct from the other."""
    own, theirs = store.source_names.with_merged(source_id), store.source_names.with_merged(into)
    pairs = store.source_names.distinct_between(own, theirs)
    if pairs:
        said, other = pairs[0]
        raise Conflict(
            "distinct",
            f"The source {said!r} is said to be distinct from {other!r}: first remove {other!r} from its "
            "`distinct_from`.",
        )


def similar_sources(store: Store, source_id: str) -> list[Source]:
    """Return the sources with names similar to those of a source, the most similar first, at most ``SIMILAR_AT_MOST``.

    Left out are those that are certainly other parties.
    """
    source = existing_source(store, source_id).source
    near = store.source_names.near(sought_keys((source.name, *source.aliases)), 2 * SIMILAR_AT_MOST)
    pairs = store.source_names.distinct_between([source.id], near)
    certain = {source.id, *source.distinct_from, *(i for pair in pairs for i in pair)}
    found = {record.source.id: record.source for record in store.catalogue.sources(near)}
    others = [found[i] for i in near if i not in certain and not may_share_a_name(source, found[i])]
    return others[:SIMILAR_AT_MOST]
