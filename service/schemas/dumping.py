"""Dump objects by a marshmallow schema, with the work that is the same for every object done once for the schema.

marshmallow looks up the accessor, the attribute, the default and the format of each field for each object anew, which
takes most of the time of a list. A dumper looks them up when it is made, and reads the attributes of an object at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import marshmallow as ma
from marshmallow import fields, missing
from marshmallow.utils import ensure_text_type, get_value

Writer = Callable[[Any, Any], Any]
"""Takes a value and the object that has it; returns the value for JSON."""

_PLAIN = frozenset({str, type(None)})


class Dumper:
    """Does what ``Schema.dump`` does with one object, for a schema without hooks."""

    def __init__(self, schema: ma.Schema) -> None:
        self._members = [_Member(name, field) for name, field in schema.dump_fields.items()]
        self._paths = [member.path for member in self._members]
        # With one name alone, attrgetter returns no tuple.
        self._read_all: Callable[[Any], Iterable[Any]] | None = (
            attrgetter(*self._paths) if len(self._paths) > 1 else None
        )

    def __call__(self, value: Any) -> dict[str, Any]:
        """Return the members of ``value``, a mapping or an object with attributes."""
        shape: dict[str, Any] = {}
        for member, own in zip(self._members, self._read(value), strict=True):
            shown = member.default() if own is missing else own
            if shown is not missing:
                shape[member.key] = member.write(shown, value)
        return shape

    def _read(self, value: Any) -> Iterable[Any]:
        if self._read_all is not None and not hasattr(value, "__getitem__"):
            try:
                return self._read_all(value)
            except AttributeError:
                pass
        return [get_value(value, path, missing) for path in self._paths]


class _Member:
    """A field: its name in JSON, its attribute, and how its value is written."""

    __slots__ = ("_default", "key", "path", "write")

    def __init__(self, name: str, field: fields.Field[Any]) -> None:
        self.key: str = field.data_key if field.data_key is not None else name
        self.path: str = field.attribute or name
        self.write = _writer(name, field)
        self._default = field.dump_default

    def default(self) -> Any:
        """Return the value where an object has none, or ``missing``."""
        return self._default() if callable(self._default) else self._default


def _writer(name: str, field: fields.Field[Any]) -> Writer:
    """Return what ``field`` does with a value. The fields that most values have take a shorter way."""
    how: Any = type(field)._serialize
    if how is fields.String._serialize:
        return _text
    if how is fields.Field._serialize:
        return _as_it_is
    if isinstance(field, fields.Nested) and how is fields.Nested._serialize:
        return _nested(field)
    if isinstance(field, fields.List) and how is fields.List._serialize:
        return _list(_writer(name, field.inner))
    return lambda value, owner: field._serialize(value, name, owner)


def _text(value: Any, owner: Any) -> str | None:
    return value if type(value) in _PLAIN else ensure_text_type(value)


def _as_it_is(value: Any, owner: Any) -> Any:
    return value


def _nested(field: fields.Nested) -> Writer:
    def write(value: Any, owner: Any) -> Any:
        schema = field.schema
        return None if value is None else schema.dump(value, many=schema.many or field.many)

    return write


def _list(write: Writer) -> Writer:
    return lambda value, owner: None if value is None else [write(each, owner) for each in value]
