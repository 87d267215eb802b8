"""The vectors of claims: which are due, writing them, and reading them for a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import peewee as pw

from service.model.records import ClaimText, StoredVector
from service.storage.database import Database
from service.storage.prepared import Prepared, param, prepared, prepared_write
from service.storage.queries.base import BATCH, Queries
from service.storage.queries.pgvector import Near, PgVectorIndex
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimSortKeys, ClaimVector


class NumberedVector(NamedTuple):
    """The vector of a claim. ``number`` grows with each vector that is written."""

    number: int
    claim_key: int
    vector: bytes


_EMBEDDED = (ClaimVector.claim == ClaimTable.id) & (ClaimVector.model == param("model"))


def _texts_by_key() -> Prepared[ClaimText]:
    query = ClaimTable.select(
        ClaimTable.id.alias("key"),
        ClaimTable.text,
        ClaimVector.text_sha256.alias("embedded_sha256"),
        ClaimTable.updated_us,
    ).join(ClaimVector, pw.JOIN.LEFT_OUTER, on=_EMBEDDED)
    return prepared(
        query.where(ClaimTable.id > param("after")).order_by(ClaimTable.id).limit(param("limit")), ClaimText
    )


def _texts_by_change() -> Prepared[ClaimText]:
    position = pw.Tuple(ClaimSortKeys.updated_us, ClaimSortKeys.claim)
    query = (
        ClaimSortKeys.select(
            ClaimTable.id.alias("key"),
            ClaimTable.text,
            ClaimVector.text_sha256.alias("embedded_sha256"),
            ClaimSortKeys.updated_us,
        )
        .join(ClaimTable)
        .join(ClaimVector, pw.JOIN.LEFT_OUTER, on=_EMBEDDED)
        .where(position > pw.Tuple(param("updated_us"), param("claim")))
    )
    return prepared(query.order_by(ClaimSortKeys.updated_us, ClaimSortKeys.claim).limit(param("limit")), ClaimText)


_TEXTS_BY_KEY = _texts_by_key()
_TEXTS_BY_CHANGE = _texts_by_change()
_REMOVE = prepared_write(pw.ModelDelete(ClaimVector).where(ClaimVector.claim == param("claim")))
_VECTORS = prepared(
    ClaimVector.select(ClaimVector.id.alias("number"), ClaimVector.claim.alias("claim_key"), ClaimVector.vector)
    .where((ClaimVector.model == param("model")) & (ClaimVector.id > param("after")))
    .order_by(ClaimVector.id)
    .limit(param("limit")),
    NumberedVector,
)


class EmbeddingQueries(Queries):
    """The vectors of claims."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._pgvector = PgVectorIndex(database)

    def prepare_pgvector(self, model: str, dimensions: int) -> bool:
        """Let PostgreSQL search all vectors of ``model``. Return false where it has no pgvector.

        Runs in the caller's transaction.
        """
        if not self._pgvector.is_available():
            return False
        if not self._pgvector.holds(model, dimensions):
            self._pgvector.make(model, dimensions)
            after = 0
            while vectors := self.vectors_after(model, after, BATCH):
                self._pgvector.save((stored.claim_key, stored.vector) for stored in vectors)
                after = vectors[-1].number
        return True

    def texts_by_key(self, model: str, after: int, limit: int) -> list[ClaimText]:
        """Return claims in the order of their keys, after the key ``after``."""
        return self.database.all(_TEXTS_BY_KEY, model=model, after=after, limit=limit)

    def texts_by_change(self, model: str, after: tuple[int, int], limit: int) -> list[ClaimText]:
        """Return claims in the order of their last change, after the position ``after`` (time, key)."""
        updated_us, claim = after
        return self.database.all(_TEXTS_BY_CHANGE, model=model, updated_us=updated_us, claim=claim, limit=limit)

    def save_vectors(self, model: str, vectors: Sequence[StoredVector], *, searched: bool) -> None:
        """Replace the vectors of claims; with ``searched`` also in the table that PostgreSQL searches."""
        self.database.execute_many(_REMOVE, [{"claim": stored.claim_key} for stored in vectors])
        self.insert(
            ClaimVector,
            [
                {
                    "claim": stored.claim_key,
                    "model": model,
                    "text_sha256": stored.text_sha256,
                    "vector": stored.vector,
                }
                for stored in vectors
            ],
        )
        if searched:
            self._pgvector.save((stored.claim_key, stored.vector) for stored in vectors)

    def vectors_after(self, model: str, after: int, limit: int) -> list[NumberedVector]:
        """Return vectors in the order they were written, after the number ``after``."""
        return self.database.all(_VECTORS, model=model, after=after, limit=limit)

    def nearest(self, vector: bytes, limit: int) -> list[Near]:
        """Return the claims nearest to ``vector`` by PostgreSQL's approximate index, the nearest first."""
        return self._pgvector.nearest(vector, limit)

    def cosines(self, vector: bytes, claim_keys: Sequence[int]) -> dict[int, float]:
        """Return the cosines of claims with ``vector``, by PostgreSQL. Claims without a vector are left out."""
        return dict(self._pgvector.cosines(vector, claim_keys))
