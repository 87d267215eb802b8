"""Partial responses: the parameter ``fields``, such as ``claims(text,claimReview/url),nextPageToken``.

``a/b`` (or ``a.b``) selects b in a, ``a(b,c)`` b and c in a, ``*`` every member. A list is selected element by element.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
from marshmallow import fields

from service.web.http.quoting import quoted
from service.web.http.suggestions import did_you_mean, nearest

Names = Mapping[str, "Names"]
"""Selected members, each with the members selected in it; an empty mapping selects all of them."""

Paths = Sequence[tuple[str, "Paths"]]
"""A parsed mask: names, each with the paths selected in it."""

# No response is nested deeper.
DEEPEST = 8
_TOKEN = re.compile(r"\s*+(?:([A-Za-z][A-Za-z0-9_]*+|[*/.(),])\s*+)?+")


class BadMask(Exception):
    """A mask that cannot be parsed, or that selects a member that does not exist."""


def names_of(shape: ma.Schema) -> Names:
    """Return all members of a shape."""
    return {field.data_key or name: _inside(field) for name, field in shape.fields.items()}


def _inside(field: Any) -> Names:
    while isinstance(field, fields.List):
        field = field.inner
    return names_of(field.schema) if isinstance(field, fields.Nested) else {}


def choose(mask: str, known: Names) -> Names:
    """Return the members of ``known`` that ``mask`` selects; raise ``BadMask``."""
    return _selected(_Reader(mask).whole(), known)


def apply(selected: Names, value: Any) -> Any:
    """Return ``value`` with the selected members only."""
    if not selected:
        return value
    if isinstance(value, list):
        return [apply(selected, each) for each in value]
    return {name: apply(selected[name], inner) for name, inner in value.items() if name in selected}


def _selected(paths: Paths, known: Names) -> Names:
    selected: dict[str, Names] = {}
    for name, inner in paths:
        found = {}
        for member in known if name == "*" else [name] if name in known else []:
            try:
                found[member] = _selected(inner, known[member])
            except BadMask:
                if name != "*":
                    raise
        if not found and (name != "*" or inner):
            raise BadMask(f"Cannot find matching fields for path {quoted(name)}.{did_you_mean(nearest(name, known))}")
        selected = _union(selected, found)
    return selected


def _union(one: Names, other: Names) -> dict[str, Names]:
    """Return the union of two selections. A member that either selects as a whole is selected as a whole."""
    both = {name: _union(one[name], other[name]) if one[name] and other[name] else {} for name in one.keys() & other}
    return {**one, **other, **both}


class _Reader:
    """A recursive descent parser with one token of lookahead; the token at the end is empty."""

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
            raise BadMask(f"Unexpected character at position {found.end() + 1}.")
        self._end = found.end() if found else self._end
        return token

    def whole(self) -> Paths:
        """Parse the whole mask."""
        paths = self._paths(0)
        if self._ahead:
            raise BadMask(f"Unexpected {quoted(self._ahead)}.")
        return paths

    def _paths(self, depth: int) -> Paths:
        if depth > DEEPEST:
            raise BadMask(f"Nested deeper than {DEEPEST} levels.")
        paths = [self._path(depth)]
        while self._ahead == ",":
            self._next()
            paths.append(self._path(depth))
        return paths

    def _path(self, depth: int) -> tuple[str, Paths]:
        name = self._next()
        if not name or name in "/.(),":
            raise BadMask(f"Expected a field, got {quoted(name)}." if name else "Expected a field at the end.")
        if self._ahead in ("/", "."):
            self._next()
            if depth > DEEPEST:
                raise BadMask(f"Nested deeper than {DEEPEST} levels.")
            return name, [self._path(depth + 1)]
        if self._ahead == "(":
            self._next()
            inner = self._paths(depth + 1)
            if self._next() != ")":
                raise BadMask(f"{quoted(name)} lacks its closing parenthesis.")
            return name, inner
        return name, []
