"""Messages in ProtoJSON, the JSON of protocol buffers, as https://protobuf.dev/programming-guides/json/ describes it.

``null`` and the default of a field's type mean that the field is absent, names may be those of the ``.proto`` file
(``page_url`` for ``pageUrl``), and a number may be written as a string or with an exponent. Unknown fields are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_dump, pre_load, validate

from service.schemas.fields import Shape, Whole

INT32 = 2**31 - 1
# A number of JSON; as long as no number needs to be.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST = 40


class Answer(Shape):
    """Base class of Google's messages, which leave out empty members."""

    @post_dump
    def _leave_out(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if value not in (None, "", [], {})}


class Message(Answer):
    """Base class of messages in requests."""

    @pre_load
    def _read(self, data: Any, **_: Any) -> Any:
        """Return the members that are set, by the names of JSON."""
        if not isinstance(data, Mapping):
            return data
        shown = {name: str(field.data_key or name) for name, field in self.fields.items()}
        kinds = {shown[name]: field for name, field in self.fields.items()}
        read: dict[Any, Any] = {}
        for given, value in data.items():
            name = str(shown.get(given, given))
            if name in read:
                forms = " and ".join((name, *(own for own in shown if shown[own] == name)))
                raise ValidationError({name: [f"Given more than once, as {forms}: leave one of them out."]})
            read[name] = value
        return {name: value for name, value in read.items() if name not in kinds or not _is_default(kinds[name], value)}


class Int32(Whole):
    """A whole number of 32 bits: a number, or a string with one."""

    def __init__(self, description: str, example: int, **kwargs: Any) -> None:
        about = {"description": description, "examples": [example]}
        super().__init__(validate=validate.Range(min=-INT32 - 1, max=INT32), metadata=about, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = _number(value)
        if number is None:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(number, attr, data, **kwargs)


def _number(value: Any) -> int | None:
    """Return a whole number in one of its forms; ``None`` for other values."""
    if isinstance(value, str) and len(value) <= _LONGEST and _NUMBER.fullmatch(value):
        value = float(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_default(field: Any, value: Any) -> bool:
    """Return whether a value means that the field is absent."""
    if isinstance(field, Int32):
        return value is None or _number(value) == 0
    if isinstance(field, fields.List):
        return value is None or value == []
    return value is None or value == ""
