"""Fields of days and times. Where a body or a query has a time, a day means its beginning or its end in UTC."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import marshmallow as ma
from marshmallow import fields

from service.model.timestamps import rfc3339

DAY_OR_TIME = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9]))?$"
)
# In the OpenAPI document. One type: generators make a class of two formats, and their clients fail on one that is left
# out.
DAY_OR_TIME_FORM = {"format": "date-or-date-time", "pattern": DAY_OR_TIME}
_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME_ERROR = "Must be an RFC 3339 time with a time zone, such as 2026-03-01T09:30:00Z."


class Timestamp(fields.AwareDateTime):
    """An RFC 3339 time, written in UTC with a ``Z``. Loading refuses a value without a time zone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise ma.ValidationError(_TIME_ERROR)
        try:
            moment: dt.datetime = super()._deserialize(value.upper(), attr, data, **kwargs)
        except ma.ValidationError as error:  # a day or hour that does not exist, such as 2026-02-30T09:30:00Z
            raise ma.ValidationError(_TIME_ERROR) from error
        return moment

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        # Times of the log are text already, exactly as they were hashed.
        return value if value is None or isinstance(value, str) else rfc3339(value)


class Day(fields.Date):
    """A calendar date, ``YYYY-MM-DD``. Loading refuses every other format."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):  # YAML parses an unquoted date
            return value
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        parsed: dt.date = super()._deserialize(value, attr, data, **kwargs)
        return parsed


class TimeOrDay(fields.String):
    """An RFC 3339 time, or a calendar date. Loads a ``datetime`` or a ``date``."""

    def __init__(self, description: str, example: str, **kwargs: Any) -> None:
        super().__init__(metadata={"description": description, "examples": [example]} | DAY_OR_TIME_FORM, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return (Day() if _DAY.fullmatch(text) else Timestamp()).deserialize(text)
        except ma.ValidationError as error:
            message = "Must be a date or an RFC 3339 time with a time zone, such as 2026-03-01 or 2026-03-01T09:30:00Z."
            raise ma.ValidationError(message) from error


class Since(TimeOrDay):
    """An RFC 3339 time, or a calendar date for its beginning in UTC. Loads a ``datetime``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        loaded = super()._deserialize(value, attr, data, **kwargs)
        return loaded if isinstance(loaded, dt.datetime) else dt.datetime.combine(loaded, dt.time(), dt.UTC)


class Until(TimeOrDay):
    """An RFC 3339 time, or a calendar date for its end in UTC. Loads a ``datetime``, of a year up to 9999."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        loaded = super()._deserialize(value, attr, data, **kwargs)
        try:
            if isinstance(loaded, dt.datetime):
                return loaded.astimezone(dt.UTC)
            return dt.datetime.combine(loaded, dt.time(), dt.UTC) + dt.timedelta(days=1)
        except OverflowError:
            raise ma.ValidationError("Must be in the years 1 to 9999 in UTC, such as 2026-12-31.") from None
