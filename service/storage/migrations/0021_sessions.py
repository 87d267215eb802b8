"""Sessions of people who are signed in at the desk."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
CREATE TABLE sessions (
    token_sha256 {ordered_text} NOT NULL,
    api_key_id BIGINT NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (token_sha256),
    CHECK (expires_us > created_us)
){without_rowid};
CREATE INDEX session_api_key_id ON sessions (api_key_id);
CREATE INDEX session_expires_us ON sessions (expires_us)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Create the table."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
