"""Titles, bylines and dates of verdicts in columns, for those published here and elsewhere, and the key of their page.

Until now only a review published elsewhere had them, in the JSON of ``review``.
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
ALTER TABLE verdicts ADD COLUMN page_key {ordered_text}
"""
INDEXES = """
DROP INDEX verdict_url;
CREATE INDEX verdict_page_key ON verdicts (page_key)
"""
STATED = ("title", "author", "reviewed_at")
BATCH = 1000


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the columns, and fill them in, a bounded number of rows at a time."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    mark = "?" if engine == "sqlite" else "%s"
    update = "UPDATE verdicts SET page_key = ?, title = ?, author = ?, reviewed_at = ?, review = ? WHERE id = ?"
    for rows in _batches(db, mark):
        values = [(document_key(url), *_moved(review), key) for key, url, review in rows]
        db.cursor().executemany(update.replace("?", mark), values)
    _run(db, INDEXES)


def _batches(db: peewee.Database, mark: str) -> Iterator[list[tuple[int, str | None, str | None]]]:
    """Yield the keys of verdicts that have an address or a review, with these."""
    select = "SELECT id, url, review FROM verdicts WHERE id > ? AND (url IS NOT NULL OR review IS NOT NULL) "
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
