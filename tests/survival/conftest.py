"""A store with keys for many writers, and the settings of a service over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from service.actors import KeyRole
from service.keys import create_key
from service.migrations import migrate
from tests.survival.load import opened

WRITERS = 16


@dataclass(frozen=True)
class Place:
    """A database without claims, the keys of those who may write to it, and the settings of a service over it."""

    url: str
    keys: Sequence[str]
    environment: dict[str, str]


def make_place(url: str, writers: int = WRITERS, **environment: str) -> Place:
    """Prepare an empty database."""
    with opened(url) as store:
        migrate(store.database)
        keys = [create_key(store, f"Writer {n}", KeyRole.EDITOR, None, "tests")[1] for n in range(writers)]
    settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": "2", "SEED_ON_START": "false", "LOG_LEVEL": "WARNING"}
    return Place(url, keys, settings | environment)


@pytest.fixture
def place(database_url: str) -> Place:
    """Such a database, on either engine."""
    return make_place(database_url)
