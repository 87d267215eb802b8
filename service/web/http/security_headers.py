"""Security headers: a browser runs nothing of a response, does not frame it, and sends no referrer."""

from __future__ import annotations

from flask import Flask, Response, request

# HTML pages set their own.
CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # Any site may use the API; CORS restricts which ones.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# One year, in seconds. Not for subdomains: they may belong to others.
TRANSPORT_POLICY = "max-age=31536000"


def register(app: Flask) -> None:
    """Set these headers on every response of ``app``; the one for HTTPS only on those sent over it."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = TRANSPORT_POLICY
        return response
