"""The OpenAPI document: what every operation shares, and flask-smorest without its own errors."""

from __future__ import annotations

import http
from collections.abc import Mapping, Sequence
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from service.web.http import problems
from service.web.http.negotiation import JSON
from service.web.http.rate_limits import DETAIL

SECURITY = "key"
SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, made with `claims keys create`: `Authorization: Bearer cv_...`.",
}

HEADERS = {
    "X-Request-ID": {"description": "Finds this request in the log.", "schema": {"type": "string"}},
    "ETag": {
        "description": "Strong validator; send it back as `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {"description": "How long a cache may answer for us.", "schema": {"type": "string"}},
    "RateLimit-Policy": {
        "description": "The limit, when there is one: `q` requests in `w` seconds.",
        "schema": {"type": "string", "examples": ['"reads";q=6000;w=60']},
    },
    "RateLimit": {
        "description": "What is left of it: `r` requests, all of them again in `t` seconds.",
        "schema": {"type": "string", "examples": ['"reads";r=5999;t=60']},
    },
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "How to say who you are.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` when this is the answer that the same request got before.",
        "schema": {"type": "string"},
    },
    "Link": {"description": 'The next page, `rel="next"`, when there is one.', "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
}


PARAMETERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Any text of yours that names this request: sent again with it, it gets the first answer.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-\\[\\]-~]+$"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The `ETag` of what you changed, or `*`.",
        "schema": {"type": "string", "minLength": 1, "examples": ["*"]},
    },
}


class _Converter(OpenAPIConverter):
    """Says of shapes what it takes several members to say."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        converted: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        rules = getattr(schema, "RULES", {})
        for member in converted.get("properties", {}).values():
            if None in member.get("enum", ()):
                # It says all; with a list of types beside it, generators of clients make three kinds of it.
                del member["type"]
        # They take an "anyOf" beside the members for several kinds of shape.
        return converted | ({"allOf": [rules]} if "anyOf" in rules else rules)


class Plugin(MarshmallowPlugin):
    """Shapes, with their rules."""

    Converter = _Converter


def links(leads_to: Mapping[str, Sequence[str]], member: str) -> dict[str, Any]:
    """What can be done next with what an answer shows: by path parameter, the operations that take ``member`` of it."""
    return {
        operation: {
            "operationId": operation,
            "parameters": {parameter: f"$response.body#/{member}"},
            "description": f"The `{member}` of the answer is its `{parameter}`.",
        }
        for parameter, operations in leads_to.items()
        for operation in operations
    }


class Api(flask_smorest.Api):
    """Documents errors as problems; leaves answering them to ``service.web.http.problems``."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Nothing: one place answers errors."""

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            if status < 300:
                continue
            own = ["X-Request-ID", *_HEADERS_OF.get(status, ())]
            response: dict[str, Any] = {
                "description": _MEANINGS.get(status, status.phrase),
                "headers": {name: HEADERS[name] for name in own},
            }
            if status == 308:
                response["content"] = {JSON: {"schema": problems.MergedSchema, "example": _MERGED}}
            elif status != 304:
                response["content"] = {
                    problems.MEDIA_TYPE: {"schema": problems.ProblemSchema, "example": _example(status)}
                }
            self.spec.components.response(status.name, response, lazy=True)

    def _register_pagination_header(self) -> None:
        """Nothing: pages are by keyset."""


_RATE = ("RateLimit-Policy", "RateLimit")
_HEADERS_OF: dict[int, tuple[str, ...]] = {
    304: ("ETag", "Cache-Control", *_RATE),
    308: ("Location",),
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After", *_RATE),
    503: ("Retry-After",),
}

_MEANINGS = {
    304: "You have it already.",
    308: "It was merged: what stands for it is at `Location`.",
    400: "The body is not JSON, or the request cannot be read.",
    401: "It needs an API key, or the one sent is not good.",
    403: "You may not do this.",
    404: "Nothing has this id, or no page begins at this cursor.",
    406: "It does not come in a form that you accept.",
    409: "What is there stands against it; `code` tells what. With `request_in_progress`, try again.",
    410: "It was withdrawn; `withdrawn` says when, by whom and why.",
    412: "It is not as `If-Match` has it: it has changed since. Nothing was written.",
    413: "The body is too long.",
    414: "The address is longer than the server reads: 8190 bytes with method and version.",
    415: "The body is not sent as application/json.",
    422: "Something is unknown, given twice, or has a value that cannot be used; `errors` names each.",
    428: "A change names the state it was made from: send `If-Match`.",
    431: "There are more headers, or longer ones, than the server reads.",
    429: "More requests than the limit allows; `Retry-After` says when to go on.",
    500: "Our fault. The request id finds it in our log.",
    503: "The database does not answer, or does not take writes; try again.",
    507: "There is no room left to write to. Nothing was written.",
}

_DETAILS = {
    400: "The body is not JSON: unexpected end of data: line 1 column 2 (char 1).",
    401: "This needs an API key: send it as `Authorization: Bearer KEY`.",
    403: "Your API key's role may not do this.",
    404: "no claim has the id 'nk-workers-51000'",
    406: "This resource comes as application/json.",
    409: "There is a claim 'nk-15000-workers-in-russia' already.",
    410: "the mention 'm-3f0c9d2a7b41' was withdrawn by Jane Doe: Entered twice.",
    412: "It has changed since you read it: read it again, and make your change to that.",
    413: "The data value transmitted exceeds the capacity limit.",
    414: "Request Line is too large (9000 > 8190)",
    415: "Send the body as application/json, in UTF-8, and say so in Content-Type.",
    422: "The request has values that cannot be used.",
    431: "Error parsing headers: 'limit request headers fields size'",
    428: "Send the ETag of what you changed as `If-Match`, so that nobody else's change is lost.",
    429: DETAIL,
    500: "Something went wrong on our side. The request id finds it in our log.",
    503: "The database does not answer. Try again.",
    507: "The database has no room left. Nothing was written.",
}

_CODES = {409: "id_taken"}
_MARK = {"at": "2026-03-01T09:30:00.000000Z", "by": "Jane Doe", "reason": "Entered twice."}
_MERGED = {"id": "nk-15000-labourers", "merged_into": "nk-15000-workers-in-russia", "merged": _MARK}


def _example(status: http.HTTPStatus) -> dict[str, Any]:
    example = {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "code": _CODES.get(status) or problems.CODES.get(status, status.phrase.lower().replace(" ", "_")),
        "detail": _DETAILS.get(status, status.phrase),
        "request_id": "7f9c2ba4e88f827d",
    }
    if status == 422:
        finding = {"in": "query", "pointer": "/limit", "detail": "Must be greater than or equal to 1."}
        return example | {"errors": [finding]}
    if status == 410:
        return example | {"withdrawn": _MARK}
    return example
