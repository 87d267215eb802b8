"""The service as it really runs: a gunicorn of its own, reached over loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.servers import free_port

PROJECT = Path(__file__).parent.parent
START_SECONDS = 30
STOP_SECONDS = 60


@dataclass(frozen=True)
class Service:
    """A running service."""

    url: str
    process: subprocess.Popen[bytes]
    log_file: Path

    def log(self) -> str:
        """Return its output so far, standard output and error together."""
        return self.log_file.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """Stop it as an operator would (SIGTERM) and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # It leads a process group of its own: its workers go with it.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise


@contextmanager
def running_service(
    folder: Path,
    environment: Mapping[str, str],
    *,
    wait: bool = True,
    application: str = "service.api:create_app()",
    port: int | None = None,
) -> Iterator[Service]:
    """Run the service with these settings, its log in the folder, for the time of the block.

    With `wait` the block begins when /readyz answers 200; without, at once. Requests are not limited, and one
    worker serves them, unless the settings say otherwise. `port` is where to listen, a free one by default.
    """
    port = port or free_port()
    log_file = folder / f"service-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", application]
    address = {"HOST": "127.0.0.1", "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    defaults = {"RATE_LIMIT_READS": "", "RATE_LIMIT_WRITES": "", "WEB_CONCURRENCY": "1"}
    settings = os.environ | address | defaults | dict(environment)
    # Appended to: the same port may be served again.
    with log_file.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    service = Service(f"http://127.0.0.1:{port}", process, log_file)
    try:
        if wait:
            wait_until_ready(service)
        yield service
    finally:
        service.stop()


def wait_until_ready(service: Service) -> None:
    """Return when /readyz answers 200; raise with its log if it ends, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if requests.get(f"{service.url}/readyz", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        if service.process.poll() is not None:
            raise RuntimeError(f"the service ended with {service.process.returncode}:\n{service.log()}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"the service was not ready in {START_SECONDS} s:\n{service.log()}")
        time.sleep(0.05)
