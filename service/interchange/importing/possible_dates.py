"""Leave out the dates of a reviewed statement that cannot be true. Pure: no I/O."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.interchange.claimreview.review_items import Appearance, DateInterval, Finding, ReviewItem
from service.interchange.importing.date_order import is_long_after, is_possible
from service.interchange.importing.outcomes import ImportNote


def with_possible_dates(item: ReviewItem, now: dt.datetime) -> tuple[ReviewItem, list[Finding]]:
    """Return a review without the dates that cannot be true, with a finding for each.

    These are days that have not come, and statements made after their own review. An appearance can be later than the
    review, unless its date is that of the statement. Reviews of our own exports are returned unchanged, since what the
    other store has is restored exactly.
    """
    findings: list[Finding] = []
    if item.claim_identifier is not None:
        return item, findings
    stated = item.claim_published
    published = _possible(stated, "claim_published", item, now, findings)

    def appearance(given: Appearance, field: str) -> Appearance:
        review = item if field == "first_appearance" or given.published == stated else None
        return replace(given, published=_possible(given.published, field, review, now, findings))

    possible = replace(
        item,
        claim_published=published,
        first_appearance=item.first_appearance and appearance(item.first_appearance, "first_appearance"),
        appearances=tuple(appearance(each, "appearances") for each in item.appearances),
    )
    return possible, findings


def _possible(
    days: DateInterval | None, field: str, review: ReviewItem | None, now: dt.datetime, findings: list[Finding]
) -> DateInterval | None:
    """Return a date, or ``None`` with a finding if it cannot be true; ``review`` is one that it must not be after."""
    if days is None:
        return None
    if not is_possible(days, now):
        finding = Finding(ImportNote.FUTURE_DATE, field, f"{days.earliest} is in the future: left out")
    elif review is not None and review.reviewed is not None and is_long_after(days, review.reviewed):
        message = f"{days.earliest} is after the review, which is dated {review.reviewed.latest}: left out"
        finding = Finding(ImportNote.DATE_AFTER_REVIEW, field, message)
    else:
        return days
    if finding not in findings:
        findings.append(finding)
    return None
