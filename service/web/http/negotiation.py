"""Content negotiation, conditional reads, and the headers of representations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g
from flask.globals import request_ctx
from werkzeug.datastructures import ETags, Headers, MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header, quote_etag

from service.web.http.auth import caller
from service.web.http.preconditions import WEAK, PreconditionFailed, is_weak
from service.web.http.problem_details import Finding
from service.web.http.problems import MEDIA_TYPE as PROBLEM
from service.web.http.problems import problem
from service.web.http.quoting import quoted

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

JSON = "application/json"
HTML = "text/html"
ACCEPT_ENCODING = "HTTP_ACCEPT_ENCODING"
_CHANGED = "The resource has changed: its ETag is not the one in `If-Match`. GET it again without `If-Match`."
# The preferred first.
CODINGS = ("zstd", "br", "gzip", "deflate")
# Flask-Compress marks the ETag of a compressed body with its algorithm: RFC 9110 wants it to differ.
_ENCODINGS = ("", *(f":{coding}" for coding in CODINGS))


class CompleteResponse(Response):
    """A response with its whole body, and without addresses in its headers: these are sent as they are."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return the headers. werkzeug makes a copy, to change some of them."""
        if self.status_code == 200 and "Content-Length" in self.headers:
            return self.headers
        return super().get_wsgi_headers(environ)


def register(app: Flask) -> None:
    """Remove from requests the headers that the libraries misread."""

    @app.before_request
    def repair() -> None:
        actual = request_ctx.request
        environ = actual.environ
        # Flask-Compress uses a coding that the client refuses ("gzip;q=0"), and does not say which one it will use.
        environ[ACCEPT_ENCODING] = preferred_coding(environ.get(ACCEPT_ENCODING, ""))
        # werkzeug cuts the range out of the plain file, and the response may be compressed. A server may ignore Range.
        environ.pop("HTTP_RANGE", None)
        if "HTTP_IF_MATCH" in environ and actual.method in ("GET", "HEAD"):
            # werkzeug treats "*" as a tag that never matches, and sends the body with 412.
            g.if_match = actual.if_match
            del environ["HTTP_IF_MATCH"]


def accepted(offers: Sequence[str]) -> str:
    """Return the offer that the client prefers, the first one without a preference. Answers 406 if there is none.

    To accept problems alone states no preference: some generated clients do so for every request.
    """
    given: str = request_ctx.request.environ.get("HTTP_ACCEPT", "")
    if not given:
        return offers[0]
    chosen = _best_offer(given, tuple(offers))
    if chosen is None:
        accept = quoted(given)
        detail = f"This resource is available as {', '.join(offers)}, none of which matches `Accept: {accept[1:-1]}`."
        raise HTTPException(detail, problem(406, detail, [Finding("header", "/Accept", detail)]))
    return chosen


# Clients send a few different values.
@lru_cache(maxsize=256)
def _best_offer(accept: str, offers: tuple[str, ...]) -> str | None:
    # Parameters such as a charset would keep an offer from matching.
    accepted_types = parse_accept_header(accept, MIMEAccept)
    accepts = MIMEAccept([(value.split(";")[0].strip(), quality) for value, quality in accepted_types])
    chosen: str | None = accepts.best_match(offers)
    problems_alone = {value for value, quality in accepts if quality} == {PROBLEM}
    return offers[0] if chosen is None and problems_alone else chosen


@lru_cache(maxsize=64)
def preferred_coding(accept_encoding: str) -> str:
    """Return the one of ``CODINGS`` that the client likes best, or "" for none (RFC 9110, 12.5.3)."""
    accepted_codings = parse_accept_header(accept_encoding)
    best = max(CODINGS, key=accepted_codings.quality)
    plain = accepted_codings.quality("identity") if "identity" in accepted_codings.values() else 0
    return best if accepted_codings.quality(best) > 0 and accepted_codings.quality(best) >= plain else ""


def is_conditional() -> bool:
    """Return whether the request can be answered without the body: it names the state that the client has."""
    return "HTTP_IF_NONE_MATCH" in request_ctx.request.environ or g.get("if_match") is not None


def not_modified(etag: str, *, small: bool | None = None) -> Response | None:
    """Return a 304 if the client already has the representation that it would get (RFC 9110, 13.1.2).

    ``etag`` is the strong tag of the plain representation; a compressed one continues it. ``small`` tells whether the
    body is too short to be compressed; with ``None`` that is not known, and a client that has the plain representation
    gets a 304 only if it accepts no coding. Raises ``PreconditionFailed`` if the request has an ``If-Match`` that does
    not match (13.1.1).
    """
    wanted: ETags | None = g.get("if_match")
    if wanted and not wanted.star_tag and not any(wanted.is_strong(etag + encoding) for encoding in _ENCODINGS):
        raise PreconditionFailed(WEAK if is_weak(wanted) else _CHANGED)
    actual = request_ctx.request
    if "HTTP_IF_NONE_MATCH" not in actual.environ:
        return None
    coding = actual.environ.get(ACCEPT_ENCODING)
    tag = f"{etag}:{coding}" if coding and not small else etag
    if not actual.if_none_match.contains_weak(tag):
        return None
    return Response(status=304, headers=_headers(("ETag", quote_etag(tag)), *_caching()))


def with_caching(response: Response) -> Response:
    """Let caches store a response, and revalidate it after ``CACHE_SECONDS``."""
    response.headers.extend(_caching())
    return response


def _caching() -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the headers that tell caches who may be given a response, and how long."""
    app = request_ctx.app
    seconds = app.config["CACHE_SECONDS"]
    # A shared cache must not show a response made for the holder of a key to others.
    _, reading_is_open = app.extensions["access"]
    audience = "public" if reading_is_open and caller() is None else "private"
    return (
        ("Cache-Control", f"{audience}, max-age={seconds}" if seconds else f"{audience}, no-cache"),
        ("Vary", "Accept, Authorization"),
    )


def written(body: bytes, *, status: int = 200, tag: str | None = None, location: str | None = None) -> Response:
    """Return the response to a write: the new state, with its strong ETag."""
    response = Response(body, status, content_type=JSON)
    response.set_etag(tag or blake2b(body, digest_size=16).hexdigest())
    response.headers["Cache-Control"] = "no-store"
    if location is not None:
        response.headers["Location"] = location
    return response


def with_content(tag: str, body: bytes) -> str:
    """Return the tag of a resource's own state, continued with a hash of what is shown beside it."""
    return f"{tag}.{blake2b(body, digest_size=8).hexdigest()}"


def send(body: bytes, media_type: str = JSON, etag: str | None = None) -> Response:
    """Return ``body`` with a strong ETag (a hash of it unless ``etag`` is given), or a 304."""
    # The same bytes with another media type are another representation.
    tag = etag or blake2b(body, digest_size=16, key=media_type.encode()).hexdigest()
    if is_conditional():
        config = current_app.config
        compressed = media_type.partition(";")[0] in config["COMPRESS_MIMETYPES"]
        unchanged = not_modified(tag, small=not compressed or len(body) < config["COMPRESS_MIN_SIZE"])
        if unchanged is not None:
            return unchanged
    headers = _headers(("Content-Type", media_type), ("ETag", quote_etag(tag)), *_caching())
    return CompleteResponse(body, headers=headers)


def _headers(*pairs: tuple[str, str]) -> Headers:
    """Return headers. werkzeug's own constructor takes any mapping too, and twice as long."""
    headers = Headers()
    for name, value in pairs:
        headers.add(name, value)
    return headers
