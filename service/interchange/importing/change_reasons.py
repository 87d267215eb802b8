"""Describe the differences between two versions of a review, for readers of its history. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Collection

from service.model.verdicts import Verdict

_LABELS = {
    "publisher": "the publisher",
    "rationale": "the explanation",
    "evidence": "the evidence",
    "title": "the headline",
    "author": "the byline",
    "reviewed_at": "the date of publication",
    "claim_reviewed": "the wording of the claim",
    "language": "the language",
    "url": "the address",
}


def change_reason(now: Verdict, before: Verdict, differing: Collection[str]) -> str:
    """Return the reason why one version supersedes another; ``differing`` are the names of the changed fields."""
    changes = [_rating(now, before)] if "rating" in differing else []
    changes += [_LABELS[name] for name in differing if name in _LABELS]
    return f"A newer version of the review. Changed: {', '.join(changes or ['the date of its last change'])}."


def _rating(now: Verdict, before: Verdict) -> str:
    """Describe the change of the publisher's wording and, separately, of our label."""
    same_words = now.textual_rating == before.textual_rating
    if now.rating != before.rating and same_words:
        read_anew = " and read by a newer table of ratings" if _numbers(now) == _numbers(before) else ""
        return f"our label of the rating, from {_label(before)} to {_label(now)} (its wording is the same{read_anew})"
    if now.rating != before.rating:
        return f"the rating, from {_words(before)} ({_label(before)}) to {_words(now)} ({_label(now)})"
    if not same_words:
        return f"the wording of the rating, from {_words(before)} to {_words(now)} (our label is still {_label(now)})"
    return f"the numbers of the rating (our label is still {_label(now)})"


def _numbers(verdict: Verdict) -> tuple[float | None, ...]:
    review = verdict.review
    return (review.rating_value, review.best_rating, review.worst_rating) if review else ()


def _words(verdict: Verdict) -> str:
    return f"“{verdict.textual_rating}”" if verdict.textual_rating else "no wording"


def _label(verdict: Verdict) -> str:
    return verdict.rating.replace("_", " ") if verdict.rating else "retracted"
