"""flask-smorest, with what it leaves out: unknown and repeated parameters refused, every error documented."""

from __future__ import annotations

import http
import re
from collections.abc import Callable, Container, Mapping
from functools import wraps
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Request, Response, request
from webargs.flaskparser import FlaskParser

from service.errors import NotFound
from service.schemas.fields import ID_LENGTH, ID_PATTERN
from service.schemas.requests import NothingQuery
from service.web import problems
from service.web.limits import DETAIL, EXEMPT_PATHS
from service.web.negotiation import JSON, accepted

View = Callable[..., Response]

_ID = re.compile(ID_PATTERN)

HEADERS = {
    "X-Request-ID": {"description": "Finds this request in the log.", "schema": {"type": "string"}},
    "ETag": {
        "description": "Strong validator; send it back as `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {"description": "How long a cache may answer for us.", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, `rel="next"`, when there is one.', "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": "The limit, when there is one: `q` requests in `w` seconds.",
        "schema": {"type": "string", "examples": ['"reads";q=6000;w=60']},
    },
    "RateLimit": {
        "description": "What is left of it: `r` requests, all of them again in `t` seconds.",
        "schema": {"type": "string", "examples": ['"reads";r=5999;t=60']},
    },
}


class StrictParser(FlaskParser):
    """Refuses what a schema does not know, and a parameter given twice: which one was meant is a guess."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None}  # noqa: RUF012 - as in the base class

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The query string, each parameter once."""
        repeated = {name: ["Given more than once."] for name, values in req.args.lists() if len(values) > 1}
        if repeated:
            raise ma.ValidationError(repeated)
        return super().load_querystring(req, schema)


class Blueprint(flask_smorest.Blueprint):
    """A resource. ``reads`` declares a GET whole: its route, parameters, answer and every error."""

    ARGUMENTS_PARSER = StrictParser()

    def reads(
        self,
        rule: str,
        operation_id: str,
        shape: type[ma.Schema] | dict[str, Any],
        *,
        query: type[ma.Schema] = NothingQuery,
        media_types: Mapping[str, dict[str, Any] | None] | None = None,
        formats: Container[str] = (),
        paged: bool = False,
        conditional: bool = True,
        stored: bool = True,
        description: str = "The answer.",
    ) -> Callable[[View], View]:
        """A GET route. The view takes the parsed query, then the path's ids.

        ``media_types`` maps the forms on offer to their schemas, ``None`` for ``shape``; an ``Accept`` that has none
        of them is refused before the view runs, unless the parameter ``format`` names one of ``formats``. Ids that
        cannot exist are refused as not found.
        """
        offers = media_types or {JSON: None}

        def decorate(view: View) -> View:
            @wraps(view)
            def guarded(arguments: dict[str, Any], **ids: str) -> Response:
                for name, value in ids.items():
                    if len(value) > ID_LENGTH or not _ID.fullmatch(value):
                        raise NotFound(name.removesuffix("_id"), value)
                return view(arguments, **ids)

            handler = self.arguments(query, location="query")(guarded)
            limited = rule not in EXEMPT_PATHS
            names = ["X-Request-ID", "Cache-Control"] + ["ETag"] * conditional + ["Link"] * paged
            names += ["RateLimit-Policy", "RateLimit"] * limited
            headers = {name: HEADERS[name] for name in names}
            for media_type, own in offers.items():
                document = self.response(
                    200, own or shape, content_type=media_type, headers=headers, description=description
                )
                handler = document(handler)
            failures = [422, 406, 500] + [404] * ("<" in rule or paged) + [503] * stored + [304] * conditional
            failures += [429] * limited
            for status in failures:
                if status != 422:  # the parser documents its own
                    handler = self.alt_response(status, response=http.HTTPStatus(status).name)(handler)
            handler = self.doc(operationId=operation_id)(handler)

            @wraps(handler)
            def negotiated(**ids: str) -> Response:
                if request.args.get("format") not in formats:
                    accepted(list(offers))
                response: Response = handler(**ids)
                return response

            parameters = [_path_parameter(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", rule)]
            self.add_url_rule(rule, operation_id, negotiated, parameters=parameters)
            return view

        return decorate


def _path_parameter(name: str) -> dict[str, Any]:
    kind = name.removesuffix("_id")
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"The {kind}'s id.",
        "schema": {"type": "string", "pattern": ID_PATTERN, "maxLength": ID_LENGTH},
    }


class Api(flask_smorest.Api):
    """Documents errors as problems; leaves answering them to ``service.web.problems``."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Nothing: one place answers errors."""

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            if status < 300:
                continue
            headers = {"X-Request-ID": HEADERS["X-Request-ID"]}
            response: dict[str, Any] = {
                "description": _MEANINGS.get(status, status.phrase),
                "headers": headers,
            }
            if status == 304:
                headers |= {name: HEADERS[name] for name in ("ETag", "Cache-Control")}
            else:
                response["content"] = {
                    problems.MEDIA_TYPE: {"schema": problems.ProblemSchema, "example": _example(status)}
                }
            if status in (304, 429):
                headers |= {name: HEADERS[name] for name in ("RateLimit-Policy", "RateLimit")}
            if status in (429, 503):
                headers["Retry-After"] = HEADERS["Retry-After"]
            self.spec.components.response(status.name, response, lazy=True)

    def _register_pagination_header(self) -> None:
        """Nothing: pages are by keyset."""


_MEANINGS = {
    304: "You have it already.",
    404: "Nothing has this id, or no page begins at this cursor.",
    406: "It does not come in a form that you accept.",
    422: "A parameter is unknown, given twice, or has a value that cannot be used; `errors` names each.",
    429: "More requests than the limit allows; `Retry-After` says when to go on.",
    500: "Our fault. The request id finds it in our log.",
    503: "The database does not answer; try again.",
}

_DETAILS = {
    404: "no claim has the id 'nk-workers-51000'",
    406: "This resource comes as application/json.",
    422: "The request has values that cannot be used.",
    429: DETAIL,
    500: "Something went wrong on our side. The request id finds it in our log.",
    503: "The database does not answer. Try again.",
}


def _example(status: http.HTTPStatus) -> dict[str, Any]:
    example = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "code": problems.CODES.get(status, status.phrase.lower().replace(" ", "_")),
        "detail": _DETAILS.get(status, status.phrase),
        "request_id": "7f9c2ba4e88f827d",
    }
    if status == 422:
        finding = {"in": "query", "pointer": "/limit", "detail": "Must be greater than or equal to 1."}
        return example | {"errors": [finding]}
    return example
