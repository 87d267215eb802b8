"""The queue of recounts: what wide edits leave to be recomputed by turns."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
CREATE TABLE recounts (
    id {key},
    kind {ordered_text} NOT NULL,
    value {ordered_text} NOT NULL,
    actor {ordered_text} NOT NULL,
    created_us BIGINT NOT NULL,
    after BIGINT NOT NULL,
    claims_left BIGINT NOT NULL,
    CHECK (kind IN ('all', 'source', 'document', 'votes'))
);
CREATE UNIQUE INDEX recount_kind_value_actor ON recounts (kind, value, actor)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Create the table."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
