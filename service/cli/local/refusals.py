"""Which refusal of the service ends a command with which exit status."""

from __future__ import annotations

import click

from claim_verification.cli.exit_statuses import Missing, Unreachable
from service.model.errors import NotFound, SeedError, ServiceError, StoreUnavailable, Withdrawn

_STATUSES: dict[type[Exception], type[click.ClickException]] = {
    StoreUnavailable: Unreachable,
    NotFound: Missing,
    Withdrawn: Missing,
}


def refusal_of(error: Exception) -> click.ClickException | None:
    """Return how a command ends with ``error``; ``None`` for what is no refusal."""
    if isinstance(error, SeedError):
        for finding in error.findings:
            click.echo(str(finding), err=True)
        return click.ClickException(f"nothing was loaded: {len(error.findings)} findings")
    if not isinstance(error, ServiceError):
        return None
    kind = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), click.ClickException)
    return kind(str(error))
