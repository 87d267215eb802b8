"""Fixtures of the tests of taking in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.migrations import migrate
from service.store import Store
from tests.servers import fresh_database
from tests.settings import make_settings


@pytest.fixture
def empty(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Store]]:
    """Makes a store of the same kind with nothing in it."""

    @contextmanager
    def make() -> Iterator[Store]:
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path / 'other.db'}"
            (tmp_path / "other.db").unlink(missing_ok=True)
            yield from _opened(url)
            return
        with fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield from _opened(url)

    return make


def _opened(url: str) -> Iterator[Store]:
    database = Database(make_settings(url))
    migrate(database)
    yield Store(database)
    database.close()
