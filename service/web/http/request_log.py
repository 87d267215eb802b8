"""Request ids, and the log: one JSON line a request, without query string, headers and body, which may hold secrets."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import secrets
import sys
import time
from itertools import count

import orjson
from flask import Flask, Response, g, has_request_context, request
from flask.globals import app_ctx, request_ctx
from pythonjsonlogger.orjson import OrjsonFormatter

from service.use_cases.api_keys import KEY_PATTERN
from service.web.http.trace_context import trace_ids

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_64_BITS = 2**64 - 1
# Odd, so that it leads through all numbers of 64 bits before one comes again; the golden ratio, so that they differ
# widely.
_STEP = 0x9E3779B97F4A7C15

log = logging.getLogger("service.access")


class RequestIds:
    """Ids of 16 hexadecimal digits. Each process begins at a random one, and does not repeat its own."""

    def __init__(self) -> None:
        self.begin()
        os.register_at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Begin at a random id."""
        self._numbers = count(secrets.randbits(64), _STEP)

    def new(self) -> str:
        """Return an id."""
        return f"{next(self._numbers) & _64_BITS:016x}"


_ids = RequestIds()


class _Line(logging.LogRecord):
    """The record of one request, with ``fields`` that are its line in the log."""

    def __init__(self, fields: dict[str, object]) -> None:
        super().__init__(log.name, logging.INFO, __file__, 0, "request", None, None)
        self.fields = fields


class _Formatter(OrjsonFormatter):
    """Formats records as JSON. The lines of requests take a shorter way: there are more of them than of all others."""

    def format(self, record: logging.LogRecord) -> str:
        if not isinstance(record, _Line):
            return super().format(record)
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line = {"level": record.levelname, "logger": record.name, "message": record.msg} | record.fields
        return orjson.dumps(line | {"timestamp": at}).decode()


class _WithRequestId(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if not isinstance(record, _Line) and has_request_context() and "request_id" in g:
            record.request_id = g.request_id
            vars(record).update(trace_ids(request.environ))
        return True


def configure_logging(level: str) -> None:
    """Log as JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Formatter(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp=True,
        )
    )
    handler.addFilter(_WithRequestId())
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
        given = request.environ.get("HTTP_X_REQUEST_ID", "")
        kept = app_ctx.g
        kept.request_id = given if given and _REQUEST_ID.fullmatch(given) else _ids.new()
        kept.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        context, actual = app_ctx.g, request_ctx.request
        response.headers.add("X-Request-ID", context.request_id)
        if vary_origin:
            response.vary.add("Origin")
        if log.isEnabledFor(logging.INFO):
            fields = {
                "method": actual.method,
                "path": KEY_PATTERN.sub("(a key)", actual.path),
                "status": response.status_code,
                "duration_ms": round((time.perf_counter() - context.began) * 1000, 3),
                "request_id": context.request_id,
            }
            log.handle(_Line(fields | trace_ids(request.environ)))
        return response
