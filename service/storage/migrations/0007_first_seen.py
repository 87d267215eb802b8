"""The day on which the service first had each document, and indexes of the log for its state at an earlier time."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
ALTER TABLE documents ADD COLUMN first_seen TEXT;
CREATE INDEX event_subject_at_us ON events (subject, at_us)
"""

# The UTC day of the creation.
FIRST_SEEN = {
    "sqlite": "UPDATE documents SET first_seen = date(created_us / 1000000, 'unixepoch')",
    "postgresql": "UPDATE documents SET first_seen = "
    "to_char(to_timestamp(created_us / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}

# A merge is found by the record that it merged into: `source.merged:<id>`.
MERGES = {
    "sqlite": "INSERT INTO event_subjects (subject, seq) "
    "SELECT type || ':' || json_extract(payload, '$.state.merged_into'), seq FROM events "
    "WHERE type IN ('claim.merged', 'source.merged')",
    "postgresql": "INSERT INTO event_subjects (subject, seq) "
    "SELECT type || ':' || (payload::json #>> '{state,merged_into}'), seq FROM events "
    "WHERE type IN ('claim.merged', 'source.merged')",
}


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the column and the index, and fill in what follows from the stored records and events."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED)
    db.execute_sql(FIRST_SEEN[engine])
    db.execute_sql(MERGES[engine])
