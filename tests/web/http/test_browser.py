"""The pages work in a real browser, with nothing but this server."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.processes import running_service

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--dump-dom",
    # Whatever a page wants from elsewhere, it does not get.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def _rendered(url: str, folder: Path) -> str:
    """Return the page as the browser has it once its scripts have run."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [str(CHROMIUM), *FLAGS, *sandbox, f"--user-data-dir={folder / 'profile'}", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_documentation_and_the_index_render(tmp_path: Path) -> None:
    with running_service(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path / 'claims.db'}"}) as service:
        docs = _rendered(f"{service.url}/docs", tmp_path)
        index = _rendered(f"{service.url}/", tmp_path)
    # Collapsed: the names of the tags, and a box to search for one.
    for tag in ("claims", "corroboration", "verdicts"):
        assert f'data-tag="{tag}"' in docs
    assert "Filter by tag" in docs
    assert "Single origin" in index
    assert 'href="/search?status=contested"' in index
