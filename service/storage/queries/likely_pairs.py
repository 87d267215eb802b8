"""Find pairs of sources, documents or claims that may be one, by the keys that both have in an index.

Reads a bounded number of index entries for each record: a key that more than ``CROWD`` records share says little, and
is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import peewee as pw

from service.identity.names import crossed_keys
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import BATCH, Queries, batches
from service.storage.tables import Claim, ClaimLink, Document, Source, SourceNearKey

CROWD = 20
"""The largest number of records that share a key by which pairs are found."""
PAIRS_AT_MOST = 30
"""The largest number of pairs of one record that are compared, those with most common keys first."""


class _Keyed(NamedTuple):
    near: str
    public_id: str


class _Shared(NamedTuple):
    near: str


class _PublicId(NamedTuple):
    public_id: str


class _Ends(NamedTuple):
    one: int
    other: int


class _Merged(NamedTuple):
    public_id: str
    into: str


def _by_column(table: type[Claim | Document], column: pw.Field[Any]) -> tuple[Prepared[_Keyed], Prepared[_Keyed]]:
    """Return the queries of the keys of records, and of the records that have keys and are not merged."""
    query = table.select(column.alias("near"), table.public_id)
    keyed = query.where(table.public_id.in_(params("ids")) & column.is_null(False))
    sharing = query.where(column.in_(params("keys")) & _unmerged(table)).limit(param("limit"))
    return prepared(keyed, _Keyed), prepared(sharing, _Keyed)


def _unmerged(table: type[Claim | Document | Source]) -> pw.Expression:
    return pw.fn.COALESCE(table.merged_into, 0) == 0


def _by_near_key() -> tuple[Prepared[_Keyed], Prepared[_Keyed]]:
    query = SourceNearKey.select(SourceNearKey.near, Source.public_id).join(
        Source, on=Source.id == SourceNearKey.source
    )
    keyed = query.where(Source.public_id.in_(params("ids")))
    sharing = query.where(SourceNearKey.near.in_(params("keys")) & _unmerged(Source)).limit(param("limit"))
    return prepared(keyed, _Keyed), prepared(sharing, _Keyed)


_KEYS: Mapping[str, list[tuple[Prepared[_Keyed], Prepared[_Keyed]]]] = {
    "source": [_by_near_key()],
    "document": [_by_column(Document, Document.page_key), _by_column(Document, Document.title_key)],
    "claim": [_by_column(Claim, Claim.near_key)],
}
_ROOT = Claim.alias("root")
_ROOTS = prepared(
    Claim.select(_ROOT.public_id)
    .join(_ROOT, on=_ROOT.id == pw.fn.COALESCE(Claim.root, Claim.id))
    .where(Claim.public_id.in_(params("ids"))),
    _PublicId,
)
_LINKED = prepared(
    ClaimLink.select(ClaimLink.claim.alias("one"), ClaimLink.other.alias("other")).where(
        ClaimLink.claim.in_(params("some")) & ClaimLink.other.in_(params("others")) & ClaimLink.withdrawn_us.is_null()
    ),
    _Ends,
)


def _merged(table: type[Document | Source]) -> Prepared[_Merged]:
    """Return the query of the records that are merged into some others."""
    into = table.alias("into")
    query = table.select(table.public_id, into.public_id.alias("into")).join(into, on=into.id == table.merged_into)
    return prepared(query.where(into.public_id.in_(params("ids"))), _Merged)


_MERGED = {"source": _merged(Source), "document": _merged(Document)}


def _shared(table: type[Claim | Document], column: pw.Field[Any]) -> Prepared[_Shared]:
    """Return the query of the keys that several records have, but no more than ``CROWD``, in their order."""
    number = pw.fn.COUNT(pw.SQL("*"))
    return prepared(
        table.select(column.alias("near"))
        .where(column > param("after"))
        .group_by(column)
        .having((number > 1) & (number <= CROWD))
        .order_by(column)
        .limit(param("limit")),
        _Shared,
    )


_SHARED = {
    "document": [_shared(Document, Document.page_key), _shared(Document, Document.title_key)],
    "claim": [_shared(Claim, Claim.near_key)],
}


class LikelyPairQueries(Queries):
    """Find records that may be one, and those that somebody has said are two."""

    def candidates(self, kind: str, ids: Iterable[str]) -> list[tuple[str, str]]:
        """Return pairs of a record of ``ids`` and another one of its kind that has a key of it, none of them merged."""
        shared: dict[str, Counter[str]] = {}
        for batch in batches(sorted(ids)):
            for keyed, sharing in _KEYS[kind]:
                rows = self.database.all(keyed, ids=batch)
                keys = {row.near: crossed_keys(row.near) if kind == "source" else [row.near] for row in rows}
                groups = self._groups(sharing, sorted({key for each in keys.values() for key in each}))
                for row in rows:
                    found = (other for key in keys[row.near] for other in groups.get(key, ()))
                    shared.setdefault(row.public_id, Counter()).update(found)
        return [(public_id, other) for public_id, others in shared.items() for other in _most_alike(public_id, others)]

    def _groups(self, sharing: Prepared[_Keyed], keys: Sequence[str]) -> dict[str, list[str]]:
        """Return the records by key, without the keys that more than ``CROWD`` records have.

        Reads at most ``CROWD`` entries for each key, and halves the keys where that is not enough for all of them.
        """
        if not keys:
            return {}
        limit = CROWD * len(keys) + 1
        rows = self.database.all(sharing, keys=keys, limit=limit)
        if len(rows) == limit and len(keys) > 1:
            middle = len(keys) // 2
            return self._groups(sharing, keys[:middle]) | self._groups(sharing, keys[middle:])
        groups: dict[str, list[str]] = {}
        for row in rows:
            groups.setdefault(row.near, []).append(row.public_id)
        return {key: ids for key, ids in groups.items() if len(ids) <= CROWD}

    def with_shared_keys(self, kind: str) -> Iterator[list[str]]:
        """Yield the ids of the documents or claims that have a key in common with a few others, a batch at a time."""
        for shared, (_, sharing) in zip(_SHARED[kind], _KEYS[kind], strict=True):
            after = ""
            while rows := self.database.all(shared, after=after, limit=BATCH // 2):
                after = rows[-1].near
                groups = self._groups(sharing, [row.near for row in rows])
                yield [public_id for ids in groups.values() for public_id in ids]

    def roots_of_claims(self, ids: Iterable[str]) -> set[str]:
        """Return the claims that these belong to now: themselves, or what they were merged into."""
        return {row.public_id for row in self.batched(_ROOTS, "ids", sorted(ids))}

    def linked_claims(self, ids: Iterable[str]) -> set[tuple[str, str]]:
        """Return the pairs of these claims between which, or between claims merged into them, there is a link."""
        by_key = {key: public_id for public_id, key in self.public_keys(Claim, ids).items()}
        roots = self.members(sorted(by_key))
        members = sorted(roots)
        pairs = (
            (by_key[roots[row.one]], by_key[roots[row.other]])
            for batch in batches(members)
            for row in self.database.all(_LINKED, some=batch, others=members)
        )
        return {(min(pair), max(pair)) for pair in pairs}

    def with_members(self, kind: str, ids: Iterable[str]) -> dict[str, str]:
        """Return these sources or documents and all that were merged into them, each with its own one of ``ids``."""
        found = {public_id: public_id for public_id in ids}
        last = sorted(found)
        while last:
            rows = [row for row in self.batched(_MERGED[kind], "ids", last) if row.public_id not in found]
            found.update((row.public_id, found[row.into]) for row in rows)
            last = [row.public_id for row in rows]
        return found


def _most_alike(public_id: str, others: Counter[str]) -> list[str]:
    others.pop(public_id, None)
    return sorted(others, key=lambda other: (-others[other], other))[:PAIRS_AT_MOST]
