"""Security headers: a browser runs nothing of a response, does not frame it, and sends no referrer."""

from __future__ import annotations

# HTML pages set their own.
CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # Any site may use the API; CORS restricts which ones.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": CONTENT_POLICY,
}
# One year, in seconds. Not for subdomains: they may belong to others.
TRANSPORT_POLICY = "max-age=31536000"
OVER_HTTPS = {"Strict-Transport-Security": TRANSPORT_POLICY}
