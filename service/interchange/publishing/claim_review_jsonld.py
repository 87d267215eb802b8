"""Convert verdicts to schema.org ClaimReviews (https://schema.org/ClaimReview). Pure: no I/O.

The output can be read back: importing it into an empty store and exporting that store gives the same bytes.

========================  ==========================================================================================
ClaimReview               content
========================  ==========================================================================================
identifier                the id of the verdict, as a PropertyValue with the ``propertyID`` ``claim-verification``;
                          the claim, its documents and all sources have their ids likewise
url                       the address of the review; for a verdict published here its address in this service
headline, inLanguage      the title and language of the review
datePublished             the stated date of publication; for a verdict published here the time of its publication
dateModified              the stated date of the last modification
author                    the publisher, a Person or an Organization; a checker who is not a source is a Person with
                          the id ``checker_id(name)``
creator                   the authors of which it is known whether they are a Person or an Organization
creditText                the byline
claimReviewed             the claim in the publisher's words, else in ours
citation                  the evidence with an address, each with its note as ``description``
reviewRating              the publisher's rating unchanged; for a verdict published here ``SCALE`` and ``WORDS``;
                          ``ratingExplanation`` is the rationale
itemReviewed              the claim (if it was merged, its root): ``text`` in our words, ``author`` the named
                          claimants, ``appearance`` the supporting documents in the order of their mentions,
                          ``firstAppearance`` the earliest one with a known date, ``datePublished`` that date
========================  ==========================================================================================

A source has the one that it belongs to in ``parentOrganization``, a person in ``affiliation``, recursively up to
``LEVELS``. A document is a CreativeWork: ``headline`` its title, ``author`` its byline, ``publisher`` its source,
``datePublished`` the day, month or year of publication, if that is known exactly. Members without a value are left
out. In a feed ``dateCreated`` is the time of publication in this service.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.corroboration.independence import origin_of
from service.model.entities import Claim, Document, SourceKind, Stance
from service.model.ids import stated_id
from service.model.records import Evidence, whole
from service.model.timestamps import rfc3339
from service.model.verdicts import Author, AuthorType, Rating, Verdict

CONTEXT = "https://schema.org"
# Marks our own identifiers.
PROPERTY_ID = "claim-verification"
FEED_NAME = "Claim reviews"
WORST, BEST = 1, 5
# Our labels on the scale from worst to best; "not enough evidence" has no place on a scale of truth.
SCALE = {Rating.REFUTED: WORST, Rating.CONFLICTING_EVIDENCE: 3, Rating.SUPPORTED: BEST}
WORDS = {
    Rating.SUPPORTED: "Supported",
    Rating.REFUTED: "Refuted",
    Rating.NOT_ENOUGH_EVIDENCE: "Not enough evidence",
    Rating.CONFLICTING_EVIDENCE: "Conflicting evidence",
}
LEVELS = 32
"""The maximum number of nested sources that are published: more than occur, and few enough to nest in JSON."""

_PERSONS = (SourceKind.PERSON, SourceKind.OFFICIAL)

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A published verdict with a rating, and all records that its ClaimReview shows.

    ``claim`` is the root of the judged claim; ``evidence`` has its mentions, and all documents and sources that these
    and the verdict refer to. ``citations`` are addresses with their notes. ``successor`` superseded the verdict.
    """

    verdict: Verdict
    claim: Claim
    evidence: Evidence
    citations: tuple[tuple[str, str | None], ...] = ()
    successor: Verdict | None = None


def claim_review(reviewed: Reviewed, base: str) -> Node:
    """Return a verdict as a ClaimReview; ``base`` is the address of this service, such as ``https://claims.example``."""
    verdict, review = reviewed.verdict, reviewed.verdict.review
    return _without_empty(
        {
            **named_review(verdict, base),
            "headline": verdict.title,
            "datePublished": verdict.reviewed_at or (None if review else rfc3339(verdict.state_at)),
            "dateModified": review and review.modified_at,
            "inLanguage": verdict.language,
            "author": _author(reviewed),
            "creator": [_creator(author, author.type) for author in verdict.authors if author.type],
            "creditText": verdict.author,
            "claimReviewed": (review and review.claim_reviewed) or reviewed.claim.text,
            "citation": [
                _without_empty({"@type": "CreativeWork", "url": url, "description": note})
                for url, note in reviewed.citations
            ],
            "reviewRating": _rating(verdict),
            "itemReviewed": claim_node(reviewed.claim, reviewed.evidence),
            **(_superseded(reviewed.successor, base) if reviewed.successor else {}),
        }
    )


def named_review(verdict: Verdict, base: str) -> Node:
    """Return a ClaimReview with nothing but its id and address."""
    return {
        "@type": "ClaimReview",
        "identifier": _identifier(verdict.id),
        "url": verdict.url or _address(verdict, base),
    }


def claim_node(claim: Claim, evidence: Evidence) -> Node:
    """Return a claim with its named claimants and supporting documents."""
    supporting = [m for m in evidence.mentions.get(claim.id, ()) if m.stance is Stance.SUPPORTS]
    origins = [origin_of(mention.attribution, evidence.sources) for mention in supporting]
    claimants = dict.fromkeys(_root_id(origin, evidence) for origin in origins if origin is not None)
    documents = [evidence.documents[name] for name in dict.fromkeys(m.document for m in supporting)]
    first = min((d for d in documents if published(d)), key=_published_days, default=None)
    return _without_empty(
        {
            "@type": "Claim",
            "identifier": _identifier(claim.id),
            "text": claim.text,
            "author": [_source(name, evidence) for name in claimants],
            "datePublished": first and published(first),
            "firstAppearance": first and _document(first, evidence),
            "appearance": [_document(document, evidence) for document in documents],
        }
    )


def retraction(verdict: Verdict, superseded: Verdict, base: str) -> Node:
    """Return a retraction as a correction of the superseded ClaimReview."""
    return {
        "@type": "CorrectionComment",
        "identifier": _identifier(verdict.id),
        "url": _address(verdict, base),
        "datePublished": rfc3339(verdict.state_at),
        "text": verdict.reason,
        "about": named_review(superseded, base),
    }


def document_of(nodes: Sequence[Node]) -> Node:
    """Return a JSON-LD document of one node, or of several in a ``@graph``."""
    return {"@context": CONTEXT, **nodes[0]} if len(nodes) == 1 else {"@context": CONTEXT, "@graph": list(nodes)}


def feed_head(modified: dt.datetime | None) -> Node:
    """Return a DataFeed without its elements; ``modified`` is the latest time in it."""
    head = {"@context": CONTEXT, "@type": "DataFeed", "name": FEED_NAME}
    return head if modified is None else {**head, "dateModified": rfc3339(modified)}


def feed_item(reviewed: Reviewed, base: str) -> Node:
    """Return the element of a feed for a current verdict."""
    created = rfc3339(reviewed.verdict.state_at)
    return {"@type": "DataFeedItem", "dateCreated": created, "item": claim_review(reviewed, base)}


def deleted_item(verdict: Verdict, successor: Verdict, base: str) -> Node:
    """Return the element of a feed of changes for a verdict that was superseded or retracted."""
    return {
        "@type": "DataFeedItem",
        "dateCreated": rfc3339(verdict.state_at),
        "dateDeleted": rfc3339(successor.state_at),
        "item": {**named_review(verdict, base), **_superseded(successor, base)},
    }


def checker_id(name: str) -> str:
    """Return the id of a checker as a source, the same in every store that imports their verdicts."""
    return stated_id("s", "checker", name)


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


def _identifier(public_id: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": PROPERTY_ID, "value": public_id}


def _address(verdict: Verdict, base: str) -> str:
    return f"{base}/v1/verdicts/{verdict.id}"


def _author(reviewed: Reviewed) -> Node:
    verdict = reviewed.verdict
    if verdict.review is not None:
        return _source(verdict.review.publisher, reviewed.evidence)
    return {"@type": "Person", "identifier": _identifier(checker_id(verdict.checker)), "name": verdict.checker}


def _creator(author: Author, kind: AuthorType) -> Node:
    node = {"@type": kind.capitalize(), "name": author.name, "url": author.url, "sameAs": list(author.same_as)}
    return _without_empty(node)


def _root_id(source_id: str, evidence: Evidence) -> str:
    """Return the id of the source that this one was merged into, else its own."""
    seen: set[str] = set()
    while (into := evidence.sources[source_id].merged_into) is not None and source_id not in seen:
        seen.add(source_id)
        source_id = into
    return source_id


def _source(name: str, evidence: Evidence, below: tuple[str, ...] = ()) -> Node:
    """Return a source (its root, if merged) with those that it belongs to, so that a reader does not overcount origins.

    The chain ends where a merge made it a cycle.
    """
    source = evidence.sources[_root_id(name, evidence)]
    person = source.kind in _PERSONS
    seen = (*below, source.id)
    above = source.part_of and _root_id(source.part_of, evidence)
    inside = above and above not in seen and len(seen) < LEVELS and _source(above, evidence, seen)
    return _without_empty(
        {
            "@type": "Person" if person else "Organization",
            "identifier": _identifier(source.id),
            "name": source.name,
            "url": source.url,
            "affiliation" if person else "parentOrganization": inside or None,
        }
    )


def _document(document: Document, evidence: Evidence) -> Node:
    return _without_empty(
        {
            "@type": "CreativeWork",
            "identifier": _identifier(document.id),
            "url": document.url,
            "headline": document.title,
            "inLanguage": document.language,
            "datePublished": published(document),
            "author": document.author and {"@type": "Person", "name": document.author},
            "publisher": document.publisher and _source(document.publisher, evidence),
        }
    )


def _rating(verdict: Verdict) -> Node | None:
    rating = _without_empty(dict(_rating_members(verdict)))
    return {"@type": "Rating", **rating} if rating else None


def _rating_members(verdict: Verdict) -> Iterator[tuple[str, Any]]:
    review = verdict.review
    if review is not None:
        yield "ratingValue", whole(review.rating_value)
        yield "bestRating", whole(review.best_rating)
        yield "worstRating", whole(review.worst_rating)
        yield "alternateName", verdict.textual_rating
    elif verdict.rating is not None:
        if verdict.rating in SCALE:
            yield from (("ratingValue", SCALE[verdict.rating]), ("bestRating", BEST), ("worstRating", WORST))
        yield "alternateName", verdict.textual_rating or WORDS[verdict.rating]
    yield "ratingExplanation", verdict.rationale


def _superseded(successor: Verdict, base: str) -> Node:
    """Return the members of a ClaimReview that was superseded or retracted."""
    return {
        "creativeWorkStatus": "Retracted" if successor.retraction else "Superseded",
        "correction": {
            "@type": "CorrectionComment",
            "url": _address(successor, base),
            "datePublished": rfc3339(successor.state_at),
            "text": successor.reason,
        },
    }


def _without_empty(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [], "")}
