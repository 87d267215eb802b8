"""Settings of gunicorn, for `claims serve` and for `gunicorn -c gunicorn.conf.py`.

Everything that differs between installations comes from the environment.
"""

from __future__ import annotations

import gc
import os
import resource
import shutil
import socket
import sys
import tempfile
import time
from importlib import import_module
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker as AnyWorker

from service.config import load_settings, mistyped
from service.interchange.claimreview.tables import load_tables
from service.model.errors import ServiceError
from service.operations.recount_worker import RecountWorker
from service.operations.startup import prepare
from service.web.http.rate_limit_storage import share_counts
from service.web.resources.metrics import FOLDER as METRICS_FOLDER
from service.web.server.worker import Worker

try:
    settings = load_settings()
    _tables = load_tables(settings.ratings_file, settings.collectives_file)  # so that an invalid table ends the start
except ServiceError as error:
    sys.exit(f"error: {error}")

# An IPv6 address stands in brackets before a port, whether it was given so or not.
_address = settings.host.strip("[]")
_host = f"[{_address}]" if ":" in _address else _address
bind = f"{_host}:{settings.port}"
workers = settings.workers
worker_class = Worker
threads = settings.threads
keepalive = 5
# The maximum: the application answers for parameters that are too long.
limit_request_line = 8190
timeout = 60
graceful_timeout = 20
# The application logs every request itself, as JSON and without query strings.
accesslog = None
errorlog = "-"
# Warnings quote the request line, including the query string.
loglevel = "error"
# By default clients on this machine can set the scheme; TRUSTED_PROXIES decides that, in the application.
forwarded_allow_ips = ""
# The control socket would be shared by all instances of the same user.
control_socket_disable = True

if settings.metrics_token:
    # Where the workers share the values of metrics, from before the first of them imports prometheus_client.
    os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="claims-metrics-")

# Seconds. A predecessor may need a moment to stop; gunicorn itself waits as long.
_RETRIES = 4
# Seconds that a process waits at its end for a turn of its recounts.
_TURN_SECONDS_AT_MOST = 5
# Of this process: one, once it is initialised.
_recount_workers: list[RecountWorker] = []


def on_starting(server: Arbiter) -> None:
    """Check the environment and the address, migrate the database, and seed an empty one, before there are workers."""
    if server.cfg.is_ssl:
        sys.exit("error: the service does not speak TLS: end it in a proxy (docs/deploy.md), without --certfile")
    share_counts()
    _allow_open_files(server.cfg.worker_connections)
    for warning in mistyped(os.environ):
        print(f"warning: {warning}", file=sys.stderr, flush=True)
    _check_addresses(server)
    try:
        prepare(settings, print)
    except ServiceError as error:
        sys.exit(f"error: {error}")
    _import_application()


def post_fork(server: Arbiter, worker: AnyWorker) -> None:
    """Pause garbage collection in a new worker. Loading the application leaves no garbage."""
    gc.disable()


def post_worker_init(worker: AnyWorker) -> None:
    """Resume it, and begin to do recounts.

    Objects that exist by now stay out of the collection, so that the worker goes on sharing their memory.
    """
    gc.freeze()
    gc.enable()
    application: Any = worker.wsgi
    _recount_workers.append(RecountWorker(application.extensions["store"], _tables.collectives))
    _recount_workers[0].start()


def worker_exit(server: Arbiter, worker: AnyWorker) -> None:
    """End the turn of a recount that is in progress."""
    for recounts in _recount_workers:
        recounts.stop(_TURN_SECONDS_AT_MOST)


def child_exit(server: Arbiter, worker: AnyWorker) -> None:
    """Keep the counters of a worker that has ended, and no more of its metrics."""
    if settings.metrics_token:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Arbiter) -> None:
    """Remove the shared values of metrics."""
    if settings.metrics_token:
        shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)


def _allow_open_files(connections: int) -> None:
    """Raise the limit of open files to what so many connections need, if that is permitted: each may have two."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + 256
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if least != resource.RLIM_INFINITY and least < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _import_application() -> None:
    """Import the application before there are workers, so that they share its code and none loads it again."""
    import_module("service.api")
    gc.collect()
    gc.freeze()


def _check_addresses(server: Arbiter) -> None:
    """Exit with the names of the settings to change if the server cannot listen. gunicorn does not know them."""
    # Sockets that systemd, or a master before this one, has opened.
    if "LISTEN_FDS" in os.environ or "GUNICORN_FD" in os.environ:
        return
    for address in server.cfg.address:
        if not isinstance(address, tuple):
            continue
        host, port = address[:2]
        failure = _bind_failure(host, port)
        for _ in range(_RETRIES):
            if failure:
                time.sleep(1)
                failure = _bind_failure(host, port)
        if failure:
            other = port + 1 if port < 65535 else 8000
            sys.exit(
                f"error: cannot listen at {host}, port {port}: {failure}. Choose another port with PORT, for example "
                f"PORT={other}, or another address with HOST"
            )


def _bind_failure(host: str, port: int) -> str | None:
    """Return the reason why no socket can be bound to this address, or ``None``."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.strerror or str(error)
    return None


def when_ready(server: Arbiter) -> None:
    """Print where to look."""
    host = "127.0.0.1" if _host in ("0.0.0.0", "[::]") else _host  # noqa: S104 - only compared
    port = server.LISTENERS[0].getsockname()[1] if server.LISTENERS else settings.port
    base = f"http://{host}:{port}{os.environ.get('SCRIPT_NAME', '')}"
    public = f"  public        {settings.public_url}\n" if settings.public_url else ""
    print(
        f"""
  claims        {base}/v1/claims
  docs          {base}/docs
  OpenAPI file  {base}/openapi.yaml
{public}
  curl '{base}/v1/claims?status=contested&limit=3'
""",
        flush=True,
    )
