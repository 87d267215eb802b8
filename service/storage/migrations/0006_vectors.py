"""Embeddings of claims. Nothing is written here unless a model is set."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

# AUTOINCREMENT: a number is never given twice, so that what was read up to some number is known to be read.
TABLE = """
CREATE TABLE claim_vectors (
    id {counter},
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    model TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    vector {bytes} NOT NULL
);
CREATE UNIQUE INDEX claimvector_claim_id ON claim_vectors (claim_id);
CREATE INDEX claimvector_model_id ON claim_vectors (model, id)
"""
WORDS = {
    "sqlite": {"counter": "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", "bytes": "BLOB"},
    "postgresql": {"counter": "BIGSERIAL NOT NULL PRIMARY KEY", "bytes": "BYTEA"},
}


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the table."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, TABLE.format(**WORDS[engine]))
