"""Nearest vectors by PostgreSQL itself, where it has the extension ``vector`` (pgvector). Its own syntax, so SQL text.

The vectors are copied to a table of their own, created when a model is first used: the number of dimensions is part of
the type of its column.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import peewee as pw

from service.storage.queries.base import Queries, batches, marks

_TABLE = "claim_vectors_searched"
# The number of vectors that the index examines for one answer. It finds no more than that; its default is 40.
_EF_SEARCH = 200


class Near(NamedTuple):
    """A claim, and the cosine of the angle between its vector and the one that was searched for."""

    claim_key: int
    cosine: float


class PgVectorIndex(Queries):
    """The table of vectors that PostgreSQL searches."""

    def is_available(self) -> bool:
        """Return whether the server has the extension; create it if that is allowed."""
        if self.database.engine == "sqlite":
            return False
        try:
            with self.database.peewee.savepoint():
                if self.database.row("SELECT 1 FROM pg_extension WHERE extname = 'vector'") is None:
                    self.database.run("CREATE EXTENSION vector")
        except (pw.DatabaseError, pw.InterfaceError):
            # The server does not have it, or this role may not create it.
            return False
        return True

    def holds(self, model: str, dimensions: int) -> bool:
        """Return whether the table exists and holds vectors of this model."""
        return (
            self.database.row("SELECT 1 WHERE obj_description(to_regclass(?)) = ?", (_TABLE, f"{model} {dimensions}"))
            is not None
        )

    def make(self, model: str, dimensions: int) -> None:
        """Create the table for vectors of this model, in place of one for another model."""
        self.database.run(f"DROP TABLE IF EXISTS {_TABLE}")
        self.database.run(
            f"CREATE TABLE {_TABLE} (claim_id BIGINT PRIMARY KEY REFERENCES claims ON DELETE CASCADE, "
            f"vector vector({int(dimensions)}) NOT NULL)"
        )
        self.database.run(f"CREATE INDEX ON {_TABLE} USING hnsw (vector vector_ip_ops)")
        quoted = f"{model} {dimensions}".replace("'", "''").replace("%", "%%")
        self.database.run(f"COMMENT ON TABLE {_TABLE} IS '{quoted}'")

    def save(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store the vectors of claims, in place of those that they had."""
        self.database.run_many(
            f"INSERT INTO {_TABLE} (claim_id, vector) VALUES (?, ?::vector) "
            "ON CONFLICT (claim_id) DO UPDATE SET vector = excluded.vector",
            [(claim, _literal(vector)) for claim, vector in vectors],
        )

    def nearest(self, vector: bytes, limit: int) -> list[Near]:
        """Return the claims nearest to ``vector``, the nearest first. The index is approximate."""
        with self.database.snapshot():
            self.database.row("SELECT set_config('hnsw.ef_search', ?, true)", (str(max(limit, _EF_SEARCH)),))
            literal = _literal(vector)
            rows = self.database.rows(
                f"SELECT claim_id, -(vector <#> ?::vector) FROM {_TABLE} ORDER BY vector <#> ?::vector LIMIT ?",
                (literal, literal, limit),
            )
        return list(map(Near._make, rows))

    def cosines(self, vector: bytes, claim_keys: Sequence[int]) -> list[Near]:
        """Return the cosines of these claims with ``vector``. Claims without a vector are left out."""
        found: list[Near] = []
        for batch in batches(claim_keys):
            sql = f"SELECT claim_id, -(vector <#> ?::vector) FROM {_TABLE} WHERE claim_id IN ({marks(batch)})"
            found += map(Near._make, self.database.rows(sql, (_literal(vector), *batch)))
        return found


def _literal(vector: bytes) -> str:
    numbers: Sequence[float] = struct.unpack(f"<{len(vector) // 4}f", vector)
    return f"[{','.join(map(repr, numbers))}]"
