"""Routes of Google's API: standard parameters, partial and indented responses, errors in Google's shape."""

from __future__ import annotations

import http
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import marshmallow as ma
import orjson
from apispec import APISpec
from flask import Response, current_app

from service.model.errors import InvalidInput
from service.schemas.google_search import StandardQuery
from service.use_cases.unit_of_work import transaction
from service.web.google import PREFIX
from service.web.google.errors import JSON_UTF8, GoogleErrorSchema, described
from service.web.google.masks import BadMask, Names, apply, choose, names_of
from service.web.http.auth import Access, guarded
from service.web.http.blueprint import Blueprint, documented_headers, with_checked_ids
from service.web.http.examples import BODIES
from service.web.http.idempotency import HEADER as IDEMPOTENCY_KEY
from service.web.http.idempotency import once
from service.web.http.negotiation import JSON, accepted, send
from service.web.http.openapi import HEADERS, PARAMETERS, SECURITY
from service.web.http.problems import Problem, code_of

View = Callable[..., Mapping[str, Any]]

_READING = (304, 400, 401, 406, 412, 429, 500, 503)
_WRITING = (400, 401, 403, 409, 413, 415, 429, 500, 503, 507)
# gunicorn refuses these before it knows the path.
_SERVERS_OWN = (414, 431)
_HEADERS_OF = {401: ("WWW-Authenticate",), 409: ("Retry-After",), 429: ("Retry-After",), 503: ("Retry-After",)}


class GoogleBlueprint(Blueprint):
    """The methods of a resource of Google's API."""

    def serves(
        self,
        method: str,
        rule: str,
        operation_id: str,
        shape: type[ma.Schema],
        access: Access,
        *,
        query: type[StandardQuery] = StandardQuery,
        body: type[ma.Schema] | None = None,
        fails: Sequence[int] = (),
        description: str = "The response.",
    ) -> Callable[[View], View]:
        """Declare a method. The view takes the parsed query and, if there is one, the body, then the path's ids.

        It returns data for ``shape`` to dump. ``fails`` has statuses in addition to those of every method.
        """
        answer = shape()
        known = names_of(answer)
        reading = method == "GET"

        def decorate(view: View) -> View:
            @wraps(view)
            def served(*arguments: Any, **ids: str) -> Response:
                *bodies, parameters = arguments
                accepted([JSON])
                mask = _mask(parameters, known)

                def act() -> Response:
                    selected = apply(mask, answer.dump(view(parameters, *bodies, **ids)))
                    raw = orjson.dumps(selected, option=orjson.OPT_INDENT_2 if parameters["pretty_print"] else 0)
                    return send(raw, JSON_UTF8) if reading else _uncached(raw)

                if reading:
                    return act()
                store = current_app.extensions["store"]

                def write() -> Response:
                    with transaction(store):
                        return act()

                return once(store, write) if method == "POST" else write()

            handler: Any = self.arguments(query, location="query")(with_checked_ids(served))
            if body is not None:
                handler = self.arguments(body, location="json", example=BODIES.get(operation_id))(handler)
            names = ["Cache-Control"] + ["ETag"] * reading + ["Idempotency-Replayed"] * (method == "POST")
            headers = documented_headers(names, limited=True)
            handler = self.response(200, shape, content_type=JSON, headers=headers, description=description)(handler)
            statuses = {*(_READING if reading else _WRITING), *fails, *([404] if "<" in rule else [])}
            if reading or body is None:
                statuses -= {413, 415}
            demands: list[dict[str, list[str]]] = [{SECURITY: []}] if access.role else [{}, {SECURITY: []}]
            extra = [PARAMETERS[IDEMPOTENCY_KEY]] * (method == "POST")
            _document(handler, _components(statuses), extra)
            handler = self.doc(operationId=operation_id, security=demands)(handler)
            self.add(PREFIX + rule, operation_id, guarded(access)(handler), method)
            return view

        return decorate


def register_responses(spec: APISpec) -> None:
    """Register the error responses that methods refer to in the OpenAPI document."""
    for status in sorted({*_READING, *_WRITING, 404, 501} - {304}):
        phrase = http.HTTPStatus(status).phrase
        error = Problem(status, f"{phrase}.", code_of(status))
        example, _ = described(error, "7f9c2ba4e88f827d")
        names = ["X-Request-ID", *_HEADERS_OF.get(status, ())]
        spec.components.response(
            _component(status),
            {
                "description": f"{phrase}, `{example['error']['status']}`.",
                "headers": {name: HEADERS[name] for name in names},
                "content": {JSON: {"schema": GoogleErrorSchema, "example": example}},
            },
            lazy=True,
        )


def _component(status: int) -> str:
    return http.HTTPStatus(status).name if status == 304 else f"GOOGLE_{http.HTTPStatus(status).name}"


def _components(statuses: set[int]) -> dict[int, str]:
    """Return the components that document the statuses of a method."""
    names = {status: _component(status) for status in statuses}
    names |= {status: http.HTTPStatus(status).name for status in _SERVERS_OWN}
    return dict(sorted(names.items()))


def _document(handler: Any, responses: Mapping[int, str], parameters: Sequence[Mapping[str, Any]]) -> None:
    """Replace the parser's 422, which is a 400 here, by ``responses``, and add ``parameters`` to the parser's.

    In flask-smorest's own notes on the view: ``doc`` could replace the parameters, but not add to them.
    """
    notes = handler._apidoc
    notes["arguments"]["responses"] = {}
    notes["arguments"]["parameters"].extend(parameters)
    notes.setdefault("response", {}).setdefault("responses", {}).update(
        {status: [component] for status, component in responses.items()}
    )


def _mask(query: Mapping[str, Any], known: Names) -> Names:
    """Return the members that the parameter ``fields`` selects."""
    try:
        return choose(query["mask"], known) if "mask" in query else {}
    except BadMask as error:
        raise InvalidInput("fields", f"Error expanding 'fields' parameter. {error}") from error


def _uncached(raw: bytes) -> Response:
    """Return the response to a write, which no cache may store."""
    response = Response(raw, content_type=JSON_UTF8)
    response.headers["Cache-Control"] = "no-store"
    return response
