"""Fields that several shapes share, each with the description and example that the OpenAPI document shows."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
ID_LENGTH = 120


class Shape(ma.Schema):
    """Base of every shape: fields in the order they are written; unknown ones are refused when it is read."""


def rfc3339(moment: dt.datetime) -> str:
    """For example ``2026-03-01T09:30:00.000000Z``."""
    return f"{moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


class Timestamp(fields.AwareDateTime):
    """An instant as RFC 3339 in UTC with a ``Z``; a value without a zone is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        return None if value is None else rfc3339(value)


class Day(fields.Date):
    """A calendar day, ``YYYY-MM-DD`` and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        if isinstance(value, dt.datetime):
            raise self.make_error("invalid", input=value, obj_type="date")
        if isinstance(value, dt.date):  # YAML reads an unquoted day as one
            return value
        if not isinstance(value, str) or len(value) != 10:
            raise self.make_error("invalid", input=value, obj_type="date")
        parsed: dt.date = super()._deserialize(value, attr, data, **kwargs)
        return parsed


class Number(fields.Float):
    """A number, shown without a fraction when it has none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        return _whole(super()._deserialize(value, attr, data, **kwargs))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        return None if value is None else _whole(value)


class Words(fields.String):
    """Text a person wrote: not blank, without control characters, of bounded length."""

    def __init__(self, *, longest: int = 2000, **kwargs: Any) -> None:
        pattern = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*\S[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
        rule = validate.Regexp(pattern, error="Must not be blank or hold control characters.")
        super().__init__(validate=validate.And(validate.Length(max=longest), rule), **kwargs)


def identifier(description: str, example: str, **kwargs: Any) -> fields.String:
    """A public id: lower case words joined by hyphens."""
    rule = validate.Regexp(ID_PATTERN, error="Must be lower-case letters and digits, joined by single hyphens.")
    length = validate.Length(max=ID_LENGTH)
    return fields.String(validate=[length, rule], metadata=_about(description, example), **kwargs)


def words(description: str, example: Any = None, *, longest: int = 2000, **kwargs: Any) -> Words:
    """Text a person wrote."""
    return Words(longest=longest, metadata=_about(description, example), **kwargs)


def string(description: str, example: Any = None, **kwargs: Any) -> fields.String:
    """A string with no rule of its own, as we send it."""
    return fields.String(metadata=_about(description, example), **kwargs)


def integer(description: str, example: int, **kwargs: Any) -> fields.Integer:
    """A whole number; not a string of digits, except in a query string."""
    return fields.Integer(metadata=_about(description, example), **kwargs)


def count(description: str, example: int) -> fields.Integer:
    """How many."""
    return integer(description, example, required=True, validate=validate.Range(min=0))


def choice(enum: type[Enum], description: str, example: Enum | None = None, **kwargs: Any) -> fields.Enum[Any]:
    """One of the values of ``enum``."""
    return fields.Enum(enum, by_value=fields.String, metadata=_about(description, example and example.value), **kwargs)


def day(description: str, example: str, **kwargs: Any) -> Day:
    """A calendar day."""
    return Day(metadata=_about(description, example), **kwargs)


def timestamp(description: str, example: str = "2026-03-01T09:30:00.000000Z", **kwargs: Any) -> Timestamp:
    """An instant."""
    return Timestamp(metadata=_about(description, example), **kwargs)


def nested(shape: type[ma.Schema], description: str, **kwargs: Any) -> fields.Nested:
    """Another shape."""
    return fields.Nested(shape, metadata={"description": description}, **kwargs)


def many(shape: type[ma.Schema], description: str, **kwargs: Any) -> fields.List[Any]:
    """A list of another shape."""
    return fields.List(fields.Nested(shape), metadata={"description": description}, **kwargs)


def identifiers(description: str, example: list[str], **kwargs: Any) -> fields.List[Any]:
    """A list of ids."""
    rule = validate.Regexp(ID_PATTERN, error="Must be lower-case letters and digits, joined by single hyphens.")
    inner = fields.String(validate=[validate.Length(max=ID_LENGTH), rule])
    return fields.List(inner, metadata=_about(description, example), **kwargs)


def _about(description: str, example: Any) -> dict[str, Any]:
    return {"description": description} | ({} if example is None else {"examples": [example]})


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
