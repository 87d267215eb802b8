"""The exit statuses of local commands by the errors that end them."""

from __future__ import annotations

import click

from claim_verification.cli.exit_statuses import Missing, Unreachable
from claim_verification.errors import printable
from service.model.errors import NotFound, SeedError, ServiceError, StoreUnavailable, Withdrawn

_STATUSES: dict[type[Exception], type[click.ClickException]] = {
    StoreUnavailable: Unreachable,
    NotFound: Missing,
    Withdrawn: Missing,
}


def refusal_of(error: Exception) -> click.ClickException | None:
    """Return the exception that ends a command after ``error``; ``None`` if ``error`` is a bug."""
    if isinstance(error, SeedError):
        for finding in error.findings:
            click.echo(printable(str(finding)), err=True)
        return click.ClickException(f"nothing was loaded: {len(error.findings)} findings")
    if not isinstance(error, ServiceError):
        return None
    kind = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), click.ClickException)
    return kind(printable(str(error), keep="\n"))
