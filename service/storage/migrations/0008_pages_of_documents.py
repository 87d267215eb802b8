"""The page that a document is: the key of its address, and the document that it was merged into.

Addresses need not be unique any more: what is one page is told by the key, and two documents of one page are merged.
``service.operations.page_merges`` merges those that are there, with an event each.
"""

from __future__ import annotations

import importlib
from typing import Any

import peewee

from service.identity.web_addresses import document_key

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

# SQLite checks a new column's constraint without rewriting the table only as part of the column.
ADDED = """
ALTER TABLE documents ADD COLUMN page_key {ordered_text};
ALTER TABLE documents ADD COLUMN merged_into_id BIGINT REFERENCES documents ON DELETE RESTRICT
    CHECK (merged_into_id IS NULL OR merged_into_id <> id);
ALTER TABLE documents ADD COLUMN merged_us BIGINT;
ALTER TABLE documents ADD COLUMN merged_by TEXT;
ALTER TABLE documents ADD COLUMN merged_reason TEXT;
DROP INDEX document_url;
CREATE INDEX document_url ON documents (url);
CREATE INDEX document_merged_into_id ON documents (merged_into_id)
"""
INDEX = "CREATE INDEX document_page_key ON documents (page_key)"


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the columns, and fill in the keys."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    mark = "?" if engine == "sqlite" else "%s"
    update = f"UPDATE documents SET page_key = {mark} WHERE id = {mark}"  # noqa: S608
    rows = db.execute_sql("SELECT id, url FROM documents WHERE url IS NOT NULL").fetchall()
    for start in range(0, len(rows), 1000):
        db.cursor().executemany(update, [(document_key(url), key) for key, url in rows[start : start + 1000]])
    _run(db, INDEX)
