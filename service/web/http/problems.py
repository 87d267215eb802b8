"""The shape of every error: problem details by RFC 9457, but under addresses whose clients expect another."""

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

MEDIA_TYPE = "application/problem+json"


class ProblemDetailSchema(Shape):
    """One thing that is wrong with the request."""

    location = fields.String(
        data_key="in",
        required=True,
        metadata={"description": "`query`, `path`, `header` or `body`.", "examples": ["query"]},
    )
    pointer = string("JSON pointer to the field in it.", "/limit", required=True)
    detail = string("What is wrong with it.", "Must be greater than or equal to 1.", required=True)


class MergedSchema(Shape):
    """That something was merged, and into what."""

    id = identifier("What was merged.", "nk-15000-labourers", required=True)
    merged_into = identifier("What stands for it now.", "nk-15000-workers-in-russia", required=True)
    merged = nested(MarkSchema, "When, by whom and why.", required=True, allow_none=True)


class ProblemSchema(Shape):
    """RFC 9457 problem details."""

    type = string("`about:blank`: `code` tells problems apart.", "about:blank", required=True)
    title = string("The status in words.", "Unprocessable Entity", required=True)
    status = fields.Integer(required=True, metadata={"description": "The HTTP status.", "examples": [422]})
    code = string("Stable and machine-readable.", "invalid_request", required=True)
    detail = string("What happened, for a person.", required=True)
    request_id = string("Also in `X-Request-ID` and in the log.", "7f9c2ba4e88f827d", required=True)
    errors = many(ProblemDetailSchema, "Each field that is wrong.")
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
    """What went wrong. ``findings`` are ``{"in", "pointer", "detail"}``, ``more`` are members of its own."""

    status: int
    detail: str
    code: str
    findings: Sequence[Mapping[str, str]] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


ErrorShape = Callable[[Problem], Response]


def register(app: Flask, shapes: Mapping[str, ErrorShape]) -> None:
    """Let errors under these paths have shapes of their own."""
    app.extensions["error_shapes"] = shapes


def problem(
    status: int,
    detail: str,
    findings: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response:
    """The answer that says what went wrong, in the shape of the address that was asked."""
    phrase = http.HTTPStatus(status).phrase
    code = code or CODES.get(status, phrase.lower().replace(" ", "_"))
    response = _shape()(Problem(status, detail, code, findings or (), more or {}))
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def _shape() -> ErrorShape:
    shapes: Mapping[str, ErrorShape] = current_app.extensions.get("error_shapes", {})
    return next((shape for path, shape in shapes.items() if f"{request.path}/".startswith(f"{path}/")), as_problem)


def as_problem(told: Problem) -> Response:
    """Problem details."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(told.status).phrase,
        "status": told.status,
        "code": told.code,
        "detail": told.detail,
        "request_id": g.get("request_id", ""),
    }
    if told.findings:
        body["errors"] = told.findings
    return Response(orjson.dumps(body | dict(told.more)), told.status, content_type=MEDIA_TYPE)


def pointer_step(key: str | int) -> str:
    """One step of a JSON pointer (RFC 6901): to this member or index."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")
