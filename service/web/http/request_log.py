"""Request ids, and the log: one JSON line a request, without query string, headers and body, which may hold secrets."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

from service.use_cases.api_keys import KEY_PATTERN

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("service.access")


class _RequestIds(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if has_request_context() and "request_id" in g:
            record.request_id = g.request_id
        return True


def configure_logging(level: str) -> None:
    """Log as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp=True,
        )
    )
    handler.addFilter(_RequestIds())
    logger = logging.getLogger("service")
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False


def register(app: Flask, *, vary_origin: bool) -> None:
    """Give every request of ``app`` an id (the client's own if it is well-formed) and a line in the log.

    With ``vary_origin`` every response has ``Vary: Origin``, so that a cache does not give one site's response to
    another.
    """

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "")
        g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        if vary_origin:
            response.vary.add("Origin")
        log.info(
            "request",
            extra={
                "method": request.method,
                "path": KEY_PATTERN.sub("(a key)", request.path),
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - g.began) * 1000, 3),
            },
        )
        return response
