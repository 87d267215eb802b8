"""Versioned migrations, forward only: ``NNNN_name.py`` with an ``up(migrator, db)``, applied in numeric order."""

from __future__ import annotations

from pathlib import Path

from playhouse.migrations import Runner

from service.model.errors import SchemaMismatch
from service.storage.database import Database
from service.storage.schema import expected_schema, schema_faults

DIRECTORY = Path(__file__).resolve().parent
_RECORDS = "schema_migration"


def migrate(database: Database) -> list[str]:
    """Apply pending migrations, each in its own transaction, and return their names.

    Raises ``SchemaMismatch`` when the database has a migration that this code does not have, or has lost the record of
    one.
    """
    with database.migrating():
        runner = Runner(database.peewee, str(DIRECTORY))
        _refuse_newer(runner)
        _refuse_forgotten(database, runner)
        return list(runner.up())


def check_schema(database: Database) -> None:
    """Raise ``SchemaMismatch`` unless the database has exactly the migrations that this code has."""
    if not database.exists():
        raise SchemaMismatch(
            f"there is no database {database.place}: "
            "DATABASE_URL names another, `claims migrate` makes it (as does `claims serve`)",
            "There is no database: its operator has to make it (`claims migrate`) or to restore a backup.",
        )
    with database.snapshot():
        runner = Runner(database.peewee, str(DIRECTORY))
        _refuse_newer(runner)
        _refuse_forgotten(database, runner)
        pending = _pending(runner)
    if pending:
        raise SchemaMismatch(
            f"the database {database.place} (DATABASE_URL) lacks {', '.join(pending)}: run `claims migrate`",
            "The schema of the database is older than this version of the service: its operator has to run "
            "`claims migrate`.",
        )


def _pending(runner: Runner) -> list[str]:
    return [migration.name for migration in runner.status() if migration.applied is None]


def _refuse_forgotten(database: Database, runner: Runner) -> None:
    """Raise ``SchemaMismatch`` if the records of migrations that were applied are lost.

    They were if later ones are recorded, or if all that they make is there.
    """
    last = max((migration.name for migration in runner.status() if migration.applied is not None), default="")
    pending = _pending(runner)
    lost = [name for name in pending if name < last]
    known = set(pending) <= set(expected_schema(database.engine).migrations)
    if pending and known and not lost and all(_RECORDS in fault for fault in schema_faults(database)):
        lost = pending
    if lost:
        rows = ", ".join(f"('{name}', CURRENT_TIMESTAMP)" for name in lost)
        put_back = f"INSERT INTO {_RECORDS} (name, applied) VALUES {rows}"  # noqa: S608 - shown, not run
        raise SchemaMismatch(
            f"the table `{_RECORDS}` of the database {database.place} has lost its record of {', '.join(lost)}, "
            f"which was applied. Restore a backup, or put the record back: {put_back}",
            "The database has lost its record of a migration: its operator can find out which (`claims migrate`).",
        )


def _refuse_newer(runner: Runner) -> None:
    unknown = [migration.name for migration in runner.status() if migration.path is None]
    if unknown:
        raise SchemaMismatch(
            f"the database is newer than this version of the service: it has {', '.join(unknown)}, unknown here. "
            "Run the version that made it, or restore a backup from before.",
            "The schema of the database is newer than this version of the service: its operator has to run the version "
            "that made it, or to restore a backup from before.",
        )
