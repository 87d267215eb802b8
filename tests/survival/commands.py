"""The command line, run in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.processes import PROJECT

COMMAND_SECONDS = 120


def claims(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command with these settings."""
    return subprocess.run(
        [sys.executable, "-m", "claim_verification", *arguments],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin"} | environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


def done(*arguments: str, environment: dict[str, str]) -> str:
    """Run a command that must succeed, and return its output."""
    result = claims(*arguments, environment=environment)
    assert result.returncode == 0, (arguments, result.stdout, result.stderr)
    return result.stdout
