"""Compare stated days and instants, where the order is certain. Pure: no I/O."""

from __future__ import annotations

import datetime as dt

from service.interchange.claimreview.review_items import DateInterval
from service.model.verdicts import Verdict

DAY = dt.timedelta(days=1)


def possible_span(stated: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and last instant that a stated day or instant can mean. Raises ``ValueError``."""
    moment = dt.datetime.fromisoformat(stated)
    if moment.tzinfo is not None:
        return moment, moment
    moment = moment.replace(tzinfo=dt.UTC)
    return moment, moment + DAY


def has_happened(stated: str, now: dt.datetime) -> bool:
    """Return whether a stated date can be past: it allows a day for time zones and inaccurate clocks."""
    return possible_span(stated)[0] <= now + DAY


def is_possible(days: DateInterval, now: dt.datetime) -> bool:
    """Return whether some of these days can be past, like ``has_happened``."""
    return has_happened(days.earliest.isoformat(), now)


def is_long_after(days: DateInterval, review: DateInterval) -> bool:
    """Return whether days are certainly after those of a review, by more than a time zone."""
    return days.earliest - review.latest > DAY


def is_after(later: str | None, earlier: str | None) -> bool:
    """Return whether ``later`` is certainly after ``earlier``, or the same instant."""
    return later is not None and earlier is not None and possible_span(earlier)[1] <= possible_span(later)[0]


def is_newer(one: str | None, other: str | None) -> bool:
    """Return whether ``one`` is certainly after ``other``."""
    return is_after(one, other) and not is_after(other, one)


def version_date(verdict: Verdict) -> str | None:
    """Return the date of a version of a review: its last modification, else its publication; for a deletion its day."""
    review = verdict.review
    if review is None:
        return None
    stated = (verdict.reviewed_at, review.modified_at)
    return max((day for day in stated if day is not None and _is_date(day)), key=possible_span, default=None)


def _is_date(stated: str) -> bool:
    """Return whether the text is a day or an instant; older exports may hold other text."""
    try:
        possible_span(stated)
    except (ValueError, OverflowError):
        return False
    return True
