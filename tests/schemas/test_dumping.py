"""Dumping by a schema gives the same as marshmallow's own, whatever an object is and has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

import marshmallow as ma
import pytest
from marshmallow import fields, post_dump

from service.schemas.fields import Number, Shape, choice, timestamp
from service.schemas.time_fields import Day


class _Colour(StrEnum):
    RED = "red"


class _InnerSchema(Shape):
    name = fields.String()


class _Schema(Shape):
    text = fields.String(data_key="words")
    number = Number()
    whole = fields.Integer()
    truth = fields.Boolean()
    colour = choice(_Colour, "A colour.")
    day = Day()
    at = timestamp("A time.")
    deep = fields.String(attribute="inner.name")
    inner = fields.Nested(_InnerSchema)
    several = fields.Nested(_InnerSchema, many=True)
    inners = fields.List(fields.Nested(_InnerSchema))
    names = fields.List(fields.String())
    table = fields.Dict(keys=fields.String(), values=fields.Integer())
    defaulted = fields.String(dump_default="none given")
    made = fields.String(dump_default=lambda: "made")


class _OneSchema(Shape):
    text = fields.String()


class _HookedSchema(Shape):
    text = fields.String()

    @post_dump
    def _shout(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.upper() for name, value in data.items()}


class _Named(NamedTuple):
    name: str


@dataclass(frozen=True)
class _Thing:
    text: Any = "é"
    number: float = 3.0
    whole: int = 7
    truth: bool = False
    colour: _Colour = _Colour.RED
    day: dt.date = dt.date(2026, 1, 2)
    at: dt.datetime = dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
    inner: Any = field(default_factory=lambda: _Named("one"))
    several: Any = ()
    inners: Any = ({"name": "two"}, {"name": None}, {})
    names: Any = (_Colour.RED, "x", None)
    table: Mapping[str, int] = field(default_factory=lambda: {"a": 1})


@dataclass(frozen=True)
class _Whole(_Thing):
    defaulted: str = "given"
    made: None = None


_NOTHING = dict.fromkeys(_Schema().fields)


@pytest.mark.parametrize(
    "value",
    [
        _Thing(),
        _Whole(),
        _Whole(text=_Colour.RED, inner=None),
        _Whole(text=b"bytes", inner={"name": 5}),
        _Whole(inner=_InnerSchema, several=[_Named("a"), {"name": "b"}]),
        vars(_Whole()),
        MappingProxyType(vars(_Thing())),
        {},
        _NOTHING,
        {"inner": {}, "names": [], "unknown": 1},
        _Named("nothing that is asked for"),
        None,
    ],
)
def test_an_object_is_dumped_as_by_marshmallow(value: Any) -> None:
    schema = _Schema()
    assert schema.dump(value) == ma.Schema.dump(schema, value)
    assert list(schema.dump(value)) == list(ma.Schema.dump(schema, value))


@pytest.mark.parametrize("schema", [_OneSchema(), _HookedSchema(), _Schema(only=("text",)), _Schema(exclude=("text",))])
def test_a_schema_of_any_kind_dumps_as_by_marshmallow(schema: Shape) -> None:
    for value in (_Thing(), {"text": "x"}):
        assert schema.dump(value) == ma.Schema.dump(schema, value)
        assert schema.dump([value, value], many=True) == ma.Schema.dump(schema, [value, value], many=True)
    assert schema.dump(None, many=True) == ma.Schema.dump(schema, None, many=True)


def test_a_collection_is_dumped_by_a_schema_of_many() -> None:
    assert _OneSchema(many=True).dump([{"text": "a"}, {"text": "b"}]) == [{"text": "a"}, {"text": "b"}]
