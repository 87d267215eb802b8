"""The worker of gunicorn: requests that it refuses before the application sees them get problem details too."""

from __future__ import annotations

import http
import os
import secrets
import socket
from contextlib import suppress
from ssl import SSLError
from typing import Any

import orjson
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from service.web.http.cors import headers_for_any
from service.web.http.problems import MEDIA_TYPE, code_of

_HEADER = "A header is malformed: each is `Name: value` on one line, without control characters."
_CHUNKS = "The body is not valid chunked transfer coding (RFC 9112, section 7.1)."
# Missing in the stubs. Subclasses of those for headers of a request.
_OF_THE_RESPONSE = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)  # type: ignore[attr-defined]
# The first that fits. Statuses are those of gunicorn's own pages; the numbers are its settings.
_REFUSALS: list[tuple[type[Exception] | tuple[type[Exception], ...], int, str]] = [
    (_OF_THE_RESPONSE, 500, ""),
    (errors.ConfigurationProblem, 404, "There is nothing at this path: the paths of this service begin with {mount}."),
    (
        errors.LimitRequestLine,
        414,
        "The URL is too long: the request line may have {line} bytes. Send long texts in a body: `POST /v1/match`.",
    ),
    (
        errors.LimitRequestHeaders,
        431,
        "The headers are too large: there may be {fields} of them, each with {size} bytes.",
    ),
    (
        errors.UnsupportedTransferCoding,
        501,
        "The Transfer-Encoding is not supported: send `chunked`, or a Content-Length.",
    ),
    (errors.ExpectationFailed, 417, "The Expect header is not supported, except `Expect: 100-continue`."),
    ((errors.ForbiddenProxyRequest, SSLError), 403, "This connection is not permitted."),
    (
        (errors.InvalidRequestLine, errors.InvalidRequestMethod),
        400,
        "The request line is malformed: it must be like `GET /v1/claims HTTP/1.1`.",
    ),
    (errors.InvalidHTTPVersion, 400, "The HTTP version is not supported: use HTTP/1.1."),
    ((errors.InvalidHeader, errors.InvalidHeaderName, errors.ObsoleteFolding), 400, _HEADER),
    ((errors.InvalidChunkSize, errors.ChunkMissingTerminator, errors.InvalidChunkExtension), 400, _CHUNKS),
    (errors.ParseException, 400, "The request is malformed, or contradicts itself."),
]
_INTERNAL = "An internal error occurred. Report the `request_id`: it identifies the error in the log."


class Worker(ThreadWorker):
    """A threaded worker that answers malformed requests with problem details, and releases the port with its master."""

    def is_parent_alive(self) -> bool:
        """Return whether the master is alive; if it is not, stop listening.

        Clients that keep their connections would keep the worker, and the port, for ``graceful_timeout``: longer than
        the next master waits for it.
        """
        alive: bool = super().is_parent_alive()
        if not alive:
            # As after SIGTERM, each connection is closed after its next response.
            self.alive = False
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that failed before the application, or outside it. gunicorn's own answer is HTML."""
        status, detail = self.refusal(exc)
        request_id = secrets.token_hex(8)
        if status == 500:
            self.log.error("request %s failed", request_id, exc_info=exc)
        with suppress(OSError):
            write_nonblock(client, response(status, detail, request_id, self._allowed_origins()))

    def _allowed_origins(self) -> tuple[str, ...]:
        """Return the origins whose pages may read answers, by the settings of the application."""
        config: dict[str, Any] = getattr(self.wsgi, "config", {})
        return tuple(config.get("CORS_ALLOWED", ()))

    def refusal(self, error: BaseException) -> tuple[int, str]:
        """Return the status and the detail for an exception of gunicorn's parser."""
        limits = {
            "line": self.cfg.limit_request_line,
            "fields": self.cfg.limit_request_fields,
            "size": self.cfg.limit_request_field_size,
            "mount": os.environ.get("SCRIPT_NAME", ""),
        }
        for kinds, status, detail in _REFUSALS:
            if isinstance(error, kinds):
                return status, detail.format(**limits) or _INTERNAL
        return 500, _INTERNAL


def response(status: int, detail: str, request_id: str, origins: tuple[str, ...] = ()) -> bytes:
    """Return the bytes of a response with problem details, which pages of ``origins`` may read."""
    phrase = http.HTTPStatus(status).phrase
    body = orjson.dumps(
        {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "code": code_of(status),
            "detail": detail,
            "request_id": request_id,
        }
    )
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"X-Request-ID: {request_id}\r\n"
    )
    head += "".join(f"{name}: {value}\r\n" for name, value in headers_for_any(origins).items()) + "\r\n"
    return head.encode("latin-1") + body
