"""A write changes few pages.

The sort keys of claims are in a table of their own instead of in each row of ``claim_facets``: a write changes them and
few facets. The table also has the signature of a claim: a bit for each of its facets. Indexes of
columns that most rows do not have leave these rows out, and indexes that begin like another one are dropped.

In a store with claims only what takes no time is done here. The signatures are those of claims that may have every
facet, until the claims are recomputed. Indexes are made afterwards, one by one (``service.storage.schema.deferred``).
SQLite keeps the columns of the sort keys in ``claim_facets``: dropping them would rewrite it.
"""

from __future__ import annotations

import importlib
from typing import Any

import peewee

_run = importlib.import_module("service.storage.migrations.0002_writing")._run

TABLE = """
CREATE TABLE claim_sort_keys (
    claim_id {number} NOT NULL PRIMARY KEY REFERENCES claims ON DELETE CASCADE,
    updated_us BIGINT NOT NULL,
    origins INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    named INTEGER NOT NULL,
    signature_0 BIGINT NOT NULL,
    signature_1 BIGINT NOT NULL
)
"""
# All bits, so that each facet is looked up.
SORT_KEYS = """
INSERT INTO claim_sort_keys (claim_id, updated_us, origins, mentions, named, signature_0, signature_1)
SELECT f.claim_id, f.updated_us, f.origins, f.mentions, f.named, -1, -1 FROM claim_facets f
JOIN facets ON facets.id = f.facet_id WHERE facets.kind = 'all' ORDER BY f.claim_id;
DELETE FROM derived WHERE name = 'claims'
"""
KEY_INDEXES = """
CREATE INDEX claimsortkeys_updated_us_claim_id_signature_0_signature_1
    ON claim_sort_keys (updated_us, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_origins_claim_id_signature_0_signature_1
    ON claim_sort_keys (origins, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_mentions_claim_id_signature_0_signature_1
    ON claim_sort_keys (mentions, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_named_claim_id_signature_0_signature_1
    ON claim_sort_keys (named, claim_id, signature_0, signature_1)
"""
NEW_FACETS = """
DROP TABLE claim_facets;
CREATE TABLE claim_facets (
    facet_id BIGINT NOT NULL REFERENCES facets ON DELETE RESTRICT,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    PRIMARY KEY (facet_id, claim_id)
) WITHOUT ROWID;
CREATE INDEX claimfacet_claim_id ON claim_facets (claim_id)
"""
# As in "Making Other Kinds Of Table Schema Changes" (sqlite.org/lang_altertable.html): another default changes no row.
WITHOUT_SORT_KEYS = """
PRAGMA writable_schema = ON;
UPDATE sqlite_master SET sql = replace(replace(replace(sql,
    'updated_us BIGINT NOT NULL,', 'updated_us BIGINT NOT NULL DEFAULT 0,'),
    'origins INTEGER NOT NULL,', 'origins INTEGER NOT NULL DEFAULT 0,'),
    'mentions INTEGER NOT NULL,', 'mentions INTEGER NOT NULL DEFAULT 0,')
    WHERE type = 'table' AND name = 'claim_facets';
PRAGMA writable_schema = RESET
"""
DROP_SORT_KEYS = """
ALTER TABLE claim_facets DROP COLUMN updated_us, DROP COLUMN origins, DROP COLUMN mentions, DROP COLUMN named
"""
INDEXES = """
DROP INDEX verdict_supersedes_id;
DROP INDEX verdict_superseded_by_id;
DROP INDEX verdict_superseded_once;
CREATE UNIQUE INDEX verdict_superseded_once ON verdicts (supersedes_id)
    WHERE state <> 'withdrawn' AND supersedes_id IS NOT NULL;
DROP INDEX verdict_publisher_id;
CREATE INDEX verdict_publisher_id ON verdicts (publisher_id) WHERE publisher_id IS NOT NULL;
DROP INDEX verdict_page_key_state_state_us_id;
CREATE INDEX verdict_page_key_state_state_us_id ON verdicts (page_key, state, state_us, id) WHERE page_key IS NOT NULL;
DROP INDEX verdict_of_site;
CREATE INDEX verdict_of_site ON verdicts (site, reviewed_us, public_id)
    WHERE state = 'published' AND superseded_by_id IS NULL AND site IS NOT NULL;
DROP INDEX claim_root_id;
CREATE INDEX claim_root_id ON claims (root_id) WHERE root_id IS NOT NULL;
DROP INDEX claim_merged_into_id;
CREATE INDEX claim_merged_into_id ON claims (merged_into_id) WHERE merged_into_id IS NOT NULL;
DROP INDEX mention_with_span;
CREATE UNIQUE INDEX mention_with_span ON mentions (claim_id, document_id, start_offset, end_offset, chain)
    WHERE start_offset IS NOT NULL AND withdrawn_us IS NULL;
DROP INDEX claimtopic_claim_id
"""
TOPICS = """
ALTER TABLE claim_topics RENAME TO old_claim_topics;
CREATE TABLE claim_topics (
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    topic TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (claim_id, topic)
) WITHOUT ROWID;
INSERT INTO claim_topics SELECT claim_id, topic, position FROM old_claim_topics ORDER BY claim_id, topic;
DROP TABLE old_claim_topics
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Move the sort keys; recreate the indexes of a store without claims."""
    sqlite = isinstance(db, peewee.SqliteDatabase)
    [has_claims] = db.execute_sql("SELECT EXISTS (SELECT 1 FROM claims)").fetchone()
    _run(db, TABLE.format(number="INTEGER" if sqlite else "BIGINT"))
    _run(db, SORT_KEYS)
    if not sqlite:
        _run(db, DROP_SORT_KEYS)
    elif has_claims:
        _run(db, WITHOUT_SORT_KEYS)
    else:
        _run(db, NEW_FACETS)
    if not has_claims:
        _run(db, KEY_INDEXES)
        _run(db, INDEXES)
        if sqlite:
            _run(db, TOPICS)
