"""The composition root: makes a Flask application from settings."""

from __future__ import annotations

import datetime as dt
import time
from functools import partial

from flask import Flask

from service import __version__
from service.config import Settings, load_settings
from service.interchange.claimreview.tables import load_tables
from service.interchange.google_markup.pages import Pages
from service.model.errors import StoreFailure
from service.reading.spacy_parser import syntax_of
from service.storage.database import Database
from service.storage.migrations import check_schema
from service.storage.statement_watch import watch
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
    compression,
    cors,
    error_handlers,
    negotiation,
    observation,
    problems,
    public_address,
    rate_limits,
    replica_reads,
    request_log,
    security_headers,
    sessions,
    strict_parsing,
)
from service.web.http.application import SynchronousFlask
from service.web.http.document import ServedDocument, make_api
from service.web.http.fixed_headers import FixedHeaders
from service.web.http.jsonld import LD_JSON
from service.web.http.kept_answers import KeptAnswers
from service.web.http.negotiation import HTML, JSON
from service.web.http.streaming import CSV, NDJSON
from service.web.pages import error_pages, rendering
from service.web.pages.desk.blueprint import UNDER as DESK
from service.web.pages.desk.routes import desk
from service.web.pages.embedding import OEMBED
from service.web.pages.routes import blueprint as pages_blueprint
from service.web.pages.routes import docs, home, verdict_page
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
    metrics,
    own_work,
    provenance,
    sources,
    suggestions,
    topics,
    verdicts,
)
from service.web.resources import system as service_routes
from service.web.resources.atom import ATOM
from service.web.resources.system import SVG, TEXT, YAML

_COMPRESSED = (
    *(JSON, LD_JSON, CSV, NDJSON, ATOM, YAML, TEXT, HTML, SVG, "text/css", "text/javascript"),
    *(provenance.MERMAID, provenance.DOT, provenance.PROV),
)
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
    app = SynchronousFlask(
        "service", static_folder="web/static", static_url_path="/static", template_folder="web/templates"
    )
    app.config.update(
        CACHE_SECONDS=settings.cache_seconds,
        CORS_ALLOWED=settings.cors_origins,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        IMPORT_MAX_BYTES=settings.import_max_bytes,
        REQUEST_SECONDS=settings.request_seconds,
        IDEMPOTENCY_TTL=dt.timedelta(hours=settings.idempotency_hours),
    )
    # Inside of all others: it needs what Flask finds out about the request.
    _observe(app, store, settings)
    app.extensions["store"] = store
    app.extensions["kept_answers"] = KeptAnswers(store)
    app.extensions["semantics"] = Semantics()
    app.json.sort_keys = False  # type: ignore[attr-defined]
    compression.register(app, _COMPRESSED)
    cross_origin = cors.register(app, settings.cors_origins)
    service_routes.register_static(app)
    problems.register(app, {GOOGLE: as_google_error, OEMBED: problems.as_problem}, error_pages.page_shape)
    rendering.register(app)
    negotiation.register(app)
    request_log.register(app, vary_origin=settings.cors_origins != ("*",))
    public_address.register(app)
    strict_parsing.register(app)
    auth.register(app, store, reading_is_open=settings.reading_is_open, key_parameter_under=GOOGLE)
    sessions.register(app, store, under=DESK, reading_is_open=settings.reading_is_open)
    rate_limits.register(
        app,
        reads=settings.rate_limit_reads,
        writes=settings.rate_limit_writes,
        storage=settings.rate_limit_storage,
        caller=auth.caller_id,
        # To parse its text takes as long again as to match it.
        body_weight=2 if settings.nlp_pipeline else 1,
    )
    replica_reads.register(app, store)
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

    document = ServedDocument(app, settings.public_url)
    syntax = syntax_of(settings.nlp_pipeline)
    tables = load_tables(settings.ratings_file, settings.collectives_file)
    for blueprint in (
        claims.blueprint(store),
        corroboration.blueprint(store),
        provenance.blueprint(store),
        sources.blueprint(store, tables.collectives),
        documents.blueprint(store),
        topics.blueprint(store),
        suggestions.blueprint(store),
        match.blueprint(store, app.extensions["semantics"], syntax, settings.match_max_characters),
        mentions_and_links.mentions_blueprint(store),
        mentions_and_links.links_blueprint(store),
        verdicts.blueprint(
            store, review_required=settings.review_required, page_of_verdict=partial(verdict_page, store)
        ),
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
        service_routes.blueprint(store, ready, document, __version__, partial(home, store), partial(docs, document)),
    ):
        api.register_blueprint(blueprint)
    lasts = dt.timedelta(hours=settings.assignment_hours)
    own_desk = desk(store, review_required=settings.review_required, assignment_lasts=lasts)
    semantics = app.extensions["semantics"]
    app.register_blueprint(pages_blueprint(store, semantics, syntax, settings.match_max_characters, own_desk))
    fixed = {**security_headers.HEADERS, **cross_origin}
    app.wsgi_app = FixedHeaders(app.wsgi_app, fixed, security_headers.OVER_HTTPS)  # type: ignore[method-assign]
    app.wsgi_app = MethodOverride(app.wsgi_app)  # type: ignore[method-assign]
    # Outside of all others, which read the path.
    app.wsgi_app = public_address.PublicAddress(  # type: ignore[method-assign]
        app.wsgi_app,
        public_url=settings.public_url,
        proxies=settings.trusted_proxies,
        routes=app.url_map,
    )
    return app


def _observe(app: Flask, store: Store, settings: Settings) -> None:
    """Observe the requests for ``/metrics``, traces and the log of slow ones, if the settings ask for any of them."""
    observers: list[observation.Observer] = []
    if settings.metrics_token:
        counters = metrics.Metrics(store, settings.workers * settings.threads)
        metrics.register(app, counters, settings.metrics_token)
        store.on_write = counters.wait
        observers.append(counters)
    if settings.traces_endpoint:
        from service.web.http.tracing import Tracing  # of the extra `opentelemetry`

        observers.append(Tracing(settings.traces_endpoint, store.database.engine))
    if not observers and not settings.slow_request_ms:
        return
    slow = settings.slow_request_ms / 1000 if settings.slow_request_ms else None
    observed = observation.Observed(app.wsgi_app, observers, slow, runs_in_order=bool(settings.traces_endpoint))
    app.wsgi_app = observed  # type: ignore[method-assign]
    watch(store.database, observed.note)
