"""The Peewee models: the tables, and the constraints that the database enforces.

Integer keys stay inside the store; users see ``public_id``. Times are microseconds since the epoch, UTC; days are ISO
dates.
"""

from __future__ import annotations

from service.storage.tables.base import Base
from service.storage.tables.embeddings import ClaimVector
from service.storage.tables.evidence import (
    Claim,
    ClaimFacet,
    ClaimLink,
    ClaimSortKeys,
    ClaimTopic,
    Document,
    Facet,
    Mention,
    Source,
    SourceAlias,
)
from service.storage.tables.log_and_keys import (
    AnsweredRequest,
    ApiKey,
    Derived,
    Event,
    EventNode,
    EventSubject,
    Session,
)
from service.storage.tables.pages import Page
from service.storage.tables.recounts import Recount
from service.storage.tables.search import ClaimSearch, SearchTerm, SearchTotal
from service.storage.tables.source_names import SourceDistinction, SourceName, SourceNearKey
from service.storage.tables.suggestions import Suggestion, SuggestionDecision
from service.storage.tables.verdicts import Assignment, Review, Verdict

TABLES: tuple[type[Base], ...] = (
    Source,
    SourceAlias,
    SourceName,
    SourceNearKey,
    SourceDistinction,
    Document,
    Claim,
    ClaimTopic,
    Mention,
    ClaimLink,
    Verdict,
    Review,
    Assignment,
    Page,
    Suggestion,
    SuggestionDecision,
    Facet,
    ClaimFacet,
    ClaimSortKeys,
    ClaimSearch,
    SearchTerm,
    SearchTotal,
    ApiKey,
    Session,
    Event,
    EventSubject,
    EventNode,
    AnsweredRequest,
    Derived,
    Recount,
    ClaimVector,
)

__all__ = [
    "TABLES",
    "AnsweredRequest",
    "ApiKey",
    "Assignment",
    "Base",
    "Claim",
    "ClaimFacet",
    "ClaimLink",
    "ClaimSearch",
    "ClaimSortKeys",
    "ClaimTopic",
    "ClaimVector",
    "Derived",
    "Document",
    "Event",
    "EventNode",
    "EventSubject",
    "Facet",
    "Mention",
    "Page",
    "Recount",
    "Review",
    "SearchTerm",
    "SearchTotal",
    "Session",
    "Source",
    "SourceAlias",
    "SourceDistinction",
    "SourceName",
    "SourceNearKey",
    "Suggestion",
    "SuggestionDecision",
    "Verdict",
]
