"""Errors as RFC 9457 problems: one shape everywhere, and one table from domain exceptions to statuses."""

from __future__ import annotations

import http
import logging
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from flask import Flask, Response, g
from marshmallow import fields
from werkzeug.exceptions import HTTPException

from service import errors
from service.schemas.fields import Shape, many, string

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "1"

log = logging.getLogger(__name__)

# Domain exception -> status and code. What is not here is a fault of ours: 500, without its text.
# A page that does not exist is not found: any string of the right alphabet is a cursor as far as a schema can say.
STATUS: dict[type[errors.ServiceError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.UnknownCursor: (404, "unknown_cursor"),
    errors.StoreUnavailable: (503, "unavailable"),
    errors.SchemaMismatch: (503, "unavailable"),
}


class ProblemDetailSchema(Shape):
    """One thing that is wrong with the request."""

    location = fields.String(
        data_key="in",
        required=True,
        metadata={"description": "`query`, `path`, `header` or `body`.", "examples": ["query"]},
    )
    pointer = string("JSON pointer to the field in it.", "/limit", required=True)
    detail = string("What is wrong with it.", "Must be greater than or equal to 1.", required=True)


class ProblemSchema(Shape):
    """RFC 9457 problem details."""

    type = string("`about:blank`: `code` tells problems apart.", "about:blank", required=True)
    title = string("The status in words.", "Unprocessable Entity", required=True)
    status = fields.Integer(required=True, metadata={"description": "The HTTP status.", "examples": [422]})
    code = string("Stable and machine-readable.", "invalid_request", required=True)
    detail = string("What happened, for a person.", required=True)
    request_id = string("Also in `X-Request-ID` and in the log.", "7f9c2ba4e88f827d", required=True)
    errors = many(ProblemDetailSchema, "Each field that is wrong.")


CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "content_too_large",
    415: "unsupported_media_type",
    422: "invalid_request",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


def problem(
    status: int,
    detail: str,
    findings: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    code: str | None = None,
) -> Response:
    """A problem response; ``findings`` are ``{"in", "pointer", "detail"}``."""
    phrase = http.HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "code": code or CODES.get(status, phrase.lower().replace(" ", "_")),
        "detail": detail,
        "request_id": g.get("request_id", ""),
    }
    if findings:
        body["errors"] = findings
    response = Response(orjson.dumps(body), status, content_type=MEDIA_TYPE)
    response.headers.update(headers or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def from_http_exception(error: HTTPException) -> Response:
    """Any error that Flask, werkzeug or webargs raises."""
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    findings = list(_flatten(data.get("messages", {})))
    detail = "The request has values that cannot be used." if findings else (error.description or "")
    kept = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return problem(status, detail if status != 500 else "Something went wrong on our side.", findings, kept)


def from_service_error(error: errors.ServiceError) -> Response:
    """A domain exception, by the table above."""
    known = [STATUS[kind] for kind in type(error).__mro__ if kind in STATUS]
    if not known:
        return from_unexpected(error)
    status, code = known[0]
    if status == 503:
        log.warning("store unavailable", exc_info=error)
        return problem(
            status,
            "The database does not answer, or not as it should. Try again.",
            None,
            {"Retry-After": RETRY_AFTER_SECONDS},
        )
    findings = None
    if isinstance(error, errors.UnknownCursor):
        findings = [{"in": "query", "pointer": "/cursor", "detail": str(error)}]
    return problem(status, str(error), findings, code=code)


def from_unexpected(error: Exception) -> Response:
    """A fault of ours: logged whole, answered without internals."""
    log.error("unhandled exception", exc_info=error)
    return problem(500, "Something went wrong on our side. The request id finds it in our log.")


def pointer_step(key: str | int) -> str:
    """One step of a JSON pointer (RFC 6901): to this member or index."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def register(app: Flask) -> None:
    """Answer every error of ``app`` as a problem."""
    app.register_error_handler(HTTPException, from_http_exception)
    app.register_error_handler(errors.ServiceError, from_service_error)
    app.register_error_handler(Exception, from_unexpected)


def _flatten(messages: Any, location: str = "", pointer: str = "") -> Iterator[dict[str, str]]:
    """Nested validation messages as findings: the outermost key is the location."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            if not location:
                yield from _flatten(value, "body" if key == "json" else str(key))
            else:
                step = "" if key == "_schema" else pointer_step(key)
                yield from _flatten(value, location, pointer + step)
    elif isinstance(messages, list):
        for message in messages:
            yield from _flatten(message, location, pointer)
    else:
        yield {"in": location, "pointer": pointer, "detail": str(messages)}
