"""Vectors of claims: which are due, writing them, and reading them for a search."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.filters import EVERY_CLAIM
from service.model.records import ClaimText, StoredVector
from service.storage.queries.pgvector import PgVectorQueries


class EmbeddingQueries(PgVectorQueries):
    """Reading and writing vectors."""

    def texts_by_key(self, model: str, after: int, limit: int) -> list[ClaimText]:
        """Claims in the order of their keys, each with what its vector was made of."""
        return self._texts("c.id > ? ORDER BY c.id LIMIT ?", (model, after, limit), "c.updated_us", "claims c")

    def texts_by_change(self, model: str, after: tuple[int, int], limit: int) -> list[ClaimText]:
        """Claims in the order of their last change, after the position ``after`` (its time, key)."""
        facet = self.database.row("SELECT id FROM facets WHERE kind = ? AND value = ?", EVERY_CLAIM)
        if facet is None:
            return []
        return self._texts(
            "f.facet_id = ? AND (f.updated_us, f.claim_id) > (?, ?) ORDER BY f.updated_us, f.claim_id LIMIT ?",
            (model, facet[0], *after, limit),
            "f.updated_us",
            "claim_facets f JOIN claims c ON c.id = f.claim_id",
        )

    def _texts(self, where: str, parameters: Sequence[object], updated: str, tables: str) -> list[ClaimText]:
        sql = (
            f"SELECT c.id, c.text, v.text_sha256, {updated} FROM {tables} "
            f"LEFT JOIN claim_vectors v ON v.claim_id = c.id AND v.model = ? WHERE {where}"
        )
        return [ClaimText(*row) for row in self.database.rows(sql, parameters)]

    def save_vectors(self, model: str, vectors: Sequence[StoredVector], *, searched: bool) -> None:
        """Store vectors in place of those that the claims had; ``searched`` by PostgreSQL itself too."""
        self.database.run_many(
            "DELETE FROM claim_vectors WHERE claim_id = ?", [(stored.claim_key,) for stored in vectors]
        )
        self.database.run_many(
            "INSERT INTO claim_vectors (claim_id, model, text_sha256, vector) VALUES (?, ?, ?, ?)",
            [(stored.claim_key, model, stored.text_sha256, stored.vector) for stored in vectors],
        )
        if searched:
            self.save_searched([(stored.claim_key, stored.vector) for stored in vectors])

    def vectors_after(self, model: str, after: int, limit: int) -> list[tuple[int, int, bytes]]:
        """Vectors in the order they were written, after the number ``after``: their numbers, claims and floats."""
        sql = "SELECT id, claim_id, vector FROM claim_vectors WHERE model = ? AND id > ? ORDER BY id LIMIT ?"
        rows = self.database.rows(sql, (model, after, limit))
        return [(number, claim, bytes(vector)) for number, claim, vector in rows]
