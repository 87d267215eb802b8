"""Peewee models: what is stored, and what the database itself refuses.

Integer keys stay inside the store; ``public_id`` is what users see. Times are microseconds since the epoch, UTC,
days are ISO dates.
"""

from __future__ import annotations

from service.tables.base import Base
from service.tables.judging import Assignment, Review, Verdict
from service.tables.pages import Page
from service.tables.record import AnsweredRequest, ApiKey, Derived, Event, EventNode, EventSubject
from service.tables.search import ClaimSearch, SearchTerm, SearchTotal
from service.tables.statements import (
    Attribution,
    Claim,
    ClaimFacet,
    ClaimLink,
    ClaimTopic,
    Document,
    Facet,
    Mention,
    Source,
    SourceAlias,
)
from service.tables.vectors import ClaimVector

TABLES: tuple[type[Base], ...] = (
    Source,
    SourceAlias,
    Document,
    Claim,
    ClaimTopic,
    Mention,
    Attribution,
    ClaimLink,
    Verdict,
    Review,
    Assignment,
    Page,
    Facet,
    ClaimFacet,
    ClaimSearch,
    SearchTerm,
    SearchTotal,
    ApiKey,
    Event,
    EventSubject,
    EventNode,
    AnsweredRequest,
    Derived,
    ClaimVector,
)

__all__ = [
    "TABLES",
    "AnsweredRequest",
    "ApiKey",
    "Assignment",
    "Attribution",
    "Base",
    "Claim",
    "ClaimFacet",
    "ClaimLink",
    "ClaimSearch",
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
    "Review",
    "SearchTerm",
    "SearchTotal",
    "Source",
    "SourceAlias",
    "Verdict",
]
