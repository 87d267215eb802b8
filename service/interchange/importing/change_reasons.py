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
    changes = [_rating(now, before)] if {"rating", "rating_basis"} & set(differing) else []
    changes += [_LABELS[name] for name in differing if name in _LABELS]
    return f"A newer version of the review. Changed: {', '.join(changes or ['the date of its last change'])}."


def _rating(now: Verdict, before: Verdict) -> str:
    """Describe the change of the publisher's wording and, separately, of our label."""
    same_words = now.textual_rating == before.textual_rating
    if now.rating != before.rating and same_words:
        return f"our label of the rating, from {_label(before)} to {_label(now)} (its wording is the same)"
    if now.rating != before.rating:
        return f"the rating, from {_words(before)} ({_label(before)}) to {_words(now)} ({_label(now)})"
    if not same_words:
        return f"the wording of the rating, from {_words(before)} to {_words(now)} (our label is still {_label(now)})"
    numbers = [(r.rating_value, r.best_rating, r.worst_rating) for r in (now.review, before.review) if r]
    changed = "the interpretation of the rating" if numbers[:1] == numbers[1:] else "the numbers of the rating"
    return f"{changed} (our label is still {_label(now)})"


def _words(verdict: Verdict) -> str:
    return f"“{verdict.textual_rating}”" if verdict.textual_rating else "no wording"


def _label(verdict: Verdict) -> str:
    return verdict.rating.replace("_", " ") if verdict.rating else "retracted"
