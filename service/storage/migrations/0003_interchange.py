"""Reviews that were published elsewhere, their publishers, and the sites of sources.

Also the version of the code that made derived data, so that a newer version rebuilds it.
"""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
ALTER TABLE sources ADD COLUMN url TEXT;
ALTER TABLE sources ADD COLUMN site TEXT;
CREATE INDEX source_site ON sources (site);
CREATE TABLE derived (
    name TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
)
"""

# SQLite cannot change a constraint: the table is recreated, and so are the tables that refer to it.
SQLITE = """
ALTER TABLE verdicts RENAME TO old_verdicts;
ALTER TABLE reviews RENAME TO old_reviews;
DROP INDEX verdict_public_id;
DROP INDEX verdict_claim_id_state_state_us_id;
DROP INDEX verdict_supersedes_id;
DROP INDEX verdict_superseded_once;
DROP INDEX verdict_superseded_by_id;
DROP INDEX verdict_state_state_us_id;
DROP INDEX verdict_state_checker_state_us_id;
DROP INDEX verdict_state_rating_state_us_id;
DROP INDEX review_public_id;
DROP INDEX review_verdict_id;
CREATE TABLE verdicts (
    id INTEGER NOT NULL PRIMARY KEY,
    public_id TEXT NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    claim_version INTEGER NOT NULL,
    judged_hash TEXT,
    checker TEXT NOT NULL,
    retraction INTEGER NOT NULL,
    rating TEXT,
    textual_rating TEXT,
    rationale TEXT,
    evidence TEXT NOT NULL,
    url TEXT,
    language TEXT,
    supersedes_id BIGINT REFERENCES verdicts ON DELETE RESTRICT,
    reason TEXT,
    reviewers TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    state TEXT NOT NULL,
    state_us BIGINT NOT NULL,
    superseded_by_id BIGINT REFERENCES verdicts ON DELETE RESTRICT,
    withdrawn_by TEXT,
    withdrawn_reason TEXT,
    publisher_id BIGINT REFERENCES sources ON DELETE RESTRICT,
    review TEXT,
    CHECK (rating IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting_evidence', 'unmapped')),
    CHECK (rating <> 'unmapped' OR publisher_id IS NOT NULL),
    CHECK ((publisher_id IS NULL) = (review IS NULL)),
    CHECK (retraction = (rating IS NULL)),
    CHECK (supersedes_id IS NULL OR reason IS NOT NULL),
    CHECK (state IN ('draft', 'published', 'withdrawn'))
);
INSERT INTO verdicts SELECT id, public_id, claim_id, claim_version, judged_hash, checker, retraction, rating,
    textual_rating, rationale, evidence, url, language, supersedes_id, reason, reviewers, created_us, state, state_us,
    superseded_by_id, withdrawn_by, withdrawn_reason, NULL, NULL FROM old_verdicts ORDER BY id;
CREATE TABLE reviews (
    id INTEGER NOT NULL PRIMARY KEY,
    public_id TEXT NOT NULL,
    verdict_id BIGINT NOT NULL REFERENCES verdicts ON DELETE RESTRICT,
    reviewer TEXT NOT NULL,
    decision TEXT NOT NULL,
    note TEXT,
    created_us BIGINT NOT NULL,
    CHECK (decision IN ('approve', 'request_changes'))
);
INSERT INTO reviews SELECT id, public_id, verdict_id, reviewer, decision, note, created_us FROM old_reviews
    ORDER BY id;
DROP TABLE old_reviews;
UPDATE old_verdicts SET supersedes_id = NULL, superseded_by_id = NULL;
DROP TABLE old_verdicts;
CREATE UNIQUE INDEX verdict_public_id ON verdicts (public_id);
CREATE INDEX verdict_claim_id_state_state_us_id ON verdicts (claim_id, state, state_us, id);
CREATE INDEX verdict_supersedes_id ON verdicts (supersedes_id);
CREATE UNIQUE INDEX verdict_superseded_once ON verdicts (supersedes_id) WHERE state <> 'withdrawn';
CREATE INDEX verdict_superseded_by_id ON verdicts (superseded_by_id);
CREATE INDEX verdict_state_state_us_id ON verdicts (state, state_us, id);
CREATE INDEX verdict_state_checker_state_us_id ON verdicts (state, checker, state_us, id);
CREATE INDEX verdict_state_rating_state_us_id ON verdicts (state, rating, state_us, id);
CREATE UNIQUE INDEX review_public_id ON reviews (public_id);
CREATE INDEX review_verdict_id ON reviews (verdict_id)
"""

POSTGRESQL = """
ALTER TABLE verdicts ADD COLUMN publisher_id BIGINT REFERENCES sources ON DELETE RESTRICT;
ALTER TABLE verdicts ADD COLUMN review TEXT;
ALTER TABLE verdicts DROP CONSTRAINT {rating};
ALTER TABLE verdicts ADD CONSTRAINT verdicts_rating_check
    CHECK (rating IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting_evidence', 'unmapped'));
ALTER TABLE verdicts ADD CONSTRAINT verdicts_unmapped_check CHECK (rating <> 'unmapped' OR publisher_id IS NOT NULL);
ALTER TABLE verdicts ADD CONSTRAINT verdicts_review_check CHECK ((publisher_id IS NULL) = (review IS NULL))
"""

INDEXES = """
CREATE INDEX verdict_publisher_id ON verdicts (publisher_id);
CREATE INDEX verdict_url ON verdicts (url)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Change the tables. ``service.operations.reprojection`` rebuilds derived data."""
    _run(db, ADDED)
    if isinstance(db, peewee.SqliteDatabase):
        _run(db, SQLITE)
    else:
        # Its name depends on which tables were there when it was made.
        [(rating,)] = db.execute_sql(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'verdicts'::regclass AND contype = 'c' "
            "AND pg_get_constraintdef(oid) LIKE '%%not_enough_evidence%%'"
        ).fetchall()
        _run(db, POSTGRESQL.format(rating=rating))
    _run(db, INDEXES)
