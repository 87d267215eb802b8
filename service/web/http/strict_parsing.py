"""Parameters and bodies, read strictly: what a schema does not know is refused, and so is what is given twice."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Request
from webargs.flaskparser import FlaskParser
from werkzeug.routing import IntegerConverter

from service.web.http.json_bodies import load_body
from service.web.http.negotiation import JSON

MERGE_PATCH = "application/merge-patch+json"


class Number(IntegerConverter):
    """A number in a path, written in one way only: no sign, no zeros before it, no digits of other scripts."""

    regex = "[1-9][0-9]{0,18}"


class StrictParser(FlaskParser):
    """Refuses what a schema does not know, and a parameter given twice: which one was meant is a guess."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None, "json": None}  # noqa: RUF012 - as in the base class

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The query string, each parameter once."""
        repeated = {name: ["Given more than once."] for name, values in req.args.lists() if len(values) > 1}
        if repeated:
            raise ma.ValidationError(repeated)
        return super().load_querystring(req, schema)

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The JSON of the body; that of a PATCH may say that it is a merge patch."""
        return load_body((JSON, MERGE_PATCH) if req.method == "PATCH" else (JSON,))
