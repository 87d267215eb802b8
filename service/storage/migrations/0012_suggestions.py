"""Suggestions of merges, the decisions on them, and the keys by which similar claims and documents are found."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

from service.identity.near_statements import near_statement_key, title_key

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
CREATE TABLE suggestions (
    id {key},
    public_id {ordered_text} NOT NULL,
    kind {ordered_text} NOT NULL,
    one {ordered_text} NOT NULL,
    other {ordered_text},
    score INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    state {ordered_text} NOT NULL,
    found_us BIGINT NOT NULL
);
CREATE UNIQUE INDEX suggestion_public_id ON suggestions (public_id);
CREATE INDEX suggestion_one ON suggestions (one);
CREATE INDEX suggestion_other ON suggestions (other);
CREATE INDEX suggestion_state_score_id ON suggestions (state, score, id);
CREATE INDEX suggestion_state_id ON suggestions (state, id);
CREATE INDEX suggestion_state_kind_score_id ON suggestions (state, kind, score, id);
CREATE INDEX suggestion_state_kind_id ON suggestions (state, kind, id);
CREATE TABLE suggestion_decisions (
    id {key},
    public_id {ordered_text} NOT NULL,
    kind TEXT NOT NULL,
    one {ordered_text} NOT NULL,
    other {ordered_text},
    decision TEXT NOT NULL,
    merged_into TEXT,
    decided_us BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_reason TEXT NOT NULL,
    CHECK (decision IN ('merge', 'distinct', 'collective', 'identifiable'))
);
CREATE UNIQUE INDEX suggestiondecision_public_id ON suggestion_decisions (public_id);
ALTER TABLE claims ADD COLUMN near_key TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN title_key TEXT
"""
INDEXES = """
CREATE INDEX claim_near_key ON claims (near_key);
CREATE INDEX document_title_key ON documents (title_key)
"""
CLAIMS = "SELECT id, text FROM claims"
TITLES = """
SELECT d.id, d.title, s.public_id FROM documents d JOIN sources s ON s.id = d.publisher_id WHERE d.title IS NOT NULL
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Create the tables, and fill in the keys."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    _fill(db, "claims", "near_key", [(near_statement_key(text), key) for key, text in _all(db, CLAIMS)])
    _fill(db, "documents", "title_key", [(title_key(title, source), key) for key, title, source in _all(db, TITLES)])
    _run(db, INDEXES)


def _all(db: peewee.Database, query: str) -> list[Any]:
    rows: list[Any] = db.execute_sql(query).fetchall()
    return rows


def _fill(db: peewee.Database, table: str, column: str, rows: list[tuple[str | None, int]]) -> None:
    mark = "?" if isinstance(db, peewee.SqliteDatabase) else "%s"
    update = f"UPDATE {table} SET {column} = {mark} WHERE id = {mark}"  # noqa: S608
    for start in range(0, len(rows), 1000):
        db.cursor().executemany(update, rows[start : start + 1000])
