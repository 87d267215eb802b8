"""The composition root: makes a Flask application from settings."""

from __future__ import annotations

import datetime as dt
import time

from flask import Flask
from flask_compress import Compress
from flask_cors import CORS

from service import __version__
from service.config import Settings, load_settings
from service.interchange.claimreview.tables import load_tables
from service.interchange.google_markup.pages import Pages
from service.model.errors import StoreFailure
from service.storage.database import Database
from service.storage.migrations import check_schema
from service.store import Store
from service.use_cases.semantic_index import Semantics
from service.web.google import PREFIX as GOOGLE
from service.web.google import claims as google_claims
from service.web.google import pages as google_pages
from service.web.google.errors import as_google_error
from service.web.google.overriding import MethodOverride
from service.web.google.routes import register_responses
from service.web.http import (
    auth,
    cors,
    error_handlers,
    negotiation,
    problems,
    public_address,
    rate_limits,
    request_log,
    security_headers,
    strict_parsing,
)
from service.web.http.document import ServedDocument, make_api
from service.web.http.jsonld import LD_JSON
from service.web.http.negotiation import JSON
from service.web.http.streaming import CSV, NDJSON
from service.web.resources import (
    api_keys,
    assignments,
    backup,
    claims,
    corroboration,
    documents,
    events,
    exports,
    feeds,
    imports,
    match,
    mentions_and_links,
    own_work,
    provenance,
    sources,
    suggestions,
    topics,
    verdicts,
)
from service.web.resources import system as service_routes
from service.web.resources.atom import ATOM
from service.web.resources.system import HTML, SVG, TEXT, YAML

# Seconds between attempts to check the database.
_PAUSES = (0.1, 0.4, 1.0)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application over the database in ``settings``, which are read from the environment by default.

    Raises ``ConfigError``, ``SchemaMismatch`` or ``StoreUnavailable``.
    """
    settings = settings or load_settings()
    request_log.configure_logging(settings.log_level)
    database = Database(settings)
    _check_database(database)
    store = Store(database)
    app = build_app(store, settings)
    if settings.semantic_model:
        app.extensions["semantics"].load(store, settings.semantic_model)
    return app


def _first_steps(app: Flask) -> set[str]:
    """Return the first steps of paths, but for those that are steps below another too, such as ``verdicts``."""
    paths = [rule.rule.split("/")[1:] for rule in app.url_map.iter_rules()]
    return {path[0] for path in paths} - {step for path in paths for step in path[1:]}


def _check_database(database: Database) -> None:
    """Check that the database has the schema of this version; try again if a connection is lost meanwhile.

    The server stops if a new worker cannot load the application, even while others serve.
    """
    try:
        for pause in _PAUSES:
            try:
                return check_schema(database)
            except StoreFailure:
                time.sleep(pause)
        check_schema(database)
    finally:
        # Processes that a server forks from this one must not share a connection.
        database.close()


def build_app(store: Store, settings: Settings) -> Flask:
    """Return the application over ``store``. Building it does not use the database."""
    app = Flask("service", static_folder="web/static", static_url_path="/static", template_folder="web/templates")
    app.config.update(
        CACHE_SECONDS=settings.cache_seconds,
        COMPRESS_MIMETYPES=[
            *(JSON, LD_JSON, CSV, NDJSON, ATOM, YAML, TEXT, HTML, SVG, "text/css", "text/javascript"),
            *(provenance.MERMAID, provenance.DOT, provenance.PROV),
        ],
        # The default lacks gzip, the only coding that some clients support.
        COMPRESS_ALGORITHM_STREAMING=["zstd", "br", "gzip", "deflate"],
        CORS_ALLOWED=settings.cors_origins,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        IMPORT_MAX_BYTES=settings.import_max_bytes,
        REQUEST_SECONDS=settings.request_seconds,
        IDEMPOTENCY_TTL=dt.timedelta(hours=settings.idempotency_hours),
    )
    app.extensions["store"] = store
    app.extensions["semantics"] = Semantics()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.wsgi_app = MethodOverride(app.wsgi_app)  # type: ignore[method-assign]
    Compress(app)
    CORS(
        app,
        origins=list(settings.cors_origins),
        # Send "*" itself: the request's origin would need a Vary, and split every cache.
        send_wildcard=settings.cors_origins == ("*",),
        methods=cors.METHODS,
        allow_headers=cors.REQUEST_HEADERS,
        expose_headers=cors.RESPONSE_HEADERS,
        max_age=cors.PREFLIGHT_SECONDS,
    )
    service_routes.register_static(app)
    problems.register(app, {GOOGLE: as_google_error})
    negotiation.register(app)
    request_log.register(app, vary_origin=settings.cors_origins != ("*",))
    security_headers.register(app)
    public_address.register(app)
    strict_parsing.register(app)
    auth.register(app, store, reading_is_open=settings.reading_is_open, key_parameter_under=GOOGLE)
    rate_limits.register(
        app,
        reads=settings.rate_limit_reads,
        writes=settings.rate_limit_writes,
        storage=settings.rate_limit_storage,
        caller=auth.caller_id,
    )
    # A path with "//" is not found; by default it is redirected with a page of HTML.
    app.url_map.merge_slashes = False
    app.url_map.converters["int"] = strict_parsing.Number
    api = app.extensions["api"] = make_api(app)
    register_responses(api.spec)
    # After flask-smorest, whose handler of HTTP errors this replaces.
    error_handlers.register(app)

    def ready() -> None:
        check_schema(store.database)
        store.database.check_damage()

    tables = load_tables(settings.ratings_file, settings.collectives_file)
    for blueprint in (
        claims.blueprint(store),
        corroboration.blueprint(store),
        provenance.blueprint(store),
        sources.blueprint(store),
        documents.blueprint(store),
        topics.blueprint(store),
        suggestions.blueprint(store),
        match.blueprint(store, app.extensions["semantics"], settings.match_max_characters),
        mentions_and_links.mentions_blueprint(store),
        mentions_and_links.links_blueprint(store),
        verdicts.blueprint(store, review_required=settings.review_required),
        assignments.blueprint(store, lasts=dt.timedelta(hours=settings.assignment_hours)),
        own_work.blueprint(store),
        events.blueprint(store),
        google_claims.blueprint(store),
        google_pages.blueprint(Pages(store, tables.ratings, tables.collectives)),
        feeds.blueprint(store, __version__),
        exports.blueprint(store),
        imports.blueprint(store, tables.ratings, tables.collectives),
        api_keys.blueprint(store),
        backup.blueprint(store),
        service_routes.blueprint(store, ready, ServedDocument(app, settings.public_url), __version__),
    ):
        api.register_blueprint(blueprint)
    # Outside of all others, which read the path.
    app.wsgi_app = public_address.PublicAddress(  # type: ignore[method-assign]
        app.wsgi_app,
        public_url=settings.public_url,
        proxies=settings.trusted_proxies,
        own=_first_steps(app),
    )
    return app
