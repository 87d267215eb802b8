"""Running the generators of clients, once for all workers, each on the committed document."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.node import CLIENTS
from tests.processes import PROJECT

DOCUMENT = PROJECT / "openapi.yaml"
MODULES = CLIENTS / "node_modules"


Command = Sequence[str | Path]


def run(command: Command, folder: Path, **variables: str) -> str:
    """Run a command in a folder and return its output. Fails the test if the command fails, with its errors."""
    environment = os.environ | variables
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
