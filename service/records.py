"""What the store takes and returns beyond the domain's own types: rows with versions and times, filters, pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from service.types import Claim, ClaimLink, Document, Mention, Role, Source, Stance, Status

MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def to_us(moment: dt.datetime) -> int:
    """Microseconds since the epoch; ``moment`` must know its zone."""
    return (moment - _EPOCH) // MICROSECOND


def from_us(microseconds: int) -> dt.datetime:
    """The inverse of ``to_us``."""
    return _EPOCH + microseconds * MICROSECOND


class Sort(StrEnum):
    """Orders of a list of claims, each descending."""

    RECENCY = "recency"
    ORIGINS = "origins"
    MENTIONS = "mentions"


class FacetKind(StrEnum):
    """What claims can be filtered by. ``all`` has the one value ``*`` and every claim."""

    ALL = "all"
    TOPIC = "topic"
    SOURCE = "source"
    ORIGIN = "origin"
    RELAY = "relay"
    PUBLISHER = "publisher"
    DOCUMENT = "document"
    STATUS = "status"
    STANCE = "stance"
    MIN_ORIGINS = "min_origins"
    CONFLICT = "conflict"
    SOURCE_STANCE = "source+stance"
    ORIGIN_STANCE = "origin+stance"
    DOCUMENT_STANCE = "document+stance"


Facet = tuple[str, str]
EVERY_CLAIM: Facet = (FacetKind.ALL, "*")
# "What does Moscow deny?" asks for one mention that is both Moscow's and a denial.
JOINED_TO_STANCE = {
    FacetKind.SOURCE: FacetKind.SOURCE_STANCE,
    FacetKind.ORIGIN: FacetKind.ORIGIN_STANCE,
    FacetKind.DOCUMENT: FacetKind.DOCUMENT_STANCE,
}
IN_CONFLICT: Facet = (FacetKind.CONFLICT, "*")
# The stored shape of a claim that was written but not weighed yet, in the same transaction.
UNSEEN = "{}"


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Filters of a list of claims; all given ones must hold. A source stands for itself and all its parts.

    ``stance`` is that of a mention; with ``source``, ``origin`` or ``document`` of a mention of theirs.
    """

    topic: str | None = None
    source: str | None = None
    origin: str | None = None
    relay: str | None = None
    publisher: str | None = None
    document: str | None = None
    status: Status | None = None
    stance: Stance | None = None
    min_origins: int | None = None
    conflict: str | None = None
    updated_since: dt.datetime | None = None

    def facets(self) -> list[Facet]:
        """The facets a claim must have."""
        chosen = {
            FacetKind(field.name): str(getattr(self, field.name))
            for field in fields(self)
            if field.name != "updated_since" and getattr(self, field.name) not in (None, 0)
        }
        joined = [kind for kind in JOINED_TO_STANCE if kind in chosen]
        if self.stance is not None and joined:
            stance = chosen.pop(FacetKind.STANCE)
            for kind in joined:
                chosen[JOINED_TO_STANCE[kind]] = f"{chosen.pop(kind)} {stance}"
        return list(chosen.items()) or [EVERY_CLAIM]


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim in a page: its public shape as stored, and where it stands in the page's order."""

    key: int
    position: int
    json: str


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A claim's public shape as stored, and a tag that no other state of it has, in this store or another."""

    key: int
    id: str
    tag: str
    json: str


@dataclass(frozen=True, slots=True)
class ClaimCounts:
    """What a claim adds up to, in numbers."""

    id: str
    status: Status
    policy: str
    origins_at_least: int
    origins_at_most: int
    differing_at_least: int
    differing_at_most: int
    refuting_at_least: int
    refuting_at_most: int
    mentions: int
    documents: int
    version: int
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ClaimState:
    """A claim with what is kept beside it: its links in both directions, counts, version and times."""

    key: int
    claim: Claim
    links: tuple[ClaimLink, ...]
    linked_from: tuple[ClaimLink, ...]
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    counts: ClaimCounts
    json: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the kernel needs to weigh some claims: mentions by claim id, and whatever they refer to."""

    mentions: Mapping[str, tuple[Mention, ...]]
    documents: Mapping[str, Document]
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source, how many claims rest on it (or on a part of it) in each role, and its direct parts."""

    source: Source
    claims: Mapping[Role, int]
    parts: tuple[str, ...]
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and how many claims it states."""

    document: Document
    claims: int
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What a claim adds up to, to be stored: its counts, its public shape and the facets it is found by."""

    key: int
    counts: ClaimCounts
    json: str
    facets: frozenset[Facet]

    @property
    def updated_us(self) -> int:
        """The time of the last change, as stored."""
        return to_us(self.counts.updated_at)
