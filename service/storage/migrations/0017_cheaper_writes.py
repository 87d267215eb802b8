"""A write changes few pages.

The sort keys of claims are in a table of their own instead of in each row of ``claim_facets``: a write changes them and
few facets. The table also has the signature of a claim: a bit for each of its facets. Indexes of
columns that most rows do not have leave these rows out, and indexes that begin like another one are dropped.
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
);
INSERT INTO claim_sort_keys (claim_id, updated_us, origins, mentions, named, signature_0, signature_1)
SELECT c.id, c.updated_us, c.origins_at_least, c.mentions, c.origins_named, s.signature_0, s.signature_1
FROM (SELECT f.claim_id, {signature_0} AS signature_0, {signature_1} AS signature_1 FROM claim_facets f
JOIN facets ON facets.id = f.facet_id GROUP BY f.claim_id) AS s JOIN claims c ON c.id = s.claim_id ORDER BY c.id;
CREATE INDEX claimsortkeys_updated_us_claim_id_signature_0_signature_1
    ON claim_sort_keys (updated_us, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_origins_claim_id_signature_0_signature_1
    ON claim_sort_keys (origins, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_mentions_claim_id_signature_0_signature_1
    ON claim_sort_keys (mentions, claim_id, signature_0, signature_1);
CREATE INDEX claimsortkeys_named_claim_id_signature_0_signature_1
    ON claim_sort_keys (named, claim_id, signature_0, signature_1)
"""
# The bits of the facets of a claim: those of the kinds below, by their keys.
SIGNATURE = """COALESCE({any_of}CASE WHEN facets.id / 63 - facets.id / 126 * 2 = {word} AND facets.kind IN (
    'topic', 'source', 'origin', 'relay', 'publisher', 'document', 'status', 'stance', 'min_origins', 'min_named',
    'named', 'conflict') THEN {one} << CAST(facets.id - facets.id / 63 * 63 AS INTEGER) ELSE 0 END), 0)"""
# The sum of different bits is the bits together.
WORDS = {
    "sqlite": {"number": "INTEGER", "any_of": "SUM(DISTINCT ", "one": "1"},
    "postgresql": {"number": "BIGINT", "any_of": "BIT_OR(", "one": "CAST(1 AS BIGINT)"},
}
FACETS = {
    # Dropping a column rewrites the table in SQLite too, and does not give the room back.
    "sqlite": """
ALTER TABLE claim_facets RENAME TO old_claim_facets;
CREATE TABLE claim_facets (
    facet_id BIGINT NOT NULL REFERENCES facets ON DELETE RESTRICT,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    PRIMARY KEY (facet_id, claim_id)
) WITHOUT ROWID;
INSERT INTO claim_facets SELECT facet_id, claim_id FROM old_claim_facets ORDER BY facet_id, claim_id;
DROP TABLE old_claim_facets;
CREATE INDEX claimfacet_claim_id ON claim_facets (claim_id)
""",
    "postgresql": """
ALTER TABLE claim_facets DROP COLUMN updated_us, DROP COLUMN origins, DROP COLUMN mentions, DROP COLUMN named
""",
}

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
    """Move the sort keys, and recreate the indexes."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    words = WORDS[engine]
    signatures = {f"signature_{word}": SIGNATURE.format(word=word, **words) for word in range(2)}
    _run(db, FACETS[engine])
    _run(db, TABLE.format(number=words["number"], **signatures))
    _run(db, INDEXES)
    if engine == "sqlite":
        _run(db, TOPICS)
