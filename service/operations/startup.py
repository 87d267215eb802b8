"""What happens before the first request: migrate, seed an empty store, say how to make the first key."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from pathlib import Path

from service.config import Settings
from service.operations.log_backfill import adopt
from service.operations.reprojection import renew
from service.operations.seeding.files import read_seeds
from service.operations.seeding.load import Outcome, Progress, load_seeds
from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store


def prepare(settings: Settings, progress: Progress) -> None:
    """Bring the database to this version's schema, and seed it when it is empty and ``SEED_ON_START`` says so.

    ``progress`` is told each step. Raises ``SchemaMismatch``, ``SeedError`` or ``StoreUnavailable``.
    """
    database = Database(settings)
    try:
        for name in migrate(database):
            progress(f"migrated: {name}")
        store = Store(database)
        if adopt(store):
            progress("the log begins: what was there before it is in it now")
        renewed = renew(store)
        if renewed:
            progress(f"renewed: {renewed} claims, as this version keeps them")
        if settings.seed_on_start and store.catalogue.is_empty():
            _seed(store, settings.seeds_dir, progress)
        if not store.api_keys.all():
            progress(f'no API keys yet: {_claims_command()} keys create --name "Your name" --role admin')
    finally:
        database.close()


def _claims_command() -> str:
    """How to call ``claims`` from here: of a virtual environment it is on nobody's path."""
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
