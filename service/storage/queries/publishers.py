"""Publishers of reviews that were merged: each party has one vote on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import peewee as pw

from service.model.verdicts import VerdictState
from service.storage.prepared import Prepared, params, prepared
from service.storage.queries.base import Queries
from service.storage.tables import Claim, Source, Verdict


class _MergedRow(NamedTuple):
    public_id: str
    into: str


class _KeyRow(NamedTuple):
    key: int


def _merged() -> Prepared[_MergedRow]:
    into = Source.alias("into")
    query = Source.select(Source.public_id, into.public_id.alias("into")).join(into, on=into.id == Source.merged_into)
    return prepared(query.where(Source.public_id.in_(params("ids"))), _MergedRow)


def _claims_of_several() -> Prepared[_KeyRow]:
    claim = pw.fn.COALESCE(Claim.root, Claim.id)
    is_current = (Verdict.state == VerdictState.PUBLISHED.value) & Verdict.superseded_by.is_null()
    return prepared(
        Verdict.select(claim.alias("key"))
        .join(Claim, on=Claim.id == Verdict.claim)
        .join_from(Verdict, Source, on=Source.id == Verdict.publisher)
        .where(Source.public_id.in_(params("publishers")) & is_current)
        .group_by(claim)
        .having(pw.fn.COUNT(Verdict.publisher.distinct()) > 1),
        _KeyRow,
    )


_MERGED = _merged()
_CLAIMS_OF_SEVERAL = _claims_of_several()


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

    def claims_of_several(self, publishers: Sequence[str]) -> list[int]:
        """Return the claims of which more than one of these publishers has a current review."""
        return [row.key for row in self.database.all(_CLAIMS_OF_SEVERAL, publishers=publishers)]


def _end(name: str, into: Mapping[str, str]) -> str:
    """Return the end of a chain of merges; of a cycle, which only a damaged store has, its last new member."""
    seen = {name}
    while name in into and into[name] not in seen:
        name = into[name]
        seen.add(name)
    return name
