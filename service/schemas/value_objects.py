"""Schemas of value objects: quantities, times, positions in a text, intervals."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validate, validates_schema

from service.model.entities import Locator, Qualifier, Quantity, Reported, TimeFrame
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    Number,
    Shape,
    choice,
    count,
    day,
    integer,
    nested,
    sha256,
    string,
    timestamp,
    words,
)
from service.schemas.json_schema_rules import absent, given, when


class QuantitySchema(Shape):
    """A stated number, from `low` to `high`, both included. For an exact number the two are equal."""

    low = Number(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The lower bound, or null when there is none, as in 'up to 25,000'.",
            "examples": [15000],
        },
    )
    high = Number(
        allow_none=True,
        load_default=None,
        metadata={
            "description": "The upper bound, or null when there is none, as in 'more than 90 %'.",
            "examples": [15000],
        },
    )
    unit = words("The unit: the thing that is counted or measured.", "workers", longest=60, required=True)
    qualifier = choice(
        Qualifier, f"The precision of the number. {values.QUALIFIER}", Qualifier.ABOUT, load_default=Qualifier.EXACT
    )

    RULES: ClassVar = when(absent("low"), given("high", kind="number"))

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        low, high = data.get("low"), data.get("high")
        if low is None and high is None:
            raise ValidationError("`low` or `high` is required, such as 15000.", "low")
        if low is not None and high is not None and low > high:
            raise ValidationError(f"`low` must not be greater than `high` ({high}).", "low")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Quantity:
        return Quantity(**data)


class TimeFrameSchema(Shape):
    """The time that a statement is about: in words, and as its first and last day."""

    label = words("The time in words.", "by May 2025", longest=120, required=True)
    start = day(
        "The first day (YYYY-MM-DD), or null when open or unknown.",
        "2025-01-01",
        allow_none=True,
        load_default=None,
    )
    end = day(
        "The last day (YYYY-MM-DD), or null when open or unknown.",
        "2025-05-31",
        allow_none=True,
        load_default=None,
    )

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("start"), data.get("end")
        if start and end and start > end:
            raise ValidationError(f"`start` must not be after `end` ({end}).", "start")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> TimeFrame:
        return TimeFrame(**data)


class ReportedSchema(Shape):
    """The value that a document states instead of the claim's. At least one of the three members is needed."""

    quantity = nested(
        QuantitySchema, "The number that the document states, or null.", allow_none=True, load_default=None
    )
    time_frame = nested(
        TimeFrameSchema, "The time that the document states, or null.", allow_none=True, load_default=None
    )
    text = words(
        "The difference in the annotator's own words, or null.",
        "Names Tatarstan instead of Alabuga.",
        allow_none=True,
        load_default=None,
    )

    RULES: ClassVar = when(absent("quantity", "time_frame"), given("text"))

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(data.get(name) for name in ("quantity", "time_frame", "text")):
            raise ValidationError("`reported` needs `quantity`, `time_frame` or `text`.", "text")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Reported:
        return Reported(**data)


class LocatorSchema(Shape):
    """A position in the text of a document, with a hash of the text there."""

    start = integer(
        "The offset of the first character, in Unicode code points from 0.",
        120,
        required=True,
        strict=True,
        validate=validate.Range(min=0, max=2**31 - 2),
    )
    end = integer(
        "The offset after the last character, in Unicode code points; greater than `start`.",
        180,
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=2**31 - 1),
    )
    sha256 = sha256("The hash of the text from `start` to `end` in UTF-8.", required=True)

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        start, end = data.get("start"), data.get("end")
        if start is not None and end is not None and start >= end:
            raise ValidationError(f"`end` must be greater than `start` ({start}).", "end")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Locator:
        return Locator(**data)


class SpanSchema(Shape):
    """A part of a text."""

    start = integer(
        "The offset of the first character, in Unicode code points from 0.",
        0,
        required=True,
        validate=validate.Range(min=0),
    )
    end = integer(
        "The offset after the last character, in Unicode code points.",
        38,
        required=True,
        validate=validate.Range(min=0),
    )


class MarkSchema(Shape):
    """The time, the author and the reason of a withdrawal or a merge."""

    at = timestamp("The time of the change.", required=True)
    by = string("The name of the person or key that made the change.", "Jane Doe", required=True)
    reason = string("The reason that was given.", "Entered twice.", required=True)


class DaysSchema(Shape):
    """A date known to lie between two days, both included."""

    earliest = day(
        "The earliest possible day (YYYY-MM-DD); null when unknown.", "2025-05-02", allow_none=True, required=True
    )
    latest = day(
        "The latest possible day (YYYY-MM-DD); null when unknown.", "2025-05-31", allow_none=True, required=True
    )


class IntervalSchema(Shape):
    """A count of independent origins, known to lie between two bounds, both included."""

    named = integer(
        "The number of origins that a document names, in words or by its context. Absent in a count by version 1 of "
        "the policy.",
        1,
        validate=validate.Range(min=0),
    )
    at_least = count("The lower bound: `named`, or 1 when there are mentions and no origin is named.", 1)
    at_most = count("The upper bound: the number that is possible.", 2)
