"""Routes on flask-smorest: one call declares a route completely, with its access and all its errors."""

from __future__ import annotations

import http
import re
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from contextlib import nullcontext
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

import flask_smorest
import marshmallow as ma
from apispec import APISpec
from flask import Flask, Response, current_app, request
from flask.globals import request_ctx

from service.model.errors import NotFound
from service.schemas.fields import ID_LENGTH, ID_PATTERN
from service.schemas.requests import NothingQuery
from service.use_cases.unit_of_work import transaction
from service.web.http import examples, recounting
from service.web.http.auth import NO_KEY_LOOKED_UP, Access, guarded
from service.web.http.idempotency import HEADER as IDEMPOTENCY_KEY
from service.web.http.idempotency import once
from service.web.http.kept_answers import KeptAnswers
from service.web.http.merge_patch import patch_of
from service.web.http.negotiation import JSON, accepted
from service.web.http.openapi import HEADERS, PARAMETERS, SECURITY, Api
from service.web.http.page_redirects import is_for_a_person, see_page, with_format
from service.web.http.rate_limits import EXEMPT_PATHS
from service.web.http.strict_parsing import StrictParser

View = Callable[..., Response]

_ID = re.compile(ID_PATTERN)
# Merged resources redirect, withdrawn ones answer 410.
_CAN_BE_MERGED = ("<claim_id>", "<source_id>")
_CAN_BE_WITHDRAWN = ("<mention_id>", "<link_id>")


class Blueprint(flask_smorest.Blueprint):
    """The routes of a resource: ``reads``, ``queries`` and ``writes`` declare one, with its access and errors."""

    ARGUMENTS_PARSER = StrictParser()

    def register_views_in_doc(self, api: Api, app: Flask, spec: APISpec, **more: Any) -> None:
        """Add the routes to the specification when the document is asked for."""
        api.document_later(partial(super().register_views_in_doc, api, app, spec, **more))

    def reads(
        self,
        rule: str,
        operation_id: str,
        shape: type[ma.Schema] | dict[str, Any],
        *,
        query: type[ma.Schema] = NothingQuery,
        media_types: Mapping[str, dict[str, Any] | None] | None = None,
        formats: Container[str] = (),
        page: str | None = None,
        paged: bool = False,
        derived: bool = False,
        conditional: bool = True,
        stored: bool = True,
        kept: bool = False,
        by_the_clock: Collection[str] = (),
        access: Access = Access.READ,
        also: Sequence[int] = (),
        description: str = "The response.",
    ) -> Callable[[View], View]:
        """Declare a GET route. The view takes the parsed query, then the path's ids.

        ``media_types`` maps the available media types to their schemas, ``None`` for ``shape``. An ``Accept`` with none
        of them is refused before the view runs, unless the parameter ``format`` is one of ``formats``. Malformed ids
        are not found. ``also`` has additional statuses of this route. ``page`` is the rule of the page that shows the
        same to people: browsers are sent there, unless ``format`` is ``json``. ``derived``: a list by derived data;
        its view calls ``recounting.announced``. An answer that is ``kept`` depends on the address and the database
        alone, unless a parameter is one of ``by_the_clock``.
        """
        offers = media_types or {JSON: None}
        if page is not None:
            query, formats = with_format(query), ("json",)

        def decorate(view: View) -> View:
            checked = with_checked_ids(view)
            handler = self.arguments(query, location="query")(checked)
            limited = rule not in EXEMPT_PATHS
            names = ["Cache-Control"] + ["ETag"] * conditional + ["Link"] * paged + [recounting.HEADER] * derived
            # The response that is declared last is documented first.
            for media_type, own in reversed(list(offers.items())):
                document = self.response(
                    200,
                    own or shape,
                    content_type=media_type,
                    headers=documented_headers(names, limited),
                    description=description,
                )
                handler = document(handler)
            # An unknown cursor answers 404; the log is paged by number, and every number is valid.
            may_be_missing = "<" in rule or "cursor" in query().fields
            failures = (
                [406, *also]
                + [303] * (page is not None)
                + [404] * may_be_missing
                + [503] * stored
                + [304, 412] * conditional
            )
            handler = self._documented(handler, rule, operation_id, access, failures, limited)

            parse = self.ARGUMENTS_PARSER.parse
            media_types_offered = tuple(offers)

            # All that flask-smorest has wrapped around the view is documentation: a GET does not run through it.
            @wraps(handler)
            def negotiated(**ids: str) -> Response:
                if page is not None and is_for_a_person():
                    return see_page(page, ids)
                actual = request_ctx.request
                if not actual.query_string or actual.args.get("format") not in formats:
                    accepted(media_types_offered)

                def answer() -> Response:
                    return checked(parse(query, location="query"), **ids)

                if not kept or (by_the_clock and any(name in by_the_clock for name in actual.args)):
                    return answer()
                answers: KeptAnswers = request_ctx.app.extensions["kept_answers"]
                return answers.answer(ids, answer)

            self.add(rule, operation_id, guarded(access)(negotiated), "GET")
            return view

        return decorate

    def queries(
        self, rule: str, operation_id: str, shape: type[ma.Schema], *, body: type[ma.Schema], description: str
    ) -> Callable[[View], View]:
        """Declare a POST route that reads, for queries that are too long for a URL. The view takes the parsed body.

        It may be repeated, counts as a read for rate limits, and needs no key where reading is open.
        """

        def decorate(view: View) -> View:
            handler: View = self.arguments(body, location="json", example=examples.BODIES.get(operation_id))(view)
            handler = self.arguments(NothingQuery, location="query")(_without_query(handler))
            headers = documented_headers(["Cache-Control"], limited=True)
            document = self.response(200, shape, headers=headers, description=description)
            handler = self._documented(
                document(handler), rule, operation_id, Access.READ, [413, 415, 503], limited=True
            )
            reading = guarded(Access.READ)(handler)
            reading.only_reads = True  # type: ignore[attr-defined]
            self.add(rule, operation_id, reading, "POST")
            return view

        return decorate

    def writes(
        self,
        rule: str,
        operation_id: str,
        shape: type[ma.Schema],
        access: Access,
        *,
        body: type[ma.Schema] | None = None,
        query: type[ma.Schema] | None = None,
        files: Mapping[str, dict[str, Any]] = MappingProxyType({}),
        method: str = "POST",
        status: int = 200,
        description: str = "The new state.",
        by_turns: bool = False,
        shown_once: str | None = None,
    ) -> Callable[[View], View]:
        """Declare a route that writes. The view takes the parsed query and body, if there are any, then the path's ids.

        A POST is executed once for each ``Idempotency-Key``. A PATCH takes a merge patch of ``body`` and requires
        ``If-Match``: its view gets the parsed patch, applies it to the current state and validates the result.
        With ``files``, schemas by media type, the view reads the body itself, of up to ``IMPORT_MAX_BYTES``. With
        ``by_turns`` the view opens several transactions itself, so that other writers need not wait for all of it.
        ``shown_once`` is a member of the response that is never shown again.
        """
        patches = method == "PATCH"

        def decorate(view: View) -> View:
            @wraps(view)
            def done_once(*arguments: Any, **ids: str) -> Response:
                store = current_app.extensions["store"]
                if files:
                    request.max_content_length = current_app.config["IMPORT_MAX_BYTES"]

                def act() -> Response:
                    # The response is read in the same transaction, so that it shows this write and fails with it.
                    with nullcontext() if by_turns else transaction(store):
                        return view(*arguments, **ids)

                return once(store, act, shown_once, by_turns=by_turns) if method == "POST" else act()

            handler: View = with_checked_ids(done_once)
            if body is not None:
                shape_of_body = patch_of(body)(partial=True) if patches else body
                needed = not getattr(shape_of_body, "MAY_BE_LEFT_OUT", False)
                example = examples.BODIES.get(operation_id)
                handler = self.arguments(shape_of_body, location="json", required=needed, example=example)(handler)
            handler = self.arguments(query or NothingQuery, location="query")(
                handler if query is not None else _without_query(handler)
            )
            names = ["Cache-Control", "ETag", "Claims-Position"] + ["Location"] * (status == 201)
            names += ["Idempotency-Replayed"] * (method == "POST") + ["Accept-Patch"] * patches
            document = self.response(
                status, shape, headers=documented_headers(names, limited=True), description=description
            )
            own = [413] + [415] * (body is not None or bool(files)) + [404] * ("<" in rule) + [409, 503, 507]
            own += [412, 428] * patches
            handler = self._documented(document(handler), rule, operation_id, access, own, limited=True)
            extra: list[dict[str, Any]] = [{"in": "query", "schema": query}] * (query is not None)
            extra += [PARAMETERS[IDEMPOTENCY_KEY]] * (method == "POST") + [PARAMETERS["If-Match"]] * patches
            handler = self.doc(parameters=extra)(handler)
            if files:
                content = {
                    media_type: {"schema": schema} | _example(examples.FILES, media_type)
                    for media_type, schema in files.items()
                }
                handler = self.doc(requestBody={"required": True, "content": content})(handler)
            self.add(rule, operation_id, guarded(access)(handler), method)
            return view

        return decorate

    def _documented(
        self, handler: View, rule: str, operation_id: str, access: Access, failures: Sequence[int], limited: bool
    ) -> View:
        """Return ``handler`` documented with its statuses and the access it requires."""
        statuses = {*failures, 400, 414, 431, 500}
        looked_up = rule not in NO_KEY_LOOKED_UP
        statuses |= ({401} if looked_up else set()) | ({403} if access.role else set())
        statuses |= {308} if any(name in rule for name in _CAN_BE_MERGED) else set()
        statuses |= {410} if any(name in rule for name in _CAN_BE_WITHDRAWN) else set()
        statuses |= {429} if limited else set()
        # The parser documents 422 itself.
        answers = {status: http.HTTPStatus(status).name for status in sorted(statuses - {422})}
        demands: list[dict[str, list[str]]] = [{SECURITY: []}] if access.role else [{}, {SECURITY: []}]
        documented: View = self.doc(operationId=operation_id, security=demands if looked_up else [], responses=answers)(
            handler
        )
        return documented

    def add(self, rule: str, operation_id: str, view: View, method: str) -> None:
        """Add a route with the parameters of its path."""
        parameters = [_path_parameter(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", rule)]
        self.add_url_rule(rule, operation_id, view, methods=[method], parameters=parameters)


def documented_headers(names: Sequence[str], limited: bool) -> dict[str, Any]:
    """Return the headers of a response, for the OpenAPI document."""
    every = ["X-Request-ID", *names] + ["RateLimit-Policy", "RateLimit"] * limited
    return {name: HEADERS[name] for name in every}


def with_checked_ids(view: View) -> View:
    """Return ``view`` with a check that answers 404 for malformed ids."""

    @wraps(view)
    def checked(*arguments: Any, **ids: Any) -> Response:
        for name, value in ids.items():
            if isinstance(value, str) and (len(value) > ID_LENGTH or not _ID.fullmatch(value)):
                raise NotFound(name.removesuffix("_id"), value)
        return view(*arguments, **ids)

    return checked


def _without_query(view: View) -> View:
    """Return ``view`` without its first argument, the empty query."""

    @wraps(view)
    def unqueried(query: dict[str, Any], *arguments: Any, **ids: str) -> Response:
        return view(*arguments, **ids)

    return unqueried


def _path_parameter(name: str) -> dict[str, Any]:
    if name == "seq":
        about = "The event's number."
        schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
    else:
        about = f"The {name.removesuffix('_id')}'s id."
        schema = {"type": "string", "pattern": ID_PATTERN, "maxLength": ID_LENGTH}
    parameter = {"name": name, "in": "path", "required": True, "description": about, "schema": schema}
    return parameter | _example(examples.PATH, name)


def _example(among: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"example": among[name]} if name in among else {}
