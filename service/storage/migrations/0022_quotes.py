"""Quotes of mentions: the text of the locator's span, of which the log has the hash only."""

from __future__ import annotations

from typing import Any

import peewee


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the column."""
    db.execute_sql("ALTER TABLE mentions ADD COLUMN quote TEXT")
