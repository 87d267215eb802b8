"""Versioned migrations, forward only: ``NNNN_name.py`` with an ``up(migrator, db)``, applied in numeric order."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from service.model.errors import SchemaMismatch
from service.storage.database import Database

DIRECTORY = Path(__file__).resolve().parent


def migrate(database: Database) -> list[str]:
    """Apply pending migrations, each in its own transaction, and return their names.

    Raises ``SchemaMismatch`` when the database has a migration that this code does not have.
    """
    with database.migrating():
        runner = Runner(database.peewee, str(DIRECTORY))
        _refuse_newer(runner)
        return list(runner.up())


def check_schema(database: Database) -> None:
    """Raise ``SchemaMismatch`` unless the database has exactly the migrations that this code has."""
    if not database.exists():
        raise SchemaMismatch(
            f"there is no database {database.place}: "
            "DATABASE_URL names another, `claims migrate` makes it (as does `claims serve`)"
        )
    with database.snapshot():
        runner = Runner(database.peewee, str(DIRECTORY))
        _refuse_newer(runner)
        pending = [migration.name for migration in runner.status() if migration.applied is None]
    if pending:
        raise SchemaMismatch(
            f"the database {database.place} (DATABASE_URL) lacks {', '.join(pending)}: run `claims migrate`"
        )


def _refuse_newer(runner: Runner) -> None:
    unknown = [migration.name for migration in runner.status() if migration.path is None]
    if unknown:
        raise SchemaMismatch(
            f"the database is newer than this version of the service: it has {', '.join(unknown)}, unknown here. "
            "Run the version that made it, or restore a backup from before."
        )
