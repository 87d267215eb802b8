"""The exit statuses of the commands by the errors that end them (docs/client.md)."""

from __future__ import annotations

import os
import sys

import click

import claim_verification as client
from claim_verification.errors import printable


class Unreachable(click.ClickException):
    """The store or the service cannot be reached, or is too busy."""

    exit_code = 3


class Missing(click.ClickException):
    """No resource has this id."""

    exit_code = 4


NO_READER = 141
"""The reader of the output has exited: 128 + SIGPIPE, a signal that not all systems have."""

_STATUSES: dict[type[Exception], type[click.ClickException]] = {
    client.Unreachable: Unreachable,
    client.Unavailable: Unreachable,
    client.BadAnswer: Unreachable,
    client.NotFound: Missing,
}


def refusal_of(error: Exception) -> click.ClickException | None:
    """Return the exception that ends a command after ``error``; ``None`` if ``error`` is a bug."""
    if isinstance(error, client.ClientError):
        kind = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), click.ClickException)
        return kind(printable(f"{error}{_key_advice(error)}", keep="\n"))
    # Loaded by the first local command; without one the error cannot be of the local store.
    local = sys.modules.get("service.cli.local.refusals")
    refusal: click.ClickException | None = None if local is None else local.refusal_of(error)
    return refusal


def _key_advice(error: client.ClientError) -> str:
    if not isinstance(error, client.NotAllowed) or error.status != 401:
        return ""
    if os.environ.get("CLAIMS_API_KEY", "").strip():
        return "\nCheck the environment variable CLAIMS_API_KEY: the service does not accept the key in it."
    return "\nSet the environment variable CLAIMS_API_KEY to your API key."
