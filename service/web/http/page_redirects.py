"""Send browsers that follow a link of the API to the page that shows the same to people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

import marshmallow as ma
from flask import Response, request
from marshmallow import fields, validate
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from service.web.http.negotiation import with_caching


@cache
def with_format(query: type[ma.Schema]) -> type[ma.Schema]:
    """Return a schema of parameters with ``format`` added, by which a browser gets the JSON."""
    description = (
        "`json`: answer with JSON whatever `Accept` prefers. Without it, a request that prefers `text/html` to JSON is "
        "sent to the page that shows the same."
    )
    field = fields.String(
        validate=validate.OneOf(["json"]), metadata={"description": description, "examples": ["json"]}
    )
    return type(query.__name__, (query,), {"format": field, "__doc__": query.__doc__})


def is_for_a_person() -> bool:
    """Return whether the client prefers a page to JSON, and does not ask for JSON in the address."""
    accept = request.environ.get("HTTP_ACCEPT", "")
    return _prefers_a_page(accept) and "format" not in request.args


# Clients send a few different values.
@lru_cache(maxsize=256)
def _prefers_a_page(accept: str) -> bool:
    accepts = parse_accept_header(accept, MIMEAccept)
    return accepts["text/html"] > accepts["application/json"]


def see_page(rule: str, ids: Mapping[str, str]) -> Response:
    """Return a redirect to the page of a rule, with the ids and the parameters of the request."""
    path = rule
    for name, public_id in ids.items():
        path = path.replace(f"<{name}>", public_id)
    query = request.query_string.decode("latin-1")
    response = Response(status=303)
    response.headers["Location"] = f"{path}?{query}" if query else path
    return with_caching(response)
