"""Strict parsing of parameters and bodies: unknown and repeated names are refused."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NoReturn

import marshmallow as ma
from flask import Flask, Request, Response
from flask.globals import request_ctx
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter

from service.schemas.fields import Shape
from service.web.http.findings import findings_of
from service.web.http.json_bodies import MAX_VALUES, load_body, read_body
from service.web.http.negotiation import JSON
from service.web.http.problems import invalid

# Bytes of a query string.
_LONGEST_KEPT = 256

PATCHES = (JSON, "application/merge-patch+json")


def register(app: Flask) -> None:
    """Name the media types of a patch in the answers of every resource that can be patched (RFC 5789, 3.1)."""

    @cache
    def patched() -> frozenset[str]:
        return frozenset(rule.rule for rule in app.url_map.iter_rules() if "PATCH" in (rule.methods or ()))

    @app.after_request
    def accept_patches(response: Response) -> Response:
        rule = request_ctx.request.url_rule
        if rule is not None and rule.rule in patched():
            response.headers["Accept-Patch"] = ", ".join(PATCHES)
        return response


class Number(IntegerConverter):
    """A positive integer in a path, in one notation only: no sign, no leading zeros, ASCII digits."""

    regex = "[1-9][0-9]{0,18}"


@cache
def _instance(schema: type[ma.Schema]) -> ma.Schema:
    return schema()


class StrictParser(FlaskParser):
    """A parser that refuses unknown names and repeated parameters."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None, "json": None}  # noqa: RUF012 - as in the base class

    def parse(self, argmap: Any, req: Request | None = None, *, location: str | None = None, **more: Any) -> Any:
        """Return the parsed query or body. A query string that was parsed before is not parsed again."""
        query = request_ctx.request.query_string
        if location != "query" or len(query) > _LONGEST_KEPT:
            return super().parse(argmap, req, location=location, **more)
        return self._parsed(argmap, query).copy()

    @lru_cache(maxsize=1024)  # noqa: B019 - the parser lives as long as the process
    def _parsed(self, schema: type[ma.Schema], query_string: bytes) -> dict[str, Any]:
        """Return the parameters of this request's query string. They depend on nothing else."""
        parsed: dict[str, Any] = super().parse(schema, location="query")
        return parsed

    def _get_schema(self, argmap: Any, req: Request) -> ma.Schema:
        """Return the schema that all requests share: making one takes longer than loading with it."""
        return _instance(argmap) if isinstance(argmap, type) else super()._get_schema(argmap, req)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """Return the parameters of the query string; raise if one is repeated."""
        repeated = {name: ["Given more than once."] for name, values in req.args.lists() if len(values) > 1}
        if repeated:
            raise ma.ValidationError(repeated)
        return super().load_querystring(req, schema)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """Return the JSON of the body; the body of a PATCH may also be declared as a merge patch."""
        if isinstance(schema, Shape) and schema.MAY_BE_LEFT_OUT and not read_body():
            return {}
        media_types = PATCHES if req.method == "PATCH" else (JSON,)
        return load_body(media_types, getattr(schema, "MOST_VALUES", MAX_VALUES))

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **_: Any) -> NoReturn:
        """Answer 422 with a finding for each message."""
        findings = findings_of(error.normalized_messages(), schema, error.data)
        raise HTTPException(findings[0].detail, invalid(findings))
