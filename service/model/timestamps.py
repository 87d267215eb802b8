"""Timestamps of the store and the API: microseconds since the epoch, and RFC 3339 in UTC."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
PLACEHOLDER_DAYS = frozenset(
    map(
        dt.date.fromisoformat,
        # Unix in any time zone (PHP), OLE automation and spreadsheets, SQL Server and Excel, Excel on early Macs.
        ("1969-12-31", "1970-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1904-01-01"),
    )
)
"""The zeros of the calendars of computers, which stand in published reviews in the place of no date."""


def to_us(moment: dt.datetime) -> int:
    """Return microseconds since the epoch; ``moment`` must have a time zone."""
    return (moment - _EPOCH) // MICROSECOND


def from_us(microseconds: int) -> dt.datetime:
    """Return the UTC time of microseconds since the epoch."""
    return _EPOCH + microseconds * MICROSECOND


def shown_time(moment: dt.datetime | None) -> str | None:
    """Return a time as ``rfc3339`` writes it, and ``None`` for ``None``."""
    return None if moment is None else rfc3339(moment)


@lru_cache(maxsize=4096)
def rfc3339_of_us(microseconds: int) -> str:
    """Return microseconds since the epoch as ``rfc3339`` writes that time; claims written together have the same."""
    return rfc3339(from_us(microseconds))


def rfc3339(moment: dt.datetime) -> str:
    """Return a time in UTC such as ``2026-03-01T09:30:00.000000Z``."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
