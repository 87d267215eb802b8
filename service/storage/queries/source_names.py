"""Find sources by name: the same name, or a similar one; and those that are said to be distinct.

The tables behind this are derived from names and aliases by ``service.identity.names``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import peewee as pw

from service.identity.names import folded_names, near_keys
from service.model.entities import Source
from service.storage.prepared import Prepared, param, params, prepared, prepared_write
from service.storage.queries.base import BATCH, Queries, batches
from service.storage.tables import Source as SourceTable
from service.storage.tables import SourceAlias, SourceDistinction, SourceName, SourceNearKey

# The number of entries of the index of near keys that one look-up reads at most.
_NEAR_ROWS = 500


class NameRow(NamedTuple):
    """A name of a source, or what else it has several of, and the key of its row."""

    key: int
    name: str


class _Named(NamedTuple):
    folded: str
    public_id: str


class _PublicId(NamedTuple):
    public_id: str


class _Keyed(NamedTuple):
    key: int
    public_id: str
    name: str


class _Pair(NamedTuple):
    public_id: str
    other: str


def _names(source: pw.Field[Any], name: pw.Field[Any]) -> Prepared[NameRow]:
    query = source.model.select(source.alias("key"), name.alias("name"))
    return prepared(query.where(source.in_(params("keys"))), NameRow)


def _distinct(condition: pw.Node) -> Prepared[_Pair]:
    table = SourceDistinction
    query = table.select(SourceTable.public_id, table.other).join(SourceTable, on=SourceTable.id == table.source)
    return prepared(query.where(condition).order_by(SourceTable.public_id, table.other), _Pair)


_CALLED = prepared(
    SourceName.select(SourceName.folded, SourceTable.public_id)
    .join(SourceTable, on=SourceTable.id == SourceName.source)
    .where(SourceName.folded.in_(params("folded")))
    .order_by(SourceName.folded, SourceName.source),
    _Named,
)
_NEAR = prepared(
    SourceNearKey.select(SourceTable.public_id)
    .join(SourceTable, on=SourceTable.id == SourceNearKey.source)
    .where(SourceNearKey.near.in_(params("keys")) & SourceTable.merged_into.is_null())
    .limit(param("limit")),
    _PublicId,
)
_DISTINCT_BETWEEN = _distinct(
    (SourceTable.public_id.in_(params("some")) & SourceDistinction.other.in_(params("others")))
    | (SourceTable.public_id.in_(params("others")) & SourceDistinction.other.in_(params("some")))
)
_MERGED_INTO = SourceTable.alias("into")
_MEMBERS = prepared(
    SourceTable.select(SourceTable.public_id)
    .join(_MERGED_INTO, on=_MERGED_INTO.id == SourceTable.merged_into)
    .where(_MERGED_INTO.public_id.in_(params("ids"))),
    _PublicId,
)
DISTINCTIONS = prepared(
    SourceDistinction.select(SourceDistinction.source.alias("key"), SourceDistinction.other.alias("name")).where(
        SourceDistinction.source.in_(params("keys"))
    ),
    NameRow,
)
"""The ids of the sources that each of some is said to be distinct from, by the key of its row."""
_ALL = prepared(
    SourceTable.select(SourceTable.id.alias("key"), SourceTable.public_id, SourceTable.name)
    .where(SourceTable.id > param("after"))
    .order_by(SourceTable.id)
    .limit(param("limit")),
    _Keyed,
)
_ALIASES = _names(SourceAlias.source, SourceAlias.name)
_FOLDED = _names(SourceName.source, SourceName.folded)
_NEAR_KEYS = _names(SourceNearKey.source, SourceNearKey.near)
_REMOVE = [
    prepared_write(pw.ModelDelete(table).where(table.source == param("source")))
    for table in (SourceName, SourceNearKey, SourceDistinction)
]
_REMOVE_DERIVED = [
    prepared_write(pw.ModelDelete(table).where(table.source.in_(params("sources"))))
    for table in (SourceName, SourceNearKey)
]


class SourceNameWrites(Queries):
    """Keep the names that sources are found by, with every write of a source."""

    def insert_names(self, sources: Sequence[Source], keys: Mapping[str, int]) -> None:
        """Add the names and distinctions of sources that have none; ``keys`` has the keys of their rows by id."""
        names = {keys[source.id]: (source.name, *source.aliases) for source in sources}
        self._insert_derived(names)
        self.insert(
            SourceDistinction,
            [{"source": keys[source.id], "other": other} for source in sources for other in source.distinct_from],
        )

    def replace_names(self, source: Source, key: int) -> None:
        """Replace the names and distinctions of a source."""
        for removal in _REMOVE:
            self.database.execute(removal, source=key)
        self.insert_names([source], {source.id: key})

    def rebuild_names(self) -> None:
        """Derive the names of all sources anew."""
        after: int | None = 0
        while after is not None:
            after = self.rebuild_names_after(after)

    def rebuild_names_after(self, after: int) -> int | None:
        """Derive the names of the sources that follow the key ``after``; return the last key, ``None`` at the end."""
        rows = self.database.all(_ALL, after=after, limit=BATCH)
        if not rows:
            return None
        names = self._names_of(rows)
        for removal in _REMOVE_DERIVED:
            self.database.execute(removal, sources=list(names))
        self._insert_derived(names)
        return rows[-1].key

    def _insert_derived(self, names: Mapping[int, Sequence[str]]) -> None:
        self.insert(SourceName, [{"source": k, "folded": f} for k, own in names.items() for f in folded_names(own)])
        self.insert(SourceNearKey, [{"source": k, "near": near} for k, own in names.items() for near in near_keys(own)])

    def _all_names(self) -> Iterator[tuple[dict[int, list[str]], dict[int, str]]]:
        """Yield batches of sources: their names and aliases, and their ids, by key."""
        for rows in batches(self.walk(_ALL)):
            yield self._names_of(rows), {row.key: row.public_id for row in rows}

    def _names_of(self, rows: Sequence[_Keyed]) -> dict[int, list[str]]:
        aliases = self._grouped(_ALIASES, [row.key for row in rows])
        return {row.key: [row.name, *aliases.get(row.key, ())] for row in rows}

    def _grouped(self, query: Prepared[NameRow], keys: Sequence[int]) -> dict[int, set[str]]:
        groups: dict[int, set[str]] = {}
        for row in self.database.all(query, keys=keys):
            groups.setdefault(row.key, set()).add(row.name)
        return groups


class SourceNameQueries(SourceNameWrites):
    """Find sources by name."""

    def called(self, folded: Iterable[str]) -> dict[str, list[str]]:
        """Return the ids of the sources that have each of these folded names, the oldest first; merged ones too."""
        found: dict[str, list[str]] = {}
        for row in self.batched(_CALLED, "folded", sorted(set(folded))):
            found.setdefault(row.folded, []).append(row.public_id)
        return found

    def near(self, keys: Sequence[str], limit: int) -> list[str]:
        """Return the ids of the unmerged sources that share near keys with a name, those with most of them first.

        Reads a bounded number of index entries: of very many similar sources some are missing.
        """
        shared = Counter(row.public_id for row in self.database.all(_NEAR, keys=keys, limit=_NEAR_ROWS))
        return sorted(shared, key=lambda public_id: (-shared[public_id], public_id))[:limit]

    def distinct_between(self, some: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
        """Return the pairs of sources of two groups of which one is said to be distinct from the other."""
        return [(row.public_id, row.other) for row in self.database.all(_DISTINCT_BETWEEN, some=some, others=others)]

    def with_merged(self, public_id: str) -> list[str]:
        """Return the id of a source and of all that were merged into it, directly or through others."""
        found, last = [public_id], [public_id]
        while last:
            last = [row.public_id for row in self.database.all(_MEMBERS, ids=last) if row.public_id not in found]
            found += last
        return found

    def misnamed(self) -> Iterator[str]:
        """Yield the ids of the sources that the tables have other names of than those that follow. Reads every row."""
        for names, public_ids in self._all_names():
            folded, near = (self._grouped(query, list(names)) for query in (_FOLDED, _NEAR_KEYS))
            for key, own in names.items():
                if folded.get(key) != set(folded_names(own)) or near.get(key, set()) != set(near_keys(own)):
                    yield public_ids[key]
