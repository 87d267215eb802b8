"""The store: the only module that queries. It takes and returns ``service.types`` and ``service.records``."""

from __future__ import annotations

from contextlib import AbstractContextManager

from service.queries.base import batches
from service.queries.catalogue import CatalogueQueries
from service.queries.claims import ClaimQueries
from service.queries.derived import DerivedQueries
from service.queries.evidence import EvidenceQueries
from service.queries.writes import WriteQueries

__all__ = ["Store", "batches"]


class Store(ClaimQueries, EvidenceQueries, CatalogueQueries, WriteQueries, DerivedQueries):
    """All queries over one database. Its methods run in the caller's transaction."""

    def write(self) -> AbstractContextManager[None]:
        """A transaction that writes: all of it or nothing."""
        return self.database.write()

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one and the same state."""
        return self.database.snapshot()
