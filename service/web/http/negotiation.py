"""Which form the client accepts, and whether it already has the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import ETags, MIMEAccept
from werkzeug.exceptions import HTTPException

from service.model.errors import VersionConflict
from service.web.http.auth import caller
from service.web.http.problems import problem

JSON = "application/json"
_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
# Flask-Compress marks the ETag of a compressed body with its algorithm: RFC 9110 wants it to differ.
_ENCODINGS = ("", ":zstd", ":br", ":gzip", ":deflate")


def register(app: Flask) -> None:
    """Take from requests what the libraries misread, before they do."""

    @app.before_request
    def repair() -> None:
        # Flask-Compress takes a coding that is refused ("gzip;q=0") for one that is accepted.
        codings = request.headers.get("Accept-Encoding", "")
        kept = [part for part in codings.split(",") if not _REFUSED.search(part)]
        request.environ["HTTP_ACCEPT_ENCODING"] = ",".join(kept)
        # A part of a file is of its plain form, and the answer may be compressed: a server may ignore Range.
        request.environ.pop("HTTP_RANGE", None)
        if request.method in ("GET", "HEAD"):
            # werkzeug takes "*" for a tag that never fits, and answers with the body under 412.
            g.if_match = request.if_match
            request.environ.pop("HTTP_IF_MATCH", None)


def accepted(offers: Sequence[str]) -> str:
    """The offer the client likes best, the first one without a preference; else answers 406."""
    if not request.headers.get("Accept"):
        return offers[0]
    # Parameters such as a charset do not matter to what we offer, but would keep it from matching.
    accepts = MIMEAccept([(value.split(";")[0].strip(), quality) for value, quality in request.accept_mimetypes])
    chosen = accepts.best_match(offers)
    if chosen is None:
        detail = f"This resource comes as {', '.join(offers)}."
        findings = [{"in": "header", "pointer": "/Accept", "detail": detail}]
        raise HTTPException(detail, problem(406, detail, findings))
    return chosen


def not_modified(etag: str) -> Response | None:
    """A 304 when the client already has the representation with this strong ``etag`` (RFC 9110, 13.1.2).

    Raises ``VersionConflict`` when it asked for another one only (13.1.1).
    """
    wanted: ETags = g.if_match
    if wanted and not wanted.star_tag and not any(wanted.is_strong(etag + encoding) for encoding in _ENCODINGS):
        raise VersionConflict("It is another one by now.")
    for encoding in _ENCODINGS:
        if request.if_none_match.contains_weak(etag + encoding):
            response = Response(status=304)
            response.set_etag(etag + encoding)
            return with_caching(response)
    return None


def with_caching(response: Response) -> Response:
    """Let caches keep an answer, and ask again after ``CACHE_SECONDS``."""
    seconds = current_app.config["CACHE_SECONDS"]
    # What somebody with a key may read is not for those without.
    _, reading_is_open = current_app.extensions["access"]
    audience = "public" if reading_is_open and caller() is None else "private"
    response.headers["Cache-Control"] = f"{audience}, max-age={seconds}" if seconds else f"{audience}, no-cache"
    response.headers.add("Vary", "Accept, Authorization")
    return response


def written(body: bytes, *, status: int = 200, tag: str | None = None, location: str | None = None) -> Response:
    """The answer to a write: what is there now, with the strong ETag to change it by."""
    response = Response(body, status, content_type=JSON)
    response.set_etag(tag or blake2b(body, digest_size=16).hexdigest())
    response.headers["Cache-Control"] = "no-store"
    if location is not None:
        response.headers["Location"] = location
    return response


def with_content(tag: str, body: bytes) -> str:
    """The tag of a thing's own state, gone on with what else is shown of it."""
    return f"{tag}.{blake2b(body, digest_size=8).hexdigest()}"


def send(body: bytes, media_type: str = JSON, etag: str | None = None) -> Response:
    """``body`` with a strong ETag, from its bytes where nothing cheaper identifies it; or a 304."""
    # The same bytes in another form are another representation.
    tag = etag or blake2b(body, digest_size=16, key=media_type.encode()).hexdigest()
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    response = Response(body, content_type=media_type)
    response.set_etag(tag)
    return with_caching(response)
