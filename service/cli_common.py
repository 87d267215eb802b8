"""What the commands share: the store that the settings name, and refusals in a line instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from service.config import load_settings
from service.db import Database
from service.errors import SeedError, ServiceError
from service.migrations import check_schema
from service.store import Store


def refusals(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say why a command was refused, without a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except SeedError as error:
            for finding in error.findings:
                click.echo(str(finding), err=True)
            raise click.ClickException(f"nothing was loaded: {len(error.findings)} findings") from None
        except ServiceError as error:
            raise click.ClickException(str(error)) from None

    return wrapped


@contextmanager
def open_database() -> Iterator[Database]:
    """The database that the settings name."""
    database = Database(load_settings())
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_store() -> Iterator[Store]:
    """The store that the settings name, whose schema is that of this version."""
    with open_database() as database:
        check_schema(database)
        yield Store(database)
