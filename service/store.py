"""The store: one attribute a concern, and the transactions over all of them.

Everything above the storage room reads and writes through a ``Store``, which takes and returns the types of
``service.model``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager

from service.storage import queries
from service.storage.database import Database
from service.storage.queries.base import batches
from service.storage.routing import Routing

__all__ = ["Store", "batches"]


class Store:
    """The queries over one database, by concern. They run in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.on_write: Callable[[float], None] = _ignore
        """Called at the beginning of each transaction that writes, with the seconds that it waited for its turn."""
        self.verdicts = queries.VerdictQueries(database)
        self.drafts = queries.DraftQueries(database)
        self.publishers = queries.PublisherQueries(database)
        self.claims = queries.ClaimQueries(database, self.verdicts, self.publishers)
        self.feeds = queries.FeedQueries(database)
        self.evidence = queries.EvidenceQueries(database)
        self.evidence_writes = queries.EvidenceWrites(database)
        self.catalogue = queries.CatalogueQueries(database)
        self.page_identity = queries.PageIdentityQueries(database)
        self.projections = queries.ProjectionQueries(database)
        self.recounts = queries.RecountQueries(database)
        self.merges = queries.MergeQueries(database)
        self.assignments = queries.AssignmentQueries(database)
        self.search_index = queries.SearchIndexQueries(database)
        self.fulltext = queries.FullTextQueries(database, self.search_index, self.claims)
        self.index_checks = queries.IndexChecks(database)
        self.match_candidates = queries.MatchCandidateQueries(database)
        self.embeddings = queries.EmbeddingQueries(database)
        self.events = queries.EventQueries(database)
        self.api_keys = queries.ApiKeyQueries(database)
        self.sessions = queries.SessionQueries(database)
        self.written_positions = queries.WrittenPositions(database)
        self.seeds = queries.SeedQueries(database)
        self.pages = queries.PageQueries(database)
        self.exports = queries.ExportQueries(database)
        self.imports = queries.ImportQueries(database)
        self.statements = queries.StatementQueries(database)
        self.near_ids = queries.NearIdQueries(database)
        self.source_names = queries.SourceNameQueries(database)
        self.integrity = queries.IntegrityQueries(database)
        self.likely_pairs = queries.LikelyPairQueries(database)
        self.suggestions = queries.SuggestionQueries(database)
        self.upgrades = queries.UpgradeQueries(database)

    @contextmanager
    def write(self) -> Iterator[None]:
        """Open a transaction that writes: all of it or nothing. ``use_cases.unit_of_work`` alone calls it."""
        waits = not self.database.peewee.in_transaction()
        began = time.perf_counter()
        with self.database.write():
            if waits:
                self.on_write(time.perf_counter() - began)
            yield

    def write_if_free(self) -> AbstractContextManager[bool]:
        """Open a transaction for a write that is not worth waiting for; false while another one is open."""
        return self.database.write_if_free()

    def try_hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock ``name``, on every machine, for the time of the block; false when another holds it."""
        return self.database.try_hold(name)

    @property
    def routing(self) -> Routing:
        """The choice of the server that is read, where there are replicas."""
        return self.database.routing

    def state(self) -> Hashable:
        """Return a value that stays the same in this thread until something else can be read."""
        return self.database.state()

    def snapshot(self) -> AbstractContextManager[None]:
        """Open a transaction whose reads all see the same state."""
        return self.database.snapshot()


def _ignore(seconds: float) -> None:
    """Ignore a wait."""
