"""Addresses of services."""

from __future__ import annotations

from urllib.parse import urlsplit

from claim_verification.errors import Unusable


def server_address(url: str) -> str:
    """Return ``url`` without a trailing slash; raise ``Unusable`` if it is not the http(s) URL of a server."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Unusable("this is not the URL of a server; an example: https://claims.example") from None
    if parts.username is not None or parts.query or parts.fragment:
        # The URL may contain a password, so it is not in the message.
        raise Unusable("the URL of a server has no user, query or fragment; an example: https://claims.example")
    if not usable:
        raise Unusable(f"{url!r:.200} is not the URL of a server; an example: https://claims.example")
    return url.rstrip("/")
