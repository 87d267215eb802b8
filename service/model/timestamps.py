"""Timestamps of the store and the API: microseconds since the epoch, and RFC 3339 in UTC."""

from __future__ import annotations

import datetime as dt

MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def to_us(moment: dt.datetime) -> int:
    """Return microseconds since the epoch; ``moment`` must have a time zone."""
    return (moment - _EPOCH) // MICROSECOND


def from_us(microseconds: int) -> dt.datetime:
    """Return the UTC time of microseconds since the epoch."""
    return _EPOCH + microseconds * MICROSECOND


def shown_time(moment: dt.datetime | None) -> str | None:
    """Return a time as ``rfc3339`` writes it, and ``None`` for ``None``."""
    return None if moment is None else rfc3339(moment)


def rfc3339(moment: dt.datetime) -> str:
    """Return a time in UTC such as ``2026-03-01T09:30:00.000000Z``."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
