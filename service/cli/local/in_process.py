"""A client of the local store: the application answers in this process, without a server and without a network."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from requests.adapters import BaseAdapter

from claim_verification import Client
from service.api import build_app
from service.cli.local.opening import open_store
from service.config import load_settings

_ADDRESS = "http://localhost"
_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def local_client(key: str | None) -> Iterator[Client]:
    """Open a client of the local store. Reading takes no ``key``, and no request is limited."""
    settings = replace(load_settings(), public_url="", reading_is_open=True, rate_limit_reads="", rate_limit_writes="")
    with open_store() as store:
        application = build_app(store, settings)
        # What a server would answer after a while, it answers now.
        with Client(_ADDRESS, key, retries=0, adapter=InProcess(application.wsgi_app)) as client:
            yield client


class InProcess(BaseAdapter):
    """A transport of requests that calls a WSGI application (PEP 3333)."""

    def __init__(self, application: _Application) -> None:
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """Return the answer of the application, whole."""
        response = requests.Response()

        def start(status: str, headers: list[tuple[str, str]], failure: Any = None) -> Callable[[bytes], object]:
            response.status_code = int(status[:3])
            response.headers.update(headers)
            return response.raw.write

        response.raw = io.BytesIO()
        answer = self._application(_environ(request), start)
        try:
            for piece in answer:
                response.raw.write(piece)
        finally:
            getattr(answer, "close", lambda: None)()
        response.raw.seek(0)
        response.reason = HTTPStatus(response.status_code).phrase
        response.url, response.request = request.url or "", request
        return response

    def close(self) -> None:
        """Do nothing: there is no connection."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    sent = body.encode() if isinstance(body, str) else body
    # Compression would be undone at once.
    headers = {name: value for name, value in request.headers.items() if name.lower() != "accept-encoding"}
    named = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    return named | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(sent)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": True,
    }
