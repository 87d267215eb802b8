"""The envelope of every list."""

from __future__ import annotations

from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields

from service.schemas.fields import Shape, many


@cache
def page_of(shape: type[ma.Schema]) -> type[ma.Schema]:
    """Return the schema of a page of ``shape``."""
    name = shape.__name__.removesuffix("Schema")
    members: dict[str, Any] = {
        "data": many(shape, "The items.", required=True),
        "next": fields.String(
            required=True,
            allow_none=True,
            metadata={
                "description": "The path of the next page; null on the last one.",
                "examples": ["/v1/claims?limit=50&cursor=WyJjbGFpbXMtcmVjZW5jeSIsMSwxXQ"],
            },
        ),
    }
    return type(f"{name}PageSchema", (Shape,), members | {"__doc__": f"A page of {name} items."})
