"""Read back the values that an event's state has in plain JSON: the inverse of ``service.eventlog.events.plain``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
    if logged is None:
        return None
    if get_origin(kind) is UnionType:
        [kind] = [each for each in get_args(kind) if each is not NoneType]
    if get_origin(kind) is tuple:
        each, _ = get_args(kind)
        return tuple(value_of(each, item) for item in logged)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: value_of(each, logged[name]) for name, each in _members(kind).items() if name in logged})
    return kind.fromisoformat(logged) if kind in (dt.date, dt.datetime) else kind(logged)


@cache
def _members(kind: type) -> Mapping[str, Any]:
    """Return the types of a dataclass's members."""
    return get_type_hints(kind)
