"""Commands for whoever runs the service: its schema, seeds and counts. They work on the local store."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.cli.local.backend import open_database, open_store
from service.config import load_settings
from service.operations import consistency_check
from service.operations.log_backfill import adopt
from service.operations.reprojection import renew
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import Outcome, load_seeds
from service.operations.seeding.verify import verify_seeds
from service.storage.backup import put_back
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the schema of this version."""
    with open_database() as database:
        applied = migrate(database)
        store = Store(database)
        if adopt(store):
            click.echo("log created: the existing records are in it")
        renewed = renew(store)
    if renewed:
        click.echo(f"rebuilt: {renewed} claims, in the form of this version")
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to apply")


@click.command()
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files; SEEDS_DIR by default.")
def seed(seeds: Path | None) -> None:
    """Bring the store to what the seed files say; changes exactly what differs."""
    given = read_seeds(_folder(seeds))
    with open_database() as database:
        migrate(database)
        store = Store(database)
        adopt(store)
        renew(store)
        with _progress_line() as progress:
            outcome = load_seeds(store, given, dt.datetime.now(dt.UTC), progress)
    _report(outcome)


def _folder(given: Path | None) -> Path:
    folder = given or load_settings().seeds_dir
    if folder is None:
        raise click.UsageError("no seed files are installed with the service: give --seeds, or SEEDS_DIR")
    return folder


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
    click.echo(f"claims whose shown state changed: {outcome.recomputed}")
    if not outcome.changed:
        click.echo("nothing changed")


@click.command("verify-seeds")
@click.option(
    "--documents",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder with the texts; files are matched by their SHA-256.",
)
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files; SEEDS_DIR by default.")
def verify_seeds_command(documents: Path, seeds: Path | None) -> None:
    """Check every locator against the texts, and list the sentences that no mention touches."""
    failures = 0
    for report in verify_seeds(read_seeds(_folder(seeds)), documents):
        failures += len(report.errors)
        click.echo(f"{report.document}: {report.mentions} mentions, {report.coverage:.1%} of the text covered")
        for error in report.errors:
            click.echo(f"  WRONG {error}")
        for sentence in report.untouched:
            click.echo(f"  untouched: {sentence}")
    if failures:
        raise click.ClickException(f"{failures} locators do not fit")
    click.echo("every locator fits")


@click.command()
def rebuild() -> None:
    """Renew every stored count, facet and shape from scratch."""
    with open_store() as store:
        changed = consistency_check.rebuild(store, dt.datetime.now(dt.UTC))
    click.echo(f"claims renewed: {changed}")


@click.command("restore")
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(copy: Path) -> None:
    """Put the store back to what the file COPY has (SQLite), with or without a service running over it.

    What is there now is kept first, in a file beside the database.
    """
    with open_database() as database:
        place = database.path or copy  # PostgreSQL is refused
        keep = place.with_name(f"{place.name}.before-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}")
        if put_back(database, copy, keep):
            click.echo(f"kept what was there: {keep}")
    click.echo(f"restored: {copy}")


@click.command()
def openapi() -> None:
    """Print the OpenAPI document, generated from the code. Needs no database."""
    from service.api import build_app, openapi_yaml

    settings = load_settings()
    click.echo(openapi_yaml(build_app(Store(Database(settings)), settings)), nl=False)
