"""The OpenAPI document: headers, parameters and error responses that operations share."""

from __future__ import annotations

import http
from collections.abc import Callable
from threading import Lock
from typing import Any

import flask_smorest
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import fields as ma_fields

from service.schemas.enum_descriptions import SHARED
from service.web.http import problems
from service.web.http.auth import HOW_TO_SEND_A_KEY
from service.web.http.negotiation import JSON
from service.web.http.openapi_components import compact
from service.web.http.openapi_extensions import EXTENDS
from service.web.http.rate_limits import DETAIL

SECURITY = "key"
SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, made with `claims keys create`: `Authorization: Bearer cv_...`.",
}

HEADERS = {
    "X-Request-ID": {"description": "Identifies this request in the log.", "schema": {"type": "string"}},
    "ETag": {
        "description": "Strong validator; send it back as `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "The time a cache may store the response for.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The limit, when there is one: `q` requests in `w` seconds.",
        "schema": {"type": "string", "examples": ['"reads";q=30000;w=60']},
    },
    "RateLimit": {
        "description": "The rest of it: `r` requests are left; the count is reset in `t` seconds.",
        "schema": {"type": "string", "examples": ['"reads";r=5999;t=60']},
    },
    "Accept-Patch": {
        "description": "The media types of a patch of this resource.",
        "schema": {"type": "string", "examples": ["application/json, application/merge-patch+json"]},
    },
    "Location": {"description": "The path of the resource.", "schema": {"type": "string"}},
    "WWW-Authenticate": {"description": "The authentication that is needed.", "schema": {"type": "string"}},
    "Idempotency-Replayed": {
        "description": "`true` when this is the stored response to the same request made before.",
        "schema": {"type": "string"},
    },
    "Claims-Recounting": {
        "description": (
            "The number of claims that wait to be recomputed after a wide edit or an upgrade, if there are any. "
            "Filters, order and totals may be behind for these; what is shown of a claim is not."
        ),
        "schema": {"type": "integer"},
    },
    "Claims-Position": {
        "description": (
            "Where the database has replicas: the position of this write. Send it with a read to read the write."
        ),
        "schema": {"type": "string", "examples": ["16/B374D848"]},
    },
    "Link": {"description": 'The next page, `rel="next"`, when there is one.', "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}},
}


PARAMETERS: dict[str, dict[str, Any]] = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "A text of your choice that identifies this request, such as a UUID. A repeated request with "
        "the same key gets the first response again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-\\[\\]-~]+$"},
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "The `ETag` of the state that you changed, or `*` for any.",
        "schema": {"type": "string", "minLength": 1},
        "example": "*",
    },
}


class _Converter(OpenAPIConverter):
    """A converter that adds the descriptions of shapes and their rules, and makes shared enumerations components."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        converted: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        for name, member in converted.get("properties", {}).items():
            _describe_once(schema.fields.get(name), member)
        about = " ".join((type(schema).__doc__ or "").split())
        if schema.EXTENDS is not None:
            self.resolve_nested_schema(schema.EXTENDS)  # type: ignore[no-untyped-call]
        # Not all base classes are components, or have the members as they are here.
        rules: dict[str, Any] = schema.RULES
        base = self.schema_name_resolver(schema.EXTENDS or type(schema).__base__)
        return {"description": about} | converted | rules | {EXTENDS: base}

    def field2property(self, field: Any) -> dict[str, Any]:
        converted: dict[str, Any] = super().field2property(field)
        if "enum" not in converted:
            return converted
        values = {"type": "string", "enum": [value for value in converted["enum"] if value is not None]}
        if _is_shared(field):
            name, about = SHARED[field.enum]
            if name not in self.spec.components.schemas:
                self.spec.components.schema(name, {"description": about} | values)
            values = {"$ref": f"#/components/schemas/{name}"}
        rest = {name: value for name, value in converted.items() if name not in ("type", "enum")}
        # Generators of clients lose a null that is one of the values.
        return rest | ({"anyOf": [values, {"type": "null"}]} if None in converted["enum"] else values)

    def _field2parameter(self, field: Any, *, name: str, location: str) -> dict[str, Any]:
        parameter: dict[str, Any] = super()._field2parameter(field, name=name, location=location)
        _describe_once(field, parameter)
        return parameter


def _describe_once(field: Any, described: dict[str, Any]) -> None:
    """Leave out the description of values that the component has."""
    if "description" in described and _is_shared(field):
        described["description"] = " ".join(described["description"].replace(SHARED[field.enum][1], "").split())


def _is_shared(field: Any) -> bool:
    """Return whether a field has an enumeration that is a component."""
    return isinstance(field, ma_fields.Enum) and field.enum in SHARED


class Plugin(MarshmallowPlugin):
    """The marshmallow plugin, with the rules of shapes."""

    Converter = _Converter


class Api(flask_smorest.Api):
    """A flask-smorest API that documents errors as problems; ``error_handlers`` answers them.

    It documents its routes when the document is first asked for: a process that only serves them starts sooner.
    """

    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._undocumented: list[Callable[[], None]] = []
        self._documenting = Lock()
        super().__init__(*arguments, **more)

    def document_later(self, document: Callable[[], None]) -> None:
        """Call ``document``, which adds to the specification, before the document is made."""
        self._undocumented.append(document)

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        with self._documenting:
            while self._undocumented:
                self._undocumented.pop(0)()
        return compact(self.spec.to_dict())

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
            elif status not in (303, 304):
                response["content"] = {
                    problems.MEDIA_TYPE: {"schema": problems.ProblemSchema, "example": _example(status)}
                }
            self.spec.components.response(status.name, response, lazy=True)

    def _register_pagination_header(self) -> None:
        """Register none: pages are keyset pages."""


_RATE = ("RateLimit-Policy", "RateLimit")
_HEADERS_OF: dict[int, tuple[str, ...]] = {
    303: ("Location", "Cache-Control", *_RATE),
    304: ("ETag", "Cache-Control", *_RATE),
    308: ("Location",),
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After", *_RATE),
    503: ("Retry-After",),
}

_MEANINGS = {
    303: "`Accept` prefers `text/html`: `Location` is a page that shows the same to people.",
    304: "The client already has this representation.",
    308: "The resource was merged: `Location` is the one that replaces it.",
    400: "The body is not JSON, or the request is malformed.",
    401: "An API key is needed, or the one sent is not valid.",
    403: "The API key does not permit this.",
    404: "There is no resource with this id, or no page at this cursor.",
    406: "None of the available media types is acceptable.",
    409: "Conflicts with the current state; `code` identifies the conflict. With `request_in_progress`, try again.",
    410: "The resource was withdrawn; `withdrawn` says when, by whom and why.",
    412: "The resource has changed: it does not match `If-Match`. Nothing was written.",
    413: "The body is too large; `detail` has the limit.",
    414: "The URL is too long: the request line, with method and version, may have 8190 bytes.",
    415: "The body has another Content-Type than the ones that are accepted; `detail` lists these.",
    422: "A parameter or field is unknown, repeated, missing or invalid; `errors` has each.",
    428: "`If-Match` is required.",
    431: "There are too many headers, or one is too long.",
    429: "Too many requests; `Retry-After` has the seconds to wait.",
    500: "An internal error. The request id identifies it in the log.",
    503: "The database does not respond, or cannot be written to; try again.",
    507: "The database has no room left. Nothing was written.",
}

_DETAILS = {
    400: "The body is not JSON: unexpected end of data: line 1 column 2 (char 1).",
    401: f"This request needs an API key. {HOW_TO_SEND_A_KEY}",
    403: "This request needs the role editor; your API key has the role checker.",
    404: "There is no claim 'nk-15000-worker-in-russia'. Did you mean 'nk-15000-workers-in-russia'?",
    406: "This resource is available as application/json, none of which matches `Accept: image/png`.",
    409: "There is a claim 'nk-15000-workers-in-russia' already.",
    410: "The mention 'm-3f0c9d2a7b41' was withdrawn by Jane Doe: Entered twice.",
    412: "The resource has changed since you read it. GET it again, apply your change to it, and send its new `ETag`.",
    413: "The body is too large: at most 1048576 bytes are accepted, also uncompressed.",
    414: "The URL is too long: the request line may have 8190 bytes. Send long texts in a body: `POST /v1/match`.",
    415: "The Content-Type 'text/plain' is not supported: send the body as application/json in UTF-8.",
    422: "`limit` must be between 1 and 200, for example 50. Got 0.",
    431: "The headers are too large: there may be 100 of them, each with 8190 bytes.",
    428: "`If-Match` is required. GET the resource, and send its `ETag` as `If-Match`: this protects changes that "
    "others make meanwhile.",
    429: DETAIL.format(30000, "reads", 60, 12),
    500: "An internal error occurred. Report the `request_id`: it identifies the error in the log.",
    503: "The database does not respond, or cannot be written to. Try again in a moment.",
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
        "code": _CODES.get(status) or problems.code_of(status),
        "detail": _DETAILS.get(status, status.phrase),
        "request_id": "7f9c2ba4e88f827d",
    }
    if status == 422:
        finding = {"in": "query", "pointer": "/limit", "detail": "Must be between 1 and 200, for example 50. Got 0."}
        return example | {"errors": [finding]}
    if status == 410:
        return example | {"withdrawn": _MARK}
    return example
