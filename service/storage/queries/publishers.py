"""Publishers of reviews that were merged: each party has one vote on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.storage.prepared import Prepared, params, prepared
from service.storage.queries.base import Queries
from service.storage.tables import Source


class _MergedRow(NamedTuple):
    public_id: str
    into: str


def _merged() -> Prepared[_MergedRow]:
    into = Source.alias("into")
    query = Source.select(Source.public_id, into.public_id.alias("into")).join(into, on=into.id == Source.merged_into)
    return prepared(query.where(Source.public_id.in_(params("ids"))), _MergedRow)


_MERGED = _merged()


class PublisherQueries(Queries):
    """Publishers of reviews."""

    def merged_into(self, public_ids: Iterable[str]) -> dict[str, str]:
        """Return the sources at the end of their chains of merges by the ids of merged ones; others are left out."""
        into: dict[str, str] = {}
        wanted = set(public_ids)
        while wanted:
            into |= {row.public_id: row.into for row in self.batched(_MERGED, "ids", sorted(wanted))}
            wanted = {into[name] for name in wanted if name in into} - into.keys()
        return {name: _end(name, into) for name in into}


def _end(name: str, into: Mapping[str, str]) -> str:
    """Return the end of a chain of merges; of a cycle, which only a damaged store has, its last new member."""
    seen = {name}
    while name in into and into[name] not in seen:
        name = into[name]
        seen.add(name)
    return name
