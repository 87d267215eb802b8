"""What every answer tells a browser: run nothing, show it in no frame, say nothing of where one came from."""

from __future__ import annotations

from flask import Flask, Response, request

# A page of ours that loads something sets its own.
CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # The API is there to be read by the pages of others; which of them may is for CORS to say.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# One year, in seconds. Not for subdomains: they may be somebody else's.
TRANSPORT_POLICY = "max-age=31536000"


def register(app: Flask) -> None:
    """Set these headers on every answer of ``app``, the one for HTTPS on those that came over it."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = TRANSPORT_POLICY
        return response
