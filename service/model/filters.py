"""Filters and facets of the lists of claims and verdicts, and the sort orders of claims."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from enum import StrEnum

from service.model.entities import Stance, Status
from service.model.verdicts import Agreement, Need, Rating, VerdictState


class Sort(StrEnum):
    """The orders of a list of claims, each descending."""

    RECENCY = "recency"
    ORIGINS = "origins"
    NAMED = "named"
    MENTIONS = "mentions"


class SearchSort(StrEnum):
    """The orders of a list of claims found by words, each descending."""

    RELEVANCE = "relevance"
    RECENCY = "recency"
    ORIGINS = "origins"
    NAMED = "named"
    MENTIONS = "mentions"


class FacetKind(StrEnum):
    """The kinds of facets. ``all`` has the single value ``*``, which every claim has."""

    ALL = "all"
    TOPIC = "topic"
    SOURCE = "source"
    ORIGIN = "origin"
    SOLE_ORIGIN = "sole_origin"
    RELAY = "relay"
    PUBLISHER = "publisher"
    DOCUMENT = "document"
    STATUS = "status"
    STANCE = "stance"
    MIN_ORIGINS = "min_origins"
    MIN_NAMED = "min_named"
    NAMED = "named"
    CONFLICT = "conflict"
    SOURCE_STANCE = "source+stance"
    ORIGIN_STANCE = "origin+stance"
    DOCUMENT_STANCE = "document+stance"
    AGREEMENT = "agreement"
    RATING = "rating"
    NEED = "need"
    SITE = "site"
    LANGUAGE = "language"


Facet = tuple[str, str]
EVERY_CLAIM: Facet = (FacetKind.ALL, "*")
# "What does Moscow deny?" asks for a single mention that is both Moscow's and a denial.
JOINED_TO_STANCE = {
    FacetKind.SOURCE: FacetKind.SOURCE_STANCE,
    FacetKind.ORIGIN: FacetKind.ORIGIN_STANCE,
    FacetKind.DOCUMENT: FacetKind.DOCUMENT_STANCE,
}
IN_CONFLICT: Facet = (FacetKind.CONFLICT, "*")


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Filters of a list of claims; all given ones must match. A source includes all its parts.

    ``sole_origin`` asks for claims that rest on that source alone. ``named`` asks for claims with support of which an
    origin is named, or none is. ``stance`` is that of any mention; combined with ``source``, ``origin`` or
    ``document``, of a mention of theirs.
    """

    topic: str | None = None
    source: str | None = None
    origin: str | None = None
    sole_origin: str | None = None
    relay: str | None = None
    publisher: str | None = None
    document: str | None = None
    status: Status | None = None
    stance: Stance | None = None
    min_origins: int | None = None
    min_named: int | None = None
    named: bool | None = None
    conflict: str | None = None
    agreement: Agreement | None = None
    rating: Rating | None = None
    need: Need | None = None
    site: str | None = None
    language: str | None = None
    updated_since: dt.datetime | None = None

    def facets(self) -> list[Facet]:
        """Return the facets that a claim must have."""
        chosen = {
            FacetKind(field.name): str(getattr(self, field.name))
            for field in fields(self)
            if field.name not in ("updated_since", "named") and getattr(self, field.name) not in (None, 0)
        }
        if self.named is not None:
            chosen[FacetKind.NAMED] = str(self.named).lower()
        if self.agreement is Agreement.NONE:
            del chosen[FacetKind.AGREEMENT]
            chosen[FacetKind.NEED] = Need.UNJUDGED
        joined = [kind for kind in JOINED_TO_STANCE if kind in chosen]
        if self.stance is not None and joined:
            stance = chosen.pop(FacetKind.STANCE)
            for kind in joined:
                chosen[JOINED_TO_STANCE[kind]] = f"{chosen.pop(kind)} {stance}"
        return list(chosen.items()) or [EVERY_CLAIM]


@dataclass(frozen=True, slots=True)
class VerdictFilters:
    """Filters of a list of verdicts; all given ones must match.

    ``since`` and ``until`` compare the time of the verdict's state, for published ones that of publication.
    ``url`` selects reviews at that page, under any form of its address. ``claim_key`` includes the claims merged into
    it. ``reader`` selects what that checker wrote or reviews, ``current`` what nothing has superseded, ``retraction``
    retractions; false selects the others.
    """

    state: VerdictState = VerdictState.PUBLISHED
    claim_key: int | None = None
    rating: Rating | None = None
    checker: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    current: bool | None = None
    retraction: bool | None = None
    reader: str | None = None
    url: str | None = None
