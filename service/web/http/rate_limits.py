"""Rate limits: reads and writes are counted separately, for each API key or else each address.

Responses have the header fields of draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask, Request, Response, current_app, g, request
from flask.globals import app_ctx, request_ctx
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from werkzeug.exceptions import TooManyRequests

from service.web.http.rate_limit_storage import SharedStorage

# Monitoring must not be refused, nor be counted against its address.
EXEMPT_PATHS = frozenset({"/healthz", "/readyz"})
DETAIL = "Too many requests: the limit is {} {} in {} seconds. Try again in {} seconds."

# A query in a body counts as one read, and as one more for each of so many bytes: about what a read of a claim costs.
QUERY_BYTES = 256
_READS = frozenset({"GET", "HEAD"})
# To connect, and to get a response. While the storage is down, a request waits this long, twice at most.
_STORAGE_SECONDS = 0.25
# Between attempts to reach a storage that is down: at first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Window:
    """The state of one limit after a request: how many are left, and the seconds until the count is reset."""

    kind: str
    limit: RateLimitItem
    left: int
    seconds: int
    exceeded: bool


class Counts:
    """Counts of requests in a storage, and in this machine's memory while the storage does not respond."""

    def __init__(self, storage: Storage, limits: Mapping[str, Sequence[RateLimitItem]]) -> None:
        self.storage = storage
        self.limits = limits
        self._own = SharedStorage()
        self._tried_again_at = 0.0
        # Seconds; 0 while the storage responds.
        self._pause = 0.0

    def add(self, limit: RateLimitItem, client: str, kind: str, cost: int) -> tuple[int, float | None]:
        """Count a request as ``cost`` of them.

        Returns the count and the time of its reset, ``None`` if that is not known.
        """
        key = _key(limit, client, kind)
        if not self._pause or time.monotonic() >= self._tried_again_at:
            try:
                count = self.storage.incr(key, limit.get_expiry(), cost)
            except StorageError:
                self._wait()
            else:
                self._pause = 0.0
                return count, _reset_at(self.storage, key)
        return self._own.incr(key, limit.get_expiry(), cost), _reset_at(self._own, key)

    def _wait(self) -> None:
        """Leave the storage alone for a while."""
        if not self._pause:
            log.warning("rate limit storage unreachable: each machine counts for itself")
        self._pause = min(2 * self._pause, _LONGEST_PAUSE) or _FIRST_PAUSE
        self._tried_again_at = time.monotonic() + self._pause


def register(
    app: Flask, *, reads: str, writes: str, storage: str, caller: Callable[[], str | None], body_weight: int = 1
) -> None:
    """Limit the requests of ``app`` that read and those that write, such as ``30000/minute``; "" is no limit.

    GET and HEAD read, and so does a view that is marked ``only_reads``. A read counts by the length of its query,
    in a body by ``body_weight`` times that.

    ``storage`` has the counts: ``memory://`` (of all workers of this server) or ``redis://...``. While Redis does not
    respond, each machine counts for itself. ``caller`` returns the id of the request's API key, or ``None``.
    """
    if not reads and not writes:
        return
    limits = {"reads": _limits(reads), "writes": _limits(writes)}
    counts = app.extensions["rate_limits"] = Counts(_storage(storage), limits)

    @app.before_request
    def count() -> None:
        actual = request_ctx.request
        if actual.method == "OPTIONS" or actual.path in EXEMPT_PATHS or actual.endpoint == "static":
            return
        kind = "reads" if is_read() else "writes"
        if not limits[kind]:
            return
        client = g.rate_limit_client = _client(caller())
        cost = 1 if kind == "writes" else 1 + _length_of_query(actual, body_weight) // QUERY_BYTES
        _spend(counts, client, kind, cost)

    @app.after_request
    def add_headers(response: Response) -> Response:
        window: Window | None = app_ctx.g.get("rate_limit_window")
        if window is not None and window.seconds:
            limit = window.limit
            response.headers.add("RateLimit-Policy", f'"{window.kind}";q={limit.amount};w={limit.get_expiry()}')
            response.headers.add("RateLimit", f'"{window.kind}";r={window.left};t={window.seconds}')
            if window.exceeded:
                response.headers["Retry-After"] = str(window.seconds)
        return response


def _length_of_query(actual: Request, body_weight: int) -> int:
    """Return the bytes of the query of a request that reads, in its body (weighed) or in its address."""
    return (actual.content_length or 0) * body_weight if actual.method == "POST" else len(actual.query_string)


def count_items(items: int) -> None:
    """Count a request that does the work of so many writes as that many; it is counted as one already.

    Raises ``TooManyRequests``.
    """
    counts: Counts | None = current_app.extensions.get("rate_limits")
    if counts is not None and counts.limits["writes"] and items > 1:
        _spend(counts, g.rate_limit_client, "writes", items - 1, counted=1)


def _spend(counts: Counts, client: str, kind: str, cost: int, counted: int = 0) -> None:
    """Count ``cost`` under all limits of this kind, of a request that was ``counted`` as so many before."""
    windows = [_count(counts, limit, client, kind, min(cost, limit.amount - counted)) for limit in counts.limits[kind]]
    exceeded = [window for window in windows if window.exceeded]
    g.rate_limit_window = window = exceeded[-1] if exceeded else windows[0]
    if exceeded:
        amount, seconds = window.limit.amount, window.limit.get_expiry()
        raise TooManyRequests(DETAIL.format(amount, kind, seconds, window.seconds))


def _count(counts: Counts, limit: RateLimitItem, client: str, kind: str, cost: int) -> Window:
    """Count a request under ``limit`` as ``cost`` of them.

    The window has 0 seconds if the time of its reset is not known.
    """
    count, reset_at = counts.add(limit, client, kind, cost)
    seconds = 0 if reset_at is None else max(1, math.ceil(reset_at - time.time()))
    return Window(kind, limit, max(0, limit.amount - count), seconds, count > limit.amount)


# Clients come back.
@lru_cache(maxsize=1024)
def _key(limit: RateLimitItem, client: str, kind: str) -> str:
    return limit.key_for(client, kind)


def _reset_at(storage: Storage, key: str) -> float | None:
    try:
        return storage.get_expiry(key)
    except StorageError:
        return None


def is_read() -> bool:
    """Return whether the request only reads: by its method, or since its view is marked ``only_reads``."""
    actual = request_ctx.request
    if actual.method in _READS:
        return True
    view = current_app.view_functions.get(actual.endpoint or "")
    return bool(getattr(view, "only_reads", False))


def _client(key: str | None) -> str:
    """Return the name that a request is counted under."""
    return f"key {key}" if key is not None else _address(request.remote_addr or "")


# Clients come back.
@lru_cache(maxsize=1024)
def _address(given: str) -> str:
    try:
        address = ip_address(given)
    except ValueError:
        return f"address {given}"
    if isinstance(address, IPv6Address):
        # The holder of one IPv6 address has the 2**64 around it.
        address = address.ipv4_mapped or IPv6Network((int(address), 64), strict=False).network_address
    return f"address {address}"


def _limits(text: str) -> Sequence[RateLimitItem]:
    """Return the limits in ``text``, the one of the shortest time first."""
    return sorted(parse_many(text)) if text else ()


def _storage(url: str) -> Storage:
    if url == "memory://":
        return SharedStorage()
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    options: dict[str, Any] = {
        "wrap_exceptions": True,
        "socket_connect_timeout": _STORAGE_SECONDS,
        "socket_timeout": _STORAGE_SECONDS,
        # Once: the server may have closed an idle connection.
        "retry": Retry(NoBackoff(), 1),
    }
    storage = storage_from_string(url, **options)
    assert isinstance(storage, Storage)  # noqa: S101 - not one of the asynchronous ones
    return storage
