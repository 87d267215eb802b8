"""The first schema. Written out rather than taken from the models: an applied migration must not change with them."""

from __future__ import annotations

from typing import Any

import peewee

# Text that is compared in keyset pages is ordered by its bytes on either engine.
WORDS = {
    "sqlite": {
        "key": "INTEGER NOT NULL PRIMARY KEY",
        "boolean": "INTEGER",
        "ordered_text": "TEXT",
        "without_rowid": " WITHOUT ROWID",
    },
    "postgresql": {
        "key": "BIGSERIAL NOT NULL PRIMARY KEY",
        "boolean": "BOOLEAN",
        "ordered_text": 'TEXT COLLATE "C"',
        "without_rowid": "",
    },
}

SCHEMA = """
CREATE TABLE sources (
    id {key},
    public_id {ordered_text} NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    country TEXT,
    part_of_id BIGINT REFERENCES sources ON DELETE RESTRICT,
    merged_into_id BIGINT REFERENCES sources ON DELETE RESTRICT,
    reliability TEXT,
    note TEXT,
    version INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    CHECK (part_of_id IS NULL OR part_of_id <> id),
    CHECK (merged_into_id IS NULL OR merged_into_id <> id),
    CHECK (reliability IN ('A', 'B', 'C', 'D', 'E', 'F'))
);
CREATE UNIQUE INDEX source_public_id ON sources (public_id);
CREATE INDEX source_kind ON sources (kind);
CREATE INDEX source_country ON sources (country);
CREATE INDEX source_part_of_id ON sources (part_of_id);
CREATE INDEX source_merged_into_id ON sources (merged_into_id);

CREATE TABLE source_aliases (
    source_id BIGINT NOT NULL REFERENCES sources ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (source_id, name)
);
CREATE INDEX sourcealias_source_id ON source_aliases (source_id);
CREATE INDEX sourcealias_name ON source_aliases (name);

CREATE TABLE documents (
    id {key},
    public_id {ordered_text} NOT NULL,
    title TEXT,
    url TEXT,
    author TEXT,
    language TEXT,
    publisher_id BIGINT REFERENCES sources ON DELETE RESTRICT,
    publisher_reason TEXT,
    sha256 TEXT,
    length INTEGER,
    published_earliest TEXT,
    published_latest TEXT,
    published_reason TEXT,
    derived_from_id BIGINT REFERENCES documents ON DELETE RESTRICT,
    version INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    CHECK (derived_from_id IS NULL OR derived_from_id <> id),
    CHECK (published_earliest <= published_latest),
    CHECK (length >= 0)
);
CREATE UNIQUE INDEX document_public_id ON documents (public_id);
CREATE UNIQUE INDEX document_url ON documents (url);
CREATE INDEX document_publisher_id ON documents (publisher_id);
CREATE UNIQUE INDEX document_sha256 ON documents (sha256);
CREATE INDEX document_published_latest ON documents (published_latest);
CREATE INDEX document_derived_from_id ON documents (derived_from_id);

CREATE TABLE claims (
    id {key},
    public_id {ordered_text} NOT NULL,
    text TEXT NOT NULL,
    subject TEXT NOT NULL,
    quantity TEXT,
    time_frame TEXT,
    place TEXT,
    note TEXT,
    status TEXT NOT NULL,
    policy TEXT NOT NULL,
    origins_at_least INTEGER NOT NULL,
    origins_at_most INTEGER NOT NULL,
    differing_at_least INTEGER NOT NULL,
    differing_at_most INTEGER NOT NULL,
    refuting_at_least INTEGER NOT NULL,
    refuting_at_most INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    json TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    CHECK (origins_at_least <= origins_at_most)
);
CREATE UNIQUE INDEX claim_public_id ON claims (public_id);

CREATE TABLE claim_topics (
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    topic TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (claim_id, topic)
);
CREATE INDEX claimtopic_claim_id ON claim_topics (claim_id);

CREATE TABLE mentions (
    id {key},
    public_id {ordered_text} NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    document_id BIGINT NOT NULL REFERENCES documents ON DELETE RESTRICT,
    stance TEXT NOT NULL,
    chain {ordered_text} NOT NULL,
    basis TEXT,
    passage TEXT NOT NULL,
    start_offset INTEGER,
    end_offset INTEGER,
    span_sha256 TEXT,
    reported TEXT,
    note TEXT,
    seeded {boolean} NOT NULL,
    CHECK (stance IN ('supports', 'partly_supports', 'differs', 'refutes')),
    CHECK (start_offset >= 0 AND start_offset < end_offset),
    CHECK ((chain = '') = (basis IS NULL))
);
CREATE UNIQUE INDEX mention_public_id ON mentions (public_id);
CREATE INDEX mention_claim_id ON mentions (claim_id);
CREATE INDEX mention_document_id ON mentions (document_id);
CREATE UNIQUE INDEX mention_claim_id_document_id_start_offset_end_offset_chain
    ON mentions (claim_id, document_id, start_offset, end_offset, chain);
CREATE UNIQUE INDEX mention_without_span ON mentions (claim_id, document_id, chain) WHERE start_offset IS NULL;

CREATE TABLE attributions (
    mention_id BIGINT NOT NULL REFERENCES mentions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    source_id BIGINT NOT NULL REFERENCES sources ON DELETE RESTRICT,
    PRIMARY KEY (mention_id, position)
);
CREATE INDEX attribution_mention_id ON attributions (mention_id);
CREATE INDEX attribution_source_id ON attributions (source_id);
CREATE UNIQUE INDEX attribution_mention_id_source_id ON attributions (mention_id, source_id);

CREATE TABLE claim_links (
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    other_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    type TEXT NOT NULL,
    note TEXT,
    seeded {boolean} NOT NULL,
    PRIMARY KEY (claim_id, type, other_id),
    CHECK (claim_id <> other_id),
    CHECK (type IN ('contradicts', 'refines', 'part_of', 'distinct_from'))
);
CREATE INDEX claimlink_claim_id ON claim_links (claim_id);
CREATE INDEX claimlink_other_id ON claim_links (other_id);

CREATE TABLE verdicts (
    id {key},
    public_id {ordered_text} NOT NULL,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE RESTRICT,
    claim_version INTEGER NOT NULL,
    checker TEXT NOT NULL,
    rating TEXT NOT NULL,
    textual_rating TEXT,
    rationale TEXT,
    evidence TEXT,
    url TEXT,
    language TEXT,
    supersedes_id BIGINT REFERENCES verdicts ON DELETE RESTRICT,
    reason TEXT,
    created_us BIGINT NOT NULL,
    CHECK (rating IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting_evidence')),
    CHECK (supersedes_id IS NULL OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX verdict_public_id ON verdicts (public_id);
CREATE INDEX verdict_claim_id ON verdicts (claim_id);
CREATE INDEX verdict_checker ON verdicts (checker);
CREATE UNIQUE INDEX verdict_supersedes_id ON verdicts (supersedes_id);
CREATE INDEX verdict_created_us ON verdicts (created_us);

CREATE TABLE facets (
    id {key},
    kind {ordered_text} NOT NULL,
    value {ordered_text} NOT NULL,
    claims INTEGER NOT NULL
);
CREATE UNIQUE INDEX facet_kind_value ON facets (kind, value);

CREATE TABLE claim_facets (
    facet_id BIGINT NOT NULL REFERENCES facets ON DELETE RESTRICT,
    claim_id BIGINT NOT NULL REFERENCES claims ON DELETE CASCADE,
    updated_us BIGINT NOT NULL,
    origins INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    PRIMARY KEY (facet_id, claim_id)
){without_rowid};
CREATE INDEX claimfacet_claim_id ON claim_facets (claim_id);
CREATE INDEX claimfacet_facet_id_updated_us_claim_id ON claim_facets (facet_id, updated_us, claim_id);
CREATE INDEX claimfacet_facet_id_origins_claim_id ON claim_facets (facet_id, origins, claim_id);
CREATE INDEX claimfacet_facet_id_mentions_claim_id ON claim_facets (facet_id, mentions, claim_id);
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Create every table and index."""
    words = WORDS["sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"]
    for statement in SCHEMA.format(**words).split(";"):
        if statement.strip():
            db.execute_sql(statement)
