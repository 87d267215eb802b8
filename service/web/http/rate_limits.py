"""Rate limits: reads and writes are counted separately, for each API key or else each address.

Responses have the header fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter, RequestLimit
from limits import parse
from limits.errors import StorageError

from service.web.http.rate_limit_storage import SharedStorage

# Monitoring must not be refused, nor be counted against its address. Flask-Limiter exempts static files by itself.
EXEMPT_PATHS = frozenset({"/healthz", "/readyz"})
DETAIL = "Too many requests: the limit is {} {} in {} seconds. Try again in {} seconds."

# A query in a body counts as one read, and as one more for each of so many bytes: about what a read of a claim costs.
QUERY_BYTES = 256
_READS = frozenset({"GET", "HEAD"})
# To connect, and to get a response. While the storage is down, a request waits this long, twice at most.
_STORAGE_SECONDS = 0.25

log = logging.getLogger(__name__)
# Flask-Limiter's messages below a warning have the address or key that was refused.
log.addFilter(lambda record: record.levelno >= logging.WARNING)


def register(app: Flask, *, reads: str, writes: str, storage: str, caller: Callable[[], str | None]) -> None:
    """Limit the requests of ``app`` that read and those that write, such as ``30000/minute``; "" is no limit.

    GET and HEAD read, and so does a view that is marked ``only_reads``. One with a body counts by its length.

    ``storage`` has the counts: ``memory://`` (of all workers of this server) or ``redis://...``. While Redis does not
    respond, each process counts for itself. ``caller`` returns the id of the request's API key, or ``None``.
    """
    limits = {"reads": reads, "writes": writes}
    if not any(limits.values()):
        return
    amounts = {kind: parse(limit).amount for kind, limit in limits.items() if limit}

    def refusal() -> str:
        current = limiter.current_limit
        if current is None:
            return "Too many requests: `Retry-After` has the seconds to wait."
        limit = current.limit
        return DETAIL.format(limit.amount, current.request_args[-1], limit.get_expiry(), _window(current)[0])

    limiter = Limiter(
        lambda: _client(caller()),
        application_limits=[
            ApplicationLimit(
                lambda: limits[_kind()],
                scope=lambda endpoint: _kind(),
                cost=lambda: min(_cost(), amounts[_kind()]),
                error_message=refusal,
            )
        ],
        # By default requests without a route are not limited.
        request_identifier=lambda: request.endpoint or "none",
        storage_uri=f"{SharedStorage.STORAGE_SCHEME[0]}://" if storage == "memory://" else storage,
        storage_options=_storage_options(storage),
        in_memory_fallback_enabled=True,
        # When two requests find the storage down at once, only the first falls back.
        swallow_errors=True,
    )
    limiter.logger = log
    limiter.request_filter(lambda: request.method == "OPTIONS" or request.path in EXEMPT_PATHS)
    limiter.init_app(app)

    @app.after_request
    def add_headers(response: Response) -> Response:
        current = limiter.current_limit
        if current is None:
            return response
        try:
            seconds, remaining = _window(current)
        except StorageError:
            return response
        kind, limit = current.request_args[-1], current.limit
        response.headers["RateLimit-Policy"] = f'"{kind}";q={limit.amount};w={limit.get_expiry()}'
        response.headers["RateLimit"] = f'"{kind}";r={remaining};t={seconds}'
        if current.breached:
            response.headers["Retry-After"] = str(seconds)
        return response


def _window(current: RequestLimit) -> tuple[int, int]:
    """Return the seconds until the count is reset, and the number of requests left; the same all through a request."""
    if "rate_limit_window" not in g:
        reset_at, remaining = current.window
        g.rate_limit_window = max(1, math.ceil(reset_at - time.time())), remaining
    window: tuple[int, int] = g.rate_limit_window
    return window


def _kind() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    return "reads" if request.method in _READS or getattr(view, "only_reads", False) else "writes"


def _cost() -> int:
    """Return the number of requests that this one counts as: a text to match costs by its length."""
    if _kind() == "writes" or request.method in _READS:
        return 1
    return 1 + (request.content_length or 0) // QUERY_BYTES


def _client(key: str | None) -> str:
    """Return the name that a request is counted under."""
    if key is not None:
        return f"key {key}"
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return f"address {given}"
    if isinstance(address, IPv6Address):
        # The holder of one IPv6 address has the 2**64 around it.
        address = address.ipv4_mapped or IPv6Network((int(address), 64), strict=False).network_address
    return f"address {address}"


def _storage_options(storage: str) -> dict[str, Any]:
    if storage == "memory://":
        return {}
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "wrap_exceptions": True,
        "socket_connect_timeout": _STORAGE_SECONDS,
        "socket_timeout": _STORAGE_SECONDS,
        # Once: the server may have closed an idle connection.
        "retry": Retry(NoBackoff(), 1),
    }
