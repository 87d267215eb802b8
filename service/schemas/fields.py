"""Fields that several shapes share, each with the description and example that the OpenAPI document shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from enum import Enum
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate

from service.model.records import whole
from service.model.timestamps import rfc3339

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
OPTIONAL: dict[str, Any] = {"allow_none": True, "load_default": None}
ID_LENGTH = 120
URL_LENGTH = 2000

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[+-]?[0-9]{1,25}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# No control characters, and something that can be seen. The same in Python and in JavaScript.
WORDS_PATTERN = (
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
)
# Two labels or more, in letters and digits of any script; neither user nor password.
_LABEL = r"[^\s\x00-,./:-@\[-`{-\xa0]+"
URL_PATTERN = rf"^https?://{_LABEL}(\.{_LABEL})+(:[0-9]{{1,5}})?([/?#][^\s\x00-\x1f\x7f-\x9f]*)?$"


class Shape(ma.Schema):
    """Base of every shape: fields in the order they are written; unknown ones are refused when it is read."""

    # What JSON Schema can say of several fields at once, for the OpenAPI document: these are checked when it is read.
    RULES: ClassVar[dict[str, Any]] = {}


class Matches(validate.Regexp):
    """The whole value matches; Python's ``$`` alone lets a line end through."""

    regex: re.Pattern[str]

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class Timestamp(fields.AwareDateTime):
    """An instant as RFC 3339 in UTC with a ``Z``; a value without a zone is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        if not isinstance(value, str) or not _RFC3339.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type="RFC 3339 time, such as 2026-03-01T09:30:00Z")
        moment: dt.datetime = super()._deserialize(value.upper(), attr, data, **kwargs)
        return moment

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        # The log keeps times as they are hashed.
        return value if value is None or isinstance(value, str) else rfc3339(value)


class Day(fields.Date):
    """A calendar day, ``YYYY-MM-DD`` and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):  # YAML reads an unquoted day as one
            return value
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type="date (YYYY-MM-DD)")
        parsed: dt.date = super()._deserialize(value, attr, data, **kwargs)
        return parsed


class Whole(fields.Integer):
    """A whole number. In a query string it is digits and nothing else, though Python's ``int`` takes more.

    In JSON 3.0 is the same as 3.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and (self.strict or not _DIGITS.fullmatch(value)):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        number: int = super()._deserialize(value, attr, data, **kwargs)
        return number


class Number(fields.Float):
    """A number, never a string of digits; shown without a fraction when it has none."""

    def __init__(self, **kwargs: Any) -> None:
        # Up to here a float holds every whole number exactly.
        super().__init__(validate=validate.Range(min=-1e15, max=1e15), allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return whole(super()._deserialize(value, attr, data, **kwargs))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        shown: float | None = whole(value)
        return shown


class Words(fields.String):
    """Text a person wrote: not blank, without control characters, of bounded length."""

    def __init__(self, *, longest: int = 2000, metadata: dict[str, Any], **kwargs: Any) -> None:
        rules: list[Callable[[Any], Any]] = [validate.Length(max=longest), _plain_words]
        about = {**metadata, "minLength": 1, "pattern": WORDS_PATTERN}
        super().__init__(validate=rules, metadata=about, **kwargs)


class WebAddress(fields.String):
    """An ``http`` or ``https`` address."""

    def __init__(self, description: str, example: str, **kwargs: Any) -> None:
        rule = matching(URL_PATTERN, "Must be an http or https URL, such as https://example.org/news/1.")
        rules: list[Callable[[Any], Any]] = [validate.Length(max=URL_LENGTH), _not_too_long, rule]
        super().__init__(validate=rules, metadata=_about(description, example), **kwargs)


def _not_too_long(address: str) -> None:
    # PostgreSQL has no room for a longer one in an index.
    if len(address.encode("utf-8", "surrogatepass")) > URL_LENGTH:
        raise ma.ValidationError(f"Must be at most {URL_LENGTH} bytes in UTF-8.")


def _plain_words(value: str) -> None:
    if _CONTROL.search(value):
        raise ma.ValidationError("Must not hold control characters.")
    if not value.strip():
        raise ma.ValidationError("Must not be blank.")


def matching(pattern: str, error: str) -> Matches:
    """The rule that a value matches ``pattern``, which is in the OpenAPI document too."""
    return Matches(pattern, error=error)


def without_nul() -> Matches:
    """The rule for what is only looked for: PostgreSQL takes any text but one with NUL in it."""
    return matching(r"^[^\x00]*$", "Must not hold NUL.")


def identifier(description: str, example: str, **kwargs: Any) -> fields.String:
    """A public id: lower case words joined by hyphens."""
    rule = matching(ID_PATTERN, "Must be lower-case letters and digits, joined by single hyphens.")
    length = validate.Length(max=ID_LENGTH)
    return fields.String(validate=[length, rule], metadata=_about(description, example), **kwargs)


def words(description: str, example: Any = None, *, longest: int = 2000, **kwargs: Any) -> Words:
    """Text a person wrote."""
    return Words(longest=longest, metadata=_about(description, example), **kwargs)


def string(description: str, example: Any = None, **kwargs: Any) -> fields.String:
    """A string with no rule of its own, as we send it."""
    return fields.String(metadata=_about(description, example), **kwargs)


def integer(description: str, example: int, **kwargs: Any) -> Whole:
    """A whole number."""
    return Whole(metadata=_about(description, example), **kwargs)


def number(description: str, example: float, **kwargs: Any) -> Number:
    """A number."""
    return Number(metadata=_about(description, example), **kwargs)


def count(description: str, example: int) -> Whole:
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
    rule = matching(ID_PATTERN, "Must be lower-case letters and digits, joined by single hyphens.")
    inner = fields.String(validate=[validate.Length(max=ID_LENGTH), rule])
    return fields.List(inner, metadata=_about(description, example) | {"uniqueItems": True}, **kwargs)


def _about(description: str, example: Any) -> dict[str, Any]:
    return {"description": description} | ({} if example is None else {"examples": [example]})
