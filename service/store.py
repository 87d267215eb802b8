"""The store: one attribute a concern, and the transactions over all of them.

Everything above the storage room reads and writes through a ``Store``, which takes and returns the types of
``service.model``.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from service.storage.database import Database
from service.storage.queries.api_keys import ApiKeyQueries
from service.storage.queries.assignments import AssignmentQueries
from service.storage.queries.base import batches
from service.storage.queries.catalogue import CatalogueQueries
from service.storage.queries.claims import ClaimQueries
from service.storage.queries.embeddings import EmbeddingQueries
from service.storage.queries.events import EventQueries
from service.storage.queries.evidence import EvidenceQueries
from service.storage.queries.evidence_writes import EvidenceWrites
from service.storage.queries.exports import ExportQueries
from service.storage.queries.fulltext_search import FullTextQueries
from service.storage.queries.imports import ImportQueries
from service.storage.queries.index_checks import IndexChecks
from service.storage.queries.match_candidates import MatchCandidateQueries
from service.storage.queries.merges import MergeQueries
from service.storage.queries.near_ids import NearIdQueries
from service.storage.queries.pages import PageQueries
from service.storage.queries.projections import ProjectionQueries
from service.storage.queries.search_index import SearchIndexQueries
from service.storage.queries.seeds import SeedQueries
from service.storage.queries.verdicts import VerdictQueries

__all__ = ["Store", "batches"]


class Store:
    """The queries over one database, by concern. They run in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.verdicts = VerdictQueries(database)
        self.claims = ClaimQueries(database, self.verdicts)
        self.evidence = EvidenceQueries(database)
        self.evidence_writes = EvidenceWrites(database)
        self.catalogue = CatalogueQueries(database)
        self.projections = ProjectionQueries(database)
        self.merges = MergeQueries(database)
        self.assignments = AssignmentQueries(database)
        self.search_index = SearchIndexQueries(database)
        self.fulltext = FullTextQueries(database, self.search_index, self.claims)
        self.index_checks = IndexChecks(database)
        self.match_candidates = MatchCandidateQueries(database)
        self.embeddings = EmbeddingQueries(database)
        self.events = EventQueries(database)
        self.api_keys = ApiKeyQueries(database)
        self.seeds = SeedQueries(database)
        self.pages = PageQueries(database)
        self.exports = ExportQueries(database)
        self.imports = ImportQueries(database)
        self.near_ids = NearIdQueries(database)

    def write(self) -> AbstractContextManager[None]:
        """Open a transaction that writes: all of it or nothing. ``use_cases.unit_of_work`` alone calls it."""
        return self.database.write()

    def write_if_free(self) -> AbstractContextManager[bool]:
        """Open a transaction for a write that is not worth waiting for; false while another one is open."""
        return self.database.write_if_free()

    def try_hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock ``name``, on every machine, for the time of the block; false when another holds it."""
        return self.database.try_hold(name)

    def snapshot(self) -> AbstractContextManager[None]:
        """Open a transaction whose reads all see the same state."""
        return self.database.snapshot()
