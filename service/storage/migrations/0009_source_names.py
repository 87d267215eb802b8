"""The names and houses that sources are found by, those that are said to be distinct, and the sites of reviews.

The site of a review is that of its address, not that of its publisher, who may publish on the sites of others.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import peewee

from service.identity.names import folded_names, near_keys
from service.identity.parties import house_of
from service.model.site_names import site_of

WORDS = importlib.import_module("service.storage.migrations.0001_initial").WORDS
_run = importlib.import_module("service.storage.migrations.0002_writing")._run

ADDED = """
ALTER TABLE sources ADD COLUMN house TEXT;
CREATE INDEX source_house ON sources (house);
CREATE TABLE source_names (
    source_id BIGINT NOT NULL REFERENCES sources ON DELETE CASCADE,
    folded {ordered_text} NOT NULL,
    PRIMARY KEY (source_id, folded)
){without_rowid};
CREATE INDEX sourcename_folded_source_id ON source_names (folded, source_id);
CREATE TABLE source_near_keys (
    source_id BIGINT NOT NULL REFERENCES sources ON DELETE CASCADE,
    near {ordered_text} NOT NULL,
    PRIMARY KEY (source_id, near)
){without_rowid};
CREATE INDEX sourcenearkey_near_source_id ON source_near_keys (near, source_id);
CREATE TABLE source_distinctions (
    source_id BIGINT NOT NULL REFERENCES sources ON DELETE CASCADE,
    other {ordered_text} NOT NULL,
    PRIMARY KEY (source_id, other)
){without_rowid};
CREATE INDEX sourcedistinction_other ON source_distinctions (other)
"""


def up(migrator: Any, db: peewee.Database) -> None:
    """Add the tables, fill in the names and houses of all sources, and correct the sites of reviews."""
    engine = "sqlite" if isinstance(db, peewee.SqliteDatabase) else "postgresql"
    _run(db, ADDED.format(**WORDS[engine]))
    mark = "?" if engine == "sqlite" else "%s"
    insert = "INSERT INTO {} VALUES (?, ?)".replace("?", mark)
    for key, names in _names(db):
        for table, derived in (("source_names", folded_names(names)), ("source_near_keys", near_keys(names))):
            for value in derived:
                db.execute_sql(insert.format(table), (key, value))
    update = "UPDATE sources SET house = ? WHERE id = ?".replace("?", mark)
    for key, name, url in db.execute_sql("SELECT id, name, url FROM sources WHERE url IS NOT NULL").fetchall():
        db.execute_sql(update, (house_of(name, url), key))
    update = "UPDATE verdicts SET site = ? WHERE id = ?".replace("?", mark)
    for key, url, site in db.execute_sql("SELECT id, url, site FROM verdicts WHERE url IS NOT NULL").fetchall():
        if site_of(url) not in (None, site):
            db.execute_sql(update, (site_of(url), key))


def _names(db: peewee.Database) -> Iterator[tuple[int, list[str]]]:
    """Yield the keys of all sources, each with its name and aliases."""
    names: dict[int, list[str]] = {}
    for key, name in db.execute_sql("SELECT id, name FROM sources ORDER BY id").fetchall():
        names[key] = [name]
    for key, alias in db.execute_sql("SELECT source_id, name FROM source_aliases ORDER BY source_id, name").fetchall():
        names[key].append(alias)
    yield from names.items()
