"""Errors into answers: one table from domain exceptions to statuses, and nothing of our inside in any of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import marshmallow as ma
import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from service.model import errors
from service.schemas.value_objects import MarkSchema
from service.web.http.auth import CHALLENGE
from service.web.http.problems import MergedSchema, pointer_step, problem

RETRY_AFTER_SECONDS = "1"

log = logging.getLogger(__name__)

# Domain exception -> status and code. What is not here is a fault of ours: 500, without its text.
# A page that does not exist is not found: any string of the right alphabet is a cursor as far as a schema can say.
STATUS: dict[type[errors.ServiceError], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.UnknownCursor: (404, "unknown_cursor"),
    errors.Withdrawn: (410, "withdrawn"),
    errors.KeyNeeded: (401, "unauthorized"),
    errors.KeyRefused: (401, "key_refused"),
    errors.Forbidden: (403, "forbidden"),
    errors.Conflict: (409, "conflict"),
    errors.Duplicate: (409, "already_exists"),
    errors.RequestInProgress: (409, "request_in_progress"),
    errors.RequestReused: (422, "idempotency_key_reused"),
    errors.VersionConflict: (412, "precondition_failed"),
    errors.InvalidInput: (422, "invalid_request"),
    errors.StoreFull: (507, "insufficient_storage"),
    errors.StoreUnavailable: (503, "unavailable"),
    errors.SchemaMismatch: (503, "unavailable"),
}
# What is said of ours in place of the exception's own words, which are for the log.
_SAID = {
    503: "The database does not answer, or does not take writes. Try again.",
    507: "The database has no room left. Nothing was written.",
}
_PARTLY = (
    "The database {}. The first {} items had been gone through, and what was taken in of them stays: "
    "send the same again, and it goes on."
)
_UNUSABLE = "The request has values that cannot be used."


def register(app: Flask) -> None:
    """Answer every error of ``app`` as a problem, and what was merged with a redirect."""
    app.register_error_handler(HTTPException, from_http_exception)
    app.register_error_handler(ma.ValidationError, from_validation_error)
    app.register_error_handler(errors.Merged, from_merge)
    app.register_error_handler(errors.ServiceError, from_service_error)
    app.register_error_handler(Exception, from_unexpected)


def from_http_exception(error: HTTPException) -> Response:
    """Any error that Flask, werkzeug or webargs raises."""
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    findings = list(_flatten(data.get("messages", {})))
    detail = _UNUSABLE if findings else (error.description or "")
    kept = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return problem(status, detail if status != 500 else "Something went wrong on our side.", findings, kept)


def from_validation_error(error: ma.ValidationError) -> Response:
    """A body that was read before it could be checked, as a patch is."""
    return problem(422, _UNUSABLE, list(_flatten({"json": error.normalized_messages()})))


def from_merge(error: errors.Merged) -> Response:
    """A redirect to what stands for it now, whatever of it was asked for."""
    # /v1/claims/<id> and all below it.
    steps = [error.into if step == 3 else part for step, part in enumerate(request.path.split("/"))]
    query = request.query_string.decode("latin-1")
    location = quote("/".join(steps), safe="/") + (f"?{query}" if query else "")
    shape = {"id": error.public_id, "merged_into": error.into, "merged": error.mark}
    response = Response(orjson.dumps(MergedSchema().dump(shape)), 308, content_type="application/json")
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-cache"
    return response


def from_service_error(error: errors.ServiceError) -> Response:
    """A domain exception, by the table above."""
    known = [STATUS[kind] for kind in type(error).__mro__ if kind in STATUS]
    if not known:
        return from_unexpected(error)
    status, code = known[0]
    detail, findings, more = _SAID.get(status, str(error)), None, None
    headers: dict[str, str] = {}
    if status in _SAID:
        log.warning("store unavailable", exc_info=error)
    if isinstance(error, errors.StoreFailure) and error.before:
        why = "has no room left" if status == 507 else "did not take any more"
        detail = _PARTLY.format(why, error.before)
    if status == 503 or isinstance(error, errors.RequestInProgress):
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if isinstance(error, errors.UnknownCursor):
        findings = [{"in": "query", "pointer": "/cursor", "detail": detail}]
    elif isinstance(error, errors.InvalidInput):
        place = "query" if request.method in ("GET", "HEAD") else "body"
        detail, findings = _UNUSABLE, [{"in": place, "pointer": f"/{error.field}", "detail": error.reason}]
    elif isinstance(error, errors.RequestReused):
        findings = [{"in": "header", "pointer": "/Idempotency-Key", "detail": detail}]
    elif isinstance(error, errors.Conflict):
        code = error.code
    elif isinstance(error, errors.Withdrawn):
        more = {"withdrawn": MarkSchema().dump(error.mark)}
    elif isinstance(error, errors.KeyNeeded):
        headers["WWW-Authenticate"] = CHALLENGE
    elif isinstance(error, errors.KeyRefused):
        headers["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
    return problem(status, detail, findings, headers, code, more)


def from_unexpected(error: Exception) -> Response:
    """A fault of ours: logged whole, answered without internals."""
    log.error("unhandled exception", exc_info=error)
    return problem(500, "Something went wrong on our side. The request id finds it in our log.")


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
        # marshmallow has one word for both.
        unknown = location == "query" and messages == "Unknown field."
        yield {"in": location, "pointer": pointer, "detail": "Unknown parameter." if unknown else str(messages)}
