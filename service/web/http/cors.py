"""Cross-origin requests: what scripts of other sites may send, and read of the answer."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, request
from flask_cors import CORS, cross_origin

METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE"]
# After the service's own: those that tracing (W3C Trace Context, OpenTelemetry, Sentry), HTTP libraries, Google's
# clients and a reload in the browser add to every request. None of them opens anything.
REQUEST_HEADERS = [
    "Authorization",
    "Claims-Position",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-ID",
    "baggage",
    "Cache-Control",
    "If-Modified-Since",
    "Pragma",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "X-Goog-Api-Client",
    "X-Goog-Api-Key",
    "X-Goog-FieldMask",
    "X-HTTP-Method-Override",
    "X-Requested-With",
]
RESPONSE_HEADERS = [
    "Accept-Patch",
    "Claims-Position",
    "Claims-Recounting",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
]
PREFLIGHT_SECONDS = 86400
_PRIVATE_NETWORK = "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK"
_ANSWERS = "Access-Control-"
# Flask-CORS takes others for patterns.
_LITERAL = re.compile(r"\*|https?://[A-Za-z0-9.:\[\]-]+")


def register(app: Flask, origins: tuple[str, ...]) -> dict[str, str]:
    """Let pages of ``origins`` read the responses of ``app``; return the headers that all responses have.

    Where every page may read them, the response to a request says the same whatever its origin; only a preflight needs
    more.
    """
    options: dict[str, Any] = {
        "origins": list(origins),
        "methods": METHODS,
        "allow_headers": REQUEST_HEADERS,
        "expose_headers": RESPONSE_HEADERS,
        "max_age": PREFLIGHT_SECONDS,
    }
    if origins != ("*",):
        CORS(app, **options)
        return {}
    # "*" itself: the request's origin would need a Vary, and split every cache.
    answered = cross_origin(**options, send_wildcard=True, automatic_options=False)(lambda response: response)

    @app.after_request
    def allow(response: Response) -> Response:
        if request.method == "OPTIONS" or _PRIVATE_NETWORK in request.environ:
            allowed: Response = answered(response)
            return allowed
        return response

    with app.test_request_context():
        return {name: value for name, value in answered(Response()).headers if name.startswith(_ANSWERS)}


def headers_for_any(origins: tuple[str, ...]) -> dict[str, str]:
    """Return the headers of an answer to a request whose ``Origin`` is not known, such as one that is malformed.

    They let pages of one origin, or of all, read the answer. Of several nobody knows which one asked.
    """
    if len(origins) != 1 or not _LITERAL.fullmatch(origins[0]):
        return {}
    vary = {} if origins == ("*",) else {"Vary": "Origin"}
    return {
        "Access-Control-Allow-Origin": origins[0],
        "Access-Control-Expose-Headers": ", ".join(RESPONSE_HEADERS),
        **vary,
    }
