"""The public address of the service: what clients call it, whatever proxies are in front.

Proxies change the scheme, the host and the path of a request. ``PublicAddress`` restores them for each request, and
every address that the service gives out is made here: ``path_to`` for paths, ``base`` for whole URLs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from service.web.http.problems import problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# RFC 3986, 3.2.2, without percent-encoding and signs, which no name of a host has.
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{0,5})?")
# Without "//", which browsers take for another host.
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)+")
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")
_DOTS = re.compile(r"/\.{1,2}(/|$)")
_SCHEMES = ("http", "https")
_RECEIVED_HOST = "service.received_host"
_NEEDS_A_HOST = "HTTP/1.1"


class PublicAddress:
    """WSGI middleware that gives a request the scheme, host, path prefix and client that the outermost proxy saw.

    They come from the ``X-Forwarded-*`` headers that ``proxies`` trusted proxies in front have set or added to, and
    from ``public_url``, which takes precedence. ``routes`` are the service's own paths, to tell a prefix that a proxy
    kept in the path from a path of the service.
    """

    def __init__(self, app: WSGIApplication, *, public_url: str, proxies: int, routes: Map) -> None:
        self._app = app
        self._public = urlsplit(public_url) if public_url else None
        self._proxies = proxies
        self._routes = routes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve a request."""
        environ[_RECEIVED_HOST] = environ.get("HTTP_HOST", "")
        if self._proxies:
            self._believe_proxies(environ)
        if self._public is not None:
            environ["wsgi.url_scheme"] = self._public.scheme
            environ["HTTP_HOST"] = self._public.netloc
            self._cut(environ, self._public.path)
            environ["SCRIPT_NAME"] = self._public.path
        return self._app(environ, start_response)

    def _believe_proxies(self, environ: WSGIEnvironment) -> None:
        address = client_address(self._forwarded(environ, "FOR"))
        if address is not None:
            environ["REMOTE_ADDR"] = address
        scheme = self._forwarded(environ, "PROTO").lower()
        if scheme in _SCHEMES:
            environ["wsgi.url_scheme"] = scheme
        host = self._forwarded(environ, "HOST")
        if _HOST.fullmatch(host):
            environ["HTTP_HOST"] = host
        prefix = self._forwarded(environ, "PREFIX").rstrip("/")
        if self._public is None and is_prefix(prefix):
            self._cut(environ, prefix)
            mounted = environ.get("SCRIPT_NAME", "")
            # With SCRIPT_NAME in the environment, the prefix may be this one or lie before it.
            environ["SCRIPT_NAME"] = prefix if prefix.endswith(mounted) else prefix + mounted

    def _forwarded(self, environ: WSGIEnvironment, name: str) -> str:
        """Return the value of a header that the outermost trusted proxy gave, or nothing."""
        values = environ.get(f"HTTP_X_FORWARDED_{name}", "").split(",")
        return values[-self._proxies].strip() if len(values) >= self._proxies else ""

    def _cut(self, environ: WSGIEnvironment, prefix: str) -> None:
        """Remove ``prefix`` from the path of a request, if a proxy kept it there."""
        path = environ.get("PATH_INFO", "")
        if environ.get("SCRIPT_NAME") or not prefix or not f"{path}/".startswith(f"{prefix}/"):
            return
        rest, method = path[len(prefix) :] or "/", environ["REQUEST_METHOD"]
        as_it_is, without = self._route(path, method), self._route(rest, method)
        # Below `/claims`, the path `/claims/docs` is the claim `docs` or the documentation.
        if as_it_is is None or (without is not None and as_it_is.arguments and not without.arguments):
            environ["PATH_INFO"] = rest

    def _route(self, path: str, method: str) -> Rule | None:
        """Return the route of a path, if it has one."""
        try:
            rule, _ = self._routes.bind("").match(path, method, return_rule=True)
        except HTTPException:
            return None
        return rule


def is_prefix(path: str) -> bool:
    """Return whether ``path`` can stand before the paths of the service, such as ``/claims``."""
    return bool(_PREFIX.fullmatch(path)) and not _DOTS.search(path)


def client_address(given: str) -> str | None:
    """Return an IP address without the port, brackets and quotes that some proxies add; ``None`` for what is none."""
    text = given.strip('"')
    parts = _WITH_PORT.fullmatch(text)
    try:
        return str(ip_address((parts[1] or parts[2]) if parts else text))
    except ValueError:
        return None


def register(app: Flask) -> None:
    """Refuse requests without a valid ``Host``, and make every ``Location`` a public path."""

    @app.before_request
    def check_host() -> Response | None:
        host = str(request.environ[_RECEIVED_HOST])
        if _HOST.fullmatch(host) or (not host and request.environ.get("SERVER_PROTOCOL") != _NEEDS_A_HOST):
            return None
        wrong = "is not a host with an optional port" if host else "is missing"
        return problem(400, f"The Host header {wrong}: send one, for example `Host: example.org`.", code="invalid_host")

    @app.after_request
    def locate(response: Response) -> Response:
        location = response.headers.get("Location", "")
        if location.startswith("/"):
            response.headers["Location"] = path_to(location)
        return response


def path_to(path: str) -> str:
    """Return a path of the service, with or without a query, as clients have to request it."""
    return f"{_prefix()}{path}"


def base() -> str:
    """Return the URL of the service as clients know it, without a slash at the end.

    Answers 400 if it is not known: to HTTP/1.0 without a ``Host``, over a Unix socket.
    """
    if not request.host:
        detail = "The Host header is missing: it is needed to make links, for example `Host: example.org`."
        raise HTTPException(detail, problem(400, detail, code="invalid_host"))
    return f"{request.scheme}://{request.host}{_prefix()}"


def _prefix() -> str:
    # Decoded by WSGI; with SCRIPT_NAME in the environment it may have any character.
    return _quoted(request_ctx.request.root_path)


@lru_cache(maxsize=16)
def _quoted(root: str) -> str:
    return quote(root.rstrip("/"))


def link(path: str, **parameters: object) -> str:
    """Return a path of the service, with the parameters that are not ``None`` or empty."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return path_to(f"{path}?{urlencode(given)}" if given else path)
