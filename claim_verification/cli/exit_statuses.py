"""Which refusal ends a command with which exit status (docs/client.md)."""

from __future__ import annotations

import sys

import click

import claim_verification as client


class Unreachable(click.ClickException):
    """The store or the service cannot be reached, or is too busy."""

    exit_code = 3


class Missing(click.ClickException):
    """Nothing has this id."""

    exit_code = 4


NO_READER = 141
"""The reader of the output has gone: 128 + SIGPIPE, which is not everywhere."""

_STATUSES: dict[type[Exception], type[click.ClickException]] = {
    client.Unreachable: Unreachable,
    client.Unavailable: Unreachable,
    client.BadAnswer: Unreachable,
    client.NotFound: Missing,
}


def refusal_of(error: Exception) -> click.ClickException | None:
    """Return how a command ends with ``error``; ``None`` for what is no refusal."""
    if isinstance(error, client.ClientError):
        kind = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), click.ClickException)
        return kind(str(error))
    # Loaded with the first local command; without one no error can be the store's.
    local = sys.modules.get("service.cli.local.refusals")
    refusal: click.ClickException | None = None if local is None else local.refusal_of(error)
    return refusal
