"""Convert verdicts to schema.org ClaimReviews (https://schema.org/ClaimReview). Pure: no I/O.

The output can be read back: importing it into an empty store and exporting that store gives the same bytes.

========================  ==========================================================================================
ClaimReview               content
========================  ==========================================================================================
@id                       the address of the verdict's record in this service, with the fragment ``review``; all nodes
                          have one, also without a record (``#rating``, ``#creator-1``)
identifier                the id of the verdict, as a PropertyValue with the ``propertyID`` ``claim-verification``;
                          the claim, its documents and all sources have their ids likewise
url                       the address of the review; for a verdict without one ``/verdicts/{id}`` of this service
headline, inLanguage      the title and language of the review
datePublished             the stated date of publication; for a verdict published here the time of its publication
dateModified              the stated date of the last modification
author                    the publisher, a Person or an Organization; a checker who is not a source is a Person with
                          the id ``checker_id(name)``
creator                   the authors of which it is known whether they are a Person or an Organization
creditText                the byline
claimReviewed             the claim in the publisher's words, else in ours
citation                  the evidence with an address, each with its note as ``description``
reviewRating              the publisher's rating unchanged, without a number that is not on its scale; for a verdict
                          published here ``SCALE`` and ``WORDS``; ``ratingExplanation`` is the rationale
itemReviewed              the claim (if it was merged, its root), in a document of several reviews once, and then only
                          its ``@id``: ``text`` in our words, ``author`` the named
                          claimants, ``appearance`` the supporting documents in the order of their mentions,
                          ``firstAppearance`` the earliest one with a known date, ``datePublished`` that date
========================  ==========================================================================================

A source has the one that it belongs to in ``parentOrganization``, a person in ``affiliation``, recursively up to
``LEVELS``. A document is a CreativeWork: ``headline`` its title, ``author`` its byline, ``publisher`` its source,
``datePublished`` the day, month or year of publication, if that is known exactly. Members without a value are left
out. In a feed ``dateCreated`` is the time of publication in this service. A feed leaves out reviews without a rating,
since search engines refuse them, and says so in ``comment``: a Comment ``about`` each, with the reason as ``text``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.interchange.publishing.evidence_jsonld import EvidenceNodes, Node, claim_id, node, source_id
from service.interchange.publishing.rating_jsonld import rating_node
from service.model.entities import Claim
from service.model.ids import stated_id
from service.model.records import Evidence
from service.model.timestamps import rfc3339
from service.model.verdicts import Author, Verdict

CONTEXT = "https://schema.org"
FEED = "/feeds/claimreview.json"
FEED_NAME = "Claim reviews"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A published verdict with a rating, and all records that its ClaimReview shows.

    ``claim`` is the root of the judged claim; ``evidence`` has its mentions, and all documents and sources that these
    and the verdict refer to. ``claim_key`` is the key of its row. ``citations`` are addresses with their notes.
    ``successor`` superseded the verdict.
    """

    verdict: Verdict
    claim: Claim
    evidence: Evidence
    claim_key: int = 0
    citations: tuple[tuple[str, str | None], ...] = ()
    successor: Verdict | None = None


def claim_review(reviewed: Reviewed, base: str, *, names_claim: bool = False) -> Node:
    """Return a verdict as a ClaimReview; ``base`` is the address of this service, such as ``https://claims.example``.

    With ``names_claim`` the claim is only a reference to its node, which is elsewhere in the document.
    """
    verdict, review = reviewed.verdict, reviewed.verdict.review
    nodes = EvidenceNodes(reviewed.evidence, base)
    own = _address(verdict, base)
    return named_review(verdict, base) | _with_values(
        {
            "headline": verdict.title,
            "datePublished": verdict.reviewed_at or (None if review else rfc3339(verdict.state_at)),
            "dateModified": review and review.modified_at,
            "inLanguage": verdict.language,
            "author": nodes.source(review.publisher) if review else _checker(verdict.checker, base),
            "creator": list(_creators(verdict.authors, own)),
            "creditText": verdict.author,
            "claimReviewed": (review and review.claim_reviewed) or reviewed.claim.text,
            "citation": [
                node("CreativeWork", f"{own}#citation-{number}", {"url": url, "description": note})
                for number, (url, note) in enumerate(reviewed.citations, 1)
            ],
            "reviewRating": rating_node(verdict, f"{own}#rating"),
            "itemReviewed": {"@id": claim_id(reviewed.claim, base)} if names_claim else nodes.claim(reviewed.claim),
            **(_superseded(reviewed.successor, base) if reviewed.successor else {}),
        }
    )


def named_review(verdict: Verdict, base: str) -> Node:
    """Return a ClaimReview with nothing but its id and address."""
    return node("ClaimReview", review_id(verdict, base), {"url": verdict.address(base)}, verdict.id)


def review_id(verdict: Verdict, base: str) -> str:
    """Return the ``@id`` of a ClaimReview."""
    return f"{_address(verdict, base)}#review"


def retraction(verdict: Verdict, superseded: Verdict, base: str) -> Node:
    """Return a retraction as a correction of the superseded ClaimReview."""
    return _correction(verdict, base, {"about": named_review(superseded, base)}, verdict.id)


def document_of(nodes: Sequence[Node]) -> Node:
    """Return a JSON-LD document of one node, or of several in a ``@graph``."""
    return {"@context": CONTEXT, **nodes[0]} if len(nodes) == 1 else {"@context": CONTEXT, "@graph": list(nodes)}


def feed_head(modified: dt.datetime | None, base: str) -> Node:
    """Return a DataFeed without its elements; ``modified`` is the latest time in it."""
    return {
        "@context": CONTEXT,
        **node(
            "DataFeed", f"{base}{FEED}", {"name": FEED_NAME, "dateModified": rfc3339(modified) if modified else None}
        ),
    }


def feed_item(reviewed: Reviewed, base: str, *, names_claim: bool) -> Node:
    """Return the element of a feed for a current verdict. ``names_claim`` as in ``claim_review``."""
    item = claim_review(reviewed, base, names_claim=names_claim)
    members = {"dateCreated": rfc3339(reviewed.verdict.state_at), "item": item}
    return node("DataFeedItem", f"{base}{FEED}#{reviewed.verdict.id}", members)


def deleted_item(verdict: Verdict, successor: Verdict, base: str) -> Node:
    """Return the element of a feed of changes for a verdict that was superseded or retracted."""
    members = {
        "dateCreated": rfc3339(verdict.state_at),
        "dateDeleted": rfc3339(successor.state_at),
        "item": named_review(verdict, base) | _superseded(successor, base),
    }
    return node("DataFeedItem", f"{base}{FEED}#{verdict.id}-deleted", members)


def left_out(verdict: Verdict, reason: str, base: str) -> Node:
    """Return the note of a feed that it leaves out a verdict."""
    about = {"@id": review_id(verdict, base)}
    members = {"about": about, "url": verdict.address(base), "text": f"Left out: {reason}"}
    return node("Comment", f"{base}{FEED}#{verdict.id}-left-out", members)


def more_left_out(number: int, base: str) -> Node:
    """Return the note of a feed that it leaves out so many more verdicts, which it does not name."""
    return node("Comment", f"{base}{FEED}#more-left-out", {"text": f"Left out: {number} more, for the same reasons."})


def checker_id(name: str) -> str:
    """Return the id of a checker as a source, the same in every store that imports their verdicts."""
    return stated_id("s", "checker", name)


def _address(verdict: Verdict, base: str) -> str:
    return f"{base}/v1/verdicts/{verdict.id}"


def _checker(name: str, base: str) -> Node:
    """Return a checker who is not a source, with the ids of the source that a service makes of them by an import."""
    public_id = checker_id(name)
    return node("Person", source_id(public_id, base), {"name": name}, public_id)


def _creators(authors: Iterable[Author], address: str) -> Iterator[Node]:
    """Yield the authors of a review of which it is known what they are."""
    for number, author in enumerate(authors, 1):
        if author.type is not None:
            members = {"name": author.name, "url": author.url, "sameAs": list(author.same_as)}
            yield node(author.type.capitalize(), f"{address}#creator-{number}", members)


def _superseded(successor: Verdict, base: str) -> Node:
    """Return the members of a ClaimReview that was superseded or retracted."""
    status = "Retracted" if successor.retraction else "Superseded"
    return {"creativeWorkStatus": status, "correction": _correction(successor, base, {})}


def _correction(successor: Verdict, base: str, more: Node, public_id: str | None = None) -> Node:
    members = {
        "url": f"{base}/verdicts/{successor.id}",
        "datePublished": rfc3339(successor.state_at),
        "text": successor.reason,
        **more,
    }
    return node("CorrectionComment", f"{_address(successor, base)}#correction", members, public_id)


def _with_values(members: Node) -> Node:
    return {name: value for name, value in members.items() if value not in (None, [], "")}
