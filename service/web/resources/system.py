"""Routes of the service itself: health, readiness, the index, and the documentation of the API."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from flask import Flask, Response, send_from_directory
from marshmallow import fields

from service.operations.upgrade import upgrade_left
from service.schemas.fields import Shape, string
from service.store import Store
from service.use_cases import catalogue
from service.web.http.auth import Access, may_read
from service.web.http.blueprint import Blueprint
from service.web.http.document import ServedDocument
from service.web.http.negotiation import HTML, JSON, accepted, send
from service.web.http.public_address import base, path_to

YAML = "application/yaml"
TEXT = "text/plain"
SVG = "image/svg+xml"
_ICON = Path(__file__).parent.parent / "static" / "icon.svg"
# Lists that go on for as long as the store is large.
NOT_FOR_CRAWLERS = ("/desk", "/v1/backup", "/v1/corroboration", "/v1/events", "/v1/export", "/v1alpha1/")


class HealthSchema(Shape):
    """The state of the service."""

    status = string("Always `ok`; a service that is not ready gives 503 instead.", "ok", required=True)


class ReadinessSchema(HealthSchema):
    """The state of the service and of its derived data."""

    recounting = fields.Integer(
        required=True,
        metadata={
            "description": (
                "The number of claims that are left to be recomputed by turns, after an edit that concerns many or an "
                "upgrade. Each is worked out anew when it is read."
            ),
            "examples": [0],
        },
    )
    writable = fields.Boolean(
        required=True,
        metadata={"description": "False while only replicas answer: writes get 503."},
    )
    replicas_in_use = fields.Integer(
        required=True, metadata={"description": "The replicas that are read.", "examples": [2]}
    )
    replica_lag_seconds = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "The most that one of them is behind.", "examples": [0.0]},
    )
    upgrading = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "The steps of an upgrade that are left to be done meanwhile.", "examples": [[]]},
    )


class IndexSchema(Shape):
    """The index of the service."""

    name = string("The name of the service.", "claim-verification", required=True)
    version = string("The version of the service.", "0.1.0", required=True)
    links = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "The paths of the main resources, by name.", "examples": [{"claims": "/v1/claims"}]},
    )
    claims = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={
            "description": "The number of claims with each status. Empty for a caller who may not read claims.",
            "examples": [{"single_origin": 120}],
        },
    )


LINKS = {
    "claims": "/v1/claims",
    "corroboration": "/v1/corroboration",
    "conflicts": "/v1/conflicts",
    "sources": "/v1/sources",
    "documents": "/v1/documents",
    "topics": "/v1/topics",
    "verdicts": "/v1/verdicts",
    "suggestions": "/v1/suggestions",
    "events": "/v1/events",
    "export": "/v1/export",
    "claimreviews": "/feeds/claimreview.json",
    "atom": "/feeds/verdicts.atom",
    "changed_claims": "/feeds/claims.atom",
    "openapi": "/openapi.yaml",
    "docs": "/docs",
    "health": "/healthz",
    "ready": "/readyz",
}


def blueprint(
    store: Store,
    ready: Callable[[], None],
    document: ServedDocument,
    version: str,
    home: Callable[[], Response],
    docs: Callable[[], Response],
) -> Blueprint:
    """Return the routes. ``ready`` raises when the store cannot serve; ``document`` is the OpenAPI document.

    ``home`` and ``docs`` return the home page and the documentation.
    """
    routes = Blueprint("service", __name__, description="State and documentation of the service.")

    @routes.reads("/healthz", "getHealth", HealthSchema, conditional=False, stored=False, access=Access.OPEN)
    def get_health(arguments: dict[str, Any]) -> Response:
        """Check that the process is alive

        Does not use the database.
        """
        return _uncached(orjson.dumps({"status": "ok"}))

    @routes.reads("/readyz", "getReadiness", ReadinessSchema, conditional=False, access=Access.OPEN)
    def get_readiness(arguments: dict[str, Any]) -> Response:
        """Check that the service is ready

        Gives 200 when the database answers, has the schema that this version needs, and is not known to be damaged;
        else 503. `recounting` counts the claims that are left to be recomputed after a wide edit; the service is ready
        meanwhile. With replicas one server that answers is enough.
        """
        with store.routing.primary_or_replica():
            ready()
            state = {"status": "ok", "recounting": store.recounts.claims_left(), "upgrading": upgrade_left(store)}
        return _uncached(orjson.dumps(state | _servers(store)))

    @routes.reads("/", "getIndex", IndexSchema, media_types={JSON: None, HTML: {"type": "string"}}, access=Access.OPEN)
    def get_index(arguments: dict[str, Any]) -> Response:
        """Get the index of the service

        Links to the main resources and the number of claims, as JSON or as a page for a browser.
        """
        if accepted([JSON, HTML]) == HTML:
            return home()
        index = {
            "name": "claim-verification",
            "version": version,
            "links": {name: path_to(path) for name, path in LINKS.items()},
            "claims": catalogue.status_counts(store.catalogue) if may_read() else {},
        }
        return send(orjson.dumps(index))

    @routes.reads(
        "/openapi.yaml",
        "getOpenapi",
        {"type": "string"},
        media_types={YAML: None, TEXT: None},
        stored=False,
        access=Access.OPEN,
    )
    def get_openapi(arguments: dict[str, Any]) -> Response:
        """Get the OpenAPI document

        This description of the API, in OpenAPI 3.1, generated from the code. As YAML, or with
        `Accept: text/plain` as plain text.
        """
        return send(document.yaml(), accepted([YAML, TEXT]))

    @routes.reads(
        "/openapi.json",
        "getOpenapiJson",
        {"type": "object"},
        stored=False,
        access=Access.OPEN,
    )
    def get_openapi_json(arguments: dict[str, Any]) -> Response:
        """Get the OpenAPI document as JSON

        The same description of the API as `/openapi.yaml`.
        """
        return send(document.json())

    @routes.reads(
        "/robots.txt",
        "getRobots",
        {"type": "string"},
        media_types={TEXT: {"type": "string"}},
        stored=False,
        access=Access.OPEN,
    )
    def get_robots(arguments: dict[str, Any]) -> Response:
        """Get the rules for crawlers

        RFC 9309. They keep crawlers from answers that hold the whole store; single records and feeds may be read.
        """
        rules = ["User-agent: *", *(f"Disallow: {path_to(path)}" for path in NOT_FOR_CRAWLERS)]
        rules.append(f"Sitemap: {base()}/sitemap.xml")
        return send(("\n".join(rules) + "\n").encode(), f"{TEXT}; charset=utf-8")

    @routes.reads(
        "/favicon.ico",
        "getIcon",
        {"type": "string"},
        media_types={SVG: {"type": "string"}},
        stored=False,
        access=Access.OPEN,
    )
    def get_icon(arguments: dict[str, Any]) -> Response:
        """Get the icon of the service

        Browsers request it at this path. The icon is an SVG image.
        """
        return send(_ICON.read_bytes(), SVG)

    @routes.reads(
        "/docs",
        "getDocs",
        {"type": "string"},
        media_types={HTML: {"type": "string"}},
        stored=False,
        access=Access.OPEN,
    )
    def get_docs(arguments: dict[str, Any]) -> Response:
        """Open the documentation of the API

        A page with all operations, and a console (Swagger UI) to try them. All its files come from this server.
        """
        return docs()

    return routes


def register_static(app: Flask) -> None:
    """Serve the files of the documentation page with the tags, codings and caching of every other answer."""

    def static_file(filename: str) -> Response:
        with send_from_directory(app.static_folder or "", filename, conditional=False) as file:
            file.direct_passthrough = False
            return send(file.get_data(), file.mimetype or "")

    app.view_functions["static"] = static_file


def _servers(store: Store) -> dict[str, object]:
    """Return which servers of the database answer."""
    replicas = store.routing.replicas
    states = () if replicas is None else replicas.states()
    lags = [state.lag_seconds for state in states if state.is_used and state.lag_seconds is not None]
    return {
        "writable": replicas is None or replicas.is_writable,
        "replicas_in_use": len(lags),
        "replica_lag_seconds": max(lags, default=None),
    }


def _uncached(body: bytes) -> Response:
    response = Response(body, content_type=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response
