"""A store with keys for many writers, and the settings of a service over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.model.actors import KeyRole
from service.storage.migrations import migrate
from service.use_cases.api_keys import create_key
from tests.processes import Service, running_service
from tests.survival.client import Client
from tests.survival.load import LISTS, opened
from tests.survival.writers import furnish

WRITERS = 16


@dataclass(frozen=True)
class Place:
    """A database without claims, the keys of those who may write to it, and the settings of a service over it."""

    url: str
    keys: Sequence[str]
    environment: dict[str, str]


def make_place(url: str, writers: int = WRITERS, **environment: str) -> Place:
    """Prepare a database that is empty or has the schema."""
    with opened(url) as store:
        migrate(store.database)
        keys = [create_key(store, f"Writer {n}", KeyRole.EDITOR, None, "tests")[1] for n in range(writers)]
    settings = {"DATABASE_URL": url, "WEB_CONCURRENCY": "2", "SEED_ON_START": "false", "LOG_LEVEL": "WARNING"}
    return Place(url, keys, settings | environment)


@contextmanager
def served(
    place: Place, folder: Path, *, patient: bool = False, writers: int = 0, timeout: float = 10, **more: Any
) -> Iterator[tuple[Service, Client]]:
    """Yield a service over that place, with something to write about, and a client of it."""
    environment = place.environment | {"DATABASE_TIMEOUT": str(timeout)}
    with (
        running_service(folder, environment, **more) as service,
        Client(service.url, place.keys[0], patient=patient) as client,
    ):
        furnish(client, writers)
        yield service, client


def assert_reads_go_on(client: Client) -> None:
    """Every list is there, in every thread of the service that may answer."""
    for path in [*LISTS, "/v1/events", "/readyz"] * 4:
        client.read(path)


@pytest.fixture
def place(schema: None, database_url: str) -> Place:
    """Such a database, on either engine."""
    return make_place(database_url)
