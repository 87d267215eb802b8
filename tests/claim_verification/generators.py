"""Running the generators of clients, once for all workers, each on the committed document."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from tests.processes import PROJECT

DOCUMENT = PROJECT / "openapi.yaml"
# Programs that call the generated clients, and the packages of Node.js that make them.
TOOLS = PROJECT / "tools" / "openapi-clients"
MODULES = TOOLS / "node_modules"


Command = Sequence[str | Path]


def run(command: Command, folder: Path, **variables: str) -> str:
    """Run a command in a folder and return its output. Fails the test if the command fails, with its errors."""
    environment = os.environ | variables
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def require_node() -> None:
    """Skip the test without Node.js and the packages, or fail it with ``REQUIRE_NODE=1``."""
    if shutil.which("node") is None or not MODULES.exists():
        _skip("REQUIRE_NODE", "no Node.js, or `make test` has not installed tools/openapi-clients")


def require_java() -> None:
    """Skip the test without Java, or fail it with ``REQUIRE_JAVA=1``."""
    if shutil.which("java") is None:
        _skip("REQUIRE_JAVA", "no Java, which Debian has in default-jre-headless")


def _skip(variable: str, reason: str) -> NoReturn:
    if os.environ.get(variable) == "1":
        pytest.fail(f"{variable}=1, but {reason}", pytrace=False)
    pytest.skip(reason)
