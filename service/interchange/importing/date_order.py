"""Days and instants that are stated, compared where that is certain. Pure: no I/O."""

from __future__ import annotations

import datetime as dt

from service.model.verdicts import Verdict

DAY = dt.timedelta(days=1)


def span(stated: str) -> tuple[dt.datetime, dt.datetime]:
    """From when to when it can have been."""
    moment = dt.datetime.fromisoformat(stated)
    if moment.tzinfo is not None:
        return moment, moment
    moment = moment.replace(tzinfo=dt.UTC)
    return moment, moment + DAY


def has_come(stated: str, now: dt.datetime) -> bool:
    """Whether it can be the past: it is no later than it is anywhere now, by clocks that are not quite right."""
    return span(stated)[0] <= now + DAY


def comes_after(later: str | None, earlier: str | None) -> bool:
    """Whether the one is certainly after the other, or the same instant."""
    return later is not None and earlier is not None and span(earlier)[1] <= span(later)[0]


def is_newer(one: str | None, other: str | None) -> bool:
    """Whether the one is certainly after the other."""
    return comes_after(one, other) and not comes_after(other, one)


def dated(verdict: Verdict) -> str | None:
    """When a version of a review is of: when it was modified or, if that is not known, published.

    Of a deletion it is the day of that.
    """
    review = verdict.review
    if review is None:
        return None
    stated = (review.reviewed_at, review.modified_at)
    return max((day for day in stated if day is not None and _is_read(day)), key=span, default=None)


def _is_read(stated: str) -> bool:
    """Whether it is a day or an instant; exports of old may have brought something else."""
    try:
        span(stated)
    except (ValueError, OverflowError):
        return False
    return True
