"""Error handlers: domain exceptions and those of the libraries as problems, without internals."""

from __future__ import annotations

import logging
from urllib.parse import quote

import marshmallow as ma
import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service.model import errors
from service.schemas.value_objects import MarkSchema
from service.web.http.auth import CHALLENGE, HOW_TO_SEND_A_KEY
from service.web.http.findings import findings_of
from service.web.http.merge_patch import InvalidPatch
from service.web.http.nearest_ids import nearest_id
from service.web.http.preconditions import CHANGED, PreconditionFailed
from service.web.http.problem_details import Finding
from service.web.http.problems import MergedSchema, invalid, problem
from service.web.http.quoting import quoted
from service.web.http.suggestions import did_you_mean
from service.web.http.unknown_routes import explained

RETRY_AFTER_SECONDS = "1"
OUR_FAULT = "An internal error occurred. Report the `request_id`: it identifies the error in the log."

log = logging.getLogger(__name__)

# Domain exception -> status and code. Any other is a fault of ours: 500, without its text.
# An unknown cursor is a page that does not exist: by its schema every string of the right alphabet is a cursor.
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
    errors.StoreDamaged: (503, "store_damaged"),
    errors.LogDamaged: (503, "log_damaged"),
    errors.SchemaMismatch: (503, "schema_mismatch"),
}
# Sent instead of the exception's own message, which is for the log.
_STORE_FAILURES = {
    503: "The database does not respond, or cannot be written to. Try again in a moment.",
    507: "The database has no room left. Nothing was written.",
}
_DAMAGED = {
    "store_damaged": "The database is damaged: its operator has to restore a backup (`claims restore`).",
    "log_damaged": "The log is damaged: its operator can find out where (`claims audit`). Nothing was written.",
}
_PARTLY_DONE = (
    "The database {}. The first {} items had been processed and those that were accepted are stored: "
    "send the same request again to continue."
)


def register(app: Flask) -> None:
    """Answer every error of ``app`` as a problem, and requests for merged resources with a redirect."""
    app.register_error_handler(HTTPException, from_http_exception)
    app.register_error_handler(ma.ValidationError, from_validation_error)
    app.register_error_handler(errors.Merged, from_merge)
    app.register_error_handler(errors.ServiceError, from_service_error)
    app.register_error_handler(Exception, from_unexpected)


def from_http_exception(error: HTTPException) -> Response:
    """Return the response to an exception of Flask or werkzeug."""
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")}
    return problem(status, OUR_FAULT if status == 500 else _detail(error), headers=headers)


def _detail(error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge) and request.max_content_length:
        return f"The body is too large: at most {request.max_content_length} bytes are accepted, also uncompressed."
    return explained(error) or error.description or ""


def from_validation_error(error: ma.ValidationError) -> Response:
    """Return the response to a body that was validated after it had been parsed, such as a patch."""
    schema = error.schema if isinstance(error, InvalidPatch) else None
    return invalid(findings_of({"json": error.normalized_messages()}, schema, error.data))


def from_merge(error: errors.Merged) -> Response:
    """Return a redirect to the same path of the resource that it was merged into."""
    # /v1/claims/<id> and all below it, and the pages /claims/<id> and /embed/claims/<id>.
    steps = request.path.split("/")
    steps[3 if steps[1] in ("v1", "embed") else 2] = error.into
    query = request.query_string.decode("latin-1")
    location = quote("/".join(steps), safe="/") + (f"?{query}" if query else "")
    shape = {"id": error.public_id, "merged_into": error.into, "merged": error.mark}
    response = Response(orjson.dumps(MergedSchema().dump(shape)), 308, content_type="application/json")
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "no-cache"
    return response


def from_service_error(error: errors.ServiceError) -> Response:
    """Return the response to a domain exception, by the table above."""
    known = [STATUS[kind] for kind in type(error).__mro__ if kind in STATUS]
    if not known:
        return from_unexpected(error)
    status, code = known[0]
    detail = _DAMAGED.get(code) or _STORE_FAILURES.get(status, str(error))
    findings, more = None, None
    headers: dict[str, str] = {}
    if status in _STORE_FAILURES:
        log.warning("store unavailable", exc_info=error)
    if isinstance(error, errors.StoreFailure) and error.before:
        why = "has no room left" if status == 507 else "stopped accepting writes"
        detail = _PARTLY_DONE.format(why, error.before)
    if isinstance(error, errors.SchemaMismatch):
        detail = error.advice
    elif (status == 503 and code not in _DAMAGED) or isinstance(error, errors.RequestInProgress):
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    if isinstance(error, errors.NotFound) and not isinstance(error, errors.NotRecordedYet):
        near = did_you_mean(nearest_id(error.kind, error.public_id))
        detail = f"There is no {error.kind} {quoted(error.public_id)}.{near}"
    elif isinstance(error, errors.VersionConflict) and not isinstance(error, PreconditionFailed):
        detail = CHANGED
    elif isinstance(error, errors.UnknownCursor):
        findings = [Finding("query", "/cursor", detail)]
    elif isinstance(error, errors.InvalidInput):
        return invalid([_invalid_input(error)])
    elif isinstance(error, errors.RequestReused):
        findings = [Finding("header", "/Idempotency-Key", detail)]
    elif isinstance(error, errors.Conflict):
        code = error.code
    elif isinstance(error, errors.Withdrawn):
        more = {"withdrawn": MarkSchema().dump(error.mark)}
    elif isinstance(error, errors.KeyNeeded):
        headers["WWW-Authenticate"] = CHALLENGE
    elif isinstance(error, errors.KeyRefused):
        detail = f"{detail} {HOW_TO_SEND_A_KEY}"
        headers["WWW-Authenticate"] = f'{CHALLENGE}, error="invalid_token"'
    return problem(status, detail, findings, headers, code, more)


def _invalid_input(error: errors.InvalidInput) -> Finding:
    location = "query" if request.method in ("GET", "HEAD") else "body"
    near = None
    if isinstance(error, errors.UnknownReference):
        near = nearest_id(error.kind, error.public_id)
    return Finding(location, f"/{error.field}", f"{error.reason}{did_you_mean(near)}")


def from_unexpected(error: Exception) -> Response:
    """Log a fault of ours whole, and return a response without internals."""
    log.error("unhandled exception", exc_info=error)
    return problem(500, OUR_FAULT)
