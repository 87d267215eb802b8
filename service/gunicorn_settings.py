"""The configuration of gunicorn, for `claims serve` and for `gunicorn -c gunicorn.conf.py`.

Everything that differs between installations comes from the environment.
"""

from __future__ import annotations

import secrets
import socket
import sys
from collections.abc import Iterable
from typing import SupportsIndex

import orjson
from gunicorn import sock as sockets
from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from service.config import load_settings
from service.interchange.claimreview.tables import load_tables
from service.model.errors import ServiceError
from service.operations.startup import prepare
from service.web.http.problems import CODES, MEDIA_TYPE

try:
    settings = load_settings()
    load_tables(settings.ratings_file, settings.collectives_file)  # here, so that a wrong one ends the start
except ServiceError as error:
    sys.exit(f"error: {error}")


class Worker(ThreadWorker):
    """Lets the port go as soon as its master is gone.

    Clients that keep their connections would have it go on for as long as ``graceful_timeout``, and keep the port: the
    next master gives up sooner than that.
    """

    def is_parent_alive(self) -> bool:
        alive: bool = super().is_parent_alive()
        if not alive:
            # As after SIGTERM, each connection is closed with its next answer.
            self.alive = False
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive


def refuse(sock: socket.socket, status_int: int, reason: str, mesg: str) -> None:
    """What the server refuses before the application sees it, in the shape of every other error."""
    request_id = secrets.token_hex(8)
    body = orjson.dumps(
        {
            "type": "about:blank",
            "title": reason,
            "status": status_int,
            "code": CODES.get(status_int, reason.lower().replace(" ", "_")),
            "detail": mesg or reason,
            "request_id": request_id,
        }
    )
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"X-Request-ID: {request_id}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("latin-1") + body)


# It is a page of HTML otherwise, and there is no setting for it.
util.write_error = refuse

_create_sockets = sockets.create_sockets


def listen(conf: Config, log: Logger, fds: Iterable[SupportsIndex] | None = None) -> list[sockets.BaseSocket]:
    """Where to listen; when that is not to be had, the last words say which settings choose another."""
    try:
        return _create_sockets(conf, log, fds)
    except SystemExit:
        where = f"{settings.host}, port {settings.port}"
        sys.exit(f"error: cannot listen at {where}, for the reason above: HOST and PORT choose another place")


sockets.create_sockets = listen

# An address of IPv6 stands in brackets before a port, given so or not.
_address = settings.host.strip("[]")
_host = f"[{_address}]" if ":" in _address else _address
bind = f"{_host}:{settings.port}"
workers = settings.workers
worker_class = Worker
threads = settings.threads
keepalive = 5
# Its longest: what is too long for a parameter is for the application to say.
limit_request_line = 8190
timeout = 60
graceful_timeout = 20
# The application logs every request itself, as JSON and without query strings.
accesslog = None
errorlog = "-"
# Its warnings quote the request line, query string and all.
loglevel = "error"
# It would believe what a client on this machine says of its scheme; TRUSTED_PROXIES decides that, in the application.
forwarded_allow_ips = ""
# Its control socket would be shared by every instance of the same user.
control_socket_disable = True


def on_starting(server: Arbiter) -> None:
    """Once, before any worker: migrate, and seed an empty store."""
    try:
        prepare(settings, print)
    except ServiceError as error:
        sys.exit(f"error: {error}")


def when_ready(server: Arbiter) -> None:
    """The last words of the start: where to look."""
    host = "127.0.0.1" if _host in ("0.0.0.0", "[::]") else _host  # noqa: S104 - only compared
    port = server.LISTENERS[0].getsockname()[1] if server.LISTENERS else settings.port
    base = f"http://{host}:{port}"
    print(
        f"""
  claims        {base}/v1/claims
  docs          {base}/docs
  OpenAPI file  {base}/openapi.yaml

  curl '{base}/v1/claims?status=contested&limit=3'
""",
        flush=True,
    )
