"""Convert ratings to nodes of schema.org (https://schema.org/Rating). Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.interchange.publishing.evidence_jsonld import Node, node
from service.model.records import whole
from service.model.verdicts import PublishedReview, Rating, Verdict

WORST, BEST = 1, 5
# Our labels on the scale from worst to best; "not enough evidence" has no place on a scale of truth.
SCALE = {Rating.REFUTED: WORST, Rating.CONFLICTING_EVIDENCE: 3, Rating.SUPPORTED: BEST}
WORDS = {
    Rating.SUPPORTED: "Supported",
    Rating.REFUTED: "Refuted",
    Rating.NOT_ENOUGH_EVIDENCE: "Not enough evidence",
    Rating.CONFLICTING_EVIDENCE: "Conflicting evidence",
}

# The bounds of a scale that a review does not state (https://schema.org/worstRating).
_DEFAULT_WORST, _DEFAULT_BEST = 1, 5


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
    if _is_on_scale(review):
        return None
    lowest, highest = _bounds(review)
    return f"the rating {review.rating_value:g} is not on its scale from {lowest:g} to {highest:g}, and has no words."


def _members(verdict: Verdict) -> Iterator[tuple[str, Any]]:
    review = verdict.review
    if review is not None:
        if _is_on_scale(review):
            yield "ratingValue", whole(review.rating_value)
            yield "bestRating", whole(review.best_rating)
            yield "worstRating", whole(review.worst_rating)
        yield "alternateName", verdict.textual_rating
    elif verdict.rating is not None:
        if verdict.rating in SCALE:
            yield from (("ratingValue", SCALE[verdict.rating]), ("bestRating", BEST), ("worstRating", WORST))
        yield "alternateName", verdict.textual_rating or WORDS[verdict.rating]
    yield "ratingExplanation", verdict.rationale


def _is_on_scale(review: PublishedReview) -> bool:
    """Return whether a review has a number that is between the bounds of its scale."""
    lowest, highest = _bounds(review)
    return review.rating_value is not None and lowest <= review.rating_value <= highest


def _bounds(review: PublishedReview) -> tuple[float, float]:
    """Return the worst and the best rating that a review states, or else the usual ones."""
    worst = _DEFAULT_WORST if review.worst_rating is None else review.worst_rating
    return worst, _DEFAULT_BEST if review.best_rating is None else review.best_rating
