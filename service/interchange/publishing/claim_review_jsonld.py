"""Verdicts as schema.org ClaimReviews, in the terms of https://schema.org/ClaimReview. Pure: no I/O.

What goes out is made for being read back: importing it into an empty store and exporting that gives the same bytes.

========================  ==========================================================================================
ClaimReview               what it is here
========================  ==========================================================================================
identifier                the verdict's id, as a PropertyValue whose ``propertyID`` is ``claim-verification``; so with
                          the claim, its documents and every source
url                       where the review was published; of a verdict given here its address here
headline, inLanguage      the title and language of the review
datePublished             when the review says it was published; of a verdict given here when that was published
dateModified              when it says that it was last modified
author                    the publisher, a Person or an Organization; a checker who is no source has the id
                          ``checker_id(name)``, and is a Person
creator                   the byline, a Person with a name and nothing else
claimReviewed             the claim in the publisher's words, or else in ours
citation                  the evidence that has an address, each with its note as ``description``
reviewRating              what the publisher gave, to the letter; of a verdict given here ``SCALE`` and ``WORDS``;
                          ``ratingExplanation`` is the rationale
itemReviewed              the claim (the one that stands for it, when it was merged): ``text`` in our words, ``author``
                          who is named as saying so, ``appearance`` every document that supports it in the order of
                          its mentions, ``firstAppearance`` the earliest of those whose date is known, and
                          ``datePublished`` that date
========================  ==========================================================================================

A source that belongs to another has that in ``parentOrganization``, a person in ``affiliation``, and that one again, up
to ``LEVELS``. A document is a CreativeWork: ``headline`` its title, ``author`` its byline, ``publisher`` the source
that published it, ``datePublished`` the day, month or year that it was published in, where that is what is known. What
has no value is left out. In a feed ``dateCreated`` is when the verdict was published here.
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
from service.model.verdicts import Rating, Verdict

CONTEXT = "https://schema.org"
# What tells our identifiers from everybody else's.
PROPERTY_ID = "claim-verification"
FEED_NAME = "Claim reviews"
WORST, BEST = 1, 5
# Where our labels stand between the worst and the best. Too little evidence is no place on a scale of truth.
SCALE = {Rating.REFUTED: WORST, Rating.CONFLICTING_EVIDENCE: 3, Rating.SUPPORTED: BEST}
WORDS = {
    Rating.SUPPORTED: "Supported",
    Rating.REFUTED: "Refuted",
    Rating.NOT_ENOUGH_EVIDENCE: "Not enough evidence",
    Rating.CONFLICTING_EVIDENCE: "Conflicting evidence",
}
LEVELS = 32
"""As many sources, each part of the next, go out: more than there are anywhere, and no more than JSON can nest."""

_PERSONS = (SourceKind.PERSON, SourceKind.OFFICIAL)

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A published verdict that rates, with all that its ClaimReview shows.

    ``claim`` is the one that stands for what was judged; ``evidence`` has its mentions, and every document and source
    that these and the verdict name. ``citations`` are addresses with their notes. ``successor`` took its place.
    """

    verdict: Verdict
    claim: Claim
    evidence: Evidence
    citations: tuple[tuple[str, str | None], ...] = ()
    successor: Verdict | None = None


def claim_review(reviewed: Reviewed, base: str) -> Node:
    """A verdict as a ClaimReview; ``base`` is the address of this service, as in ``https://claims.example``."""
    verdict, review = reviewed.verdict, reviewed.verdict.review
    return _without_nothing(
        {
            **named_review(verdict, base),
            "headline": review and review.title,
            "datePublished": review.reviewed_at if review else rfc3339(verdict.state_at),
            "dateModified": review and review.modified_at,
            "inLanguage": verdict.language,
            "author": _author(reviewed),
            "creator": review and review.author and {"@type": "Person", "name": review.author},
            "claimReviewed": (review and review.claim_reviewed) or reviewed.claim.text,
            "citation": [
                _without_nothing({"@type": "CreativeWork", "url": url, "description": note})
                for url, note in reviewed.citations
            ],
            "reviewRating": _rating(verdict),
            "itemReviewed": claim_node(reviewed.claim, reviewed.evidence),
            **(_superseded(reviewed.successor, base) if reviewed.successor else {}),
        }
    )


def named_review(verdict: Verdict, base: str) -> Node:
    """No more of a ClaimReview than what tells which one it is."""
    return {
        "@type": "ClaimReview",
        "identifier": _identifier(verdict.id),
        "url": verdict.url or _address(verdict, base),
    }


def claim_node(claim: Claim, evidence: Evidence) -> Node:
    """A claim with who is named as saying so, and the documents that support it."""
    supporting = [m for m in evidence.mentions.get(claim.id, ()) if m.stance is Stance.SUPPORTS]
    origins = [origin_of(mention.attribution, evidence.sources) for mention in supporting]
    claimants = dict.fromkeys(_standing(origin, evidence) for origin in origins if origin is not None)
    documents = [evidence.documents[name] for name in dict.fromkeys(m.document for m in supporting)]
    first = min((d for d in documents if published(d)), key=_published_days, default=None)
    return _without_nothing(
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
    """What takes a verdict back and gives no other: a correction of the ClaimReview."""
    return {
        "@type": "CorrectionComment",
        "identifier": _identifier(verdict.id),
        "url": _address(verdict, base),
        "datePublished": rfc3339(verdict.state_at),
        "text": verdict.reason,
        "about": named_review(superseded, base),
    }


def document_of(nodes: Sequence[Node]) -> Node:
    """A JSON-LD document of one node, or of several."""
    return {"@context": CONTEXT, **nodes[0]} if len(nodes) == 1 else {"@context": CONTEXT, "@graph": list(nodes)}


def feed_head(modified: dt.datetime | None) -> Node:
    """A DataFeed without its elements; ``modified`` is the latest time in it."""
    head = {"@context": CONTEXT, "@type": "DataFeed", "name": FEED_NAME}
    return head if modified is None else {**head, "dateModified": rfc3339(modified)}


def feed_item(reviewed: Reviewed, base: str) -> Node:
    """An element of a feed: a verdict that stands."""
    created = rfc3339(reviewed.verdict.state_at)
    return {"@type": "DataFeedItem", "dateCreated": created, "item": claim_review(reviewed, base)}


def deleted_item(verdict: Verdict, successor: Verdict, base: str) -> Node:
    """An element of a feed of changes: a verdict that stands no more, superseded or retracted."""
    return {
        "@type": "DataFeedItem",
        "dateCreated": rfc3339(verdict.state_at),
        "dateDeleted": rfc3339(successor.state_at),
        "item": {**named_review(verdict, base), **_superseded(successor, base)},
    }


def checker_id(name: str) -> str:
    """The id of a checker as a source: the same wherever a verdict of theirs is read back."""
    return stated_id("s", "checker", name)


def published(document: Document) -> str | None:
    """The day (``2025-05-02``), month or year that a document was published in; ``None`` when that is not known."""
    earliest, latest = document.published_earliest, document.published_latest
    if earliest is None or latest is None:
        return None
    for written in (f"{earliest:%Y-%m-%d}", f"{earliest:%Y-%m}", f"{earliest:%Y}"):
        if days_of(written) == (earliest, latest):
            return written
    return None


def days_of(date: str) -> tuple[dt.date, dt.date]:
    """The first and last day of what ``published`` gives; raises ``ValueError``."""
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


def _standing(source_id: str, evidence: Evidence) -> str:
    """The source that stands for this one, if they were found to be the same."""
    seen: set[str] = set()
    while (into := evidence.sources[source_id].merged_into) is not None and source_id not in seen:
        seen.add(source_id)
        source_id = into
    return source_id


def _source(name: str, evidence: Evidence, below: tuple[str, ...] = ()) -> Node:
    """A source, or what stands for it, in what it belongs to: whoever reads it back shall not count the two twice.

    It may have come to stand for what it belongs to itself: that is where it ends.
    """
    source = evidence.sources[_standing(name, evidence)]
    person = source.kind in _PERSONS
    seen = (*below, source.id)
    above = source.part_of and _standing(source.part_of, evidence)
    inside = above and above not in seen and len(seen) < LEVELS and _source(above, evidence, seen)
    return _without_nothing(
        {
            "@type": "Person" if person else "Organization",
            "identifier": _identifier(source.id),
            "name": source.name,
            "url": source.url,
            "affiliation" if person else "parentOrganization": inside or None,
        }
    )


def _document(document: Document, evidence: Evidence) -> Node:
    return _without_nothing(
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
    rating = _without_nothing(dict(_rating_members(verdict)))
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
    """What a ClaimReview says of itself once another verdict has taken its place, or a retraction."""
    return {
        "creativeWorkStatus": "Retracted" if successor.retraction else "Superseded",
        "correction": {
            "@type": "CorrectionComment",
            "url": _address(successor, base),
            "datePublished": rfc3339(successor.state_at),
            "text": successor.reason,
        },
    }


def _without_nothing(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [], "")}
