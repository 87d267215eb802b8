"""Nearest vectors found by PostgreSQL itself, where it has the extension ``vector`` (pgvector).

They are copied to a table of its own for that, made when a model is first used: the number of dimensions is part of the
type of its column.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import peewee

from service.storage.queries.base import BATCH, Queries, batches, marks

_TABLE = "claim_vectors_searched"
# How many the index looks at for one answer: its own default of 40 would be the most it finds.
_LOOKED_AT = 200


class PgVectorQueries(Queries):
    """The copy that PostgreSQL searches."""

    def prepare_pgvector(self, model: str, dimensions: int) -> bool:
        """Make sure of the table, with all vectors of ``model`` in it; false where there is no such extension.

        Runs in the caller's transaction.
        """
        if self.database.engine == "sqlite":
            return False
        try:
            with self.database.peewee.savepoint():
                if self.database.row("SELECT 1 FROM pg_extension WHERE extname = 'vector'") is None:
                    self.database.run("CREATE EXTENSION vector")
        except (peewee.DatabaseError, peewee.InterfaceError):
            # It is not installed on that server, or others may install it only.
            return False
        holds = f"{model} {dimensions}"
        row = self.database.row("SELECT obj_description(to_regclass(?))", (_TABLE,))
        if row is None or row[0] != holds:
            self._make(dimensions, holds)
            self._fill(model)
        return True

    def _make(self, dimensions: int, holds: str) -> None:
        self.database.run(f"DROP TABLE IF EXISTS {_TABLE}")
        self.database.run(
            f"CREATE TABLE {_TABLE} (claim_id BIGINT PRIMARY KEY REFERENCES claims ON DELETE CASCADE, "
            f"vector vector({int(dimensions)}) NOT NULL)"
        )
        self.database.run(f"CREATE INDEX ON {_TABLE} USING hnsw (vector vector_ip_ops)")
        quoted = holds.replace("'", "''").replace("%", "%%")
        self.database.run(f"COMMENT ON TABLE {_TABLE} IS '{quoted}'")

    def _fill(self, model: str) -> None:
        sql = "SELECT id, claim_id, vector FROM claim_vectors WHERE model = ? AND id > ? ORDER BY id LIMIT ?"
        last = 0
        while rows := self.database.rows(sql, (model, last, BATCH)):
            self.save_searched((claim, bytes(vector)) for _, claim, vector in rows)
            last = rows[-1][0]

    def save_searched(self, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Store vectors of claims for the search, in place of those that they had."""
        self.database.run_many(
            f"INSERT INTO {_TABLE} (claim_id, vector) VALUES (?, ?::vector) "
            "ON CONFLICT (claim_id) DO UPDATE SET vector = excluded.vector",
            [(claim, _literal(vector)) for claim, vector in vectors],
        )

    def nearest(self, vector: bytes, limit: int) -> list[tuple[int, float]]:
        """The claims nearest to ``vector`` with their cosines, the nearest first; approximately."""
        with self.database.snapshot():
            self.database.row("SELECT set_config('hnsw.ef_search', ?, true)", (str(max(limit, _LOOKED_AT)),))
            literal = _literal(vector)
            rows = self.database.rows(
                f"SELECT claim_id, -(vector <#> ?::vector) FROM {_TABLE} ORDER BY vector <#> ?::vector LIMIT ?",
                (literal, literal, limit),
            )
        return [(claim, float(cosine)) for claim, cosine in rows]

    def cosines(self, vector: bytes, claim_keys: Sequence[int]) -> dict[int, float]:
        """How near these claims are to ``vector``; those without a vector are left out."""
        found: dict[int, float] = {}
        for batch in batches(claim_keys):
            sql = f"SELECT claim_id, -(vector <#> ?::vector) FROM {_TABLE} WHERE claim_id IN ({marks(batch)})"
            found.update(self.database.rows(sql, (_literal(vector), *batch)))
        return found


def _literal(vector: bytes) -> str:
    numbers: Sequence[float] = struct.unpack(f"<{len(vector) // 4}f", vector)
    return f"[{','.join(map(repr, numbers))}]"
