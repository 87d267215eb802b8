"""Errors as problem details (RFC 9457), except below paths whose clients expect another shape."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Flask, Response, current_app, g, request
from marshmallow import fields

from service.schemas.fields import Shape, identifier, many, nested, string
from service.schemas.value_objects import MarkSchema
from service.web.http.problem_details import Finding, summary

MEDIA_TYPE = "application/problem+json"


class ProblemDetailSchema(Shape):
    """One thing that is wrong with the request."""

    location = fields.String(
        data_key="in",
        required=True,
        metadata={"description": "`query`, `path`, `header` or `body`.", "examples": ["query"]},
    )
    pointer = string("JSON pointer to the field in it.", "/limit", required=True)
    detail = string("The error, for a person.", "Must be between 1 and 200, for example 50. Got 0.", required=True)


class MergedSchema(Shape):
    """A resource that was merged, and the one that replaces it."""

    id = identifier("The id of the merged resource.", "nk-15000-labourers", required=True)
    merged_into = identifier("The id of the resource to use instead.", "nk-15000-workers-in-russia", required=True)
    merged = nested(MarkSchema, "When, by whom and why.", required=True, allow_none=True)


class ProblemSchema(Shape):
    """RFC 9457 problem details."""

    type = string("Always `about:blank`: `code` distinguishes problems.", "about:blank", required=True)
    title = string("The status in words.", "Unprocessable Entity", required=True)
    status = fields.Integer(required=True, metadata={"description": "The HTTP status.", "examples": [422]})
    code = string("Stable and machine-readable.", "invalid_request", required=True)
    detail = string("A sentence that can be shown to a person.", required=True)
    request_id = string("Also in `X-Request-ID` and in the log.", "7f9c2ba4e88f827d", required=True)
    errors = many(ProblemDetailSchema, "One item for each invalid field.")
    withdrawn = nested(MarkSchema, "With 410: when, by whom and why.")


CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    412: "precondition_failed",
    413: "content_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    422: "invalid_request",
    428: "precondition_required",
    431: "request_header_fields_too_large",
    500: "internal_error",
    501: "not_implemented",
    503: "unavailable",
    507: "insufficient_storage",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """An error to answer with. ``findings`` become ``errors``; ``more`` has additional members."""

    status: int
    detail: str
    code: str
    findings: Sequence[Finding] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


ErrorShape = Callable[[Problem], Response]


def register(app: Flask, shapes: Mapping[str, ErrorShape], for_browsers: Callable[[], ErrorShape | None]) -> None:
    """Register error shapes by path prefix; errors elsewhere are problem details.

    Unless ``for_browsers`` returns a shape for the request, which a person reads.
    """
    app.extensions["error_shapes"] = shapes, for_browsers


def problem(
    status: int,
    detail: str,
    findings: Sequence[Finding] | None = None,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """Return the response for an error, in the shape that clients of the requested path expect."""
    response = _shape()(Problem(status, detail, code or code_of(status), findings or (), more or {}))
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def invalid(findings: Sequence[Finding]) -> Response:
    """Return the 422 to a request with these findings; its ``detail`` is a sentence about the first."""
    return problem(422, summary(findings), findings)


def code_of(status: int) -> str:
    """Return the machine-readable code of a status, where an error has none of its own."""
    return CODES.get(status) or http.HTTPStatus(status).phrase.lower().replace(" ", "_")


def _shape() -> ErrorShape:
    if "error_shapes" not in current_app.extensions:
        return as_problem
    shapes, for_browsers = current_app.extensions["error_shapes"]
    own = (shape for path, shape in shapes.items() if f"{request.path}/".startswith(f"{path}/"))
    return next(own, None) or for_browsers() or as_problem


def as_problem(error: Problem) -> Response:
    """Return an error as problem details."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "request_id": g.get("request_id", ""),
    }
    if error.findings:
        body["errors"] = [finding.as_json() for finding in error.findings]
    return Response(orjson.dumps(body | dict(error.more)), error.status, content_type=MEDIA_TYPE)
