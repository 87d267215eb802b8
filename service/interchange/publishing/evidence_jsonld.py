"""Convert claims, documents and sources to nodes of schema.org. Pure: no I/O.

Each node has an ``@id`` made of the address of its record: the same in all documents of a service, and never that of
another service's node. ``identifier`` is the id alone, for services that import.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from service.corroboration.independence import origin_of
from service.model.entities import Claim, Document, SourceKind, Stance
from service.model.records import Evidence

Node = dict[str, Any]

PROPERTY_ID = "claim-verification"
"""Marks our own identifiers."""
LEVELS = 32
"""The maximum number of nested sources that are published: more than occur, and few enough to nest in JSON."""

_PERSONS = (SourceKind.PERSON, SourceKind.OFFICIAL)


@dataclass(frozen=True, slots=True)
class EvidenceNodes:
    """Makes nodes of the claims, documents and sources of ``evidence``; ``base`` is the address of this service."""

    evidence: Evidence
    base: str

    def claim(self, claim: Claim) -> Node:
        """Return a claim with its named claimants and supporting documents."""
        supporting = [m for m in self.evidence.mentions.get(claim.id, ()) if m.stance is Stance.SUPPORTS]
        origins = [origin_of(mention.attribution, self.evidence.sources) for mention in supporting]
        claimants = dict.fromkeys(self._root_id(origin) for origin in origins if origin is not None)
        documents = [self.evidence.documents[name] for name in dict.fromkeys(m.document for m in supporting)]
        first = min((d for d in documents if published(d)), key=_published_days, default=None)
        return node(
            "Claim",
            claim_id(claim, self.base),
            {
                "text": claim.text,
                "author": [self.source(name) for name in claimants],
                "datePublished": first and published(first),
                "firstAppearance": first and self._document(first),
                "appearance": [self._document(document) for document in documents],
            },
            claim.id,
        )

    def source(self, name: str, below: tuple[str, ...] = ()) -> Node:
        """Return a source (its root, if merged) with those that it belongs to, so that a reader counts no origin twice.

        The chain ends where a merge made it a cycle.
        """
        source = self.evidence.sources[self._root_id(name)]
        person = source.kind in _PERSONS
        seen = (*below, source.id)
        above = source.part_of and self._root_id(source.part_of)
        inside = above and above not in seen and len(seen) < LEVELS and self.source(above, seen)
        return node(
            "Person" if person else "Organization",
            source_id(source.id, self.base),
            {
                "name": source.name,
                "url": source.url,
                "sameAs": list(source.same_as),
                "affiliation" if person else "parentOrganization": inside or None,
            },
            source.id,
        )

    def _document(self, document: Document) -> Node:
        address = f"{self.base}/v1/documents/{document.id}"
        return node(
            "CreativeWork",
            f"{address}#document",
            {
                "url": document.url,
                "headline": document.title,
                "inLanguage": document.language,
                "datePublished": published(document),
                "author": document.author and node("Person", f"{address}#author", {"name": document.author}),
                "publisher": document.publisher and self.source(document.publisher),
            },
            document.id,
        )

    def _root_id(self, name: str) -> str:
        """Return the id of the source that this one was merged into, else its own."""
        seen: set[str] = set()
        while (into := self.evidence.sources[name].merged_into) is not None and name not in seen:
            seen.add(name)
            name = into
        return name


def claim_id(claim: Claim, base: str) -> str:
    """Return the ``@id`` of a claim."""
    return f"{base}/v1/claims/{claim.id}#claim"


def source_id(public_id: str, base: str) -> str:
    """Return the ``@id`` of the source with this id."""
    return f"{base}/v1/sources/{public_id}#source"


def node(kind: str, node_id: str, members: Node, public_id: str | None = None) -> Node:
    """Return a node with its ``@id`` and the members that have a value; with ``public_id`` as its identifier."""
    identifier = None
    if public_id is not None:
        value = {"propertyID": PROPERTY_ID, "value": public_id}
        identifier = {"@type": "PropertyValue", "@id": f"{node_id}-identifier", **value}
    whole = {"@type": kind, "@id": node_id, "identifier": identifier, **members}
    return {name: value for name, value in whole.items() if value not in (None, [], "")}


def published(document: Document) -> str | None:
    """Return the day (``2025-05-02``), month or year of a document's publication; ``None`` if not known exactly."""
    earliest, latest = document.published_earliest, document.published_latest
    if earliest is None or latest is None:
        return None
    for written in (f"{earliest:%Y-%m-%d}", f"{earliest:%Y-%m}", f"{earliest:%Y}"):
        if days_of(written) == (earliest, latest):
            return written
    return None


def days_of(date: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a day, month or year as ``published`` returns it. Raises ``ValueError``."""
    year, *rest = (int(part) for part in date.split("-"))
    if not rest:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    month, *day = rest
    first = dt.date(year, month, *day) if day else dt.date(year, month, 1)
    return first, first if day else first.replace(day=calendar.monthrange(year, month)[1])


def _published_days(document: Document) -> tuple[dt.date | None, dt.date | None]:
    return document.published_latest, document.published_earliest
