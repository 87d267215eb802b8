"""The recounts that a command leaves: done before it ends, or left to the service that does them."""

from __future__ import annotations

import click

from service.operations.recounting import do_recounts
from service.store import Store


def finish_recounts(store: Store) -> None:
    """Do the recounts in the queue, with a line on standard error; leave them to another worker if there is one."""
    left = store.recounts.claims_left()
    if not left:
        return
    click.echo(f"recounting: {left} claims", err=True)
    if not do_recounts(store):
        click.echo("recounting: the service that uses the store does it, by turns", err=True)
