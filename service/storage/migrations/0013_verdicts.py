"""Titles, bylines and dates of verdicts in columns, for those published here and elsewhere, and the key of their page.

Until now only a review published elsewhere had them, in the JSON of ``review``. Assignments can be offered to a
colleague.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import orjson
import peewee

from service.identity.web_addresses import document_key

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
ALTER TABLE verdicts ADD COLUMN title TEXT;
ALTER TABLE verdicts ADD COLUMN author TEXT;
ALTER TABLE verdicts ADD COLUMN authors TEXT;
ALTER TABLE verdicts ADD COLUMN reviewed_at TEXT;
ALTER TABLE verdicts ADD COLUMN published_by TEXT;
ALTER TABLE verdicts ADD COLUMN page_key {ordered_text};
ALTER TABLE pages ADD COLUMN page_key {ordered_text}
"""
INDEXES = """
DROP INDEX verdict_url;
CREATE INDEX verdict_page_key_state_state_us_id ON verdicts (page_key, state, state_us, id);
CREATE INDEX page_page_key_id ON pages (page_key, id)
"""
ASSIGNMENTS = """
ALTER TABLE assignments ADD COLUMN offered_to TEXT;
CREATE INDEX assignment_open_checker ON assignments (checker, until_us, id) WHERE ended_us IS NULL;
CREATE INDEX assignment_open_offered_to ON assignments (offered_to, until_us, id) WHERE ended_us IS NULL
"""
# SQLite cannot change a constraint: the table is recreated. Nothing refers to it.
SQLITE = """
ALTER TABLE assignments RENAME TO old_assignments;
DROP INDEX assignment_public_id;
DROP INDEX assignment_claim_id;
DROP INDEX assigned_once;
CREATE TABLE assignments (
    id INTEGER NOT NULL PRIMARY KEY,
    public_id TEXT NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    checker TEXT NOT NULL,
    assigned_by TEXT NOT NULL,
    note TEXT,
    created_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    ended_us BIGINT,
    ended_by TEXT,
    outcome TEXT,
    CHECK (outcome IN ('judged', 'released', 'lapsed', 'handed_over'))
);
INSERT INTO assignments SELECT id, public_id, claim_id, checker, assigned_by, note, created_us, until_us, ended_us,
    ended_by, outcome FROM old_assignments ORDER BY id;
DROP TABLE old_assignments;
CREATE UNIQUE INDEX assignment_public_id ON assignments (public_id);
CREATE INDEX assignment_claim_id ON assignments (claim_id);
CREATE UNIQUE INDEX assigned_once ON assignments (claim_id) WHERE ended_us IS NULL
"""
POSTGRESQL = """
ALTER TABLE assignments DROP CONSTRAINT {check};
ALTER TABLE assignments ADD CONSTRAINT assignments_outcome_check
    CHECK (outcome IN ('judged', 'released', 'lapsed', 'handed_over'))
"""
OUTCOME_CHECK = "SELECT conname FROM pg_constraint WHERE conrelid = 'assignments'::regclass AND contype = 'c'"
STATED = ("title", "author", "reviewed_at")
BATCH = 1000


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the columns, and fill them in, a bounded number of rows at a time."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    mark = "?" if engine == "sqlite" else "%s"
    update = "UPDATE verdicts SET page_key = ?, title = ?, author = ?, reviewed_at = ?, review = ? WHERE id = ?"
    select = "SELECT id, url, review FROM verdicts WHERE id > ? AND (url IS NOT NULL OR review IS NOT NULL) "
    for rows in _batches(db, select, mark):
        values = [(document_key(url), *_moved(review), key) for key, url, review in rows]
        db.cursor().executemany(update.replace("?", mark), values)
    update = "UPDATE pages SET page_key = ? WHERE id = ?".replace("?", mark)
    for rows in _batches(db, "SELECT id, url FROM pages WHERE id > ? ", mark):
        db.cursor().executemany(update, [(document_key(url), key) for key, url in rows])
    _run(db, INDEXES)
    if engine == "sqlite":
        _run(db, SQLITE)
    else:
        [(check,)] = db.execute_sql(OUTCOME_CHECK).fetchall()
        _run(db, POSTGRESQL.format(check=check))
    _run(db, ASSIGNMENTS)


def _batches(db: peewee.Database, select: str, mark: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query whose first column is the key, and which takes the key before."""
    after = 0
    while rows := db.execute_sql(f"{select}ORDER BY id LIMIT {BATCH}".replace("?", mark), (after,)).fetchall():
        yield rows
        after = rows[-1][0]


def _moved(review: str | None) -> tuple[str | None, ...]:
    """Return what a review states of itself, and the rest of it."""
    if review is None:
        return (*(None for _ in STATED), None)
    members = orjson.loads(review)
    stated = [members.pop(name, None) for name in STATED]
    return (*stated, orjson.dumps(members, option=orjson.OPT_SORT_KEYS).decode())
