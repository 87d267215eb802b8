"""Prepare the store before the first request: migrate it, seed it if it is empty, and tell how to create a key."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path

from service.config import Settings
from service.interchange.claimreview.collective_names import load_collectives
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import Outcome, Progress, load_seeds
from service.operations.upgrade import begin_upgrade
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store


def prepare(settings: Settings, progress: Progress) -> None:
    """Migrate the database to this version's schema, and seed it if it is empty and ``SEED_ON_START`` is set.

    Calls ``progress`` with each step. Raises ``SchemaMismatch``, ``SeedError`` or ``StoreUnavailable``.
    """
    database = Database(settings)
    try:
        for name in migrate(database):
            progress(f"migrated: {name}")
        store = Store(database)
        begin_upgrade(store, load_collectives(settings.collectives_file), progress)
        if settings.seed_on_start and store.catalogue.is_empty():
            _seed(store, settings.seeds_dir, progress)
        if not store.api_keys.all():
            progress(f'no API keys yet: {_claims_command()} keys create --name "Your name" --role admin')
    finally:
        database.close()


def _claims_command() -> str:
    """Return the command to call ``claims``: in a virtual environment that is not activated, its path."""
    own = Path(sys.executable).with_name("claims")
    found = shutil.which("claims")
    if not own.exists() or (found and Path(found).samefile(own)):
        return "claims"
    return str(own.relative_to(Path.cwd()) if own.is_relative_to(Path.cwd()) else own)


def _seed(store: Store, folder: Path | None, progress: Progress) -> None:
    if folder is None:
        progress("nothing to seed: the seed files are not installed, and SEEDS_DIR names no others")
        return
    progress(f"seeding from {folder}")
    outcome = load(store, folder)
    progress("seeded: " + ", ".join(f"{change.added} {kind}" for kind, change in outcome.changes.items()))


def load(store: Store, folder: Path) -> Outcome:
    """Load the seed files of ``folder``."""
    return load_seeds(store, read_seeds(folder), dt.datetime.now(dt.UTC), lambda stage: None)
