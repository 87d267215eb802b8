"""Method override: Google's client libraries send a GET with a long URL as a POST with a header that says so."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from service.web.google import PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FORM = "application/x-www-form-urlencoded"
LONGEST = 64 * 1024


class MethodOverride:
    """WSGI middleware that turns POSTs with ``X-HTTP-Method-Override: GET`` into GETs; the body is the query string.

    Only below Google's prefix, and only for a form with a ``Content-Length`` of at most ``LONGEST`` bytes.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        if _is_disguised(environ):
            query = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode("latin-1")
            environ |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "wsgi.input": io.BytesIO()}
            for name in ("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_X_HTTP_METHOD_OVERRIDE"):
                environ.pop(name, None)
        return self._app(environ, start_response)


def _is_disguised(environ: WSGIEnvironment) -> bool:
    length = environ.get("CONTENT_LENGTH") or ""
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper() == "GET"
        and environ.get("PATH_INFO", "").startswith(f"{PREFIX}/")
        and not environ.get("QUERY_STRING")
        and environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() == FORM
        and length.isascii()
        and length.isdigit()
        and len(length) < 9
        and int(length) <= LONGEST
    )
