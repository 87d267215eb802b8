"""The parameters of pages, loaded by the schemas of the API."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import marshmallow as ma
from flask import request
from werkzeug.exceptions import HTTPException

from service.web.http.findings import findings_of
from service.web.http.problems import invalid


def shown_parameters() -> dict[str, str]:
    """Return the parameters of the request without empty ones, which forms send for fields that were left empty."""
    return {name: value for name, value in request.args.items() if value.strip()}


# A schema is made of many fields, and keeps nothing of what it has loaded.
@cache
def _loader(schema: type[ma.Schema]) -> ma.Schema:
    return schema()


def query(schema: type[ma.Schema], given: Mapping[str, str]) -> dict[str, Any]:
    """Return parameters loaded by a schema of the API; answer 422 if it refuses them."""
    loader = _loader(schema)
    try:
        loaded: dict[str, Any] = loader.load(given)
    except ma.ValidationError as error:
        refusal = invalid(findings_of({"query": error.normalized_messages()}, loader, given))
        raise HTTPException(response=refusal) from error
    return loaded
