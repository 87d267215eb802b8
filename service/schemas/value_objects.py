"""Shapes of the value objects: quantities, times, spans, intervals."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.entities import Locator, Qualifier, Quantity, Reported, TimeFrame
from service.schemas.fields import (
    SHA256_PATTERN,
    Number,
    Shape,
    choice,
    count,
    day,
    integer,
    matching,
    nested,
    string,
    timestamp,
    words,
)
from service.schemas.json_schema_rules import any_of, given


class QuantitySchema(Shape):
    """A number as stated, ``low`` to ``high`` in ``unit``; an open end is null."""

    low = Number(
        allow_none=True,
        load_default=None,
        metadata={"description": "Lower bound, or null when open (`up to 25,000`).", "examples": [15000]},
    )
    high = Number(
        allow_none=True,
        load_default=None,
        metadata={"description": "Upper bound, or null when open (`more than 90 %`).", "examples": [15000]},
    )
    unit = words("What is counted.", "workers", longest=60, required=True)
    qualifier = choice(Qualifier, "How the number is hedged.", Qualifier.ABOUT, load_default=Qualifier.EXACT)

    RULES: ClassVar = any_of(given("low", kind="number"), given("high", kind="number"))

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        low, high = data.get("low"), data.get("high")
        if low is None and high is None:
            raise ValidationError("Needs a low or a high bound.", "low")
        if low is not None and high is not None and low > high:
            raise ValidationError("Must not be above the high bound.", "low")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Quantity:
        return Quantity(**data)


class TimeFrameSchema(Shape):
    """The time a statement is about, as worded and as days."""

    label = words("The time in words.", "by May 2025", longest=120, required=True)
    start = day("First day, or null when open or unknown.", "2025-01-01", allow_none=True, load_default=None)
    end = day("Last day, or null when open or unknown.", "2025-05-31", allow_none=True, load_default=None)

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("start") and data.get("end") and data["start"] > data["end"]:
            raise ValidationError("Must not be after the end.", "start")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> TimeFrame:
        return TimeFrame(**data)


class ReportedSchema(Shape):
    """What a document says in place of the claim's own value."""

    quantity = nested(QuantitySchema, "Another number.", allow_none=True, load_default=None)
    time_frame = nested(TimeFrameSchema, "Another time.", allow_none=True, load_default=None)
    text = words("Another wording of the difference, in our own words.", allow_none=True, load_default=None)

    RULES: ClassVar = any_of(given("quantity", kind="object"), given("time_frame", kind="object"), given("text"))

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(data.get(name) for name in ("quantity", "time_frame", "text")):
            raise ValidationError("Needs a quantity, a time frame or a text.", "text")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Reported:
        return Reported(**data)


class LocatorSchema(Shape):
    """Where in a document: Unicode code points `[start, end)`, and the SHA-256 of that span's UTF-8 text."""

    start = integer("First code point.", 120, required=True, strict=True, validate=validate.Range(min=0, max=2**31 - 2))
    end = integer(
        "The code point after the last.",
        180,
        required=True,
        strict=True,
        validate=validate.Range(min=1, max=2**31 - 1),
    )
    sha256 = fields.String(
        required=True,
        validate=matching(SHA256_PATTERN, "Must be 64 lower-case hexadecimal digits."),
        metadata={"description": "SHA-256 of the span, in hexadecimal.", "examples": ["0" * 64]},
    )

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        if "start" in data and "end" in data and data["start"] >= data["end"]:
            raise ValidationError("Must be after the start.", "end")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Locator:
        return Locator(**data)


class SpanSchema(Shape):
    """A part of a text: Unicode code points `[start, end)`."""

    start = integer("First code point.", 0, required=True, validate=validate.Range(min=0))
    end = integer("The one after the last.", 38, required=True, validate=validate.Range(min=0))


class MarkSchema(Shape):
    """When, by whom and why something was withdrawn or merged."""

    at = timestamp("When.", required=True)
    by = string("By whom.", "Jane Doe", required=True)
    reason = string("Why.", "Entered twice.", required=True)


class DaysSchema(Shape):
    """The days within which something happened, both included."""

    earliest = day("The first day possible.", "2025-05-02", required=True)
    latest = day("The last day possible.", "2025-05-31", required=True)


class IntervalSchema(Shape):
    """A count that lies between two bounds, both included."""

    at_least = count("The number that is certain.", 1)
    at_most = count("The number that is possible.", 2)
