"""Writing: keys, the event log, verdicts with drafts and reviews, assignments, merges, withdrawals, retried requests.

Links get ids. Links and mentions can be withdrawn, after which the same one can be entered again.
"""

from __future__ import annotations

import importlib
from hashlib import sha256
from typing import Any

import peewee

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS

# A number of SQLite's is the row's own only as an INTEGER.
OWN_WORDS = {"sqlite": {"false": "0", "number": "INTEGER"}, "postgresql": {"false": "FALSE", "number": "BIGINT"}}

BEFORE = """
ALTER TABLE claims ADD COLUMN judged_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE claims ADD COLUMN judged_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE claims ADD COLUMN merged_into_id BIGINT REFERENCES claims ON DELETE RESTRICT;
ALTER TABLE claims ADD COLUMN root_id BIGINT REFERENCES claims ON DELETE RESTRICT;
ALTER TABLE claims ADD COLUMN merged_us BIGINT;
ALTER TABLE claims ADD COLUMN merged_by TEXT;
ALTER TABLE claims ADD COLUMN merged_reason TEXT;
CREATE INDEX claim_merged_into_id ON claims (merged_into_id);
CREATE INDEX claim_root_id ON claims (root_id);

ALTER TABLE sources ADD COLUMN merged_us BIGINT;
ALTER TABLE sources ADD COLUMN merged_by TEXT;
ALTER TABLE sources ADD COLUMN merged_reason TEXT;

ALTER TABLE mentions ADD COLUMN withdrawn_us BIGINT;
ALTER TABLE mentions ADD COLUMN withdrawn_by TEXT;
ALTER TABLE mentions ADD COLUMN withdrawn_reason TEXT;
DROP INDEX mention_claim_id_document_id_start_offset_end_offset_chain;
DROP INDEX mention_without_span;
CREATE UNIQUE INDEX mention_with_span ON mentions (claim_id, document_id, start_offset, end_offset, chain)
    WHERE withdrawn_us IS NULL;
CREATE UNIQUE INDEX mention_without_span ON mentions (claim_id, document_id, chain)
    WHERE start_offset IS NULL AND withdrawn_us IS NULL;

ALTER TABLE claim_links RENAME TO old_links;
DROP INDEX claimlink_claim_id;
DROP INDEX claimlink_other_id;
CREATE TABLE claim_links (
    id {key},
    public_id {ordered_text} NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    type TEXT NOT NULL,
    note TEXT,
    seeded {boolean} NOT NULL,
    withdrawn_us BIGINT,
    withdrawn_by TEXT,
    withdrawn_reason TEXT,
    CHECK (claim_id <> other_id),
    CHECK (type IN ('contradicts', 'refines', 'part_of', 'distinct_from'))
);
CREATE UNIQUE INDEX claimlink_public_id ON claim_links (public_id);
CREATE INDEX claimlink_claim_id ON claim_links (claim_id);
CREATE INDEX claimlink_other_id ON claim_links (other_id);
CREATE UNIQUE INDEX link_between ON claim_links (claim_id, type, other_id) WHERE withdrawn_us IS NULL;

ALTER TABLE verdicts RENAME TO old_verdicts;
DROP INDEX verdict_public_id;
DROP INDEX verdict_claim_id;
DROP INDEX verdict_checker;
DROP INDEX verdict_supersedes_id;
DROP INDEX verdict_created_us;
CREATE TABLE verdicts (
    id {key},
    public_id {ordered_text} NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    claim_version INTEGER NOT NULL,
    judged_hash TEXT,
    checker {ordered_text} NOT NULL,
    retraction {boolean} NOT NULL,
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
    CHECK (rating IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting_evidence')),
    CHECK (retraction = (rating IS NULL)),
    CHECK (supersedes_id IS NULL OR reason IS NOT NULL),
    CHECK (state IN ('draft', 'published', 'withdrawn'))
);
CREATE UNIQUE INDEX verdict_public_id ON verdicts (public_id);
CREATE INDEX verdict_claim_id_state_state_us_id ON verdicts (claim_id, state, state_us, id);
CREATE INDEX verdict_supersedes_id ON verdicts (supersedes_id);
CREATE UNIQUE INDEX verdict_superseded_once ON verdicts (supersedes_id) WHERE state <> 'withdrawn';
CREATE INDEX verdict_superseded_by_id ON verdicts (superseded_by_id);
CREATE INDEX verdict_state_state_us_id ON verdicts (state, state_us, id);
CREATE INDEX verdict_state_checker_state_us_id ON verdicts (state, checker, state_us, id);
CREATE INDEX verdict_state_rating_state_us_id ON verdicts (state, rating, state_us, id);

CREATE TABLE reviews (
    id {key},
    public_id {ordered_text} NOT NULL,
    verdict_id BIGINT NOT NULL REFERENCES verdicts ON DELETE RESTRICT,
    reviewer TEXT NOT NULL,
    decision TEXT NOT NULL,
    note TEXT,
    created_us BIGINT NOT NULL,
    CHECK (decision IN ('approve', 'request_changes'))
);
CREATE UNIQUE INDEX review_public_id ON reviews (public_id);
CREATE INDEX review_verdict_id ON reviews (verdict_id);

CREATE TABLE assignments (
    id {key},
    public_id {ordered_text} NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    checker TEXT NOT NULL,
    assigned_by TEXT NOT NULL,
    note TEXT,
    created_us BIGINT NOT NULL,
    until_us BIGINT NOT NULL,
    ended_us BIGINT,
    ended_by TEXT,
    outcome TEXT,
    CHECK (outcome IN ('judged', 'released', 'lapsed'))
);
CREATE UNIQUE INDEX assignment_public_id ON assignments (public_id);
CREATE INDEX assignment_claim_id ON assignments (claim_id);
CREATE UNIQUE INDEX assigned_once ON assignments (claim_id) WHERE ended_us IS NULL;

CREATE TABLE api_keys (
    id {key},
    public_id {ordered_text} NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    secret_sha256 TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT,
    revoked_us BIGINT,
    rotated_from TEXT,
    last_used_us BIGINT,
    CHECK (role IN ('checker', 'editor', 'admin'))
);
CREATE UNIQUE INDEX apikey_public_id ON api_keys (public_id);
CREATE INDEX apikey_name ON api_keys (name);

CREATE TABLE events (
    seq {number} NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    type {ordered_text} NOT NULL,
    subject {ordered_text} NOT NULL,
    about TEXT NOT NULL,
    payload TEXT NOT NULL,
    previous TEXT,
    hash TEXT NOT NULL
);
CREATE INDEX event_type_seq ON events (type, seq);

CREATE TABLE event_subjects (
    subject {ordered_text} NOT NULL,
    seq BIGINT NOT NULL REFERENCES events ON DELETE RESTRICT,
    PRIMARY KEY (subject, seq)
){without_rowid};
CREATE INDEX eventsubject_seq ON event_subjects (seq);

CREATE TABLE event_nodes (
    level INTEGER NOT NULL,
    position BIGINT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, position)
){without_rowid};

CREATE TABLE answered_requests (
    caller {ordered_text} NOT NULL,
    idempotency_key {ordered_text} NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    expires_us BIGINT NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
){without_rowid};
CREATE INDEX answeredrequest_expires_us ON answered_requests (expires_us)
"""

AFTER = """
INSERT INTO verdicts (id, public_id, claim_id, claim_version, checker, retraction, rating, textual_rating, rationale,
    evidence, url, language, supersedes_id, reason, reviewers, created_us, state, state_us)
    SELECT id, public_id, claim_id, claim_version, checker, {false}, rating, textual_rating, rationale,
    COALESCE(evidence, '[]'), url, language, supersedes_id, reason, '', created_us, 'published', created_us
    FROM old_verdicts ORDER BY id;
UPDATE verdicts SET superseded_by_id = (SELECT v.id FROM verdicts v WHERE v.supersedes_id = verdicts.id);
DROP TABLE old_verdicts;
DROP TABLE old_links
"""

# A line of the log is written once. Who owns the database can drop these: the hashes are for that.
APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER {table}_no_{what} BEFORE {what} ON {table} BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for table in ("events", "event_nodes", "event_subjects")
        for what in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'append only'; END $$",
        *[
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION append_only()"
            for table in ("events", "event_nodes", "event_subjects")
        ],
        *[
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION append_only()"
            for table in ("events", "event_nodes", "event_subjects")
        ],
        # Their names were taken by the tables they replace.
        "ALTER INDEX verdicts_pkey1 RENAME TO verdicts_pkey",
        "ALTER INDEX claim_links_pkey1 RENAME TO claim_links_pkey",
        # The copied rows brought their keys with them.
        "SELECT setval(pg_get_serial_sequence('verdicts', 'id'), "
        "COALESCE((SELECT MAX(id) FROM verdicts), 0) + 1, false)",
    ],
}


def up(migrator: Any, db: peewee.Database) -> None:
    """Change the tables, give links their ids, and guard the log."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    words = {**WORDS[engine], **OWN_WORDS[engine]}
    _run(db, BEFORE.format(**words))
    _copy_links(db, "?" if engine == "sqlite" else "%s")
    _run(db, AFTER.format(**words))
    for statement in APPEND_ONLY[engine]:
        db.execute_sql(statement)


def _run(db: peewee.Database, statements: str) -> None:
    for statement in statements.split(";"):
        db.execute_sql(statement)


def _copy_links(db: peewee.Database, mark: str) -> None:
    """Give links ids that follow from their content, so that they are the same in every store."""
    rows = db.execute_sql(
        "SELECT a.public_id, o.public_id, l.claim_id, l.other_id, l.type, l.note, l.seeded FROM old_links l "
        "JOIN claims a ON a.id = l.claim_id JOIN claims o ON o.id = l.other_id ORDER BY a.id, l.type, o.id"
    ).fetchall()
    insert = "INSERT INTO claim_links (public_id, claim_id, other_id, type, note, seeded) VALUES (?, ?, ?, ?, ?, ?)"
    for claim, other, *values in rows:
        public_id = f"l-{sha256(f'{claim}|{values[2]}|{other}'.encode()).hexdigest()[:16]}"
        db.execute_sql(insert.replace("?", mark), (public_id, *values))
