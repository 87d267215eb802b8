"""Full-text search over claims: the text they are found by, and the index over it, which differs by engine."""

from __future__ import annotations

import importlib
from typing import Any

import peewee

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

TABLES = """
CREATE TABLE claim_search (
    claim_id {number} NOT NULL PRIMARY KEY REFERENCES claims ON DELETE CASCADE,
    stems TEXT NOT NULL,
    words TEXT NOT NULL,
    length INTEGER NOT NULL,
    fields TEXT NOT NULL
);
CREATE TABLE search_terms (
    term {ordered_text} NOT NULL PRIMARY KEY,
    claims BIGINT NOT NULL
){without_rowid};
CREATE TABLE search_totals (
    name TEXT NOT NULL PRIMARY KEY,
    total BIGINT NOT NULL
){without_rowid};
INSERT INTO search_totals (name, total) VALUES ('claims', 0), ('words', 0)
"""

NUMBER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}

# Words and stems come as they are to be compared, with spaces between: the index only has to take them apart. Words
# are parted by "|" where no phrase goes on, stems begin with "=", numbers may have a point.
_TAKE_OUT = "INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.claim_id, {old})"
_PUT_IN = "INSERT INTO search_index(rowid, terms) VALUES (new.claim_id, {new})"
_OLD, _NEW = (f"{row}.words || ' | ' || {row}.stems" for row in ("old", "new"))
INDEX = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "terms, content = '', columnsize = 0, tokenize = \"ascii tokenchars '.|='\")",
        f"CREATE TRIGGER claim_search_insert AFTER INSERT ON claim_search BEGIN {_PUT_IN}; END".format(new=_NEW),
        f"CREATE TRIGGER claim_search_delete AFTER DELETE ON claim_search BEGIN {_TAKE_OUT}; END".format(old=_OLD),
        f"CREATE TRIGGER claim_search_update AFTER UPDATE ON claim_search BEGIN {_TAKE_OUT}; {_PUT_IN}; END".format(
            old=_OLD, new=_NEW
        ),
    ],
    "postgresql": [
        "CREATE TABLE search_index ("
        "claim_id BIGINT NOT NULL PRIMARY KEY REFERENCES claim_search ON DELETE CASCADE, terms tsvector NOT NULL)",
        # What is not sorted in yet every query reads: little of it.
        "CREATE INDEX search_index_terms ON search_index USING gin (terms) WITH (gin_pending_list_limit = 256)",
        # A word has its places; a stem is there or not.
        """CREATE FUNCTION search_terms_of(words text, stems text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
            SELECT (COALESCE((
                SELECT string_agg('''' || word || ''':' || LEAST(place, 16383), ' ')
                FROM unnest(array_remove(string_to_array(translate(words, chr(10), ' '), ' '), ''))
                WITH ORDINALITY AS w(word, place) WHERE word <> '|'), '')
            || COALESCE(' ''' || NULLIF(array_to_string(array_remove(
                string_to_array(translate(stems, chr(10), ' '), ' '), ''), ''' '''), '') || '''', ''))::tsvector $$""",
        """CREATE FUNCTION keep_search_index() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO search_index (claim_id, terms)
                VALUES (new.claim_id, search_terms_of(new.words, new.stems))
                ON CONFLICT (claim_id) DO UPDATE SET terms = excluded.terms;
                RETURN NULL;
            END $$""",
        "CREATE TRIGGER claim_search_kept AFTER INSERT OR UPDATE ON claim_search "
        "FOR EACH ROW EXECUTE FUNCTION keep_search_index()",
    ],
}


def up(migrator: Any, db: peewee.Database) -> None:
    """Create the tables. The service fills them when it starts."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, TABLES.format(**WORDS[engine], number=NUMBER[engine]))
    for statement in INDEX[engine]:
        db.execute_sql(statement.replace("%", "%%") if engine == "postgresql" else statement)
