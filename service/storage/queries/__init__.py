"""The queries, one concern a module. Only ``service.store`` uses them."""

from service.storage.queries.api_keys import ApiKeyQueries as ApiKeyQueries
from service.storage.queries.assignments import AssignmentQueries as AssignmentQueries
from service.storage.queries.catalogue import CatalogueQueries as CatalogueQueries
from service.storage.queries.claims import ClaimQueries as ClaimQueries
from service.storage.queries.drafts import DraftQueries as DraftQueries
from service.storage.queries.embeddings import EmbeddingQueries as EmbeddingQueries
from service.storage.queries.events import EventQueries as EventQueries
from service.storage.queries.evidence import EvidenceQueries as EvidenceQueries
from service.storage.queries.evidence_writes import EvidenceWrites as EvidenceWrites
from service.storage.queries.exports import ExportQueries as ExportQueries
from service.storage.queries.fulltext_search import FullTextQueries as FullTextQueries
from service.storage.queries.imports import ImportQueries as ImportQueries
from service.storage.queries.index_checks import IndexChecks as IndexChecks
from service.storage.queries.match_candidates import MatchCandidateQueries as MatchCandidateQueries
from service.storage.queries.merges import MergeQueries as MergeQueries
from service.storage.queries.near_ids import NearIdQueries as NearIdQueries
from service.storage.queries.page_identity import PageIdentityQueries as PageIdentityQueries
from service.storage.queries.pages import PageQueries as PageQueries
from service.storage.queries.projections import ProjectionQueries as ProjectionQueries
from service.storage.queries.publishers import PublisherQueries as PublisherQueries
from service.storage.queries.search_index import SearchIndexQueries as SearchIndexQueries
from service.storage.queries.seeds import SeedQueries as SeedQueries
from service.storage.queries.source_names import SourceNameQueries as SourceNameQueries
from service.storage.queries.statements import StatementQueries as StatementQueries
from service.storage.queries.verdicts import VerdictQueries as VerdictQueries
