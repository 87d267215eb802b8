"""Helpers that run ``claims``."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

from click.testing import CliRunner, Result

from claim_verification.cli import main

Run = Callable[..., Result]


def invoke(*arguments: str, **environment: str | None) -> Result:
    """Run a command with these environment variables only."""
    settings = {"CLAIMS_URL": None, "CLAIMS_API_KEY": None, "DATABASE_URL": "sqlite:////nowhere/claims.db"}
    result = CliRunner().invoke(main, arguments, env={**settings, **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def ran(*arguments: str, **settings: str) -> CompletedProcess[str]:
    """Run a command in this process with these settings, and return what one of its own would have given."""
    result = invoke(*arguments, **{"DATABASE_URL": None, "SEEDS_DIR": None, **settings})
    return CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)


def printed(result: Result) -> str:
    """Return the standard output of a command that must have succeeded."""
    assert result.exit_code == 0, result.output
    return result.stdout
