"""Partial responses: the parameter ``fields``, such as ``claims(text,claimReview/url),nextPageToken``.

``a/b`` (or ``a.b``) is b in a, ``a(b,c)`` b and c in a, ``*`` every member; a list stands for each of its elements.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from marshmallow import fields

Names = Mapping[str, "Names"]
"""The members of a shape, or those that were asked for, each with its own; one without any is whole."""

Paths = Sequence[tuple[str, "Paths"]]
"""A mask as it was read: names, each with what is asked for in it."""

# No shape of ours goes deeper.
DEEPEST = 8
_TOKEN = re.compile(r"\s*+(?:([A-Za-z][A-Za-z0-9_]*+|[*/.(),])\s*+)?+")


class BadMask(Exception):
    """A mask that cannot be read, or that asks for what is not there."""


def names_of(shape: ma.Schema) -> Names:
    """All members of a shape."""
    return {field.data_key or name: _inside(field) for name, field in shape.fields.items()}


def _inside(field: Any) -> Names:
    while isinstance(field, fields.List):
        field = field.inner
    return names_of(field.schema) if isinstance(field, fields.Nested) else {}


def choose(mask: str, known: Names) -> Names:
    """What ``mask`` asks for of ``known``; raises ``BadMask``."""
    return _among(_Reader(mask).whole(), known)


def apply(asked: Names, value: Any) -> Any:
    """``value`` with nothing in it but what was asked for."""
    if not asked:
        return value
    if isinstance(value, list):
        return [apply(asked, each) for each in value]
    return {name: apply(asked[name], inner) for name, inner in value.items() if name in asked}


def _among(paths: Paths, known: Names) -> Names:
    asked: dict[str, Names] = {}
    for name, inner in paths:
        found = {}
        for member in known if name == "*" else [name] if name in known else []:
            try:
                found[member] = _among(inner, known[member])
            except BadMask:
                if name != "*":
                    raise
        if not found and (name != "*" or inner):
            raise BadMask(f"Cannot find matching fields for path '{name}'.")
        asked = _either(asked, found)
    return asked


def _either(one: Names, other: Names) -> dict[str, Names]:
    """What one of the two asks for. What either asks for whole is whole."""
    both = {name: _either(one[name], other[name]) if one[name] and other[name] else {} for name in one.keys() & other}
    return {**one, **other, **both}


class _Reader:
    """Reads a mask from left to right, one token after the other; the last one is empty."""

    def __init__(self, mask: str) -> None:
        self._mask = mask
        self._end = 0
        self._ahead = ""
        self._next()

    def _next(self) -> str:
        token = self._ahead
        found = _TOKEN.match(self._mask, self._end)
        self._ahead = (found and found[1]) or ""
        if not self._ahead and found and found.end() < len(self._mask):
            raise BadMask(f"Cannot be read from character {found.end() + 1} on.")
        self._end = found.end() if found else self._end
        return token

    def whole(self) -> Paths:
        """All of it."""
        paths = self._paths(0)
        if self._ahead:
            raise BadMask(f"'{self._ahead}' is out of place.")
        return paths

    def _paths(self, depth: int) -> Paths:
        if depth > DEEPEST:
            raise BadMask("Goes too deep.")
        paths = [self._path(depth)]
        while self._ahead == ",":
            self._next()
            paths.append(self._path(depth))
        return paths

    def _path(self, depth: int) -> tuple[str, Paths]:
        name = self._next()
        if not name or name in "/.(),":
            raise BadMask(f"'{name}' is not a field." if name else "A field is missing.")
        if self._ahead in ("/", "."):
            self._next()
            if depth > DEEPEST:
                raise BadMask("Goes too deep.")
            return name, [self._path(depth + 1)]
        if self._ahead == "(":
            self._next()
            inner = self._paths(depth + 1)
            if self._next() != ")":
                raise BadMask(f"'{name}(' is not closed.")
            return name, inner
        return name, []
