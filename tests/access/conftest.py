"""A world a test, or one that many tests share because they change nothing in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.api import build_app
from service.config import Settings
from service.db import Database
from service.migrations import migrate
from service.store import Store
from tests.access.everything import fill
from tests.access.world import World, make_world
from tests.application import application
from tests.conftest import make_settings
from tests.processes import Service, running_service
from tests.servers import fresh_database


@pytest.fixture
def world(store: Store, settings: Settings) -> World:
    """An application over a store of its own, on either engine."""
    return make_world(application(store, settings), store)


@pytest.fixture(scope="session")
def still_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all tests of what is refused, on SQLite: the refusal is the same over any store."""
    settings = make_settings(f"sqlite:///{tmp_path_factory.mktemp('still') / 'claims.db'}")
    database = Database(settings)
    migrate(database)
    still = Store(database)
    yield make_world(build_app(still, settings), still)
    database.close()


@pytest.fixture
def served(world: World, database_url: str, tmp_path: Path) -> Iterator[Service]:
    """The world's store behind a server of two processes."""
    environment = {"DATABASE_URL": database_url, "WEB_CONCURRENCY": "2", "SEED_ON_START": "false"}
    with running_service(tmp_path, environment) as service:
        yield service


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a store with everything in it, whose database lets anything be done to it. To be copied."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('original') / 'claims.db'}"
        fill(url)
        yield url
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        fill(url)
        yield url
