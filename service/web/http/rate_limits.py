"""Rate limits: reads and writes counted apart, for each API key or else each address.

What is left is told in the header fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask, Response, current_app, request
from flask_limiter import ApplicationLimit, Limiter
from limits.errors import StorageError

from service.web.http.rate_limit_storage import ProcessStorage

# A monitor must not be refused, nor use up what its address may ask. Flask-Limiter lets static files through by itself.
EXEMPT_PATHS = frozenset({"/healthz", "/readyz"})
DETAIL = "More requests than the limit allows. `Retry-After` says in how many seconds to go on."

_READS = frozenset({"GET", "HEAD"})
# To connect, and to get an answer. A request that finds the storage gone waits this long, twice at most.
_STORAGE_SECONDS = 0.25

log = logging.getLogger(__name__)
# What Flask-Limiter says below a warning names the address or key that was refused.
log.addFilter(lambda record: record.levelno >= logging.WARNING)


def register(app: Flask, *, reads: str, writes: str, storage: str, caller: Callable[[], str | None]) -> None:
    """Limit the requests of ``app`` that read and those that write; no limit where it is "".

    GET and HEAD read, and so does a view that is marked ``only_reads``.

    ``storage`` is where the counts are: ``memory://`` (each process its own) or ``redis://...``. While a Redis does
    not answer, each process counts for itself. ``caller`` gives an id of the API key behind the request, or ``None``.
    """
    limits = {"reads": reads, "writes": writes}
    if not any(limits.values()):
        return
    limiter = Limiter(
        lambda: _client(caller()),
        application_limits=[
            ApplicationLimit(lambda: limits[_kind()], scope=lambda endpoint: _kind(), error_message=DETAIL)
        ],
        # By default it lets through what no route answers.
        request_identifier=lambda: request.endpoint or "none",
        storage_uri=f"{ProcessStorage.STORAGE_SCHEME[0]}://" if storage == "memory://" else storage,
        storage_options=_storage_options(storage),
        in_memory_fallback_enabled=True,
        # When two requests find the storage gone at once, only the first falls back.
        swallow_errors=True,
    )
    limiter.logger = log
    limiter.request_filter(lambda: request.method == "OPTIONS" or request.path in EXEMPT_PATHS)
    limiter.init_app(app)

    @app.after_request
    def tell(response: Response) -> Response:
        current = limiter.current_limit
        if current is None:
            return response
        try:
            reset_at, remaining = current.window
        except StorageError:
            return response
        kind, limit = current.request_args[-1], current.limit
        seconds = max(1, math.ceil(reset_at - time.time()))
        response.headers["RateLimit-Policy"] = f'"{kind}";q={limit.amount};w={limit.get_expiry()}'
        response.headers["RateLimit"] = f'"{kind}";r={remaining};t={seconds}'
        if current.breached:
            response.headers["Retry-After"] = str(seconds)
        return response


def _kind() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    return "reads" if request.method in _READS or getattr(view, "only_reads", False) else "writes"


def _client(key: str | None) -> str:
    """Whom to count a request for."""
    if key is not None:
        return f"key {key}"
    given = request.remote_addr or ""
    try:
        address = ip_address(given)
    except ValueError:
        return f"address {given}"
    if isinstance(address, IPv6Address):
        # Whoever has one IPv6 address has the 2**64 around it.
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
        # Once: the server may have closed a connection that was idle.
        "retry": Retry(NoBackoff(), 1),
    }
