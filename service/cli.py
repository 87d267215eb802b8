"""The command line. Exit status: 0 done, 1 refused or differences found, 2 wrong usage."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from service import __version__, doctor
from service.cli_log import log
from service.config import Settings, load_settings
from service.db import Database
from service.errors import SeedError, ServiceError
from service.migrations import check_schema, migrate
from service.seeding.files import read_seeds
from service.seeding.load import Outcome, load_seeds
from service.seeding.verify import verify_seeds
from service.store import Store


def _refusals(command: Callable[..., Any]) -> Callable[..., Any]:
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
def _store(settings: Settings) -> Iterator[Store]:
    database = Database(settings)
    try:
        check_schema(database)
        yield Store(database)
    finally:
        database.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="claims")
def main() -> None:
    """Keep claims, and count the independent origins behind them.

    The database and everything else is set by environment variables: see docs/settings.md.
    """


@main.command("migrate")
@_refusals
def migrate_command() -> None:
    """Bring the database to the schema of this version."""
    database = Database(load_settings())
    try:
        applied = migrate(database)
    finally:
        database.close()
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to apply")


@main.command()
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files; SEEDS_DIR by default.")
@_refusals
def seed(seeds: Path | None) -> None:
    """Bring the store to what the seed files say; changes exactly what differs."""
    settings = load_settings()
    folder = seeds or settings.seeds_dir
    given = read_seeds(folder)
    database = Database(settings)
    try:
        migrate(database)
        with _progress_line() as progress:
            outcome = load_seeds(Store(database), given, dt.datetime.now(dt.UTC), progress)
    finally:
        database.close()
    _report(outcome)


@contextmanager
def _progress_line() -> Iterator[Callable[[str], None]]:
    """One line that is written over on a terminal; a line a stage elsewhere."""
    terminal = sys.stderr.isatty()

    def show(stage: str) -> None:
        click.echo(f"\r\033[Kseeding: {stage} ..." if terminal else f"seeding: {stage}", err=True, nl=not terminal)

    yield show
    if terminal:
        click.echo("\r\033[K", err=True, nl=False)


def _report(outcome: Outcome) -> None:
    for kind, change in outcome.changes.items():
        click.echo(f"{kind}: {change}")
    for kind, number in outcome.kept.items():
        click.echo(f"{kind}: {number} in the store are in no seed file, and were kept")
    click.echo(f"claims whose shown state changed: {outcome.refreshed}")
    if not outcome.changed:
        click.echo("nothing changed")


@main.command("verify-seeds")
@click.option(
    "--documents",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the texts; files are matched by their SHA-256.",
)
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files; SEEDS_DIR by default.")
@_refusals
def verify_seeds_command(documents: Path, seeds: Path | None) -> None:
    """Check every locator against the texts, and list the sentences that no mention touches."""
    failures = 0
    for report in verify_seeds(read_seeds(seeds or load_settings().seeds_dir), documents):
        failures += len(report.errors)
        click.echo(f"{report.document}: {report.mentions} mentions, {report.coverage:.1%} of the text covered")
        for error in report.errors:
            click.echo(f"  WRONG {error}")
        for sentence in report.untouched:
            click.echo(f"  untouched: {sentence}")
    if failures:
        raise click.ClickException(f"{failures} locators do not fit")
    click.echo("every locator fits")


@main.command("doctor")
@_refusals
def doctor_command() -> None:
    """Recompute every stored count, facet and shape from scratch, and report differences."""
    differences = 0
    with _store(load_settings()) as store:
        for difference in doctor.examine(store):
            differences += 1
            click.echo(difference)
    if differences:
        raise click.ClickException(f"{differences} differences: `claims rebuild` renews what is derived")
    click.echo("all stored counts are true")


@main.command()
@_refusals
def rebuild() -> None:
    """Renew every stored count, facet and shape from scratch."""
    with _store(load_settings()) as store:
        changed = doctor.rebuild(store, dt.datetime.now(dt.UTC))
    click.echo(f"claims renewed: {changed}")


@main.command()
@_refusals
def openapi() -> None:
    """Print the OpenAPI document, generated from the code. Needs no database."""
    from service.api import build_app, openapi_yaml

    settings = load_settings()
    click.echo(openapi_yaml(build_app(Store(Database(settings)), settings)), nl=False)


main.add_command(log)
