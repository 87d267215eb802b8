"""The store: the only module that queries. It takes and returns ``service.types`` and ``service.records``."""

from __future__ import annotations

from contextlib import AbstractContextManager

from service.queries.access import AccessQueries
from service.queries.base import batches
from service.queries.catalogue import CatalogueQueries
from service.queries.derived import DerivedQueries
from service.queries.duties import DutyQueries
from service.queries.evidence import EvidenceQueries
from service.queries.exports import ExportQueries
from service.queries.fulltext import FullTextQueries
from service.queries.imports import ImportQueries
from service.queries.log import LogQueries
from service.queries.matching import MatchQueries
from service.queries.merges import MergeQueries
from service.queries.pages import PageQueries
from service.queries.search_checks import SearchCheckQueries
from service.queries.seeded import SeededQueries
from service.queries.vectors import VectorQueries
from service.queries.writes import WriteQueries

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
