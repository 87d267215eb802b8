"""Read back the values that an event's state has in plain JSON: the inverse of ``service.eventlog.events.plain``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints


def value_of(kind: Any, logged: Any) -> Any:
    """Return the value of the type ``kind`` that is logged as ``logged``.

    ``kind`` is a dataclass, an enumeration, ``dt.date``, ``dt.datetime``, a tuple of one of these, a type of JSON,
    or one of them or ``None``. Members of an object that the dataclass does not have are left out; those that are
    missing get their defaults, as in a state from before they were added.
    """
    return None if logged is None else _reader(kind)(logged)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return a function that reads values of a type, other than ``None``."""
    if get_origin(kind) is UnionType:
        [kind] = [each for each in get_args(kind) if each is not NoneType]
    if get_origin(kind) is tuple:
        each, _ = get_args(kind)
        return lambda logged: tuple(value_of(each, item) for item in logged)
    if isinstance(kind, type) and is_dataclass(kind):
        members = [(name, _reader(member)) for name, member in get_type_hints(kind).items()]
        return lambda logged: kind(
            **{
                name: None if (value := logged[name]) is None else read(value)
                for name, read in members
                if name in logged
            }
        )
    read: Callable[[Any], Any] = kind.fromisoformat if kind in (dt.date, dt.datetime) else kind
    return read
