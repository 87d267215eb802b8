"""Errors in Google's shape: ``google.rpc.Status`` as JSON, with ErrorInfo, BadRequest and RequestInfo as details."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g
from marshmallow import fields

from service.schemas.fields import Shape, nested, string
from service.web.http.problem_details import Finding
from service.web.http.problems import Problem
from service.web.http.suggestions import did_you_mean

# The Content-Type of Google's responses.
JSON_UTF8 = "application/json; charset=UTF-8"
DOMAIN = "claim-verification"
_TYPES = "type.googleapis.com/google.rpc."

# Status elsewhere in this service -> status to answer with, and its code in google.rpc.
STATUSES: dict[int, tuple[int, str]] = {
    400: (400, "INVALID_ARGUMENT"),
    401: (401, "UNAUTHENTICATED"),
    403: (403, "PERMISSION_DENIED"),
    404: (404, "NOT_FOUND"),
    405: (405, "UNIMPLEMENTED"),
    406: (406, "INVALID_ARGUMENT"),
    409: (409, "ABORTED"),
    410: (404, "NOT_FOUND"),
    412: (412, "FAILED_PRECONDITION"),
    413: (413, "INVALID_ARGUMENT"),
    415: (415, "INVALID_ARGUMENT"),
    422: (400, "INVALID_ARGUMENT"),
    429: (429, "RESOURCE_EXHAUSTED"),
    500: (500, "INTERNAL"),
    501: (501, "UNIMPLEMENTED"),
    503: (503, "UNAVAILABLE"),
    507: (507, "RESOURCE_EXHAUSTED"),
}
_BY_CODE = {"already_exists": (409, "ALREADY_EXISTS")}


class DetailSchema(Shape):
    """One of google.rpc's ErrorInfo, BadRequest and RequestInfo, distinguished by `@type`."""

    type = string("The type of the detail.", f"{_TYPES}ErrorInfo", data_key="@type", required=True)
    reason = string("ErrorInfo: stable and machine-readable.", "INVALID_REQUEST")
    domain = string("ErrorInfo: the service that defines the reason.", DOMAIN)
    fieldViolations = fields.List(  # noqa: N815 - Google's name
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={
            "description": "BadRequest: each invalid field.",
            "examples": [[{"field": "pageSize", "description": "Invalid value at 'pageSize': Not a valid integer."}]],
        },
    )
    requestId = string(  # noqa: N815
        "RequestInfo: the request's id, also in `X-Request-ID` and in the log.", "7f9c2ba4e88f827d"
    )


class StatusSchema(Shape):
    """The error itself."""

    code = fields.Integer(required=True, metadata={"description": "The HTTP status.", "examples": [400]})
    message = string("A message for a person.", required=True)
    status = string("The code of google.rpc.", "INVALID_ARGUMENT", required=True)
    details = fields.List(fields.Nested(DetailSchema), required=True, metadata={"description": "For a program."})


class GoogleErrorSchema(Shape):
    """An error in Google's shape."""

    error = nested(StatusSchema, "The error itself.", required=True)


def as_google_error(error: Problem) -> Response:
    """Return an error of any kind in Google's shape."""
    body, status = described(error, g.get("request_id", ""))
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), status, content_type=JSON_UTF8)


def described(error: Problem, request_id: str) -> tuple[dict[str, Any], int]:
    """Return the body of an error, and the HTTP status to send it with."""
    kind = (400, "INVALID_ARGUMENT") if error.status < 500 else (error.status, "INTERNAL")
    code, status = _BY_CODE.get(error.code) or STATUSES.get(error.status, kind)
    violations = [_violation(finding) for finding in error.findings]
    details: list[dict[str, Any]] = [
        {"@type": f"{_TYPES}ErrorInfo", "reason": error.code.upper(), "domain": DOMAIN},
    ]
    if violations:
        details.append({"@type": f"{_TYPES}BadRequest", "fieldViolations": violations})
    details.append({"@type": f"{_TYPES}RequestInfo", "requestId": request_id})
    message = "\n".join(violation["description"] for violation in violations) or error.detail
    return {"error": {"code": code, "message": message, "status": status, "details": details}}, code


def _violation(finding: Finding) -> dict[str, str]:
    """Return a field violation, in Google's words where Google has a message for it."""
    path = finding.path
    if not finding.is_unknown:
        description = f"Invalid value at '{path}': {finding.detail}"
    elif finding.location == "query":
        reason = f"Cannot bind query parameter. Field '{path}' could not be found in request message."
        description = f'Invalid JSON payload received. Unknown name "{path}": {reason}'
    else:
        parent, _, name = path.rpartition(".")
        at = f" at '{parent}'" if parent else ""
        description = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
    return {"field": path, "description": description + did_you_mean(finding.near)}
