"""Tamper with the database directly, past the triggers, the constraints and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import orjson
from peewee import SqliteDatabase

from claim_verification.proofs.merkle import Frontier
from service.eventlog.events import Event, hash_of
from service.storage.database import Database
from service.store import Store
from tests.settings import make_settings

GUARDED = ("events", "event_nodes", "event_subjects")


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Yield the store at this URL, for the time of the block; SQLite without its constraints."""
    database = Database(make_settings(url))
    if isinstance(database.peewee, SqliteDatabase):
        database.peewee.pragma("foreign_keys", 0, permanent=True)
        database.peewee.pragma("ignore_check_constraints", 1, permanent=True)
    try:
        yield Store(database)
    finally:
        if isinstance(database.peewee, SqliteDatabase):
            # All of it into the one file, to be copied.
            database.row("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()


def unguard(store: Store) -> None:
    """Take away what keeps the tables from being changed into anything."""
    database = store.database
    if isinstance(database.peewee, SqliteDatabase):
        for table in GUARDED:
            for what in ("update", "delete"):
                database.run(f"DROP TRIGGER {table}_no_{what}")
        return
    for table in GUARDED:
        database.run(f"DROP TRIGGER {table}_append_only ON {table}")
    for table, name in database.rows(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c') AND conrelid <> 0 "
        "AND connamespace = 'public'::regnamespace"
    ):
        database.run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def rewrite(store: Store, seq: int, change: Callable[[Event], Event]) -> None:
    """Change event ``seq``, and hash it and all that follow anew, with the tree: another log, but a whole one."""
    database = store.database
    events = list(store.events.all_events())
    previous = events[seq - 2].hash if seq > 1 else None
    tree, nodes = Frontier(), []
    for old in events:
        event = old
        if event.seq >= seq:
            event = replace(change(event) if event.seq == seq else event, previous=previous)
            event = replace(event, hash=hash_of(event))
            database.run(
                "UPDATE events SET actor = ?, about = ?, payload = ?, previous = ?, hash = ? WHERE seq = ?",
                (event.actor, orjson.dumps(event.about).decode(), event.payload, previous, event.hash, event.seq),
            )
            previous = event.hash
        nodes += [(level, index, node.hex()) for level, index, node in tree.append(bytes.fromhex(event.hash)) if level]
    database.run("DELETE FROM event_nodes")
    database.run_many("INSERT INTO event_nodes (level, position, hash) VALUES (?, ?, ?)", nodes)


def delete_event(store: Store, seq: int) -> None:
    """Take an event out, and all that points at it."""
    for table in ("event_subjects", "events"):
        store.database.run(f"DELETE FROM {table} WHERE seq = ?", (seq,))  # noqa: S608


def delete_last(store: Store) -> None:
    """Drop the last event, with the nodes of the tree that it completed."""
    size = store.events.log_end()[0]
    delete_event(store, size)
    for level in range(1, size.bit_length() + 1):
        if size % (1 << level) == 0:
            node = (level, (size >> level) - 1)
            store.database.run("DELETE FROM event_nodes WHERE level = ? AND position = ?", node)


def swap(store: Store, one: int, other: int) -> None:
    """Let two events change places, with what they are filed under."""
    for table in ("events", "event_subjects"):
        for old, new in ((one, -1), (other, one), (-1, other)):
            store.database.run(f"UPDATE {table} SET seq = ? WHERE seq = ?", (new, old))  # noqa: S608


def columns(store: Store, table: str) -> list[tuple[str, str]]:
    """Return the columns of a table with their types, in lower case."""
    database = store.database
    if database.engine == "sqlite":
        return [(row[1], row[2].lower()) for row in database.rows(f"PRAGMA table_info({table})")]
    sql_text = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? ORDER BY 1"
    return [(row[0], row[1].lower()) for row in database.rows(sql_text, (table,))]
