"""The envelope of every list."""

from __future__ import annotations

from functools import cache

import marshmallow as ma

from service.schemas.fields import Shape, many, string


class PageSchema(Shape):
    """A page of a list."""

    next = string(
        "The path of the next page; null on the last one.",
        "/v1/claims?limit=50&cursor=WyJjbGFpbXMtcmVjZW5jeSIsMSwxXQ",
        required=True,
        allow_none=True,
    )


@cache
def page_of(shape: type[ma.Schema]) -> type[ma.Schema]:
    """Return the schema of a page of ``shape``."""
    name = shape.__name__.removesuffix("Schema")
    members = {"__doc__": f"A page of {name} items.", "data": many(shape, "The items.", required=True)}
    return type(f"{name}PageSchema", (PageSchema,), members | {"EXTENDS": PageSchema})
