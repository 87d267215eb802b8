"""Problem details for the requests that the server refuses before the application sees them."""

from __future__ import annotations

import http
import os
import re
from html import escape
from ssl import SSLError

import orjson
from gunicorn.config import Config
from gunicorn.http import errors

from service.web.http.cors import headers_for_any
from service.web.http.problems import MEDIA_TYPE, code_of


class RequestTimeout(Exception):
    """A request that does not arrive in time."""


# Bytes a second: what a connection over a bad mobile network has.
LEAST_RATE = 8 * 1024
_HEADER = "A header is malformed: each is `Name: value` on one line, without control characters."
_CHUNKS = "The body is not valid chunked transfer coding (RFC 9112, section 7.1)."
# Missing in the stubs. Subclasses of those for headers of a request.
_OF_THE_RESPONSE = (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName)  # type: ignore[attr-defined]
# The first that fits. Statuses are those of gunicorn's own pages; the numbers are its settings.
_REFUSALS: list[tuple[type[Exception] | tuple[type[Exception], ...], int, str]] = [
    (_OF_THE_RESPONSE, 500, ""),
    (
        RequestTimeout,
        408,
        "The request did not arrive in time: its head may take {seconds} seconds, and its body as long and one second "
        "more for each {rate} KiB. Send it again.",
    ),
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
_POLICY = "Content-Security-Policy: default-src 'none'; style-src 'self'; frame-ancestors 'none'\r\n"
_CODE, _MARKED = re.compile("`([^`]+)`"), r"<code>\1</code>"
_INTERNAL = "An internal error occurred. Report the `request_id`: it identifies the error in the log."


def refusal(error: BaseException, cfg: Config, seconds: float) -> tuple[int, str]:
    """Return the status and the detail for an exception of gunicorn's parser.

    ``seconds`` is the time that a request may take to arrive.
    """
    limits = {
        "line": cfg.limit_request_line,
        "fields": cfg.limit_request_fields,
        "size": cfg.limit_request_field_size,
        "mount": os.environ.get("SCRIPT_NAME", ""),
        "seconds": f"{seconds:g}",
        "rate": LEAST_RATE // 1024,
    }
    for kinds, status, detail in _REFUSALS:
        if isinstance(error, kinds):
            return status, detail.format(**limits) or _INTERNAL
    return 500, _INTERNAL


def response(
    status: int, detail: str, request_id: str, origins: tuple[str, ...] = (), *, as_page: bool = False
) -> bytes:
    """Return the bytes of a response with problem details, which pages of ``origins`` may read; or the same as HTML."""
    phrase = http.HTTPStatus(status).phrase
    body = _page(status, phrase, detail, request_id) if as_page else _problem(status, phrase, detail, request_id)
    media_type, policy = ("text/html; charset=utf-8", _POLICY) if as_page else (MEDIA_TYPE, "")
    head = (
        f"HTTP/1.1 {status} {phrase}\r\nConnection: close\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"X-Request-ID: {request_id}\r\n{policy}"
    )
    head += "".join(f"{name}: {value}\r\n" for name, value in headers_for_any(origins).items()) + "\r\n"
    return head.encode("latin-1") + body


def _page(status: int, phrase: str, detail: str, request_id: str) -> bytes:
    """Return a page without the application's templates, which is not there to render them."""
    home = f"{os.environ.get('SCRIPT_NAME', '')}/"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f'<title>{phrase} – Claim verification</title>\n<link rel="stylesheet" href="{home}static/page.css">\n</head>\n'
        f'<body>\n<main id="main" class="frame">\n<p class="kicker">Error {status}</p>\n<h1>{phrase}</h1>\n'
        f"<p>{_CODE.sub(_MARKED, escape(detail))}</p>\n"
        f'<p><a href="{home}search">Search the claims</a>, <a href="{home}match">match a text</a>, or go '
        f'<a href="{home}">to the home page</a>. If you report this, name the request {request_id}.</p>\n'
        "</main>\n</body>\n</html>\n"
    ).encode()


def _problem(status: int, phrase: str, detail: str, request_id: str) -> bytes:
    return orjson.dumps(
        {
            "type": "about:blank",
            "title": phrase,
            "status": status,
            "code": code_of(status),
            "detail": detail,
            "request_id": request_id,
        }
    )
