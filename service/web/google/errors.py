"""Google's shape of an error: ``google.rpc.Status`` as JSON, with ErrorInfo, BadRequest and RequestInfo as details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, g
from marshmallow import fields

from service.schemas.fields import Shape, nested, string
from service.web.http.problems import Problem

# What Google's answers call JSON.
JSON_UTF8 = "application/json; charset=UTF-8"
DOMAIN = "claim-verification"
_TYPES = "type.googleapis.com/google.rpc."

# Our status -> the one to answer with, and the code of google.rpc that goes with it.
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
    """One of google.rpc's ErrorInfo, BadRequest and RequestInfo: `@type` says which."""

    type = string("Which.", f"{_TYPES}ErrorInfo", data_key="@type", required=True)
    reason = string("ErrorInfo: stable and machine-readable.", "INVALID_REQUEST")
    domain = string("ErrorInfo: where the reason comes from.", DOMAIN)
    fieldViolations = fields.List(  # noqa: N815 - Google's name
        fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={
            "description": "BadRequest: each field that is wrong.",
            "examples": [[{"field": "pageSize", "description": "Invalid value at 'pageSize': Not a valid integer."}]],
        },
    )
    requestId = string(  # noqa: N815
        "RequestInfo: the request's id, also in `X-Request-ID` and in the log.", "7f9c2ba4e88f827d"
    )


class StatusSchema(Shape):
    """What went wrong."""

    code = fields.Integer(required=True, metadata={"description": "The HTTP status.", "examples": [400]})
    message = string("For a person.", required=True)
    status = string("google.rpc's code.", "INVALID_ARGUMENT", required=True)
    details = fields.List(fields.Nested(DetailSchema), required=True, metadata={"description": "For a program."})


class GoogleErrorSchema(Shape):
    """An error in Google's shape."""

    error = nested(StatusSchema, "What went wrong.", required=True)


def as_google_error(told: Problem) -> Response:
    """An error of any kind, in Google's shape."""
    body, status = described(told, g.get("request_id", ""))
    return Response(orjson.dumps(body, option=orjson.OPT_INDENT_2), status, content_type=JSON_UTF8)


def described(told: Problem, request_id: str) -> tuple[dict[str, Any], int]:
    """The body of an error, and the HTTP status to send it with."""
    kind = (400, "INVALID_ARGUMENT") if told.status < 500 else (told.status, "INTERNAL")
    code, status = _BY_CODE.get(told.code) or STATUSES.get(told.status, kind)
    violations = [_violation(finding) for finding in told.findings]
    details: list[dict[str, Any]] = [
        {"@type": f"{_TYPES}ErrorInfo", "reason": told.code.upper(), "domain": DOMAIN},
    ]
    if violations:
        details.append({"@type": f"{_TYPES}BadRequest", "fieldViolations": violations})
    details.append({"@type": f"{_TYPES}RequestInfo", "requestId": request_id})
    message = "\n".join(violation["description"] for violation in violations) or told.detail
    return {"error": {"code": code, "message": message, "status": status, "details": details}}, code


def _violation(finding: Mapping[str, str]) -> dict[str, str]:
    """Where and what, in Google's words where they have some."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in finding["pointer"].split("/")[1:]]
    path = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).removeprefix(".")
    if finding["detail"] not in ("Unknown field.", "Unknown parameter."):
        said = f"Invalid value at '{path}': {finding['detail']}"
    elif finding["in"] == "query":
        reason = f"Cannot bind query parameter. Field '{path}' could not be found in request message."
        said = f'Invalid JSON payload received. Unknown name "{path}": {reason}'
    else:
        at = path.rpartition(".")[0]
        name = f"\"{steps[-1]}\" at '{at}'" if at else f'"{steps[-1]}"'
        said = f"Invalid JSON payload received. Unknown name {name}: Cannot find field."
    return {"field": path, "description": said}
