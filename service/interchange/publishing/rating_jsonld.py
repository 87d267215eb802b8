"""Convert ratings to nodes of schema.org (https://schema.org/Rating). Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.interchange.publishing.evidence_jsonld import Node, node
from service.model.records import whole
from service.model.verdicts import Rating, Verdict

WORST, BEST = 1, 5
# Our labels on the scale from worst to best; "not enough evidence" has no place on a scale of truth.
SCALE = {Rating.REFUTED: WORST, Rating.CONFLICTING_EVIDENCE: 3, Rating.SUPPORTED: BEST}
WORDS = {
    Rating.SUPPORTED: "Supported",
    Rating.REFUTED: "Refuted",
    Rating.NOT_ENOUGH_EVIDENCE: "Not enough evidence",
    Rating.CONFLICTING_EVIDENCE: "Conflicting evidence",
}


def rating_node(verdict: Verdict, node_id: str) -> Node | None:
    """Return the rating of a verdict; numbers that are not on their scale are left out."""
    members = dict(_members(verdict))
    return node("Rating", node_id, members) if any(value is not None for value in members.values()) else None


def missing_rating(verdict: Verdict) -> str | None:
    """Return the reason why a verdict has no rating that search engines accept; ``None`` if it has one."""
    review = verdict.review
    if review is None or verdict.textual_rating is not None:
        return None
    if review.rating_value is None:
        return "the review states no rating, neither in words nor as a number."
    if review.is_on_scale:
        return None
    lowest, highest = review.scale
    return f"the rating {review.rating_value:g} is not on its scale from {lowest:g} to {highest:g}, and has no words."


def _members(verdict: Verdict) -> Iterator[tuple[str, Any]]:
    review = verdict.review
    if review is not None:
        if review.is_on_scale:
            yield "ratingValue", whole(review.rating_value)
            yield "bestRating", whole(review.best_rating)
            yield "worstRating", whole(review.worst_rating)
        yield "alternateName", verdict.textual_rating
    elif verdict.rating is not None:
        if verdict.rating in SCALE:
            yield from (("ratingValue", SCALE[verdict.rating]), ("bestRating", BEST), ("worstRating", WORST))
        yield "alternateName", verdict.textual_rating or WORDS[verdict.rating]
    yield "ratingExplanation", verdict.rationale
