"""Redis, two API nodes, and nginx with TLS and a cache in front of them, on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from deploy.local_cluster.database import FILES
from deploy.local_cluster.processes import Processes, free_ports
from deploy.local_cluster.programs import program

API_NODES = ("api1", "api2")
_START_SECONDS = 60
_ANSWER_SECONDS = 5
# Everything that is in the compose file's `http` block comes from the image; here it is this.
_AROUND = """
daemon off; pid nginx.pid; error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  include {part};
}}
"""


@dataclass(frozen=True)
class Site:
    """A running site: its address, the certificate that it shows, and the addresses of the API nodes behind it."""

    url: str
    certificate: Path
    api: Sequence[str]
    _processes: Processes

    def log(self, node: str) -> str:
        """Return what an API node has written so far."""
        return self._processes.log_of(node).read_text(encoding="utf-8", errors="replace")

    def kill(self, node: str) -> None:
        """Kill an API node as a power cut does."""
        self._processes.kill(node)


@contextmanager
def running_site(folder: Path, settings: Mapping[str, str], port: int | None = None) -> Iterator[Site]:
    """Run two API nodes with these settings, Redis, and nginx, for the time of the block."""
    folder = folder / "site"
    folder.mkdir()
    processes = Processes(folder)
    redis, https, *ports = free_ports(2 + len(API_NODES))
    https = port or https
    try:
        _start_redis(processes, redis)
        shared = {"RATE_LIMIT_STORAGE": f"redis://127.0.0.1:{redis}/0", "TRUSTED_PROXIES": "1"}
        for name, number in zip(API_NODES, ports, strict=True):
            _start_api(processes, name, number, shared | dict(settings))
        certificate = _start_nginx(processes, https, ports)
        yield Site(f"https://localhost:{https}", certificate, [_local(number) for number in ports], processes)
    finally:
        processes.stop()


def _start_redis(processes: Processes, port: int) -> None:
    command = [program("redis-server"), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    processes.start("redis", command, {})


def _start_api(processes: Processes, name: str, port: int, settings: Mapping[str, str]) -> None:
    address = {"HOST": "127.0.0.1", "PORT": str(port), "PYTHONPATH": str(FILES.parent)}
    command = [sys.executable, "-m", "claim_verification", "serve"]
    processes.start(name, command, address | dict(settings))
    # One after the other: the first one migrates the database.
    processes.wait_for(name, lambda: _answers(f"{_local(port)}/readyz"), _START_SECONDS)


def _start_nginx(processes: Processes, port: int, api: Sequence[int]) -> Path:
    """Start nginx with a certificate of its own making; return the certificate."""
    folder = processes.folder
    certificate = make_certificate(folder)
    addresses = {f"API{number}": f"127.0.0.1:{each}" for number, each in enumerate(api, 1)}
    listen = {"HTTPS_LISTEN": f"127.0.0.1:{port}", "TLS_FOLDER": str(folder), "CACHE_FOLDER": str(folder / "cache")}
    configuration = write_nginx(folder, listen | addresses)
    processes.start("nginx", [program("nginx"), "-p", folder, "-c", configuration], {})
    processes.wait_for("nginx", lambda: _answers(f"https://localhost:{port}/readyz", certificate), _START_SECONDS)
    return certificate


def make_certificate(folder: Path) -> Path:
    """Make a certificate for localhost, signed by itself; return its file. The key lies beside it."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        program("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-keyout", str(key), "-out", str(certificate), "-days", "30", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    return certificate


def write_nginx(folder: Path, values: Mapping[str, str]) -> Path:
    """Write nginx's files from the template, with these values; return the main one."""
    template = (FILES / "nginx.conf.template").read_text(encoding="utf-8")
    # As the entry point of nginx's image does it: only what has a value, so that nginx's own variables stay.
    filled = re.sub(r"\$\{([A-Z0-9_]+)\}", lambda match: values.get(match[1], match[0]), template)
    part, main = folder / "claims.conf", folder / "nginx.conf"
    part.write_text(filled, encoding="utf-8")
    user = f"user {_owner(folder)};\n" if os.geteuid() == 0 else ""
    main.write_text(user + _AROUND.format(part=part), encoding="utf-8")
    return main


def _owner(folder: Path) -> str:
    return folder.owner()


def _answers(url: str, certificate: Path | None = None) -> bool:
    with suppress(requests.RequestException):
        return requests.get(url, timeout=_ANSWER_SECONDS, verify=str(certificate or True)).ok
    return False


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"
