"""Verdicts and reviews as the store reads and writes them: rows with named columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import peewee as pw

from service.identity.web_addresses import document_key
from service.model.records import SAME, ListedVerdict
from service.model.timestamps import from_us, to_us
from service.model.verdicts import (
    Author,
    AuthorType,
    Decision,
    EvidenceItem,
    PublishedReview,
    Rating,
    Review,
    Verdict,
    VerdictState,
)
from service.storage.queries.base import from_json, to_json
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import Review as ReviewTable
from service.storage.tables import Source as SourceTable
from service.storage.tables import Verdict as VerdictTable

_SUPERSEDED = VerdictTable.alias("superseded")
_SUCCESSOR = VerdictTable.alias("successor")
SUPERSEDES = _SUPERSEDED.public_id
"""The id of the verdict that a verdict supersedes, in ``select_verdicts``."""

# A verdict is stale when the claim has changed since, or was merged into another. A review that was published elsewhere
# never is: it is about the claim as it was then.
_STALE = VerdictTable.review.is_null() & (
    VerdictTable.judged_hash.is_null()
    | (
        (VerdictTable.judged_hash != ClaimTable.judged_hash)
        & (
            VerdictTable.judged_hash.concat(SAME).concat(ClaimTable.judged_hash)
            != pw.fn.COALESCE(ClaimTable.judged_before, "")
        )
    )
    | ClaimTable.root.is_null(False)
)


class VerdictRow(NamedTuple):
    """A verdict; ``stale`` is 0 or 1 in SQLite."""

    key: int
    public_id: str
    claim_key: int
    claim: str
    claim_version: int
    judged_hash: str | None
    checker: str
    rating: str | None
    textual_rating: str | None
    rationale: str | None
    evidence: str
    url: str | None
    language: str | None
    supersedes: str | None
    reason: str | None
    reviewers: str
    created_us: int
    state: str
    state_us: int
    superseded_by: str | None
    withdrawn_by: str | None
    withdrawn_reason: str | None
    publisher: str | None
    review: str | None
    site: str | None
    reviewed_us: int | None
    title: str | None
    author: str | None
    authors: str | None
    reviewed_at: str | None
    published_by: str | None
    page_key: str | None
    stale: bool


class ReviewRow(NamedTuple):
    """A review of a draft."""

    key: int
    public_id: str
    verdict: str
    reviewer: str
    decision: str
    note: str | None
    created_us: int


def select_verdicts() -> pw.ModelSelect[VerdictTable]:
    """Return the query of all verdicts, whose rows are ``VerdictRow``."""
    table = VerdictTable
    return (
        table.select(
            table.id.alias("key"),
            table.public_id,
            table.claim.alias("claim_key"),
            ClaimTable.public_id.alias("claim"),
            table.claim_version,
            table.judged_hash,
            table.checker,
            table.rating,
            table.textual_rating,
            table.rationale,
            table.evidence,
            table.url,
            table.language,
            _SUPERSEDED.public_id.alias("supersedes"),
            table.reason,
            table.reviewers,
            table.created_us,
            table.state,
            table.state_us,
            _SUCCESSOR.public_id.alias("superseded_by"),
            table.withdrawn_by,
            table.withdrawn_reason,
            SourceTable.public_id.alias("publisher"),
            table.review,
            table.site,
            table.reviewed_us,
            table.title,
            table.author,
            table.authors,
            table.reviewed_at,
            table.published_by,
            table.page_key,
            _STALE.alias("stale"),
        )
        .join_from(table, ClaimTable, on=ClaimTable.id == table.claim)
        .join_from(table, _SUPERSEDED, pw.JOIN.LEFT_OUTER, on=_SUPERSEDED.id == table.supersedes)
        .join_from(table, _SUCCESSOR, pw.JOIN.LEFT_OUTER, on=_SUCCESSOR.id == table.superseded_by)
        .join_from(table, SourceTable, pw.JOIN.LEFT_OUTER, on=SourceTable.id == table.publisher)
    )


def select_reviews() -> pw.ModelSelect[ReviewTable]:
    """Return the query of all reviews, whose rows are ``ReviewRow``."""
    table = ReviewTable
    return table.select(
        table.id.alias("key"),
        table.public_id,
        VerdictTable.public_id.alias("verdict"),
        table.reviewer,
        table.decision,
        table.note,
        table.created_us,
    ).join_from(table, VerdictTable, on=VerdictTable.id == table.verdict)


def verdict_from(row: VerdictRow) -> Verdict:
    """Return the verdict of a row."""
    return Verdict(
        id=row.public_id,
        claim=row.claim,
        claim_version=row.claim_version,
        judged_hash=row.judged_hash,
        checker=row.checker,
        rating=None if row.rating is None else Rating(row.rating),
        textual_rating=row.textual_rating,
        rationale=row.rationale,
        evidence=tuple(EvidenceItem(**item) for item in from_json(row.evidence)),
        url=row.url,
        language=row.language,
        supersedes=row.supersedes,
        reason=row.reason,
        reviewers=tuple(row.reviewers.split("\n")[1:-1]),
        created_at=from_us(row.created_us),
        state=VerdictState(row.state),
        state_at=from_us(row.state_us),
        superseded_by=row.superseded_by,
        withdrawn_by=row.withdrawn_by,
        withdrawn_reason=row.withdrawn_reason,
        review=_published_review(row.publisher, from_json(row.review)),
        title=row.title,
        author=row.author,
        authors=tuple(map(_author, from_json(row.authors) or ())),
        reviewed_at=row.reviewed_at,
        published_by=row.published_by,
    )


def _author(fields: dict[str, Any]) -> Author:
    kind = fields["type"]
    return Author(kind and AuthorType(kind), fields["name"], fields["url"], tuple(fields["same_as"]))


def _published_review(publisher: str | None, fields: dict[str, Any] | None) -> PublishedReview | None:
    """Return a review published elsewhere: its publisher has a column of its own."""
    if publisher is None and fields is None:
        return None
    return PublishedReview(**{**(fields or {}), "publisher": publisher})


def listed_verdict_from(row: VerdictRow) -> ListedVerdict:
    """Return the verdict of a row with its key, and whether it is stale."""
    return ListedVerdict(key=row.key, verdict=verdict_from(row), stale=bool(row.stale))


def review_from(row: ReviewRow) -> Review:
    """Return the review of a row."""
    return Review(row.public_id, row.verdict, row.reviewer, Decision(row.decision), row.note, from_us(row.created_us))


def fields_of(verdict: Verdict, claims: Mapping[str, int], publishers: Mapping[str, int]) -> dict[str, Any]:
    """Return the fields to store of a verdict, without the verdicts before and after it."""
    review = verdict.review
    return {
        "public_id": verdict.id,
        "claim": claims[verdict.claim],
        "claim_version": verdict.claim_version,
        "judged_hash": verdict.judged_hash,
        "checker": verdict.checker,
        "retraction": verdict.retraction,
        "rating": verdict.rating,
        "textual_rating": verdict.textual_rating,
        "rationale": verdict.rationale,
        "evidence": to_json(verdict.evidence),
        "url": verdict.url,
        "language": verdict.language,
        "reason": verdict.reason,
        "reviewers": lines_of(verdict.reviewers),
        "created_us": to_us(verdict.created_at),
        "state": verdict.state,
        "state_us": to_us(verdict.state_at),
        "withdrawn_by": verdict.withdrawn_by,
        "withdrawn_reason": verdict.withdrawn_reason,
        "publisher": publishers[review.publisher] if review else None,
        "review": review and to_json({name: value for name, value in asdict(review).items() if name != "publisher"}),
        "site": verdict.site,
        "reviewed_us": to_us(verdict.reviewed_time),
        "title": verdict.title,
        "author": verdict.author,
        "authors": to_json(verdict.authors or None),
        "reviewed_at": verdict.reviewed_at,
        "published_by": verdict.published_by,
        "page_key": document_key(verdict.url),
    }


def named_pattern(name: str) -> str:
    """Return the pattern for LIKE, with ``!`` as the escape, of the reviewers of drafts that name somebody."""
    escaped = lines_of([name]).replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


def lines_of(names: Sequence[str]) -> str:
    """Return names in one text, each between two line ends: a name has none, so it can be searched for."""
    return "".join(["\n", *(f"{name}\n" for name in names)]) if names else ""
