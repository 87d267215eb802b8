"""Find the claims nearest in meaning to a text, by their stored vectors.

PostgreSQL with pgvector searches them itself. Elsewhere each process holds all vectors in memory, 4 bytes per
dimension, and reads the ones that were added since.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.search.encoders import Encoder
from service.storage.queries.embeddings import EmbeddingQueries
from service.store import Store
from service.use_cases.unit_of_work import transaction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class NearClaims:
    """The claims ``near`` a text with their cosines, the nearest first; ``cosines`` returns those of given claims.

    Claims without a vector have no cosine.
    """

    near: dict[int, float]
    cosines: Callable[[Sequence[int]], dict[int, float]]


class Nearest:
    """Finds the claims nearest to texts. The threads of a process share one."""

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self._store = store
        self._encoder = encoder
        self._in_database = _prepare_pgvector(store, encoder)
        self._memory = None if self._in_database else _Memory(encoder)

    @property
    def in_database(self) -> bool:
        """True if the database itself searches the vectors."""
        return self._in_database

    def find(self, texts: Sequence[str], limit: int) -> list[NearClaims]:
        """Return for each text the claims nearest to it."""
        return [self._found(vector, limit) for vector in self._encoder.encode(texts)]

    def _found(self, vector: Floats, limit: int) -> NearClaims:
        if self._memory is not None:
            return self._memory.find(self._store.embeddings, vector, limit)
        floats = vector.astype("<f4").tobytes()
        near = dict(self._store.embeddings.nearest(floats, limit))
        return NearClaims(near, lambda claims: self._store.embeddings.cosines(floats, claims))


def _prepare_pgvector(store: Store, encoder: Encoder) -> bool:
    """Return whether the database can search vectors, once it has those of ``encoder`` in its index."""
    if store.database.engine == "sqlite":
        return False
    with transaction(store):
        return store.embeddings.prepare_pgvector(encoder.name, encoder.dimensions)


class _Memory:
    """All vectors of one encoder, as the rows of an array that grows by half when it is full."""

    def __init__(self, encoder: Encoder) -> None:
        import numpy

        self._np = numpy
        self._model = encoder.name
        self._lock = threading.Lock()
        self._read_up_to = 0
        self._claims: NDArray[np.int64] = numpy.empty(0, dtype=numpy.int64)
        self._rows: Floats = numpy.empty((0, encoder.dimensions), dtype=numpy.float32)
        self._row_of: dict[int, int] = {}

    def find(self, embeddings: EmbeddingQueries, vector: Floats, limit: int) -> NearClaims:
        with self._lock:
            self._read_on(embeddings)
            size = len(self._row_of)
            rows, claims = self._rows[:size], self._claims[:size]
        cosines = rows @ vector

        def cosines_of(keys: Sequence[int]) -> dict[int, float]:
            known = [(key, self._row_of.get(key, size)) for key in keys]
            return {key: float(cosines[row]) for key, row in known if row < size}

        return NearClaims(self._nearest(cosines, claims, min(limit, size)), cosines_of)

    def _nearest(self, cosines: Floats, claims: NDArray[np.int64], limit: int) -> dict[int, float]:
        if not limit:
            return {}
        best = self._np.argpartition(-cosines, limit - 1)[:limit]
        # Of equal cosines the older claim first, so that the order does not depend on the partition.
        found = sorted(best, key=lambda row: (-cosines[row], claims[row]))
        return {int(claims[row]): float(cosines[row]) for row in found}

    def _read_on(self, embeddings: EmbeddingQueries) -> None:
        """Read the vectors written since the last call. Rows that other threads may use are not changed in place."""
        while page := embeddings.vectors_after(self._model, self._read_up_to, _PAGE):
            replaced = any(claim in self._row_of for _, claim, _ in page)
            self._make_room(len(page), copy=replaced)
            for number, claim, vector in page:
                row = self._row_of.setdefault(claim, len(self._row_of))
                self._claims[row] = claim
                self._rows[row] = self._np.frombuffer(vector, dtype="<f4")
                self._read_up_to = number

    def _make_room(self, more: int, *, copy: bool) -> None:
        size, room = len(self._row_of), len(self._claims)
        if size + more <= room and not copy:
            return
        room = max(room, size + more, size * 3 // 2)
        claims = self._np.empty(room, dtype=self._np.int64)
        rows = self._np.empty((room, self._rows.shape[1]), dtype=self._np.float32)
        claims[:size], rows[:size] = self._claims[:size], self._rows[:size]
        self._claims, self._rows = claims, rows
