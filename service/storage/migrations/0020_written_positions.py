"""The position of the last write with a key in PostgreSQL's log, so that its holder reads that write on a replica."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the column."""
    _run(db, "ALTER TABLE api_keys ADD COLUMN written_lsn BIGINT")
