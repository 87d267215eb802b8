"""Commands for operators: migrations, seeds, rebuilds, backups. They work on the local store."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from claim_verification.cli.output import json_option, print_json
from claim_verification.errors import printable
from service.cli.local.opening import open_database, open_store
from service.cli.local.recounts import finish_recounts
from service.config import load_settings
from service.interchange.claimreview.collective_names import Collectives, load_collectives
from service.operations import consistency_check
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import Outcome, load_seeds
from service.operations.seeding.verify import verify_seeds
from service.operations.upgrade import upgrade_records
from service.storage.backup import put_back
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from service.use_cases.sessions import end_every_session


@click.command("migrate")
def migrate_command() -> None:
    """Migrate the database to the schema of this version."""
    with open_database() as database:
        applied = migrate(database)
        store = Store(database)
        upgrade_records(store, _collectives(), click.echo)
        finish_recounts(store)
    click.echo(f"applied: {', '.join(applied)}" if applied else "nothing to apply")


@click.command()
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files. Default: SEEDS_DIR.")
def seed(seeds: Path | None) -> None:
    """Load the seed files into the store; only differences are written."""
    given = read_seeds(_folder(seeds))
    with open_database() as database:
        migrate(database)
        store = Store(database)
        upgrade_records(store, _collectives(), lambda step: click.echo(step, err=True))
        with _progress_line() as progress:
            outcome = load_seeds(store, given, dt.datetime.now(dt.UTC), progress)
        finish_recounts(store)
    _report(outcome)


def _collectives() -> Collectives:
    return load_collectives(load_settings().collectives_file)


def _folder(given: Path | None) -> Path:
    folder = given or load_settings().seeds_dir
    if folder is None:
        raise click.UsageError("the installed package has no seed files: give --seeds FOLDER, or set SEEDS_DIR")
    return folder


@contextmanager
def _progress_line() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current stage: live on a terminal, a line for each stage elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage: click.echo(f"seeding: {stage}", err=True)
        return
    from rich.console import Console

    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(stderr=True, no_color=plain, color_system=None if plain else "auto")
    with console.status("seeding") as status:
        yield lambda stage: status.update(f"seeding: {stage}")


def _report(outcome: Outcome) -> None:
    for kind, change in outcome.changes.items():
        click.echo(f"{kind}: {change}")
    for kind, number in outcome.kept.items():
        click.echo(f"{kind}: {number} in the store are not in the seed files, and were kept")
    click.echo(f"claims with changed counts or state: {outcome.recomputed}")
    if not outcome.changed:
        click.echo("nothing changed")


@click.command("verify-seeds")
@click.option(
    "--documents",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the texts; files are matched by their SHA-256.",
)
@click.option("--seeds", type=click.Path(path_type=Path), help="The folder of seed files. Default: SEEDS_DIR.")
def verify_seeds_command(documents: Path, seeds: Path | None) -> None:
    """Check all locators against the texts, and list the sentences without a mention."""
    failures = 0
    for report in verify_seeds(read_seeds(_folder(seeds)), documents):
        failures += len(report.errors)
        click.echo(f"{report.document}: {report.mentions} mentions, {report.coverage:.1%} of the text covered")
        for error in report.errors:
            click.echo(printable(f"  WRONG {error}"))
        for sentence in report.untouched:
            click.echo(printable(f"  untouched: {sentence}"))
    if failures:
        raise click.ClickException(f"{failures} locators are wrong")
    click.echo("all locators are right")


@click.command()
def rebuild() -> None:
    """Recompute all derived data: counts, facets, stored JSON and suggestions."""
    collectives = load_collectives(load_settings().collectives_file)
    with open_store() as store:
        changed = consistency_check.rebuild(store, dt.datetime.now(dt.UTC), collectives)
    click.echo(f"claims rebuilt: {changed}")


@click.command()
@json_option
def misfiled(as_json: bool) -> None:
    """List the imported verdicts whose published words are not those of their claim.

    An earlier version took some texts for the same that are not, such as "-5 degrees" and "5 degrees". To split a
    verdict off, retract it (as an admin), and import its review again: it gets a claim of its own words.
    """
    found = 0
    with open_store() as store:
        for review in store.statements.misfiled_reviews():
            found += 1
            if as_json:
                print_json(review._asdict())
                continue
            click.echo(printable(f"{review.verdict} on {review.claim}"))
            click.echo(printable(f"  of the claim:   {review.text}"))
            click.echo(printable(f"  of the verdict: {review.claim_reviewed}"))
    if not as_json:
        click.echo(f"verdicts of other words than their claim: {found}")


@click.command("restore")
@click.argument("copy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(copy: Path) -> None:
    """Restore the store from the backup COPY (SQLite), also while a service uses it.

    The current content is saved first, in a file next to the database. The backup of an earlier version is upgraded.
    Nobody stays signed in at the desk.
    """
    with open_database() as database:
        place = database.path or copy  # put_back refuses PostgreSQL
        keep = place.with_name(f"{place.name}.before-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}")
        kept = put_back(database, copy, keep)
        if kept:
            click.echo(f"saved the previous content: {kept}")
        click.echo(f"restored: {copy}")
        for name in migrate(database):
            click.echo(f"migrated: {name}")
        store = Store(database)
        end_every_session(store)
        upgrade_records(store, _collectives(), click.echo)
        finish_recounts(store)


@click.command()
def openapi() -> None:
    """Print the OpenAPI document, generated from the code. It needs no database."""
    from service.api import build_app
    from service.web.http.document import openapi_yaml

    settings = load_settings()
    click.echo(openapi_yaml(build_app(Store(Database(settings)), settings)), nl=False)
