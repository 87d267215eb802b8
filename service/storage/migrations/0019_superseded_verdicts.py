"""An index of superseded verdicts, which are few: a list of them read all others."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run


def up(migrator: Any, db: peewee.Database) -> None:
    """Create the index."""
    _run(
        db,
        "CREATE INDEX verdict_superseded ON verdicts (state, state_us, id) WHERE superseded_by_id IS NOT NULL",
    )
