"""The store: the only module that queries. It takes and returns ``model.entities`` and ``model.records``."""

from __future__ import annotations

from contextlib import AbstractContextManager

from service.storage.queries.api_keys import AccessQueries
from service.storage.queries.assignments import DutyQueries
from service.storage.queries.base import batches
from service.storage.queries.catalogue import CatalogueQueries
from service.storage.queries.embeddings import VectorQueries
from service.storage.queries.events import LogQueries
from service.storage.queries.evidence import EvidenceQueries
from service.storage.queries.evidence_writes import WriteQueries
from service.storage.queries.exports import ExportQueries
from service.storage.queries.fulltext_search import FullTextQueries
from service.storage.queries.imports import ImportQueries
from service.storage.queries.index_checks import SearchCheckQueries
from service.storage.queries.match_candidates import MatchQueries
from service.storage.queries.merges import MergeQueries
from service.storage.queries.pages import PageQueries
from service.storage.queries.projections import DerivedQueries
from service.storage.queries.seeds import SeededQueries

__all__ = ["Store", "batches"]


class Store(
    FullTextQueries,
    EvidenceQueries,
    CatalogueQueries,
    WriteQueries,
    DerivedQueries,
    MergeQueries,
    MatchQueries,
    DutyQueries,
    SearchCheckQueries,
    SeededQueries,
    PageQueries,
    LogQueries,
    AccessQueries,
    VectorQueries,
    ExportQueries,
    ImportQueries,
):
    """All queries over one database. Its methods run in the caller's transaction."""

    def write(self) -> AbstractContextManager[None]:
        """A transaction that writes: all of it or nothing."""
        return self.database.write()

    def write_if_free(self) -> AbstractContextManager[bool]:
        """A transaction for what is not worth waiting for; false while somebody else writes."""
        return self.database.write_if_free()

    def try_hold(self, name: str) -> AbstractContextManager[bool]:
        """Whether nobody else holds ``name`` right now, on any machine; then it is held for the time of the block."""
        return self.database.try_hold(name)

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one and the same state."""
        return self.database.snapshot()
