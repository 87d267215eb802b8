"""A real nginx for the tests, in front of a running service."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.servers import free_port

NO_NGINX = "no nginx: "
START_SECONDS = 20
# In one process, as the user who runs the tests: no master, no other user who could not read the folder.
CONFIGURATION = """
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  server {{
    listen 127.0.0.1:{port};
    location = /nginx {{ return 204; }}
    {locations}
  }}
}}
"""
_PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx")


def nginx_binary() -> str:
    """Return the path of nginx; skip the test without one, or fail it with ``REQUIRE_NGINX=1``."""
    # Debian keeps it out of the PATH of users.
    found = shutil.which("nginx") or next((place for place in _PLACES if Path(place).exists()), None)
    if found is None:
        reason = f"{NO_NGINX}on Debian and Ubuntu it is in the package nginx-light"
        if os.environ.get("REQUIRE_NGINX") == "1":
            pytest.fail(f"REQUIRE_NGINX=1, but {reason}", pytrace=False)
        pytest.skip(reason)
    return found


@contextmanager
def running_nginx(folder: Path, locations: str, port: int | None = None) -> Iterator[str]:
    """Run nginx with these ``location`` blocks, and yield its URL."""
    binary, port = nginx_binary(), port or free_port()
    folder = folder / f"nginx-{port}"
    folder.mkdir()
    (folder / "nginx.conf").write_text(CONFIGURATION.format(port=port, locations=locations), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [binary, "-p", str(folder), "-c", "nginx.conf"], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait(f"http://127.0.0.1:{port}", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            if requests.get(f"{url}/nginx", timeout=5).status_code == 204:
                return
        except requests.ConnectionError:
            pass
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"nginx did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)
