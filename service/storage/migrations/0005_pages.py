"""Pages of ClaimReview markup, and the site and time of publication of each review, for lists of a site's reviews."""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import orjson
import peewee

from service.model.site_names import site_of
from service.model.timestamps import to_us

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
ALTER TABLE verdicts ADD COLUMN site TEXT;
ALTER TABLE verdicts ADD COLUMN reviewed_us BIGINT;
CREATE INDEX verdict_of_site ON verdicts (site, reviewed_us, public_id)
    WHERE state = 'published' AND superseded_by_id IS NULL;
CREATE TABLE pages (
    id {key},
    public_id {ordered_text} NOT NULL,
    url TEXT NOT NULL,
    site TEXT NOT NULL,
    content TEXT NOT NULL,
    verdicts TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    updated_us BIGINT NOT NULL,
    withdrawn_us BIGINT,
    withdrawn_by TEXT,
    withdrawn_reason TEXT
);
CREATE UNIQUE INDEX page_public_id ON pages (public_id);
CREATE UNIQUE INDEX page_url ON pages (url) WHERE withdrawn_us IS NULL;
CREATE INDEX page_site_id ON pages (site, id)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Change the tables, and fill in the site and time of publication of each verdict."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    update = "UPDATE verdicts SET site = ?, reviewed_us = ? WHERE id = ?"
    for key, url, review, state_us in db.execute_sql("SELECT id, url, review, state_us FROM verdicts").fetchall():
        said = {} if review is None else orjson.loads(review)
        site = said.get("site") or site_of(url)
        mark = "?" if engine == "sqlite" else "%s"
        db.execute_sql(update.replace("?", mark), (site, _reviewed_us(said.get("reviewed_at"), state_us), key))


def _reviewed_us(said: str | None, state_us: int) -> int:
    """Return the date of publication that a review states, or else the time it was published here."""
    if not said:
        return state_us
    moment = dt.datetime.fromisoformat(said)
    return to_us(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))
