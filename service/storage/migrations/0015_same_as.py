"""The addresses that identify a source elsewhere, such as those of an encyclopedia: a JSON list, null for none."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the column."""
    db.execute_sql("ALTER TABLE sources ADD COLUMN same_as TEXT")
