"""Findings from marshmallow's messages: which value was wrong, an example of a right one, and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from service.schemas.fields import Shape
from service.schemas.time_fields import TimeOrDay, Timestamp
from service.web.http.problem_details import Finding, pointer_step
from service.web.http.quoting import quoted
from service.web.http.suggestions import did_you_mean, listed, nearest

_Path = tuple[str | int, ...]
_Field = fields.Field[Any]

_WITHIN = re.compile(r"^Must be greater than or equal to (\S+) and less than or equal to (\S+)\.$")
# Messages that an example makes clearer; not those about the length or about other fields.
_ABOUT_FORM = re.compile(r"(Not a|Must be|Invalid)\b")
_HAS_EXAMPLE = re.compile(r"such as|for example")
_LONGEST_EXAMPLE = 40
# A body may have more errors than there is time to look for names.
_EXPLAINED = 20
# An offset whose "+" was read as a space.
_UNENCODED_OFFSET = re.compile(r"(.*[Tt].*) (\d{2}:?\d{2})", re.DOTALL)
_UNKNOWN_FIELD = ma.Schema().error_messages["unknown"]


def findings_of(messages: Mapping[str, Any], schema: ma.Schema | None = None, data: object = None) -> list[Finding]:
    """Return one finding for each of ``messages``, marshmallow's by location.

    ``schema`` refused ``data``: with them the first findings quote the value, and give an example and the nearest name.
    """
    placed = [
        ("body" if location == "json" else str(location), path, message)
        for location, inner in messages.items()
        for path, message in _flattened(inner, ())
    ]
    return [
        _finding(*each, *((schema, data) if number < _EXPLAINED else (None, None)))
        for number, each in enumerate(placed)
    ]


def _flattened(messages: Any, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flattened(inner, path if key == "_schema" else (*path, key))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flattened(message, path)
    else:
        yield path, str(messages)


def _finding(location: str, path: _Path, message: str, schema: ma.Schema | None, data: object) -> Finding:
    pointer = "".join(pointer_step(step) for step in path)
    if message == _UNKNOWN_FIELD and path:
        return _unknown(location, path, pointer, schema)
    field = _field_at(schema, path)
    value = _value_at(data, path)
    if field is None:
        return Finding(location, pointer, message)
    if location == "query" and isinstance(field, (Timestamp, TimeOrDay)) and isinstance(value, str):
        offset = _UNENCODED_OFFSET.fullmatch(value)
        if offset:
            example = quoted(f"{offset[1]}%2B{offset[2]}")
            detail = f"Has a space before its offset: a `+` must be sent as `%2B`, for example {example}."
            return Finding(location, pointer, detail)
    return Finding(location, pointer, _detailed(message, field, value))


def _unknown(location: str, path: _Path, pointer: str, schema: ma.Schema | None) -> Finding:
    parent = _schema_at(schema, path[:-1])
    known = [field.data_key or name for name, field in parent.load_fields.items()] if parent else []
    name, kind = str(path[-1]), "parameter" if location == "query" else "field"
    if isinstance(parent, Shape) and name in parent.READ_ONLY:
        return Finding(location, pointer, parent.READ_ONLY[name])
    near = nearest(name, known)
    hint = did_you_mean(near)
    if not near and listed(known):
        hint = f" Known {kind}s: {listed(known)}."
    elif parent and not known:
        hint = f" No {kind}s are allowed here."
    return Finding(location, pointer, f"Unknown {kind} {quoted(name)}.{hint}", is_unknown=True, near=near)


def _detailed(message: str, field: _Field, value: Any) -> str:
    """Return ``message`` with an example of a right value, and the value that was given."""
    is_scalar = value is not ma.missing and value is not None and isinstance(value, (str, int, float))
    given = f" Got {quoted(value)}." if is_scalar else ""
    choices = _choices(field)
    if choices and message.startswith("Must be one of"):
        some = f" {len(choices)} values, such as {', '.join(choices[:3])}"
        among = f": {listed(choices)}" if listed(choices) else some
        near = nearest(value, choices) if isinstance(value, str) else None
        return f"Must be one of{among}.{given}{did_you_mean(near)}"
    message = _WITHIN.sub(r"Must be between \1 and \2.", message)
    example = next(iter(field.metadata.get("examples", ())), None)
    if (
        is_scalar
        and isinstance(example, (str, int, float))
        and _ABOUT_FORM.match(message)
        and not _HAS_EXAMPLE.search(message)
        and len(str(example)) <= _LONGEST_EXAMPLE
        and message.endswith(".")
        and _refuses(field, value)
    ):
        plain = example if isinstance(example, str) else quoted(example)
        message = f"{message[:-1]}, for example {plain}."
    return f"{message}{given}"


def _choices(field: _Field) -> list[str]:
    if isinstance(field, fields.Enum):
        return [str(member.value if field.by_value else member.name) for member in field.enum]
    rules = [rule for rule in field.validators if isinstance(rule, validate.OneOf)]
    return [str(choice.value if isinstance(choice, Enum) else choice) for rule in rules for choice in rule.choices]


def _refuses(field: _Field, value: Any) -> bool:
    """Return whether ``field`` refuses ``value`` by itself, rather than the schema because of other fields."""
    try:
        field.deserialize(value)
    except ma.ValidationError:
        return True
    return False


def _field_at(schema: ma.Schema | None, path: _Path) -> _Field | None:
    """Return the field that a path of members and indices leads to, if the schema has one there."""
    if schema is None or not path:
        return None
    by_key = {field.data_key or name: field for name, field in schema.load_fields.items()}
    found, rest = by_key.get(str(path[0])), path[1:]
    while isinstance(found, fields.List) and rest and isinstance(rest[0], int):
        found, rest = found.inner, rest[1:]
    if not rest:
        return found
    return _field_at(found.schema, rest) if isinstance(found, fields.Nested) else None


def _schema_at(schema: ma.Schema | None, path: _Path) -> ma.Schema | None:
    """Return the schema of the object that a path leads to."""
    if not path:
        return schema
    field = _field_at(schema, path)
    return field.schema if isinstance(field, fields.Nested) else None


def _value_at(data: Any, path: _Path) -> Any:
    for step in path:
        is_member = isinstance(data, Mapping) and step in data
        is_item = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if not (is_member or is_item):
            return ma.missing
        data = data[step]
    return data
