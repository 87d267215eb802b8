"""The day or time of a review that a checker states: one that has come, and that is no placeholder."""

import datetime as dt

import pytest
from marshmallow import ValidationError

from service.schemas.verdict_bodies import VerdictBody

BODY = {"claim_version": 1, "rating": "refuted"}
TOMORROW_IN_THE_EAST = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)


@pytest.mark.parametrize(
    "stated",
    [
        "2024-10-21",
        "2024-10-21T09:30:00Z",
        "2024-10-21t09:30:00.123456+14:00",
        "1970-01-02",
        TOMORROW_IN_THE_EAST.isoformat(),
        None,
    ],
)
def test_a_day_or_a_time_is_kept_as_stated(stated: str | None) -> None:
    assert VerdictBody().load(BODY | {"reviewed_at": stated}).reviewed_at == stated


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("2024-02-30", "date or an RFC 3339 time"),
        ("2024-10-21T09:30:00", "date or an RFC 3339 time"),
        ("2024-10-21T24:00:00Z", "date or an RFC 3339 time"),
        ("0001-01-01T00:00:00+14:00", "date or an RFC 3339 time"),
        ("", "date or an RFC 3339 time"),
        ("9999-12-31T23:59:59-14:00", "not be in the future"),
        ((TOMORROW_IN_THE_EAST + dt.timedelta(days=2)).isoformat(), "not be in the future"),
        ("1970-01-01", "leave it out"),
        ("1969-12-31T19:00:00-05:00", "leave it out"),
        ("1900-01-01T00:00:00Z", "leave it out"),
    ],
)
def test_other_days_and_times_are_refused_with_the_reason(stated: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        VerdictBody().load(BODY | {"reviewed_at": stated})
