"""The local store, opened as the settings say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.cli.local.recounts import finish_recounts
from service.config import load_settings
from service.storage.database import Database
from service.storage.migrations import check_schema
from service.store import Store


@contextmanager
def open_database() -> Iterator[Database]:
    """Open the database of the settings."""
    database = Database(load_settings())
    try:
        yield database
    finally:
        database.close()


@contextmanager
def open_store() -> Iterator[Store]:
    """Open the store of the settings, after a check of its schema version; do the recounts that are queued in it."""
    with open_database() as database:
        check_schema(database)
        store = Store(database)
        yield store
        if store.recounts.added:
            finish_recounts(store)
