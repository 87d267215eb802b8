"""Field types and constructors that the schemas share; each field has its description and example for OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate
from marshmallow.decorators import POST_DUMP, PRE_DUMP

from service.identity.address_syntax import URL_PATTERN, is_web_address, percent_encoded
from service.model.records import whole
from service.schemas.dumping import Dumper
from service.schemas.time_fields import Day, Timestamp

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
COUNTRY_PATTERN = r"^[A-Z]{2}$"
LANGUAGE_PATTERN = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
OPTIONAL: dict[str, Any] = {"allow_none": True, "load_default": None}
ID_LENGTH = 120
URL_LENGTH = 2000

_DIGITS = re.compile(r"[+-]?[0-9]{1,25}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# No control characters, and at least one visible character. Means the same in Python and in JavaScript.
WORDS_PATTERN = (
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
)


class Shape(ma.Schema):
    """Base class of all schemas. Fields keep their order; loading refuses unknown ones."""

    # Rules across several fields, as JSON Schema, for the OpenAPI document. Validators of the schema check the same.
    RULES: ClassVar[dict[str, Any]] = {}
    # Members of the answer that a request cannot set, with the reason that a request with one is told.
    READ_ONLY: ClassVar[Mapping[str, str]] = {}
    # The schema to refer to for the members that this one has in common with it, if that is not its base class.
    EXTENDS: ClassVar[type[Shape] | None] = None
    # As a body: a request without one means an empty object.
    MAY_BE_LEFT_OUT: ClassVar[bool] = False

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        """Return ``obj`` as JSON values, or with ``many`` each of a collection."""
        if self._dumper is None:
            return super().dump(obj, many=many)
        dump = self._dumper
        several = self.many if many is None else many
        return [dump(each) for each in obj] if several and obj is not None else dump(obj)

    @cached_property
    def _dumper(self) -> Dumper | None:
        """The dumper, or ``None`` where a hook changes what is dumped."""
        has_hooks = self._hooks[PRE_DUMP] or self._hooks[POST_DUMP]
        return None if has_hooks else Dumper(self)


class Matches(validate.Regexp):
    """Validator for text that matches a pattern as a whole; Python's ``$`` alone accepts a trailing line end."""

    regex: re.Pattern[str]

    def __call__(self, value: Any) -> Any:
        if self.regex.fullmatch(value) is None:
            raise ma.ValidationError(self._format_error(value))
        return value


class _AddressRule(Matches):
    """Validator for an http or https URL, which names the right one where only percent-encoding is missing."""

    def _format_error(self, value: Any) -> str:
        encoded = percent_encoded(value.strip())
        if is_web_address(encoded):
            return f"Has characters that a URL may not have: percent-encode them, as in {encoded}."
        return "Must be an http or https URL, such as https://example.org/news/1."


class Whole(fields.Integer):
    """A whole number. A query string must have digits only, although Python's ``int`` accepts more.

    In JSON, 3.0 is the same as 3.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and (self.strict or not _DIGITS.fullmatch(value)):
            raise self.make_error("invalid", input=value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        number: int = super()._deserialize(value, attr, data, **kwargs)
        return number


class Number(fields.Float):
    """A JSON number; a string of digits is refused. A whole value is written without a fraction."""

    def __init__(self, **kwargs: Any) -> None:
        # A float holds every whole number of this size exactly.
        super().__init__(validate=validate.Range(min=-1e15, max=1e15), allow_nan=False, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return whole(super()._deserialize(value, attr, data, **kwargs))

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | float | None:
        shown: float | None = whole(value)
        return shown


class Words(fields.String):
    """Text written by a person: not blank, no control characters, at most ``longest`` characters."""

    def __init__(self, *, longest: int = 2000, metadata: dict[str, Any], **kwargs: Any) -> None:
        rules: list[Callable[[Any], Any]] = [validate.Length(max=longest), _plain_words]
        about = {**metadata, "minLength": 1, "pattern": WORDS_PATTERN}
        super().__init__(validate=rules, metadata=about, **kwargs)


class WebAddress(fields.String):
    """An ``http`` or ``https`` URL of at most ``URL_LENGTH`` bytes, with only the characters that a URL may have."""

    def __init__(self, description: str, example: str, **kwargs: Any) -> None:
        rules: list[Callable[[Any], Any]] = [validate.Length(max=URL_LENGTH), _not_too_long, _AddressRule(URL_PATTERN)]
        super().__init__(validate=rules, metadata=_about(description, example), **kwargs)


def _not_too_long(address: str) -> None:
    # PostgreSQL cannot index a longer one.
    if len(address.encode("utf-8", "surrogatepass")) > URL_LENGTH:
        raise ma.ValidationError(f"Must be at most {URL_LENGTH} bytes in UTF-8.")


def _plain_words(value: str) -> None:
    if _CONTROL.search(value):
        raise ma.ValidationError("Must not contain control characters, such as NUL or a bell.")
    if not value.strip():
        raise ma.ValidationError("Must not be blank.")


def matching(pattern: str, error: str) -> Matches:
    """Return the validator for ``pattern``, which the OpenAPI document shows too."""
    return Matches(pattern, error=error)


def without_nul() -> Matches:
    """Return the validator for search terms: any text without NUL, which PostgreSQL cannot store."""
    return matching(r"^[^\x00]*$", "Must not contain the NUL character.")


def id_rule(example: str) -> Matches:
    """Return the validator of a public id."""
    return matching(ID_PATTERN, f"Must be lower-case letters and digits, joined by single hyphens, such as {example}.")


def sha256(description: str, **kwargs: Any) -> fields.String:
    """Make a field for a SHA-256 hash in hexadecimal."""
    rule = matching(SHA256_PATTERN, "Must be a SHA-256 hash: 64 hexadecimal digits in lower case, such as e3b0...b855.")
    return fields.String(validate=rule, metadata=_about(description, "b" * 64), **kwargs)


def country_rule() -> Matches:
    """Return the validator of a country code."""
    return matching(COUNTRY_PATTERN, "Must be an ISO 3166-1 alpha-2 country code, such as KR.")


def identifier(description: str, example: str, **kwargs: Any) -> fields.String:
    """Make a field for a public id: lower-case words joined by hyphens."""
    rules = [validate.Length(max=ID_LENGTH), id_rule(example)]
    return fields.String(validate=rules, metadata=_about(description, example), **kwargs)


def words(description: str, example: Any = None, *, longest: int = 2000, **kwargs: Any) -> Words:
    """Make a field for text written by a person."""
    return Words(longest=longest, metadata=_about(description, example), **kwargs)


def string(description: str, example: Any = None, **kwargs: Any) -> fields.String:
    """Make a field for a string without validation, for answers."""
    return fields.String(metadata=_about(description, example), **kwargs)


def integer(description: str, example: int, **kwargs: Any) -> Whole:
    """Make a field for a whole number."""
    return Whole(metadata=_about(description, example), **kwargs)


def number(description: str, example: float, **kwargs: Any) -> Number:
    """Make a field for a number."""
    return Number(metadata=_about(description, example), **kwargs)


def count(description: str, example: int) -> Whole:
    """Make a required field for a count, 0 or more."""
    return integer(description, example, required=True, validate=validate.Range(min=0))


def choice(enum: type[Enum], description: str, example: Enum | None = None, **kwargs: Any) -> fields.Enum[Any]:
    """Make a field for a member of ``enum``, by its value."""
    return fields.Enum(enum, by_value=fields.String, metadata=_about(description, example and example.value), **kwargs)


def day(description: str, example: str, **kwargs: Any) -> Day:
    """Make a field for a calendar date."""
    return Day(metadata=_about(description, example), **kwargs)


def timestamp(description: str, example: str = "2026-03-01T09:30:00.000000Z", **kwargs: Any) -> Timestamp:
    """Make a field for an RFC 3339 time."""
    return Timestamp(metadata=_about(description, example), **kwargs)


def nested(shape: type[ma.Schema], description: str, **kwargs: Any) -> fields.Nested:
    """Make a field for an object of another schema."""
    return fields.Nested(shape, metadata={"description": description}, **kwargs)


def many(shape: type[ma.Schema], description: str, **kwargs: Any) -> fields.List[Any]:
    """Make a field for a list of objects of another schema."""
    return fields.List(fields.Nested(shape), metadata={"description": description}, **kwargs)


def identifiers(description: str, example: list[str], **kwargs: Any) -> fields.List[Any]:
    """Make a field for a list of distinct public ids."""
    inner = fields.String(validate=[validate.Length(max=ID_LENGTH), id_rule(example[0] if example else "some-id")])
    return fields.List(inner, metadata=_about(description, example) | {"uniqueItems": True}, **kwargs)


def addresses(description: str, example: str, *, at_most: int) -> fields.List[Any]:
    """Make an optional field for a list of at most ``at_most`` distinct URLs. The schema refuses repeated ones."""
    inner = WebAddress("A URL.", example)
    about = _about(description, [example]) | {"uniqueItems": True}
    return fields.List(inner, load_default=list, validate=validate.Length(max=at_most), metadata=about)


def flag(description: str, example: bool, **kwargs: Any) -> fields.Boolean:
    """Make a required boolean field, for answers."""
    return fields.Boolean(required=True, metadata=_about(description, example), **kwargs)


def switch(description: str, example: bool, *, in_query: bool = False, **kwargs: Any) -> fields.Boolean:
    """Make an optional boolean field, for requests. ``in_query``: the text ``true`` or ``false`` of a query string."""
    yes, no = ({"true"}, {"false"}) if in_query else ({True}, {False})
    return fields.Boolean(truthy=yes, falsy=no, metadata=_about(description, example), **kwargs)


def strings(description: str, example: list[str], **kwargs: Any) -> fields.List[Any]:
    """Make a required field for a list of strings without validation, for answers."""
    return fields.List(fields.String(), required=True, metadata=_about(description, example), **kwargs)


def _about(description: str, example: Any) -> dict[str, Any]:
    return {"description": description} | ({} if example is None else {"examples": [example]})
