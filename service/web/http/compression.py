"""Compression of responses, by Flask-Compress."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request
from flask_compress import Compress

from service.web.http.negotiation import ACCEPT_ENCODING

_VARY = "Accept-Encoding"


def register(app: Flask, media_types: Sequence[str]) -> None:
    """Compress responses of these media types for clients that accept a coding."""
    app.config.update(
        COMPRESS_MIMETYPES=list(media_types),
        # The default lacks gzip, the only coding that some clients support.
        COMPRESS_ALGORITHM_STREAMING=["zstd", "br", "gzip", "deflate"],
        COMPRESS_REGISTER=False,
    )
    extension = Compress(app)

    @app.after_request
    def compress(response: Response) -> Response:
        if request.environ.get(ACCEPT_ENCODING):
            compressed: Response = extension.after_request(response)
            return compressed
        # All that is left to do: a cache must not give this response to a client that accepts a coding.
        vary = response.headers.get("Vary")
        if vary is None:
            response.headers.add("Vary", _VARY)
        elif _VARY not in vary:
            response.headers["Vary"] = f"{vary}, {_VARY}"
        return response
