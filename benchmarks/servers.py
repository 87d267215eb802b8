"""The servers that are measured: the service, the references under the same gunicorn, and Datasette."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.load import processor_seconds
from tests.processes import running_service
from tests.servers import free_port

# `make bench` installs it beside the tools of development, whose locks it would bind.
_DATASETTE = (".venv/bench/bin/datasette", "datasette")
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Running:
    """A running server: its process group, and the seconds, of any and of processor, until it first answered."""

    url: str
    group: int
    start_seconds: float = 0
    start_processor: float = 0


@contextmanager
def running_ours(path: Path, folder: Path) -> Iterator[Running]:
    """Run the service over a store, with its own number of workers and nothing limited.

    Its start is that of an installed package, whose modules are compiled.
    """
    subprocess.run([sys.executable, "-m", "compileall", "-q", "service", "claim_verification"], check=True)
    environment = {"DATABASE_URL": f"sqlite:///{path}", "WEB_CONCURRENCY": "2"}
    began = time.perf_counter()
    with running_service(folder, environment) as service:
        taken = time.perf_counter() - began
        yield Running(service.url, service.process.pid, taken, processor_seconds(service.process.pid))


@contextmanager
def running_reference(path: Path, folder: Path) -> Iterator[Running]:
    """Run the references over a store, under the service's gunicorn with its settings."""
    environment = {
        "REFERENCE_STORE": str(path),
        "DATABASE_URL": f"sqlite:///{folder / 'unused.db'}",
        "SEED_ON_START": "false",
        "WEB_CONCURRENCY": "2",
    }
    with running_service(folder, environment, application="benchmarks.references:create_app()") as service:
        yield Running(service.url, service.process.pid)


@contextmanager
def running_datasette(path: Path) -> Iterator[Running | None]:
    """Run Datasette over a store; yields ``None`` if it is not installed."""
    program = next((found for name in _DATASETTE if (found := shutil.which(name))), None)
    if program is None:
        yield None
        return
    port = free_port()
    settings = ["--setting", "sql_time_limit_ms", "60000", "--setting", "default_cache_ttl", "0"]
    command = [program, "serve", str(path), "--host", "127.0.0.1", "--port", str(port), *settings]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            _wait(f"{url}/-/versions.json", run)
            yield Running(url, run.pid)
        finally:
            run.terminate()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
